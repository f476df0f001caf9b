"""What people do to the self-score: fill in an indicator, set a score by hand, consent to it, suppose another value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.figures.facts import typed_amount
from perfapp.core.figures.units import from_base, rounded
from perfapp.core.permissions import Actor, Permission
from perfapp.core.scoring.amounts import points_text
from perfapp.core.scoring.entries import Entry, OwnScore
from perfapp.core.scoring.indicators import Indicator
from perfapp.core.scoring.rules import CheckList, Graded
from perfapp.core.scoring.score import Line, score
from perfapp.core.scoring.what_if import Supposed, suppose
from perfapp.data import blobs, cycles, events, indicators
from perfapp.data.cycles import CycleView
from perfapp.data.indicators import EntryView, Evidence
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import self_scores, telling
from perfapp.services.self_scores import SelfScore

MAX_WORDS = 500
WORDS = "words-"
"""Before the keys of the words that stand in the tables beside the indicators (goals, measures)."""
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person fills in, as typed. `own_points` '' takes a score set by hand back."""

    actual: str = ""
    said: str = ""
    checks: tuple[bool | None, ...] = ()
    grade: str = ""
    percent: str = ""
    points: str = ""
    deviation: str = ""
    own_points: str = ""
    own_reason: str = ""
    evidence: tuple[str, bytes] | None = None  # file name and bytes
    drops_evidence: bool = False


def fill(actor: Actor, cycle_id: int, key: str, filled: Filled, *, last_number: int) -> EntryView:
    """Write the next entry of an indicator. `last_number` is the one the person was looking at, 0 for none."""
    media_type = guard.sniff(*filled.evidence) if filled.evidence else ""
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        present = self_scores.of_cycle(cycle)
        line = line_of(present, key)
        row = present.row(actor, line)
        if row.fill_bar:
            raise Forbidden(row.fill_bar)
        view = row.view
        if (view.number if view else 0) != last_number:
            raise Conflict(f"“{line.indicator.name}”在您打开之后已有新的填报，请刷新页面，看过再填。")
        entry = _entry(line.indicator, filled)
        _check_own(present, line.indicator, entry)
        evidence = _evidence(view, filled, media_type)
        if view and _spoken(entry) == _spoken(view.entry) and evidence == _kept(view):
            raise Invalid("没有改动，不用保存。")
        consent = _carried(actor, view, entry)
        entry_id = indicators.add(
            cycle.id,
            key,
            last_number + 1,
            entry,
            office_id=row.office_id,
            evidence=evidence,
            person_id=actor.id,
            consent=consent,
        )
        event_id = _record(actor, cycle, "fill_indicator", line.indicator.name)
        if entry.own is not None and consent is None and row.office_id is not None:
            telling.own_score(event_id, cycle.unit_id, row.office_id, by=actor, indicator=line.indicator.name)
    return indicators.get(actor.unit_id, entry_id)


def consent(actor: Actor, entry_id: int) -> EntryView:
    """The office head agrees that the score set by hand counts; never to his own."""
    with transaction():
        view = indicators.get(actor.unit_id, entry_id)
        cycle = cycles.lock(view.cycle_id, actor.unit_id)
        present = self_scores.of_cycle(cycle)
        line = line_of(present, view.indicator_key)
        row = present.row(actor, line)
        if row.view is None or row.view.id != entry_id:
            raise Conflict(f"“{line.indicator.name}”已有新的填报，请刷新后再看。")
        if row.consent_bar:
            raise Conflict(row.consent_bar) if row.view.consented_by is not None else Forbidden(row.consent_bar)
        indicators.consent(entry_id, actor.id)
        own = row.view.entry.own
        value = f"{points_text(own.points)}分" if own else ""
        _record(actor, cycle, "consent_score", line.indicator.name, value)
    return indicators.get(actor.unit_id, entry_id)


def fill_words(actor: Actor, cycle_id: int, words: Mapping[str, str]) -> None:
    """Write the words of the tables; those that are as they were are left alone."""
    if not actor.may(Permission.MERGE):
        raise Forbidden("表中的目标和措施由统稿人填写。")
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        views = indicators.of_cycle(cycle.id)
        for name, text in words.items():
            said = text.strip()
            if len(said) > MAX_WORDS:
                raise Invalid(f"最多 {MAX_WORDS} 字。", field=name)
            view = views.get(WORDS + name)
            if said == (view.entry.deviation if view else ""):
                continue
            indicators.add(
                cycle.id,
                WORDS + name,
                (view.number if view else 0) + 1,
                Entry(deviation=said),
                office_id=None,
                evidence=None,
                person_id=actor.id,
            )
            _record(actor, cycle, "fill_words", "")


def words_of(views: Mapping[str, EntryView]) -> dict[str, str]:
    """The words of the tables, by their names."""
    return {key.removeprefix(WORDS): view.entry.deviation for key, view in views.items() if key.startswith(WORDS)}


