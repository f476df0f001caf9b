"""The acts of a report as the page offers them: which come first, how they are asked for, what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from perfapp.core.permissions import Actor, Principal
from perfapp.core.report_flow import FLOW, ReportAction, ReportFacts
from perfapp.core.words import REPORT_ACTIONS

A = ReportAction


@dataclass(frozen=True, slots=True)
class Way:
    """How an act is asked for: `how` names the form of the page, `confirm` the consequences to agree to."""

    how: str
    tone: str = "quiet"
    confirm: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    action: str
    label: str
    how: str
    tone: str
    confirm: str | None
    why_not: str | None
    principal: Principal | None = None  # in whose place


WAYS: Mapping[ReportAction, Way] = {
    A.MERGE: Way("merge", "primary"),
    A.UNMERGE: Way("post", confirm="取消合稿后，科室可以继续修改；已生成的文件作废，改好后重新合稿。"),
    A.COMPILE: Way("date"),
    A.SEND: Way("post", "primary"),
    A.UNSEND: Way("post", confirm="撤回后报告回到您手里，可以修改后再送审。"),
    A.ENDORSE: Way("approve", "primary"),
    A.UNDO_ENDORSE: Way("post", confirm="撤回后，您的会审意见作废，报告回到会审。"),
    A.ADD: Way("pass"),
    A.HAND_ON: Way("pass"),
    A.ISSUE: Way("approve", "primary"),
    A.UNDO_ISSUE: Way("post", confirm="撤回签发后，报告回到待签发。"),
    A.REQUEST_SEAL: Way("ask-seal", "primary"),
    A.CANCEL_REQUEST: Way("post", confirm="撤回后，印章管理员不再看到这份申请。"),
    A.PRESS: Way("seal", "seal"),
    A.RETRY_SEAL: Way("seal", "seal"),
    A.DELIVER: Way("deliver", "primary"),
    A.VOID: Way("void", "danger"),
    A.REISSUE: Way("reissue", "primary"),
    A.RETURN: Way("send-back", "danger"),
}
"""The rest (refusing a seal request, abandoning a try) belongs to the sealing page."""

_FORWARD = frozenset(step.action for step in FLOW.steps if step.forward)

_ASKS: Mapping[ReportAction, str] = {
    A.MERGE: "各节采纳后由您合稿：内容随即定稿，系统生成 Word 和 PDF。",
    A.SEND: "请核对生成的文件，然后送审。",
    A.ENDORSE: "请您会审：看过变化和全文，同意或者退回。",
    A.ISSUE: "请您签发：看过变化和全文，签发或者退回。",
    A.PRESS: "已签发，请盖章。",
    A.REQUEST_SEAL: "已签发，请向印章管理员申请用印。",
    A.RETRY_SEAL: "刚才的盖章没有成功，请重新盖章。",
    A.DELIVER: "已盖章，报送之后请在这里登记。",
    A.REISSUE: "这一版已作废，请重新编制。",
}


def offered(facts: ReportFacts, capacities: Sequence[Actor]) -> tuple[Act | None, tuple[Act, ...], str]:
    """The one act that matters, the others, and the sentence of what to do now (empty: nothing to do)."""
    primary: Act | None = None
    others: list[Act] = []
    ask = ""
    for action, actor in FLOW.offered(facts, capacities).items():
        way = WAYS.get(action)
        if way is None:
            continue
        why_not = FLOW.obstacle(facts, action, actor) if action is not A.RETURN else None
        if action is A.REISSUE and why_not:  # nothing to mend: the page links to the edition that replaced it
            continue
        label = REPORT_ACTIONS[action] + (f"（代{actor.principal.name}）" if actor.principal else "")
        act = Act(action.value, label, way.how, way.tone, way.confirm, why_not, actor.principal)
        if primary is None and action in _FORWARD:
            primary, ask = act, _ASKS[action]
        else:
            others.append(act)
    return primary, tuple(others), ask
