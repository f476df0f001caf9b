"""Tables: a number takes its name and unit from the heads of its row and column and from the note above the table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reading import phrases, prose
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.marks import marks
from perfapp.core.figures.reading.measures import unit_named
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import CellText, Line, TableText

_AROUND = re.compile(r"[ \t\n]*(?:[≥≤><=~+约近]|大于等于|小于等于|不低于|不少于|不高于|不超过)?[ ]*")
_EMPTY = re.compile(r"[-~/\\无—×*]*|N/?A|不适用")
_NOTED_UNIT = re.compile(
    r"单位 ?: ?(?:人民币)?(?P<named>[^\s,，。;；()]{1,6})|[(\[] ?(?:单位 ?: ?)?(?P<noted>[^()\[\]]{1,8}?) ?[)\]]"
)
_NUMBERING = re.compile(r"^(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）、.．]+|[①-⓿]|其中[:：]?|加[:：]|减[:：]|#)\s*")
_GENERIC = frozenset(
    {"金额", "数额", "数量", "数值", "合计", "小计", "总计", "数", "值", "项目", "备注", "内容", "单位", "其中", "栏次"}
)
_NO_QUANTITY = re.compile(r"序号|编号|行次|栏次|编码|代码|电话|邮编|账号|证号|页码|年份|年度$|日期|时间$|文号")
_HEAD_WORDS = re.compile(
    "项目|指标|金额|数|率|预算|决算|得分|分值|权重|内容|名称|情况|单位|年|备注|比|次|原因|措施|目标|栏|类|规模|面积|投资|标准"
)
_UNITS_BY_WORDS = (
    (re.compile("得分|分值|满分|扣分|评分|权重"), "分"),
    (re.compile("人次"), "人次"),
    (re.compile("批次"), "批次"),
    (re.compile("人数|编制数|编制人数|在职人员数?$|退休人员数?$|离休人员数?$|在编|实有人员|职工数"), "人"),
    (re.compile("次数"), "次"),
    (re.compile("车辆数|保有量|车辆保有"), "辆"),
)
_RATIO = re.compile("率|占比|比重|比例|增幅|%|‰")
_UNMEASURED = re.compile("数量|个数|数目|面积|台数|套数|户数|家数|件数|度数|里程")
_CHANGE = re.compile("增减|增长|变动|差异|差额")
_LAST_YEAR = re.compile("上年|去年|上一年")
_THIS_YEAR = re.compile("本年|当年|今年")
_EXPLICIT_YEAR = re.compile("((?:19|20)[0-9]{2})(?=年|$)")
_REACH = 4  # rows of heads above a number, cells beside it


@dataclass(frozen=True, slots=True)
class _Cell:
    cell: CellText
    text: str  # in plain writing
    marks: tuple[Mark, ...]
    number: Mark | None  # where the cell holds nothing but a number

    @property
    def is_text(self) -> bool:
        return self.number is None and bool(self.text.strip()) and not _EMPTY.fullmatch(self.text.strip())


@dataclass(slots=True)
class _Column:
    heads: list[_Cell] = field(default_factory=list)
    is_filled: bool = False  # numbers stand under the heads already


def figures(table: TableText, lines: Mapping[int, Line], year: int | None) -> Iterator[Figure]:
    """The figures of a table, row by row. `year` is the report's; cells that hold sentences are read as prose."""
    rows = _rows(table)
    note = _noted_unit(plain(table.caption)) or _note_within(rows)
    columns: dict[int, _Column] = {}
    for row in rows:
        if _is_head(row, columns):
            _take_heads(row, columns, table.column_count)
        yield from _of_row(row, columns, note, lines, year)
        if any(entry.number is not None for entry in row):
            for column in columns.values():
                column.is_filled = True


def _of_row(
    row: list[_Cell], columns: Mapping[int, _Column], note: str, lines: Mapping[int, Line], year: int | None
) -> Iterator[Figure]:
    beside: list[_Cell] = []
    for entry in row:
        if entry.number is not None:
            corner = _column(columns, beside[-1].cell.column).heads if beside else []
            heads = _Heads(beside[-_REACH:], _column(columns, entry.cell.column).heads, corner, note)
            yield _numbered(entry, entry.number, heads, lines, year)
        elif entry.marks:
            place = entry.cell.place
            subject = _words(beside[-1:])
            yield from prose.figures(lines[place.line], year, start=place.start, end=place.end, subject=subject)
        if entry.is_text:
            beside.append(entry)


