"""The list of a year's facts: which are shown, in which groups, page by page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import request, url_for

from perfapp.blueprints import incoming
from perfapp.core.figures import finding
from perfapp.core.figures.fact_state import FactState
from perfapp.services.fact_table import FactRow

PAGE = 200
MAX_SEARCH = 60

# key, words, which rows it shows; an empty key is all
SHOWS: tuple[tuple[str, str, Callable[[FactRow], bool]], ...] = (
    ("", "全部", lambda row: True),
    ("mine", "我科室的", lambda row: row.is_mine),
    ("to-enter", "待我填报", lambda row: row.is_missing and row.may_enter),
    ("empty", "待填", lambda row: row.is_missing),
    ("waiting", "待确认", lambda row: row.state is FactState.WAITING),
    ("disputed", "有争议", lambda row: row.is_disputed),
    ("changed", "数据已变", lambda row: row.has_changed),
)
_TESTS: Mapping[str, Callable[[FactRow], bool]] = {key: test for key, _, test in SHOWS}
_PERSONAL = frozenset({"mine", "to-enter"})
"""Not drawn for somebody whom they never concern."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    show: str
    search: str
    page: int

    def address(self, cycle_id: int, **changed: object) -> str:
        """The list with something else changed; another filter begins at its first page."""
        values: dict[str, Any] = {"show": self.show or None, "q": self.search or None, "page": None, **changed}
        return url_for("figures.index", cycle=cycle_id, **values)


def asked() -> Asked:
    show = request.args.get("show", "")
    search = request.args.get("q", "").strip()[:MAX_SEARCH]
    return Asked(show if show in _TESTS else "", search, incoming.page())


def tabs(rows: Iterable[FactRow], wanted: Asked, cycle_id: int) -> list[tuple[str, str, bool, int | None]]:
    """The filters with how many facts each finds."""
    known = list(rows)
    found: list[tuple[str, str, bool, int | None]] = []
    for key, words, test in SHOWS:
        count = sum(1 for row in known if test(row))
        if key in _PERSONAL and not count and key != wanted.show:
            continue
        found.append((words, wanted.address(cycle_id, show=key or None), key == wanted.show, count))
    return found


def chosen(rows: Iterable[FactRow], wanted: Asked) -> list[FactRow]:
    return [row for row in rows if _TESTS[wanted.show](row) and _matches(row, wanted.search)]


def grouped(rows: Iterable[FactRow]) -> list[tuple[str, list[FactRow]]]:
    """The rows under the heads of their groups, as they follow one another."""
    return [(group, list(found)) for group, found in groupby(rows, lambda row: row.fact.definition.group or "其他")]


def _matches(row: FactRow, search: str) -> bool:
    """Every word stands somewhere in what is said of it, or the name is found as the editor finds it (zzc)."""
    definition = row.fact.definition
    text = " ".join((*definition.names, definition.group, definition.scope, definition.key, row.fact.office_name))
    return all(word in text.casefold() for word in search.casefold().split()) or bool(
        finding.best([definition], search)
    )
