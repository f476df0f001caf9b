"""A dispute's life, as a table: contested, answered by the owner, decided, perhaps overruled by the leader."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.flow import Facts, Flow, Scope, Step
from perfapp.core.permissions import Permission


class DisputeState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class DisputeAction(StrEnum):
    ANSWER = "answer"  # the owner says why, or that the rival value is right
    UPHOLD = "uphold"  # the value stands
    REPLACE = "replace"  # the rival value is right
    OVERRULE = "overrule"  # the leader reverses the verdict
    WITHDRAW = "withdraw"  # by whoever opened it


class Is(StrEnum):
    MONEY = "money"
    NOT_MONEY = "not_money"
    MINE = "mine"  # the actor opened it


DisputeFacts = Facts[DisputeState]
S, A, P = DisputeState, DisputeAction, Permission
UNDECIDED = (S.OPEN, S.ANSWERED)
NEEDS: Mapping[str, str] = {}

# fmt: off
FLOW: Flow[DisputeState, DisputeAction] = Flow((
    Step(action=A.ANSWER, source=(S.OPEN,), target=S.ANSWERED, permission=P.ENTER_FIGURE, scope=Scope.OWN_OFFICE,
         needs_reason=True, forward=True),
    Step(action=A.UPHOLD, source=UNDECIDED, target=S.DECIDED, permission=P.CONFIRM_MONEY, when=(Is.MONEY,),
         needs_reason=True, not_by_author=True, forward=True),
    Step(action=A.UPHOLD, source=UNDECIDED, target=S.DECIDED, permission=P.CONFIRM_FIGURE, scope=Scope.OWN_OFFICE,
         when=(Is.NOT_MONEY,), needs_reason=True, not_by_author=True, forward=True),
    Step(action=A.REPLACE, source=UNDECIDED, target=S.DECIDED, permission=P.CONFIRM_MONEY, when=(Is.MONEY,),
         needs_reason=True, not_by_author=True, forward=True),
    Step(action=A.REPLACE, source=UNDECIDED, target=S.DECIDED, permission=P.CONFIRM_FIGURE, scope=Scope.OWN_OFFICE,
         when=(Is.NOT_MONEY,), needs_reason=True, not_by_author=True, forward=True),
    # 裁定的人自己是争议一方时，由主要领导裁定
    Step(action=A.UPHOLD, source=UNDECIDED, target=S.DECIDED, permission=P.OVERRULE_DISPUTE, needs_reason=True,
         not_by_author=True),
    Step(action=A.REPLACE, source=UNDECIDED, target=S.DECIDED, permission=P.OVERRULE_DISPUTE, needs_reason=True,
         not_by_author=True),
    Step(action=A.OVERRULE, source=(S.DECIDED,), target=None, permission=P.OVERRULE_DISPUTE, needs_reason=True,
         not_by_author=True),
    Step(action=A.WITHDRAW, source=UNDECIDED, target=S.WITHDRAWN, permission=P.CONTEST_FIGURE,
         when=(Is.MINE,), needs_reason=True),
), needs=NEEDS, subject="这项争议")
# fmt: on
