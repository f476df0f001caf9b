"""Who is told what became of a scan: whoever brought it, and whoever must look at it next."""

from perfapp import clock
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import SealPolicy
from perfapp.data import events, people
from perfapp.data.papers import ScanView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.services import telling


def confirmers(report: ReportView, uploaded_by: int) -> tuple[PersonBrief, ...]:
    """Who presses the unit's seal, without whoever brought the scan: four eyes."""
    by_leader = people.unit(report.unit_id).seal_policy is SealPolicy.LEADER
    permission = Permission.PRESS_OWN_ISSUE if by_leader else Permission.PRESS_SEAL
    holders = people.holders(report.unit_id, permission, clock.today())
    return tuple(person for person in holders if person.id != uploaded_by)


def refused(report: ReportView, scan: ScanView, found: list[str]) -> None:
    event_id = _record(report, "refuse_paper", reason="；".join(found[:3]))
    uploader = PersonBrief(scan.uploaded_by, scan.uploader, "")
    telling.from_system(
        event_id, [uploader], f"纸质签章件没有接收：{report.title}", "\n".join(found), report_id=report.id
    )


def ready(report: ReportView, scan: ScanView, doubtful: int) -> None:
    event_id = _record(report, "read_paper")
    body = f"{scan.uploader}上传的纸质签章扫描件页数齐全。" + (
        f"有 {doubtful} 页与打印件有不同之处，请逐页核对。" if doubtful else "没有发现与打印件不同之处，请核对后确认。"
    )
    persons = confirmers(report, scan.uploaded_by)
    telling.from_system(
        event_id, persons, f"请您核对纸质签章件：{report.title}", body, report_id=report.id, is_task=True
    )


def _record(report: ReportView, action: str, reason: str = "") -> int:
    return events.record(
        action,
        actor_id=None,
        unit_id=report.unit_id,
        cycle_id=report.cycle_id,
        report_id=report.id,
        reason=reason,
        content_sha256=report.snapshot_sha256 or "",
    )
