"""A report edition's life, as a table. Buttons, tests and docs/workflow.md are read from it."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.flow import Effect, Facts, Flow, Scope, Step
from perfapp.core.permissions import Permission


class ReportState(StrEnum):
    DRAFTING = "drafting"
    MERGING = "merging"
    REVIEWING = "reviewing"
    AWAITING_ISSUE = "awaiting_issue"
    ISSUED = "issued"
    AWAITING_SEAL = "awaiting_seal"
    SEALING = "sealing"
    SEALED = "sealed"
    DELIVERED = "delivered"
    VOIDED = "voided"


class ReportAction(StrEnum):
    MERGE = "merge"
    UNMERGE = "unmerge"
    COMPILE = "compile"
    SEND = "send"
    UNSEND = "unsend"
    ENDORSE = "endorse"
    UNDO_ENDORSE = "undo_endorse"
    ADD = "add"  # 加签
    HAND_ON = "hand_on"  # 转办
    ISSUE = "issue"
    UNDO_ISSUE = "undo_issue"
    REQUEST_SEAL = "request_seal"
    CANCEL_REQUEST = "cancel_request"
    REFUSE_SEAL = "refuse_seal"
    PRESS = "press"
    RETRY_SEAL = "retry_seal"
    ABANDON_SEAL = "abandon_seal"
    RECORD_SEALED = "record_sealed"
    CONFIRM_PAPER = "confirm_paper"
    DELIVER = "deliver"
    VOID = "void"
    REISSUE = "reissue"
    RETURN = "return"
    RECEIVE = "receive"  # 财政部门签收, 审核通过, 退回
    PASS = "pass"  # noqa: S105 -- an act, no password
    BUREAU_RETURN = "bureau_return"


class SealPolicy(StrEnum):
    """Who presses the seal: the leader who issued, as a second recorded act, or a separate keeper."""

    LEADER = "leader"
    KEEPER = "keeper"


class Is(StrEnum):
    """Conditions a report can meet."""

    ALL_ACCEPTED = "all_accepted"
    COMPILED = "compiled"  # DOCX and PDF of exactly the present content are stored
    REVIEWERS_LEFT = "reviewers_left"  # somebody must still agree to exactly this content
    NO_REVIEWERS_LEFT = "no_reviewers_left"
    DIRECT = "direct"
    NOT_DIRECT = "not_direct"
    BY_LEADER = "by_leader"
    BY_KEEPER = "by_keeper"
    SEAL_READY = "seal_ready"
    SEAL_FAILED = "seal_failed"
    PAPER_READY = "paper_ready"  # a complete scan of exactly the issued file waits to be confirmed
    SEAL_STUCK = "seal_stuck"  # failed, or waiting for a time server that does not answer
    DECISIONS_STAND = "decisions_stand"  # every required approval covers the present content
    SECTIONS_NAMED = "sections_named"
    NO_SUCCESSOR = "no_successor"
    COUNTERSIGNED = "countersigned"  # the superior's seal is on it, where one is asked for
    NO_OPEN_DISPUTE = "no_open_dispute"
    NO_BLOCKING = "no_blocking"  # no finding of the checks stops it
    UNRECEIVED = "unreceived"  # delivered online; the bureau has not signed for it yet
    UNDECIDED = "undecided"  # the bureau has signed for it and has neither passed nor returned it
    FIGURES_CONFIRMED = "figures_confirmed"  # every fact behind the texts and the annexes has been confirmed


NEEDS: Mapping[str, str] = {
    Is.ALL_ACCEPTED: "还有必填章节没有采纳，不能合稿。",
    Is.COMPILED: "报告文件还没有生成好，请等生成完成；若生成失败，请按提示处理后重试。",
    Is.SEAL_READY: "没有可用的印章：请系统管理员检查印章证书是否登记、启用、在有效期内。",
    Is.PAPER_READY: "还没有页数齐全、版本一致的纸质签章扫描件，请先上传。",
    Is.DECISIONS_STAND: "有审批在内容变动后已失效，须先补齐审批才能用印。",
    Is.SECTIONS_NAMED: "请至少选一节退回，没有选中的章节不受影响。",
    Is.NO_BLOCKING: "体检发现须先改正的问题，请看“体检”。",
    Is.FIGURES_CONFIRMED: "正文和附表用到的数据还没有全部确认。",
    Is.COUNTERSIGNED: "还要等上级加盖，加盖后才能报送。",
    Is.NO_SUCCESSOR: "这一版已经有新版替代。",
    Is.NO_OPEN_DISPUTE: "还有数据争议没有裁定，裁定后才能用印。",
}

ReportFacts = Facts[ReportState]
S, A, P = ReportState, ReportAction, Permission
_TELL_RETURN = (Effect.TELL_EDITORS,)
_NAMED = (Is.SECTIONS_NAMED,)
_SENDABLE = (Is.COMPILED, Is.NO_BLOCKING)
_ON_PAPER = (Is.PAPER_READY, Is.COMPILED, Is.DECISIONS_STAND, Is.NO_OPEN_DISPUTE, Is.NO_BLOCKING)
_SEALABLE = (Is.SEAL_READY, Is.COMPILED, Is.DECISIONS_STAND, Is.NO_OPEN_DISPUTE, Is.NO_BLOCKING)

# fmt: off
FLOW: Flow[ReportState, ReportAction] = Flow((
    # 统稿人
    Step(action=A.MERGE, source=(S.DRAFTING,), target=S.MERGING, permission=P.MERGE,
         needs=(Is.ALL_ACCEPTED, Is.FIGURES_CONFIRMED), forward=True, effects=(Effect.COMPILE,)),
    Step(action=A.UNMERGE, source=(S.MERGING,), target=S.DRAFTING, permission=P.MERGE),
    Step(action=A.COMPILE, source=(S.MERGING,), target=None, permission=P.MERGE, needs=(Is.FIGURES_CONFIRMED,),
         effects=(Effect.COMPILE,)),
    Step(action=A.SEND, source=(S.MERGING,), target=None, to_direct=True, permission=P.MERGE,
         when=(Is.DIRECT,), needs=_SENDABLE, forward=True),
    Step(action=A.SEND, source=(S.MERGING,), target=S.REVIEWING, permission=P.MERGE,
         when=(Is.NOT_DIRECT, Is.REVIEWERS_LEFT), needs=_SENDABLE, forward=True),
    Step(action=A.SEND, source=(S.MERGING,), target=S.AWAITING_ISSUE, permission=P.MERGE,
         when=(Is.NOT_DIRECT, Is.NO_REVIEWERS_LEFT), needs=_SENDABLE, forward=True),
    Step(action=A.UNSEND, source=(S.REVIEWING, S.AWAITING_ISSUE), target=S.MERGING, permission=P.MERGE,
         only_last_actor=True),
    # 分管领导
    Step(action=A.ENDORSE, source=(S.REVIEWING,), target=S.AWAITING_ISSUE, permission=P.REVIEW_REPORT,
         joint=A.ENDORSE, not_by_author=True, covers=True, forward=True),
    Step(action=A.UNDO_ENDORSE, source=(S.REVIEWING, S.AWAITING_ISSUE), target=S.REVIEWING,
         permission=P.REVIEW_REPORT, joint=A.ENDORSE, undoes=True),
    # 主要领导
    Step(action=A.ISSUE, source=(S.AWAITING_ISSUE,), target=S.ISSUED, permission=P.ISSUE, joint=A.ISSUE,
         needs=(Is.COMPILED,), not_by_author=True, covers=True, forward=True, effects=(Effect.TELL_EDITORS,)),
    Step(action=A.UNDO_ISSUE, source=(S.AWAITING_ISSUE, S.ISSUED), target=S.AWAITING_ISSUE, permission=P.ISSUE,
         joint=A.ISSUE, undoes=True),
    # 加签、转办
    *(
        Step(action=passing, source=(state,), target=None, permission=permission, joint=step, not_by_author=True,
             in_person=True, needs_reason=True)
        for passing in (A.ADD, A.HAND_ON)
        for step, state, permission in (
            (A.ENDORSE, S.REVIEWING, P.REVIEW_REPORT), (A.ISSUE, S.AWAITING_ISSUE, P.ISSUE))
    ),
    # 用印
    Step(action=A.PRESS, source=(S.ISSUED,), target=S.SEALING, permission=P.PRESS_OWN_ISSUE,
         when=(Is.BY_LEADER,), needs=_SEALABLE, not_by_author=True,
         forward=True, effects=(Effect.SEAL,)),
    Step(action=A.REQUEST_SEAL, source=(S.ISSUED,), target=S.AWAITING_SEAL, permission=P.REQUEST_SEAL,
         when=(Is.BY_KEEPER,), needs=(Is.SEAL_READY, Is.NO_OPEN_DISPUTE, Is.NO_BLOCKING),
         forward=True),
    Step(action=A.CANCEL_REQUEST, source=(S.AWAITING_SEAL,), target=S.ISSUED, permission=P.REQUEST_SEAL,
         only_last_actor=True),
    Step(action=A.PRESS, source=(S.AWAITING_SEAL,), target=S.SEALING, permission=P.PRESS_SEAL,
         when=(Is.BY_KEEPER,), needs=_SEALABLE, not_by_author=True,
         not_by_approver=True, forward=True, effects=(Effect.SEAL,)),
    Step(action=A.REFUSE_SEAL, source=(S.AWAITING_SEAL,), target=S.ISSUED, permission=P.PRESS_SEAL,
         needs_reason=True, effects=(Effect.TELL_EDITORS,)),
    Step(action=A.RETRY_SEAL, source=(S.SEALING,), target=None, permission=P.PRESS_OWN_ISSUE,
         when=(Is.BY_LEADER, Is.SEAL_FAILED), needs=(Is.SEAL_READY,), forward=True, effects=(Effect.SEAL,)),
    Step(action=A.RETRY_SEAL, source=(S.SEALING,), target=None, permission=P.PRESS_SEAL,
         when=(Is.BY_KEEPER, Is.SEAL_FAILED), needs=(Is.SEAL_READY,), forward=True, effects=(Effect.SEAL,)),
    Step(action=A.ABANDON_SEAL, source=(S.SEALING,), target=S.ISSUED, permission=P.PRESS_OWN_ISSUE,
         when=(Is.BY_LEADER, Is.SEAL_STUCK), needs_reason=True, effects=(Effect.TELL_EDITORS,)),
    Step(action=A.ABANDON_SEAL, source=(S.SEALING,), target=S.ISSUED, permission=P.PRESS_SEAL,
         when=(Is.BY_KEEPER, Is.SEAL_STUCK), needs_reason=True, effects=(Effect.TELL_EDITORS,)),
    Step(action=A.RECORD_SEALED, source=(S.SEALING,), target=S.SEALED, permission=None, scope=Scope.SYSTEM,
         effects=(Effect.TELL_ALL,)),
    # 纸质签批：扫描件由上传者以外的盖章人核对
    Step(action=A.CONFIRM_PAPER, source=(S.ISSUED,), target=S.SEALED, permission=P.PRESS_OWN_ISSUE,
         when=(Is.BY_LEADER,), needs=_ON_PAPER, not_by_author=True, effects=(Effect.TELL_ALL,)),
    Step(action=A.CONFIRM_PAPER, source=(S.AWAITING_SEAL,), target=S.SEALED, permission=P.PRESS_SEAL,
         when=(Is.BY_KEEPER,), needs=_ON_PAPER, not_by_author=True, not_by_approver=True,
         effects=(Effect.TELL_ALL,)),
    # 报送、作废、重新编制
    Step(action=A.DELIVER, source=(S.SEALED,), target=S.DELIVERED, permission=P.DELIVER, needs=(Is.COUNTERSIGNED,),
         forward=True,
         effects=(Effect.TELL_LEADERS,)),
    Step(action=A.VOID, source=(S.SEALED, S.DELIVERED), target=S.VOIDED, permission=P.VOID,
         needs_reason=True, effects=(Effect.TELL_ALL,)),
    Step(action=A.REISSUE, source=(S.VOIDED,), target=None, permission=P.MERGE,
         needs=(Is.NO_SUCCESSOR,), needs_reason=True, forward=True, effects=(Effect.NEW_EDITION,)),
    # 财政部门：签收、通过，或点名章节退回（随即开始新的一版，这一版保留）
    Step(action=A.RECEIVE, source=(S.DELIVERED,), target=None, permission=P.JUDGE_DELIVERED, when=(Is.UNRECEIVED,),
         effects=(Effect.TELL_EDITORS,)),
    Step(action=A.PASS, source=(S.DELIVERED,), target=None, permission=P.JUDGE_DELIVERED, when=(Is.UNDECIDED,),
         effects=(Effect.TELL_EDITORS, Effect.TELL_LEADERS)),
    Step(action=A.BUREAU_RETURN, source=(S.DELIVERED,), target=None, permission=P.JUDGE_DELIVERED,
         when=(Is.UNDECIDED,), needs=(*_NAMED, Is.NO_SUCCESSOR), needs_reason=True,
         effects=(Effect.TELL_EDITORS, Effect.TELL_LEADERS, Effect.NEW_EDITION)),
    # 退回：点名章节，写明理由，选重走或直达
    Step(action=A.RETURN, source=(S.MERGING,), target=S.DRAFTING, permission=P.MERGE,
         needs=_NAMED, needs_reason=True),
    Step(action=A.RETURN, source=(S.REVIEWING,), target=S.DRAFTING, permission=P.REVIEW_REPORT,
         joint=A.ENDORSE, needs=_NAMED, needs_reason=True, effects=_TELL_RETURN),
    Step(action=A.RETURN, source=(S.AWAITING_ISSUE, S.ISSUED, S.AWAITING_SEAL), target=S.DRAFTING, permission=P.ISSUE,
         joint=A.ISSUE, needs=_NAMED, needs_reason=True, effects=_TELL_RETURN),
), needs=NEEDS, subject="这份报告")
# fmt: on
