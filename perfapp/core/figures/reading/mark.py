"""A number found in a line, before the words around it are read."""

from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.figures.figure import Kind


@dataclass(frozen=True, slots=True)
class Mark:
    """One number as printed, with its unit; characters `start` to `end` of the line."""

    start: int
    end: int
    kind: Kind
    value: Decimal | None = None
    unit: str = ""
    decimals: int = 0
    qualifiers: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def is_quantity(self) -> bool:
        return self.kind not in (Kind.LABEL, Kind.DATE)

    @property
    def lacks_unit(self) -> bool:
        return self.kind is Kind.NUMBER and not self.unit and self.value is not None


def label(start: int, end: int) -> Mark:
    """A number that is no quantity: 文号, 附件1, 五位一体."""
    return Mark(start, end, Kind.LABEL)
