"""A ledger as an .xlsx file, and the empty one that offices fill in and bring back."""

from decimal import Decimal

from perfapp.core.chinese import local_time
from perfapp.core.errors import NotFound
from perfapp.core.figures.ledgers import Column, ColumnKind, LedgerForm
from perfapp.core.permissions import Actor
from perfapp.data import cycles, ledgers
from perfapp.data.ledgers import RowView
from perfapp.documents import worksheet
from perfapp.documents.worksheet import Sheet, Value

_KINDS = {ColumnKind.TEXT: "文字", ColumnKind.NUMBER: "数字", ColumnKind.CHOICE: "选一项"}


def rows(actor: Actor, cycle_id: int, key: str, *, month: int | None = None) -> tuple[str, bytes]:
    """File name and bytes: every row of the year or of one month; the heads are those that an import knows."""
    cycle, ledger = cycles.visible(actor, cycle_id), ledgers.get(actor.unit_id, key)
    if month is not None and month not in range(1, 13):
        raise NotFound("没有这个月份。")
    extra = (("来源", 22), ("登记人", 12), ("登记时间", 18))
    sheet = Sheet(
        ledger.name,
        (*_heads(ledger.form), *extra),
        [_row(ledger.form, row) for row in ledgers.rows(ledger.id, cycle.id, month=month)],
    )
    part = f"{month}月" if month else ""
    return f"{ledger.name}-{cycle.fiscal_year}年{part}.xlsx", worksheet.workbook([sheet])


def template(actor: Actor, cycle_id: int, key: str) -> tuple[str, bytes]:
    """File name and bytes of the empty table, with a second sheet that says what belongs in each column."""
    cycle, ledger = cycles.visible(actor, cycle_id), ledgers.get(actor.unit_id, key)
    form = ledger.form
    day = f"只登记{cycle.fiscal_year}年的；" + ("写年月，如 2018年3月。" if form.by_month else "写日期，如 2018-3-15。")
    told: list[list[Value]] = [[form.date_name, "必填", "日期", day.replace("2018", str(cycle.fiscal_year))]]
    told += [[one.name, "必填" if one.required else "可不填", _KINDS[one.kind], _told(one)] for one in form.columns]
    sheets = [
        Sheet(ledger.name, _heads(form), []),
        Sheet("填写说明", (("列", 18), ("是否必填", 10), ("填什么", 10), ("说明", 60)), told),
    ]
    return f"{ledger.name}-样表.xlsx", worksheet.workbook(sheets)


def head(column: Column) -> str:
    """The column's name with its unit: 金额（元）; 批次 says it already."""
    return column.name if column.name.endswith(column.unit) else f"{column.name}（{column.unit}）"


def _heads(form: LedgerForm) -> tuple[tuple[str, int], ...]:
    width = {ColumnKind.TEXT: 24, ColumnKind.NUMBER: 14, ColumnKind.CHOICE: 12}
    return ((form.date_name, 14), *((head(column), width[column.kind]) for column in form.columns))


def _row(form: LedgerForm, row: RowView) -> list[Value]:
    day: Value = f"{row.happened_on.year}年{row.happened_on.month}月" if form.by_month else row.happened_on
    cells = [_cell(column, str(row.cells.get(column.key, ""))) for column in form.columns]
    origin = row.place or "手工登记"
    return [day, *cells, origin, row.entered_by_name, f"{local_time(row.entered_at):%Y-%m-%d %H:%M}"]


def _cell(column: Column, text: str) -> Value:
    if column.kind is not ColumnKind.NUMBER or not text:
        return text
    return Decimal(text)


def _told(column: Column) -> str:
    if column.kind is ColumnKind.CHOICE:
        return f"只能填：{'、'.join(column.choices)}。"
    if column.kind is ColumnKind.NUMBER:
        places = f"，最多 {column.decimals} 位小数" if column.decimals else "，整数"
        return f"单位：{column.unit or '个'}{places}；不写单位。"
    return f"不超过 200 字。{'也可写作：' + '、'.join(column.aliases) if column.aliases else ''}"
