"""A table as the rules read it: amounts, heads of columns, labels of rows, and which columns belong together."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from perfapp.core.figures.units import UNITS
from perfapp.core.manuscript import CellText, Place, TableText

_WIDE = str.maketrans("０１２３４５６７８９．，％－＋", "0123456789.,%-+")
_MOST_DIGITS = 24  # nobody means a number of more
_AMOUNT = re.compile(r"([-+−]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(%|[^\d\s%,.、，。:：/\-]{0,5})")
_OF_YEAR = re.compile(r"(?:19|20)\d\d年.*")  # a head: 2016年决算数
_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}(?=\D|$)")
_YEAR_HEAD = re.compile(r"年度|年份|月份|季度")
_CODE_HEAD = re.compile(r"编码|代码|科目编号")
_NO_ADDING = re.compile(
    r"序号|行次|栏次|编码|代码|编号|年份|单价|人均|平均|率|占比|比重|比例|%|％|分值|得分|权重|评分|电话|标准|日期|时间|备注|目标值|指标值|完成值"
)
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总额|总数)(?:[（(].*[)）])?$")
_SUBTOTAL = re.compile(r"小计(?:[（(].*[)）])?$")
_COUNTED = re.compile(r"[（(](?:个|人|辆|批|次|台|批次|人次|平方米|㎡|%)[)）]|人数|批次|人次|团组|保有量|数量|面积")
_OF_WHICH = re.compile(r"(?:[（(]?\d+[)）.、]\s*)?其中")
_OF_WHICH_WORDS = re.compile(r"^其中[：:]?")
_MARKS = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"\d{1,2}[.．、](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]"),
    re.compile(r"[①-⑳]"),
)
_UNIT_NOTE = re.compile(r"单位\s*[：:]?\s*[（(]?\s*(?:人民币)?\s*([^\s（）()，。;；:：]{1,4}元|元)")
_UNIT_HEAD = re.compile(r"[（(]\s*([^（）()\s]{0,3}元|元)\s*[)）]")
_ORDINAL = re.compile(r"^(?:序号|编号|行次|序次)$")
_EMPTY = frozenset({"", "-", "—", "——", "–", "/", "\\", "…", "--"})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a cell, as printed; `unit` is what stands behind it there."""

    value: Decimal
    decimals: int
    unit: str
    cell: CellText

    @property
    def place(self) -> Place:
        return self.cell.place

    @property
    def said(self) -> str:
        return self.cell.text.strip()


@dataclass(frozen=True)
class Item:
    """One row of a part of the table: its label, how deep it stands (None: nothing says), its amounts by column."""

    row: int
    label: str
    depth: int | None
    code: str  # of the 类 款 项; empty for other rows
    amounts: dict[int, Amount]

    @cached_property
    def bare_label(self) -> str:
        """Without its code, its number and 其中."""
        label = self.label.removeprefix(self.code)
        for pattern in _MARKS:
            label = pattern.sub("", label, count=1) if pattern.match(label) else label
        return _OF_WHICH_WORDS.sub("", label).rstrip("：:")

    @cached_property
    def is_total(self) -> bool:
        return _TOTAL.search(self.label) is not None

    @cached_property
    def is_subtotal(self) -> bool:
        return _SUBTOTAL.search(self.label) is not None

    @cached_property
    def is_counted(self) -> bool:
        """People, cars or visits: in a table of money they are beside the sums."""
        return _COUNTED.search(self.label) is not None

    @cached_property
    def is_of_which(self) -> bool:
        return _OF_WHICH.match(self.label) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """Columns of labels and the columns of amounts to their right: 收入支出总表 has two such parts side by side."""

    label_columns: tuple[int, ...]
    columns: tuple[int, ...]
    items: tuple[Item, ...]


def words(text: str) -> str:
    """Without any blanks: heads are often spread out, 合　　计."""
    return "".join(text.split())


