"""The way of an edition to the public, as a table: prepared, cleared, approved by the leader, published, withdrawn."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.flow import Effect, Facts, Flow, Step
from perfapp.core.permissions import Permission


class DisclosureState(StrEnum):
    PREPARING = "preparing"
    CLEARING = "clearing"  # 待保密审查
    AWAITING_APPROVAL = "awaiting_approval"  # 待主要负责人审签
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class DisclosureAction(StrEnum):
    CHANGE = "change"
    SUBMIT = "submit"
    CLEAR = "clear"
    APPROVE = "approve"
    REFUSE = "refuse"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESUME = "resume"


class Is(StrEnum):
    FILES_MADE = "files_made"  # the PDF of exactly this content is stored
    PERSONAL_SETTLED = "personal_settled"  # every finding of personal data is masked or explained
    PICTURES_SEEN = "pictures_seen"  # whatever covering does not reach has been looked through, or is withheld
    REPORT_STANDS = "report_stands"  # neither void nor returned nor replaced
    GATES_STAND = "gates_stand"  # both decisions cover exactly this content


NEEDS: Mapping[str, str] = {
    Is.FILES_MADE: "公开件的 PDF 还在生成，请等生成完成再提交。",
    Is.PERSONAL_SETTLED: "还有疑似个人信息没有处理：请逐条遮盖，或说明为什么可以公开。",
    Is.PICTURES_SEEN: "有遮盖或不公开的内容，还有图片或佐证材料没有核对：请逐件看过，或者不公开。",
    Is.REPORT_STANDS: "这一版报告已作废、被退回或被新版替代，不能公开。",
    Is.GATES_STAND: "保密审查或审签之后内容有变动，须重新审查。",
}

DisclosureFacts = Facts[DisclosureState]
S, A, P = DisclosureState, DisclosureAction, Permission
_BEFORE = (S.PREPARING, S.CLEARING, S.AWAITING_APPROVAL, S.APPROVED)
_TELL = (Effect.TELL_EDITORS,)

# fmt: off
FLOW: Flow[DisclosureState, DisclosureAction] = Flow((
    Step(action=A.SUBMIT, source=(S.PREPARING,), target=S.CLEARING, permission=P.PREPARE_DISCLOSURE,
         needs=(Is.REPORT_STANDS, Is.PICTURES_SEEN, Is.FILES_MADE, Is.PERSONAL_SETTLED), forward=True),
    Step(action=A.CLEAR, source=(S.CLEARING,), target=S.AWAITING_APPROVAL, permission=P.CLEAR_DISCLOSURE,
         needs=(Is.REPORT_STANDS, Is.FILES_MADE), needs_reason=True, not_by_author=True, covers=True, forward=True),
    Step(action=A.APPROVE, source=(S.AWAITING_APPROVAL,), target=S.APPROVED, permission=P.APPROVE_DISCLOSURE,
         needs=(Is.REPORT_STANDS, Is.FILES_MADE), not_by_author=True, not_by_approver=True, covers=True, forward=True,
         effects=_TELL),
    Step(action=A.PUBLISH, source=(S.APPROVED,), target=S.PUBLISHED, permission=P.PREPARE_DISCLOSURE,
         needs=(Is.REPORT_STANDS, Is.PICTURES_SEEN, Is.FILES_MADE, Is.GATES_STAND), forward=True,
         effects=(Effect.TELL_LEADERS,)),
    Step(action=A.REFUSE, source=(S.CLEARING,), target=S.PREPARING, permission=P.CLEAR_DISCLOSURE, needs_reason=True,
         effects=_TELL),
    Step(action=A.REFUSE, source=(S.AWAITING_APPROVAL,), target=S.PREPARING, permission=P.APPROVE_DISCLOSURE,
         needs_reason=True, effects=_TELL),
    Step(action=A.CHANGE, source=_BEFORE, target=S.PREPARING, permission=P.PREPARE_DISCLOSURE,
         needs=(Is.REPORT_STANDS,)),
    Step(action=A.WITHDRAW, source=(S.PUBLISHED,), target=S.WITHDRAWN, permission=P.APPROVE_DISCLOSURE,
         needs_reason=True, effects=_TELL),
    Step(action=A.RESUME, source=(S.WITHDRAWN,), target=S.PREPARING, permission=P.PREPARE_DISCLOSURE,
         needs=(Is.REPORT_STANDS,), needs_reason=True, forward=True),
), needs=NEEDS, subject="这份公开件")
# fmt: on
