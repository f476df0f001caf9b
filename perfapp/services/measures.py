"""整改台账: measures are entered, given to an office with a date, worked on, said to be done and confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from perfapp import clock
from perfapp.core.checking.findings import Finding
from perfapp.core.chinese import long_date
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.flow import Effect
from perfapp.core.measures.flow import FLOW, Is, MeasureAction, MeasureFacts, MeasureState
from perfapp.core.measures.suggest import LONGEST, Part, suggested
from perfapp.core.measures.untouched import untouched as untouched_one
from perfapp.core.permissions import Actor, Permission
from perfapp.core.words import MEASURE_ACTIONS, MEASURE_STATES
from perfapp.data import blobs, cycles, events, measures, people, reports, sections
from perfapp.data.cycles import CycleView
from perfapp.data.measures import MeasureView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import telling

A = MeasureAction
P = Permission
MOST_WORDS = 1000
_NOT_PLAIN = frozenset({A.ASSIGN})


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who owns a measure, until when, and what will show that it is done."""

    office_id: int
    person_id: int | None
    due_on: date
    proof: str


def facts(measure: MeasureView, *, evidence: bool = False) -> MeasureFacts:
    """What the rules need to know of it. `evidence` says that a file comes with the act."""
    conditions: set[str] = set()
    if measure.due_on is not None and measure.proof:
        conditions.add(Is.DATED)
    if evidence or any(note.evidence_sha256 for note in measures.notes(measure.id)):
        conditions.add(Is.SHOWN)
    return MeasureFacts(
        state=measure.state,
        version=measure.version,
        office_id=measure.office_id,
        author_ids=frozenset({measure.claimed_by} if measure.claimed_by else ()),
        last_actor_id=measure.last_actor_id,
        conditions=frozenset(conditions),
    )


def list_of(actor: Actor) -> list[MeasureView]:
    """The unit's list, unfinished first."""
    _demand_reader(actor)
    return measures.of_unit(actor.unit_id)


def one(actor: Actor, measure_id: int) -> MeasureView:
    _demand_reader(actor)
    return measures.get(actor.unit_id, measure_id)


def suggestions(actor: Actor, cycle_id: int) -> tuple[str, ...]:
    """What the cycle's report promises and the list does not hold yet."""
    if not actor.may(P.KEEP_MEASURES):
        return ()
    cycle = cycles.visible(actor, cycle_id)
    outline = [section for section in sections.outline(cycle.id) if section.has_text]
    texts = sections.contents([section.id for section in outline])
    parts = [Part(s.title, s.level, texts[s.id].document) for s in outline if texts[s.id].absent_reason is None]
    known = {_plain(measure.text) for measure in measures.of_cycle(cycle.id)}
    return tuple(text for text in suggested(parts) if _plain(text) not in known)


def enter(actor: Actor, cycle_id: int, texts: Sequence[str], *, source: str = "report") -> list[int]:
    """Put promises into the list; what it holds already is left out. Returns the new ids."""
    _demand(actor, P.KEEP_MEASURES)
    wanted = [_checked(text) for text in dict.fromkeys(texts)]
    if not wanted:
        raise Invalid("请至少选一条措施，或写一条新的。", field="text")
    with transaction():
        cycle = cycles.visible(actor, cycle_id)
        reports.lock_current(cycle.id, actor.unit_id)
        known = {_plain(measure.text) for measure in measures.of_cycle(cycle.id)}
        fresh = [text for text in wanted if _plain(text) not in known]
        if not fresh:
            raise Conflict("所选措施都已在台账里，没有重复列入。")
        made = []
        for text in fresh:
            measure_id = measures.add(actor.unit_id, cycle.id, source, text, entered_by=actor.id, comment_id=None)
            _record(actor, "measure_enter", measures.get(actor.unit_id, measure_id))
            made.append(measure_id)
    return made


