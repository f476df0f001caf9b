"""What stands where in a table of facts: its heads, what each column holds, and the slots that amounts stand in.

Two layouts: lines with a label and amounts beside it (also two or three such bands side by side, as in
收入支出决算总表), and heads that name facts, with amounts in the row beneath (as in the published “三公”经费 table).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from perfapp.core.figures.importing import words
from perfapp.core.figures.importing.amounts import is_blank, is_number
from perfapp.core.figures.importing.mapping import (
    ADJUSTED,
    AMOUNTS,
    BUDGET,
    DAY,
    FINAL,
    KEY,
    LABEL,
    LAST,
    MONTHS,
    PARTS,
    UNIT,
)
from perfapp.core.spreadsheet import Grid, address

HEAD_ROWS: Final = 40
_LEVELS: Final = 3
_CAPTION_ROWS: Final = 6
_SUBTOTAL: Final = frozenset({"合计", "小计", "总计"})
_NO_LABEL: Final = frozenset({"栏次", "行次", "项目", "名称", "数据", "序号"})
_SKIP: Final = re.compile(r"行次|栏次|序号|备注|说明|增减|变动|完成率|占比|比例|比重|控制率|执行率|差额|排名")
_MONTH: Final = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?:数)?")
_CHINESE_MONTHS: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ROLES: Final = (
    (KEY, re.compile(r"编码|数据编码")),
    (UNIT, re.compile(r"单位|计量单位|数据单位")),
    (DAY, re.compile(r"截止日期|截至日期|截止|日期|时点")),
)
_AMOUNTS: Final = (
    (LAST, re.compile(r"上年|去年|上一年")),
    (ADJUSTED, re.compile(r"调整后?预算|调整预算|全年预算|预算调整数")),
    (BUDGET, re.compile(r"预算")),
    (
        FINAL,
        re.compile(
            r"决算|执行数|实际|本年(?:数|金额|发生|完成)|^本年$|支出数|收入数|金额|数值|数额|统计数|完成数|年末数"
        ),
    ),
)
_NOTE: Final = re.compile(r"单位\s*[:：]|(?:编制|填报|公开|部门)[^:：]{0,6}[:：]|\d+表$")
_NOTE_CELLS: Final = 4
_LABEL: Final = re.compile(r"项目|名称|指标|科目|内容|数据|经费|类别|事项|情况|收入|支出|部门")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place an amount stands in: its label, and what kind of amount it is."""

    row: int
    column: int
    label: str  # as a reader sees it
    name: str  # as it is remembered, numbered where it comes again: 公务接待, 公务接待#2
    role: str
    unit: str = ""  # what the line says of its unit
    day: tuple[int, int] | None = None  # where it says of which day it is
    key: str = ""  # the fact's key, where the table names it

    @property
    def part(self) -> str:
        """Which fact of the label it is: last year's and the months' amounts are other values of the same fact."""
        return self.role if self.role in PARTS else FINAL

    @property
    def slot(self) -> str:
        return f"{self.name}|{self.part}"

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


def head_path(grid: Grid, head_row: int, column: int) -> tuple[str, ...]:
    """The heads above the column, outermost first; a title over the whole table is none."""
    found: list[str] = []
    for row in range(head_row, max(0, head_row - _LEVELS), -1):
        if row < head_row and not _is_head_level(grid, row):
            break
        text = grid.text(row, column).strip()
        if text and (not found or found[0] != text):
            found.insert(0, text)
    return tuple(found)


def caption(grid: Grid, head_row: int) -> str:
    """The sheet's name and what stands over the table, at most in the first rows."""
    last = min(max(head_row, 1), _CAPTION_ROWS + 1)
    above = [cell.text for row, cells in grid.rows.items() if row < last for cell in cells.values()]
    return " ".join([grid.name, *above])[:500]


def find_head_row(grid: Grid, year: int, names: Iterable[str]) -> int:
    """The row of heads that most numbers stand under; 0 where no row has heads.

    A row of heads says of two columns or more what they hold, or calls them as facts are called, and has no numbers;
    below one only a row that says at least as much is another: a line of the table says less than its heads.
    """
    known = frozenset(names)
    numbers: dict[int, int] = {}
    found, most = 0, 2
    for row, cells in grid.rows.items():
        count = sum(1 for cell in cells.values() if is_number(cell))
        said = 0 if count or row > HEAD_ROWS else _said(grid, row, year, known)
        if said >= most:
            found, most = row, said
        if found:
            numbers[found] = numbers.get(found, 0) + count
    return max(numbers, key=lambda row: numbers[row], default=0)


