"""申请用印: what for, how many copies, to whom."""

from perfapp.core.permissions import Actor
from perfapp.core.report_flow import FLOW, ReportAction
from perfapp.core.seal_use import Wanted, checked
from perfapp.data import seal_uses
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import looking, reports
from perfapp.services.report_facts import facts


def request_seal(
    actor: Actor, report_id: int, *, version: int, seen_sha256: str | None = None, wanted: Wanted
) -> ReportView:
    """Ask the keeper for the seal; he sees what was asked for, and so does the register."""
    given = checked(wanted)
    with transaction():
        report = reports.locked(actor, report_id)
        decision = FLOW.decide(facts(report), ReportAction.REQUEST_SEAL, actor, version=version)
        looking.demand_seen(report, seen_sha256)
        seal_uses.add_request(report.id, given, requested_by=actor.id)
        details: dict[str, object] = {"copies": given.copies, "recipient": given.recipient}
        return reports.carry_out(actor, report, decision, reason=given.purpose, changes={}, details=details)