def _rows(table: TableText) -> list[list[_Cell]]:
    """The cells row by row; one merged over several rows stands in each of them, as a head of all."""
    rows: dict[int, list[_Cell]] = {}
    for cell in table.cells:
        entry = _entry(cell)
        rows.setdefault(cell.row, []).append(entry)
        if entry.is_text:
            for row in range(cell.row + 1, min(cell.row + cell.row_span, table.row_count)):
                rows.setdefault(row, []).append(replace(entry, marks=()))
    return [sorted(rows[number], key=lambda entry: entry.cell.column) for number in sorted(rows)]


def _entry(cell: CellText) -> _Cell:
    text = plain(cell.text)
    found = tuple(marks(text)) if text else ()
    number = found[0] if len(found) == 1 and _is_all(text, found[0]) else None
    return _Cell(cell, text, found, number)


def _is_all(text: str, mark: Mark) -> bool:
    lead = _AROUND.match(text)
    bare_year = mark.kind is Kind.DATE and text[mark.start : mark.end].isdigit()
    if not (mark.is_quantity or bare_year) or lead is None or lead.end() < mark.start:
        return False
    return not text[mark.end :].strip() or bool(
        re.fullmatch(r" *(?:左右|以上|以下|以内|及以上|及以下) *", text[mark.end :])
    )


def _is_head(row: list[_Cell], columns: Mapping[int, _Column]) -> bool:
    """Only words, in two cells or more; under numbers also words that head columns (a second block of the table)."""
    words = [entry for entry in row if entry.is_text]
    if len(words) < 2 or any(entry.number is not None and entry.number.kind is not Kind.DATE for entry in row):
        return False
    if not any(column.is_filled for column in columns.values()):
        return True
    headed = [entry for entry in words if len(entry.text) <= 15 and _HEAD_WORDS.search(entry.text)]
    return len(headed) >= 2 and len(headed) == len(words)


def _take_heads(row: list[_Cell], columns: dict[int, _Column], width: int) -> None:
    for entry in row:
        span = min(entry.cell.column_span, width - entry.cell.column)
        if not entry.text.strip() or (span >= width and width > 1):
            continue  # a title across the table heads no column
        for number in range(entry.cell.column, entry.cell.column + span):
            column = columns.setdefault(number, _Column())
            if column.is_filled:
                column.heads, column.is_filled = [], False
            if entry.cell not in (head.cell for head in column.heads):
                column.heads = [*column.heads, entry][-_REACH:]


def _column(columns: Mapping[int, _Column], number: int) -> _Column:
    return columns.get(number) or _Column()


@dataclass(frozen=True, slots=True)
class _Heads:
    """What heads a number: the words beside it in its row, those above it in its column, those above the row's
    own head, and the note on the table."""

    beside: list[_Cell]
    above: list[_Cell]
    corner: list[_Cell]
    note: str

    @property
    def own_unit(self) -> tuple[str, list[_Cell]]:
        """A unit that stands in a cell of its own beside the number (满意度 | % | 95), and the words without it."""
        if self.beside and (name := _unit_name(self.beside[-1].text)):
            return name, self.beside[:-1]
        return "", self.beside

    @property
    def row(self) -> str:
        beside = self.own_unit[1]
        name = _words(beside[-1:])
        return _words(beside[-2:]) if name in _GENERIC or len(name) < 2 else name

    @property
    def column(self) -> str:
        return _words([head for head in self.above if _words([head]) not in _GENERIC]) or _words(self.above[-1:])

    @property
    def label(self) -> str:
        row = self.row
        own = [name for head in self.above if (name := _words([head])) not in _GENERIC and name not in row]
        column = "".join(own) if row else self.column
        return column if row in column else row + column

    def unit(self) -> str:
        """By the cell beside, by notes in brackets, by what the words count; last by the notes on row and table."""
        own = self.own_unit[0]
        return own or self._unit_of(self.above, self.column) or self._unit_of(self.beside, self.row) or self._of_table()

    def _unit_of(self, cells: list[_Cell], words: str) -> str:
        noted = next((unit for cell in reversed(cells) if (unit := _noted_unit(cell.text))), "")
        if noted:
            return noted
        if _RATIO.search(words):
            return "%" if "%" in "".join(cell.text for cell in cells) else ""
        return next((unit for pattern, unit in _UNITS_BY_WORDS if pattern.search(words)), "")

    def _of_table(self) -> str:
        if _RATIO.search(self.label) or _UNMEASURED.search(self.label):
            return ""
        return next((unit for cell in reversed(self.corner) if (unit := _noted_unit(cell.text))), self.note)

    @property
    def is_score(self) -> bool:
        return bool(_UNITS_BY_WORDS[0][0].search(self.column))

    @property
    def is_label(self) -> bool:
        return bool(_NO_QUANTITY.search(self.column)) or self.row in ("栏次", "行次", "序号")


