"""What people do to facts: define, enter, take back, confirm. Values are never overwritten."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.figures.facts import Definition, Sheet, check_definitions, typed_amount
from perfapp.core.figures.units import MONEY, unit, units_like
from perfapp.core.live_figures import figures
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import SectionState
from perfapp.data import blobs, cycles, disputes, events, facts, figure_uses, people, sections
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, NewValue, ValueView
from perfapp.data.facts import LAST, YEAR
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import sheets, telling

_PERIOD_WORDS = {YEAR: "", LAST: "上年数"}
_PERIOD = re.compile(r"year|last|0[1-9]|1[0-2]")
_WRITTEN = frozenset(SectionState) - {SectionState.NOT_STARTED, SectionState.DRAFTING}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person enters for a fact. `typed` is read in `unit` (the fact's own where empty); '' takes it back."""

    typed: str
    as_of: date | None = None
    unit: str = ""
    note: str = ""
    evidence: tuple[str, bytes] | None = None  # file name and bytes
    evidence_page: str = ""
    period: str = YEAR


def enter(actor: Actor, cycle_id: int, key: str, entry: Entry, *, last_number: int) -> ValueView:
    """Write the next value of the fact. `last_number` is the one the person was looking at, 0 for none."""
    if not _PERIOD.fullmatch(entry.period):
        raise Invalid("请选择全年或某一个月。", field="period")
    media_type = guard.sniff(*entry.evidence) if entry.evidence else ""
    with transaction():
        cycle = _open(actor, cycle_id)
        if entry.period == LAST and cycle.previous_id:
            raise Invalid(f"上年数请到{cycle.fiscal_year - 1}年度的数据里填报。", field="period")
        fact = facts.lock(actor.unit_id, key)
        last = facts.present_value(fact.id, cycle.id, entry.period)
        demand_entering(actor, fact, last)
        if (last.number if last else 0) != last_number:
            raise Conflict(f"“{fact.name}”在您打开之后已有新的数值，请刷新页面，看过再填。")
        amount = typed_amount(entry.typed, entry.unit or fact.definition.unit) if entry.typed.strip() else None
        if amount is None and last is None:
            raise Invalid(f"请填写“{fact.name}”的数值。", field="amount")
        sha256 = blobs.put(entry.evidence[1], media_type) if entry.evidence else None
        new = NewValue(
            amount=amount,
            as_of=entry.as_of or cycle.period_to,
            typed=entry.typed.strip()[:40],
            evidence_sha256=sha256,
            evidence_filename=entry.evidence[0][:200] if entry.evidence else "",
            evidence_page=entry.evidence_page.strip()[:40],
            note=entry.note.strip()[:200],
        )
        return write(actor, cycle, fact, entry.period, new)


def write(
    actor: Actor, cycle: CycleView, fact: FactView, period: str, new: NewValue, *, entered_by: int | None = None
) -> ValueView:
    """Write a value in the open transaction, with its event, and mark every section whose text it touches.

    `entered_by` is whoever put the value forward, where that is not the actor: a verdict writes another's value.
    """
    before = sheets.showing(cycle) if period in (YEAR, LAST) else []
    facts.add_value(fact.id, cycle.id, period, new, person_id=entered_by or actor.id)
    written = facts.present_value(fact.id, cycle.id, period)
    if written is None:
        raise NotFound("没有找到这个数值。")
    told = {
        "fact": fact.name,
        "key": fact.key,
        "value": new.typed or "清空",
        "period": _PERIOD_WORDS.get(period, f"{period.lstrip('0')}月"),
    }
    _record(actor, cycle, "enter_fact", told)
    for year, sheet in before:
        if period == YEAR or year.id == cycle.id:  # what was entered as last year's number is no number of the next
            after = sheet.replaced(fact.key, new.amount, last_year=period == LAST or year.id != cycle.id)
            mark_touched(actor, year, sheet, after, fact.name)
    return written


def confirm(actor: Actor, value_id: int) -> FactView:
    """Say that the present value is right: finance for money, else the head of the owner office; never one's own."""
    with transaction():
        fact, value = facts.value(actor.unit_id, value_id)
        cycle = _open(actor, value.cycle_id)
        facts.lock(actor.unit_id, fact.key)
        return _confirm(actor, cycle, value_id)


