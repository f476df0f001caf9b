"""What a person has seen of a report, and what has changed since."""

from dataclasses import dataclass
from datetime import datetime

from perfapp.core.changed_figures import FigureChange
from perfapp.core.comparison import Pair, Part, part_of
from perfapp.core.content import Content
from perfapp.core.document import EMPTY, Document
from perfapp.core.errors import Conflict
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.section_flow import SectionState
from perfapp.core.snapshot import Snapshot
from perfapp.data import looks, reports, sections
from perfapp.data.reports import SIGNED_STATES, ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import freezing

STALE = "页面上的内容在您打开之后已有变动，请看过新的内容再办理。"


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section that is not as it was."""

    section: SectionView
    part: Part

    @property
    def figures(self) -> tuple[FigureChange, ...]:
        """What is new altogether changes no figure."""
        return () if self.part.is_new else self.part.figures


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since `at`; `at` is None when the person has never looked."""

    at: datetime | None
    sections: tuple[SectionChange, ...]
    gone: int  # sections that were there and are not any more

    @property
    def figures(self) -> tuple[tuple[SectionView, FigureChange], ...]:
        return tuple((change.section, figure) for change in self.sections for figure in change.figures)


def shown(report: ReportView) -> Snapshot:
    """What the report's page shows: the frozen content, or before merging the live one."""
    if report.state is ReportState.DRAFTING or report.snapshot_blob is None:
        return freezing.snapshot(report, report.dated_on)
    return freezing.load(report.snapshot_blob)


def shown_sha256(report: ReportView, frozen: Snapshot | None = None) -> str:
    """The digest of what the report's page shows; `frozen` saves making it again."""
    if report.state is ReportState.DRAFTING or report.snapshot_sha256 is None:
        return (frozen or shown(report)).sha256
    return report.snapshot_sha256


def demand_seen(report: ReportView, seen_sha256: str | None) -> None:
    """Conflict when the person's page showed other content than the present; None where there was no page."""
    if seen_sha256 is not None and seen_sha256 != shown_sha256(report):
        raise Conflict(STALE)


def may_read(actor: Actor, report: ReportView) -> bool:
    """Whether the actor may read the text of a report he can see: before merging it is everybody's draft."""
    return report.state is not ReportState.DRAFTING or actor.may(Permission.READ_DRAFTS)


def is_followed(report: ReportView) -> bool:
    """Whether changes are told: until the edition is sealed; what is sealed does not change."""
    return report.state not in SIGNED_STATES


def since_last_look(actor: Actor, report: ReportView) -> Changes:
    """What changed in the started sections since the actor last had them before his eyes."""
    look = looks.last(actor.id, report.cycle_id)
    present = _present(report.cycle_id)
    if look is None:
        return Changes(None, (), 0)
    moved = [section for section in present if look.seen.get(section.id) != section.content_sha256]
    texts = sections.contents([section.id for section in moved])
    changed = tuple(change(section, texts[section.id], look.seen.get(section.id)) for section in moved)
    gone = set(look.seen) - {section.id for section in present}
    return Changes(look.at, changed, len(gone))


def look(actor: Actor, report_id: int, seen_sha256: str) -> None:
    """Note that the actor has had the report's present content before his eyes."""
    report = reports.visible(actor, report_id)
    if not is_followed(report) or not may_read(actor, report):
        return
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        demand_seen(report, seen_sha256)
        remember(actor, report)


def remember(actor: Actor, report: ReportView) -> None:
    """The same, in the open transaction of a decision."""
    looks.remember(actor.id, report.cycle_id, present_digests(report.cycle_id))


def present_digests(cycle_id: int) -> dict[int, str]:
    """What each started section says now, as a digest: what a look, or a decision on the report, covers."""
    return {section.id: section.content_sha256 for section in _present(cycle_id)}


def _present(cycle_id: int) -> list[SectionView]:
    return [s for s in sections.outline(cycle_id) if s.has_text and s.state is not SectionState.NOT_STARTED]


def change(section: SectionView, now: Content, old_sha256: str | None) -> SectionChange:
    """The section's text `now` against what it said under the old digest; None where it was not there."""
    document = EMPTY if now.absent_reason is not None else now.document
    if old_sha256 is None:
        return _changed(section, None, document, _absent(now) or "新写的一节")
    before = sections.document_with_digest(section.id, old_sha256)
    if before is None:
        return _changed(section, document, document, "题目有变动")
    was_absent = Content(now.key, now.title, before).sha256 != old_sha256
    return _changed(section, EMPTY if was_absent else before, document, _absent(now))


def _changed(section: SectionView, old: Document | None, new: Document, note: str) -> SectionChange:
    pair = Pair(
        key=section.key,
        heading=section.heading,
        old_heading=None if old is None else section.heading,
        level=section.level,
        left=old,
        right=new,
        note=note,
    )
    return SectionChange(section, part_of(pair))


def _absent(now: Content) -> str:
    return f"填报为“不适用”：{now.absent_reason}" if now.absent_reason is not None else ""
