"""Formulas over facts: `basic-spending + project-spending`, `(a - b) / b`. Exact, and nothing can be called.

Names are fact keys. Four operations, brackets, unary minus and decimal constants; nothing else can be written, so
nothing else can happen.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from perfapp.core.errors import Invalid
from perfapp.core.figures.units import unit

MAX_LENGTH = 400
MAX_DEPTH = 20
MAX_CHAIN = 20
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9-]*)|(?P<sign>[-+*/()]))")
_EXACT = Context(prec=50, traps=[DivisionByZero, InvalidOperation, Overflow])
_LARGEST, _SMALLEST = 15, -20  # powers of ten: what lies outside was never counted, and no sentence can print it
PERCENT, PLAIN = "percent", ""


@dataclass(frozen=True, slots=True)
class _Node:
    """A constant, a name, or an operation over two (or, for the minus sign, one) others."""

    sign: str = ""
    number: Decimal | None = None
    name: str = ""
    left: "_Node | None" = None
    right: "_Node | None" = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been read. Values are in base units (money: 元)."""

    text: str
    _root: _Node

    @property
    def names(self) -> tuple[str, ...]:
        """The fact keys it needs, in order of appearance, each once."""
        return tuple(dict.fromkeys(node.name for node in _walk(self._root) if node.name))

    def value(self, values: Callable[[str], Decimal | None] | Mapping[str, Decimal]) -> Decimal | None:
        """The exact result (50 digits); None when a value is missing, a divisor is zero or the size beyond sense."""
        look_up = values if callable(values) else values.get
        try:
            with localcontext(_EXACT):
                found = _value(self._root, look_up)
        except (DivisionByZero, InvalidOperation, Overflow):
            return None
        return None if found and not _SMALLEST <= found.adjusted() < _LARGEST else found

    def dimension(self, units: Callable[[str], str] | Mapping[str, str]) -> str:
        """The dimension of the result, '' for a plain number or ratio; Invalid where unlike things are added."""
        look_up = units if callable(units) else units.__getitem__
        return _dimension(self._root, look_up)


def parse(text: str) -> Formula:
    """Read a formula; Invalid, with the place, for anything else."""
    if len(text) > MAX_LENGTH:
        raise Invalid(f"公式最长 {MAX_LENGTH} 字。", field="formula")
    reader = _Reader(text)
    root = reader.sum(0)
    reader.expect_end()
    return Formula(text.strip(), root)


class _Reader:
    """Recursive descent over tokens."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def sum(self, depth: int) -> _Node:
        node = self._product(depth)
        while (sign := self._take("+-")) is not None:
            node = _Node(sign, left=node, right=self._product(depth))
        return node

    def _product(self, depth: int) -> _Node:
        node = self._atom(depth)
        while (sign := self._take("*/")) is not None:
            node = _Node(sign, left=node, right=self._atom(depth))
        return node

    def _atom(self, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise Invalid(f"公式的括号超过 {MAX_DEPTH} 层，请拆成几个指标。", field="formula")
        if self._take("-") is not None:
            return _Node("-", left=_Node(number=Decimal(0)), right=self._atom(depth + 1))
        if self._take("(") is not None:
            node = self.sum(depth + 1)
            if self._take(")") is None:
                raise self._refusal("缺少右括号")
            return node
        match = _TOKEN.match(self._text, self._at)
        if match is None or match["sign"]:
            raise self._refusal("这里应当是数据的编码或一个数")
        self._at = match.end()
        if match["number"]:
            return _Node(number=Decimal(match["number"]))
        return _Node(name=match["name"])

    def expect_end(self) -> None:
        if self._text[self._at :].strip():
            raise self._refusal("这里看不懂")

    def _take(self, signs: str) -> str | None:
        match = _TOKEN.match(self._text, self._at)
        if match is None or not match["sign"] or match["sign"] not in signs:
            return None
        self._at = match.end()
        return match["sign"]

    def _refusal(self, why: str) -> Invalid:
        rest = self._text[self._at :].strip()
        where = f"“{rest[:20]}”处" if rest else "末尾"
        return Invalid(
            f"公式在{where}有误：{why}。可用 + - * / 和括号，例如 basic-spending + project-spending。", field="formula"
        )


def order(formulas: Mapping[str, Formula], names: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The keys so that each comes after those it needs; Invalid, naming the ring, when one needs itself.

    Invalid, too, where more than 20 formulas stand one on the other: nobody could follow such a number.
    """
    spoken = names or {}
    done: dict[str, int] = {}  # with how many formulas stand one on the other there

    def visit(key: str, above: tuple[str, ...]) -> int:
        if key in above:
            ring = " → ".join(spoken.get(one, one) for one in (*above[above.index(key) :], key))
            raise Invalid(f"公式互相引用成了环：{ring}。", field="formula")
        if key not in done:
            parts = formulas[key].names if key in formulas else ()
            chain = max((1 + visit(name, (*above, key)) for name in parts), default=0)
            if chain > MAX_CHAIN:
                name = spoken.get(key, key)
                raise Invalid(f"“{name}”的公式一层套一层，超过 {MAX_CHAIN} 层，请直接用填报的数据。", field="formula")
            done[key] = chain
        return done[key]

    for key in formulas:
        visit(key, ())
    return tuple(done)


def _walk(node: _Node) -> Iterator[_Node]:
    yield node
    for child in (node.left, node.right):
        if child is not None:
            yield from _walk(child)


def _value(node: _Node, look_up: Callable[[str], Decimal | None]) -> Decimal | None:
    if node.number is not None:
        return node.number
    if node.name:
        return look_up(node.name)
    left, right = _sides(node)
    one, other = _value(left, look_up), _value(right, look_up)
    if one is None or other is None:
        return None
    if node.sign == "+":
        return one + other
    if node.sign == "-":
        return one - other
    return one * other if node.sign == "*" else one / other


def _dimension(node: _Node, look_up: Callable[[str], str]) -> str:
    if node.number is not None:
        return PLAIN
    if node.name:
        return unit(look_up(node.name)).dimension
    left, right = _sides(node)
    one, other = _dimension(left, look_up), _dimension(right, look_up)
    if node.sign in "+-":
        if one != other and not _is_zero(left):
            raise Invalid("公式把不同单位的数据相加或相减了，请检查。", field="formula")
        return other if _is_zero(left) else one
    if node.sign == "/":
        return PLAIN if one == other else one if other == PLAIN else f"{one}/{other}"
    if one.endswith(f"/{other}"):
        return one.removesuffix(f"/{other}")  # so much for each, times how many
    if one and other:
        raise Invalid("公式把两个有单位的数据相乘了，请检查。", field="formula")
    return one or other


def _is_zero(node: _Node) -> bool:
    return node.number == 0


def _sides(node: _Node) -> tuple[_Node, _Node]:
    if node.left is None or node.right is None:
        raise ValueError("an operation has two sides")
    return node.left, node.right
