"""Everything the page of one report shows, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from markupsafe import Markup

from perfapp import clock
from perfapp.blueprints import chips, joint_words, markup
from perfapp.blueprints.joint_words import JointBox
from perfapp.blueprints.remarks.of_report import ReportRemarks
from perfapp.blueprints.remarks.of_report import of_report as remarks_of
from perfapp.blueprints.review import acts, marks, story, unsettled
from perfapp.blueprints.review.acts import Act
from perfapp.blueprints.review.unsettled import Unsettled
from perfapp.blueprints.standing_words import term_tone, until
from perfapp.core import turns
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportAction, ReportFacts, ReportState
from perfapp.core.section_flow import SectionState
from perfapp.core.snapshot import Snapshot
from perfapp.core.words import ROLE_OF
from perfapp.data import approvals, calendars, cycles, deliveries, events, evidence, reports, sections
from perfapp.data.archives import ArchiveView
from perfapp.data.cycles import CycleView
from perfapp.data.deliveries import CommentView, DeliveryView
from perfapp.data.people import UnitView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import (
    at_stake,
    compiling,
    countersigning,
    delegating,
    disclosing,
    downloads,
    duties,
    findings,
    highlights,
    looking,
    papers,
    report_facts,
    reuse,
    sheets,
    telling,
)
from perfapp.services.at_stake import Stake
from perfapp.services.downloads import PackageFile, Standing
from perfapp.services.duties import DisclosureStanding
from perfapp.services.findings import CycleCheck
from perfapp.services.looking import Changes
from perfapp.services.reuse import Copied

S = ReportState
_RESTING: Mapping[ReportState, str] = {
    S.SEALING: "正在盖章，盖好后会自动显示。",
    S.SEALED: "已盖章，等待报送。",
    S.DELIVERED: "已报送。",
    S.VOIDED: "这一版已作废，不再有效。",
}


@dataclass(frozen=True, slots=True)
class Text:
    """The report as it is read: the cover's lines, the body, and the places in it."""

    snapshot: Snapshot
    body: Markup
    places: tuple[tuple[str, str, int], ...]  # anchor, heading, level
    cards_url: str  # empty where the person may not read figures


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sections are, before merging."""

    done: int
    total: int
    waiting: tuple[SectionView, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person had filled in when he was refused; the page gives it back."""

    form: str = ""
    refusal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    section_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ReportPage:
    report: ReportView
    cycle: CycleView
    seen_sha256: str
    sentence: str
    primary: Act | None
    others: tuple[Act, ...]
    holder: str
    until: str
    until_tone: str | None
    stages: list[tuple[str, str, str | None]]
    joint: JointBox | None
    stake: Stake  # what a changed word would undo of the report's own decisions
    stakes: dict[int, Stake]  # and of each section's
    marks: dict[int, tuple[str, ...]]  # what the reader had to do with each section
    since_agreed: tuple[SectionView, ...] | None  # what has changed since the reader last agreed; None if he never did
    progress: Progress | None
    compile_job: Standing | None
    annex_job: Standing | None  # while the annexes are not there although the report's own files are
    may_make_annexes: bool
    preview_job: Standing | None
    may_retry: bool
    may_preview: bool
    may_sign_on_paper: bool
    countersign: countersigning.Asking | None
    may_ask_superior: bool
    text: Text | None
    changes: Changes | None
    remarks: ReportRemarks | None
    decisions: list[story.Decided]
    events: list[dict[str, object]]
    editions: tuple[ReportView, ...]
    replaced: ReportView | None
    successor: ReportView | None
    delivery: DeliveryView | None
    bureau: UnitView | None  # where it can be delivered online
    comments: list[CommentView]
    disclosure: DisclosureStanding | None
    may_disclose: bool
    reads_disclosure: bool
    evidence_count: int
    renewed: ArchiveView | None  # the sealed PDF with a later archive time stamp
    has_detached: bool  # a GB/T 38540 signature lies beside the sealed PDF
    package: list[PackageFile]
    highlights: list[dict[str, str | None]]
    copied: tuple[Copied, ...]  # what repeats earlier texts
    unsettled: Unsettled | None
    returnable: tuple[SectionView, ...]
    may_choose_direct: bool
    today: date

    @property
    def act_forms(self) -> frozenset[str]:
        """The forms that the page must hold."""
        return frozenset(act.how for act in (self.primary, *self.others) if act is not None)


