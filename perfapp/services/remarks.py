"""批注 and 修改建议: made, answered, settled, and shown to whom they are for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfapp import clock
from perfapp.core.document import Document, dump, parse
from perfapp.core.errors import Conflict, Invalid, NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.remarks import rules
from perfapp.core.remarks.anchors import Anchor, carried, count, lines, located, quoted
from perfapp.core.remarks.proposals import Deed, applied, fits, proposed
from perfapp.core.remarks.rules import Audience, RemarkAct, RemarkFacts, Side
from perfapp.core.section_flow import FLOW, SectionAction
from perfapp.data import cycles, events, people, remarks, reports, sections
from perfapp.data.people import PersonBrief
from perfapp.data.remarks import RemarkView
from perfapp.data.reports import SIGNED_STATES
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import drafting, sheets, telling
from perfapp.services.sections import facts as section_facts

NO_REMARK = "没有找到这条批注。"
_SHOWN = 40  # characters of a quotation in a message
_DONE: Mapping[RemarkAct, str] = {
    RemarkAct.REPLY: "批注有了回复",
    RemarkAct.RESOLVE: "批注已标为解决",
    RemarkAct.REOPEN: "批注又提了出来",
    RemarkAct.ACCEPT: "修改建议已采纳",
    RemarkAct.REFUSE: "修改建议没有采纳",
}


@dataclass(frozen=True, slots=True)
class NewRemark:
    """What a person sends: the words it is about, where he saw them, and what he has to say."""

    quoted: str
    near: Anchor | None
    deed: Deed
    audience: Audience
    words: str
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A remark as one person sees it. `anchor` and `now` are its place and words in the text as it reads now."""

    remark: RemarkView
    anchor: Anchor | None
    now: str
    acts: tuple[RemarkAct, ...]
    is_mine: bool  # it waits for this person
    waits_for: Side | None
    obstacle: str  # what stops a proposal from being accepted now

    @property
    def is_gone(self) -> bool:
        return bool(self.remark.quoted) and self.anchor is None

    @property
    def is_changed(self) -> bool:
        return self.anchor is not None and self.now != self.remark.quoted

    @property
    def outcome(self) -> str:
        """What would stand there, were the proposal accepted now."""
        return proposed(self.remark.deed, self.now, self.remark.replacement)


@dataclass(frozen=True, slots=True)
class Counted:
    """The open remarks of a section that a person may see, how many wait for him, how many are for reviewers only."""

    open: int
    mine: int
    inside: int = 0

    @property
    def asks(self) -> bool:
        """Belongs on the desk: somebody waits for him, or an opinion lies before all reviewers, he among them."""
        return bool(self.mine or self.inside)


def side(actor: Actor, section: SectionView) -> Side | None:
    """What the actor is to the section."""
    return sides(actor, [section])[section.id]


def sides(actor: Actor, wanted: Iterable[SectionView]) -> dict[int, Side | None]:
    """What the actor is to each of the sections; nothing to those that he may not read. One query."""
    listed = list(wanted)
    wrote = remarks.written_by(actor.id, [section.id for section in listed])
    return {
        section.id: rules.side(actor, section.owner_office_id, wrote=section.id in wrote)
        if sections.is_readable(actor, section)
        else None
        for section in listed
    }


def of_section(actor: Actor, section: SectionView, document: Document) -> list[Shown]:
    """What the actor may see, in the order of the text; `document` is the text as he reads it."""
    return of_sections(actor, [(section, document)], {section.id: side(actor, section)})[section.id]


def of_sections(
    actor: Actor, wanted: Sequence[tuple[SectionView, Document]], known: Mapping[int, Side | None]
) -> dict[int, list[Shown]]:
    """The same for several sections, `known` being what the actor is to each; as many queries however many they are."""
    found: dict[int, list[RemarkView]] = {section.id: [] for section, _ in wanted}
    for remark in remarks.of_sections(found):
        if rules.may_see(known[remark.section_id], remark.audience):
            found[remark.section_id].append(remark)
    stored = sections.contents([section_id for section_id, listed in found.items() if listed])
    return {
        section.id: _shown(actor, section, known[section.id], found[section.id], stored[section.id].document, document)
        if found[section.id]
        else []
        for section, document in wanted
    }


def counted(actor: Actor, wanted: Iterable[SectionView]) -> dict[int, Counted]:
    """How many open remarks of each section the actor may see, and how many wait for him; none: not there."""
    listed = [section for section in wanted if section.has_text]
    briefs = remarks.open_of([section.id for section in listed]) if listed else []
    if not briefs:
        return {}
    with_some = {brief.section_id for brief in briefs}
    known = sides(actor, [section for section in listed if section.id in with_some])
    found: dict[int, Counted] = {}
    for brief in briefs:
        who = known[brief.section_id]
        if rules.may_see(who, brief.facts.audience):
            last = found.get(brief.section_id, Counted(0, 0))
            mine = rules.waits_for_person(brief.facts, who, actor.id)
            inside = brief.facts.audience is Audience.REVIEWERS
            found[brief.section_id] = Counted(last.open + 1, last.mine + mine, last.inside + inside)
    return found


