"""报送: a sealed edition handed in, online to the bureau or otherwise; the bureau signs, passes or returns it."""

from collections.abc import Sequence
from datetime import date, datetime

from perfapp import clock
from perfapp.core.chinese import BEIJING
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.measures.suggest import LONGEST
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW, ReportAction
from perfapp.data import blobs, cycles, deliveries, events, people, reports, sections
from perfapp.data.deliveries import PASSED, RETURNED, DeliveryView
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import delivery_package, looking, measures, telling
from perfapp.services import reports as report_acts
from perfapp.services.report_facts import facts

A = ReportAction


def deliver(
    actor: Actor,
    report_id: int,
    *,
    version: int,
    seen_sha256: str | None = None,
    recipient: str,
    delivered_on: date,
    receipt: str,
    receipt_file: tuple[str, bytes] | None = None,
) -> ReportView:
    """Record by hand what was handed in otherwise: to whom, when, with which receipt (its name and bytes)."""
    if not recipient.strip():
        raise Invalid("请写明报送给谁。", field="recipient")
    if delivered_on > clock.today():
        raise Invalid("报送日期不能晚于今天。", field="delivered_on")
    media_type = guard.sniff(*receipt_file) if receipt_file else ""
    with transaction():
        report = report_acts.locked(actor, report_id)
        decision = FLOW.decide(facts(report), A.DELIVER, actor, version=version)
        looking.demand_seen(report, seen_sha256)
        filename = receipt_file[0] if receipt_file else ""
        digest = blobs.put(receipt_file[1], media_type) if receipt_file else None
        deliveries.add(
            report.id,
            recipient=recipient.strip(),
            delivered_on=delivered_on,
            receipt=receipt.strip(),
            receipt_filename=filename[-200:],
            receipt_sha256=digest,
            recorded_by=actor.id,
        )
        return report_acts.carry_out(actor, report, decision, reason=f"报送{recipient.strip()}", changes={})


def deliver_online(actor: Actor, report_id: int, *, version: int, seen_sha256: str | None = None) -> ReportView:
    """Hand the sealed edition with its annexes to the unit's finance bureau, which finds it on its own desk."""
    bureau = deliveries.bureau_of(actor.unit_id)
    if bureau is None:
        raise Invalid("本单位还没有在系统里指定财政部门，请用登记的方式报送。")
    package = delivery_package.made(actor, report_id)
    with transaction():
        report = report_acts.locked(actor, report_id)
        decision = FLOW.decide(facts(report), A.DELIVER, actor, version=version)
        looking.demand_seen(report, seen_sha256)
        digest = blobs.put(package, delivery_package.MEDIA_TYPE)
        delivery_id = deliveries.add(
            report.id,
            recipient=bureau.name,
            delivered_on=clock.today(),
            recorded_by=actor.id,
            bureau_id=bureau.id,
            package_sha256=digest,
        )
        delivered = report_acts.carry_out(actor, report, decision, reason=f"在线报送{bureau.name}", changes={})
        _tell_bureau(actor, delivered, bureau.id, delivery_id)
        return delivered


def receive(actor: Actor, delivery_id: int, *, version: int) -> DeliveryView:
    """The bureau signs for it: a number of its own, who, when. That is the unit's receipt."""
    with transaction():
        delivery, report = _locked(actor, delivery_id)
        decision = FLOW.decide(facts(report), A.RECEIVE, actor, version=version)
        number = _next_number(actor.unit_id)
        deliveries.write(delivery.id, received_number=number, received_by=actor.id, received_at=clock.now())
        report_acts.carry_out(actor, report, decision, reason="", changes={}, details={"value": number})
    return deliveries.visible(actor, delivery_id)


def accept(actor: Actor, delivery_id: int, *, version: int, opinion: str) -> DeliveryView:
    """审核通过, with an opinion where there is one."""
    with transaction():
        delivery, report = _locked(actor, delivery_id)
        decision = FLOW.decide(facts(report), A.PASS, actor, version=version)
        _write_verdict(actor, delivery, PASSED, opinion)
        report_acts.carry_out(actor, report, decision, reason=opinion, changes={})
    return deliveries.visible(actor, delivery_id)


