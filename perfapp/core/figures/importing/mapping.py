"""How a table is read: data that a person looks at, changes, and that is remembered for the next file of its shape."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.figures.facts import FactKey

MAX_COLUMNS = 256
MAX_ROW = 1_048_576
MAX_LINES = 600

# What a column of a table of facts holds: amounts of this year, its budgets, last year, a month; what goes with them.
FINAL, BUDGET, ADJUSTED, LAST = "final", "budget", "adjusted", "last"
LABEL, UNIT, DAY, KEY = "label", "unit", "day", "key"
MONTHS = tuple(f"{month:02}" for month in range(1, 13))
AMOUNTS = (FINAL, BUDGET, ADJUSTED, LAST, *MONTHS)
ROLE_NAMES = {
    "": "不导入",
    LABEL: "项目名称",
    FINAL: "本年决算数（实际数）",
    BUDGET: "本年预算数",
    ADJUSTED: "本年全年（调整）预算数",
    LAST: "上年决算数",
    UNIT: "单位",
    DAY: "截止日期",
    KEY: "数据编码",
    **{month: f"{int(month)}月数" for month in MONTHS},
}
PARTS = {FINAL: "决算数", BUDGET: "预算数", ADJUSTED: "全年预算数"}
"""Kinds of amounts that are different facts; last year's and the months' are other values of the same fact."""

Role = Annotated[str, StringConstraints(pattern=r"^(|label|unit|day|key|final|budget|adjusted|last|0[1-9]|1[0-2])$")]
MoneyUnit = Annotated[str, StringConstraints(pattern=r"^(|元|千元|万元|百万元|亿元)$")]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactMap(_Value):
    """A sheet read into facts: `columns` by number, `facts` by slot (公务接待费|final); all others are left out."""

    sheet: Annotated[str, StringConstraints(max_length=120)]
    head_row: Annotated[int, Field(ge=0, le=MAX_ROW)]  # 0: the table has no heads
    money_unit: MoneyUnit = ""
    takes_shown: bool = False
    columns: Annotated[dict[int, Role], Field(max_length=MAX_COLUMNS)]
    facts: dict[str, FactKey] = {}


class RowMap(_Value):
    """A sheet read into rows of a ledger: column numbers to keys of the ledger's columns; 'happened_on' is the date."""

    sheet: Annotated[str, StringConstraints(max_length=120)]
    head_row: Annotated[int, Field(ge=1, le=MAX_ROW)]
    takes_shown: bool = False
    columns: Annotated[dict[int, str], Field(max_length=MAX_COLUMNS)]


class LabelRule(_Value):
    """A line of a known table: which fact each kind of amount on it is. `below`: the amount stands under the label."""

    label: str
    final: FactKey | None = None
    budget: FactKey | None = None
    adjusted: FactKey | None = None
    below: bool = False

    def part(self, name: str) -> FactKey | None:
        return {FINAL: self.final, BUDGET: self.budget, ADJUSTED: self.adjusted}[name]


class TableRule(_Value):
    """A table that a form knows, found by words of its title. `head` is a cell in its row of heads."""

    name: str
    marks: Annotated[tuple[str, ...], Field(min_length=1)]
    head: str = ""
    columns: dict[str, Role] = {}
    labels: Annotated[tuple[LabelRule, ...], Field(min_length=1)]


class ImportRules(_Value):
    """The tables that ship with a form."""

    key: FactKey
    version: int = Field(ge=1)
    name: str
    basis: str
    to_be_checked: str = ""
    tables: tuple[TableRule, ...]
