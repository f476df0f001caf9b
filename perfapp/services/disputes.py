"""What people do about a contested value: open, answer, decide, overrule, withdraw. All values stay.

Two persons stand behind every value that a verdict writes: it is entered in the name of whoever put it forward
(who opened the dispute, or who entered the value that is put back) and confirmed by whoever decided. So nobody
decides in a dispute that he opened or over a value that he entered.
"""

from dataclasses import dataclass

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.figures.dispute_flow import FLOW, DisputeAction, DisputeFacts, DisputeState, Is
from perfapp.core.figures.facts import typed_amount
from perfapp.core.figures.units import from_base, printed
from perfapp.core.flow import Decision, Scope
from perfapp.core.permissions import Actor, Permission
from perfapp.core.words import DISPUTE_ACTIONS
from perfapp.data import blobs, cycles, disputes, events
from perfapp.data import facts as fact_table
from perfapp.data.cycles import CycleView
from perfapp.data.disputes import DisputeView, NewDispute
from perfapp.data.fact_views import FactView, NewValue
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import facts, telling

A = DisputeAction
OPEN = "open"
_VERDICTS = frozenset({A.UPHOLD, A.REPLACE})


@dataclass(frozen=True, slots=True)
class Contest:
    """What somebody holds against a value. `typed` is read in `unit` (the fact's own where empty)."""

    typed: str
    reason: str
    unit: str = ""
    evidence: tuple[str, bytes] | None = None  # file name and bytes


def contest(actor: Actor, value_id: int, against: Contest) -> DisputeView:
    """Open a dispute over a present value, with a rival value and the reason for it."""
    if not actor.may(Permission.CONTEST_FIGURE):
        raise Forbidden("您没有对数据提出争议的权限。")
    reason = against.reason.strip()
    if not reason:
        raise Invalid("请写明理由：为什么这个数不对，依据是什么。", field="reason")
    media_type = guard.sniff(*against.evidence) if against.evidence else ""
    with transaction():
        fact, value = fact_table.value(actor.unit_id, value_id)
        cycle = cycles.lock(value.cycle_id, actor.unit_id)
        fact_table.lock(actor.unit_id, fact.key)
        present = fact_table.present_value(fact.id, cycle.id, value.period)
        if present is None or present.id != value.id or present.amount is None:
            raise Conflict(f"“{fact.name}”已有新的数值，请刷新后核对新值。")
        if any(one.is_open and one.opened_by == actor.id for one in disputes.of_fact(fact.id, cycle.id)):
            raise Conflict(f"您对“{fact.name}”的争议还没有裁定，不用重复提出。")
        rival = typed_amount(against.typed, against.unit or fact.definition.unit)
        if rival == present.amount:
            raise Invalid("与现在的数值相同，没有争议。", field="amount")
        new = NewDispute(
            fact_id=fact.id,
            cycle_id=cycle.id,
            value_id=value.id,
            rival_amount=rival,
            rival_typed=against.typed.strip()[:40],
            evidence_sha256=blobs.put(against.evidence[1], media_type) if against.evidence else None,
            evidence_filename=against.evidence[0][:200] if against.evidence else "",
        )
        dispute_id = disputes.add(actor.unit_id, new, person_id=actor.id)
        return _record(actor, cycle, dispute_id, OPEN, reason)


def act(
    actor: Actor, dispute_id: int, action: DisputeAction, *, version: int, reason: str, last_number: int | None = None
) -> DisputeView:
    """Carry out a step; `last_number` is the present value's, as seen by whoever decides."""
    with transaction():
        seen = disputes.get(actor.unit_id, dispute_id)
        cycle = cycles.lock(seen.cycle_id, actor.unit_id)
        fact = fact_table.lock(actor.unit_id, seen.fact_key)
        dispute = disputes.get(actor.unit_id, dispute_id)
        why = bar(actor, dispute, fact, action)
        if why:
            raise Forbidden(why)
        decision = FLOW.decide(facts_of(dispute, actor), action, actor, version=version, reason=reason)
        rival = _verdict(dispute, action)
        if action in _VERDICTS or action is A.OVERRULE:
            _apply(actor, cycle, fact, dispute, decision, last_number)
        disputes.write_state(dispute.id, decision.new, person_id=actor.id, upholds_rival=rival)
        return _record(actor, cycle, dispute.id, action, reason.strip())


def facts_of(dispute: DisputeView, actor: Actor | None) -> DisputeFacts:
    """The dispute as its rules see it; both sides of it count as its authors."""
    conditions = {str(Is.MONEY if dispute.is_money else Is.NOT_MONEY)}
    if actor is not None and dispute.opened_by == actor.id:
        conditions.add(str(Is.MINE))
    return DisputeFacts(
        state=dispute.state,
        version=dispute.version,
        office_id=dispute.office_id,
        author_ids=frozenset({dispute.opened_by, dispute.value_entered_by}),
        last_actor_id=dispute.last_actor_id,
        conditions=conditions,
    )


def available(dispute: DisputeView, actor: Actor) -> tuple[DisputeAction, ...]:
    """The steps to draw as buttons."""
    return FLOW.available(facts_of(dispute, actor), actor)