def confirm_many(actor: Actor, cycle_id: int, value_ids: Iterable[int]) -> list[tuple[str, str]]:
    """Confirm each of the cycle's values that can be; what became of each: its fact's name and why not, or ''."""
    results = []
    with transaction():
        cycle = _open(actor, cycle_id)
        for value_id in dict.fromkeys(value_ids):
            fact, value = facts.value(actor.unit_id, value_id)
            if value.cycle_id != cycle.id:
                raise NotFound("没有找到这个数值。")
            try:
                _confirm(actor, cycle, value_id)
            except (Conflict, Forbidden) as refusal:
                results.append((fact.name, refusal.message))
            else:
                results.append((fact.name, ""))
    return results


def define(actor: Actor, definition: Definition, *, office_id: int | None, version: int | None = None) -> None:
    """Add a fact, or (`version` given) change its definition; the formulas of all facts must still make sense."""
    _demand_defining(actor)
    with transaction():
        people.lock_unit(actor.unit_id)
        _check_office(actor, office_id)
        known = {fact.key: fact for fact in facts.of_unit(actor.unit_id, retired=True)}
        old = known.get(definition.key)
        if version is None and old is not None:
            raise Conflict(f"编码“{definition.key}”已有数据“{old.name}”使用，请换一个编码。")
        if version is not None and (old is None or old.version != version):
            raise Conflict("这项数据的定义在您打开之后已有变动，请刷新页面再改。")
        others = [fact for key, fact in known.items() if key != definition.key]
        if any(fact.name == definition.name and fact.retired_at is None for fact in others):
            raise Invalid(f"已有名为“{definition.name}”的数据，请换一个名称或改用那一项。", field="name")
        _check_kind(definition, old)
        check_definitions([*(fact.definition for fact in others), definition])
        if old is None:
            facts.add(actor.unit_id, definition, office_id=office_id, position=len(known) + 1)
        else:
            facts.change(old.id, definition, office_id=office_id)
        action = "define_fact" if old is None else "change_fact"
        events.record(action, actor_id=actor.id, unit_id=actor.unit_id, details={"fact": definition.name})


def retire(actor: Actor, key: str, *, version: int, retired: bool = True) -> FactView:
    """Take a fact out of use, or back; refused while a formula needs it or a present text shows it."""
    _demand_defining(actor)
    with transaction():
        fact = facts.lock(actor.unit_id, key)
        if fact.version != version:
            raise Conflict("这项数据的定义在您打开之后已有变动，请刷新页面再改。")
        if retired:
            _demand_unused(actor, fact)
        facts.retire(fact.id, retired=retired)
        action = "retire_fact" if retired else "revive_fact"
        events.record(action, actor_id=actor.id, unit_id=actor.unit_id, details={"fact": fact.name})
    return fact


def demand_entering(actor: Actor, fact: FactView, value: ValueView | None = None) -> None:
    """Forbidden, with the owner's name, unless the actor may enter values of this fact."""
    why = entering_bar(actor, fact, value)
    if why:
        raise Forbidden(why)


def entering_bar(actor: Actor, fact: FactView, value: ValueView | None = None) -> str:
    """Why the actor may not enter a value over the present one of this fact; '' when he may."""
    if fact.retired_at is not None:
        return f"“{fact.name}”已停用，不再填报。"
    if fact.definition.formula:
        return f"“{fact.name}”由公式算出，不用填报；要改的是公式里用到的数据。"
    if value is not None and value.source_kind == "ledger" and value.amount is not None:  # of an emptied one, none
        return f"“{fact.name}”由台账汇总，不用填报；要改的是台账。"
    if fact.office_id is None:
        return f"“{fact.name}”还没有指定归口科室，请统稿人先指定。"
    if not actor.may_at(Permission.ENTER_FIGURE, fact.office_id):
        return f"“{fact.name}”由{fact.office_name}的经办人填报，您不能填。"
    return ""


def confirming_bar(actor: Actor, fact: FactView, value: ValueView) -> str:
    """Why the actor may not confirm this value; '' when he may."""
    if value.entered_by == actor.id:
        return "自己填的数须由他人确认。"
    if fact.definition.is_money:
        return "" if actor.may(Permission.CONFIRM_MONEY) else "资金数据由财务确认。"
    if fact.office_id is not None and actor.may_at(Permission.CONFIRM_FIGURE, fact.office_id):
        return ""
    return f"“{fact.name}”由{fact.office_name or '归口科室'}负责人确认。"


