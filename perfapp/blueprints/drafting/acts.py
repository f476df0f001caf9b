"""The buttons of a section's page, read from the table of its life, and what is said after an act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from perfapp.core import return_kinds
from perfapp.core.errors import Invalid
from perfapp.core.lazily import Also
from perfapp.core.permissions import Actor, Permission, Principal
from perfapp.core.return_kinds import ReturnKind
from perfapp.core.section_flow import FLOW, Is, SectionAction, SectionFacts, SectionState, may_write
from perfapp.core.words import SECTION_ACTIONS
from perfapp.data.people import PersonBrief
from perfapp.services.sections import PASSING

A = SectionAction
Turn = tuple[tuple[Permission, tuple[PersonBrief, ...]], ...]
"""Whose turn it is: each permission that moves the section on, with the people who hold it."""

MAX_REASON = 1000
_FORWARD = (A.SUBMIT, A.ENDORSE, A.CHECK, A.ACCEPT)
_ICONS: Mapping[SectionAction, str] = {A.SUBMIT: "send", A.RETURN: "return", A.WITHDRAW: "return"}
_REASONS: Mapping[SectionAction, tuple[str, str]] = {
    A.RETURN: ("经办人会立即收到提醒和您写的理由。", "写清哪一处、为什么、怎样改。"),
    A.REOPEN: ("本节已经采纳。重新打开后由经办人修改，再提交、审核。", "写清哪一处、为什么要改。"),
    A.ADD: ("被请的人同意以后，这一步才算完。", ""),
    A.HAND_ON: ("转给同样能办这一步的人，由他以自己的名义办理。", ""),
    A.DECLARE_ABSENT: (
        "报告里会印上“本单位本年度无此项”和您写的理由，照常审核。已写的文字留在历史里。",
        "例如：本年度没有安排专项资金。",
    ),
}
_DONE: Mapping[SectionAction, str] = {
    A.SUBMIT: "已提交。",
    A.DECLARE_ABSENT: "已填报“不适用”并提交。",
    A.WITHDRAW: "已取回，可以继续修改。",
    A.ENDORSE: "已审核通过。",
    A.UNDO_ENDORSE: "已撤回审核。",
    A.CHECK: "已核数通过。",
    A.UNDO_CHECK: "已撤回核数。",
    A.ACCEPT: "已采纳。",
    A.UNDO_ACCEPT: "已撤回采纳。",
    A.RETURN: "已退回修改。",
    A.REOPEN: "已重新打开。",
}
_DUTIES: Mapping[Permission, tuple[str, str]] = {
    Permission.WRITE: ("{office}经办人", "编写"),
    Permission.REVIEW: ("{office}负责人", "审核"),
    Permission.CHECK_MONEY: ("财务", "核数"),
    Permission.ACCEPT: ("统稿人", "采纳"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form of an act says; `reason` is kept, whatever becomes of it."""

    action: SectionAction
    version: int
    reason: str = ""
    direct: bool = False
    principal_id: int | None = None  # in whose place, where a delegate acts
    kind: ReturnKind | None = None  # what it is returned for

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wish":
        """Invalid for anything that no page of ours sends."""
        try:
            action, version = SectionAction(form.get("action", "")), int(form.get("version", ""))
        except ValueError as error:
            raise Invalid("浏览器发来的内容不完整，请刷新页面后再办理。") from error
        if action is A.SAVE:
            raise Invalid("正文由编写页面保存，不能这样办理。")
        principal = form.get("principal", "")
        if principal and not principal.isdecimal():
            raise Invalid("浏览器发来的内容不完整，请刷新页面后再办理。")
        reason = form.get("reason", "").replace("\r\n", "\n")
        if len(reason) > MAX_REASON:
            raise Invalid(f"理由超过 {MAX_REASON} 字，请写得短些，细节可以放进佐证材料。", field="reason")
        kind = return_kinds.read(form.get("kind", ""))
        return cls(action, version, reason, form.get("direct") == "1", int(principal) if principal else None, kind)


@dataclass(frozen=True, slots=True)
class Act:
    """One button. `obstacle` is the sentence that stops it now; `why` and `hint` belong to the reason it asks for."""

    action: SectionAction
    label: str
    tone: str
    icon: str | None
    obstacle: str | None
    needs_reason: bool
    why: str
    hint: str
    offers_direct: bool
    principal: Principal | None = None

    @property
    def is_return(self) -> bool:
        return self.action in {A.RETURN, A.REOPEN}

    @property
    def is_passing(self) -> bool:
        """加签, 转办: asked for on a page of its own."""
        return self.action in PASSING


