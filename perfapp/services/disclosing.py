"""公开: prepare what the public will see, clear it, approve it, publish it, withdraw it."""

import json
import re
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from perfapp import clock
from perfapp.core.chinese import local_time
from perfapp.core.disclosing.due import due_on
from perfapp.core.disclosing.edition import Plan, PublicEdition, PublicItem, edition_of, items, unseen
from perfapp.core.disclosing.flow import FLOW, DisclosureAction, DisclosureFacts, DisclosureState, Is
from perfapp.core.disclosing.masking import SIGN, stands_in
from perfapp.core.disclosing.personal import PersonalFinding
from perfapp.core.disclosing.personal import findings as personal_findings
from perfapp.core.disclosing.wording import wording
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.snapshot import Snapshot
from perfapp.core.words import DISCLOSURE_ACTIONS
from perfapp.data import blobs, deliveries, disclosures, events, jobs, people, reports
from perfapp.data.disclosures import DecisionView, DisclosureView
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import freezing, telling

A = DisclosureAction
P = Permission
JOB = "disclose"
_OWN_FORM = frozenset({A.CHANGE})
_GATES = (A.CLEAR, A.APPROVE)
_STALE = "页面上的公开件在您打开之后已有变动，请看过新的内容再办理。"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything the page of a disclosure shows."""

    view: DisclosureView
    report: ReportView
    plan: Plan
    edition: PublicEdition
    items: tuple[PublicItem, ...]
    findings: tuple[PersonalFinding, ...]  # what still looks like personal data in what would be published
    decisions: list[DecisionView]
    due_on: date | None
    awaits_bureau: bool  # it may still be returned, and then all this is for nothing

    @property
    def unsettled(self) -> tuple[PersonalFinding, ...]:
        return tuple(one for one in self.findings if one.mark not in self.plan.accepted)

    @property
    def unseen(self) -> tuple[PublicItem, ...]:
        """What covering does not reach and nobody has looked through."""
        return unseen(self.items, self.plan)


def due_day(report: ReportView) -> date | None:
    """Until when the edition has to be public: counted from the bureau's word, else from its delivery by hand."""
    delivery = deliveries.of_report(report.id)
    if delivery is None or delivery.is_returned:
        return None
    if delivery.is_online:
        return due_on(local_time(delivery.verdict_at).date()) if delivery.verdict_at else None
    return due_on(delivery.delivered_on)


def may_begin(actor: Actor, report: ReportView) -> bool:
    """Whether this person can start to prepare the edition for the public."""
    return actor.may(P.PREPARE_DISCLOSURE) and _stands(report) and not disclosures.of_reports([report.id])


def begin(actor: Actor, report_id: int) -> DisclosureView:
    """Start with everything open, no evidence, nothing covered."""
    if not actor.may(P.PREPARE_DISCLOSURE):
        raise Forbidden("公开件由统稿人准备。")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        if not _stands(report):
            raise Conflict("只有已报送、没有被退回、也没有新版替代的报告才能公开。")
        if disclosures.of_reports([report.id]):
            raise Conflict("这份报告已经在准备公开。")
        edition = _edition(report, Plan(), _index_number(report))
        disclosure_id = disclosures.add(
            report.unit_id,
            report.id,
            index_number=edition.index_number,
            plan=Plan().model_dump(mode="json"),
            content_sha256=edition.sha256,
            edition_blob=_store(edition),
            pdf_sha256=report.sealed_sha256,
            prepared_by=actor.id,
            last_actor_id=actor.id,
        )
        view = disclosures.get(actor.unit_id, disclosure_id)
        _record(actor, "disclose_prepare", view)
    return view


def read(actor: Actor, disclosure_id: int) -> Prepared:
    """The page's content, for whoever reads the unit's reports."""
    if not actor.may(P.READ_REPORT):
        raise Forbidden("您没有查看公开件的权限。")
    view = disclosures.get(actor.unit_id, disclosure_id)
    return _prepared(view)


def change(actor: Actor, disclosure_id: int, plan: Plan, *, version: int) -> Prepared:
    """Another plan: what is withheld, covered, explained. What was decided lapses, and the way starts anew."""
    with transaction():
        report, view = _locked(actor, disclosure_id)
        decision = FLOW.decide(_facts(view), A.CHANGE, actor, version=version)
        if plan == Plan.model_validate(view.plan):
            return _prepared(view)  # nothing has changed, nothing lapses
        edition = _edition(report, plan, view.index_number)
        _refuse_idle(report, plan, edition)
        moved = edition.sha256 != view.content_sha256
        disclosures.lapse(view.id, None)
        disclosures.write_state(
            view.id,
            decision,
            actor_id=actor.id,
            plan=plan.model_dump(mode="json"),
            content_sha256=edition.sha256,
            edition_blob=_store(edition),
            prepared_by=actor.id,
            **({"pdf_sha256": None if edition.is_altered else report.sealed_sha256} if moved else {}),
        )
        changed = disclosures.get(actor.unit_id, view.id)
        if changed.pdf_sha256 is None:
            _ask_pdf(changed)
        _record(actor, "disclose_change", changed)
    return _prepared(changed)


