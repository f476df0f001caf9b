"""A contested value: who may do what, what becomes of the values, who is told, and that nothing is sealed meanwhile."""

from datetime import date
from decimal import Decimal

import pytest

from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from perfapp.core.figures.dispute_flow import DisputeAction, DisputeState
from perfapp.core.report_flow import ReportAction, SealPolicy
from perfapp.data import disputes, events, facts, notices, reports
from perfapp.data.disputes import DisputeView
from perfapp.data.fact_views import NewValue, ValueView
from perfapp.data.session import transaction
from perfapp.services import disputes as contesting
from perfapp.services import reports as report_acts
from perfapp.services.disputes import Contest
from tests.making import (
    PASSWORD,
    POSTS,
    AUnit,
    a_confirmed_value,
    a_cycle,
    a_dispute,
    a_unit,
    a_value,
    an_issued_report,
    request_seal,
)
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")
A = DisputeAction
CARS, SPENDING = "vehicle-count", "total-spending"


def act(unit: AUnit, who: str, dispute: DisputeView, action: DisputeAction, reason: str = "依据如下。") -> DisputeView:
    version = disputes.get(unit.id, dispute.id).version
    return contesting.act(unit.actors[who], dispute.id, action, version=version, reason=reason)


def present(unit: AUnit, dispute: DisputeView) -> ValueView:
    value = facts.present_value(dispute.fact_id, dispute.cycle_id, dispute.period)
    assert value is not None
    return value


def told(unit: AUnit, who: str) -> list[str]:
    return [notice.subject for notice in notices.of_person(unit.actors[who].id) if notice.fact_key]


@pytest.mark.parametrize("who", [key for key, _, _ in POSTS])
def test_everybody_who_works_on_the_report_may_contest(who: str) -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")
    if who in {"keeper", "sysadmin", "secadmin", "auditor"}:
        with pytest.raises(Forbidden):
            a_dispute(unit, value, "21", by=unit.actors[who])
    else:
        dispute = a_dispute(unit, value, "21", by=unit.actors[who])
        assert (dispute.state, dispute.opened_by) == (DisputeState.OPEN, unit.actors[who].id)
        assert disputes.open_count(value.cycle_id) == 1


@pytest.mark.parametrize(
    ("key", "action", "may"),
    [
        (CARS, A.ANSWER, {"writer"}),
        (CARS, A.UPHOLD, {"head", "leader"}),
        (CARS, A.REPLACE, {"head", "leader"}),
        (CARS, A.WITHDRAW, {"editor"}),
        (CARS, A.OVERRULE, set()),  # nothing is decided yet
        (SPENDING, A.ANSWER, {"money_writer"}),
        (SPENDING, A.UPHOLD, {"finance", "leader"}),
        (SPENDING, A.REPLACE, {"finance", "leader"}),
    ],
)
def test_each_step_has_its_people(key: str, action: DisputeAction, may: set[str]) -> None:
    unit = a_unit(with_seal=False)
    dispute = a_dispute(unit, a_value(unit, a_cycle(unit), key, "20"), "21")
    fact = facts.get(unit.id, key)
    offered = {who for who, actor in unit.actors.items() if action in contesting.available(dispute, actor)}
    assert offered == may
    for who in unit.actors:
        if who not in may:
            with pytest.raises((Forbidden, Conflict)) as refusal:
                act(unit, who, dispute, action)
            barred = contesting.bar(unit.actors[who], dispute, fact, action)
            assert isinstance(refusal.value, Forbidden) == bool(barred)
    assert present(unit, dispute).number == 1
    for who in sorted(may)[:1]:
        act(unit, who, dispute, action)


def test_a_side_never_decides() -> None:
    """The head who contests his own office's figure waits for the leader."""
    unit = a_unit(with_seal=False)
    dispute = a_dispute(unit, a_value(unit, a_cycle(unit), CARS, "20"), "21", by=unit.head)
    with pytest.raises(Forbidden, match="争议的一方"):
        act(unit, "head", dispute, A.REPLACE)
    assert any(subject.startswith("请您裁定争议") for subject in told(unit, "leader"))
    assert act(unit, "leader", dispute, A.REPLACE).upholds_rival is True


