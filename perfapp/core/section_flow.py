"""A section's life, as a table. Buttons, tests and docs/workflow.md are read from it."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.flow import Effect, Facts, Flow, Scope, Step
from perfapp.core.permissions import Actor, Permission


class SectionState(StrEnum):
    NOT_STARTED = "not_started"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    HEAD_APPROVED = "head_approved"
    FINANCE_CHECKED = "finance_checked"
    ACCEPTED = "accepted"


class SectionAction(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    DECLARE_ABSENT = "declare_absent"
    WITHDRAW = "withdraw"
    ENDORSE = "endorse"
    UNDO_ENDORSE = "undo_endorse"
    CHECK = "check"
    UNDO_CHECK = "undo_check"
    ACCEPT = "accept"
    UNDO_ACCEPT = "undo_accept"
    ADD = "add"  # 加签
    HAND_ON = "hand_on"  # 转办
    RETURN = "return"
    REOPEN = "reopen"
    RECALL = "recall"


class Is(StrEnum):
    """Conditions a section can meet."""

    WITH_MONEY = "with_money"
    WITHOUT_MONEY = "without_money"
    DIRECT = "direct"  # returned with 直达: back to whoever returned it
    NOT_DIRECT = "not_direct"
    COMPLETE = "complete"
    REPORT_OPEN = "report_open"
    MAY_BE_ABSENT = "may_be_absent"
    NO_BLOCKING = "no_blocking"  # no finding of the checks stops it


NEEDS: Mapping[str, str] = {
    Is.COMPLETE: "本节还没有内容，写好后再提交；确实没有此项的，请选“不适用”并说明理由。",
    Is.REPORT_OPEN: "报告已进入合稿，本节暂时锁定；需要修改请联系统稿人退回。",
    Is.NO_BLOCKING: "体检发现本节有须先改正的问题，请看“检查”。",
    Is.MAY_BE_ABSENT: "本节是必填内容，不能填“不适用”。",
}

SectionFacts = Facts[SectionState]
S, A, P, OWN = SectionState, SectionAction, Permission, Scope.OWN_OFFICE
_WRITABLE = (S.NOT_STARTED, S.DRAFTING)
_OPEN = (Is.REPORT_OPEN,)
_STATIONS = (
    (A.ENDORSE, S.SUBMITTED, P.REVIEW, OWN, ()),
    (A.CHECK, S.HEAD_APPROVED, P.CHECK_MONEY, Scope.UNIT, (Is.WITH_MONEY,)),
    (A.ACCEPT, S.FINANCE_CHECKED, P.ACCEPT, Scope.UNIT, (Is.WITH_MONEY,)),
    (A.ACCEPT, S.HEAD_APPROVED, P.ACCEPT, Scope.UNIT, (Is.WITHOUT_MONEY,)),
)
"""Where a section waits for a decision: the step, the state, and whose it is."""

# fmt: off
FLOW: Flow[SectionState, SectionAction] = Flow((
    # 经办人
    Step(action=A.SAVE, source=(S.NOT_STARTED,), target=S.DRAFTING, permission=P.WRITE, scope=OWN, needs=_OPEN,
         forward=True),
    Step(action=A.SAVE, source=(S.DRAFTING,), target=S.DRAFTING, permission=P.WRITE, scope=OWN, needs=_OPEN),
    Step(action=A.SUBMIT, source=(S.DRAFTING,), target=S.SUBMITTED, permission=P.WRITE, scope=OWN,
         when=(Is.NOT_DIRECT,), needs=(Is.REPORT_OPEN, Is.COMPLETE, Is.NO_BLOCKING), forward=True),
    Step(action=A.SUBMIT, source=(S.DRAFTING,), target=None, to_direct=True, permission=P.WRITE, scope=OWN,
         when=(Is.DIRECT,), needs=(Is.REPORT_OPEN, Is.COMPLETE, Is.NO_BLOCKING), forward=True),
    Step(action=A.DECLARE_ABSENT, source=_WRITABLE, target=S.SUBMITTED, permission=P.WRITE, scope=OWN,
         needs=(Is.REPORT_OPEN, Is.MAY_BE_ABSENT), needs_reason=True),
    Step(action=A.WITHDRAW, source=(S.SUBMITTED,), target=S.DRAFTING, permission=P.WRITE, scope=OWN, needs=_OPEN),
    # 科室负责人
    Step(action=A.ENDORSE, source=(S.SUBMITTED,), target=S.HEAD_APPROVED, permission=P.REVIEW, scope=OWN,
         joint=A.ENDORSE, not_by_author=True, covers=True, forward=True),
    Step(action=A.UNDO_ENDORSE, source=(S.SUBMITTED, S.HEAD_APPROVED), target=S.SUBMITTED, permission=P.REVIEW,
         scope=OWN, joint=A.ENDORSE, undoes=True, needs=_OPEN),
    # 财务
    Step(action=A.CHECK, source=(S.HEAD_APPROVED,), target=S.FINANCE_CHECKED, permission=P.CHECK_MONEY,
         joint=A.CHECK, when=(Is.WITH_MONEY,), not_by_author=True, covers=True, forward=True, same_person=True),
    Step(action=A.UNDO_CHECK, source=(S.HEAD_APPROVED, S.FINANCE_CHECKED), target=S.HEAD_APPROVED,
         permission=P.CHECK_MONEY, joint=A.CHECK, undoes=True, needs=_OPEN),
    # 统稿人
    Step(action=A.ACCEPT, source=(S.FINANCE_CHECKED,), target=S.ACCEPTED, permission=P.ACCEPT, joint=A.ACCEPT,
         when=(Is.WITH_MONEY,), covers=True, forward=True, same_person=True, effects=(Effect.TELL_WRITERS,)),
    Step(action=A.ACCEPT, source=(S.HEAD_APPROVED,), target=S.ACCEPTED, permission=P.ACCEPT, joint=A.ACCEPT,
         when=(Is.WITHOUT_MONEY,), covers=True, forward=True, same_person=True, effects=(Effect.TELL_WRITERS,)),
    Step(action=A.UNDO_ACCEPT, source=(S.FINANCE_CHECKED, S.ACCEPTED), target=S.FINANCE_CHECKED, permission=P.ACCEPT,
         joint=A.ACCEPT, undoes=True, when=(Is.WITH_MONEY,), needs=_OPEN),
    Step(action=A.UNDO_ACCEPT, source=(S.HEAD_APPROVED, S.ACCEPTED), target=S.HEAD_APPROVED, permission=P.ACCEPT,
         joint=A.ACCEPT, undoes=True, when=(Is.WITHOUT_MONEY,), needs=_OPEN),
    # 加签、转办
    *(
        Step(action=passing, source=(state,), target=None, permission=permission, scope=scope, joint=step, when=when,
             not_by_author=True, in_person=True, needs=_OPEN, needs_reason=True)
        for passing in (A.ADD, A.HAND_ON)
        for step, state, permission, scope, when in _STATIONS
    ),
    # 退回
    Step(action=A.RETURN, source=(S.SUBMITTED,), target=S.DRAFTING, permission=P.REVIEW, scope=OWN, joint=A.ENDORSE,
         needs=_OPEN, needs_reason=True),
    Step(action=A.RETURN, source=(S.HEAD_APPROVED, S.FINANCE_CHECKED), target=S.DRAFTING, permission=P.CHECK_MONEY,
         joint=A.CHECK, when=(Is.WITH_MONEY,), needs=_OPEN, needs_reason=True, effects=(Effect.TELL_HEADS,)),
    Step(action=A.RETURN, source=(S.FINANCE_CHECKED,), target=S.DRAFTING, permission=P.ACCEPT, joint=A.ACCEPT,
         when=(Is.WITH_MONEY,), needs=_OPEN, needs_reason=True, effects=(Effect.TELL_HEADS,)),
    Step(action=A.RETURN, source=(S.HEAD_APPROVED,), target=S.DRAFTING, permission=P.ACCEPT, joint=A.ACCEPT,
         when=(Is.WITHOUT_MONEY,), needs=_OPEN, needs_reason=True, effects=(Effect.TELL_HEADS,)),
    Step(action=A.REOPEN, source=(S.ACCEPTED,), target=S.DRAFTING, permission=P.ACCEPT,
         needs=_OPEN, needs_reason=True),
    # part of a report's return: the report's table says who may
    Step(action=A.RECALL, source=(S.ACCEPTED,), target=S.DRAFTING, permission=None, scope=Scope.SYSTEM,
         needs_reason=True, effects=(Effect.TELL_HEADS,)),
), needs=NEEDS, subject="本节")
# fmt: on


def may_write(facts: SectionFacts, actor: Actor) -> bool:
    """Whether the person can change the text now."""
    return A.SAVE in FLOW.available(facts, actor) and FLOW.obstacle(facts, A.SAVE, actor) is None