def enter_from_bureau(report: ReportView, comment_id: int | None, text: str) -> None:
    """What the bureau says, in a comment or returning, becomes a measure of the year it judged; the same but once.

    In the open transaction.
    """
    text = text.strip()[:LONGEST]
    if _plain(text) not in {_plain(measure.text) for measure in measures.of_cycle(report.cycle_id)}:
        measures.add(report.unit_id, report.cycle_id, "bureau", text, entered_by=None, comment_id=comment_id)


def assign(actor: Actor, measure_id: int, wanted: Assignment, *, version: int) -> MeasureView:
    """Say who owns it, until when, and what shows that it is done."""
    proof = wanted.proof.strip()
    if not proof:
        raise Invalid("请写明完成标志：看到什么就算完成。", field="proof")
    with transaction():
        measure = measures.lock(actor.unit_id, measure_id)
        decision = FLOW.decide(facts(measure), A.ASSIGN, actor, version=version)
        office = people.office(actor.unit_id, wanted.office_id)
        if wanted.person_id is not None and not _is_of_office(wanted.person_id, actor.unit_id, office.id):
            raise Invalid(f"责任人须在{office.name}任职，请重新选择。", field="person_id")
        measures.write(
            measure.id,
            decision,
            actor_id=actor.id,
            office_id=office.id,
            person_id=wanted.person_id,
            due_on=wanted.due_on,
            proof=proof[:LONGEST],
        )
        changed = measures.get(actor.unit_id, measure_id)
        said = f"{office.name}，{long_date(wanted.due_on)}前完成，完成标志：{proof}"
        measures.add_note(measure.id, A.ASSIGN, said[:MOST_WORDS], actor.id)
        event_id = _record(actor, "measure_assign", changed, said)
        _tell(event_id, changed, _owners(changed), actor, "请您办理整改措施", said)
    return changed


def act(
    actor: Actor,
    measure_id: int,
    action: MeasureAction,
    *,
    version: int,
    text: str = "",
    evidence: tuple[str, bytes] | None = None,
) -> MeasureView:
    """Any other step. `evidence` is the name and bytes of a file that shows what was done."""
    if action in _NOT_PLAIN:
        raise Invalid("这一步要在它自己的表单里办理。")
    text = text.strip()
    if len(text) > MOST_WORDS:
        raise Invalid(f"请写在 {MOST_WORDS} 字以内。", field="text")
    media_type = guard.sniff(*evidence) if evidence else ""
    with transaction():
        measure = measures.lock(actor.unit_id, measure_id)
        decision = FLOW.decide(
            facts(measure, evidence=evidence is not None), action, actor, version=version, reason=text
        )
        changes: dict[str, object] = {}
        if action is A.CLAIM:
            changes["claimed_by"] = actor.id
        if action is A.CONFIRM:
            changes["confirmed_by"] = actor.id
        if action in {A.REFUSE, A.REOPEN, A.WITHDRAW}:
            changes |= {"claimed_by": None, "confirmed_by": None}
        measures.write(measure.id, decision, actor_id=actor.id, **changes)
        kept = (blobs.put(evidence[1], media_type), evidence[0][-200:]) if evidence else None
        measures.add_note(measure.id, action, text, actor.id, evidence=kept)
        changed = measures.get(actor.unit_id, measure_id)
        event_id = _record(actor, f"measure_{action.value}", changed, text)
        if action is A.CLAIM:
            confirmers = people.holders(actor.unit_id, P.CONFIRM_MEASURES, clock.today())
            _tell(event_id, changed, confirmers, actor, "请您确认措施是否完成", text, is_task=True)
        if Effect.TELL_WRITERS in decision.effects:
            _tell(event_id, changed, _owners(changed), actor, MEASURE_ACTIONS[action], text)
    return changed


