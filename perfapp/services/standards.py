"""A unit's own indicators, rules and base table: copied from the shipped, changed in the browser, used for a year."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from perfapp.core.annexes.base_table import BaseTable, base_table
from perfapp.core.checking.book import RuleBook
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.figures.facts import Definition, Sheet
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.scoring import problems
from perfapp.core.scoring.indicators import IndicatorSet
from perfapp.data import catalog, cycles, events, facts, forms, people, reports
from perfapp.data.cycles import CycleView
from perfapp.data.forms import Part
from perfapp.data.session import transaction

PART_NAMES: Mapping[str, str] = {"indicators": "评分指标", "rules": "勾稽规则", "base-table": "基础数据表"}
OPEN = frozenset({ReportState.DRAFTING, ReportState.MERGING})
"""A report that is not yet in review: what it is made of can still be exchanged."""


@dataclass(frozen=True, slots=True)
class Standard:
    """An indicator set, a rule book or a base table as the unit has it: its own copy, or the shipped one."""

    part: str
    key: str
    version: int
    content: Mapping[str, Any]
    is_own: bool
    shipped_version: int
    used_by: tuple[CycleView, ...] = ()

    @property
    def name(self) -> str:
        return str(self.content["name"])


def listed(actor: Actor) -> tuple[Standard, ...]:
    """Every indicator set, rule book and base table, with the years that use exactly this version."""
    own = forms.own(actor.unit_id)
    years = [(cycle, forms.of_cycle(cycle.id)) for cycle in cycles.of_unit(actor.unit_id)]
    return tuple(
        _standard(shipped, own.get((part, shipped.key)), years)
        for part in PART_NAMES
        for shipped in catalog.shipped_everywhere(part)
    )


def get(actor: Actor, part: str, key: str) -> Standard:
    """NotFound where nothing of that name is shipped."""
    return _standard(_shipped(part, key), forms.own(actor.unit_id).get((part, key)), [])


def save(actor: Actor, part: str, key: str, content: Mapping[str, Any], *, last_version: int) -> Standard:
    """Keep `content` as the unit's next version; Invalid, in sentences, for what could not be used."""
    _demand(actor)
    with transaction():
        people.lock_unit(actor.unit_id)
        before = get(actor, part, key)
        if before.version != last_version:
            raise Conflict("这份内容在您打开之后已有新的版本，请刷新页面再改。")
        read = _checked(actor, part, {**content, "key": key, "version": before.version + 1})
        if read.model_copy(update={"version": before.version}) == _as_read(part, before.content):
            raise Invalid("没有改动，不用保存。")
        whole = read.model_dump(mode="json")
        digest = hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        based_on = f"{key} 第{before.version}版"
        kept = Part(part, key, before.version + 1, whole, digest)
        forms.add_own(actor.unit_id, kept, name=whole["name"], based_on=based_on, person_id=actor.id)
        details = {"fact": whole["name"], "value": str(kept.version)}
        events.record("save_form", actor_id=actor.id, unit_id=actor.unit_id, details=details)
    return get(actor, part, key)


def reset(actor: Actor, part: str, key: str, *, last_version: int) -> Standard:
    """Go back to the shipped content, as a new version."""
    return save(actor, part, key, _shipped(part, key).content, last_version=last_version)


def use(actor: Actor, part: str, key: str, cycle_id: int) -> CycleView:
    """Let a year work with it, as it is now; only while its report is not yet in review."""
    _demand(actor)
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        if reports.current(cycle.id).state not in OPEN:
            raise Conflict(f"{cycle.fiscal_year}年度的报告已经送审，不能再换{PART_NAMES.get(part, '')}。")
        chosen = get(actor, part, key)
        own = forms.own(actor.unit_id).get((part, key))
        shipped = _shipped(part, key)
        pinned = own or Part(part, key, shipped.version, shipped.content, shipped.sha256)
        _checked(actor, part, pinned.content)
        forms.pin(cycle.id, pinned, person_id=actor.id)
        details = {"fact": chosen.name}
        events.record("pin_form", actor_id=actor.id, unit_id=actor.unit_id, cycle_id=cycle.id, details=details)
    return cycle


def definitions(actor: Actor) -> dict[str, Definition]:
    """The unit's facts by key; before its first year, the shipped ones."""
    own = {fact.key: fact.definition for fact in facts.of_unit(actor.unit_id)}
    shipped = {fact.key: fact for part in catalog.fact_lists() for fact in part.content.facts}
    return own or shipped


def _checked(actor: Actor, part: str, content: Mapping[str, Any]) -> IndicatorSet | RuleBook | BaseTable:
    if part == "indicators":
        return problems.parse(content, definitions(actor))
    return _checked_layout(actor, content) if part == "base-table" else _checked_book(content)


def _checked_layout(actor: Actor, content: Mapping[str, Any]) -> BaseTable:
    try:
        layout = BaseTable.model_validate(content)
    except ValidationError as error:
        raise Invalid("基础数据表填写的内容不合要求，请检查名称、表题和说明的长短。") from error
    known = definitions(actor)
    if wrong := layout.problems(known):
        raise Invalid("\n".join(wrong))
    base_table(
        layout, Sheet(known.values(), {}, {}), unit_name="", fiscal_year=2000
    )  # Invalid where it cannot be drawn
    return layout


def _checked_book(content: Mapping[str, Any]) -> RuleBook:
    try:
        book = RuleBook.model_validate(content)
    except ValidationError as error:
        number = next((at for at in error.errors()[0]["loc"] if isinstance(at, int)), None)
        code = content["rules"][number]["code"] if number is not None else ""
        raise Invalid(f"规则{code}填写的内容不合要求，请检查轻重、容差和用词。") from error
    known = {rule["code"] for rule in _shipped("rules", book.key).content["rules"]}
    if {rule.code for rule in book.rules} != known:
        raise Invalid("规则不能增减，只能停用或改轻重、容差和用词。")
    return book


def _as_read(part: str, content: Mapping[str, Any]) -> IndicatorSet | RuleBook | BaseTable:
    models = {"indicators": IndicatorSet, "rules": RuleBook, "base-table": BaseTable}
    read: IndicatorSet | RuleBook | BaseTable = models[part].model_validate(content)  # type: ignore[attr-defined]
    return read


def _standard(
    shipped: catalog.ShippedPart, own: Part | None, years: list[tuple[CycleView, dict[str, forms.Pinned]]]
) -> Standard:
    version, digest = (own.version, own.sha256) if own else (shipped.version, shipped.sha256)
    users = tuple(
        cycle
        for cycle, pinned in years
        if (used := pinned.get(shipped.part)) is not None and (used.key, used.sha256) == (shipped.key, digest)
    )
    content = own.content if own else shipped.content
    return Standard(shipped.part, shipped.key, version, content, own is not None, shipped.version, users)


def _shipped(part: str, key: str) -> catalog.ShippedPart:
    found = (
        next((one for one in catalog.shipped_everywhere(part) if one.key == key), None) if part in PART_NAMES else None
    )
    if found is None:
        raise NotFound("没有找到这份内容。")
    return found


def _demand(actor: Actor) -> None:
    if not actor.may(Permission.DEFINE_FIGURES):
        raise Forbidden("指标、规则和表样由统稿人设置。")