def read(actor: Actor, report_id: int, preview_id: int | None = None) -> ReportPage:
    """The page as this person sees it; NotFound where he may not."""
    report = reports.visible(actor, report_id)
    cycle = cycles.get(report.cycle_id)
    known = report_facts.facts(report)
    primary, others, ask = acts.offered(known, delegating.capacities(actor))
    holder = _holder(report, known)
    until, until_tone = _until(cycle, turns.report_stage(known))
    compile_job = _compile_job(report)
    readable = looking.may_read(actor, report)
    frozen = looking.shown(report) if readable else None
    outline, decided = sections.outline(report.cycle_id), approvals.of_report(report.id)
    editions = tuple(one for one in reports.readable(actor) if one.cycle_id == report.cycle_id)
    by_id = {one.id: one for one in editions}
    successor = next((one for one in editions if one.replaces_id == report.id), None)
    delivery = deliveries.of_report(report.id) if report.is_sealed else None
    copied = reuse.copied(outline) if looking.is_followed(report) and actor.may(Permission.READ_DRAFTS) else ()
    reads_figures = readable and looking.is_followed(report) and actor.may(Permission.READ_FIGURES)
    examined = findings.of_cycle(cycle, outline, with_scores=True) if reads_figures else None
    changes = looking.since_last_look(actor, report) if readable and looking.is_followed(report) else None
    remarks = remarks_of(actor, report, outline, frozen) if frozen and looking.is_followed(report) else None
    return ReportPage(
        report=report,
        cycle=cycle,
        seen_sha256=looking.shown_sha256(report, frozen) if readable else "",
        sentence=_delivered(delivery, successor)
        if delivery and report.state is S.DELIVERED
        else _sentence(report, known, ask, holder, compile_job),
        primary=primary,
        others=others,
        holder=holder,
        until=until,
        until_tone=until_tone,
        stages=story.stages(report),
        joint=joint_words.of_report(report, known, actor),
        stake=at_stake.of_report(report, decided),
        stakes=at_stake.of_sections(report.cycle_id, outline),
        marks=marks.of_sections(actor, remarks, changes),
        since_agreed=_since_agreed(actor, report, outline),
        progress=_progress(outline) if report.state is S.DRAFTING else None,
        compile_job=compile_job,
        annex_job=_annex_job(report),
        may_make_annexes=not compiling.remaking_bar(actor),
        preview_job=downloads.follow(actor, preview_id) if preview_id else None,
        may_retry=any(act.action == ReportAction.COMPILE for act in others),
        may_preview=actor.may(Permission.READ_DRAFTS) and looking.is_followed(report),
        may_sign_on_paper=papers.may_take_part(actor, report),
        countersign=countersigning.asking(actor, report.id) if report.is_sealed else None,
        may_ask_superior=actor.may(Permission.REQUEST_SEAL) and report.state is S.SEALED,
        text=_text(actor, report, cycle, frozen) if frozen else None,
        changes=changes,
        remarks=remarks,
        decisions=story.decisions(report, decided),
        events=story.time_line(events.of_report(report.id)),
        editions=editions,
        replaced=by_id.get(report.replaces_id or 0),
        successor=successor,
        delivery=delivery,
        bureau=deliveries.bureau_of(report.unit_id) if report.state is S.SEALED else None,
        comments=deliveries.comments(report.id) if report.is_sealed else [],
        disclosure=duties.disclosure_of(report) if report.is_sealed else None,
        may_disclose=report.is_sealed and disclosing.may_begin(actor, report),
        reads_disclosure=actor.may(Permission.READ_REPORT),
        evidence_count=sum(evidence.counts(report.cycle_id).values()) if actor.may(Permission.READ_DRAFTS) else 0,
        renewed=downloads.renewed(report),
        has_detached=downloads.has_detached(report),
        highlights=_highlights(examined) if examined else [],
        copied=copied,
        unsettled=unsettled.of_report(actor, (primary, *others), outline, copied, examined),
        package=downloads.package(report) if report.is_compiled or report.is_sealed else [],
        returnable=tuple(s for s in outline if s.has_text and s.state is SectionState.ACCEPTED),
        may_choose_direct=report.state is not S.MERGING and _holds_the_post(known, primary, others, actor),
        today=clock.today(),
    )


def _since_agreed(actor: Actor, report: ReportView, outline: tuple[SectionView, ...]) -> tuple[SectionView, ...] | None:
    """The sections that are not as they were when the reader last agreed; his word covered those alone."""
    if not looking.is_followed(report):
        return None
    present = {s.id: s.content_sha256 for s in outline if s.has_text and s.state is not SectionState.NOT_STARTED}
    changed = at_stake.changed_since(report, actor.id, present)
    return None if changed is None else tuple(section for section in outline if section.id in changed)