def evidence_of(actor: Actor, note_id: int, measure_id: int) -> tuple[str, str, str]:
    """Digest, name and media type of the file that came with a note."""
    one(actor, measure_id)
    note = next((note for note in measures.notes(measure_id) if note.id == note_id), None)
    found = blobs.describe(note.evidence_sha256) if note and note.evidence_sha256 else None
    if note is None or found is None:
        raise NotFound("这条记录没有附文件。")
    return found.sha256, note.evidence_filename, found.media_type


def last_years(cycle: CycleView) -> list[MeasureView]:
    """What the earlier reports promised: last year's whole list, and from before what is not finished."""
    if cycle.previous_id is None:
        return []
    mine = [measure for measure in measures.of_unit(cycle.unit_id) if measure.fiscal_year < cycle.fiscal_year]
    previous = [measure for measure in mine if measure.cycle_id == cycle.previous_id]
    older = [m for m in mine if m.cycle_id != cycle.previous_id and m.state in measures.UNFINISHED]
    return [*sorted(previous, key=lambda m: m.id), *sorted(older, key=lambda m: m.id)]


def untouched(cycle: CycleView) -> tuple[Finding, ...]:
    """Earlier years' measures that nobody has done anything about, as the pre-flight says it."""
    idle = [one for one in last_years(cycle) if one.state is MeasureState.NOT_STARTED]
    return tuple(untouched_one(one.id, one.fiscal_year, one.text) for one in idle)


def late_words(measure: MeasureView, today: date) -> str:
    """Its state in a word: 已完成, or 逾期 where its date has passed."""
    return "逾期" if measure.is_late(today) else MEASURE_STATES[measure.state][0]


def waits_for(measure: MeasureView, actor: Actor) -> MeasureAction | None:
    """What this person is to do about it now."""
    if measure.state is MeasureState.CLAIMED:
        can = actor.may(P.CONFIRM_MEASURES) and actor.id != measure.claimed_by
        return A.CONFIRM if can else None
    if measure.state not in measures.UNFINISHED:
        return None
    if measure.office_id is None or measure.due_on is None:
        return A.ASSIGN if actor.may(P.KEEP_MEASURES) else None
    if actor.may_at(P.ACT_ON_MEASURES, measure.office_id) and measure.person_id in (None, actor.id):
        return A.CLAIM
    return None


def _owners(measure: MeasureView) -> Iterable[PersonBrief]:
    if measure.person_id is not None:
        return people.briefs([measure.person_id])
    if measure.office_id is None:
        return ()
    return people.holders(measure.unit_id, P.ACT_ON_MEASURES, clock.today(), office_id=measure.office_id)


def _is_of_office(person_id: int, unit_id: int, office_id: int) -> bool:
    holders = people.holders(unit_id, P.ACT_ON_MEASURES, clock.today(), office_id=office_id)
    return any(person.id == person_id for person in holders)


def _checked(raw: str) -> str:
    text = " ".join(raw.split())
    if not text:
        raise Invalid("措施不能是空的。", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"一条措施请写在 {LONGEST} 字以内。", field="text")
    return text


def _plain(text: str) -> str:
    return "".join(ch for ch in text if ch.isalnum())


def _record(actor: Actor, action: str, measure: MeasureView, reason: str = "") -> int:
    return events.record(
        action,
        actor_id=actor.id,
        unit_id=measure.unit_id,
        cycle_id=measure.cycle_id,
        reason=reason,
        details={"value": measure.text[:60], "place": f"/measures/{measure.id}"},
    )


def _tell(
    event_id: int,
    measure: MeasureView,
    persons: Iterable[PersonBrief],
    by: Actor,
    what: str,
    said: str,
    *,
    is_task: bool = False,
) -> None:
    body = f"{by.signature}：{measure.text}" + (f"\n{said}" if said else "")
    telling.announce(event_id, persons, by=by, subject=f"{what}：{measure.text[:60]}", body=body, is_task=is_task)


def _demand_reader(actor: Actor) -> None:
    _demand(actor, P.READ_MEASURES)


def _demand(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden("您没有办理这一步的权限。")
