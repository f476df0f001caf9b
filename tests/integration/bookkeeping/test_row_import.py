"""Importing rows into a ledger: heads, troubles by cell, adding and replacing, and who may."""

import datetime
from decimal import Decimal

import pytest

from perfapp.data import facts, imports, ledgers
from perfapp.services import ledgers as keeping
from tests.conftest import Counting
from tests.integration.bookkeeping.files import (
    MAPPING,
    Cell,
    form_of,
    import_file,
    mapping_page,
    preview_page,
    take,
    upload,
    xlsx,
)
from tests.integration.drafting.calls import As
from tests.making import AUnit

TARGET = "ledger:receptions"
HEADS = ("接待日期", "接待对象", "批次", "人数", "金额（元）", "备注")
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("2018年公务接待登记表",),
    HEADS,
    ("2018-3-5", "某市局", 1, 12, 1860.5, "甲"),
    ("2018年3月20日", "某省厅", 1, "８人次", "1,200.00元", ""),
    (),
    ("2018/11/2", "某县", 2, 20, 3000, ""),
    ("合计", "", 4, 40, 6060.5, ""),
)
FILE = xlsx(("接待", ROWS, ("A1:F1",)))


def total(unit: AUnit, cycle_id: int, key: str, period: str = "year") -> Decimal | None:
    present = facts.present_value(facts.get(unit.id, key).id, cycle_id, period)
    return present.amount if present else None


def standing(unit: AUnit, cycle_id: int) -> list[dict[str, str]]:
    return [row.cells for row in ledgers.rows(ledgers.get(unit.id, "receptions").id, cycle_id)]


def test_rows_come_in_and_add_up(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    page = mapping_page(client, cycle_id, "接待.xlsx", FILE, TARGET)
    sent = form_of(page, MAPPING.format(cycle_id))
    assert [sent[f"column-{number}"] for number in range(1, 7)] == [
        "happened_on", "guests", "batches", "persons", "amount", "",
    ]  # fmt: skip
    preview = preview_page(client, cycle_id, page)
    shown = preview.get_data(as_text=True)
    assert "第 7 行是合计，没有导入" in shown
    answer = take(client, cycle_id, preview)
    assert (answer.status_code, answer.location) == (303, f"/cycles/{cycle_id}/ledgers/receptions")
    rows = ledgers.rows(ledgers.get(unit.id, "receptions").id, cycle_id)
    assert [(row.happened_on.isoformat(), row.cells["persons"], row.cells["amount"], row.place) for row in rows] == [
        ("2018-03-05", "12", "1860.5", "接待 第3行"),
        ("2018-03-20", "8", "1200", "接待 第4行"),
        ("2018-11-02", "20", "3000", "接待 第6行"),
    ]
    assert total(unit, cycle_id, "reception-visitors") == 40
    assert total(unit, cycle_id, "reception-batches", "03") == 2
    batch = imports.of_cycle(cycle_id, TARGET)[0]
    assert batch.row_count == 3
    assert f"/imports/{batch.id}/file" in client.get(answer.location).get_data(as_text=True)


def test_earlier_imports_stand_until_somebody_decides(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    typed = {"guests": "手工", "batches": "1", "persons": "5", "amount": "1"}
    keeping.add_row(unit.writer, cycle_id, "receptions", "2018-1-1", typed)
    import_file(client, cycle_id, "接待.xlsx", FILE, TARGET)
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "接待.xlsx", FILE, TARGET))
    asked = take(client, cycle_id, page)
    assert asked.status_code == 422
    assert "以前导入的 3 行还在" in asked.get_data(as_text=True)
    twice = take(client, cycle_id, asked, {"how": "add"})
    assert twice.status_code == 422
    assert "再追加就重复了" in twice.get_data(as_text=True)
    assert take(client, cycle_id, twice, {"how": "replace"}).status_code == 303
    assert len(standing(unit, cycle_id)) == 4
    assert total(unit, cycle_id, "reception-visitors") == 45
    more = xlsx(("接待", (HEADS, ("2018-12-1", "某局", 1, 3, 100, "")), ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "十二月.xlsx", more, TARGET))
    assert take(client, cycle_id, page, {"how": "add"}).status_code == 303
    assert total(unit, cycle_id, "reception-visitors") == 48


@pytest.mark.parametrize(
    ("row", "place", "said"),
    [
        (("2017-3-5", "某局", 1, 2, 3, ""), "接待!A2", "不在2018年"),
        (("某天", "某局", 1, 2, 3, ""), "接待!A2", "应写成2018-3-15这样"),
        (("2018-3-5", "", 1, 2, 3, ""), "接待!B2", "没有填写"),
        (("2018-3-5", "某局", "一", 2, 3, ""), "接待!C2", "应是数字"),
        (("2018-3-5", "某局", 1, 2.5, 3, ""), "接待!D2", "小数超过 0 位"),
        (("2018-3-5", "某局", 1, 2, "3人", ""), "接待!E2", "应是以元为单位的数"),
        (("2018-3-5", "某局", 1, 2, -3, ""), "接待!E2", "是负数"),
        (("2018-3-5", "某局", 1, 2, "#DIV/0!", ""), "接待!E2", "错误值"),
        (("2018-3-5", "某局", 1, datetime.date(2018, 1, 2), 3, ""), "接待!D2", "是日期，应是数字"),
    ],
)
def test_a_wrong_row_stops_the_file_and_says_where(
    unit: AUnit, cycle_id: int, as_: As, row: tuple[Cell, ...], place: str, said: str
) -> None:
    client = as_("writer")
    data = xlsx(("接待", (HEADS, row, ("2018-3-6", "某局", 1, 2, 3, "")), ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "接待.xlsx", data, TARGET))
    shown = page.get_data(as_text=True)
    assert place in shown
    assert said in shown
    assert take(client, cycle_id, page).status_code == 422
    assert standing(unit, cycle_id) == []


