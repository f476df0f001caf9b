"""Interleaved repetitions, medians, and what a bench hands back."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Act = Callable[[int], object]
"""One repetition; the number says which, so that no two are given the same content."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the limit it must keep; `at_least` turns the limit round."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def measured(self) -> str:
        return f"{shown(self.value)}{self.unit}"

    @property
    def demanded(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g}{self.unit}"

    def __str__(self) -> str:
        return f"{self.name} {self.measured}, {self.demanded}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One bench: its goals, its table (first row is the head), and what a reader must know to judge it."""

    title: str
    goals: Sequence[Goal]
    table: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


def interleaved(rivals: Mapping[str, Act], rounds: int, warm: int = 1) -> dict[str, list[float]]:
    """Seconds of each rival, a round of all of them after the other, so that the machine's moods hit all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for number in range(-warm, rounds):
        for name, act in rivals.items():
            gc.collect()
            began = perf_counter()
            act(number)
            if number >= 0:
                seconds[name].append(perf_counter() - began)
    return seconds


def ratio(slow: Sequence[float], fast: Sequence[float]) -> float:
    """How many times faster, as the median over rounds that stood side by side."""
    return median(a / b for a, b in zip(slow, fast, strict=True))


def row(name: str, seconds: Sequence[float], digits: int = 0) -> list[str]:
    """Name, median, least and most in milliseconds."""
    return [name, *(f"{value * 1000:.{digits}f}" for value in (median(seconds), min(seconds), max(seconds)))]


TIMES = ("", "median ms", "least", "most")


def shown(value: float) -> str:
    """Two digits that matter, three from a hundred on."""
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"
