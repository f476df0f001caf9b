"""The choice of a fact in the editor: which facts fit what was typed, and how each would stand in the sentence."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from perfapp.core.chinese import long_date
from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import FORM_NAMES, Form, Reference
from perfapp.core.figures.finding import best
from perfapp.core.figures.units import unit, units_like
from perfapp.data.fact_views import FactView
from perfapp.services.known_facts import KnownFacts

MOST = 12
MAX_QUERY = 40
_NAMES: Mapping[Form, str] = {**FORM_NAMES, Form.RATIO: "占比或执行率：选另一项数据"}
_NONE_AT_ALL = "本单位还没有登记数据。请统稿人在“数据”里登记。"


def found(known: KnownFacts, args: MultiDict[str, str]) -> dict[str, Any]:
    """The answer of facts.json: one fact with its forms (`key`), or the facts that fit `q`, as wholes of `part`."""
    if args.get("key"):
        return {"facts": [_formed(known, args)], "message": ""}
    part = known.get(args["part"]) if args.get("part") else None
    query = args.get("q", "")[:MAX_QUERY]
    usable = {fact.key: fact for fact in known.in_use if part is None or _is_whole_of(known, fact, part)}
    fitting = best([fact.definition for fact in usable.values()], query)
    if not query.strip():  # nothing looked for yet: what has a value comes first
        fitting.sort(key=lambda one: known.sheet.amount(one.key) is None)
    listed = [_line(known, usable[one.key], part) for one in fitting[:MOST]]
    return {"facts": listed, "message": _told(len(fitting), query, part)}


def _line(known: KnownFacts, fact: FactView, part: FactView | None) -> dict[str, Any]:
    standing = known.standing(Reference(fact=fact.key))
    mark, tone = ("未填报", "late") if standing.is_missing else ("未确认", "waiting")
    line: dict[str, Any] = {
        "key": fact.key,
        "name": fact.name,
        "shown": standing.shown,
        "owner": fact.office_name,
        "as_of": long_date(standing.as_of) if standing.as_of else "",
        "mark": "" if standing.is_confirmed and not standing.is_missing else mark,
        "tone": tone,
    }
    if part is not None:
        ratio = Reference(fact=part.key, form=Form.RATIO, other=fact.key)
        line["ratio"] = {"reference": ratio.model_dump(mode="json"), "shown": known.sheet.shown(ratio)}
    return line


def _formed(known: KnownFacts, args: MultiDict[str, str]) -> dict[str, Any]:
    """One fact as each form would show it, in the unit and with the decimals asked for."""
    fact = known.get(args["key"])
    definition = fact.definition
    units = units_like(definition.unit)
    chosen = args.get("unit", "") or definition.unit
    if chosen not in units:
        raise Invalid(f"“{fact.name}”不能写成“{chosen[:20]}”。", field="unit")
    decimals = _decimals(args.get("decimals", ""), definition.decimals)
    shared = {
        "unit": "" if chosen == definition.unit else chosen,
        "decimals": None if decimals == definition.decimals else decimals,
    }
    return _line(known, fact, None) | {
        "unit": chosen,
        "units": units,
        "decimals": decimals,
        "forms": [_form(known, fact.key, form, shared) for form in Form],
    }


def _form(known: KnownFacts, key: str, form: Form, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Percentages have decimals of their own; a share needs another fact, which is chosen next."""
    if form is Form.RATIO:
        return {"form": form.value, "name": _NAMES[form], "shown": "", "reference": None}
    reference = Reference(fact=key, form=form) if form is Form.GROWTH else Reference(fact=key, form=form, **shared)
    return {
        "form": form.value,
        "name": _NAMES[form],
        "shown": known.sheet.shown(reference),
        "reference": reference.model_dump(mode="json"),
    }


def _is_whole_of(known: KnownFacts, fact: FactView, part: FactView) -> bool:
    """A number of the same kind that is not nothing: what a share or a rate can be taken of."""
    alike = unit(fact.definition.unit).dimension == unit(part.definition.unit).dimension
    return alike and fact.key != part.key and bool(known.sheet.amount(fact.key))


def _decimals(typed: str, otherwise: int) -> int:
    return int(typed) if typed in {"0", "1", "2", "3", "4", "5", "6"} else otherwise


def _told(count: int, query: str, part: FactView | None) -> str:
    if count > MOST:
        return f"共 {count} 项，显示前 {MOST} 项，请多打几个字。"
    if count:
        return f"{count} 项"
    if query:
        return "没有找到这样的数据，请换个说法，或请统稿人登记。"
    return "没有同类的数据可作总数。" if part else _NONE_AT_ALL


def reference_of(key: str, args: MultiDict[str, str]) -> Reference:
    """The reference that the address of a card spells."""
    try:
        return Reference(
            fact=key,
            form=Form(args.get("form", "value")),
            other=args.get("other") or None,
            unit=args.get("unit", ""),
            decimals=int(args["decimals"]) if args.get("decimals", "").isdecimal() else None,
        )
    except (ValidationError, ValueError) as error:
        raise Invalid("没有这样的数据写法，请刷新页面。") from error
