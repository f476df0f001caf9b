"""Whose approvals an edit would undo: told before it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from perfapp.core.words import REPORT_ACTIONS, SECTION_ACTIONS
from perfapp.data import approvals, reports
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView

_WORDS = (
    {action.value: words for action, words in SECTION_ACTIONS.items()},
    {action.value: words for action, words in REPORT_ACTIONS.items()},
)
_OTHERS = {WAIVED: "直达承担", CONSENTED: "加签同意"}


@dataclass(frozen=True, slots=True)
class Stake:
    """Standing decisions that cover a content: they end once it changes, and only then."""

    who: tuple[str, ...]  # 王某（审核通过）

    @property
    def count(self) -> int:
        return len(self.who)

    @property
    def names(self) -> str:
        shown = "、".join(self.who[:6])
        return f"{shown}等 {self.count} 项" if self.count > 6 else shown

    def __add__(self, other: "Stake") -> "Stake":
        return Stake(self.who + other.who)

    def __bool__(self) -> bool:
        return bool(self.who)


def of_section(section: SectionView, decisions: Sequence[ApprovalView] | None = None) -> Stake:
    """What a changed word in the section would undo there."""
    found = approvals.of_section(section.id) if decisions is None else decisions
    return _stake((one for one in found if one.stands_for(section.content_sha256)), of_report=False)


def of_sections(cycle_id: int, outline: Iterable[SectionView]) -> dict[int, Stake]:
    """The same for many, in one query; sections without are left out."""
    found = approvals.of_cycle_sections(cycle_id)
    stakes = {section.id: of_section(section, found.get(section.id, ())) for section in outline}
    return {section_id: stake for section_id, stake in stakes.items() if stake}


def of_report(report: ReportView, decisions: Sequence[ApprovalView] | None = None) -> Stake:
    """What any changed word would undo of the report's own decisions."""
    found = approvals.of_report(report.id) if decisions is None else decisions
    return _stake((one for one in found if one.stands_for(report.snapshot_sha256)), of_report=True)


def of_figure(cycle_id: int, shown_in: Iterable[SectionView]) -> Stake:
    """What would lapse if every text that shows the figure took a new number: nothing does before a text is changed."""
    stakes = of_sections(cycle_id, shown_in)
    return Stake(tuple(name for stake in stakes.values() for name in stake.who)) + of_report(reports.current(cycle_id))


def changed_since(report: ReportView, person_id: int, present: dict[int, str]) -> frozenset[int] | None:
    """The sections that differ from what the person last agreed to in this report; None where he never did."""
    mine = [one for one in approvals.of_report(report.id) if person_id == one.seat_id and one.covered]
    if not mine:
        return None
    covered = mine[-1].covered
    return frozenset(id_ for id_ in covered.keys() | present.keys() if covered.get(id_) != present.get(id_))


def _stake(standing: Iterable[ApprovalView], *, of_report: bool) -> Stake:
    words = _WORDS[of_report]
    said = (f"{one.person_name}（{words.get(one.action) or _OTHERS.get(one.action, '审批')}）" for one in standing)
    return Stake(tuple(dict.fromkeys(said)))
