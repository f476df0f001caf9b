"""A total and its parts: do they add up, and if not, is that certainly a fault?"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.sentences.numbers import Fit, Slip, amount, last_place, slips
from perfapp.core.checking.sentences.prose import Quantity
from perfapp.core.figures.figure import Figure

INNER = re.compile(r"其中")
_MOST = Decimal("0.9")  # of a total that must be listed before the rest is worth a remark
_FEW = 4  # parts that are taken in at one glance
_DETAILED = 4  # digits that a number must have before one wrong digit is proof


@dataclass(frozen=True)
class Sum:
    """A total with the parts that ought to make it up. `names` are what the parts are called."""

    code: str
    total: Quantity
    parts: tuple[Quantity, ...]
    names: tuple[str, ...]
    fit: Fit
    is_whole: bool  # known to list every part
    is_closed: bool = False  # nothing says that parts are left out

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part.figure for part in self.parts)

    @cached_property
    def added(self) -> Decimal:
        return sum((amount(part) for part in self.figures), Decimal(0))

    @property
    def gap(self) -> Decimal:
        return abs(amount(self.total.figure) - self.added)

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        return slips(self.total.figure, self.figures) if self.fit is Fit.FAILS else ()

    @property
    def unit_slip(self) -> Slip | None:
        return next((slip for slip in self.slips if slip.is_unit), None)

    @cached_property
    def is_sure(self) -> bool:
        """Is a difference certainly a fault? The list is whole, or one wrong digit of a long number explains it."""
        return self.is_whole or self.unit_slip is not None or self._is_slip_of_a_digit

    @property
    def is_summed_up(self) -> bool:
        """Does the total come last: 甲1万元；乙2万元；共计3万元?"""
        return self.total.figure.place > self.parts[-1].figure.place

    @property
    def is_joined_alike(self) -> bool:
        """甲1、乙2，支出3: after the comma it is no list any more."""
        return len({part.lead.lstrip()[:1] for part in self.parts[1:]}) < 2

    @property
    def is_surplus(self) -> bool:
        """More is listed than there is altogether."""
        whole = amount(self.total.figure)
        is_plain = INNER.search(self.parts[0].lead) and not any(INNER.search(part.lead) for part in self.parts[1:])
        fits = all(amount(part) <= whole for part in self.figures)
        is_list = self.is_closed and self.is_joined_alike and not self._crosses_sides
        return is_list and bool(is_plain) and fits and self.added > whole

    @property
    def _crosses_sides(self) -> bool:
        """Spending is no part of income."""
        return "收入" in self.total.name and any("支出" in part.name for part in self.parts)

    @property
    def is_nearly_whole(self) -> bool:
        """Less is listed than there is altogether, but most of it, or so much that one wrong digit may be why."""
        whole = amount(self.total.figure)
        is_slip = any(digits(slip.figure) >= _DETAILED for slip in self.slips)
        is_most = whole * _MOST <= self.added < whole
        is_short = self.is_summed_up and len(self.parts) <= _FEW
        return self.is_closed and (is_most or is_short or (is_slip and (self.added < whole or self.is_summed_up)))

    @cached_property
    def is_digit_off(self) -> bool:
        """Would one other digit of a long number make it fit? Then it is worth a remark, whatever the list says."""
        return any(
            not slip.is_unit and digits(slip.figure) > _DETAILED and slip.figure.decimals >= 2 for slip in self.slips
        )

    @property
    def _is_slip_of_a_digit(self) -> bool:
        """In a list that may leave things out a round remainder is no proof; a crooked small one is."""
        gap = self.gap
        place = last_place(self.total.figure)
        detailed = [f for f in (self.total.figure, *self.figures) if digits(f) >= _DETAILED and f.decimals >= 2]
        return (
            len(detailed) > len(self.parts) // 2 + 1
            and any(not slip.is_unit for slip in self.slips)
            and gap < place * 100
            and gap * 50 < amount(self.total.figure)
        )


def digits(figure: Figure) -> int:
    return len((figure.value or Decimal(0)).as_tuple().digits)
