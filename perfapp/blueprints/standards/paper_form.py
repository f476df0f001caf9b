"""The score table on paper as fields of the set's form: its head, block of funds, columns, notes and sign-off lines."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from perfapp.core.errors import Invalid
from perfapp.core.scoring.indicators import Column, FundsRow, Spending, TableForm

COLUMN_NAMES: Mapping[str, str] = {
    Column.HEADING: "一级指标",
    Column.HEADING_WEIGHT: "一级指标的分值",
    Column.GROUP: "二级指标",
    Column.GROUP_WEIGHT: "二级指标的分值",
    Column.NAME: "三级指标",
    Column.WEIGHT: "三级指标的分值",
    Column.TARGET: "年度指标值",
    Column.ACTUAL: "实际完成值",
    Column.STANDARD: "评价标准",
    Column.POINTS: "得分",
    Column.DEDUCTION: "扣分说明",
    Column.REASON: "偏差原因",
}
MOST_COLUMNS = len(COLUMN_NAMES)
MOST_FUNDS = 12
_SPARE_FUNDS = 2
_FUND_FACTS = {"opening": "年初预算数", "adjusted": "全年预算数", "spent": "全年执行数"}


def _text(label: str, most: int) -> StringField:
    return StringField(label, validators=[Length(max=most, message=f"最多 {most} 字。")])


def _area(label: str, most: int) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=most, message=f"最多 {most} 字。")])


class FundsForm(Form):
    """A row of the block of funds; one without a name is left out."""

    name = _text("行名", 60)
    opening = _text(_FUND_FACTS["opening"], 100)
    adjusted = _text(_FUND_FACTS["adjusted"], 100)
    spent = _text(_FUND_FACTS["spent"], 100)
    is_total = BooleanField("合计行（印执行率的分值和得分）")


class ColumnForm(Form):
    """A column; one without a title is left out."""

    show = SelectField("内容", choices=[SelectChoice(code, name) for code, name in COLUMN_NAMES.items()])
    title = _text("列名", 40)


class PaperForm(Form):
    """Everything of the table but the indicators themselves, and the two facts that the score is held against."""

    mark = _text("附件编号", 60)
    title = _text("表题", 100)
    orientation = SelectField("纸张", choices=[SelectChoice("landscape", "横排"), SelectChoice("portrait", "竖排")])
    has_goals = BooleanField("印“年度总体目标”（预期目标、实际完成情况）")
    budget = _text("全年预算的数据", 100)
    spent = _text("全年支出的数据", 100)
    funds = FieldList(FormField(FundsForm), max_entries=MOST_FUNDS)
    columns = FieldList(FormField(ColumnForm), max_entries=MOST_COLUMNS)
    notes = _area("表下说明", 4000)
    sign_offs = _area("签字栏", 400)


def filled(table: TableForm, spending: Spending | None, names: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the fields; facts by their names."""
    return {
        "mark": table.mark,
        "title": table.title,
        "orientation": table.orientation,
        "has_goals": table.has_goals,
        "budget": names.get(spending.budget, spending.budget) if spending else "",
        "spent": names.get(spending.spent, spending.spent) if spending else "",
        "funds": [_funds_row(row, names) for row in table.funds] + _spare(len(table.funds)),
        "columns": _columns(table),
        "notes": "\n".join(table.notes),
        "sign_offs": "\n".join(table.sign_offs),
    }


def said_table(paper: PaperForm, keys: Mapping[str, str]) -> dict[str, Any]:
    """The layout that the fields say; Invalid, with a sentence for each name that no fact has."""
    wrong: list[str] = []
    funds = [_said_funds(row, keys, wrong) for row in paper.funds if (row["name"].data or "").strip()]
    if wrong:
        raise Invalid("\n".join(wrong))
    return {
        "mark": (paper.mark.data or "").strip(),
        "title": (paper.title.data or "").strip(),
        "orientation": paper.orientation.data,
        "columns": [
            {"show": column["show"].data, "title": title}
            for column in paper.columns
            if (title := (column["title"].data or "").strip())
        ],
        "funds": funds,
        "has_goals": paper.has_goals.data,
        "notes": _lines(paper.notes.data),
        "sign_offs": _lines(paper.sign_offs.data),
    }


def said_spending(paper: PaperForm, keys: Mapping[str, str]) -> dict[str, str | None] | None:
    """The two facts of 预算 and 支出; none where both fields are empty, Invalid where one is."""
    wrong: list[str] = []
    budget = _key(paper.budget.data, "全年预算的数据", keys, wrong)
    spent = _key(paper.spent.data, "全年支出的数据", keys, wrong)
    if not wrong and (budget is None) is not (spent is None):
        wrong.append("“全年预算的数据”和“全年支出的数据”要么都填，要么都空着。")
    if wrong:
        raise Invalid("\n".join(wrong))
    return {"budget": budget, "spent": spent} if budget else None


def _funds_row(row: FundsRow, names: Mapping[str, str]) -> dict[str, Any]:
    keys = {"opening": row.opening, "adjusted": row.adjusted, "spent": row.spent}
    facts = {part: names.get(key, key) if key else "" for part, key in keys.items()}
    return {"name": row.name, "is_total": row.is_total, **facts}


def _spare(used: int) -> list[dict[str, Any]]:
    """Empty rows to write in."""
    return [{} for _ in range(min(_SPARE_FUNDS, MOST_FUNDS - used))]


def _said_funds(row: FormField, keys: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """The name keeps the wide blanks at its start: they indent it on paper."""
    name = row["name"].data.rstrip().lstrip(" \t")
    where = f"资金情况“{name.strip()}”的"
    facts = {part: _key(row[part].data, f"{where}{said}", keys, wrong) for part, said in _FUND_FACTS.items()}
    return {"name": name, "is_total": row["is_total"].data, **facts}


def _key(typed: str | None, where: str, keys: Mapping[str, str], wrong: list[str]) -> str | None:
    """The key of the fact whose name was typed, bare or in 〔〕; a key that has no name any more stays."""
    name = (typed or "").strip().strip("〔〕").strip()
    if not name:
        return None
    if name not in keys and name not in keys.values():
        wrong.append(f"{where}：没有叫“{name}”的数据，请从可以用的数据里选一个。")
    return keys.get(name, name)


def _columns(table: TableForm) -> list[dict[str, str]]:
    """The columns there are, and empty ones for what else could be shown."""
    shown = [{"show": column.show.value, "title": column.title} for column in table.columns]
    taken = {column["show"] for column in shown}
    return shown + [{"show": code, "title": ""} for code in COLUMN_NAMES if code not in taken]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
