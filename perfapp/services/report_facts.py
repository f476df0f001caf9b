"""What the rules need to know of a report, read from the store when a rule asks for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from perfapp.core.joint import Joint, Mode
from perfapp.core.lazily import Conditions, Later, Sentences
from perfapp.core.report_flow import Is, ReportAction, ReportFacts, ReportState, SealPolicy
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, cycles, deliveries, disputes, jobs, papers, people, reports, seal_uses, sections
from perfapp.data.approvals import WAIVED, ApprovalView
from perfapp.data.deliveries import DeliveryView
from perfapp.data.disputes import DisputeView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import countersigning, findings, joints, seal_watch, unconfirmed

SEAL = "seal"


def facts(report: ReportView, *, named: bool = False, outline: Sequence[SectionView] | None = None) -> ReportFacts:
    """What the rules need to know of the report.

    `named` says that sections to return have been named; `outline` saves reading it again.
    """
    reading = _Reading(report, outline)
    tests: dict[str, Callable[[], bool]] = {
        Is.ALL_ACCEPTED: lambda: not reading.unfinished,
        Is.COMPILED: lambda: report.is_compiled,
        Is.REVIEWERS_LEFT: lambda: not reading.joints[ReportAction.ENDORSE].is_enough(),
        Is.NO_REVIEWERS_LEFT: lambda: reading.joints[ReportAction.ENDORSE].is_enough(),
        Is.DIRECT: lambda: report.direct_to is not None,
        Is.NOT_DIRECT: lambda: report.direct_to is None,
        Is.BY_LEADER: lambda: reading.policy is SealPolicy.LEADER,
        Is.BY_KEEPER: lambda: reading.policy is SealPolicy.KEEPER,
        Is.SEAL_READY: lambda: not reading.no_seal,
        Is.SEAL_FAILED: lambda: has_seal_failed(report),
        Is.PAPER_READY: lambda: papers.is_ready(report.id, report.pdf_sha256),
        Is.SEAL_STUCK: lambda: has_seal_failed(report) or bool(awaited_by_seal(report)),
        Is.DECISIONS_STAND: lambda: not missing_decisions(report, reading.outline),
        Is.SECTIONS_NAMED: lambda: named,
        Is.NO_BLOCKING: lambda: not reading.stop,
        Is.FIGURES_CONFIRMED: lambda: not reading.unconfirmed,
        Is.COUNTERSIGNED: lambda: not reading.uncountersigned,
        Is.NO_SUCCESSOR: lambda: reports.successor(report.id) is None,
        Is.NO_OPEN_DISPUTE: lambda: not reading.disputed,
        Is.UNRECEIVED: lambda: reading.delivery is not None and reading.delivery.awaits_receipt,
        Is.UNDECIDED: lambda: reading.delivery is not None and reading.delivery.awaits_verdict,
    }
    return ReportFacts(
        state=report.state,
        version=report.version,
        direct_to=report.direct_to,
        author_ids=Later(lambda: reading.author_ids),
        approver_ids=Later(lambda: frozenset(i for a in reading.decisions for i in (a.person_id, a.seat_id))),
        joints=reading.joints,
        last_actor_id=report.last_actor_id,
        conditions=Conditions(tests),
        sentences=Sentences(
            {
                Is.ALL_ACCEPTED: lambda: _unfinished_sentence(reading.unfinished),
                Is.NO_BLOCKING: lambda: reading.stop,
                Is.SEAL_READY: lambda: reading.no_seal,
                Is.COUNTERSIGNED: lambda: reading.uncountersigned,
                Is.NO_OPEN_DISPUTE: lambda: _disputed_sentence(reading.disputed),
                Is.FIGURES_CONFIRMED: lambda: _unconfirmed_sentence(reading.unconfirmed),
            }
        ),
    )


class _Reading:
    """One report while its rules are asked: nothing is read twice, and only what is asked for."""

    def __init__(self, report: ReportView, outline: Sequence[SectionView] | None) -> None:
        self.report = report
        self._outline = outline

    @cached_property
    def outline(self) -> Sequence[SectionView]:
        return sections.outline(self.report.cycle_id) if self._outline is None else self._outline

    @cached_property
    def unfinished(self) -> list[SectionView]:
        return unfinished(self.outline)

    @cached_property
    def stop(self) -> str:
        """What the checks say against sending and sealing; '' when nothing."""
        return findings.blocking(cycles.get(self.report.cycle_id), tuple(self.outline))

    @cached_property
    def unconfirmed(self) -> tuple[str, ...]:
        return unconfirmed.names(cycles.get(self.report.cycle_id), self.outline)

    @cached_property
    def author_ids(self) -> frozenset[int]:
        return sections.author_ids([section.id for section in self.outline if section.has_text])

    @cached_property
    def decisions(self) -> list[ApprovalView]:
        return approvals.of_report(self.report.id)

    @cached_property
    def joints(self) -> Mapping[str, Joint]:
        return joints.of_report(self.report, lambda: self.author_ids, lambda: self.decisions)

    @cached_property
    def delivery(self) -> DeliveryView | None:
        return deliveries.of_report(self.report.id)

    @cached_property
    def disputed(self) -> list[DisputeView]:
        return disputes.undecided([self.report.cycle_id])

    @cached_property
    def policy(self) -> SealPolicy:
        return people.unit(self.report.unit_id).seal_policy

    @cached_property
    def uncountersigned(self) -> str:
        return countersigning.missing(self.report.id)

    @cached_property
    def no_seal(self) -> str:
        """Why the unit has no seal to press now; '' when it has."""
        return seal_watch.no_seal(self.report.unit_id)


def has_seal_failed(report: ReportView) -> bool:
    """The last try ended without a sealed file: refused and noted in the register, or its job broke down."""
    use = seal_uses.latest_use(report.id) if report.state is ReportState.SEALING else None
    if use is None or use.state != "intended":
        return use is not None and use.state == "failed"
    job = jobs.find(SEAL, f"use:{use.id}")
    return job is not None and job.state == "failed"


def awaited_by_seal(report: ReportView) -> str:
    """What sealing waits for, in words, while it is tried again and again by itself; '' when for nothing."""
    use = seal_uses.latest_use(report.id) if report.state is ReportState.SEALING else None
    job = jobs.find(SEAL, f"use:{use.id}") if use is not None and use.state == "intended" else None
    return job.error if job is not None and job.state != "failed" else ""


def unfinished(outline: Sequence[SectionView]) -> list[SectionView]:
    """The sections that still keep the report from being merged: required or begun, and not accepted."""
    return [
        section
        for section in outline
        if section.has_text
        and section.state is not SectionState.ACCEPTED
        and (section.is_required or section.state is not SectionState.NOT_STARTED)
    ]


def missing_decisions(report: ReportView, outline: Sequence[SectionView] | None = None) -> list[str]:
    """The required decisions that do not cover the present content, as words; empty when the seal may be pressed."""
    by_section = approvals.of_cycle_sections(report.cycle_id)
    around = sections.outline(report.cycle_id) if outline is None else outline
    missing = [
        f"{section.heading}：科室审核或财务核数"
        for section in around
        if section.has_text
        and section.state is not SectionState.NOT_STARTED
        and not _is_decided(section, by_section.get(section.id, []))
    ]
    own = approvals.of_report(report.id)
    standing = [a for a in own if a.stands_for(report.snapshot_sha256)]
    if not any(a.action == ReportAction.ISSUE.value for a in standing):
        missing.append("主要领导签发")
    if any(a.action == WAIVED for a in standing):
        return missing
    authors = sections.author_ids([section.id for section in around if section.has_text])
    return missing + _missing_reviews(report, own, authors)


def _missing_reviews(report: ReportView, own: Sequence[ApprovalView], authors: frozenset[int]) -> list[str]:
    """Of the joint review: everybody who agreed to an earlier content and is still asked, or so many as must."""
    joint = joints.of_report(report, lambda: authors, lambda: own)[ReportAction.ENDORSE]
    given = [a for a in own if a.action == ReportAction.ENDORSE.value]
    if joint.rule.mode is not Mode.ALL:
        return ["领导会审"] if given and not joint.is_enough() else []
    names = {a.seat_id: a.person_name for a in given}
    return [f"{name}会审" for seat, name in names.items() if seat in joint.in_turn - joint.agreed.keys()]


def _is_decided(section: SectionView, found: Sequence[ApprovalView]) -> bool:
    standing = {a.action for a in found if a.stands_for(section.content_sha256)}
    needed = {SectionAction.ENDORSE.value} | ({SectionAction.CHECK.value} if section.holds_money else set())
    return WAIVED in standing or needed <= standing


def _unconfirmed_sentence(names: Sequence[str]) -> str:
    listed = "、".join(names[:5]) + (f"等 {len(names)} 项" if len(names) > 5 else "")
    return f"正文和附表用到的数据还没有确认：{listed}。资金数据由财务确认，其他数据由归口科室负责人确认。"


def open_disputes(report: ReportView) -> str:
    """What contested figures say against sealing; '' when nothing."""
    found = disputes.undecided([report.cycle_id])
    return _disputed_sentence(found) if found else ""


def _disputed_sentence(found: Sequence[DisputeView]) -> str:
    names = "、".join(dict.fromkeys(f"“{dispute.fact_name}”" for dispute in found[:5]))
    more = f"等 {len(found)} 项" if len(found) > 5 else ""
    return f"{names}{more}有争议还没有裁定，裁定后才能用印。"


def _unfinished_sentence(outline: Sequence[SectionView]) -> str:
    names = "、".join(section.heading for section in outline[:5])
    more = f"等 {len(outline)} 节" if len(outline) > 5 else ""
    return f"还没有采纳：{names}{more}。全部采纳后才能合稿。"
