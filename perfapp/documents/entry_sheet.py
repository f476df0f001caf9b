"""录入表: the figures as the bureau's entry screen asks for them, one line a cell to type, ready to copy."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from openpyxl import load_workbook
from openpyxl.xml.functions import tostring

from perfapp.core.snapshot import EntryMark, Snapshot
from perfapp.documents.packing import same_bytes
from perfapp.documents.worksheet import Sheet, Value, workbook

_COLUMNS: Final = (("序号", 6), ("编码", 26), ("类别", 14), ("名称", 36), ("数值", 18), ("计量单位", 10))
_SCORED: Final = (*_COLUMNS, ("分值", 8), ("自评得分", 10))
_NUMBER: Final = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?")


def render_entries_xlsx(snapshot: Snapshot) -> bytes:
    """A sheet a table, a row an entry; the same snapshot gives the same bytes."""
    tables = list(dict.fromkeys(entry.table for entry in snapshot.entries))
    sheets = [_sheet(f"录入表{number}", title, snapshot.entries) for number, title in enumerate(tables, start=1)]
    names = Sheet(
        "说明", (("录入表", 12), ("对应附表", 60)), [(f"录入表{n}", t) for n, t in enumerate(tables, start=1)]
    )
    made = workbook([*sheets, names])
    return same_bytes(made, {"docProps/core.xml": _facts(made, snapshot)})


def _sheet(name: str, title: str, entries: Iterable[EntryMark]) -> Sheet:
    mine = [entry for entry in entries if entry.table == title]
    is_scored = any(entry.weight for entry in mine)
    rows = [_row(number, entry, is_scored=is_scored) for number, entry in enumerate(mine, start=1)]
    return Sheet(name, _SCORED if is_scored else _COLUMNS, rows)


def _row(number: int, entry: EntryMark, *, is_scored: bool) -> Sequence[Value]:
    row: list[Value] = [number, entry.code, entry.group, entry.name, _value(entry.value), entry.unit]
    return [*row, _value(entry.weight), _value(entry.points)] if is_scored else row


def _value(text: str) -> Value:
    """A number where it is one, with the digits it shows."""
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else text or None


def _facts(made: bytes, snapshot: Snapshot) -> bytes:
    """The workbook's own facts without the moment it was made."""
    facts = load_workbook(io.BytesIO(made), read_only=True).properties
    facts.creator, facts.title = snapshot.unit_name, f"{snapshot.fiscal_year}年度录入表"
    facts.created = facts.modified = datetime(snapshot.fiscal_year + 1, 1, 1)  # noqa: DTZ001  the library takes UTC without a zone
    return bytes(tostring(facts.to_tree()))