def test_cells_merged_down_belong_to_each_row_but_numbers_do_not(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    rows = (HEADS, ("2018-3-5", "某局", 1, 2, 3, ""), ("", "", 1, 4, 5, ""))
    good = xlsx(("接待", rows, ("A2:A3", "B2:B3")))
    assert import_file(client, cycle_id, "接待.xlsx", good, TARGET).status_code == 303
    assert [row["persons"] for row in standing(unit, cycle_id)] == ["2", "4"]
    bad = xlsx(("接待", (HEADS, ("2018-3-5", "某局", 1, 2, 3, ""), ("2018-3-6", "某县", 1, "", 5, "")), ("D2:D3",)))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "接待2.xlsx", bad, TARGET))
    assert "与上面的格合并成一格" in page.get_data(as_text=True)


def test_a_head_in_another_unit_is_turned_into_the_columns(unit: AUnit, cycle_id: int, as_: As) -> None:
    heads = ("接待日期", "接待对象", "批次", "人数", "金额（万元）")
    data = xlsx(("接待", (heads, ("2018-3-5", "某局", 1, 2, 0.186), ("2018-3-6", "某局", 1, 2, "300元")), ()))
    import_file(as_("writer"), cycle_id, "接待.xlsx", data, TARGET)
    assert [row["amount"] for row in standing(unit, cycle_id)] == ["1860", "300"]


def test_columns_are_named_by_hand_and_that_is_remembered(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    rows = (("哪天", "谁来了", "批次", "人次", "花了"), ("2018-3-5", "某局", 1, 2, 3))
    page = mapping_page(client, cycle_id, "记录.xlsx", xlsx(("记录", rows, ())), TARGET)
    refused = preview_page(client, cycle_id, page)
    assert refused.status_code == 422
    assert "还没有指出哪一列是“接待日期”、“来访单位”、“金额”" in refused.get_data(as_text=True)
    twice = preview_page(client, cycle_id, refused, {"column-1": "guests", "column-2": "guests"})
    assert "有两列都选了“来访单位”" in twice.get_data(as_text=True)
    chosen = {"column-1": "happened_on", "column-2": "guests", "column-5": "amount"}
    assert take(client, cycle_id, preview_page(client, cycle_id, twice, chosen)).status_code == 303
    later = xlsx(("记录", (rows[0], ("2018-4-5", "某县", 1, 2, 3)), ()))
    sent = form_of(mapping_page(client, cycle_id, "四月.xlsx", later, TARGET), MAPPING.format(cycle_id))
    assert {key: sent[key] for key in chosen} == chosen


def test_changed_columns_of_the_ledger_are_noticed(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "接待.xlsx", FILE, TARGET))
    ledger = ledgers.get(unit.id, "receptions")
    keeping.change_columns(
        unit.editor, "receptions", ledger.form.columns[:-1], date_name="日期", version=ledger.version
    )
    again = take(client, cycle_id, page)
    assert again.status_code == 409
    assert "改了它的列" in again.get_data(as_text=True)
    assert take(client, cycle_id, again).status_code == 303


def test_only_the_keeper_imports(unit: AUnit, cycle_id: int, as_: As) -> None:
    refused = upload(as_("money_writer"), cycle_id, "接待.xlsx", FILE, TARGET)
    assert refused.status_code == 403
    assert upload(as_("writer"), cycle_id, "接待.xlsx", FILE, "ledger:no-such").status_code == 404
    assert upload(as_("writer"), cycle_id, "接待.xlsx", FILE, "什么").status_code == 404


def test_the_exported_ledger_comes_back_the_same(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    import_file(client, cycle_id, "接待.xlsx", FILE, TARGET)
    before = standing(unit, cycle_id)
    exported = client.get(f"/cycles/{cycle_id}/ledgers/receptions.xlsx").data
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "导出.xlsx", exported, TARGET))
    assert take(client, cycle_id, page, {"how": "replace"}).status_code == 303
    assert standing(unit, cycle_id) == before


def test_the_filled_in_template_is_read_from_its_first_sheet(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    empty = client.get(f"/cycles/{cycle_id}/ledgers/receptions/template.xlsx").data
    sent = form_of(mapping_page(client, cycle_id, "样表.xlsx", empty, TARGET), MAPPING.format(cycle_id))
    assert (sent["sheet"], sent["head_row"]) == ("公务接待台账", "1")


def test_many_rows_need_no_more_queries_and_no_more_than_a_page_of_troubles(
    unit: AUnit, cycle_id: int, as_: As, queries: Counting
) -> None:
    client = as_("writer")
    counted = []
    for count in (2, 400):
        rows = [("2018-3-5", f"第{number}家", 1, 2, 3, "") for number in range(count)]
        page = mapping_page(client, cycle_id, f"{count}.xlsx", xlsx(("接待", (HEADS, *rows), ())), TARGET)
        with queries() as seen:
            preview = preview_page(client, cycle_id, page)
        counted.append(len(seen))
        take(client, cycle_id, preview, {"how": "replace"})
    assert counted[0] == counted[1] <= 15, counted
    assert total(unit, cycle_id, "reception-visitors") == 800
    wrong = [("2018-3-5", "某局", 1, "二", 3, "") for _ in range(300)]
    page = mapping_page(client, cycle_id, "错.xlsx", xlsx(("接待", (HEADS, *wrong), ())), TARGET)
    shown = preview_page(client, cycle_id, page).get_data(as_text=True)
    assert "300 行有错，下面是前 200 行" in shown
    assert shown.count("应是数字") == 200