def what_if(actor: Actor, cycle_id: int, changes: Mapping[str, str]) -> tuple[SelfScore, Supposed]:
    """The score with other amounts of entered facts, as typed; nothing is saved. Empty ones change nothing."""
    present = self_scores.of_cycle(cycles.visible(actor, cycle_id))
    other = present.sheet
    for key, typed in changes.items():
        definition = present.sheet.definitions.get(key)
        if definition is None or definition.formula or not typed.strip():
            continue
        try:
            other = other.replaced(key, typed_amount(typed, definition.unit))
        except Invalid as refusal:
            raise Invalid(f"{definition.name}：{refusal.message}", field=key) from refusal
    entries = {key: view.entry for key, view in present.views.items()}
    return present, suppose(present.form, present.sheet, other, entries)


def line_of(present: SelfScore, key: str) -> Line:
    """NotFound for an indicator that the cycle's set does not have."""
    if present.form.indicator(key) is None:
        raise NotFound("没有找到这个指标。")
    return present.scored.line(key)


# --- inside -------------------------------------------------------------------------------------------------------


def _entry(indicator: Indicator, filled: Filled) -> Entry:
    """What was typed, as an entry; Invalid beside the field that cannot be."""
    rule = indicator.rule
    takes_actual = not indicator.is_judged and not indicator.actual
    if isinstance(rule, CheckList) and len(filled.checks) != len(rule.checks):
        raise Invalid("页面内容不完整，请刷新后再填。", field="checks")
    actual = None
    if takes_actual and filled.actual.strip():
        actual = from_base(typed_amount(filled.actual, indicator.unit), indicator.unit)
        if actual != rounded(actual, indicator.decimals):
            raise Invalid(f"最多 {indicator.decimals} 位小数。", field="actual")
    return Entry(
        actual=actual,
        said=_said(filled.said, "said"),
        checks=filled.checks if isinstance(rule, CheckList) else (),
        grade=_grade(rule, filled.grade) if isinstance(rule, Graded) else "",
        percent=_percent(rule, filled) if isinstance(rule, Graded) else None,
        points=_number(filled.points, "points", indicator.weight) if rule.kind == "by_hand" else None,
        deviation=_said(filled.deviation, "deviation"),
        own=_own(indicator, filled),
    )


def _said(text: str, field: str) -> str:
    said = text.strip()
    if len(said) > 500:
        raise Invalid("最多 500 字。", field=field)
    return said


def _grade(rule: Graded, name: str) -> str:
    if name and all(grade.name != name for grade in rule.grades):
        raise Invalid("请选择等次。", field="grade")
    return name


def _percent(rule: Graded, filled: Filled) -> Decimal | None:
    grade = next((grade for grade in rule.grades if grade.name == filled.grade), None)
    percent = _number(filled.percent, "percent", Decimal(100))
    if grade is None or percent is None or grade.low == grade.high:
        return None
    if not grade.low <= percent <= grade.high:
        raise Invalid(
            f"“{grade.name}”的完成比例在 {points_text(grade.low)}% 至 {points_text(grade.high)}% 之间。",
            field="percent",
        )
    return percent


def _number(text: str, field: str, most: Decimal) -> Decimal | None:
    typed = text.strip()
    if not typed:
        return None
    if not _NUMBER.fullmatch(typed) or Decimal(typed) > most:
        raise Invalid(f"请填写 0 至 {points_text(most)} 的数，最多两位小数。", field=field)
    return Decimal(typed)


def _own(indicator: Indicator, filled: Filled) -> OwnScore | None:
    points = _number(filled.own_points, "own_points", indicator.weight)
    if points is None:
        return None
    reason = _said(filled.own_reason, "own_reason")
    if not reason:
        raise Invalid("改用自评得分要写明理由。", field="own_reason")
    return OwnScore(points=points, reason=reason)


def _check_own(present: SelfScore, indicator: Indicator, entry: Entry) -> None:
    if entry.own is None:
        return
    alone = score(present.form, present.sheet, {indicator.key: entry}).line(indicator.key)
    if alone.system == entry.own.points:
        raise Invalid("与系统得分相同，不用另填自评得分。", field="own_points")


def _evidence(view: EntryView | None, filled: Filled, media_type: str) -> Evidence | None:
    if filled.evidence:
        return Evidence(blobs.put(filled.evidence[1], media_type), filled.evidence[0][:200])
    return None if filled.drops_evidence or view is None else _kept(view)


def _kept(view: EntryView) -> Evidence | None:
    return Evidence(view.evidence_sha256, view.evidence_filename) if view.evidence_sha256 else None


def _spoken(entry: Entry) -> Entry:
    """What the person himself says: neither the file, which is kept apart, nor another's consent."""
    own = entry.own.model_copy(update={"is_consented": False}) if entry.own else None
    return entry.model_copy(update={"evidence": (), "own": own})


def _carried(actor: Actor, view: EntryView | None, entry: Entry) -> tuple[int, datetime] | None:
    """Consent stands while the score and all it rests on are as they were, and the one who gave it is another."""
    if view is None or view.consented_by is None or view.consented_at is None or view.consented_by == actor.id:
        return None
    words = {"deviation": "", "said": ""}
    old, new = (_spoken(one).model_copy(update=words) for one in (view.entry, entry))
    return (view.consented_by, view.consented_at) if old == new and new.own is not None else None


def _record(actor: Actor, cycle: CycleView, action: str, name: str, value: str = "") -> int:
    details = {"fact": name, "value": value}
    return events.record(action, actor_id=actor.id, unit_id=cycle.unit_id, cycle_id=cycle.id, details=details)
