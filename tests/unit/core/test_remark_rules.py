"""Who sees a remark and what he may do about it: every row of the table."""

import itertools

import pytest

from perfapp.core.errors import DomainError, Forbidden, Invalid
from perfapp.core.permissions import GRANTS, Actor, Post, Role
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import (
    Audience,
    RemarkAct,
    RemarkFacts,
    RemarkState,
    Side,
    available,
    decide,
    demand_new,
    may_see,
    side,
    waits_for,
    waits_for_person,
)

OWN, OTHER = 1, 2
AUTHOR, SOMEBODY = 7, 8


def actor(*posts: Post) -> Actor:
    return Actor(SOMEBODY, "某", 1, frozenset(posts))


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        (Post(Role.WRITER, OWN), Side.WRITER),
        (Post(Role.WRITER, OTHER), None),
        (Post(Role.OFFICE_HEAD, OWN), Side.REVIEWER),
        (Post(Role.OFFICE_HEAD, OTHER), None),
        (Post(Role.FINANCE), Side.REVIEWER),
        (Post(Role.EDITOR), Side.REVIEWER),
        (Post(Role.DEPUTY_LEADER), Side.REVIEWER),
        (Post(Role.LEADER), Side.REVIEWER),
        (Post(Role.SEAL_KEEPER), None),
        (Post(Role.SYSTEM_ADMIN), None),
        (Post(Role.SECURITY_ADMIN), None),
        (Post(Role.AUDITOR), None),
    ],
)
def test_what_a_post_is_to_a_section(post: Post, expected: Side | None) -> None:
    assert post.role in GRANTS
    assert side(actor(post), OWN, wrote=False) is expected
    assert side(actor(post), OWN, wrote=True) is Side.WRITER


def test_whoever_writes_is_a_writer_whatever_else_he_is() -> None:
    """Otherwise the words meant for reviewers would reach him by his other post."""
    for role in (Role.FINANCE, Role.EDITOR, Role.LEADER):
        assert side(actor(Post(role), Post(Role.WRITER, OWN)), OWN, wrote=False) is Side.WRITER


@pytest.mark.parametrize(
    ("who", "audience", "expected"),
    [
        (Side.WRITER, Audience.EVERYBODY, True),
        (Side.WRITER, Audience.REVIEWERS, False),
        (Side.REVIEWER, Audience.EVERYBODY, True),
        (Side.REVIEWER, Audience.REVIEWERS, True),
        (None, Audience.EVERYBODY, False),
        (None, Audience.REVIEWERS, False),
    ],
)
def test_who_sees_it(who: Side | None, audience: Audience, *, expected: bool) -> None:
    assert may_see(who, audience) is expected


def facts(
    deed: Deed = Deed.COMMENT,
    audience: Audience = Audience.EVERYBODY,
    state: RemarkState = RemarkState.OPEN,
    said_last: Side = Side.REVIEWER,
) -> RemarkFacts:
    return RemarkFacts(deed, audience, state, AUTHOR, said_last)


def test_nothing_can_be_done_about_what_is_not_seen() -> None:
    for deed, state in itertools.product(Deed, RemarkState):
        hidden = facts(deed, Audience.REVIEWERS, state)
        assert available(hidden, Side.WRITER, SOMEBODY) == ()
        assert available(facts(deed, state=state), None, SOMEBODY) == ()
        assert not waits_for_person(hidden, Side.WRITER, SOMEBODY)


A = RemarkAct