def test_the_rival_becomes_a_new_value_of_two_persons() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    old = a_confirmed_value(unit, cycle_id, SPENDING, "2560.21")
    picture = ("决算批复.png", drawing()[1])
    dispute = contesting.contest(unit.editor, old.id, Contest("25,620,100", "批复数。", "元", picture))
    act(unit, "money_writer", dispute, A.ANSWER, "录入时看错一行。")
    decided = act(unit, "finance", dispute, A.REPLACE)
    new = present(unit, dispute)
    assert decided.state is DisputeState.DECIDED
    assert new.amount == Decimal(25620100)
    assert (new.entered_by, new.confirmed_by) == (unit.editor.id, unit.finance.id)
    assert (new.evidence_filename, new.evidence_sha256) == ("决算批复.png", dispute.evidence_sha256)
    assert "争议" in new.note
    assert new.source == {"dispute": dispute.id}
    assert [value.id for value in facts.history(dispute.fact_id)] == [new.id, old.id]
    said = disputes.steps([dispute.id])[dispute.id]
    assert [(step.action, step.person_name) for step in said] == [
        ("open", unit.editor.name),
        ("answer", unit.money_writer.name),
        ("replace", unit.finance.name),
    ]
    actions = [event.action for event in events.of_cycle(cycle_id)]
    assert actions[:4] == ["dispute_replace", "enter_fact", "dispute_answer", "dispute_open"]


def test_upholding_leaves_the_value_and_confirms_it() -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")
    dispute = a_dispute(unit, value, "21")
    assert act(unit, "head", dispute, A.UPHOLD).upholds_rival is False
    assert present(unit, dispute).id == value.id
    assert present(unit, dispute).confirmed_by == unit.head.id
    assert disputes.open_count(value.cycle_id) == 0


def test_the_leader_reverses_a_verdict_and_all_values_stay() -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")
    dispute = a_dispute(unit, value, "21")
    act(unit, "head", dispute, A.REPLACE)
    with pytest.raises(Forbidden):
        act(unit, "head", dispute, A.OVERRULE)
    assert act(unit, "leader", dispute, A.OVERRULE).upholds_rival is False
    back = present(unit, dispute)
    assert back.amount == Decimal(20)
    assert (back.entered_by, back.confirmed_by) == (unit.writer.id, unit.leader.id)
    assert act(unit, "leader", dispute, A.OVERRULE).upholds_rival is True
    amounts = [one.amount for one in reversed(facts.history(dispute.fact_id))]
    assert amounts == [Decimal(20), Decimal(21), Decimal(20), Decimal(21)]


def test_a_verdict_speaks_of_the_value_that_was_seen() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    dispute = a_dispute(unit, a_value(unit, cycle_id, CARS, "20"), "21")
    a_value(unit, cycle_id, CARS, "22")
    with pytest.raises(Conflict, match="已有新的数值"):
        contesting.act(unit.head, dispute.id, A.REPLACE, version=1, reason="属实", last_number=1)
    with pytest.raises(Conflict, match="刷新"):
        contesting.act(unit.head, dispute.id, A.REPLACE, version=2, reason="属实", last_number=2)
    contesting.act(unit.head, dispute.id, A.REPLACE, version=1, reason="属实", last_number=2)
    assert present(unit, dispute).amount == Decimal(21)


def test_where_the_owner_has_taken_up_the_rival_nothing_is_written_twice() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    dispute = a_dispute(unit, a_value(unit, cycle_id, CARS, "20"), "21")
    taken_up = a_value(unit, cycle_id, CARS, "21")
    act(unit, "head", dispute, A.REPLACE)
    assert present(unit, dispute).id == taken_up.id
    assert present(unit, dispute).is_confirmed


def test_a_ledger_is_mended_before_the_verdict() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    fact = facts.get(unit.id, "vehicle-trips")
    with transaction():
        new = NewValue(Decimal(2160), date(2018, 12, 31), "2160", "ledger", {"ledger": "派车", "rows": 2160})
        facts.add_value(fact.id, cycle_id, "year", new, person_id=unit.writer.id)
    value = facts.present_value(fact.id, cycle_id)
    assert value
    dispute = a_dispute(unit, value, "2592")
    with pytest.raises(Invalid, match="先更正台账"):
        act(unit, "head", dispute, A.REPLACE)
    assert act(unit, "head", dispute, A.UPHOLD).state is DisputeState.DECIDED


