"""Remarks as pages show them: the threads of a section, the form for a new one, and the places for the script."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from perfapp.blueprints.page import spoken_moment
from perfapp.core.document import Document
from perfapp.core.permissions import Actor
from perfapp.core.remarks import rules
from perfapp.core.remarks.anchors import Anchor
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct, RemarkState, Side
from perfapp.core.words import Tone
from perfapp.data.remarks import StepView
from perfapp.data.sections import SectionView
from perfapp.services import remarks
from perfapp.services.remarks import Shown

_TONES: Mapping[RemarkState, Tone] = {
    RemarkState.OPEN: Tone.WAITING,
    RemarkState.RESOLVED: Tone.DONE,
    RemarkState.ACCEPTED: Tone.DONE,
    RemarkState.REFUSED: Tone.VOID,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said or done."""

    who: str
    what: str
    when: str
    iso: str
    words: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with all that was said about it."""

    id: int
    author_id: int
    first: Said
    said: tuple[Said, ...]
    is_proposal: bool
    deed: str
    is_inside: bool
    quoted: str
    now: str
    replacement: str
    outcome: str
    place: str
    is_gone: bool
    is_changed: bool
    is_open: bool
    is_mine: bool
    state: str
    tone: str
    waits: str
    acts: frozenset[str]
    obstacle: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a person may send about a section, or about one of `sections`; `typed` is given back when refused."""

    section_id: int
    heading: str
    url: str
    deeds: tuple[tuple[str, str], ...]
    audiences: tuple[tuple[str, str], ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    sections: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """The remarks of one section for one person; without a `form` he has no part in them."""

    threads: tuple[Thread, ...]
    form: Form | None
    places: tuple[dict[str, Any], ...]

    @property
    def open_count(self) -> int:
        return sum(1 for thread in self.threads if thread.is_open)

    @property
    def stamp(self) -> str:
        return stamp(self.threads)


def stamp(threads: Iterable[Thread]) -> str:
    """Names what an open page shows of the remarks: another stamp, something was said, settled, or its words moved."""
    shown = [
        (one.id, one.state, len(one.said), one.now, one.is_gone, sorted(one.acts), one.obstacle) for one in threads
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def of_section(actor: Actor, section: SectionView, document: Document) -> Panel:
    """`document` is the text as the person reads it."""
    return of_sections(actor, [(section, document)])[section.id]


def of_sections(actor: Actor, wanted: Sequence[tuple[SectionView, Document]]) -> dict[int, Panel]:
    known = remarks.sides(actor, [section for section, _ in wanted])
    found = remarks.of_sections(actor, wanted, known)
    return {
        section.id: Panel(
            tuple(_thread(one) for one in found[section.id]),
            form(section, known[section.id]),
            tuple(_place(one, one.anchor) for one in found[section.id] if one.anchor and one.remark.is_open),
        )
        for section, _ in wanted
    }


def form(
    section: SectionView, who: Side | None, typed: Mapping[str, str] | None = None, refusal: str = ""
) -> Form | None:
    """What is offered is what the rules let this side send."""
    if who is None:
        return None
    reviews = who is Side.REVIEWER
    return Form(
        section.id,
        section.heading,
        url_for("remarks.add", section_id=section.id),
        tuple((deed.value, rules.DEEDS[deed]) for deed in Deed) if reviews else (),
        tuple((one.value, rules.AUDIENCES[one]) for one in Audience) if reviews else (),
        typed or {},
        refusal,
    )


def place_words(anchor: Anchor | None) -> str:
    if anchor is None:
        return ""
    return f"第 {anchor.block + 1} 段" + (f"，表格第 {anchor.row + 1} 行" if anchor.row is not None else "")


def _place(one: Shown, anchor: Anchor) -> dict[str, Any]:
    """Where the script marks the words; it leaves out what it does not find there."""
    return {
        "id": one.remark.id,
        "section": one.remark.section_id,
        "block": anchor.block,
        "row": anchor.row,
        "start": anchor.start,
        "end": anchor.end,
        "text": one.now,
        "proposal": one.remark.is_proposal,
    }


def _thread(one: Shown) -> Thread:
    remark = one.remark
    return Thread(
        id=remark.id,
        author_id=remark.author_id,
        first=Said(
            remark.author_name, rules.DEEDS[remark.deed], spoken_moment(remark.at), remark.at.isoformat(), remark.words
        ),
        said=tuple(_said(step) for step in remark.steps),
        is_proposal=remark.is_proposal,
        deed=remark.deed.value,
        is_inside=remark.audience is Audience.REVIEWERS,
        quoted=remark.quoted,
        now=one.now,
        replacement=remark.replacement,
        outcome=one.outcome,
        place=place_words(one.anchor) if remark.quoted else "整节",
        is_gone=one.is_gone,
        is_changed=one.is_changed and remark.state is not RemarkState.ACCEPTED,
        is_open=remark.is_open,
        is_mine=one.is_mine,
        state=rules.STATES[remark.state],
        tone=_TONES[remark.state].value,
        waits=_waits(one),
        acts=frozenset(act.value for act in one.acts),
        obstacle=one.obstacle if RemarkAct.ACCEPT in one.acts else "",
    )


def _said(step: StepView) -> Said:
    return Said(step.person_name, rules.ACTS[step.act], spoken_moment(step.at), step.at.isoformat(), step.words)


def _waits(one: Shown) -> str:
    """Who acts next, in words; empty where nobody has to."""
    if one.waits_for is None or one.remark.audience is Audience.REVIEWERS:
        return ""
    if one.is_mine:
        return "请您决定" if one.remark.is_proposal else "请您答复" if one.waits_for is Side.WRITER else "请您看过"
    if one.waits_for is Side.WRITER:
        return "等经办人决定" if one.remark.is_proposal else "等经办人答复"
    return f"等{one.remark.author_name}看过" if one.remark.steps else "等审核人答复"
