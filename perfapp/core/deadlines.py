"""Due dates of stages, when they are reminded of, and who hears of it when nothing happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar

P = Permission
LONGEST = 60
"""The most working days that may lie between two stages, or before a reminder."""


@dataclass(frozen=True, slots=True)
class Reminding:
    """When a cycle's people are reminded, in working days; `escalate_after` None reports nothing to superiors."""

    before: int = 3
    escalate_after: int | None = 3


LADDER: Mapping[str, tuple[tuple[Permission, ...], ...]] = {
    "draft": ((P.REVIEW,), (P.REVIEW_REPORT, P.MERGE), (P.ISSUE,)),
    "review": ((P.REVIEW_REPORT, P.MERGE), (P.ISSUE,)),
    "check": ((P.MERGE,), (P.REVIEW_REPORT,), (P.ISSUE,)),
    "merge": ((P.REVIEW_REPORT,), (P.ISSUE,)),
    "joint": ((P.ISSUE,),),
    "issue": (),
    "deliver": ((P.REVIEW_REPORT,), (P.ISSUE,)),
}
"""Who stands above whoever holds a stage, rung by rung: 经办人 → 科室负责人 → 分管领导、统稿人 → 主要领导."""

AT_OFFICE = frozenset({P.REVIEW})
"""Of these only the holders at the section's own office stand above its writers."""


def resolve(days: Mapping[str, date], after: Mapping[str, int], calendar: Calendar) -> dict[str, date]:
    """Each stage's day: as given, or so many working days after the stage before it."""
    due: dict[str, date] = {}
    previous: str | None = None
    for stage, name in STAGES.items():
        if stage in days and stage in after:
            raise Invalid(f"“{name}”的日期和工作日数只填一个。", field=f"{stage}_after")
        if stage in after:
            if previous is None:
                raise Invalid(f"“{name}”按工作日推算，须先填前面阶段的日期。", field=f"{stage}_after")
            due[stage] = calendar.after(due[previous], after[stage])
        elif stage in days:
            due[stage] = days[stage]
        else:
            continue
        if previous is not None and due[stage] < due[previous]:
            raise Invalid(f"“{name}”的截止日期早于“{STAGES[previous]}”，请调整。", field=stage)
        previous = stage
    return due


def is_to_remind(calendar: Calendar, today: date, due_on: date, reminding: Reminding) -> bool:
    """From so many working days before the day on, at it, and every working day after it."""
    return calendar.is_working(today) and calendar.between(today, due_on) <= reminding.before


def rung(calendar: Calendar, today: date, due_on: date, reminding: Reminding) -> int:
    """How many rungs up a late thing has come: one for every `escalate_after` working days; 0 is nobody above."""
    if reminding.escalate_after is None or today <= due_on:
        return 0
    return calendar.between(due_on, today) // reminding.escalate_after


def spoken_working_days(calendar: Calendar, today: date, due_on: date) -> str:
    """还有 3 个工作日, 今天截止, 已逾期 2 个工作日."""
    left = calendar.between(today, due_on)
    if due_on == today:
        return "今天截止"
    if due_on < today:
        return f"已逾期 {-left} 个工作日" if left else "已过期，尚未满 1 个工作日"
    return f"还有 {left} 个工作日" if left else "截止前没有工作日了"