def acts(facts: SectionFacts, capacities: Sequence[Actor]) -> tuple[Act, ...]:
    """The buttons, the one that moves the section on first, for the person in each of his capacities.

    Saving has none: the editor saves by itself. “不适用” is not drawn where the form never allows it.
    """
    seen = _once_written(facts) if may_write(facts, capacities[0]) else facts
    hidden = {A.SAVE} | ({A.DECLARE_ABSENT} if Is.MAY_BE_ABSENT not in facts.conditions else set())
    found = [_act(seen, action, who) for action, who in FLOW.offered(seen, capacities).items() if action not in hidden]
    return tuple(sorted(found, key=lambda act: act.action not in _FORWARD))


def demand_words(facts: SectionFacts, wish: Wish) -> None:
    """The editor draws 提交 before the first word is stored: say what is missing, not that the state is wrong."""
    if wish.action is A.SUBMIT and facts.state is SectionState.NOT_STARTED:
        raise Invalid(FLOW.needs[Is.COMPLETE])


def said_after(action: SectionAction, office_name: str, turn: Turn) -> str:
    """What has happened and who is next, by name."""
    if not turn:
        return f"{_DONE[action]}本节已办结，全部章节采纳后由统稿人合稿。"
    return f"{_DONE[action]}下一步：{spoken_turn(office_name, turn)}。"


def spoken_turn(office_name: str, turn: Turn, reader_id: int | None = None) -> str:
    """办公室负责人 王某（8520）审核; 您审核 where it is the reader's own turn."""
    return "；".join(_spoken(office_name, permission, persons, reader_id) for permission, persons in turn)


def _spoken(office_name: str, permission: Permission, persons: tuple[PersonBrief, ...], reader_id: int | None) -> str:
    role, deed = _DUTIES[permission]
    if any(person.id == reader_id for person in persons):
        return f"您{deed}"
    role = role.format(office=office_name)
    if not persons:
        return f"{role}{deed}，但现在没有可以办理的{role}：无人任职，或任职的人写过本节，请联系安全管理员"
    if all(person.brought_by for person in persons):
        return f"{'、'.join(map(str, persons))}{deed}"
    return f"{role} {'、'.join(map(str, persons))}{deed}"


def _once_written(facts: SectionFacts) -> SectionFacts:
    """The facts as they are after the next save: what the editor's buttons will meet.

    What the checks say of a text that is still being written is said beside it, and again when it is handed in.
    """
    conditions = Also(facts.conditions, str(Is.COMPLETE), str(Is.NO_BLOCKING))
    return replace(facts, state=state_once_saved(facts.state), conditions=conditions)


def state_once_saved(state: SectionState) -> SectionState:
    """Where the first saved word takes a section."""
    return SectionState.DRAFTING if state is SectionState.NOT_STARTED else state


def _obstacle(facts: SectionFacts, action: SectionAction, actor: Actor) -> str | None:
    """What stops it now; the editor is told his own way out, not to ask the editor."""
    found = FLOW.obstacle(facts, action, actor)
    if found == FLOW.needs[Is.REPORT_OPEN] and actor.may(Permission.MERGE):
        return "报告已进入合稿，本节暂时锁定；需要修改请先在报告页取消合稿或退回，再用“重新打开”。"
    return found


def _act(facts: SectionFacts, action: SectionAction, actor: Actor) -> Act:
    why, hint = _REASONS.get(action, ("", ""))
    return Act(
        action=action,
        label=("不适用" if action is A.DECLARE_ABSENT else SECTION_ACTIONS[action]) + _for_whom(actor),
        tone="primary" if action in _FORWARD else "quiet",
        icon=_ICONS.get(action),
        obstacle=_obstacle(facts, action, actor),
        needs_reason=any(step.needs_reason for step in FLOW.steps if step.action is action),
        why=why,
        hint=hint,
        # back from the first step there is nothing to skip
        offers_direct=action is A.REOPEN or (action is A.RETURN and _may_answer_for_all(facts, actor)),
        principal=actor.principal,
    )


def _may_answer_for_all(facts: SectionFacts, actor: Actor) -> bool:
    """直达 is for whoever holds the post himself."""
    brought = any(joint.asks(actor.id) for joint in facts.joints.values())
    return facts.state is not SectionState.SUBMITTED and actor.principal is None and not brought


def _for_whom(actor: Actor) -> str:
    return f"（代{actor.principal.name}）" if actor.principal else ""
