"""The sample: the report of 2018 with an annex of 25 indicators, a different one for every repetition."""

from datetime import date
from functools import cache
from typing import Any

from perfapp.core.snapshot import Snapshot
from tests.unit.documents.samples import indicators, seed

SHORTEST = 6
"""A run of fewer characters (numbers of a table, mostly) is left as it is."""


@cache
def _sample() -> dict[str, Any]:
    return seed(annexes=(indicators(),)).to_json()


def reports(rounds: int) -> dict[int, Snapshot]:
    """One for each round of `measure.interleaved`, the warming one (-1) too."""
    return {number: report(number) for number in range(-1, rounds)}


def report(number: int) -> Snapshot:
    """The sample with `number` in every longer run of its text: nothing set before helps to set this one."""
    return Snapshot.from_json(_marked(_sample(), f"〔{number + 100}〕") | {"dated_on": date(2019, 3, 15)})


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, list | tuple):
        return [_marked(part, mark) for part in value]
    if not isinstance(value, dict):
        return value
    marked = {key: _marked(part, mark) for key, part in value.items()}
    if marked.get("type") == "text" and len(marked["text"]) >= SHORTEST:
        marked["text"] += mark
    return marked
