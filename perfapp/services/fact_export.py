"""Facts as an .xlsx file: what the list shows, numbers as numbers, every typed word as text."""

from collections.abc import Iterable
from decimal import Decimal

from perfapp.core.chinese import local_time
from perfapp.core.figures.units import rounded
from perfapp.core.words import FACT_STATES
from perfapp.data.cycles import CycleView
from perfapp.documents import worksheet
from perfapp.documents.worksheet import Sheet, Value
from perfapp.services.fact_table import FactRow
from perfapp.services.sourcing import spoken_origin

_COLUMNS = (
    ("数据", 28),
    ("分组", 12),
    ("口径", 40),
    ("数值", 16),
    ("上年数", 16),
    ("单位", 8),
    ("增减", 16),
    ("归口科室", 16),
    ("状态", 10),
    ("有争议", 8),
    ("数据已变", 10),
    ("截止日期", 12),
    ("来源", 24),
    ("填报人", 12),
    ("填报时间", 18),
    ("确认人", 12),
    ("佐证材料", 28),
    ("说明", 28),
    ("公式", 32),
    ("编码", 24),
)


def workbook(cycle: CycleView, rows: Iterable[FactRow]) -> bytes:
    """One sheet, a row a fact."""
    return worksheet.workbook([Sheet(f"{cycle.fiscal_year}年度数据", _COLUMNS, [_row(row) for row in rows])])


def _row(row: FactRow) -> list[Value]:
    definition, value = row.fact.definition, row.value
    return [
        definition.name,
        definition.group,
        definition.scope,
        _number(row.amount, definition.decimals),
        _number(row.last_amount, definition.decimals),
        definition.unit,
        row.change,
        row.fact.office_name or "未指定科室",
        FACT_STATES[row.state][0],
        "是" if row.is_disputed else "",
        "是" if row.has_changed else "",
        value.as_of if value else None,
        _source(row),
        value.entered_by_name if value else "",
        f"{local_time(value.entered_at):%Y-%m-%d %H:%M}" if value else "",
        value.confirmed_by_name if value else "",
        value.evidence_filename if value else "",
        value.note if value else "",
        definition.formula,
        definition.key,
    ]


def _number(amount: Decimal | None, decimals: int) -> Decimal | None:
    return None if amount is None else rounded(amount, decimals)


def _source(row: FactRow) -> str:
    if row.fact.definition.formula:
        return "公式"
    return spoken_origin(row.value) if row.value else ""
