"""The numbers of one list: which single one of them is wrong where all the others count on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

_FEWEST = 3  # with two numbers nobody can tell which is wrong


class Numbered(Protocol):
    """A number in front of something, of a style."""

    @property
    def level(self) -> int: ...
    @property
    def number(self) -> int: ...


Item = TypeVar("Item", bound=Numbered)


def odd_ones(items: Iterable[Item]) -> Iterator[tuple[Item, int, Sequence[Item]]]:
    """Each wrong number, what it should be, and the list it stands in."""
    for group in _siblings(items):
        wrong = [(item, at) for at, item in enumerate(group, start=1) if item.number != at]
        if len(group) >= _FEWEST and len(wrong) == 1:
            yield *wrong[0], group


def _siblings(items: Iterable[Item]) -> Iterator[Sequence[Item]]:
    """Numbers of one style with no number of a higher style between them; a 1 begins a new list."""
    groups: dict[int, list[Item]] = {}
    for item in items:
        for lower in [level for level in groups if level > item.level]:
            yield groups.pop(lower)
        group = groups.setdefault(item.level, [])
        if group and item.number == 1:
            yield group
            groups[item.level] = [item]
        else:
            group.append(item)
    yield from groups.values()