def act(
    actor: Actor,
    disclosure_id: int,
    action: DisclosureAction,
    *,
    version: int,
    seen_sha256: str,
    reason: str = "",
) -> DisclosureView:
    """A step of the way. `seen_sha256` is the digest of what the person had before his eyes."""
    if action in _OWN_FORM:
        raise Invalid("公开方案请在它自己的表单里修改。")
    with transaction():
        _, view = _locked(actor, disclosure_id)
        decision = FLOW.decide(_facts(view), action, actor, version=version, reason=reason)
        if seen_sha256 != view.content_sha256:
            raise Conflict(_STALE)
        disclosures.write_state(view.id, decision, actor_id=actor.id, **_changes(action, actor, reason))
        if decision.covers:
            disclosures.add_decision(view.id, action, actor.id, view.content_sha256, reason.strip())
        if action in {A.REFUSE, A.RESUME}:
            disclosures.lapse(view.id, None)
        changed = disclosures.get(actor.unit_id, view.id)
        event_id = _record(actor, f"disclose_{action.value}", changed, reason)
        _tell_next(actor, event_id, changed, action, reason)
    return changed


def _locked(actor: Actor, disclosure_id: int) -> tuple[ReportView, DisclosureView]:
    """Report, then disclosure: nothing is published while its report is returned, voided or replaced."""
    report = reports.lock(disclosures.get(actor.unit_id, disclosure_id).report_id, actor.unit_id)
    return report, disclosures.lock(actor.unit_id, disclosure_id)


def available(actor: Actor, view: DisclosureView) -> tuple[tuple[DisclosureAction, str | None], ...]:
    """What this person can do now, each with the sentence that still stops it."""
    known = _facts(view)
    return tuple((action, FLOW.obstacle(known, action, actor)) for action in FLOW.available(known, actor))


def waits_for(actor: Actor, view: DisclosureView) -> DisclosureAction | None:
    """The step that moves it on, where it is this person's."""
    forward = {step.action for step in FLOW.steps if step.forward} - {A.RESUME}
    return next((action for action, _ in available(actor, view) if action in forward), None)


def load(view: DisclosureView) -> PublicEdition:
    """What was stored as the public's report."""
    return PublicEdition.model_validate_json(blobs.read(view.edition_blob))


def checked_plan(raw: dict[str, object]) -> Plan:
    """The plan of a form; Invalid where a reason or a ground is missing."""
    try:
        return Plan.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = {
            "withheld": "不公开的每一项都要写理由",
            "masks": "遮盖要写明遮什么、理由和依据",
            "looked": "核对的记录不完整，请刷新后再勾",
        }
        said = where.get(str(first["loc"][0]), "疑似个人信息可以公开的，要说明为什么")
        raise Invalid(f"{said}，每处不超过 200 字。", field=str(first["loc"][0])) from error


def _facts(view: DisclosureView) -> DisclosureFacts:
    given = disclosures.decisions(view.id)
    standing = {one.action: one.person_id for one in given if one.stands_for(view.content_sha256)}
    found = _prepared(view)
    tests = {
        Is.FILES_MADE: view.pdf_sha256 is not None,
        Is.PERSONAL_SETTLED: not found.unsettled,
        Is.PICTURES_SEEN: not found.unseen,
        Is.REPORT_STANDS: _stands(found.report),
        Is.GATES_STAND: all(gate in standing for gate in _GATES),
    }
    left = len(found.unsettled)
    titles = "、".join(item.title for item in found.unseen)
    return DisclosureFacts(
        state=view.state,
        version=view.version,
        author_ids=frozenset({view.prepared_by}),
        approver_ids=frozenset(standing.values()),
        last_actor_id=view.last_actor_id,
        conditions=frozenset(name for name, holds in tests.items() if holds),
        sentences={
            Is.PERSONAL_SETTLED: f"还有 {left} 处疑似个人信息没有处理：请逐条遮盖，或说明为什么可以公开。",
            Is.PICTURES_SEEN: f"遮盖够不到图片和文件里面，这些还没有核对：{titles}。请逐件看过，或者不公开。",
        },
    )


