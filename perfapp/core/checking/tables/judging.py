"""Whether printed amounts agree, and the sentences that say so."""

from collections.abc import Sequence
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.findings import Finding, Passed, Severity, Verdict
from perfapp.core.checking.tables.grid import Amount
from perfapp.core.figures.units import printed, unit
from perfapp.core.manuscript import Place

_SHOWN = 5
_HALF = Decimal("0.5")
_MOST_PARTS = 40
_LONG_ENOUGH = 4  # digits; shorter numbers are one digit apart by chance


def added_up(parts: Sequence[Amount]) -> Decimal:
    return sum((part.value for part in parts), Decimal(0))


def tail_of(total: Amount, parts: Sequence[Amount], tail: Decimal, money: str) -> Decimal:
    """How far a sum may be off by rounding alone: nothing for things counted, nor for whole 元."""
    decimals = max(amount.decimals for amount in (total, *parts))
    if unit(total.unit or money or "万元").dimension != "money" or (decimals == 0 and money == "元"):
        return Decimal(0)
    rounding = sum((_HALF.scaleb(-amount.decimals) for amount in (total, *parts)), Decimal(0))
    return min(max(tail, rounding) if decimals else rounding, abs(total.value) / 100)


def is_slip(total: Amount | None, parts: Sequence[Amount]) -> bool:
    """One digit of the total or of a part explains the gap, in numbers long enough for that to say something."""
    if total is None:
        return False
    if max(_significant(amount) for amount in (total, *parts)) < _LONG_ENOUGH:
        return False
    gap = added_up(parts) - total.value
    if len(parts) > _MOST_PARTS:
        return _is_one_digit(total, total.value + gap)  # among so many a part that fits is chance
    changes = ((total, gap), *((part, -gap) for part in parts))
    return any(_is_one_digit(amount, amount.value + change) for amount, change in changes)


def _significant(amount: Amount) -> int:
    return len(amount.value.normalize().as_tuple().digits)


def _is_one_digit(amount: Amount, right: Decimal) -> bool:
    old, new = (printed(value, amount.decimals) for value in (amount.value, right))
    return len(old) == len(new) and sum(a != b for a, b in zip(old, new, strict=True)) == 1


class Judge:
    """Collects what one rule says of the tables; the same cells are judged once."""

    def __init__(self, rule: Rule, tail: Decimal) -> None:
        self.rule, self.tail = rule, tail
        self._passed: dict[tuple[Place, ...], Passed] = {}
        self._findings: dict[tuple[Place, ...], Finding] = {}

    def verdict(self) -> Verdict:
        return Verdict(tuple(self._passed.values()), tuple(self._findings.values()))

    def holds(self, message: str, left: Decimal, right: Decimal, places: tuple[Place, ...]) -> None:
        self._passed.setdefault(places, Passed(self.rule.code, message, left, right, places))

    def fails(
        self,
        message: str,
        left: Decimal | None,
        right: Decimal | None,
        places: tuple[Place, ...],
        suggestion: str,
        subject: str,
        severity: Severity | None = None,
    ) -> None:
        weight = severity or self.rule.severity
        finding = Finding(self.rule.code, weight, message, left, right, places, suggestion, subject)
        self._findings.setdefault(places, finding)

    def sum(self, name: str, total: Amount, parts: Sequence[Amount], money: str) -> None:
        right = added_up(parts)
        digits = max(amount.decimals for amount in (total, *parts))
        terms = "＋".join(part.said for part in parts[:_SHOWN] if part.value) + ("＋…" if len(parts) > _SHOWN else "")
        places = (total.place, *(part.place for part in parts))
        spoken = f"表中“{name}”为{total.said}，各分项{terms}合计{printed(right, digits)}"
        gap = abs(right - total.value)
        if gap == 0:
            self.holds(f"{spoken}，相等。", total.value, right, places)
        elif gap <= tail_of(total, parts, self.tail, money):
            message = f"{spoken}，相差{gap}，应是四舍五入的尾差。"
            self.fails(message, total.value, right, places, "统一小数位数，或在表下注明尾差。", name, Severity.NOTE)
        else:
            message = f"{spoken}，相差{gap}。"
            self.fails(message, total.value, right, places, "逐项核对合计数和各分项。", name)

    def equal(self, name: str, left: Amount, other: str, right: Amount, money: str) -> None:
        places = (left.place, right.place)
        gap = abs(left.value - right.value)
        spoken = f"表中{name}{left.said}，{other}{right.said}"
        if gap == 0:
            self.holds(f"{spoken}，相等。", left.value, right.value, places)
        elif gap <= tail_of(left, (right,), self.tail, money):
            message = f"{spoken}，相差{gap}，应是四舍五入的尾差。"
            self.fails(message, left.value, right.value, places, "统一小数位数，或注明尾差。", name, Severity.NOTE)
        else:
            message = f"{spoken}，相差{gap}，应当相等。"
            self.fails(message, left.value, right.value, places, f"核对{name}和{other}。", name)

    def empty_total(self, name: str, total: Amount | None, parts: Sequence[Amount], money: str) -> None:
        right = added_up(parts)
        digits = max(part.decimals for part in parts)
        said = "没有填" if total is None else f"为{total.said}"
        places = (*((total.place,) if total else ()), *(part.place for part in parts))
        message = f"表中“{name}”{said}，而各分项合计{printed(right, digits)}{money}。"
        left = total.value if total else None
        self.fails(message, left, right, places, f"填写合计数{printed(right, digits)}，或核对分项。", name)

    def too_large(self, name: str, part: str, whole: Amount, share: Amount) -> None:
        message = f"表中“{name}”为{whole.said}，其中“{part}”却有{share.said}，部分大于总数。"
        self.fails(message, share.value, whole.value, (share.place, whole.place), "核对总数和其中项。", name)
