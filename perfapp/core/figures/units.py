"""Units of measure: which can be turned into one another, exactly, and how a number is printed in each."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from perfapp.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Unit:
    """`factor` times a number in this unit is the number in the dimension's base unit (money: 元)."""

    name: str
    dimension: str
    factor: Decimal = Decimal(1)


_MONEY = (
    ("元", "1"),
    ("万元", "10000"),
    ("亿元", "100000000"),
    ("千元", "1000"),
    ("百万元", "1000000"),
    ("千万元", "10000000"),
)
UNITS = {name: Unit(name, "money", Decimal(factor)) for name, factor in _MONEY} | {
    "%": Unit("%", "percent"),
    "‰": Unit("‰", "percent", Decimal("0.1")),
    "百分点": Unit("百分点", "points"),
    "分": Unit("分", "score"),
    "平方米": Unit("平方米", "area"),
    "万平方米": Unit("万平方米", "area", Decimal(10000)),
    "亩": Unit("亩", "land"),
    "公里": Unit("公里", "length"),
    "千瓦时": Unit("千瓦时", "energy"),
    "万千瓦时": Unit("万千瓦时", "energy", Decimal(10000)),
    "吨": Unit("吨", "mass"),
    "立方米": Unit("立方米", "volume"),
}
MONEY = "money"
MEASURED = frozenset(one.dimension for one in UNITS.values())
"""What is measured and not counted: no number of rows amounts to it."""


@lru_cache(maxsize=512)
def unit(name: str) -> Unit:
    """The unit of that name; one we do not know is a thing counted, a dimension of its own (人, 趟, 批次).

    Its dimension stands in quotes, so that nobody's word is taken for one of ours. 万元/人 is one thing per another.
    """
    if name in UNITS:
        return UNITS[name]
    above, below = _quotient(name)
    if below:
        one, other = unit(above), unit(below)
        return Unit(name, f"{one.dimension}/{other.dimension}", one.factor / other.factor)
    return Unit(name, f"“{name}”")


def units_like(name: str) -> tuple[str, ...]:
    """The units a number in this one can be turned into, itself first."""
    above, below = _quotient(name)
    if below:
        return tuple(f"{one}/{below}" for one in units_like(above))
    return (name, *(one.name for one in UNITS.values() if one.dimension == unit(name).dimension and one.name != name))


def _quotient(name: str) -> tuple[str, str]:
    """万元/人 is 万元 and 人; a unit that is no quotient is itself and nothing."""
    above, _, below = name.partition("/")
    return (above, below) if above and below and "/" not in below else (name, "")


def to_base(amount: Decimal, name: str) -> Decimal:
    return amount * unit(name).factor


def from_base(amount: Decimal, name: str) -> Decimal:
    return amount / unit(name).factor


def converted(amount: Decimal, old: str, new: str) -> Decimal:
    """The same quantity in another unit of the same dimension; Invalid for another dimension."""
    if unit(old).dimension != unit(new).dimension:
        raise Invalid(f"“{old}”不能换算成“{new}”。")
    return from_base(to_base(amount, old), new)


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """Half up, as accounts round (GB/T 8170-2008 allows it where a rule names it); never by way of a float."""
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def printed(amount: Decimal, decimals: int) -> str:
    """2560.2134 with two decimals is `2,560.21`; minus zero is `0.00`."""
    value = rounded(amount, decimals)
    return f"{value if value else abs(value):,.{decimals}f}"