@pytest.mark.parametrize(
    ("deed", "state", "who", "person", "expected"),
    [
        (Deed.COMMENT, RemarkState.OPEN, Side.WRITER, SOMEBODY, (A.REPLY, A.RESOLVE)),
        (Deed.COMMENT, RemarkState.OPEN, Side.REVIEWER, SOMEBODY, (A.REPLY, A.RESOLVE)),
        (Deed.COMMENT, RemarkState.RESOLVED, Side.WRITER, SOMEBODY, (A.REPLY, A.REOPEN)),
        (Deed.REPLACE, RemarkState.OPEN, Side.WRITER, SOMEBODY, (A.REPLY, A.ACCEPT, A.REFUSE)),
        (Deed.REPLACE, RemarkState.OPEN, Side.REVIEWER, SOMEBODY, (A.REPLY,)),
        (Deed.REPLACE, RemarkState.OPEN, Side.REVIEWER, AUTHOR, (A.REPLY, A.RESOLVE)),
        (Deed.REPLACE, RemarkState.REFUSED, Side.REVIEWER, SOMEBODY, (A.REPLY, A.REOPEN)),
        (Deed.REPLACE, RemarkState.REFUSED, Side.WRITER, SOMEBODY, (A.REPLY,)),
        (Deed.REPLACE, RemarkState.ACCEPTED, Side.REVIEWER, AUTHOR, (A.REPLY,)),
    ],
)
def test_what_may_be_done(
    deed: Deed, state: RemarkState, who: Side, person: int, expected: tuple[RemarkAct, ...]
) -> None:
    assert available(facts(deed, state=state), who, person) == expected
    for act in RemarkAct:
        if act not in expected:
            with pytest.raises(Forbidden):
                decide(facts(deed, state=state), act, who, person, "理由")


def test_a_refusal_needs_its_reason_and_a_reply_its_words() -> None:
    for act, deed in ((A.REFUSE, Deed.DELETE), (A.REPLY, Deed.COMMENT)):
        with pytest.raises(Invalid):
            decide(facts(deed), act, Side.WRITER, SOMEBODY, " ")
    assert decide(facts(Deed.DELETE), A.REFUSE, Side.WRITER, SOMEBODY, "数字无误") is RemarkState.REFUSED
    assert decide(facts(), A.REPLY, Side.WRITER, SOMEBODY, "已改") is RemarkState.OPEN


@pytest.mark.parametrize(
    ("deed", "audience", "said_last", "expected"),
    [
        (Deed.COMMENT, Audience.EVERYBODY, Side.REVIEWER, Side.WRITER),
        (Deed.COMMENT, Audience.EVERYBODY, Side.WRITER, Side.REVIEWER),
        (Deed.COMMENT, Audience.REVIEWERS, Side.REVIEWER, Side.REVIEWER),
        (Deed.INSERT, Audience.EVERYBODY, Side.WRITER, Side.WRITER),
    ],
)
def test_whom_it_waits_for(deed: Deed, audience: Audience, said_last: Side, expected: Side) -> None:
    assert waits_for(facts(deed, audience, said_last=said_last)) is expected
    assert waits_for(facts(deed, audience, RemarkState.RESOLVED, said_last)) is None


@pytest.mark.parametrize(
    ("who", "audience", "deed", "words", "quoted", "replacement", "allowed"),
    [
        (Side.REVIEWER, Audience.REVIEWERS, Deed.COMMENT, "存疑", "派车", "", True),
        (Side.WRITER, Audience.EVERYBODY, Deed.COMMENT, "请看", "", "", True),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.REPLACE, "", "派车", "用车", True),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.DELETE, "", "派车", "", True),
        (None, Audience.EVERYBODY, Deed.COMMENT, "存疑", "", "", False),
        (Side.WRITER, Audience.REVIEWERS, Deed.COMMENT, "存疑", "", "", False),
        (Side.WRITER, Audience.EVERYBODY, Deed.REPLACE, "", "派车", "用车", False),
        (Side.REVIEWER, Audience.REVIEWERS, Deed.REPLACE, "", "派车", "用车", False),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.COMMENT, " ", "派车", "", False),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.INSERT, "", "派车", " ", False),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.REPLACE, "", "派车", "派车", False),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.DELETE, "", "", "", False),
        (Side.REVIEWER, Audience.EVERYBODY, Deed.COMMENT, "长" * 1001, "", "", False),
    ],
)
def test_who_may_remark_what(
    who: Side | None, audience: Audience, deed: Deed, words: str, quoted: str, replacement: str, *, allowed: bool
) -> None:
    refused = False
    try:
        demand_new(who, audience, deed, words=words, quoted=quoted, replacement=replacement)
    except DomainError:
        refused = True
    assert refused is not allowed
