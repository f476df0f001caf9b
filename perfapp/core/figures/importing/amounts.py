"""The number in a cell, however it was put there: 12,345.60, １２３４５．６, 1.23万元, 95.09%, （120.00）."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from perfapp.core.figures.importing.troubles import Unreadable
from perfapp.core.figures.importing.words import is_unit
from perfapp.core.figures.units import MONEY, from_base, rounded, to_base, unit
from perfapp.core.spreadsheet import Cell, CellKind

BLANKS: Final = frozenset({"", "-", "--", "—", "——", "–", "/", "\\", "无", "空", "…"})
MAX_BASE: Final = Decimal(10) ** 12
_MOST_DECIMALS: Final = 12
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(\D*)")
_LOOSE: Final = re.compile(r"[+-]?[\d,]+(?:\.\d+)?\D*")
_SIGNS: Final = str.maketrans({"−": "-", "﹣": "-", "‐": "-"})


@dataclass(frozen=True, slots=True)
class Read:
    """The amount in base units (money: 元), as it reads with its unit, and what is worth knowing about it."""

    base: Decimal
    typed: str
    notes: tuple[str, ...] = ()


def is_blank(cell: Cell | None) -> bool:
    """Nothing there, or a dash that says so."""
    if cell is None:
        return True
    return cell.kind is CellKind.TEXT and _plain(cell.text) in BLANKS


def is_number(cell: Cell | None) -> bool:
    """Whether a reader would take it for a number."""
    if cell is None or cell.kind is CellKind.NUMBER:
        return cell is not None
    found = _NUMBER.fullmatch(_plain(cell.text)) if cell.kind is CellKind.TEXT else None
    return found is not None and is_unit(found[4])


def read_amount(
    cell: Cell, fact_unit: str, table_unit: str = "", *, takes_shown: bool = False, is_typed: bool = True
) -> Read:
    """The cell's amount for something measured in `fact_unit`; Unreadable, saying what was expected.

    `table_unit` is what the table says of all its amounts (单位：元), '' where it says nothing; a unit in the cell
    goes before it. `takes_shown` takes 2,560.21 where the cell shows that and holds 2560.2145.
    """
    _check_kind(cell)
    shown, decimals, suffix = _parsed(cell)
    name = _unit(cell, suffix, fact_unit, table_unit)
    notes: list[str] = []
    amount = shown
    if cell.kind is CellKind.NUMBER and cell.number is not None:
        held = cell.number * 100 if suffix == "%" else cell.number
        amount = shown if takes_shown else held
        notes += _hidden(cell, held, shown, decimals, takes_shown=takes_shown)
    elif is_typed:
        notes.append("是文本格式的数字，已按数字读取")
    if name == "%" and not suffix and 0 < abs(amount) <= 1:
        notes.append("没有写成百分数；若是比率，请核对是否差 100 倍")
    base = to_base(amount, name)
    if abs(base) >= MAX_BASE:
        raise Unreadable(cell.text, "太大，请核对单位")
    exact = rounded(base, 2 if unit(name).dimension == MONEY else 6)
    text = f"{from_base(exact, name).normalize():,f}"
    return Read(exact.normalize() if exact else Decimal(0), f"{text}{name}", tuple(notes))


def _check_kind(cell: Cell) -> None:
    if cell.kind is CellKind.ERROR:
        raise Unreadable(cell.text, "是表格里的错误值，请改正公式后重新保存")
    if cell.kind is CellKind.UNCOMPUTED:
        raise Unreadable("", "是没有算出结果的公式，请用 Excel 或 WPS 打开并保存一次")
    if cell.kind is CellKind.DAY:
        raise Unreadable(cell.text, "是日期，应是数字")


def _parsed(cell: Cell) -> tuple[Decimal, int, str]:
    """The number that a reader sees, its decimals, and what follows it."""
    text = _plain(cell.text)
    if text.startswith("(") and ")" in text:
        text = "-" + text[1:].replace(")", "", 1)
    found = _NUMBER.fullmatch(text)
    if found is None and cell.kind is CellKind.NUMBER and cell.number is not None:
        return cell.number, 0, ""  # a format that shows no plain number: 壹仟, 1.2E+05
    if found is None:
        if _LOOSE.fullmatch(text) and "," in text:
            raise Unreadable(cell.text, "千分位的逗号不对，应写成 12,345.60 这样")
        raise Unreadable(cell.text, "应是数字")
    sign, whole, places, suffix = found.groups()
    places = places or ""
    return Decimal(sign + whole.replace(",", "") + places), max(0, len(places) - 1), suffix


def _unit(cell: Cell, suffix: str, fact_unit: str, table_unit: str) -> str:
    """The unit that the number is in: the cell's own word goes before the table's, and that before the fact's."""
    is_money = unit(fact_unit).dimension == MONEY
    name = suffix or (is_money and table_unit) or fact_unit
    if unit(name).dimension != unit(fact_unit).dimension:
        raise Unreadable(cell.text, f"应是以{fact_unit}为单位的数")
    return name


def _hidden(cell: Cell, held: Decimal, shown: Decimal, decimals: int, *, takes_shown: bool) -> list[str]:
    """What a reader of the sheet does not see: decimals behind those shown. Unreadable where it is another number."""
    if held == shown:
        return []
    if decimals > _MOST_DECIMALS or rounded(held, decimals) != shown:
        raise Unreadable(cell.text, f"单元格里存的是 {held.normalize():f}，与显示的不一致，请在表里改成同一个数")
    taken = "显示的数" if takes_shown else "完整的数"
    return [f"单元格只显示 {cell.text}，完整的数是 {held.normalize():f}（后面的小数没有显示），按{taken}导入"]


def _plain(text: str) -> str:
    """Half width, without spaces and without the sign of money before it."""
    narrow = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return re.sub(r"\s", "", narrow).lstrip("'¥").strip()
