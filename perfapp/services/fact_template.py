"""The unit's facts as an empty list that offices fill in and bring back."""

from perfapp.core.permissions import Actor
from perfapp.data import cycles, facts
from perfapp.documents import worksheet
from perfapp.documents.worksheet import Sheet, Value
from perfapp.services.facts import entering_bar

_COLUMNS = (("名称", 32), ("数值", 16), ("单位", 10), ("截止日期", 14), ("口径", 50), ("编码", 28))


def template(actor: Actor, cycle_id: int) -> tuple[str, bytes]:
    """File name and bytes: the facts the actor may enter, all entered ones for who may enter none; no values."""
    cycle = cycles.visible(actor, cycle_id)
    entered = [fact for fact in facts.of_unit(actor.unit_id) if fact.is_entered]
    own = [fact for fact in entered if not entering_bar(actor, fact)]
    rows: list[list[Value]] = [
        [fact.name, None, fact.definition.unit, cycle.period_to, fact.definition.scope, fact.key]
        for fact in own or entered
    ]
    sheet = Sheet(f"{cycle.fiscal_year}年度数据", _COLUMNS, rows)
    return f"数据样表-{cycle.fiscal_year}年度.xlsx", worksheet.workbook([sheet])
