"""Steps that several take: a table of cases, and what holds for whatever people and rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.delegation import STEPS, Scope, acting_for, lent
from perfapp.core.joint import Joint, Kind, Mode, Referral, Rule
from perfapp.core.permissions import GRANTS, Actor, Permission, Post, Role
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import FLOW as SECTION_FLOW

A, B, C, X = 1, 2, 3, 9
SEAL = {Permission.PRESS_SEAL, Permission.PRESS_OWN_ISSUE, Permission.REQUEST_SEAL, Permission.VOID}


def brought(kind: Kind, by: int, to: int) -> Referral:
    return Referral(1, kind, by, f"{by}号", to, f"{to}号")


def joint(rule: Rule, agreed: dict[int, int], *referrals: Referral) -> Joint:
    return Joint(rule=rule, seats=frozenset({A, B, C}), agreed=agreed, referrals=referrals)


@pytest.mark.parametrize(
    ("rule", "agreed", "referrals", "enough"),
    [
        (Rule(Mode.ANY), {}, (), False),
        (Rule(Mode.ANY), {B: B}, (), True),
        (Rule(Mode.ALL), {A: A, B: B}, (), False),
        (Rule(Mode.ALL), {A: A, B: B, C: C}, (), True),
        (Rule(Mode.ALL), {A: A, B: B, C: A}, (), True),  # every seat heard, one by a delegate's hand
        (Rule(Mode.SOME, 2), {A: A}, (), False),
        (Rule(Mode.SOME, 2), {A: A, B: B}, (), True),
        (Rule(Mode.SOME, 2), {A: A, B: A}, (), False),  # one hand counts once
        (Rule(Mode.SOME, 9), {A: A, B: B, C: C}, (), True),  # never more than there are
        (Rule(Mode.ANY), {X: X}, (brought(Kind.BEFORE, A, X),), False),  # his word is no post's
        (Rule(Mode.ANY), {A: A}, (brought(Kind.BEFORE, A, X),), False),
        (Rule(Mode.ANY), {A: A, X: X}, (brought(Kind.AFTER, A, X),), True),
        (Rule(Mode.ALL), {B: B, C: C}, (brought(Kind.INSTEAD, A, B),), True),  # handed to one who is asked anyway
        (Rule(Mode.ALL), {B: B, C: C}, (brought(Kind.INSTEAD, A, X),), False),
        (Rule(Mode.ALL), {B: B, C: C, X: X}, (brought(Kind.INSTEAD, A, X),), True),
    ],
)
def test_when_it_is_enough(
    rule: Rule, agreed: dict[int, int], referrals: tuple[Referral, ...], *, enough: bool
) -> None:
    step = joint(rule, agreed, *referrals)
    assert step.is_enough() is enough
    assert bool(step.awaited()) is not enough


rules = st.builds(Rule, st.sampled_from(Mode), st.integers(1, 4))
people = st.sampled_from([A, B, C, X])
referrals = st.lists(
    st.builds(brought, st.sampled_from(Kind), st.sampled_from([A, B, C]), st.sampled_from([X, 10, 11])),
    max_size=3,
    unique_by=lambda one: one.to_id,  # as services.passing has it: nobody is brought in who is in it already
)


@given(rules, st.dictionaries(people, people), referrals, people)
def test_one_word_more_never_makes_it_less(
    rule: Rule, agreed: dict[int, int], found: list[Referral], seat: int
) -> None:
    step = joint(rule, agreed, *found)
    if step.is_enough() and seat not in agreed:
        assert step.is_enough(step.with_word_of(seat, seat))


@given(rules, referrals)
def test_it_is_never_stuck_while_somebody_may_act(rule: Rule, found: list[Referral]) -> None:
    """Whoever is awaited agrees, again and again: it ends."""
    given_words: dict[int, int] = {}
    for _ in range(7):
        step = joint(rule, given_words, *found)
        waiting = step.awaited()
        if not waiting:
            break
        given_words = step.with_word_of(min(waiting), min(waiting))
    assert joint(rule, given_words, *found).is_enough()


@given(st.sets(st.sampled_from(Permission)), st.sets(st.sampled_from(Role)))
def test_nothing_but_the_approving_steps_is_ever_lent(steps: set[Permission], roles: set[Role]) -> None:
    posts = [Post(role, 1 if role in {Role.WRITER, Role.OFFICE_HEAD} else None) for role in roles]
    given_steps = {step for step, _ in lent(posts, [Scope(steps)])}
    assert given_steps <= STEPS.keys() & steps
    assert not given_steps & SEAL
    assert all(any(step in GRANTS[role] for role in roles) for step in given_steps)


def test_no_row_of_the_seal_can_be_lent_or_passed_on() -> None:
    passed = {step.action for flow in (SECTION_FLOW, REPORT_FLOW) for step in flow.steps if step.joint}
    assert not passed & {
        ReportAction.REQUEST_SEAL,
        ReportAction.PRESS,
        ReportAction.RETRY_SEAL,
        ReportAction.ABANDON_SEAL,
        ReportAction.REFUSE_SEAL,
        ReportAction.VOID,
    }


def test_a_delegate_lends_nothing_on() -> None:
    head = Actor(A, "张", 1, frozenset({Post(Role.OFFICE_HEAD, 5)}))
    first = acting_for(Actor(B, "李", 1, frozenset()), head, [Scope(frozenset(STEPS))])
    assert first is not None
    assert (first.seat_id, first.signature) == (A, "李（代张）")
    assert acting_for(Actor(C, "王", 1, frozenset()), first, [Scope(frozenset(STEPS), 6)]) is None
    assert not first.may(Permission.REVIEW)  # what he may read and do by himself stays his own