def amount(cell: CellText | None) -> Amount | None:
    """The number that a cell is; None for words, blanks and dashes."""
    if cell is None:
        return None
    found = _AMOUNT.fullmatch(words(cell.text).translate(_WIDE))
    if found is None or _OF_YEAR.fullmatch(found[0]):
        return None
    digits = found[2].replace(",", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return None  # 001 is a code
    if len(digits) > _MOST_DIGITS:
        return None
    value = Decimal(digits)
    decimals = len(digits.partition(".")[2])
    return Amount(-value if found[1] in ("-", "−") else value, decimals, found[3], cell)


class Grid:
    """The table by row and column; a merged cell counts where it begins, its words hold for all it covers."""

    def __init__(self, table: TableText) -> None:
        self.table = table
        self.rows, self.columns = table.row_count, table.column_count
        self._anchors = {(cell.row, cell.column): cell for cell in table.cells}
        self._covering = {
            (row, column): cell
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        self._amounts = {at: found for at, cell in self._anchors.items() if (found := amount(cell))}

    def cell(self, row: int, column: int) -> CellText | None:
        return self._covering.get((row, column))

    def text(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        return words(cell.text) if cell else ""

    def amount(self, row: int, column: int) -> Amount | None:
        return self._amounts.get((row, column))

    def is_empty(self, row: int, column: int) -> bool:
        return self.text(row, column) in _EMPTY

    def label(self, row: int) -> str:
        """The innermost words before the first amount of a row; empty where there are only numbers."""
        named = [column for column in range(self.columns) if column not in self._ordinals]
        end = next((column for column in named if self.amount(row, column)), self.columns)
        texts = [self.text(row, column) for column in range(end) if not self.amount(row, column)]
        return next((text for text in reversed(texts) if text), "")

    @cached_property
    def _ordinals(self) -> frozenset[int]:
        """The columns that only number the rows."""
        return frozenset(column for column in range(self.columns) if _ORDINAL.search(self.heads[column]))

    @cached_property
    def body(self) -> int:
        """The first row with amounts; a row of column numbers (栏次 1 2 3) is still head."""
        for row in range(self.rows):
            amounts = [found.value for column in range(self.columns) if (found := self.amount(row, column))]
            if amounts and not _counts_columns(amounts):
                return row
        return self.rows

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """For each column the words above its amounts, from the top."""
        return tuple(self._head(column) for column in range(self.columns))

    def _head(self, column: int) -> str:
        cells = dict.fromkeys(cell for row in range(self.body) if (cell := self.cell(row, column)))
        wide = self.columns if self.columns > 1 else 2
        texts = (words(cell.text) for cell in cells if cell.column_span < wide)
        return " ".join(text for text in texts if text and not text.isdigit())

    @cached_property
    def unit(self) -> str:
        """The money unit that caption or heads name; empty if none."""
        top = [self.table.caption, *(cell.text for cell in self.table.cells if cell.row <= max(self.body, 1))]
        for pattern in (_UNIT_NOTE, _UNIT_HEAD):
            for text in top:
                if (found := pattern.search(text)) and found[1] in UNITS:
                    return found[1]
        return ""

    @cached_property
    def adding_columns(self) -> tuple[int, ...]:
        """Columns whose amounts can be added up: no rates, scores, codes or running numbers."""
        return tuple(
            column
            for column in range(self.columns)
            if not _NO_ADDING.search(self.heads[column])
            and not _YEAR_HEAD.fullmatch(self.heads[column])
            and self._is_of_amounts(column)
        )

    def _is_of_amounts(self, column: int) -> bool:
        body = range(self.body, self.rows)
        amounts = [found for row in body if (found := self.amount(row, column))]
        spoken = sum(1 for row in body if not self.is_empty(row, column) and self.amount(row, column) is None)
        if not amounts or spoken > len(amounts) or any(found.unit == "%" for found in amounts):
            return False
        return not _counts_columns([found.value for found in amounts]) or len(amounts) < 3

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        labels: list[int] = []
        columns: list[int] = []
        for column in range(self.columns):
            if column in self.adding_columns:
                columns.append(column)
            elif self._has_labels(column):
                if columns:
                    parts.append(self._part(labels, columns))
                    labels, columns = [], []
                labels.append(column)
        if labels and columns:
            parts.append(self._part(labels, columns))
        return tuple(part for part in parts if part.label_columns)

    def _has_labels(self, column: int) -> bool:
        if _CODE_HEAD.search(self.heads[column]) or _YEAR_HEAD.fullmatch(self.heads[column]):
            return True
        texts = [self.text(row, column) for row in range(self.body, self.rows)]
        return sum(1 for text in texts if re.search(r"[\u4e00-\u9fff]", text)) * 3 > len(texts)

    def _part(self, labels: Sequence[int], columns: Sequence[int]) -> Part:
        return Part(tuple(labels), tuple(columns), tuple(self._items(labels, columns)))

    def _total_name(self, row: int) -> str:
        """合计 where it stands in the column of the running numbers."""
        texts = (words(self.text(row, column)) for column in sorted(self._ordinals))
        return next((text for text in texts if _TOTAL.search(text)), "")

    def _items(self, labels: Sequence[int], columns: Sequence[int]) -> Iterator[Item]:
        for row in range(self.body, self.rows):
            cells = dict.fromkeys(cell for column in labels if (cell := self.cell(row, column)))
            own = [cell for cell in cells if cell.row_span == 1] or list(cells)
            label = "".join(words(cell.text) for cell in own) or self._total_name(row)
            amounts = {column: found for column in columns if (found := self.amount(row, column))}
            if label and (amounts or _TOTAL.search(label)):
                code = _CODE.match(label)
                depth = len(code.group()) // 2 if code else _depth(label)
                yield Item(row, label, depth, code.group() if code else "", amounts)


def _depth(label: str) -> int | None:
    return next((depth for depth, pattern in enumerate(_MARKS) if pattern.match(label)), None)


def _counts_columns(amounts: Sequence[Decimal]) -> bool:
    """1, 2, 3 …: the numbers of rows or columns."""
    return len(amounts) > 1 and amounts[0] % 1 == 0 and all(after - before == 1 for before, after in pairwise(amounts))
