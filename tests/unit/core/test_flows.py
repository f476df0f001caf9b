"""Both workflows against the tables people agreed to: golden files, reviewed like code.

`PERFAPP_UPDATE_GOLDEN=1 pytest tests/unit/core/test_flows.py` writes them anew.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfapp.core import flow_chart, report_flow, section_flow
from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid
from perfapp.core.figures import dispute_flow
from perfapp.core.figures.dispute_flow import DisputeAction, DisputeFacts, DisputeState
from perfapp.core.flow import Flow, Scope
from perfapp.core.joint import Joint, Mode, Rule
from perfapp.core.permissions import ADMIN_ROLES, OFFICE_ROLES, Actor, Post, Role, clash
from perfapp.core.report_flow import ReportAction, ReportFacts, ReportState
from perfapp.core.section_flow import SectionAction, SectionFacts, SectionState

HERE = Path(__file__).parent
DOCS = Path(__file__).parents[3] / "docs"
ME, OTHER, OWN, ELSEWHERE = 7, 8, 1, 2
REPORT_ALL = frozenset(str(c) for c in report_flow.Is)


def actor(role: Role, *, own: bool = True) -> Actor:
    office = (OWN if own else ELSEWHERE) if role in OFFICE_ROLES else None
    return Actor(ME, "某", 1, frozenset({Post(role, office)}))


def section_facts(state: SectionState, *, author: bool, money: bool, direct: bool) -> SectionFacts:
    conditions = {
        section_flow.Is.COMPLETE,
        section_flow.Is.REPORT_OPEN,
        section_flow.Is.MAY_BE_ABSENT,
        section_flow.Is.NO_BLOCKING,
        section_flow.Is.WITH_MONEY if money else section_flow.Is.WITHOUT_MONEY,
        section_flow.Is.DIRECT if direct else section_flow.Is.NOT_DIRECT,
    }
    return SectionFacts(
        state=state,
        version=3,
        office_id=OWN,
        direct_to=SectionState.HEAD_APPROVED if direct else None,
        author_ids=frozenset({ME if author else OTHER}),
        last_actor_id=ME,
        joints={step: _decided_by_me(step, str(state), frozenset({ME})) for step in ("endorse", "check", "accept")},
        conditions=frozenset(map(str, conditions)),
    )


_TAKEN = {
    "endorse": {"head_approved", "awaiting_issue"},
    "check": {"finance_checked"},
    "accept": {"accepted"},
    "issue": {"issued"},
}


def _decided_by_me(step: str, state: str, seats: frozenset[int]) -> Joint:
    """The step as it stands: I have taken it, where the state says that it has been taken."""
    rule = Rule(Mode.ALL)
    return Joint(rule=rule, seats=seats, agreed={ME: ME} if state in _TAKEN[step] else {}, floor=0)


def report_facts(state: ReportState, *, author: bool, keeper: bool, rest: str) -> ReportFacts:
    """`rest` is one letter a circumstance: d direct, l last reviewer, f the seal failed."""
    dropped = {
        report_flow.Is.BY_LEADER if keeper else report_flow.Is.BY_KEEPER,
        report_flow.Is.NOT_DIRECT if "d" in rest else report_flow.Is.DIRECT,
        report_flow.Is.REVIEWERS_LEFT if "l" in rest else report_flow.Is.NO_REVIEWERS_LEFT,
    }
    if "f" not in rest:
        dropped |= {report_flow.Is.SEAL_FAILED, report_flow.Is.SEAL_STUCK}
    return ReportFacts(
        state=state,
        version=3,
        direct_to=ReportState.AWAITING_ISSUE if "d" in rest else None,
        author_ids=frozenset({ME if author else OTHER}),
        last_actor_id=ME,
        joints={
            "endorse": _decided_by_me("endorse", str(state), frozenset({ME} if "l" in rest else {ME, OTHER})),
            "issue": _decided_by_me("issue", str(state), frozenset({ME})),
        },
        conditions=REPORT_ALL - frozenset(map(str, dropped)),
    )


def dispute_facts(state: DisputeState, *, side: str, money: bool) -> DisputeFacts:
    """`side` is the actor's own in the dispute: he opened it, he entered the value, or neither."""
    conditions = {dispute_flow.Is.MONEY if money else dispute_flow.Is.NOT_MONEY}
    if side == "opened":
        conditions.add(dispute_flow.Is.MINE)
    return DisputeFacts(
        state=state,
        version=3,
        office_id=OWN,
        author_ids=frozenset({ME if side else OTHER}),
        conditions=frozenset(map(str, conditions)),
    )


def verdict(flow: Flow[Any, Any], facts: Any, action: Any, who: Actor | None) -> str:
    try:
        return str(flow.decide(facts, action, who, version=3, reason="理由").new.value)
    except DomainError as refusal:
        return type(refusal).__name__


def section_rows() -> Iterator[str]:
    yes = (True, False)
    for state, action, role, own, author, money, direct in itertools.product(
        SectionState, SectionAction, Role, yes, yes, yes, yes
    ):
        if not own and role not in OFFICE_ROLES:
            continue
        facts = section_facts(state, author=author, money=money, direct=direct)
        found = verdict(section_flow.FLOW, facts, action, actor(role, own=own))
        if found != "Forbidden":
            flags = "".join(c if on else "-" for c, on in zip("oamd", (own, author, money, direct), strict=True))
            yield f"{state:16} {action:15} {role:15} {flags} {found}"