@pytest.mark.parametrize(
    ("rival", "reason", "refusal"),
    [("20", "理由", "与现在的数值相同"), ("二十一", "理由", "不是数字"), ("21", "  ", "请写明理由")],
)
def test_a_contest_needs_another_number_and_a_reason(rival: str, reason: str, refusal: str) -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")
    with pytest.raises(Invalid, match=refusal):
        contesting.contest(unit.editor, value.id, Contest(rival, reason))
    assert disputes.open_count(value.cycle_id) == 0


def test_one_contests_the_present_value_and_once() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    old = a_value(unit, cycle_id, CARS, "19")
    value = a_value(unit, cycle_id, CARS, "20")
    with pytest.raises(Conflict, match="已有新的数值"):
        a_dispute(unit, old, "21")
    first = a_dispute(unit, value, "21")
    with pytest.raises(Conflict, match="不用重复提出"):
        a_dispute(unit, value, "23")
    a_dispute(unit, value, "22", by=unit.deputy)
    act(unit, "editor", first, A.WITHDRAW)
    a_dispute(unit, value, "23")


def test_every_step_needs_a_reason() -> None:
    unit = a_unit(with_seal=False)
    dispute = a_dispute(unit, a_value(unit, a_cycle(unit), CARS, "20"), "21")
    for who, action in (("writer", A.ANSWER), ("head", A.REPLACE), ("editor", A.WITHDRAW)):
        with pytest.raises(Invalid) as refusal:
            act(unit, who, dispute, action, "  ")
        assert refusal.value.field == "reason"


def test_another_units_dispute_is_not_there() -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")
    dispute = a_dispute(unit, value, "21")
    with pytest.raises(NotFound):
        contesting.act(other.head, dispute.id, A.REPLACE, version=1, reason="属实")
    with pytest.raises(NotFound):
        contesting.contest(other.editor, value.id, Contest("21", "理由"))


def test_whoever_is_next_is_told_and_both_sides_of_the_end() -> None:
    unit = a_unit(with_seal=False)
    dispute = a_dispute(unit, a_value(unit, a_cycle(unit), CARS, "20"), "21")
    name = dispute.fact_name
    assert told(unit, "writer") == [f"请您答复争议：{name}"]
    assert told(unit, "head") == [f"请您裁定争议：{name}"]
    assert told(unit, "editor") == told(unit, "leader") == []
    act(unit, "writer", dispute, A.ANSWER)
    assert told(unit, "editor") == [f"争议答复：{name}"]
    act(unit, "head", dispute, A.UPHOLD)
    for who in ("writer", "editor", "leader"):
        assert told(unit, who)[0] == f"争议裁定维持：{name}"
    assert all("key" in event.details for event in events.of_cycle(dispute.cycle_id) if "dispute" in event.action)


@pytest.mark.parametrize("policy", list(SealPolicy))
def test_no_report_with_an_open_dispute_is_sealed(policy: SealPolicy) -> None:
    unit = a_unit(policy)
    cycle_id = a_cycle(unit)
    value = a_confirmed_value(unit, cycle_id, CARS, "20")
    issued = an_issued_report(unit, cycle_id)
    dispute = a_dispute(unit, value, "21")

    def seal() -> None:
        report = reports.current(cycle_id)
        if policy is SealPolicy.KEEPER:
            request_seal(unit, cycle_id)
        else:
            report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)

    with pytest.raises(Invalid, match=f"“{dispute.fact_name}”有争议还没有裁定"):
        seal()
    assert reports.get(issued.id).state is issued.state
    act(unit, "editor", dispute, A.WITHDRAW)
    seal()
    assert reports.get(issued.id).state is not issued.state


def test_a_dispute_that_comes_after_the_request_still_stops_the_keeper() -> None:
    unit = a_unit(SealPolicy.KEEPER)
    cycle_id = a_cycle(unit)
    value = a_confirmed_value(unit, cycle_id, CARS, "20")
    an_issued_report(unit, cycle_id)
    report = request_seal(unit, cycle_id)
    a_dispute(unit, value, "21")
    with pytest.raises(DomainError, match="有争议还没有裁定"):
        report_acts.press(unit.keeper, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
