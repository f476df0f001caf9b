"""Two imports at the same moment, with real commits: one goes in, the other is told to look again."""

from collections import Counter

from flask import Flask

from perfapp.data import cycles, facts, imports, ledgers
from perfapp.services import fact_import, importing, row_import
from tests.integration.bookkeeping.files import an_upload, xlsx
from tests.making import a_cycle, a_unit
from tests.races.test_races import together

CROWD = 4


def test_a_table_let_in_many_times_at_once_is_written_once(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    writer, upload = unit.money_writer, an_upload(unit, cycle_id)
    cycle, book = cycles.visible(writer, cycle_id), importing.read(upload)
    mapping = fact_import.mapping(writer, cycle, book)
    seen = fact_import.preview(writer, cycle, book, mapping).seen

    def take(_: int) -> str:
        count, _barred = fact_import.take(writer, cycle_id, upload, mapping, seen=seen, supersede=False)
        return str(count)

    assert together(committed, take, crowd=CROWD) == Counter({"2": 1, "conflict": CROWD - 1})
    assert len(imports.of_cycle(cycle_id)) == 1
    assert len(facts.history(facts.get(unit.id, "reception").id)) == 1


def test_rows_let_in_many_times_at_once_are_there_once(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id, writer, target = a_cycle(unit), unit.writer, "ledger:receptions"
    heads = ("接待日期", "来访单位", "批次", "人次", "金额")
    rows = [("2018-3-5", f"第{number}家", 1, 2, 3) for number in range(50)]
    upload = importing.keep(writer, cycle_id, target, "接待.xlsx", xlsx(("接待", (heads, *rows), ())))
    cycle, book = cycles.visible(writer, cycle_id), importing.read(upload)
    mapping = row_import.mapping(writer, upload, book)
    seen = row_import.preview(writer, cycle, upload, book, mapping).seen

    def take(_: int) -> str:
        came, _gone = row_import.take(writer, cycle_id, upload, mapping, seen=seen, how="add")
        return str(came)

    assert together(committed, take, crowd=CROWD) == Counter({"50": 1, "conflict": CROWD - 1})
    assert ledgers.counts(cycle_id)[ledgers.get(unit.id, "receptions").id] == (50, 50)
    present = facts.present_value(facts.get(unit.id, "reception-visitors").id, cycle_id)
    assert present is not None
    assert present.amount == 100
