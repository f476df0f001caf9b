"""Disclosure and measures against the tables people agreed to: golden files, reviewed like code.

`PERFAPP_UPDATE_GOLDEN=1 pytest tests/unit/core/test_after_seal_flows.py` writes them anew.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from perfapp.core.disclosing import flow as disclosing
from perfapp.core.disclosing.flow import DisclosureAction, DisclosureFacts, DisclosureState
from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid
from perfapp.core.flow import Flow
from perfapp.core.measures import flow as measures
from perfapp.core.measures.flow import MeasureAction, MeasureFacts, MeasureState
from perfapp.core.permissions import BUREAU_ROLES, OFFICE_ROLES, Actor, Post, Role, UnitKind, clash, fits

HERE = Path(__file__).parent
ME, OTHER, OWN, ELSEWHERE = 7, 8, 1, 2
ALL_OF_IT = frozenset(str(one) for one in disclosing.Is)


def actor(role: Role, *, own: bool = True) -> Actor:
    office = (OWN if own else ELSEWHERE) if role in OFFICE_ROLES else None
    return Actor(ME, "某", 1, frozenset({Post(role, office)}))


def disclosure(state: DisclosureState, part: str, conditions: frozenset[str] = ALL_OF_IT) -> DisclosureFacts:
    """`part` is the actor's own in it: he prepared it, he gave the decision before, or neither."""
    return DisclosureFacts(
        state=state,
        version=3,
        author_ids=frozenset({ME if part == "prepared" else OTHER}),
        approver_ids=frozenset({ME if part == "decided" else OTHER}),
        conditions=conditions,
    )


def measure(state: MeasureState, *, claimed: bool) -> MeasureFacts:
    return MeasureFacts(
        state=state,
        version=3,
        office_id=OWN,
        author_ids=frozenset({ME if claimed else OTHER}),
        last_actor_id=ME if claimed else OTHER,
        conditions=frozenset(str(one) for one in measures.Is),
    )


def verdict(flow: Flow[Any, Any], facts: Any, action: Any, who: Actor) -> str:
    try:
        return str(flow.decide(facts, action, who, version=3, reason="理由").new.value)
    except DomainError as refusal:
        return type(refusal).__name__


def disclosure_rows() -> Iterator[str]:
    for state, action, role, part in itertools.product(
        DisclosureState, DisclosureAction, Role, ("prepared", "decided", "-")
    ):
        found = verdict(disclosing.FLOW, disclosure(state, part), action, actor(role))
        if found not in {"Forbidden", "Conflict"}:
            yield f"{state:17} {action:9} {role:15} {part:9} {found}"


def measure_rows() -> Iterator[str]:
    for state, action, role, own, claimed in itertools.product(
        MeasureState, MeasureAction, Role, (True, False), (True, False)
    ):
        if not own and role not in OFFICE_ROLES:
            continue
        found = verdict(measures.FLOW, measure(state, claimed=claimed), action, actor(role, own=own))
        if found not in {"Forbidden", "Conflict"}:
            flags = f"{'own' if own else 'other'} {'claimed' if claimed else '-'}"
            yield f"{state:12} {action:9} {role:15} {flags:14} {found}"


@pytest.mark.parametrize(("name", "rows"), [("disclosures", disclosure_rows), ("measures", measure_rows)])
def test_the_whole_table_is_as_agreed(name: str, rows: Callable[[], Iterator[str]]) -> None:
    """Every row that is not listed is Forbidden or Conflict."""
    golden = HERE / f"flow_{name}.txt"
    text = "\n".join(rows()) + "\n"
    if os.environ.get("PERFAPP_UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("missing", list(disclosing.Is))
def test_nothing_is_published_without_what_it_needs(missing: disclosing.Is) -> None:
    facts = disclosure(DisclosureState.APPROVED, "-", ALL_OF_IT - {str(missing)})
    needed = set(disclosing.Is) - {disclosing.Is.PERSONAL_SETTLED}
    expected = "Invalid" if missing in needed else "published"
    assert verdict(disclosing.FLOW, facts, DisclosureAction.PUBLISH, actor(Role.EDITOR)) == expected


def test_one_person_never_passes_both_gates() -> None:
    for state, action in ((DisclosureState.CLEARING, "clear"), (DisclosureState.AWAITING_APPROVAL, "approve")):
        for role in Role:
            found = verdict(disclosing.FLOW, disclosure(state, "prepared"), DisclosureAction(action), actor(role))
            assert found in {"Forbidden", "Conflict"}, (role, action)
    facts = disclosure(DisclosureState.AWAITING_APPROVAL, "decided")
    with pytest.raises(Forbidden):
        disclosing.FLOW.decide(facts, DisclosureAction.APPROVE, actor(Role.LEADER), version=3)


@pytest.mark.parametrize("missing", list(measures.Is))
def test_nothing_is_claimed_without_a_date_and_something_to_show(missing: measures.Is) -> None:
    facts = measure(MeasureState.UNDER_WAY, claimed=False)
    facts = MeasureFacts(
        state=facts.state,
        version=3,
        office_id=OWN,
        conditions=frozenset(str(one) for one in measures.Is if one is not missing),
    )
    with pytest.raises(Invalid):
        measures.FLOW.decide(facts, MeasureAction.CLAIM, actor(Role.WRITER), version=3, reason="已办")
    with pytest.raises(Conflict):
        measures.FLOW.decide(facts, MeasureAction.CONFIRM, actor(Role.EDITOR), version=3)


def test_the_posts_of_a_bureau_are_its_own() -> None:
    for role in BUREAU_ROLES:
        assert fits(role, UnitKind.BUREAU)
        assert not fits(role, UnitKind.BUDGET)
        for other in set(Role) - BUREAU_ROLES:
            assert clash(frozenset({other}), role)
            assert clash(frozenset({role}), other)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        assert fits(role, UnitKind.BUREAU)
        assert fits(role, UnitKind.BUDGET)
    assert not fits(Role.LEADER, UnitKind.BUREAU)
