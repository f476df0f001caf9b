"""What a finance bureau reads: delivered editions with their provenance. Never a draft, a remark or anything else.

Everything here starts from `deliveries.visible`: what was not delivered to the actor's own bureau is not there.
"""

import io
from dataclasses import dataclass
from datetime import datetime

from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW, ReportAction
from perfapp.core.snapshot import Snapshot
from perfapp.core.words import REPORT_ACTIONS
from perfapp.data import approvals, blobs, deliveries, events, reports, seal_uses
from perfapp.data.approvals import WAIVED
from perfapp.data.deliveries import CommentView, DeliveryView
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import delivery_package, downloads, looking, report_facts, verifying
from perfapp.services.downloads import PDF, ZIP, File, PackageFile
from perfapp.services.verifying import Answer

NO_FILE = "没有找到这份文件，可能没有随报告报送。"
_ACTS = {action.value: name for action, name in REPORT_ACTIONS.items()} | {WAIVED: "直达，免去中间各步"}
_BUREAU = (ReportAction.RECEIVE, ReportAction.PASS, ReportAction.BUREAU_RETURN)


@dataclass(frozen=True, slots=True)
class Approved:
    """Who decided what, when, on which content; what he remarked stays inside."""

    who: str
    what: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file behind the delivered edition. `note` says which page, or what it is."""

    filename: str
    note: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bureau's list."""

    delivery: DeliveryView
    report: ReportView
    successor: int | None  # the edition that replaces it, by number


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivered edition as the bureau's page shows it."""

    row: Row
    snapshot: Snapshot
    approvals: tuple[Approved, ...]
    pressed: tuple[str, datetime] | None
    verdict: Answer
    comments: list[CommentView]
    others: list[Row]  # other editions of the same report that were delivered here
    package: list[PackageFile]
    evidence: tuple[tuple[str, tuple[EvidenceFile, ...]], ...]  # by what they stand behind
    headings: list[tuple[str, str]]
    actions: tuple[ReportAction, ...]


def listed(actor: Actor) -> list[Row]:
    """Everything delivered to the actor's bureau, newest first; the number of queries does not depend on how much."""
    found = deliveries.readable(actor)
    known = reports.by_id(delivery.report_id for delivery in found)
    later = reports.successors(known)
    return [Row(one, known[one.report_id], later.get(one.report_id)) for one in found]


def read(actor: Actor, delivery_id: int, headings: list[tuple[str, str]]) -> Delivered:
    delivery = deliveries.visible(actor, delivery_id)
    report = reports.get(delivery.report_id)
    rows, frozen = listed(actor), looking.shown(report)
    known = report_facts.facts(report)
    use = seal_uses.latest_use(report.id)
    return Delivered(
        row=next(row for row in rows if row.delivery.id == delivery.id),
        snapshot=frozen,
        approvals=tuple(
            Approved(one.person_name, _ACTS[one.action], one.at, one.covers_sha256)
            for one in approvals.of_report(report.id)
            if one.stands_for(report.snapshot_sha256)
        ),
        pressed=(use.pressed_by, use.done_at) if use is not None and use.done_at is not None else None,
        verdict=verifying.verify(blobs.read(_sealed(report))),
        comments=deliveries.comments(report.id),
        others=[row for row in rows if row.report.cycle_id == report.cycle_id and row.delivery.id != delivery.id],
        package=[one for one in downloads.package(report) if one.kind not in delivery_package.INSIDE],
        evidence=_evidence(frozen),
        headings=headings,
        actions=tuple(action for action in FLOW.available(known, actor) if action in _BUREAU),
    )


def may_judge(actor: Actor) -> bool:
    return actor.may(Permission.JUDGE_DELIVERED)


def waiting(actor: Actor) -> list[Row]:
    """What the reviewer has to sign for or to decide."""
    if not may_judge(actor):
        return []
    return [row for row in listed(actor) if row.delivery.awaits_receipt or row.delivery.awaits_verdict]


def sealed_pdf(actor: Actor, delivery_id: int) -> File:
    report = _report(actor, delivery_id)
    digest = _sealed(report)
    return File(io.BytesIO(blobs.read(digest)), f"{downloads.file_stem(report)}（已盖章）.pdf", PDF, digest)


def package(actor: Actor, delivery_id: int) -> File:
    """The package as it was delivered, byte for byte."""
    delivery = deliveries.visible(actor, delivery_id)
    if delivery.package_sha256 is None:
        raise NotFound(NO_FILE)
    name = delivery_package.name(reports.get(delivery.report_id))
    return File(io.BytesIO(blobs.read(delivery.package_sha256)), name, ZIP, delivery.package_sha256)


def file(actor: Actor, delivery_id: int, kind: str, format_: str) -> File:
    """An annex, the index of evidence or the entry table, as delivered; the 流转单 as it now is."""
    report = _report(actor, delivery_id)
    if kind in delivery_package.INSIDE:
        raise NotFound(NO_FILE)
    return downloads.of_package(report, kind, format_)


def picture(actor: Actor, delivery_id: int, sha256: str) -> File:
    report = _report(actor, delivery_id)
    found = blobs.describe(sha256)
    if found is None or sha256 not in looking.shown(report).picture_digests:
        raise NotFound("没有找到这张图片。")
    return File(io.BytesIO(blobs.read(sha256)), "图片", found.media_type, sha256)


def evidence(actor: Actor, delivery_id: int, sha256: str) -> File:
    """A file that stood behind the delivered edition when it was frozen. Who opened it is in both units' logs."""
    delivery = deliveries.visible(actor, delivery_id)
    report = reports.get(delivery.report_id)
    frozen = looking.shown(report)
    named = next((one.filename for _, files in _evidence(frozen) for one in files if one.sha256 == sha256), None)
    found = blobs.describe(sha256)
    if named is None or found is None:
        raise NotFound(NO_FILE)
    data = blobs.read(sha256)
    with transaction():
        for unit_id, place in (
            (report.unit_id, f"/reports/{report.id}"),
            (actor.unit_id, f"/deliveries/{delivery.id}"),
        ):
            details = {"file": named, "unit": report.unit_name, "place": place}
            events.record("open_evidence", actor_id=actor.id, unit_id=unit_id, content_sha256=sha256, details=details)
    return File(io.BytesIO(data), named, found.media_type, sha256)


def _evidence(frozen: Snapshot) -> tuple[tuple[str, tuple[EvidenceFile, ...]], ...]:
    """Section by section as printed, then figure by figure."""
    found: dict[str, list[EvidenceFile]] = {}
    for mark in frozen.evidence:
        found.setdefault(mark.section, []).append(EvidenceFile(mark.filename, mark.note, mark.sha256, mark.size))
    for proof in frozen.proofs:
        page = f"第 {proof.page} 页" if proof.page else ""
        found.setdefault(proof.about, []).append(EvidenceFile(proof.filename, page, proof.sha256, proof.size))
    return tuple((about, tuple(files)) for about, files in found.items())


def _report(actor: Actor, delivery_id: int) -> ReportView:
    return reports.get(deliveries.visible(actor, delivery_id).report_id)


def _sealed(report: ReportView) -> str:
    if report.sealed_sha256 is None:
        raise NotFound(NO_FILE)
    return report.sealed_sha256