def send_back(actor: Actor, delivery_id: int, *, version: int, reason: str, headings: Sequence[str]) -> DeliveryView:
    """Return it with the named sections: the unit's next edition begins, this one stays as it was delivered."""
    with transaction():
        delivery, report = _locked(actor, delivery_id)
        chosen = frozenset(headings) & frozenset(heading for heading, _ in headings_of(report))
        named = [section for section in sections.outline(report.cycle_id) if section.key in chosen]
        known = facts(report, named=bool(named))
        decision = FLOW.decide(known, A.BUREAU_RETURN, actor, version=version, reason=reason)
        _write_verdict(actor, delivery, RETURNED, reason)
        details: dict[str, object] = {"sections": [section.heading for section in named]}
        returned = report_acts.carry_out(actor, report, decision, reason=reason, changes={}, details=details)
        fresh = report_acts.new_edition(actor, returned, f"{delivery.recipient}退回：{reason.strip()}")
        report_acts.recall(actor, fresh, named, reason=reason)
        measures.enter_from_bureau(returned, None, reason)
    return deliveries.visible(actor, delivery_id)


def comment(actor: Actor, delivery_id: int, *, heading: str, text: str) -> None:
    """审核意见 on a section or the whole; it enters the unit's list of measures at once."""
    text = text.strip()
    if not text:
        raise Invalid("请写审核意见。", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"审核意见请写在 {LONGEST} 字以内。", field="text")
    with transaction():
        delivery, report = _locked(actor, delivery_id)
        if delivery.received_at is None:
            raise Conflict("请先签收，再写审核意见。")
        titles = dict(headings_of(report))
        if heading and heading not in titles:
            raise Invalid("没有找到这一节，请重新选择。", field="heading")
        comment_id = deliveries.add_comment(report.id, titles.get(heading, ""), text, actor.id)
        event_id = events.record(
            "bureau_comment",
            actor_id=actor.id,
            unit_id=report.unit_id,
            cycle_id=report.cycle_id,
            report_id=report.id,
            reason=text,
        )
        measures.enter_from_bureau(report, comment_id, text)
        editors = people.holders(report.unit_id, Permission.KEEP_MEASURES, clock.today())
        telling.announce(
            event_id, editors, by=actor, subject=f"财政审核意见：{_name(report)}", body=text, report_id=report.id
        )


def headings_of(report: ReportView) -> list[tuple[str, str]]:
    """The sections with text that can be named in a return: key and heading, as delivered."""
    frozen = looking.shown(report)
    return [
        (section.key, section.label + section.title)
        for section in frozen.sections
        if section.document is not None or section.not_applicable is not None
    ]


def _tell_bureau(actor: Actor, report: ReportView, bureau_id: int, delivery_id: int) -> None:
    """Its own event in the bureau's log, so that its people are told and find the way."""
    place = f"/deliveries/{delivery_id}"
    event_id = events.record(
        "delivered_here", actor_id=actor.id, unit_id=bureau_id, details={"unit": report.unit_name, "place": place}
    )
    persons = people.holders(bureau_id, Permission.JUDGE_DELIVERED, clock.today())
    body = f"{report.unit_name}在线报送，请签收后审核。"
    telling.announce(event_id, persons, by=actor, subject=f"请您签收：{_name(report)}", body=body, is_task=True)


def _write_verdict(actor: Actor, delivery: DeliveryView, verdict: str, reason: str) -> None:
    reason = reason.strip()
    deliveries.write(delivery.id, verdict=verdict, verdict_by=actor.id, verdict_at=clock.now(), verdict_reason=reason)


def _locked(actor: Actor, delivery_id: int) -> tuple[DeliveryView, ReportView]:
    """The delivery, if it is the actor's bureau's, with its report locked."""
    found = deliveries.visible(actor, delivery_id)
    if not actor.may(Permission.JUDGE_DELIVERED):
        raise Forbidden("您只能查阅，不能签收和审核。")
    report = reports.get(found.report_id)
    report = reports.lock(report.id, report.unit_id)
    cycles.lock(report.cycle_id, report.unit_id)
    return deliveries.visible(actor, delivery_id), report


def _next_number(bureau_id: int) -> str:
    """签收号: the year and how many were signed for in it, counted by the bureau."""
    people.lock_unit(bureau_id)
    year = clock.today().year
    count = deliveries.received_this_year(bureau_id, datetime(year, 1, 1, tzinfo=BEIJING))
    return f"{year}-{count + 1:04}"


def _name(report: ReportView) -> str:
    return f"{report.unit_name}{report.fiscal_year}年度报告（{report.edition_name}）"
