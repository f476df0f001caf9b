"""A finance bureau with its people, and reports on their way to it and to the public."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from perfapp.core.disclosing.flow import DisclosureAction
from perfapp.core.permissions import Actor, Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.core.section_flow import SectionState
from perfapp.data import deliveries, disclosures, measures, people, reports
from perfapp.data.deliveries import DeliveryView
from perfapp.data.disclosures import DisclosureView
from perfapp.data.session import transaction
from perfapp.services import accounts, delivered, delivering, disclosing, installing
from perfapp.services import measures as keeping
from perfapp.services.measures import Assignment
from tests.making import PASSWORD, AUnit, a_cycle, a_sealed_report, actor_of, bring, section_with

CLEARED = "不涉及国家秘密和个人隐私。"


@dataclass(frozen=True)
class ABureau:
    id: int
    name: str
    reader: Actor
    reviewer: Actor
    logins: dict[str, str]


def a_bureau(*units: AUnit, number: str = "1") -> ABureau:
    """A bureau that supervises the units, with a reader and a reviewer."""
    name = f"某某市第{number}财政局"
    bureau_id, _ = installing.install_unit(f"CZ{number}", name, [], policy=SealPolicy.LEADER, kind=UnitKind.BUREAU)
    stored = accounts.hash_password(PASSWORD)
    logins = {}
    with transaction():
        for key, role in (("reader", Role.BUREAU_READER), ("reviewer", Role.BUREAU_REVIEWER)):
            logins[key] = f"{key}.cz{number}"
            person_id = people.add_person(bureau_id, logins[key], f"{key}{number}", stored, must_change_password=False)
            people.add_post(person_id, bureau_id, role, office_id=None, starts_on=date(2018, 1, 1), granted_by=None)
        for unit in units:
            deliveries.supervise(unit.id, bureau_id)
    return ABureau(bureau_id, name, actor_of(logins["reader"]), actor_of(logins["reviewer"]), logins)


def deliver(unit: AUnit, cycle_id: int) -> reports.ReportView:
    """The sealed report handed to the unit's bureau online."""
    report = reports.current(cycle_id)
    return delivering.deliver_online(unit.editor, report.id, version=report.version)


def a_delivery(unit: AUnit, bureau: ABureau, cycle_id: int) -> DeliveryView:
    """A sealed report of the cycle, delivered."""
    a_sealed_report(unit, cycle_id)
    report = deliver(unit, cycle_id)
    return next(row.delivery for row in delivered.listed(bureau.reader) if row.report.id == report.id)


def judge(bureau: ABureau, delivery: DeliveryView, how: str, **more: Any) -> DeliveryView:
    """One step of the reviewer: receive, accept, send_back."""
    report = reports.get(delivery.report_id)
    done: DeliveryView = getattr(delivering, how)(bureau.reviewer, delivery.id, version=report.version, **more)
    return done


def a_passed(unit: AUnit, bureau: ABureau, cycle_id: int) -> DeliveryView:
    delivery = a_delivery(unit, bureau, cycle_id)
    judge(bureau, delivery, "receive")
    return judge(bureau, delivery, "accept", opinion="审核通过。")


def step(unit: AUnit, view: DisclosureView, who: str, action: DisclosureAction, reason: str = "") -> DisclosureView:
    """One act on the disclosure as it now is."""
    view = disclosures.get(unit.id, view.id)
    return disclosing.act(
        unit.actors[who], view.id, action, version=view.version, seen_sha256=view.content_sha256, reason=reason
    )


def published(unit: AUnit, view: DisclosureView) -> DisclosureView:
    """Through both gates to the public."""
    step(unit, view, "editor", DisclosureAction.SUBMIT)
    step(unit, view, "deputy", DisclosureAction.CLEAR, CLEARED)
    step(unit, view, "leader", DisclosureAction.APPROVE)
    return step(unit, view, "editor", DisclosureAction.PUBLISH)


def after_the_seal(unit: AUnit, years: tuple[int, int]) -> dict[str, int | str]:
    """One year's report delivered and returned, another's passed and published; measures in two states."""
    bureau = a_bureau(unit, number=f"{unit.id}")
    unit.logins.update(bureau.logins)
    returned = a_delivery(unit, bureau, a_cycle(unit, years[0]))
    judge(bureau, returned, "receive")
    shown = published(unit, disclosing.begin(unit.editor, a_passed(unit, bureau, a_cycle(unit, years[1])).report_id))
    waiting = disclosing.begin(unit.editor, _waiting(unit, bureau, years[1] + 1))
    # last: a promise that nobody has begun to keep stands against sealing the reports of later years
    delivering.comment(bureau.reviewer, returned.id, heading="", text="请说明追加预算的原因。")
    measure = measures.of_unit(unit.id)[0]
    wanted = Assignment(unit.offices["办公室"], None, date(2019, 6, 30), "说明印发到各科室")
    keeping.assign(unit.editor, measure.id, wanted, version=measure.version)
    return {
        "delivery": returned.id,
        "published": shown.id,
        "disclosure": waiting.id,
        "index_number": shown.index_number,
        "code": reports.get(shown.report_id).verify_code or "",
        "measure": measure.id,
    }


def _waiting(unit: AUnit, bureau: ABureau, year: int) -> int:
    """A passed report with a telephone number in it."""
    cycle_id = a_cycle(unit, year)
    bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED, "联系人手机13800138000。")
    return a_passed(unit, bureau, cycle_id).report_id
