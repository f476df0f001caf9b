"""Printed numbers: what they may stand for, how far two may differ, and which slip of the pen explains a gap."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from perfapp.core.figures.figure import Figure
from perfapp.core.figures.units import UNITS, from_base, printed, rounded, to_base, unit

HALF = Decimal("0.5")
MIXED_UNITS = Decimal(10_000)  # 元 taken for 万元, or the other way round


class Fit(IntEnum):
    """How well what is printed agrees with what it should be."""

    HOLDS = 0
    TAIL = 1  # a rounding tail: worth a note
    FAILS = 2


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip that would explain a gap: this figure, if it read so."""

    figure: Figure
    should_read: str
    is_unit: bool = False

    def __str__(self) -> str:
        if self.is_unit:
            return f"“{say(self.figure)}”的单位可能混用了元和万元"
        return f"“{say(self.figure)}”改为“{self.should_read}{self.figure.unit}”即可相符，请先核对这个数"


def amount(figure: Figure) -> Decimal:
    """The figure in base units (money: 元)."""
    return to_base(figure.value or Decimal(0), figure.unit)


def last_place(figure: Figure) -> Decimal:
    """One in the last printed digit, in base units."""
    return to_base(Decimal(1).scaleb(-figure.decimals), figure.unit)


def half(figure: Figure) -> Decimal:
    return last_place(figure) * HALF


def say(figure: Figure) -> str:
    """The figure in its usual print: 2,560.21万元."""
    return f"{printed(figure.value or Decimal(0), figure.decimals)}{figure.unit}"


def say_like(base: Decimal, figure: Figure, decimals: int | None = None) -> str:
    """An amount in base units, in the unit and with the decimals of a figure (or more, where they are needed)."""
    return f"{printed(from_base(base, figure.unit), figure.decimals if decimals is None else decimals)}{figure.unit}"


def plain(value: Decimal) -> Decimal:
    """Without the zeros that a calculation leaves behind."""
    return Decimal(f"{value.normalize():f}")


def sum_fit(total: Figure, parts: Sequence[Figure], tail: Decimal) -> Fit:
    """Do the parts add up? A total that is printed coarser than its parts may hide half its last digit.

    `tail` is how much a rounding tail may be, in the printed money unit; for other units it is nothing.
    """
    gap = abs(amount(total) - sum((amount(part) for part in parts), Decimal(0)))
    finest = min(last_place(part) for part in parts)
    if gap == 0 or (last_place(total) > finest and gap <= half(total)):
        return Fit.HOLDS
    if total.kind != "money":
        return Fit.FAILS
    allowed = max(to_base(tail, total.unit), sum((half(part) for part in parts), half(total)))
    is_tail = gap <= allowed or gap < last_place(total)  # rounded, or cut off
    return Fit.TAIL if is_tail and gap <= amount(total) / 100 else Fit.FAILS


def percent_fit(said: Figure, part: Figure, whole: Figure) -> Fit:
    """Is the printed percentage what the two amounts give, as exactly as they are printed?"""
    return ratio_fit(said, amount(part), slack(part), amount(whole), slack(whole))


def slack(figure: Figure) -> Decimal:
    """What rounding may have taken from an amount; short numbers (4万元, 30人) are mostly meant exactly."""
    digits = len((figure.value or Decimal(0)).as_tuple().digits)
    return half(figure) if figure.kind == "money" and digits >= 3 else Decimal(0)


def ratio_fit(said: Figure, part: Decimal, part_slack: Decimal, whole: Decimal, whole_slack: Decimal) -> Fit:
    """Is the printed percentage `part` / `whole`, each known to within its slack (all in one unit)?"""
    value = said.value or Decimal(0)
    if whole <= whole_slack:
        return Fit.FAILS
    step = Decimal(1).scaleb(-said.decimals)
    low = (part - part_slack) / (whole + whole_slack) * 100 - step * HALF
    high = (part + part_slack) / (whole - whole_slack) * 100 + step * HALF
    if rounded(part / whole * 100, said.decimals) == value or low <= value <= high:
        return Fit.HOLDS
    if not said.decimals:  # of a whole percentage only the digits after the point may have been cut off
        return Fit.TAIL if low - step * HALF <= value <= high else Fit.FAILS
    return Fit.TAIL if low - step <= value <= high + step else Fit.FAILS


