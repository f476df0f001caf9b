"""Which rows of a part of a table may add up to which: the ways in which people lay out totals."""

from collections.abc import Iterator, Sequence

from perfapp.core.checking.tables.grid import Item


class Rows:
    """The rows of one part, without counts of people or visits that stand among sums of money."""

    def __init__(self, items: Sequence[Item]) -> None:
        money = [item for item in items if not item.is_counted]
        self.items = money if any(not item.is_total for item in money) else list(items)
        self._totals = [at for at, item in enumerate(self.items) if item.is_total]
        depths = {item.depth for item in self.items if not item.is_total}
        self._is_simple = len(depths) == 1 and not any(item.is_of_which or item.is_subtotal for item in self.items)

    def groups(self, at: int) -> Iterator[tuple[list[Item], bool]]:
        """Rows that may add up to row `at`; the second says whether no other way is likely."""
        item = self.items[at]
        if item.is_total:
            yield from self._of_total(at)
        elif item.depth is not None and not item.code and not item.is_of_which:
            yield self._children(at), False

    def _of_total(self, at: int) -> Iterator[tuple[list[Item], bool]]:
        before = max((total for total in self._totals if total < at), default=-1)
        after = min((total for total in self._totals if total > at), default=len(self.items))
        above, below = self.items[before + 1 : at], self.items[at + 1 : after]
        is_alone = self._is_simple and len(self._totals) == 1
        yield uppermost(above), is_alone and not below
        yield uppermost(below), is_alone and not above
        yield below, False
        yield [item for item in self.items[:at] if item.is_subtotal], False
        yield [item for item in self.items[at + 1 :] if item.is_subtotal], False
        if before >= 0:
            yield [self.items[before], *uppermost(above)], False
            yield uppermost([item for item in self.items[:at] if not item.is_total]), False

    def _children(self, at: int) -> list[Item]:
        own = self.items[at].depth
        below: list[Item] = []
        for item in self.items[at + 1 :]:
            if item.is_total or item.is_of_which or item.depth is None or own is None or item.depth <= own:
                break
            below.append(item)
        return uppermost(below)


def uppermost(items: Sequence[Item]) -> list[Item]:
    """Without what is only 其中, and of what is ordered in depths only the uppermost.

    Among numbered rows one without a number that follows a 其中 goes on with it: 一、… 其中：a / b / 二、….
    """
    highest = min((item.depth for item in items if item.depth is not None and not item.is_of_which), default=None)
    found: list[Item] = []
    goes_on = False
    for item in items:
        if item.is_of_which:
            goes_on = highest is not None
        elif item.depth is not None:
            goes_on = False
        if not item.is_of_which and not goes_on and (highest is None or item.depth in (None, highest)):
            found.append(item)
    return found