def row_with(grid: Grid, text: str) -> int:
    """The row in which a cell reads so; 0 where none does."""
    wanted = words.label(text)
    return next((row for (row, _), cell in sorted(grid.cells.items()) if words.label(cell.text) == wanted), 0)


def suggest_roles(
    grid: Grid, head_row: int, year: int, names: Iterable[str], template: Mapping[str, str]
) -> dict[int, str]:
    """What each column holds, by its heads; a table without label column has its facts in the heads."""
    known = frozenset(names)
    roles: dict[int, str] = {}
    is_budget = _is_budget(caption(grid, head_row))
    seen: set[tuple[int, int]] = set()
    for column in grid.columns:
        place = grid.origin(head_row, column)
        if head_row and place in seen:
            continue  # the rest of a merged head
        seen.add(place)
        role = _role(head_path(grid, head_row, column), year, template, is_budget=is_budget) if head_row else ""
        if role in ("", LABEL) and not _has_labels(grid, head_row, column):
            is_fact = words.label(_leaf(head_path(grid, head_row, column))) in known
            role = (BUDGET if is_budget else FINAL) if is_fact else ""
        roles[column] = role
    _name_labels(grid, head_row, roles)
    return {column: role for column, role in roles.items() if role}


def slots(grid: Grid, head_row: int, columns: Mapping[int, str]) -> list[Slot]:
    """Every place an amount may stand in, row by row."""
    if LABEL not in columns.values():
        return _across(grid, head_row, columns)
    return list(_numbered(_down(grid, head_row, columns)))


def below(grid: Grid, labels: Iterable[str]) -> list[Slot]:
    """The places right under these labels, wherever they stand."""
    wanted = frozenset(labels)
    found = []
    for (row, column), cell in grid.cells.items():
        name = words.label(cell.text)
        under = (grid.last_row_of(row, column) + 1, column)
        if name in wanted and is_number(grid.cells.get(under)):
            found.append(Slot(*under, cell.text, f"{name}↓", FINAL))
    return sorted(found, key=lambda slot: (slot.row, slot.column))


def _down(grid: Grid, head_row: int, columns: Mapping[int, str]) -> Iterator[Slot]:
    """The amounts beside the labels; a label column begins a band that reaches to the next."""
    for row in grid.rows:
        if row <= head_row:
            continue
        text, unit, day, key = "", "", None, ""
        beside = {role: column for column, role in columns.items() if role in (UNIT, DAY, KEY)}
        for column in sorted(columns):
            role = columns[column]
            if role == LABEL:
                text = _own_label(grid, row, column)
                unit, key = grid.text(row, beside.get(UNIT, 0)), grid.text(row, beside.get(KEY, 0))
                day = (row, beside[DAY]) if DAY in beside else None
            elif role in AMOUNTS and text and words.label(text) not in _NO_LABEL:
                yield Slot(row, column, text, words.label(text), role, unit, day, key)


def _own_label(grid: Grid, row: int, column: int) -> str:
    """The label of the row; a label that is merged down belongs to the first of its rows."""
    text = "" if (row, column) in grid.merged_down else grid.text(row, column).strip()
    return "" if re.fullmatch(r"[\d.,]*", text) else text


def _numbered(found: Iterable[Slot]) -> Iterator[Slot]:
    """With names that come again counted: 小计, 小计#2."""
    counted: Counter[tuple[str, str]] = Counter()
    for slot in found:
        counted[slot.name, slot.role] += 1
        count = counted[slot.name, slot.role]
        yield slot if count == 1 else replace(slot, name=f"{slot.name}#{count}")


def _across(grid: Grid, head_row: int, columns: Mapping[int, str]) -> list[Slot]:
    """The amounts in the first row of numbers under the heads."""
    wanted = [column for column, role in columns.items() if role in AMOUNTS]
    for row, cells in grid.rows.items():
        numbers = [column for column in wanted if is_number(cells.get(column))]
        if row <= head_row or not numbers or _counts_columns(grid, row, numbers):
            continue
        found = [(column, _leaf(head_path(grid, head_row, column))) for column in wanted]
        slots_ = (Slot(row, column, text, words.label(text), columns[column]) for column, text in found if text)
        return list(_numbered(slots_))
    return []


