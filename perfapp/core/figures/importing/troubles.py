"""What is wrong, or worth knowing, about a cell that is imported."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from perfapp.core.spreadsheet import spoken_place


class Weight(StrEnum):
    STOPS = "stops"  # nothing is written until it is mended or left out
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence about a place: what was seen there, and what was expected. `cell` is B7; '' is the whole sheet."""

    weight: Weight
    sheet: str
    cell: str
    what: str  # the fact's or column's name
    seen: str
    expected: str

    @property
    def sentence(self) -> str:
        place = spoken_place(self.sheet, self.cell)
        about = f"“{self.what}”" if self.what else ""
        seen = f"写的是“{self.seen}”，" if self.seen else ""
        return f"{place} {about}{seen}{self.expected}".strip()


class Unreadable(Exception):
    """A cell does not hold what was expected; the message completes: 写的是“…”，…"""

    def __init__(self, seen: str, expected: str) -> None:
        super().__init__(expected)
        self.seen = seen[:40]
        self.expected = expected


def stops(troubles: Iterable[Trouble]) -> bool:
    return any(one.weight is Weight.STOPS for one in troubles)
