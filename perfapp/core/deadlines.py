"""Due dates of stages, when they are reminded of, and who hears of it when nothing happens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar

P = Permission
LONGEST = 60
"""The most working days that may lie between two stages, or before a reminder."""
GRACE = 3
"""Working days after a return in which its writer is not called late for a date that was there before it."""


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


@dataclass(frozen=True, slots=True)
class Term:
    """A due date seen from today: the days that are left, negative once it is late, and which days those are."""

    due_on: date
    today: date
    left: int
    days: str = "工作日"
    grace_until: date | None = None  # what was returned is not late up to this day

    @property
    def counts_from(self) -> date:
        """The day after which it is late, and from which superiors count."""
        return max(self.due_on, self.grace_until or self.due_on)

    @property
    def is_late(self) -> bool:
        """By the date: who is late on a Saturday has not yet missed a working day."""
        return self.counts_from < self.today

    @property
    def is_excused(self) -> bool:
        """Its date has passed, but it was returned only lately."""
        return self.due_on < self.today and not self.is_late

    @property
    def words(self) -> str:
        """还有 3 个工作日, 今天截止, 已逾期 2 个工作日."""
        if self.due_on == self.today:
            return "今天截止"
        if self.is_excused:
            return "原期限已过"
        if self.is_late:
            return f"已逾期 {-self.left} 个{self.days}" if self.left else f"已过期，尚未满 1 个{self.days}"
        return f"还有 {self.left} 个{self.days}" if self.left else f"截止前没有{self.days}了"


def term(calendar: Calendar, today: date, due_on: date) -> Term:
    """In working days, as everything is counted that the unit itself has set a date for."""
    return Term(due_on, today, calendar.between(today, due_on))


def after_return(calendar: Calendar, left: Term, returned_on: date) -> Term:
    """The same date for what was sent back that day: whoever gets work back is not late the minute he gets it."""
    return replace(left, grace_until=calendar.after(returned_on, GRACE))


def every_day(today: date, due_on: date) -> Term:
    """In days of the calendar, as a law counts where it does not say 工作日."""
    return Term(due_on, today, (due_on - today).days, "自然日")