def _leaf(path: tuple[str, ...]) -> str:
    """What a column under several heads is called: 小计 under 公务用车购置及运行费 is that."""
    named = [text for text in path if words.label(text) not in _SUBTOTAL]
    leaf = path[-1] if path else ""
    if words.label(leaf) not in _SUBTOTAL or not named:
        return leaf
    return named[-1] if not _amount_role(words.plain(named[-1])) else leaf


def _counts_columns(grid: Grid, row: int, columns: list[int]) -> bool:
    """A row that does nothing but number the columns: 1 2 3 4."""
    texts = [grid.text(row, column) for column in columns]
    return (
        len(texts) > 1
        and all(text.isdigit() for text in texts)
        and [int(text) for text in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))
    )


def _role(path: tuple[str, ...], year: int, template: Mapping[str, str], *, is_budget: bool) -> str:
    if not path:
        return ""
    leaf = words.plain(path[-1])
    for head, role in template.items():
        if words.label(head) == words.label(path[-1]):
            return role
    named = next((role for role, pattern in _ROLES if pattern.fullmatch(leaf)), "")
    if named or _SKIP.search(leaf):
        return named
    if month := _MONTH.fullmatch(words.label(leaf)):
        number = int(month[1]) if month[1].isdigit() else _CHINESE_MONTHS.index(month[1]) + 1
        return MONTHS[number - 1] if 1 <= number <= len(MONTHS) else ""
    role = _of_year(path, year)
    if role == FINAL and is_budget and not re.search(r"决算|实际|执行", "".join(path)):
        return BUDGET
    return role or (LABEL if _LABEL.search(leaf) else "")


def _of_year(path: tuple[str, ...], year: int) -> str:
    """The kind of amount that the heads speak of: by their words, and by the year they name."""
    named = words.years_in("".join(path))
    text = words.plain("".join(path))
    role = _amount_role(words.plain(path[-1])) or _amount_role(text)
    if not role:
        return ""
    is_last = named == {year - 1} or (role == LAST and not named)
    if named and not is_last and year not in named:
        return ""
    if is_last or role == LAST:
        return LAST if not re.search(r"预算", text) else ""
    return role


def _amount_role(text: str) -> str:
    return next((role for role, pattern in _AMOUNTS if pattern.search(text)), "")


def _name_labels(grid: Grid, head_row: int, roles: dict[int, str]) -> None:
    """Where no head says which column holds the labels, it is the words left of the first amounts."""
    amounts = [column for column, role in roles.items() if role in AMOUNTS]
    if LABEL in roles.values() or not amounts:
        return
    left = [column for column in roles if column < amounts[0] and _has_labels(grid, head_row, column)]
    if left:
        roles[left[-1]] = LABEL


def _has_labels(grid: Grid, head_row: int, column: int) -> bool:
    """Whether words stand below the head, and not numbers."""
    cells = [cells.get(column) for row, cells in grid.rows.items() if row > head_row]
    numbers = sum(1 for cell in cells if is_number(cell))
    texts = sum(1 for cell in cells if not is_blank(cell)) - numbers
    return texts > numbers


def _said(grid: Grid, row: int, year: int, known: frozenset[str]) -> int:
    """Of how many columns the row says what they hold, a merged head counted once."""
    if _is_note([grid.text(row, column) for column in grid.columns]):
        return 0
    return len({grid.origin(row, column) for column in grid.columns if _says_something(grid, row, column, year, known)})


def _says_something(grid: Grid, row: int, column: int, year: int, known: frozenset[str]) -> bool:
    text = grid.text(row, column)
    if not text or is_number(grid.at(row, column)):
        return False
    return bool(_role((text,), year, {}, is_budget=False)) or words.label(text) in known


def _is_head_level(grid: Grid, row: int) -> bool:
    """Several words, and no numbers: neither a title nor the lines of another table."""
    texts = {grid.text(row, column) for column in grid.columns} - {""}
    has_numbers = any(is_number(grid.at(row, column)) for column in grid.columns)
    return len(texts) > 1 and not has_numbers and not _is_note(texts)


def _is_note(texts: Iterable[str]) -> bool:
    found = {text for text in texts if text}
    return len(found) <= 4 and any(
        re.search(r"单位\s*[:：]|(?:编制|填报|公开|部门)[^:：]{0,6}[:：]|\d+表$", text) for text in found
    )


def _is_budget(text: str) -> bool:
    return "预算" in text and "决算" not in text