def _words(cells: list[_Cell]) -> str:
    """The words of heads, outermost first, without numbering, units in brackets and the spaces that spread them."""
    said: list[str] = []
    for entry in cells:
        words = re.sub(r"\s+|^ *单位 ?:.*$", "", entry.text)
        words = re.sub(r"\((?:单位:)?[^()]{0,8}\)$", "", _NUMBERING.sub("", words)) or words
        words = re.sub("[“”\"'‘’:]", "", _NUMBERING.sub("", words))
        if words and words not in said:
            said.append(words)
    return "".join(said)[-40:]


def _noted_unit(text: str) -> str:
    """万元 of “单位：万元” or of “支出（万元）”."""
    for match in _NOTED_UNIT.finditer(text):
        name = _unit_name(match["named"] or match["noted"])
        if name:
            return name
    return ""


def _unit_name(words: str) -> str:
    found = unit_named(words.strip())
    return found[1] if found else ""


def _note_within(rows: list[list[_Cell]]) -> str:
    """The unit note that stands in one of the first rows of the table itself."""
    for row in rows[:4]:
        for entry in row:
            if "单位" in entry.text and (unit := _noted_unit(entry.text)):
                return unit
    return ""


def _numbered(entry: _Cell, mark: Mark, heads: _Heads, lines: Mapping[int, Line], year: int | None) -> Figure:
    kind, unit = mark.kind, mark.unit
    if kind is Kind.DATE:
        kind, unit = (Kind.LABEL, "") if heads.is_label else (Kind.NUMBER, "")
    if kind is Kind.NUMBER and unit in ("", "万", "亿"):
        kind, unit = _measured(mark, heads)
    return Figure(
        text=_printed(entry, mark, lines),
        value=None if kind is Kind.LABEL else mark.value,
        unit="" if kind is Kind.LABEL else unit,
        kind=kind,
        place=replace(
            entry.cell.place, start=entry.cell.place.start + mark.start, end=entry.cell.place.start + mark.end
        ),
        label=heads.label,
        subject=heads.row,
        role=_role(kind, heads),
        qualifiers=(*_lead(entry, mark), *mark.qualifiers, *phrases.qualifiers_after(entry.text, mark.end)),
        year=_year(heads, year),
        location=lines[entry.cell.place.line].section,
        decimals=mark.decimals,
        row_head=heads.row,
        column_head=heads.column,
    )


def _measured(mark: Mark, heads: _Heads) -> tuple[Kind, str]:
    if heads.is_label:
        return Kind.LABEL, ""
    if mark.unit:
        return Kind.MONEY, f"{mark.unit}元"
    name = heads.unit()
    found = unit_named(name) if name else None
    return found or (Kind.NUMBER, "")


def _printed(entry: _Cell, mark: Mark, lines: Mapping[int, Line]) -> str:
    start = entry.cell.place.start
    return lines[entry.cell.place.line].text[start + mark.start : start + mark.end]


def _lead(entry: _Cell, mark: Mark) -> tuple[str, ...]:
    words = entry.text[: mark.start].strip()
    return (words,) if words else ()


def _role(kind: Kind, heads: _Heads) -> Role:
    words = heads.label
    if kind is Kind.LABEL or heads.is_score:
        return Role.AMOUNT
    if _CHANGE.search(words) and "变动率" not in words:
        return Role.GROWTH if kind is Kind.PERCENT or "率" in words or "%" in words else Role.CHANGE
    if re.search("占比|比重", words):
        return Role.SHARE
    if re.search("率|满意度", words) and kind in (Kind.PERCENT, Kind.NUMBER):
        return Role.RATE
    return Role.AVERAGE if re.search("人均|平均|月均|年均", words) else Role.AMOUNT


def _year(heads: _Heads, year: int | None) -> int | None:
    for words in (heads.column, heads.row):
        explicit = _EXPLICIT_YEAR.search(words)
        if explicit:
            return int(explicit.group(1))
        if year is not None and _LAST_YEAR.search(words) and not _CHANGE.search(words):
            return year - 1
        if year is not None and _THIS_YEAR.search(words):
            return year
    return None