def mark_touched(actor: Actor, cycle: CycleView, before: Sheet, after: Sheet, what: str) -> None:
    """Record on each section that shows a changed figure what it showed and shows now; tell those who wrote it."""
    outline = {section.id: section for section in sections.outline(cycle.id) if section.has_text}
    shown_by = {section_id for ids in figure_uses.uses(cycle.id).values() for section_id in ids} & set(outline)
    texts = sections.contents(sorted(shown_by))
    for section_id in sorted(shown_by):
        section, seen = outline[section_id], texts[section_id].document
        changed = [
            (before.shown(figure.reference), after.shown(figure.reference))
            for figure in figures(seen)
            if before.shown(figure.reference) != after.shown(figure.reference)
        ]
        if not changed:
            continue
        changes = [f"{old} → {new}" for old, new in dict.fromkeys(changed)][:8]
        touched = events.record(
            "figure_changed",
            actor_id=actor.id,
            unit_id=cycle.unit_id,
            cycle_id=cycle.id,
            section_id=section_id,
            details={"fact": what, "changes": changes},
        )
        if section.state in _WRITTEN:
            telling.figure_changed(touched, section, by=actor, what=what, changes=changes)


def _confirm(actor: Actor, cycle: CycleView, value_id: int) -> FactView:
    """Confirm the value; the cycle is locked, so nobody writes another meanwhile."""
    fact, value = facts.value(actor.unit_id, value_id)
    why = confirming_bar(actor, fact, value)
    if why:
        raise Forbidden(why)
    present = facts.present_value(fact.id, value.cycle_id, value.period)
    if present is None or present.id != value.id:
        raise Conflict(f"“{fact.name}”已有新的数值，请刷新后核对新值。")
    if value.amount is None:
        raise Conflict(f"“{fact.name}”的数值已清空，没有可确认的。")
    if value.is_confirmed:
        raise Conflict(f"“{fact.name}”已由{value.confirmed_by_name}确认。")
    facts.confirm(value.id, actor.id)
    _record(actor, cycle, "confirm_fact", {"fact": fact.name, "key": fact.key, "value": value.typed})
    return fact


def _open(actor: Actor, cycle_id: int) -> CycleView:
    """The cycle of the actor's unit, locked."""
    return cycles.lock(cycle_id, actor.unit_id)


def _record(actor: Actor, cycle: CycleView, action: str, details: dict[str, str]) -> None:
    events.record(action, actor_id=actor.id, unit_id=cycle.unit_id, cycle_id=cycle.id, details=details)


def _demand_defining(actor: Actor) -> None:
    if not actor.may(Permission.DEFINE_FIGURES):
        raise Forbidden("数据的名称、口径和归口科室由统稿人设置。")


def _check_office(actor: Actor, office_id: int | None) -> None:
    if office_id is not None and all(office.id != office_id for office in people.offices(actor.unit_id)):
        raise Invalid("请选择归口科室。", field="office_id")


def _check_kind(definition: Definition, old: FactView | None) -> None:
    """Invalid where the unit does not go with who confirms it, or with the values there are."""
    if unit(definition.unit).dimension == MONEY and not definition.is_money:
        raise Invalid("金额由财务确认，请勾选“资金数据”。", field="is_money")
    if old is None or unit(old.definition.unit).dimension == unit(definition.unit).dimension:
        return
    if facts.has_values(old.id):
        same = "、".join(units_like(old.definition.unit))
        raise Invalid(f"已有数值，单位只能换成同一类的（{same}）；别的单位请另登记一项。", field="unit")


def _demand_unused(actor: Actor, fact: FactView) -> None:
    for other in facts.of_unit(actor.unit_id):
        if other.definition.formula and fact.key in _formula_names(other.definition.formula):
            raise Conflict(f"“{other.name}”的公式用到“{fact.name}”，请先改公式。")
    if disputes.undecided_of_fact(fact.id):
        raise Conflict(f"“{fact.name}”还有争议没有裁定，裁定后才能停用。")
    for cycle in cycles.of_unit(actor.unit_id)[:1]:
        if fact.key in figure_uses.uses(cycle.id):
            raise Conflict(f"{cycle.fiscal_year}年度的正文引用了“{fact.name}”，请先改正文。")


def _formula_names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z][a-z0-9-]*", text))