def _holds_the_post(facts: ReportFacts, primary: Act | None, others: tuple[Act, ...], actor: Actor) -> bool:
    """直达 is for whoever would return the report by his own post."""
    returning = next((act for act in (primary, *others) if act and act.action == ReportAction.RETURN), None)
    brought = any(joint.asks(actor.id) for joint in facts.joints.values())
    return returning is not None and returning.principal is None and not brought


def _sentence(report: ReportView, facts: ReportFacts, ask: str, holder: str, compile_job: Standing | None) -> str:
    """What to do now; for whoever has nothing to do, whom it waits for."""
    if compile_job is not None:
        return "文件没有生成，请看原因。" if compile_job.state == "failed" else "正在生成报告文件，可以离开这一页。"
    if turns.waits_for_sections(facts):
        return "各科室正在编写，采纳齐了就可以合稿。"
    if report.state is S.SEALED and (missing := countersigning.missing(report.id)):
        return missing
    if ask:
        return ask
    awaited = report_facts.awaited_by_seal(report)
    if awaited:
        return f"{awaited}系统会自动再试，恢复后自动盖好。"
    return _RESTING.get(report.state) or (f"现在由{holder}办理，您不需要办理。" if holder else "")


def _delivered(delivery: DeliveryView, successor: ReportView | None) -> str:
    """Whom a delivered edition waits for."""
    if delivery.is_returned:
        return "财政部门已退回" + (f"，由{successor.edition_name}接替，请在新版里办理。" if successor else "。")
    if delivery.awaits_receipt:
        return f"已在线报送，等{delivery.recipient}签收。"
    if delivery.awaits_verdict:
        return f"{delivery.recipient}已签收，正在审核。"
    return "财政部门已审核通过。" if delivery.verdict else "已报送。"


def _highlights(examined: CycleCheck) -> list[dict[str, str | None]]:
    """The numbers that matter, each with the page that tells more."""
    cycle = examined.cycle
    pages = {
        "checkup": url_for("findings.checkup", cycle_id=cycle.id),
        "charts": url_for("charts.index", cycle=cycle.id),
        "reuse": url_for("reuse.cycle", cycle_id=cycle.id),
        "scores": url_for("scoring.index", cycle=cycle.id),
        "measures": url_for("measures.index"),
    }
    return [
        {"name": one.name, "value": one.value, "unit": one.unit, "note": one.note, "tone": one.tone}
        | {"url": pages[one.about]}
        for one in highlights.of_cycle(examined)
    ]


def _holder(report: ReportView, facts: ReportFacts) -> str:
    """Who is awaited, with telephone; the role where nobody holds it."""
    superior = countersigning.awaited(report.id) if report.state is S.SEALED else ""
    if superior:
        return superior
    turn = telling.report_turn(report, facts)
    if report.state is S.VOIDED or not turn or turns.waits_for_sections(facts):
        return ""
    permission, persons = turn[0]
    return "、".join(str(person) for person in persons[:3]) or ROLE_OF[permission]


def _until(cycle: CycleView, stage: str | None) -> tuple[str, str | None]:
    left = cycle.term(stage, calendars.of_unit(cycle.unit_id), clock.today())
    return until(left), term_tone(left)


def _progress(outline: tuple[SectionView, ...]) -> Progress:
    counted = [s for s in outline if s.has_text and (s.is_required or s.state is not SectionState.NOT_STARTED)]
    waiting = tuple(s for s in counted if s.state is not SectionState.ACCEPTED)
    return Progress(len(counted) - len(waiting), len(counted), waiting)


def _compile_job(report: ReportView) -> Standing | None:
    """The making of the files while it is under way or has failed."""
    if report.state is not S.MERGING or report.is_compiled:
        return None
    job = compiling.job_of(report)
    return downloads.standing(job) if job else None


def _annex_job(report: ReportView) -> Standing | None:
    job = compiling.annex_job_of(report)
    return downloads.standing(job) if job else None


def _text(actor: Actor, report: ReportView, cycle: CycleView, snapshot: Snapshot) -> Text | None:
    if not snapshot.sections:
        return None
    chip = chips.chips(cycle.id, sheets.sheet(cycle)) if actor.may(Permission.READ_FIGURES) else None
    body = markup.of_snapshot(
        snapshot, lambda sha256: url_for("documents.picture", report_id=report.id, sha256=sha256), chip
    )
    places = tuple((f"section-{s.key}", s.label + s.title, s.level) for s in snapshot.sections)
    return Text(snapshot, body, places, chips.cards_url(cycle.id) if chip else "")