def waits_for(dispute: DisputeView, actor: Actor) -> bool:
    """Whether it is this person's turn to answer or decide; the leader may decide, but nobody waits for him."""
    turn = FLOW.next_permissions(facts_of(dispute, None))
    is_his = any(_holds(actor, permission, scope, dispute.office_id) for permission, scope in turn)
    return is_his and any(action in {A.ANSWER, *_VERDICTS} for action in available(dispute, actor))


def bar(actor: Actor, dispute: DisputeView, fact: FactView, action: DisputeAction) -> str:
    """Whose step this is, as a sentence, where it is not the actor's; '' where it is."""
    owner = fact.office_name or "归口科室"
    if action is A.WITHDRAW:
        return "" if dispute.opened_by == actor.id else f"争议由提出人{dispute.opened_by_name}撤回。"
    if action is A.ANSWER:
        own = fact.office_id is not None and actor.may_at(Permission.ENTER_FIGURE, fact.office_id)
        return "" if own else f"“{fact.name}”的争议由{owner}答复。"
    if actor.id in {dispute.opened_by, dispute.value_entered_by}:
        return "您是争议的一方，须由他人裁定。"
    if actor.may(Permission.OVERRULE_DISPUTE):
        return ""
    if action is A.OVERRULE:
        return "争议由主要领导改判。"
    if fact.definition.is_money:
        return "" if actor.may(Permission.CONFIRM_MONEY) else "资金数据的争议由财务裁定。"
    head = fact.office_id is not None and actor.may_at(Permission.CONFIRM_FIGURE, fact.office_id)
    return "" if head else f"“{fact.name}”的争议由{owner}负责人裁定。"


def contesting_bar(actor: Actor, fact: FactView) -> str:
    """Why the actor may not contest the fact's values; '' when he may."""
    if not actor.may(Permission.CONTEST_FIGURE):
        return "您没有对数据提出争议的权限。"
    if fact.definition.formula:
        return "由公式算出的数，请对公式里用到的数据提出争议。"
    return ""


def spoken(dispute: DisputeView, *, rival: bool) -> str:
    """The rival value or the contested one, in the fact's unit."""
    amount = dispute.rival_amount if rival else dispute.value_amount
    if amount is None:
        return "空"
    return printed(from_base(amount, dispute.fact_unit), dispute.fact_decimals) + dispute.fact_unit


def _holds(actor: Actor, permission: Permission, scope: Scope, office_id: int | None) -> bool:
    if scope is Scope.OWN_OFFICE:
        return office_id is not None and actor.may_at(permission, office_id)
    return actor.may(permission)


def _verdict(dispute: DisputeView, action: DisputeAction) -> bool | None:
    """Whether the rival value is right after the step; None while nobody has decided."""
    if action is A.OVERRULE:
        return not dispute.upholds_rival
    return action is A.REPLACE if action in _VERDICTS else None


def _apply(
    actor: Actor,
    cycle: CycleView,
    fact: FactView,
    dispute: DisputeView,
    decision: Decision[DisputeState, DisputeAction],
    last_number: int | None,
) -> None:
    """Make the verdict the present value, confirmed by whoever decided; what is right already is confirmed."""
    present = fact_table.present_value(fact.id, cycle.id, dispute.period)
    if present is None or (last_number is not None and present.number != last_number):
        raise Conflict(f"“{fact.name}”在您打开之后已有新的数值，请刷新页面，看过再裁定。")
    rival = bool(_verdict(dispute, decision.action))
    amount = dispute.rival_amount if rival else dispute.value_amount
    if present.amount != amount and decision.action is not A.UPHOLD:
        if present.source_kind == "ledger":
            raise Invalid(f"“{fact.name}”由台账汇总：请{fact.office_name}先更正台账，数值一致后再裁定。")
        proposer = dispute.opened_by if rival else dispute.value_entered_by
        new = NewValue(
            amount=amount,
            as_of=present.as_of,
            typed=spoken(dispute, rival=rival)[:40],
            source={"dispute": dispute.id},
            evidence_sha256=dispute.evidence_sha256 if rival else None,
            evidence_filename=dispute.evidence_filename if rival else "",
            note=f"争议{DISPUTE_ACTIONS[decision.action]}，{'采用提出人的数值' if rival else '恢复原来的数值'}",
        )
        present = facts.write(actor, cycle, fact, dispute.period, new, entered_by=proposer)
    if not present.is_confirmed and present.amount == amount and present.entered_by != actor.id:
        fact_table.confirm(present.id, actor.id)


def _record(actor: Actor, cycle: CycleView, dispute_id: int, action: str, reason: str) -> DisputeView:
    """The step, the event and the notices; returns the dispute as it stands now."""
    disputes.add_step(dispute_id, action, actor.id, reason)
    dispute = disputes.get(actor.unit_id, dispute_id)
    rival = spoken(dispute, rival=True if action == OPEN else bool(dispute.upholds_rival))
    event_id = events.record(
        f"dispute_{action}",
        actor_id=actor.id,
        unit_id=cycle.unit_id,
        cycle_id=cycle.id,
        new_state=dispute.state.value,
        reason=reason,
        details={"fact": dispute.fact_name, "key": dispute.fact_key, "value": rival},
    )
    what = "提出争议" if action == OPEN else f"争议{DISPUTE_ACTIONS[DisputeAction(action)]}"
    telling.of_dispute(event_id, dispute, facts_of(dispute, None), by=actor, what=what, reason=reason)
    return dispute
