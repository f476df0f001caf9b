"""Who may see a remark, answer it, settle it: what is not allowed here is not shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from perfapp.core.errors import Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.core.remarks.proposals import Deed

MAX_WORDS = 1000
MAX_QUOTED = 2000

_REVIEWS = (Permission.CHECK_MONEY, Permission.ACCEPT, Permission.REVIEW_REPORT, Permission.ISSUE)


class Audience(StrEnum):
    """Whom a remark is for."""

    EVERYBODY = "everybody"  # the section's writers and its reviewers
    REVIEWERS = "reviewers"


class Side(StrEnum):
    """What a person is to a section."""

    WRITER = "writer"
    REVIEWER = "reviewer"


class RemarkState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class RemarkAct(StrEnum):
    """What is done about a remark; every one is kept with its person, its moment and its words."""

    REPLY = "reply"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ACCEPT = "accept"
    REFUSE = "refuse"


AUDIENCES: Mapping[Audience, str] = {
    Audience.EVERYBODY: "经办人和审核人都能看到",
    Audience.REVIEWERS: "只给审核人看",
}
STATES: Mapping[RemarkState, str] = {
    RemarkState.OPEN: "待处理",
    RemarkState.RESOLVED: "已解决",
    RemarkState.ACCEPTED: "已采纳",
    RemarkState.REFUSED: "未采纳",
}
ACTS: Mapping[RemarkAct, str] = {
    RemarkAct.REPLY: "回复",
    RemarkAct.RESOLVE: "标为已解决",
    RemarkAct.REOPEN: "重新提出",
    RemarkAct.ACCEPT: "采纳了修改建议",
    RemarkAct.REFUSE: "没有采纳修改建议",
}
DEEDS: Mapping[Deed, str] = {
    Deed.COMMENT: "批注",
    Deed.REPLACE: "建议改为",
    Deed.DELETE: "建议删去",
    Deed.INSERT: "建议在后面加上",
}

_TARGETS: Mapping[RemarkAct, tuple[RemarkState, frozenset[RemarkState]]] = {
    RemarkAct.RESOLVE: (RemarkState.RESOLVED, frozenset({RemarkState.OPEN})),
    RemarkAct.REOPEN: (RemarkState.OPEN, frozenset({RemarkState.RESOLVED, RemarkState.REFUSED})),
    RemarkAct.ACCEPT: (RemarkState.ACCEPTED, frozenset({RemarkState.OPEN})),
    RemarkAct.REFUSE: (RemarkState.REFUSED, frozenset({RemarkState.OPEN})),
}


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """What the rules need to know of a remark. `said_last` is the side that spoke last in it.

    `author_left`: whoever made it holds none of the posts any more that he made it in.
    """

    deed: Deed
    audience: Audience
    state: RemarkState
    author_id: int
    said_last: Side
    author_left: bool = False


def side(actor: Actor, office_id: int | None, *, wrote: bool) -> Side | None:
    """What the actor is to a section of this office; `wrote`: he has ever written in it. None: nothing at all.

    Whoever writes is a writer, whatever else he is: what is for reviewers only must not reach him by another post.
    """
    if wrote or (office_id is not None and actor.may_at(Permission.WRITE, office_id)):
        return Side.WRITER
    heads = office_id is not None and actor.may_at(Permission.REVIEW, office_id)
    return Side.REVIEWER if heads or any(actor.may(permission) for permission in _REVIEWS) else None


def may_see(who: Side | None, audience: Audience) -> bool:
    if who is Side.REVIEWER:
        return True
    return who is Side.WRITER and audience is Audience.EVERYBODY


def demand_new(who: Side | None, audience: Audience, deed: Deed, *, words: str, quoted: str, replacement: str) -> None:
    """Forbidden or Invalid where a person of this side may not make such a remark."""
    if who is None:
        raise Forbidden("只有本节的经办人和审核人可以批注。")
    if who is Side.WRITER and audience is not Audience.EVERYBODY:
        raise Forbidden("只有审核人可以写仅审核人可见的批注。")
    if who is Side.WRITER and deed is not Deed.COMMENT:
        raise Forbidden("本节由您编写，请直接修改正文，不必提修改建议。")
    if max(len(words), len(replacement)) > MAX_WORDS:
        raise Invalid(f"写得太长了，每项请写在 {MAX_WORDS} 字以内。", field="words")
    if deed is not Deed.COMMENT:
        _demand_proposal(audience, deed, quoted, replacement)
    elif not words.strip():
        raise Invalid("请写下批注的内容。", field="words")


def _demand_proposal(audience: Audience, deed: Deed, quoted: str, replacement: str) -> None:
    if audience is Audience.REVIEWERS:
        raise Invalid("修改建议要由经办人采纳，不能只给审核人看。", field="audience")
    if not quoted:
        raise Invalid("请先选中要修改的文字，再提修改建议。", field="quoted")
    if deed in (Deed.REPLACE, Deed.INSERT) and not replacement.strip():
        raise Invalid("请写下建议的文字；只想删去的，请选“建议删去”。", field="replacement")
    if deed is Deed.REPLACE and replacement == quoted:
        raise Invalid("建议的文字和原来的一样，请修改后再提。", field="replacement")


def available(facts: RemarkFacts, who: Side | None, actor_id: int) -> tuple[RemarkAct, ...]:
    """What this person may do about the remark."""
    if who is None or not may_see(who, facts.audience):
        return ()
    found = [RemarkAct.REPLY]
    if facts.deed is Deed.COMMENT:
        found += [RemarkAct.RESOLVE, RemarkAct.REOPEN]
    else:
        found += [RemarkAct.ACCEPT, RemarkAct.REFUSE] if who is Side.WRITER else []
        found += [RemarkAct.RESOLVE] if actor_id == facts.author_id else []  # a proposal taken back
        found += [RemarkAct.REOPEN] if who is Side.REVIEWER else []
    return tuple(act for act in found if act is RemarkAct.REPLY or facts.state in _TARGETS[act][1])


def decide(facts: RemarkFacts, act: RemarkAct, who: Side | None, actor_id: int, words: str) -> RemarkState:
    """The state after the act; Forbidden or Invalid where it may not be done."""
    if act not in available(facts, who, actor_id):
        done = STATES[facts.state]
        raise Forbidden(f"这条批注现在是“{done}”，您不能这样办理，请刷新后再看。")
    if len(words) > MAX_WORDS:
        raise Invalid(f"写得太长了，请写在 {MAX_WORDS} 字以内。", field="words")
    if act in (RemarkAct.REPLY, RemarkAct.REFUSE) and not words.strip():
        what = "回复的内容" if act is RemarkAct.REPLY else "不采纳的理由"
        raise Invalid(f"请写下{what}。", field="words")
    return facts.state if act is RemarkAct.REPLY else _TARGETS[act][0]


def waits_for(facts: RemarkFacts) -> Side | None:
    """Which side is to act on an open remark: what is for reviewers stays with them, else whoever was spoken to."""
    if facts.state is not RemarkState.OPEN:
        return None
    if facts.audience is Audience.REVIEWERS:
        return Side.REVIEWER
    if facts.deed is not Deed.COMMENT:
        return Side.WRITER
    return Side.REVIEWER if facts.said_last is Side.WRITER else Side.WRITER


def waits_for_person(facts: RemarkFacts, who: Side | None, actor_id: int) -> bool:
    """Whether this person is to act: a writer of the section, or the reviewer who made the remark.

    Where he has left, it waits for every reviewer, his successor among them: an answer to nobody is never seen. What
    is for reviewers only is an opinion before all of them, and nobody's turn.
    """
    wanted = waits_for(facts)
    if wanted is None or wanted is not who or facts.audience is not Audience.EVERYBODY:
        return False
    return who is Side.WRITER or facts.author_left or actor_id == facts.author_id
