"""Which lines of two lists belong together: equal ones first, then, between them, those that are alike, in order."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher

CLOSE = 0.35  # lines sharing less than this are two lines, not one that changed

Pair = tuple[int | None, int | None]
"""The places of what belongs together; None where a side has nothing."""


def aligned(
    left: Sequence[Hashable], right: Sequence[Hashable], alike: Callable[[int, int], bool]
) -> Iterator[tuple[bool, Pair]]:
    """Each pair in order with whether it is equal; `alike` says of two places whether one became the other."""
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((True, (one, other)) for one, other in zip(range(a, b), range(c, d), strict=True))
        else:
            yield from ((False, pair) for pair in _between(range(a, b), range(c, d), alike))


def _between(left: range, right: range, alike: Callable[[int, int], bool]) -> Iterator[Pair]:
    start = right.start
    for one in left:
        found = next((other for other in range(start, right.stop) if alike(one, other)), None)
        if found is None:
            yield one, None
            continue
        yield from ((None, other) for other in range(start, found))
        yield one, found
        start = found + 1
    yield from ((None, other) for other in range(start, right.stop))


class Likeness:
    """How much two lines share, by their characters; counted once a line, for every line is held against several."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._counted: dict[int, Counter[str]] = {}

    def count(self, at: int) -> Counter[str]:
        if at not in self._counted:
            self._counted[at] = Counter(self.texts[at])
        return self._counted[at]


def share(left: Likeness, at: int, right: Likeness, other: int) -> float:
    """1 where the same characters stand on both sides, 0 where none does."""
    length = len(left.texts[at]) + len(right.texts[other])
    if not length:
        return 1.0
    fewer = min(len(left.texts[at]), len(right.texts[other]))
    if 2 * fewer < CLOSE * length:
        return 2 * fewer / length  # even if all were shared
    return 2 * (left.count(at) & right.count(other)).total() / length