def report_rows() -> Iterator[str]:
    for state, action, role, author, keeper, rest in itertools.product(
        ReportState, ReportAction, Role, (True, False), (True, False), ("", "d", "l", "f")
    ):
        facts = report_facts(state, author=author, keeper=keeper, rest=rest)
        found = verdict(report_flow.FLOW, facts, action, actor(role))
        if found not in {"Forbidden", "Conflict"}:
            flags = "".join(c if on else "-" for c, on in zip("ak", (author, keeper), strict=True)) + (rest or "-")
            yield f"{state:15} {action:15} {role:15} {flags} {found}"


def dispute_rows() -> Iterator[str]:
    yes = (True, False)
    for state, action, role, own, side, money in itertools.product(
        DisputeState, DisputeAction, Role, yes, ("", "opened", "entered"), yes
    ):
        if not own and role not in OFFICE_ROLES:
            continue
        facts = dispute_facts(state, side=side, money=money)
        found = verdict(dispute_flow.FLOW, facts, action, actor(role, own=own))
        if found not in {"Forbidden", "Conflict"}:
            flags = "".join(c if on else "-" for c, on in zip("om", (own, money), strict=True))
            yield f"{state:10} {action:9} {role:15} {flags} {side or '-':8} {found}"


@pytest.mark.parametrize(
    ("name", "rows"), [("sections", section_rows), ("reports", report_rows), ("disputes", dispute_rows)]
)
def test_the_whole_table_is_as_agreed(name: str, rows: Callable[[], Iterator[str]]) -> None:
    """Every row that is not listed is Forbidden (for reports and disputes: or Conflict)."""
    golden = HERE / f"flow_{name}.txt"
    text = "\n".join(rows()) + "\n"
    if os.environ.get("PERFAPP_UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize(
    ("flow", "states", "first", "last"),
    [
        (section_flow.FLOW, SectionState, SectionState.NOT_STARTED, ()),
        (report_flow.FLOW, ReportState, ReportState.DRAFTING, ()),
        (dispute_flow.FLOW, DisputeState, DisputeState.OPEN, (DisputeState.WITHDRAWN,)),
    ],
)
def test_every_state_can_be_reached_and_left(flow: Flow[Any, Any], states: Any, first: Any, last: Any) -> None:
    reached = {step.target for step in flow.steps} | {first}
    left = {state for step in flow.steps for state in step.source}
    assert reached >= set(states)
    assert left == set(states) - set(last)


@pytest.mark.parametrize("role", sorted(ADMIN_ROLES))
def test_administrators_have_no_hand_in_the_content(role: Role) -> None:
    for state in SectionState:
        for money, direct in itertools.product((True, False), repeat=2):
            facts = section_facts(state, author=False, money=money, direct=direct)
            assert section_flow.FLOW.available(facts, actor(role)) == ()
    for report_state in ReportState:
        assert (
            report_flow.FLOW.available(report_facts(report_state, author=False, keeper=False, rest="f"), actor(role))
            == ()
        )


def test_every_drawn_button_works_but_for_what_is_still_missing() -> None:
    for state, role, money in itertools.product(SectionState, Role, (True, False)):
        facts = section_facts(state, author=False, money=money, direct=False)
        for action in section_flow.FLOW.available(facts, actor(role)):
            assert verdict(section_flow.FLOW, facts, action, actor(role)) not in {"Forbidden", "Conflict"}


@pytest.mark.parametrize("version", [2, 4])
def test_a_stale_page_is_refused(version: int) -> None:
    facts = section_facts(SectionState.SUBMITTED, author=False, money=False, direct=False)
    with pytest.raises(Conflict, match="刷新"):
        section_flow.FLOW.decide(facts, SectionAction.ENDORSE, actor(Role.OFFICE_HEAD), version=version)


def test_refusals_come_in_order_so_that_a_stranger_never_learns_the_state() -> None:
    facts = section_facts(SectionState.ACCEPTED, author=False, money=False, direct=False)
    with pytest.raises(Forbidden):
        section_flow.FLOW.decide(facts, SectionAction.SUBMIT, actor(Role.WRITER, own=False), version=1)
    with pytest.raises(Conflict):
        section_flow.FLOW.decide(facts, SectionAction.REOPEN, actor(Role.EDITOR), version=1)
    with pytest.raises(Invalid) as refusal:
        section_flow.FLOW.decide(facts, SectionAction.REOPEN, actor(Role.EDITOR), version=3)
    assert refusal.value.field == "reason"


def test_no_person_can_do_what_the_system_does() -> None:
    for flow in (section_flow.FLOW, report_flow.FLOW):
        for step in flow.steps:
            assert (step.permission is None) == (step.scope is Scope.SYSTEM)


def test_the_three_administrators_stay_apart() -> None:
    for role in Role:
        for wanted in ADMIN_ROLES - {role}:
            assert clash(frozenset({role}), wanted)
        if role not in ADMIN_ROLES:
            assert clash(frozenset({Role.AUDITOR}), role)
    assert clash(frozenset({Role.WRITER}), Role.EDITOR) is None


def test_the_page_about_the_workflow_is_fresh() -> None:
    assert (DOCS / "workflow.md").read_text() == flow_chart.page()
