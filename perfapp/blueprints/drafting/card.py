"""The card of a live figure: what it says, how it is worked out, where it comes from, who answers for it."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from perfapp.blueprints.chips import fact_page
from perfapp.blueprints.drafting.choosing import reference_of
from perfapp.blueprints.page import spoken_moment
from perfapp.core.chinese import long_date
from perfapp.core.figures.facts import FORM_NAMES, Form, Reference
from perfapp.core.figures.formula_names import with_names
from perfapp.core.permissions import Actor
from perfapp.data import cycles
from perfapp.data.fact_views import FactView, ValueView
from perfapp.services import known_facts
from perfapp.services.known_facts import KnownFacts
from perfapp.services.sourcing import spoken_origin

_COMPARED = frozenset({Form.GROWTH, Form.CHANGE})


@dataclass(frozen=True, slots=True)
class Input:
    """A number that the shown one is worked out from."""

    name: str
    shown: str
    url: str


def context(actor: Actor, cycle_id: int, key: str, args: MultiDict[str, str]) -> dict[str, Any]:
    """What the card shows of the figure `key` in the form the address asks for; `shown` is what stands in the text."""
    known = known_facts.of_cycle(cycles.visible(actor, cycle_id))
    fact = known.get(key)
    reference = reference_of(key, args)
    standing = known.standing(reference)
    in_text = args.get("shown", "")[:100]
    value = known.value(key, last_year=reference.form is Form.LAST_YEAR)
    return {
        "fact": fact,
        "standing": standing,
        "now": standing.shown if in_text and in_text != standing.shown else "",
        "in_text": in_text or standing.shown,
        "form": _form_in_words(known, fact, reference),
        "inputs": _inputs(known, fact, reference),
        "facts": _facts(known, fact, value, long_date(standing.as_of) if standing.as_of else None),
        "evidence": value if value is not None and value.evidence_sha256 else None,
        "page_url": fact_page(known.cycle.id, key),
    }


def _form_in_words(known: KnownFacts, fact: FactView, reference: Reference) -> str:
    year = known.cycle.fiscal_year
    if reference.form is Form.RATIO and reference.other:
        return f"“{fact.name}”占“{known.get(reference.other).name}”的比例（{year}年度）"
    if reference.form is Form.LAST_YEAR:
        return f"上年数（{year - 1}年度）"
    return f"{FORM_NAMES[reference.form]}（{year}年度）"


def _inputs(known: KnownFacts, fact: FactView, reference: Reference) -> list[Input]:
    """This year's and last year's, part and whole, or what the formula works with."""
    year = known.cycle.fiscal_year
    if reference.form in _COMPARED:
        forms = ((f"{year}年度", Form.VALUE), (f"{year - 1}年度", Form.LAST_YEAR))
        return [_input(known, Reference(fact=fact.key, form=form), name) for name, form in forms]
    if reference.form is Form.RATIO and reference.other:
        keys: tuple[str, ...] = (fact.key, reference.other)
    else:
        parsed = known.sheet.formulas.get(fact.key)
        keys = parsed.names if parsed else ()
    form = Form.LAST_YEAR if reference.form is Form.LAST_YEAR else Form.VALUE
    return [_input(known, Reference(fact=name, form=form), known.get(name).name) for name in keys]


def _input(known: KnownFacts, reference: Reference, name: str) -> Input:
    return Input(name, known.sheet.shown(reference), fact_page(known.cycle.id, reference.fact))


def _facts(known: KnownFacts, fact: FactView, value: ValueView | None, as_of: str | None) -> list[tuple[str, str]]:
    """Names and values, in the order a reader asks for them."""
    return [
        ("口径", fact.definition.scope or "没有写明"),
        ("截止", as_of or "还没有数值"),
        ("归口科室", fact.office_name or "未指定"),
        *(_people(value) if fact.definition.formula == "" and value is not None else []),
        ("来源", _source(known, fact, value)),
    ]


def _people(value: ValueView) -> list[tuple[str, str]]:
    confirmed = (
        f"{value.confirmed_by_name}，{spoken_moment(value.confirmed_at)}" if value.confirmed_at else "还没有人确认"
    )
    return [("填报", f"{value.entered_by_name}，{spoken_moment(value.entered_at)}"), ("确认", confirmed)]


def _source(known: KnownFacts, fact: FactView, value: ValueView | None) -> str:
    """In words, down to the cell or the rows."""
    if fact.definition.formula:
        names = {key: one.name for key, one in known.facts.items()}
        return f"公式：{with_names(fact.definition.formula, names)}"
    if value is None:
        return "没有填报" if fact.is_entered else "没有台账记录"
    return spoken_origin(value) + (f"（{value.note}）" if value.note else "")
