"""What a changed text has ended on a section: whose decisions, and which steps 直达 passed over."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfapp.core.comparison import Part
from perfapp.core.content import Content
from perfapp.core.permissions import Actor
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import events
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.events import EventView
from perfapp.data.sections import SectionView
from perfapp.services import looking

A, S = SectionAction, SectionState
_DECIDING = (A.ENDORSE, A.CHECK, A.ACCEPT, "consent", A.RETURN, A.REOPEN, A.RECALL)
_BEFORE = {S.HEAD_APPROVED: (A.ENDORSE,), S.FINANCE_CHECKED: (A.ENDORSE, A.CHECK)}
"""The steps whose approval the state of a section takes for granted."""


@dataclass(frozen=True, slots=True)
class Since:
    """What the text says otherwise than when the person last decided on it."""

    last: EventView
    part: Part


def since_decided(actor: Actor, section: SectionView, now: Content) -> Since | None:
    """None where he never decided on the section, or where its words are those he decided on."""
    last = events.last_of_person(section.id, actor.id, _DECIDING)
    if last is None or not last.content_sha256 or last.content_sha256 == section.content_sha256:
        return None
    return Since(last, looking.change(section, now, last.content_sha256).part)


def of_section(section: SectionView, decisions: Sequence[ApprovalView]) -> tuple[ApprovalView, ...]:
    """Decisions that ended because the text changed, each person's last on a step, where he has not decided again."""
    last = {(one.action, one.seat_id): one for one in decisions if one.action != WAIVED}
    return tuple(
        one
        for one in last.values()
        if one.lapsed_at is not None and one.covers_sha256 != section.content_sha256 and one.action != CONSENTED
    )


def passed_over(section: SectionView, decisions: Sequence[ApprovalView]) -> tuple[SectionAction, ...]:
    """The steps that nobody has approved on the present text because it came straight back (直达)."""
    standing = {one.action for one in decisions if one.stands_for(section.content_sha256)}
    if WAIVED not in standing:
        return ()
    steps = _BEFORE.get(section.state, ())
    return tuple(step for step in steps if step not in standing and (step is not A.CHECK or section.holds_money))
