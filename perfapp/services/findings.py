"""The checks over a live report: findings with their places and explanations, sources, offers, and the gates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from perfapp.core.checking.book import RuleBook
from perfapp.core.checking.case import Known
from perfapp.core.checking.check import Checkup, check
from perfapp.core.checking.findings import Finding, Severity
from perfapp.core.checking.live import Offer, Sources, known, link_findings, offers, sources, unsourced
from perfapp.core.checking.own import OwnText, Part, own_text
from perfapp.core.checking.year_facts import disagreeing
from perfapp.core.checking.year_facts import unconfirmed as resting_on_unconfirmed
from perfapp.core.content import Content, snapshot_section
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.figures.facts import Sheet
from perfapp.core.manuscript import Manuscript, Place
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import Is as SectionIs
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles, events, explanations, forms, reports, rules, sections
from perfapp.data.cycles import CycleView
from perfapp.data.explanations import ExplanationView
from perfapp.data.people import PersonBrief
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import annex_tables, measures, self_scores, sheets, telling, unconfirmed
from perfapp.services.self_scores import SelfScore

_DRAWN = frozenset({"L1", "L2"})  # numbers and cover are drawn by the program, they cannot be wrong
_IN_ANNEXES = frozenset({"C1", "C3"})  # “三公”经费 and the self-score stand in the annexes
_STARTED = frozenset(SectionState) - {SectionState.NOT_STARTED, SectionState.DRAFTING}
MAX_EXPLANATION = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what has been said of it, and the sections it concerns, the one to mend first."""

    finding: Finding
    explanation: ExplanationView | None
    section_ids: tuple[int, ...]

    @property
    def is_settled(self) -> bool:
        """Explained, and the explanation accepted."""
        return self.explanation is not None and self.explanation.is_accepted is True

    @property
    def blocks(self) -> bool:
        return self.finding.severity is Severity.ERROR and not self.is_settled

    @property
    def is_open(self) -> bool:
        """Still to be mended or explained."""
        return self.finding.severity is not Severity.NOTE and not self.is_settled


@dataclass(frozen=True, slots=True)
class CycleCheck:
    """The whole report under examination, as its drafts stand."""

    cycle: CycleView
    outline: tuple[SectionView, ...]
    text: OwnText
    checkup: Checkup
    judged: tuple[Judged, ...]
    sources: Mapping[int, Sources]
    present: Sheet
    score: SelfScore | None  # where it was asked for, and anything has been entered

    def of_section(self, section_id: int) -> tuple[Judged, ...]:
        return tuple(one for one in self.judged if section_id in one.section_ids)

    def count(self, severity: Severity) -> int:
        """Findings of this weight that are not settled."""
        return sum(1 for one in self.judged if one.finding.severity is severity and not one.is_settled)

    @property
    def all_sources(self) -> Sources:
        return Sources(
            sum(one.total for one in self.sources.values()), sum(one.sourced for one in self.sources.values())
        )


@dataclass(frozen=True, slots=True)
class SectionCheck:
    """What concerns one section."""

    judged: tuple[Judged, ...]
    sources: Sources
    unsourced: tuple[Place, ...]
    offers: tuple[Offer, ...]
    text: OwnText
    section: SectionView
    outline: tuple[SectionView, ...]
    cycle: CycleView
    present: Sheet


def of_cycle(
    cycle: CycleView, outline: tuple[SectionView, ...] | None = None, *, with_scores: bool = False
) -> CycleCheck:
    """Check the report as it stands: drafts with their figures of now, decided texts as decided.

    `with_scores` adds what belongs to no section: what a reviewer would doubt in the self-score, and earlier years'
    promises that nobody has touched.
    """
    outline = sections.outline(cycle.id) if outline is None else outline
    present = sheets.sheet(cycle)
    text = _own_text(cycle, outline, present)
    book = _book(cycle, present)
    checkup = _checked(text.manuscript, book, known(text, present, cycle.fiscal_year))
    said = explanations.of_cycle(cycle.id)
    score = _self_score(cycle, present) if with_scores else None
    found = (*link_findings(text, present, book), *_unconfirmed(cycle, text, present, with_annexes=with_scores))
    found += (*checkup.findings, *(score.doubts if score else ()))
    found += (*disagreeing(present), *measures.untouched(cycle)) if with_scores else ()
    judged = tuple(Judged(one, said.get(one.fingerprint), _sections_of(one, text)) for one in found)
    return CycleCheck(cycle, outline, text, checkup, judged, sources(checkup.figures, text), present, score)