def add(actor: Actor, section_id: int, new: NewRemark) -> int:
    """Make a remark; returns its id. Invalid or Conflict where its words are not in the text."""
    with transaction():
        report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
        if report.state in SIGNED_STATES:
            raise Conflict("报告已经盖章，不能再批注；需要更正的，请作废后重新编制。")
        section = sections.lock(section_id, actor.unit_id)
        if not section.has_text:
            raise NotFound("没有找到这一节。")
        who = side(actor, section)
        rules.demand_new(who, new.audience, new.deed, words=new.words, quoted=new.quoted, replacement=new.replacement)
        remark_id = remarks.add(
            section.id,
            actor.id,
            _anchor(section, new),
            deed=new.deed.value,
            audience=new.audience.value,
            words=new.words.strip(),
            quoted=new.quoted,
            replacement=new.replacement,
            made_at_version=section.version,
            said_last=(who or Side.WRITER).value,
        )
        action = "remark" if new.deed is Deed.COMMENT else "propose"
        event_id = _record(actor, section, new.audience, action, new.words.strip())
        what = "新的批注" if new.deed is Deed.COMMENT else "新的修改建议"
        _tell(actor, section, remarks.get(remark_id), event_id, what, new.words.strip())
    return remark_id


def act(actor: Actor, remark_id: int, action: RemarkAct, words: str, *, seen: str = "") -> tuple[RemarkView, int]:
    """Answer or settle a remark; returns it as it was, and how many approvals an accepted proposal ended.

    `seen` are the words that stood under a proposal when the person accepted it.
    """
    with transaction():
        section_id = remarks.section_of(remark_id)
        report = reports.lock_current(_cycle_of(section_id, actor), actor.unit_id)
        section = sections.lock(section_id, actor.unit_id)
        remark, who = remarks.get(remark_id), side(actor, section)
        if who is None or not rules.may_see(who, remark.audience):
            raise NotFound(NO_REMARK)
        if report.state in SIGNED_STATES:
            raise Conflict("报告已经盖章，批注不能再办理。")
        state = rules.decide(remark.facts, action, who, actor.id, words)
        lapsed = _take_in(actor, section, remark, seen) if action is RemarkAct.ACCEPT else 0
        remarks.add_step(remark_id, action, actor.id, words.strip(), state=state, by=who)
        event_id = _record(
            actor, section, remark.audience, f"remark_{action.value}", words.strip(), person=remark.author_name
        )
        _tell(actor, section, remarks.get(remark_id), event_id, _DONE[action], words.strip())
    return remark, lapsed


def _cycle_of(section_id: int, actor: Actor) -> int:
    """A remark on a section that the actor may not read is not there either."""
    try:
        return sections.cycle_of(section_id, actor)
    except NotFound as refusal:
        raise NotFound(NO_REMARK) from refusal


def _stored_and_read(section: SectionView) -> tuple[Document, Document]:
    """The text as it is stored, and as readers see it now: the figures of a draft as their facts are."""
    content = sections.content(section.id)
    present = sheets.sheet(cycles.get(section.cycle_id))
    return content.document, sheets.as_read(section, content, present).document


def _anchor(section: SectionView, new: NewRemark) -> Anchor | None:
    """Where the words stand in the stored text; the person saw the text as it reads now."""
    if not new.quoted:
        return None
    if len(new.quoted) > rules.MAX_QUOTED:
        raise Invalid(f"选中的文字超过 {rules.MAX_QUOTED} 字，请选短一些。", field="quoted")
    stored, read = _stored_and_read(section)
    found = located(lines(read), new.quoted, new.near)
    if found is None:
        raise _not_found(count(lines(read), new.quoted))
    fits(read, found, new.deed)
    return carried([found], [new.quoted], lines(read), lines(stored))[0]


def _not_found(places: int) -> Invalid | Conflict:
    if places:
        return Invalid(f"这些字在本节出现了 {places} 次，请多选几个字，好知道指的是哪一处。", field="quoted")
    return Conflict("本节现在没有这些文字：可能刚改过，也可能跨了段落。请重新选中同一段里的文字再批注。")