def _prepared(view: DisclosureView) -> Prepared:
    report, edition = reports.get(view.report_id), load(view)
    delivery = deliveries.of_report(report.id)
    return Prepared(
        view=view,
        report=report,
        plan=Plan.model_validate(view.plan),
        edition=edition,
        items=items(_frozen(report)),
        findings=personal_findings(edition.snapshot),
        decisions=disclosures.decisions(view.id),
        due_on=due_day(report),
        awaits_bureau=delivery is not None and (delivery.awaits_receipt or delivery.awaits_verdict),
    )


def _changes(action: DisclosureAction, actor: Actor, reason: str) -> dict[str, object]:
    if action is A.PUBLISH:
        fresh: dict[str, object] = {"published_at": clock.now(), "published_by": actor.id}
        return fresh | {"withdrawn_at": None, "withdrawn_reason": None}
    if action is A.WITHDRAW:
        return {"withdrawn_at": clock.now(), "withdrawn_reason": reason.strip()}
    return {}


def _stands(report: ReportView) -> bool:
    delivery = deliveries.of_report(report.id)
    is_good = delivery is not None and not delivery.is_returned
    return report.state is ReportState.DELIVERED and is_good and reports.successor(report.id) is None


def _refuse_idle(report: ReportView, plan: Plan, edition: PublicEdition) -> None:
    """A mask whose words stand nowhere, or still stand somewhere, would promise what it does not do."""
    left = _first_in(plan, edition)
    if left is not None:
        where = "报告标题、单位名称、自动编号、计量单位或所写的理由里"
        raise Invalid(f"“{left}”没有遮住：它还出现在{where}，这些不能遮盖。", field="masks")
    bare = _edition(report, plan.model_copy(update={"masks": ()}), edition.index_number)
    for mask in plan.masks:
        if not any(stands_in(mask.words, text) for text in wording(bare)):
            said = f"“{mask.words}”在公开的正文、附表和文件名里都没有找到，请核对后再填。"
            raise Invalid(said, field="masks")


def _first_in(plan: Plan, edition: PublicEdition) -> str | None:
    """The first words to be covered that the public could still read."""
    words = [mask.words for mask in plan.masks if mask.words.strip(SIGN)]
    return next((one for text in wording(edition) for one in words if stands_in(one, text)), None)


def _frozen(report: ReportView) -> Snapshot:
    if report.snapshot_blob is None:
        raise Conflict("报告还没有定稿内容，不能公开。")
    return freezing.load(report.snapshot_blob)


def _edition(report: ReportView, plan: Plan, index_number: str) -> PublicEdition:
    return edition_of(
        _frozen(report),
        plan,
        index_number=index_number,
        unit_code=people.unit(report.unit_id).code,
        sealed_sha256=report.sealed_sha256 or "",
    )


def _index_number(report: ReportView) -> str:
    """索引号: the unit's code, the year, the edition. A code with other signs is made sure by the unit's number."""
    code = people.unit(report.unit_id).code
    plain = re.sub(r"[^0-9A-Za-z]", "", code)
    sure = plain if plain == code else f"{plain}U{report.unit_id}"
    return f"{sure}-{report.fiscal_year}-{report.edition:02}"


def _store(edition: PublicEdition) -> str:
    text = json.dumps(edition.to_json(), ensure_ascii=False, sort_keys=True)
    return blobs.put(text.encode(), "application/json")


def _ask_pdf(view: DisclosureView) -> None:
    payload = {"disclosure_id": view.id, "unit_id": view.unit_id, "report_id": view.report_id}
    jobs.ask(JOB, f"{view.id}:{view.content_sha256}", payload, unit_id=view.unit_id, anew=True)


def _record(actor: Actor, action: str, view: DisclosureView, reason: str = "") -> int:
    return events.record(
        action,
        actor_id=actor.id,
        unit_id=view.unit_id,
        cycle_id=view.cycle_id,
        report_id=view.report_id,
        new_state=view.state.value,
        reason=reason.strip(),
        content_sha256=view.content_sha256,
        details={"value": view.index_number, "place": f"/disclosures/{view.id}"},
    )


def _tell_next(actor: Actor, event_id: int, view: DisclosureView, action: DisclosureAction, reason: str) -> None:
    """Whoever is next is asked; the preparer is told of what was decided."""
    what = DISCLOSURE_ACTIONS[action]
    subject, body = f"{view.title}：{what}", f"{actor.signature}：{what}。" + (f"\n{reason.strip()}" if reason else "")
    for permission, _ in FLOW.next_permissions(_facts(view)):
        if view.state is not DisclosureState.WITHDRAWN:
            persons = people.holders(view.unit_id, permission, clock.today())
            telling.announce(event_id, persons, by=actor, subject=subject, body=body, is_task=True)
    telling.announce(event_id, people.briefs([view.prepared_by]), by=actor, subject=subject, body=body)