def of_section(actor: Actor, section_id: int) -> SectionCheck:
    """What the checks say of one section that the actor may read; the whole report is looked at."""
    section, outline = sections.visible_in_outline(actor, section_id)
    done = of_cycle(cycles.get(section.cycle_id), outline)
    mine = [figure for figure in done.checkup.figures if done.text.section_of(figure.place) == section_id]
    return SectionCheck(
        tuple(_told(one, outline, partial(sections.is_readable, actor)) for one in done.of_section(section_id)),
        done.sources.get(section_id, Sources(0, 0)),
        unsourced(mine, done.text),
        offers(mine, done.text, done.present),
        done.text,
        section,
        outline,
        done.cycle,
        done.present,
    )


def blocking(cycle: CycleView, outline: tuple[SectionView, ...], section_id: int | None = None) -> str:
    """The sentence that stops submission (of the section) or sealing (of the report); '' when nothing does."""
    done = of_cycle(cycle, outline, with_scores=section_id is None)
    if section_id is None:
        return _stopping(done.judged)
    office_id = next(section.owner_office_id for section in outline if section.id == section_id)
    own = [_told(one, outline, lambda other: other.owner_office_id == office_id) for one in done.of_section(section_id)]
    return _stopping(own)


def _told(one: Judged, outline: Sequence[SectionView], may_read: Callable[[SectionView], bool]) -> Judged:
    """The finding for a reader: where it quotes a section that is not his to read, only which section that is."""
    hidden = [section.heading for section in outline if section.id in one.section_ids and not may_read(section)]
    if not hidden:
        return one
    message = f"本节有一处与“{'”“'.join(hidden)}”的内容不相符，请与该节的经办人或统稿人核对。"
    return replace(one, finding=replace(one.finding, message=message, suggestion=""))


def _stopping(judged: Sequence[Judged]) -> str:
    stops = [one.finding for one in judged if one.blocks]
    if not stops:
        return ""
    more = f"（共 {len(stops)} 处，见“检查”）" if len(stops) > 1 else ""
    return f"体检发现须先改正或说明的问题：{stops[0].message}{more}"


class SectionStops:
    """The condition that nothing stops a section's submission, and the sentence that says what does; asked for once.

    Where the section has been checked already, `done` spares the second look.
    """

    def __init__(self, section: SectionView, done: SectionCheck | None = None) -> None:
        self._section = section
        self._done = done
        self.tests: dict[str, Callable[[], bool]] = {SectionIs.NO_BLOCKING: lambda: not self.sentence}
        self.sentences: dict[str, Callable[[], str]] = {SectionIs.NO_BLOCKING: lambda: self.sentence}

    @cached_property
    def sentence(self) -> str:
        if self._done is not None:
            return _stopping(self._done.judged)
        cycle = cycles.get(self._section.cycle_id)
        return blocking(cycle, sections.outline(cycle.id), self._section.id)


def explain(actor: Actor, cycle_id: int, fingerprint: str, text: str) -> None:
    """Say in one sentence why a finding may stand. Only who may write one of its sections, or else the editor."""
    said = " ".join(text.split())
    if not 4 <= len(said) <= MAX_EXPLANATION:
        raise Invalid(f"请用一句话说明，4 到 {MAX_EXPLANATION} 字。", field="explanation")
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        done = of_cycle(cycle, with_scores=True)
        one = next((one for one in done.judged if one.finding.fingerprint == fingerprint), None)
        if one is None:
            raise Conflict("这个问题已经不在了，请刷新后再看。")
        if not may_explain(actor, one, done.outline):
            raise Forbidden("这个问题由所在章节的经办人说明。")
        section_id = one.section_ids[0] if one.section_ids else None
        explanations.add(cycle_id, section_id, one.finding, said, actor.id)
        event_id = _record(actor, cycle, section_id, "explain_finding", said, one.finding.message)
        telling.explained(event_id, cycle.unit_id, section_id, by=actor, finding=one.finding.message, text=said)


def answer(actor: Actor, explanation_id: int, *, accept: bool, reason: str = "") -> int:
    """Finance accepts an explanation, or refuses it with a reason; returns the cycle's id."""
    if not actor.may(Permission.CHECK_MONEY):
        raise Forbidden("问题的说明由财务认可。")
    if not accept and not reason.strip():
        raise Invalid("请写明为什么不认可，让对方知道怎么改。", field="reason")
    with transaction():
        said = explanations.get(actor.unit_id, explanation_id)
        cycle = cycles.lock(said.cycle_id, actor.unit_id)
        said = explanations.get(actor.unit_id, explanation_id)
        if explanations.of_cycle(cycle.id)[said.fingerprint].id != said.id or said.is_accepted is not None:
            raise Conflict("这条说明已经有了新的情况，请刷新后再办理。")
        if said.explained_by == actor.id:
            raise Forbidden("自己写的说明须由他人认可。")
        explanations.answer(said.id, actor.id, accept=accept, reason="" if accept else reason.strip()[:MAX_EXPLANATION])
        action = "accept_explanation" if accept else "refuse_explanation"
        event_id = _record(actor, cycle, said.section_id, action, reason.strip(), said.message)
        writer = PersonBrief(said.explained_by, said.explained_by_name, "")
        why = "" if accept else reason.strip()[:MAX_EXPLANATION]
        telling.explanation_answered(
            event_id, writer, said.section_id, by=actor, finding=said.message, refused_reason=why
        )
    return cycle.id


