"""What the page of one section shows: one page for its writers, its reviewers and everybody who may read it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_wtf.csrf import generate_csrf

from perfapp import clock
from perfapp.blueprints import chips, joint_words, measure_lines
from perfapp.blueprints.drafting import acts, checks
from perfapp.blueprints.page import spoken_moment
from perfapp.blueprints.remarks import panel
from perfapp.blueprints.review import unsettled
from perfapp.blueprints.standing_words import spoken_state, term_tone, until
from perfapp.core import turns
from perfapp.core.content import Content
from perfapp.core.document import Cell, Document, drawn, dump
from perfapp.core.errors import NotFound
from perfapp.core.happenings import in_round, rounds, tell
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import SectionFacts, may_write
from perfapp.core.words import SECTION_ACTIONS, SECTION_STATES
from perfapp.data import approvals, calendars, events, evidence, history, reports, sections
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.cycles import CycleView
from perfapp.data.events import EventView
from perfapp.data.sections import SectionView
from perfapp.services import asked, at_stake, delegating, findings, lapsed, remarks, sheets
from perfapp.services.remarks import Counted
from perfapp.services.sections import facts as facts_of

SHOWN_MILESTONES = 8
NO_SECTION = "没有找到这一节。"
_RETURNS = frozenset({"return", "reopen", "recall"})
_ONWARD = frozenset({"submit", "declare_absent"})
_ACTS = {action.value: name for action, name in SECTION_ACTIONS.items()} | {
    WAIVED: "直达，免去中间各步",
    CONSENTED: "加签同意",
}


def readable(actor: Actor, section_id: int) -> tuple[SectionView, tuple[SectionView, ...]]:
    """The section and its outline; a heading that only groups has no page."""
    section, outline = sections.visible_in_outline(actor, section_id)
    if not section.has_text:
        raise NotFound(NO_SECTION)
    return section, outline


def context(actor: Actor, section_id: int) -> dict[str, Any]:
    """Everything the template draws. The section is read before its text: what is approved was displayed."""
    done = findings.of_section(actor, section_id)
    section, outline, cycle = done.section, done.outline, done.cycle
    if not section.has_text:
        raise NotFound(NO_SECTION)
    report = reports.current(section.cycle_id)
    facts = facts_of(section, report, done=done)
    content = sheets.as_read(section, sections.content(section.id), done.present)
    happened = events.of_section(section.id)
    decisions = approvals.of_section(section.id)
    editable = may_write(facts, actor)
    found = checks.of_section(actor, section, outline, done)
    last_year = sections.content_with_key(cycle.previous_id, section.key) if cycle.previous_id else None
    previous_id, previous = last_year or (0, None)
    offered, talk = acts.acts(facts, delegating.capacities(actor)), panel.of_section(actor, section, content.document)
    return {
        "section": section,
        "cycle": cycle,
        "content": content,
        "editable": editable,
        "once_saved": acts.state_once_saved(section.state),
        "may_name": section.owner_office_id is not None and actor.may_at(Permission.WRITE, section.owner_office_id),
        "acts": offered,
        "unsettled": "" if editable or not offered else unsettled.before(section, talk.open_count),
        "joint": joint_words.of_section(section, facts, actor),
        "outline_items": _outline_items(actor, section, outline, remarks.counted(actor, outline)),
        "boot": _boot(actor, section, content, previous, editable=editable),
        "blocks": list(drawn(content.document, section.level)),
        "cell_blocks": cell_blocks,
        "chip": chips.chips(cycle.id, done.present),
        "cards_url": chips.cards_url(cycle.id),
        "checks": found,
        "check_count": sum(1 for one in found if one.is_open),
        "sources": done.sources.sentence,
        "cycle_id": cycle.id,
        "form_token": generate_csrf(),
        "remarks": talk,
        "picture_url": picture_url(section.id),
        "previous": previous,
        "previous_blocks": list(drawn(previous.document, section.level)) if previous else [],
        "previous_picture_url": picture_url(previous_id),
        "previous_year": cycle.fiscal_year - 1,
        "state": spoken_state(section, lapsed.passed_over(section, decisions)),
        "since": None if editable else _since(actor, section, content, decisions),
        "holder": acts.spoken_turn(section.owner_office_name, turn_of(section, facts), actor.id),
        **_due(section, facts, cycle),
        "returned": _returned(section, happened),
        "last_measures": measure_lines.of_section(section, cycle),
        "stake": at_stake.of_section(section, decisions),
        "decisions": [_decision(decision, section) for decision in reversed(decisions)],
        "happenings": _happenings(happened),
        "files": evidence.of_section(section.id),
        "milestones": history.versions(section.id, limit=SHOWN_MILESTONES),
        "steps": _steps(section),
        "refusal": "",
    }


def turn_of(section: SectionView, facts: SectionFacts) -> acts.Turn:
    """Who is to act on the section now."""
    return asked.about_section(section, facts)


def cell_blocks(cell: Cell) -> list[Any]:
    """The paragraphs of a table cell as `drawn` gives those of a document."""
    return list(drawn(Document(content=cell.content), 4))


def picture_url(section_id: int) -> Callable[[str], str]:
    return lambda sha256: url_for("drafting.picture", section_id=section_id, sha256=sha256)


def _boot(
    actor: Actor, section: SectionView, content: Content, previous: Content | None, *, editable: bool
) -> dict[str, Any]:
    """What the editor in the browser starts from: frontend/README.md."""
    blank = "0" * 64
    return {
        "section_id": section.id,
        "person_id": actor.id,
        "person_name": actor.name,
        "level": section.level,
        "version": section.version,
        "document": dump(content.document),
        "previous": dump(previous.document) if previous else None,
        "editable": editable,
        "csrf_token": generate_csrf(),
        "urls": {
            "save": url_for("drafting.save", section_id=section.id),
            "picture_upload": url_for("drafting.add_picture", section_id=section.id),
            "picture": picture_url(section.id)(blank).replace(blank, "{sha256}"),
            "live": url_for("drafting.live_text", section_id=section.id),
            "facts": url_for("drafting.find_facts", section_id=section.id),
            "token": url_for("auth.token"),
            "sign_in": url_for("auth.sign_in"),
        },
    }


def _outline_items(
    actor: Actor, present: SectionView, outline: tuple[SectionView, ...], counts: Mapping[int, Counted]
) -> list[dict[str, Any]]:
    return [
        {
            "label": section.label,
            "title": section.title,
            "level": section.level,
            "url": url_for("drafting.section", section_id=section.id)
            if section.has_text and sections.is_readable(actor, section)
            else None,
            "is_current": section.id == present.id,
            "has_text": section.has_text,
            "tone": SECTION_STATES[section.state][1].value if section.has_text else None,
            "state": SECTION_STATES[section.state][0],
            "remarks": counts[section.id].open if section.id in counts else 0,
        }
        for section in outline
    ]


def _due(section: SectionView, facts: SectionFacts, cycle: CycleView) -> dict[str, Any]:
    stage = turns.section_stage(facts)
    left = cycle.term(stage, calendars.of_unit(cycle.unit_id), clock.today(), returned_on=section.returned_on)
    return {"due_text": until(left), "due_tone": term_tone(left)}


def _returned(section: SectionView, happened: list[EventView]) -> dict[str, Any] | None:
    """The last return, as long as the section has not gone on since."""
    last = next((event for event in happened if event.action in _RETURNS | _ONWARD), None)
    if last is None or last.action not in _RETURNS:
        return None
    after = (
        "改好提交后直接回到退回人那里，中间各步由退回人负责，不必重走。"
        if section.direct_to
        else "改好提交后，各步重走一遍。"
    )
    number = rounds((event.id, event.action) for event in happened)[last.id]
    return {
        "title": f"{last.actor_name} {spoken_moment(last.at)} {_ACTS[last.action]}（第 {number} 轮）",
        "reason": last.reason,
        "after": after,
    }


def _since(
    actor: Actor, section: SectionView, content: Content, decisions: list[ApprovalView]
) -> dict[str, Any] | None:
    """For whoever comes back: what he said last, what has changed since, whose approvals that has ended."""
    found = lapsed.since_decided(actor, section, content)
    ended = [
        f"{one.person_name}的{_ACTS.get(one.action, '审批')}（{spoken_moment(one.at)}）"
        for one in lapsed.of_section(section, decisions)
    ]
    if found is None and not ended:
        return None
    return {
        "part": found.part if found else None,
        "title": f"您 {spoken_moment(found.last.at)} {_ACTS.get(found.last.action, '办理')}以后，文字有改动"
        if found
        else "",
        "reason": found.last.reason if found and found.last.action in _RETURNS else "",
        "ended": "、".join(ended),
    }


def _decision(decision: ApprovalView, section: SectionView) -> dict[str, Any]:
    stands = decision.stands_for(section.content_sha256)
    lapsed = f"，{spoken_moment(decision.lapsed_at)} 失效" if decision.lapsed_at else ""
    return {
        "who": decision.person_name,
        "what": _ACTS.get(decision.action, decision.action),
        "when": spoken_moment(decision.at),
        "iso": decision.at.isoformat(),
        "tone": "done" if stands else "void",
        "reason": decision.comment,
        "digest": f"{decision.covers_sha256[:12]}…，{'有效' if stands else '已失效'}{lapsed}",
    }


def _happenings(happened: list[EventView]) -> list[dict[str, Any]]:
    numbers = rounds((event.id, event.action) for event in happened)
    return [_happening(event, numbers.get(event.id)) for event in happened]


def _happening(event: EventView, number: int | None) -> dict[str, Any]:
    told = tell(event.action, actor=event.actor_name, reason=event.reason, details=event.details, of_section=True)
    return {
        "who": told.who,
        "what": in_round(told.what, number),
        "reason": told.reason,
        "tone": told.tone.value,
        "when": spoken_moment(event.at),
        "iso": event.at.isoformat(),
    }


def _steps(section: SectionView) -> list[tuple[str, str, str | None]]:
    """The way a section takes, for the component `stages`."""
    names = ["编写", "科室审核", *(["财务核数"] if section.holds_money else []), "统稿采纳"]
    state = section.state.value
    done = {"submitted": 1, "head_approved": 2, "finance_checked": 3, "accepted": len(names)}.get(state, 0)
    return [(name, "done" if at < done else "current" if at == done else "todo", None) for at, name in enumerate(names)]