def slips(total: Figure, parts: Sequence[Figure]) -> tuple[Slip, ...]:
    """Every single slip that would make the parts add up to the total."""
    gap = amount(total) - sum((amount(part) for part in parts), Decimal(0))
    found: list[Slip] = []
    for figure, change in [(total, -gap), *((part, gap) for part in parts)]:
        right = amount(figure) + change
        if right > 0:
            found.extend(_slip(figure, right))
    return tuple(found)


def counted(figure: Figure) -> tuple[Decimal, str]:
    """How many of what: 3.2万亩 are 32,000 亩. What can be turned into one another is in its base units (money: 元)."""
    name = figure.unit.lstrip("万亿") if figure.unit not in UNITS else ""
    if not name:
        return amount(figure), unit(figure.unit).dimension
    factor = Decimal(10_000) if figure.unit.startswith("万") else Decimal(100_000_000)
    return (figure.value or Decimal(0)) * (factor if name != figure.unit else 1), unit(name).dimension


def misprint(figures: Sequence[Figure], holds: Callable[[Sequence[Decimal]], bool]) -> Slip | None:
    """The one wrong digit that explains why a relation of these figures fails; `holds` is asked with their values.

    That a digit more or less would do is strong evidence that the relation is meant, and that it is this that is wrong.
    That nothing at all would do is none.
    """
    values = [figure.value or Decimal(0) for figure in figures]
    for at, figure in enumerate(figures):
        for other in one_digit_off(values[at], figure.decimals):
            if other and holds([*values[:at], other, *values[at + 1 :]]):
                return Slip(figure, printed(other, figure.decimals))
    return None


def one_digit_off(value: Decimal, decimals: int) -> Iterator[Decimal]:
    digits = f"{value:.{decimals}f}"
    for at, old in enumerate(digits):
        if old.isdigit():
            yield from (Decimal(digits[:at] + new + digits[at + 1 :]) for new in "0123456789" if new != old)


def _slip(figure: Figure, right: Decimal) -> Iterator[Slip]:
    wrong = amount(figure)
    if wrong and figure.kind == "money" and _is_near(right, (wrong * MIXED_UNITS, wrong / MIXED_UNITS), figure):
        yield Slip(figure, "", is_unit=True)
        return
    old = printed(figure.value or Decimal(0), figure.decimals)
    new = printed(from_base(right, figure.unit), figure.decimals)
    if to_base(Decimal(new.replace(",", "")), figure.unit) != right:
        return
    if _one_digit(old, new) or _two_changed_places(old, new) or _point_moved(wrong, right):
        yield Slip(figure, new)


def _is_near(right: Decimal, candidates: tuple[Decimal, ...], figure: Figure) -> bool:
    return any(abs(right - candidate) <= max(half(figure), candidate / 10_000) for candidate in candidates)


def _one_digit(old: str, new: str) -> bool:
    return len(old) == len(new) and sum(a != b for a, b in zip(old, new, strict=True)) == 1


def _two_changed_places(old: str, new: str) -> bool:
    """Two neighbouring digits in the wrong order."""
    if len(old) != len(new):
        return False
    differing = [at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    return (
        len(differing) == 2
        and all(old[a] == new[b] for a, b in (tuple(differing), tuple(reversed(differing))))
        and differing[1] - differing[0] <= 2
    )  # a point or comma may stand between them


def _point_moved(wrong: Decimal, right: Decimal) -> bool:
    return any(wrong * factor == right or right * factor == wrong for factor in (Decimal(10), Decimal(100)))