def to_answer(actor: Actor, known: Mapping[int, CycleView]) -> dict[int, int]:
    """How many explanations wait for this person's word, by cycle; those whose finding is gone wait for nobody."""
    if not actor.may(Permission.CHECK_MONEY):
        return {}
    waiting: dict[int, set[str]] = {}
    for one in explanations.unanswered(known):
        if one.explained_by != actor.id:
            waiting.setdefault(one.cycle_id, set()).add(one.fingerprint)
    counts = {}
    for cycle_id, fingerprints in waiting.items():
        found = {one.finding.fingerprint for one in of_cycle(known[cycle_id], with_scores=True).judged}
        counts[cycle_id] = len(fingerprints & found)
    return {cycle_id: count for cycle_id, count in counts.items() if count}


def may_explain(actor: Actor, one: Judged, outline: tuple[SectionView, ...]) -> bool:
    """The writers of the sections concerned; where none is concerned (something is missing), the editor."""
    if one.finding.severity is Severity.NOTE or one.is_settled:
        return False
    if not one.section_ids:
        return actor.may(Permission.MERGE)
    owners = {section.owner_office_id for section in outline if section.id in one.section_ids}
    return any(owner is not None and actor.may_at(Permission.WRITE, owner) for owner in owners)


def _unconfirmed(cycle: CycleView, text: OwnText, present: Sheet, *, with_annexes: bool) -> tuple[Finding, ...]:
    doubtful = unconfirmed.doubtful(cycle)
    shown = annex_tables.rest_on(cycle, present) if doubtful and with_annexes else frozenset()
    return resting_on_unconfirmed(text, present, doubtful, shown)


def _self_score(cycle: CycleView, present: Sheet) -> SelfScore | None:
    if present.is_empty or forms.pinned(cycle.id, "indicators") is None:
        return None
    return self_scores.of_cycle(cycle)


def _own_text(cycle: CycleView, outline: tuple[SectionView, ...], present: Sheet) -> OwnText:
    stored = sections.contents([section.id for section in outline])
    parts = tuple(_part(section, sheets.as_read(section, stored[section.id], present)) for section in outline)
    report = reports.current(cycle.id)
    is_whole = all(section.state in _STARTED for section in outline if section.has_text and section.is_required)
    return own_text(
        parts,
        title=cycle.title,
        unit_name=cycle.unit_name,
        fiscal_year=cycle.fiscal_year,
        dated_on=report.dated_on,
        is_whole=is_whole,
    )


def _part(section: SectionView, content: Content) -> Part:
    printed = snapshot_section(
        content, level=section.level, number=section.number, run_in=section.run_in, has_text=section.has_text
    )
    return Part(section.id, printed)


def _book(cycle: CycleView, present: Sheet) -> RuleBook:
    """The rules the cycle is pinned to, without those about what the program draws or prints by itself."""
    pinned = forms.of_cycle(cycle.id)
    book = RuleBook.model_validate(pinned["rules"].content) if "rules" in pinned else rules.rule_book()
    has_annexes = "indicators" in pinned and not present.is_empty
    idle = _DRAWN | (_IN_ANNEXES if has_annexes else frozenset())
    return book.model_copy(update={"rules": tuple(rule for rule in book.rules if rule.code not in idle)})


@lru_cache(maxsize=32)
def _checked(manuscript: Manuscript, book: RuleBook, known_facts: tuple[Known, ...]) -> Checkup:
    """A text that has not changed is not read again: pages ask often, texts change seldom."""
    return check(manuscript, book, known_facts)


def _sections_of(finding: Finding, text: OwnText) -> tuple[int, ...]:
    found = (text.section_of(place) for place in finding.places)
    return tuple(dict.fromkeys(section_id for section_id in found if section_id is not None))


def _record(actor: Actor, cycle: CycleView, section_id: int | None, action: str, reason: str, message: str) -> int:
    return events.record(
        action,
        actor_id=actor.id,
        unit_id=cycle.unit_id,
        cycle_id=cycle.id,
        section_id=section_id,
        reason=reason,
        details={"finding": message},
    )
