"""The heads of a number in a table: what they name it, in which unit, of which year."""

import re
from dataclasses import dataclass

from perfapp.core.figures.figure import Kind, Role
from perfapp.core.figures.reading.cells import Cell
from perfapp.core.figures.reading.measures import unit_named

_NOTED_UNIT = re.compile(
    r"单位 ?: ?(?:人民币)?(?P<named>[^\s,，。;；()]{1,6})|[(\[] ?(?:单位 ?: ?)?(?P<noted>[^()\[\]]{1,8}?) ?[)\]]"
)
_NUMBERING = re.compile(
    r"^(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）、.．]+|[①-⓿]|其中[:：]?|加[:：]|减[:：]|[@#*※★☆●◆◇■□▲△▼▪•◎]+)\s*"
)
_GENERIC = frozenset(
    {"金额", "数额", "数量", "数值", "合计", "小计", "总计", "数", "值", "项目", "备注", "内容", "单位", "其中", "栏次"}
)
_NO_QUANTITY = re.compile(r"序号|编号|行次|栏次|编码|代码|电话|邮编|账号|证号|页码|年份|年度$|日期|时间$|文号")
_UNITS_BY_WORDS = (
    (re.compile("得分|分值|满分|扣分|评分|权重"), "分"),
    (re.compile("人次"), "人次"),
    (re.compile("批次"), "批次"),
    (re.compile("人数|编制数|编制人数|在职人员数?$|退休人员数?$|离休人员数?$|在编|实有人员|职工数"), "人"),
    (re.compile("次数"), "次"),
    (re.compile("车辆数|保有量|车辆保有"), "辆"),
)
_RATIO = re.compile("率|满意度|知晓度|占比|比重|比例|增幅|%|‰")
_UNMEASURED = re.compile("数量|个数|数目|面积|台数|套数|户数|家数|件数|度数|里程")
_CHANGE = re.compile("增减|增长|变动|差异|差额")
_LAST_YEAR = re.compile("上年|去年|上一年")
_THIS_YEAR = re.compile("本年|当年|今年")
_EXPLICIT_YEAR = re.compile("((?:19|20)[0-9]{2})(?=年|$)")


@dataclass(frozen=True, slots=True)
class Heads:
    """What heads a number: the words beside it in its row, those above it in its column, those above the row's
    own head, and the note on the table."""

    beside: list[Cell]
    above: list[Cell]
    corner: list[Cell]
    note: str

    @property
    def own_unit(self) -> tuple[str, list[Cell]]:
        """A unit that stands in a cell of its own beside the number (满意度 | % | 95), and the words without it."""
        if self.beside and (name := _unit_name(self.beside[-1].text)):
            return name, self.beside[:-1]
        return "", self.beside

    @property
    def row(self) -> str:
        beside = self.own_unit[1]
        name = words_of(beside[-1:])
        return words_of(beside[-2:]) if name in _GENERIC or len(name) < 2 else name

    @property
    def column(self) -> str:
        return words_of([head for head in self.above if words_of([head]) not in _GENERIC]) or words_of(self.above[-1:])

    @property
    def label(self) -> str:
        row = self.row
        own = [name for head in self.above if (name := words_of([head])) not in _GENERIC and name not in row]
        column = "".join(own) if row else self.column
        return column if row in column else row + column

    def unit(self) -> str:
        """By the cell beside, by notes in brackets, by what the words count; last by the notes on row and table."""
        own = self.own_unit[0]
        if own:
            return own
        for cells, words in ((self.above, self.column), (self.beside[-1:], self.row)):
            noted = _nearest_note(cells)
            if noted:
                return noted
            if _RATIO.search(words):
                return "%" if "%" in "".join(cell.text for cell in cells) else ""
            counted = next((unit for pattern, unit in _UNITS_BY_WORDS if pattern.search(words)), "")
            if counted:
                return counted
        return "" if _UNMEASURED.search(self.label) else _nearest_note([*self.corner, *self.beside]) or self.note

    @property
    def is_score(self) -> bool:
        return bool(_UNITS_BY_WORDS[0][0].search(self.column))

    @property
    def is_label(self) -> bool:
        return bool(_NO_QUANTITY.search(self.column)) or self.row in ("栏次", "行次", "序号")


def words_of(cells: list[Cell]) -> str:
    """The words of heads, outermost first, without numbering, units in brackets and the spaces that spread them."""
    said: list[str] = []
    for entry in cells:
        words = re.sub(r"\s+|^ *单位 ?:.*$", "", entry.text)
        words = re.sub(r"\((?:单位:)?[^()]{0,8}\)$", "", _NUMBERING.sub("", words)) or words
        words = re.sub("[“”\"'‘’:]", "", _NUMBERING.sub("", words))
        if words and words not in said:
            said.append(words)
    return "".join(said)[-40:]


def noted_unit(text: str) -> str:
    """万元 of “单位：万元” or of “支出（万元）”."""
    for match in _NOTED_UNIT.finditer(text):
        name = _unit_name(match["named"] or match["noted"])
        if name:
            return name
    return ""


def _nearest_note(cells: list[Cell]) -> str:
    return next((unit for cell in reversed(cells) if (unit := noted_unit(cell.text))), "")


def _unit_name(words: str) -> str:
    found = unit_named(words.strip())
    return found[1] if found else ""


def role_of(kind: Kind, heads: Heads) -> Role:
    """What the heads make of the number: a score is an amount even beside a rate."""
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


def year_of(heads: Heads, year: int | None) -> int | None:
    """The year a head names, or 上年 and 本年 by the report's year."""
    for words in (heads.column, heads.row):
        explicit = _EXPLICIT_YEAR.search(words)
        if explicit:
            return int(explicit.group(1))
        if year is not None and _LAST_YEAR.search(words) and not _CHANGE.search(words):
            return year - 1
        if year is not None and _THIS_YEAR.search(words):
            return year
    return None
