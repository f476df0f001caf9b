"""X1 one quantity with two values in the text, K1 the text against the known facts."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case, Known
from perfapp.core.checking.findings import Finding, Passed, Verdict
from perfapp.core.checking.wording.prose import report_year
from perfapp.core.checking.wording.quantities import Quantity, agree, bare_name, is_plan, is_slip, quantities
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import from_base, printed, rounded, unit
from perfapp.core.manuscript import Place

_USUAL = 2  # decimals, as in all tables


def said_twice(case: Case, rule: Rule) -> Verdict:
    """X1: believed to be a slip only where the two values are but one slip apart: other bases have other names."""
    year = report_year(case.manuscript)
    groups: dict[tuple[str, bool, str, int | None], list[Quantity]] = defaultdict(list)
    for quantity in case.once(_own_quantities):
        named = quantity.figure.year or year
        groups[quantity.name, quantity.is_plan, quantity.dimension, named].append(quantity)
    passed: list[Passed] = []
    findings: list[Finding] = []
    for said in groups.values():
        first = said[0]
        for other in said[1:]:
            places = (other.figure.place, first.figure.place)
            if agree(first, other.amount, other.figure.decimals, other.figure.unit):
                message = f"“{first.name}”前后两处都是{other.said}，一致。"
                passed.append(Passed(rule.code, message, other.figure.value, first.figure.value, places))
            elif is_slip(first.amount, other.amount) and not _are_of_two(first, other):
                message = f"“{first.name}”前后不一致：一处写{first.said}，另一处写{other.said}。"
                suggestion = "核对后统一；口径不同的分别写明口径。"
                left, right = other.figure.value, first.figure.value
                findings.append(Finding(rule.code, rule.severity, message, left, right, places, suggestion, first.name))
    return Verdict(tuple(passed), tuple(findings))


def _are_of_two(one: Quantity, other: Quantity) -> bool:
    """局机关80人（在编61人）、二级机构90人（在编67人）: each is of what its brackets follow."""
    return bool(one.holder and other.holder) and one.holder != other.holder


def _own_quantities(case: Case) -> tuple[Quantity, ...]:
    return tuple(quantity for quantity in quantities(case) if not quantity.is_one_of_many)


def against_facts(case: Case, rule: Rule) -> Verdict:
    """K1: a figure whose name is a fact's, of its year and dimension, has its value; live figures need no check."""
    if not case.known:
        return Verdict()
    by_name = {(bare_name(name), is_plan(name)): known for known in case.known for name in known.names}
    linked = {place for known in case.known for place in known.linked}
    passed: list[Passed] = []
    findings: list[Finding] = []
    for figure, known in _same(case, by_name, linked):
        value = figure.value or Decimal(0)
        right = from_base(known.amount, figure.unit)
        said = f"{printed(value, figure.decimals)}{figure.unit}"
        if abs(value - right) <= Decimal("0.5").scaleb(-figure.decimals):
            message = f"“{known.names[0]}”{said}，与已确认的数据一致。"
            passed.append(Passed(rule.code, message, value, right, (figure.place,)))
        else:
            known_said = f"{printed(right, _told_decimals(right, value, figure.decimals))}{figure.unit}"
            message = f"文中“{known.names[0]}”写的是{said}，数据表中是{known_said}。"
            owner = f"，并与{known.office}核对" if known.office else ""
            suggestion = f"改为引用数据表中的数{owner}。"
            place = (figure.place,)
            findings.append(Finding(rule.code, rule.severity, message, value, right, place, suggestion, known.key))
    return Verdict(tuple(passed), tuple(findings))


def _told_decimals(right: Decimal, said: Decimal, decimals: int) -> int:
    """As fine as the text, and as two decimals at least; finer only where both would look the same."""
    wanted = max(decimals, min(_USUAL, _decimals(right)))
    return wanted if rounded(right, wanted) != said else max(decimals, _decimals(right))


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0


def _same(case: Case, by_name: dict[tuple[str, bool], Known], linked: set[Place]) -> Iterator[tuple[Figure, Known]]:
    """The figures of prose that are named as a fact is, with that fact."""
    amounts = {quantity.figure.place: quantity for quantity in quantities(case)}
    year = report_year(case.manuscript)
    for figure in case.figures:
        quantity = amounts.get(figure.place)
        known = by_name.get((quantity.name, quantity.is_plan)) if quantity else by_name.get(_rate_name(figure))
        if known is None or figure.place in linked or figure.value is None:
            continue
        same_year = known.year is None or (figure.year or year) in (None, known.year)
        if same_year and unit(figure.unit).dimension == unit(known.unit).dimension:
            yield figure, known


def _rate_name(figure: Figure) -> tuple[str, bool]:
    """Rates have no plan of their own; anything else has no name here."""
    is_rate = figure.kind is Kind.PERCENT and figure.role is Role.RATE and not figure.is_rough
    return (bare_name(figure.label) if is_rate else "", False)
