"""Ledgers in the browser: writing a row, what is refused, striking out, files, columns, who keeps them."""

import io
import re

import pytest
from openpyxl import load_workbook

from perfapp.core.figures.ledgers import MAX_COLUMNS
from perfapp.data import ledgers
from perfapp.services import ledgers as keeping
from tests.conftest import Counting
from tests.integration.drafting.calls import As
from tests.making import AUnit

ROW = {"happened_on": "2018-03-05", "guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1,860.50"}
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1")


def rows_of(unit: AUnit, cycle_id: int, key: str = "receptions") -> list[dict[str, str]]:
    return [row.cells for row in ledgers.rows(ledgers.get(unit.id, key).id, cycle_id)]


def test_a_row_is_written_and_adds_up(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    address = f"/cycles/{cycle_id}/ledgers/receptions"
    answer = client.post(address, data=ROW)
    assert (answer.status_code, answer.location) == (303, f"{address}?day=2018-03-05#entry")
    page = client.get(answer.location).get_data(as_text=True)
    assert rows_of(unit, cycle_id) == [
        {"guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1860.5"}
    ]
    assert "12人次" in page
    assert 'value="2018-03-05"' in page  # the next row is mostly of the same day
    assert f"/cycles/{cycle_id}/facts/reception-visitors" in page
    listed = client.get("/ledgers").get_data(as_text=True)
    assert "12人次" in listed
    assert re.search(r"公务接待台账.*?</tr>", listed, re.S)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"happened_on": "2017-12-31"}, "happened_on", "不在2018年"),
        ({"persons": "十二"}, "persons", "应是数字"),
        ({"guests": ""}, "guests", "没有填写"),
        ({"amount": "1860.505"}, "amount", "小数超过 2 位"),
    ],
)
def test_a_refused_row_keeps_what_was_typed(
    unit: AUnit, cycle_id: int, as_: As, changed: dict[str, str], field: str, said: str
) -> None:
    answer = as_("writer").post(f"/cycles/{cycle_id}/ledgers/receptions", data=ROW | {"letter": "函1号"} | changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">.*?{said}', page, re.S)
    assert 'value="函1号"' in page
    assert rows_of(unit, cycle_id) == []


def test_a_choice_that_is_none_is_refused_at_its_field(unit: AUnit, cycle_id: int, as_: As) -> None:
    keeping.assign(unit.editor, "trainings", unit.offices["办公室"])
    row = {"happened_on": "2018-03-05", "kind": "跳舞", "subject": "某培训"}
    answer = as_("writer").post(f"/cycles/{cycle_id}/ledgers/trainings", data=row)
    assert answer.status_code == 422
    assert "应是消防培训、" in answer.get_data(as_text=True)


def test_a_ledger_by_month_takes_a_month(unit: AUnit, cycle_id: int, as_: As) -> None:
    keeping.assign(unit.editor, "energy", unit.offices["办公室"])
    client = as_("writer")
    client.post(f"/cycles/{cycle_id}/ledgers/energy", data={"happened_on": "2018-02", "electricity": "10230.5"})
    page = client.get(f"/cycles/{cycle_id}/ledgers/energy?month=2").get_data(as_text=True)
    assert "10,230.50千瓦时" in page


def test_a_struck_out_row_is_gone_from_the_totals(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    client.post(f"/cycles/{cycle_id}/ledgers/receptions", data=ROW)
    row_id = ledgers.rows(ledgers.get(unit.id, "receptions").id, cycle_id)[0].id
    address = f"/cycles/{cycle_id}/ledgers/receptions/rows/{row_id}/remove"
    assert as_("money_writer").post(address).status_code == 403
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 404
    assert "12人次" not in client.get(f"/cycles/{cycle_id}/ledgers/receptions").get_data(as_text=True)


def test_another_office_reads_and_does_not_write(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    page = client.get(f"/cycles/{cycle_id}/ledgers/receptions").get_data(as_text=True)
    assert "由办公室登记，其他科室不能改" in page
    assert "登记一笔" not in page
    refused = client.post(f"/cycles/{cycle_id}/ledgers/receptions", data=ROW)
    assert refused.status_code == 403
    assert as_("writer").get(f"/cycles/{cycle_id}/ledgers/no-such").status_code == 404


def test_the_file_holds_what_was_typed_as_text(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("writer")
    for number, hostile in enumerate(HOSTILE, start=1):
        keeping.add_row(
            unit.writer,
            cycle_id,
            "receptions",
            f"2018-{number}-01",
            {**ROW, "guests": hostile, "letter": f"x{hostile}"},
        )
    answer = client.get(f"/cycles/{cycle_id}/ledgers/receptions.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    cells = [sheet.cell(row, 2) for row in range(2, 2 + len(HOSTILE))]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [
        (" ".join(hostile.split()), "s", True) for hostile in HOSTILE
    ]
    assert sheet["E2"].value == 1860.5
    one = load_workbook(io.BytesIO(client.get(f"/cycles/{cycle_id}/ledgers/receptions.xlsx?month=2").data))
    assert one.worksheets[0].max_row == 2


def test_the_empty_table_says_what_belongs_where(unit: AUnit, cycle_id: int, as_: As) -> None:
    book = load_workbook(io.BytesIO(as_("writer").get(f"/cycles/{cycle_id}/ledgers/trainings/template.xlsx").data))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["培训日期", "类别", "培训内容"]
    assert "消防培训" in str(book["填写说明"]["D3"].value)


def columns_form(unit: AUnit, key: str = "receptions") -> dict[str, str]:
    """What the page of the columns would send if nothing were changed."""
    ledger = ledgers.get(unit.id, key)
    sent = {"version": str(ledger.version), "date_name": ledger.form.date_name}
    for number, column in enumerate(ledger.form.columns):
        here = {
            "key": column.key,
            "name": column.name,
            "kind": column.kind.value,
            "unit": column.unit,
            "decimals": str(column.decimals),
            "choices": "、".join(column.choices),
            "aliases": "、".join(column.aliases),
        } | ({"required": "1"} if column.required else {})
        sent |= {f"column{number}-{name}": value for name, value in here.items()}
    return sent


def test_columns_are_renamed_added_and_taken_away(unit: AUnit, cycle_id: int, as_: As) -> None:
    keeping.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", ROW)
    client = as_("editor")
    sent = columns_form(unit) | {
        "column0-name": "来宾单位",
        "column5-name": "",  # 公函文号, nowhere filled in
        "column7-name": "陪同人数",
        "column7-kind": "number",
        "column7-unit": "人",
        "column7-decimals": "0",
    }
    assert client.post("/ledgers/receptions/columns", data=sent).status_code == 303
    form = ledgers.get(unit.id, "receptions").form
    assert [column.name for column in form.columns] == [
        "来宾单位", "批次", "人次", "金额", "陪餐人数", "接待地点", "陪同人数",
    ]  # fmt: skip
    assert form.columns[-1].key == "column-1"
    assert rows_of(unit, cycle_id)[0]["guests"] == "某市机关事务局"
    keeping.add_row(unit.writer, cycle_id, "receptions", "2018-3-6", {**ROW, "column-1": "3"})
    assert rows_of(unit, cycle_id)[1]["column-1"] == "3"
    assert "来宾单位" in client.get("/ledgers/receptions/columns").get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"column3-unit": "万元"}, "已经登记过内容"),
        ({"column3-name": ""}, "已经登记过内容，不能删除"),
        ({"column2-kind": "text"}, "已经登记过内容"),
        ({"column1-name": "人次"}, "有两列都叫“人次”"),
        ({"column7-name": "等级", "column7-kind": "choice"}, "请写出“等级”可选的几项"),
        ({"column7-name": "重量", "column7-kind": "number", "column7-decimals": "9"}, "小数位数应是 0 到 6"),
        ({"column7-name": "长" * 41}, "名称最多 40 字"),
        ({"date_name": " "}, "日期一列的名称"),
        ({"version": "7"}, "已有变动"),
        ({f"column{number}-name": f"列{number}" for number in range(7, MAX_COLUMNS + 2)}, f"最多 {MAX_COLUMNS} 列"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    unit: AUnit, cycle_id: int, as_: As, changed: dict[str, str], said: str
) -> None:
    keeping.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", ROW)
    before = ledgers.get(unit.id, "receptions").form
    answer = as_("editor").post("/ledgers/receptions/columns", data=columns_form(unit) | changed)
    assert answer.status_code in (409, 422)
    assert said in answer.get_data(as_text=True)
    assert ledgers.get(unit.id, "receptions").form == before


def test_what_the_totals_need_stays(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("editor")
    for changed in ({"column0-choices": "消防演习、其他"}, {"column0-name": ""}, {"column0-kind": "text"}):
        answer = client.post("/ledgers/trainings/columns", data=columns_form(unit, "trainings") | changed)
        assert answer.status_code == 422
        assert "汇总" in answer.get_data(as_text=True)


def test_the_editor_says_who_keeps_a_ledger(unit: AUnit, cycle_id: int, as_: As) -> None:
    assert as_("writer").post("/ledgers/receptions/keeper", data={"office_id": "1"}).status_code == 403
    client = as_("editor")
    answer = client.post("/ledgers/receptions/keeper", data={"office_id": str(unit.offices["财务室"])})
    assert answer.status_code == 303
    assert ledgers.get(unit.id, "receptions").office_name == "财务室"
    assert client.post("/ledgers/receptions/keeper", data={"office_id": "999999"}).status_code == 404
    assert client.post("/ledgers/receptions/keeper", data={}).status_code == 422


def test_a_page_of_many_rows_asks_no_more_than_one_of_few(
    unit: AUnit, cycle_id: int, as_: As, queries: Counting
) -> None:
    client = as_("writer")
    pages = ("/ledgers", f"/cycles/{cycle_id}/ledgers/receptions")
    asked: dict[str, list[int]] = {}
    for count in (1, 60):
        for number in range(count):
            row = {**ROW, "guests": f"第{number}家"}
            keeping.add_row(unit.writer, cycle_id, "receptions", f"2018-{number % 12 + 1}-05", row)
        for page in pages:
            client.get(page)
            with queries() as seen:
                client.get(page)
            asked.setdefault(page, []).append(len(seen))
    assert {few == many <= 15 for few, many in asked.values()} == {True}, asked
    assert "第 2 页" in client.get(f"/cycles/{cycle_id}/ledgers/receptions?page=2").get_data(as_text=True)
    assert client.get(f"/cycles/{cycle_id}/ledgers/receptions?page=99&month=1").status_code == 200


def test_what_was_done_is_in_the_log(unit: AUnit, cycle_id: int, as_: As) -> None:
    as_("editor").post("/ledgers/receptions/columns", data=columns_form(unit) | {"column0-name": "来宾"})
    as_("writer").post(f"/cycles/{cycle_id}/ledgers/receptions", data=ROW)
    page = as_("auditor").get("/log").get_data(as_text=True)
    assert "改了“公务接待台账”的列" in page
