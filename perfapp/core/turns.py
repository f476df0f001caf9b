"""Whose turn it is, what he is to do, and which due date applies: read from the two tables, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from perfapp.core.errors import DomainError, Invalid
from perfapp.core.flow import ActionT, Facts, Flow, Scope, StateT
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import Is, ReportAction, ReportFacts, ReportState
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionFacts, SectionState

SECTION_STAGE: Mapping[SectionAction, str] = {
    SectionAction.SAVE: "draft",
    SectionAction.SUBMIT: "draft",
    SectionAction.ENDORSE: "review",
    SectionAction.CHECK: "check",
    SectionAction.ACCEPT: "merge",
}
REPORT_STAGE: Mapping[ReportAction, str] = {
    ReportAction.MERGE: "merge",
    ReportAction.SEND: "merge",
    ReportAction.ENDORSE: "joint",
    ReportAction.ISSUE: "issue",
    ReportAction.REQUEST_SEAL: "issue",
    ReportAction.PRESS: "issue",
    ReportAction.RETRY_SEAL: "issue",
    ReportAction.DELIVER: "deliver",
}
"""The stage of the cycle whose due date a step has to meet; a step that is not here has none."""

SECTION_DEEDS: Mapping[SectionAction, str] = {
    SectionAction.SAVE: "继续填写",
    SectionAction.SUBMIT: "继续填写",
    SectionAction.ENDORSE: "去审核",
    SectionAction.CHECK: "去核数",
    SectionAction.ACCEPT: "去采纳",
}
REPORT_DEEDS: Mapping[ReportAction, str] = {
    ReportAction.MERGE: "去合稿",
    ReportAction.SEND: "去送审",
    ReportAction.ENDORSE: "去会审",
    ReportAction.ISSUE: "去签发",
    ReportAction.REQUEST_SEAL: "去申请用印",
    ReportAction.PRESS: "去盖章",
    ReportAction.RETRY_SEAL: "去重新盖章",
    ReportAction.DELIVER: "去报送",
    ReportAction.REISSUE: "去重新编制",
}
"""What the one button of a task says."""

SEAL_ACTS = frozenset({ReportAction.PRESS, ReportAction.RETRY_SEAL})
"""What is done on the page of the seal and not on the report's own."""

_SECTION_MOVES = tuple(dict.fromkeys(step.action for step in SECTION_FLOW.steps if step.forward))
_REPORT_MOVES = tuple(dict.fromkeys(step.action for step in REPORT_FLOW.steps if step.forward))


def section_task(facts: SectionFacts, actor: Actor) -> SectionAction | None:
    """What waits for this person in the section; None when it is not his turn or the section is locked."""
    found = _task(SECTION_FLOW, _SECTION_MOVES, facts, actor)
    return found[0] if found and not found[1] else None


def report_task(facts: ReportFacts, actor: Actor) -> tuple[ReportAction, str] | None:
    """What waits for this person in the report, with what still stops it; None when it is not his turn.

    A report whose sections are not all accepted waits for them, not for the editor.
    """
    if waits_for_sections(facts):
        return None
    return _task(REPORT_FLOW, _REPORT_MOVES, facts, actor)


def waits_for_sections(facts: ReportFacts) -> bool:
    return facts.state is ReportState.DRAFTING and Is.ALL_ACCEPTED not in facts.conditions


def section_permissions(facts: SectionFacts) -> tuple[tuple[Permission, Scope], ...]:
    """Who moves the section on."""
    return SECTION_FLOW.next_permissions(facts)


def report_permissions(facts: ReportFacts) -> tuple[tuple[Permission, Scope], ...]:
    return REPORT_FLOW.next_permissions(facts)


def section_stage(facts: SectionFacts) -> str | None:
    """The stage whose due date the section has to meet now; None once it is accepted."""
    return _stage(SECTION_FLOW, facts, SECTION_STAGE)


def report_stage(facts: ReportFacts) -> str | None:
    return _stage(REPORT_FLOW, facts, REPORT_STAGE)


def section_deed(action: SectionAction, state: SectionState, *, returned: bool) -> str:
    """The words of the button: 开始填写, 去修改, 去审核 …"""
    if returned:
        return "去修改"
    return "开始填写" if state is SectionState.NOT_STARTED else SECTION_DEEDS[action]


def spoken_role(permissions: Iterable[tuple[Permission, Scope]], words: Mapping[Permission, str]) -> str:
    """The role that is waited for, in a word."""
    return "、".join(dict.fromkeys(words[permission] for permission, _ in permissions if permission in words))


def _task(
    flow: Flow[StateT, ActionT], moves: Iterable[ActionT], facts: Facts[StateT], actor: Actor
) -> tuple[ActionT, str] | None:
    blocked: tuple[ActionT, str] | None = None
    for action in moves:
        try:
            flow.decide(facts, action, actor, version=facts.version, reason="-")
        except Invalid as refusal:
            blocked = blocked or (action, refusal.message)
        except DomainError:
            continue
        else:
            return action, ""
    return blocked


def _stage(flow: Flow[Any, Any], facts: Facts[Any], stages: Mapping[Any, str]) -> str | None:
    """Of the first forward step that leads on from this state."""
    leading = flow.next_permissions(facts)
    for step in flow.steps:
        if step.forward and facts.state in step.source and (step.permission, step.scope) in leading:
            return stages.get(step.action)
    return None
