"""What the live figures of a text say against their facts, and which typed figures could be live."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import RuleBook
from perfapp.core.checking.case import Known
from perfapp.core.checking.findings import Finding
from perfapp.core.checking.own import Linked, OwnText
from perfapp.core.figures.facts import MISSING, Form, Reference, Sheet
from perfapp.core.figures.figure import Figure, Kind
from perfapp.core.figures.units import from_base, rounded, unit
from perfapp.core.manuscript import Place

QUANTITIES = frozenset({Kind.MONEY, Kind.PERCENT, Kind.POINTS, Kind.COUNT, Kind.MEASURE, Kind.SCORE})
_TELLING_DIGITS = 4  # a number of so many digits is hardly equal by chance


@dataclass(frozen=True, slots=True)
class Sources:
    """How many of a text's quantities come from a fact."""

    total: int
    sourced: int

    @property
    def sentence(self) -> str:
        if self.total == 0:
            return "没有数字"
        return f"{self.total} 处数字，{self.sourced} 处有来源" if self.sourced else f"{self.total} 处数字，都没有来源"


@dataclass(frozen=True, slots=True)
class Offer:
    """A typed figure that equals a fact: it can be linked."""

    place: Place
    text: str
    name: str
    reference: Reference


def link_findings(text: OwnText, present: Sheet, book: RuleBook) -> tuple[Finding, ...]:
    """K2 a figure without a value, K3 a decided figure whose fact has changed since (数据已变)."""
    found = []
    missing, outdated = book.rule("K2"), book.rule("K3")
    for linked in text.linked:
        name = present.definitions[linked.figure.fact].name if linked.figure.fact in present.definitions else ""
        now, places = present.shown(linked.figure.reference), (linked.place,)
        if linked.figure.shown == MISSING:
            if missing is None:
                continue
            message = f"“{name}”还没有填报，正文里的这个数是空的。"
            advice = "请归口科室填报，或删去这个数。"
            found.append(Finding("K2", missing.severity, message, None, None, places, advice, linked.figure.fact))
        elif now != linked.figure.shown and outdated is not None:
            message = f"数据已变：“{name}”正文为{linked.figure.shown}，现为{now}。"
            advice = "取回或退回本节后，正文自动用上新数；仍用旧数的，请说明。"
            subject = f"{linked.figure.fact} {linked.figure.shown} {now}"
            found.append(Finding("K3", outdated.severity, message, None, None, places, advice, subject))
    return tuple(found)


def sources(figures: Iterable[Figure], text: OwnText) -> dict[int, Sources]:
    """By section: the quantities that somebody writes there, and those that stand where a live figure stands."""
    linked = _by_line(text.linked)
    counted: dict[int, list[int]] = {}
    for figure in figures:
        at = text.stretch(figure.place)
        if figure.kind not in QUANTITIES or at is None:
            continue
        count = counted.setdefault(at.section_id, [0, 0])
        count[0] += 1
        count[1] += _is_linked(figure.place, linked)
    return {section_id: Sources(total, sourced) for section_id, (total, sourced) in counted.items()}


def unsourced(figures: Iterable[Figure], text: OwnText) -> tuple[Place, ...]:
    """Where the quantities stand, in what somebody writes, that no live figure shows."""
    linked = _by_line(text.linked)
    return tuple(
        figure.place
        for figure in figures
        if figure.kind in QUANTITIES and text.stretch(figure.place) is not None and not _is_linked(figure.place, linked)
    )


def offers(figures: Iterable[Figure], text: OwnText, present: Sheet) -> tuple[Offer, ...]:
    """The typed quantities that a fact would print alike, this year's or last year's."""
    linked = _by_line(text.linked)
    candidates = [
        (key, form, amount)
        for key in present.definitions
        for form, last_year in ((Form.VALUE, False), (Form.LAST_YEAR, True))
        if (amount := present.amount(key, last_year=last_year)) is not None
    ]
    by_dimension: dict[str, list[tuple[str, Form, Decimal]]] = {}
    for key, form, amount in candidates:
        dimension = unit(present.definitions[key].unit).dimension
        by_dimension.setdefault(dimension, []).append((key, form, amount))
    found = []
    for figure in figures:
        if figure.kind not in QUANTITIES or figure.value is None or _is_linked(figure.place, linked):
            continue
        if text.stretch(figure.place) is None or figure.is_rough or not figure.text[0].isdecimal():
            continue  # in a heading, about, or in words (五个): linking would change what is written
        offer = _offer(figure, by_dimension.get(unit(figure.unit).dimension, []), present)
        if offer:
            found.append(offer)
    return tuple(found)


def known(text: OwnText, present: Sheet, fiscal_year: int) -> tuple[Known, ...]:
    """What the rules hold the text against."""
    places: dict[str, list[Place]] = {}
    for linked in text.linked:
        places.setdefault(linked.figure.fact, []).append(linked.place)
    return tuple(
        Known(key, one.names, amount, one.unit, fiscal_year, linked=tuple(places.get(key, ())))
        for key, one in present.definitions.items()
        if (amount := present.amount(key)) is not None
    )


def _offer(figure: Figure, alike: list[tuple[str, Form, Decimal]], present: Sheet) -> Offer | None:
    equal = [
        (key, form)
        for key, form, amount in alike
        if rounded(from_base(amount, figure.unit), figure.decimals) == figure.value
    ]
    named = [(key, form) for key, form in equal if _is_named(figure, present.definitions[key].names)]
    digits = len(figure.value.as_tuple().digits) if figure.value is not None else 0
    is_alone = len({key for key, _, _ in alike}) == 1  # the only fact of the unit that is counted so (批次)
    chosen = named or (equal if digits >= _TELLING_DIGITS or is_alone else [])
    if not chosen:
        return None
    key, form = min(chosen, key=lambda one: one[1] is not Form.VALUE)
    definition = present.definitions[key]
    name = definition.name if form is Form.VALUE else f"上年{definition.name}"
    shown_unit = "" if figure.unit == definition.unit else figure.unit
    decimals = None if figure.decimals == definition.decimals else figure.decimals
    reference = Reference(fact=key, form=form, unit=shown_unit, decimals=decimals)
    return Offer(figure.place, figure.text, name, reference)


def _is_named(figure: Figure, names: tuple[str, ...]) -> bool:
    return any(name in figure.label or (figure.label and figure.label in name) for name in names)


def _by_line(linked: Iterable[Linked]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for one in linked:
        found.setdefault(one.place.line, []).append(one.place)
    return found


def _is_linked(place: Place, linked: dict[int, list[Place]]) -> bool:
    return any(one.start < place.end and place.start < one.end for one in linked.get(place.line, ()))
