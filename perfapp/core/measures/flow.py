"""A measure's life, as a table: promised, worked on, said to be done, confirmed by somebody else."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.flow import Effect, Facts, Flow, Scope, Step
from perfapp.core.permissions import Permission


class MeasureState(StrEnum):
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    CLAIMED = "claimed"  # its office says that it is done
    DONE = "done"
    DROPPED = "dropped"


class MeasureAction(StrEnum):
    ASSIGN = "assign"  # owner, date, sign of completion
    PROGRESS = "progress"
    CLAIM = "claim"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    DROP = "drop"
    REOPEN = "reopen"


class Is(StrEnum):
    DATED = "dated"  # it has a date and a sign of completion
    SHOWN = "shown"  # evidence has been attached


NEEDS: Mapping[str, str] = {
    Is.DATED: "这项措施还没有定完成时限和完成标志，请先请统稿人补上。",
    Is.SHOWN: "报完成要附佐证材料，让确认的人看得到完成标志；请选一个文件再提交。",
}

MeasureFacts = Facts[MeasureState]
S, A, P = MeasureState, MeasureAction, Permission
OPEN = (S.NOT_STARTED, S.UNDER_WAY)

# fmt: off
FLOW: Flow[MeasureState, MeasureAction] = Flow((
    Step(action=A.ASSIGN, source=OPEN, target=None, permission=P.KEEP_MEASURES, effects=(Effect.TELL_WRITERS,)),
    Step(action=A.CLAIM, source=OPEN, target=S.CLAIMED, permission=P.ACT_ON_MEASURES, scope=Scope.OWN_OFFICE,
         needs=(Is.DATED, Is.SHOWN), needs_reason=True, forward=True),
    Step(action=A.PROGRESS, source=OPEN, target=S.UNDER_WAY, permission=P.ACT_ON_MEASURES, scope=Scope.OWN_OFFICE,
         needs_reason=True),
    Step(action=A.WITHDRAW, source=(S.CLAIMED,), target=S.UNDER_WAY, permission=P.ACT_ON_MEASURES,
         scope=Scope.OWN_OFFICE, only_last_actor=True),
    Step(action=A.CONFIRM, source=(S.CLAIMED,), target=S.DONE, permission=P.CONFIRM_MEASURES, not_by_author=True,
         forward=True, effects=(Effect.TELL_WRITERS,)),
    Step(action=A.REFUSE, source=(S.CLAIMED,), target=S.UNDER_WAY, permission=P.CONFIRM_MEASURES, needs_reason=True,
         effects=(Effect.TELL_WRITERS,)),
    Step(action=A.DROP, source=OPEN, target=S.DROPPED, permission=P.DROP_MEASURES, needs_reason=True,
         effects=(Effect.TELL_WRITERS,)),
    Step(action=A.REOPEN, source=(S.DONE, S.DROPPED), target=S.UNDER_WAY, permission=P.KEEP_MEASURES,
         needs_reason=True, effects=(Effect.TELL_WRITERS,)),
), needs=NEEDS, subject="这项措施")
# fmt: on