def _take_in(actor: Actor, section: SectionView, remark: RemarkView, seen: str) -> int:
    """The proposal becomes the owner's next version of the text."""
    locked = drafting.locked_for_writing(actor, section.id, None)
    stored, read = _stored_and_read(locked)
    (shown,) = _shown(actor, locked, Side.WRITER, [remark], stored, read)
    if shown.is_gone or remark.anchor is None:
        raise Conflict("原文已经删去，这条建议没有地方可改。请写明理由不采纳，或者直接修改正文。")
    if seen != shown.now:
        raise Conflict(f"这里的文字刚有变动，现在是“{shown.now}”。请看过再决定是否采纳。")
    changed = parse(dump(applied(stored, remark.anchor, remark.deed, remark.replacement)))
    label = f"采纳{remark.author_name}的修改建议"
    return drafting.store(actor, locked, changed, kind="merged", label=label).lapsed


def _shown(
    actor: Actor,
    section: SectionView,
    who: Side | None,
    found: Sequence[RemarkView],
    stored: Document,
    read: Document,
) -> list[Shown]:
    """In the order of the text: what is open first, within it what is of the whole section."""
    text = lines(read)
    places = carried([one.anchor for one in found], [one.quoted for one in found], lines(stored), text)
    obstacle = _obstacle(actor, section) if any(one.is_proposal and one.is_open for one in found) else ""
    shown = [
        Shown(
            remark=remark,
            anchor=place if remark.anchor is not None else None,
            now=quoted(text, place) if place is not None and remark.anchor is not None else "",
            acts=rules.available(remark.facts, who, actor.id),
            is_mine=rules.waits_for_person(remark.facts, who, actor.id),
            waits_for=rules.waits_for(remark.facts),
            obstacle=obstacle,
        )
        for remark, place in zip(found, places, strict=True)
    ]
    return sorted(shown, key=_order)


def _order(one: Shown) -> tuple[bool, int, int, int, int]:
    place = one.anchor
    if place is None:
        return not one.remark.is_open, -1 if not one.remark.quoted else 10**6, 0, 0, one.remark.id
    return not one.remark.is_open, place.block, place.row or 0, place.start, one.remark.id


def _obstacle(actor: Actor, section: SectionView) -> str:
    """Why the text cannot be changed by this person now; empty where it can."""
    known = section_facts(section, reports.current(section.cycle_id))
    if SectionAction.SAVE not in FLOW.available(known, actor):
        return "本节现在不在您手里，取回或退回以后才能采纳。"
    return FLOW.obstacle(known, SectionAction.SAVE, actor) or ""


def _record(actor: Actor, section: SectionView, audience: Audience, action: str, words: str, person: str = "") -> int:
    """In the section's time line, which its writers read; what is not for them only in the log, without words."""
    if audience is Audience.REVIEWERS:
        inside = "remark_inside" if action == "remark" else "remark_inside_act"
        return events.record(inside, actor_id=actor.id, unit_id=section.unit_id)
    return events.record(
        action,
        actor_id=actor.id,
        unit_id=section.unit_id,
        cycle_id=section.cycle_id,
        section_id=section.id,
        reason=words,
        details={"person": person} if person else {},
    )


def _tell(actor: Actor, section: SectionView, remark: RemarkView, event_id: int, what: str, words: str) -> None:
    """Whoever is to act, then whoever has taken part; nobody who may not see it."""
    asked = _asked(section, remark)
    others = [PersonBrief(person_id, "", "") for person_id in remarks.taking_part(remark.id)]
    inside = remark.audience is Audience.REVIEWERS
    body = (
        f"{actor.signature}：有一条只给审核人看的批注，请打开本节的“批注”查看。"
        if inside
        else _body(actor, remark, words)
    )
    for persons, asks in ((asked, True), (others, False)):
        seeing = [person for person in persons if _sees(person.id, section, remark.facts)]
        telling.of_remark(event_id, section, seeing, by=actor, what=what, body=body, asks=asks)


def _asked(section: SectionView, remark: RemarkView) -> Iterable[PersonBrief]:
    wanted = rules.waits_for(remark.facts)
    office, today = section.owner_office_id, clock.today()
    if wanted is Side.WRITER and office is not None:
        return people.holders(section.unit_id, Permission.WRITE, today, office_id=office)
    if wanted is Side.REVIEWER and not remark.steps and office is not None:
        return people.holders(section.unit_id, Permission.REVIEW, today, office_id=office)
    return ()


def _sees(person_id: int, section: SectionView, facts: RemarkFacts) -> bool:
    person = people.actor(person_id, clock.today())
    return person is not None and rules.may_see(side(person, section), facts.audience)


def _body(actor: Actor, remark: RemarkView, words: str) -> str:
    said = [f"{actor.signature}：{words}" if words else f"{actor.signature}："]
    if remark.quoted:
        short = remark.quoted if len(remark.quoted) <= _SHOWN else f"{remark.quoted[:_SHOWN]}…"
        said.append(f"原文：“{short}”")
    if remark.is_proposal:
        said.append(
            f"{rules.DEEDS[remark.deed]}" + (f"：“{remark.replacement[:_SHOWN]}”" if remark.replacement else "")
        )
    return "\n".join(said)
