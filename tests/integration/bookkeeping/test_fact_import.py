"""Importing facts: from the file to the value with its source; what is refused, who may, and what stays remembered."""

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest

from perfapp.data import events, facts, imports
from perfapp.data.fact_views import ValueView
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
from tests.making import AUnit, a_confirmed_value, a_cycle, a_unit, a_value
from tests.unit.core.figures.importing.sheets import (
    BASE_TABLE,
    BASE_TABLE_MERGES,
    FINAL_ACCOUNTS,
    FINAL_ACCOUNTS_MERGES,
)

ACCOUNTS = xlsx(("财决01表", FINAL_ACCOUNTS, FINAL_ACCOUNTS_MERGES))
LIST = (("名称", "数值", "单位"), ("总支出", 2560.21, "万元"), ("总收入", "2,560.21", "万元"))


def value(unit: AUnit, cycle_id: int, key: str) -> ValueView | None:
    return facts.present_value(facts.get(unit.id, key).id, cycle_id)


def test_a_table_becomes_values_with_their_source(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    page = mapping_page(client, cycle_id, "2018决算.xlsx", ACCOUNTS)
    shown = page.get_data(as_text=True)
    assert "收入支出决算总表（财决01表）" in shown
    assert 'value="总支出"' in shown
    preview = preview_page(client, cycle_id, page)
    assert (preview.status_code, "2,559.70万元" in preview.get_data(as_text=True)) == (200, True)
    assert value(unit, cycle_id, "total-spending") is None
    answer = take(client, cycle_id, preview)
    assert (answer.status_code, answer.location) == (303, f"/figures?cycle={cycle_id}")
    written = value(unit, cycle_id, "total-spending")
    assert written is not None
    assert (written.amount, written.source_kind) == (Decimal(25602100), "import")
    batch = imports.of_cycle(cycle_id)[0]
    assert written.source == {"filename": "2018决算.xlsx", "sheet": "财决01表", "cell": "F11", "import": batch.id}
    assert (written.evidence_filename, written.evidence_page) == ("2018决算.xlsx", "财决01表!F11")
    assert batch.row_count == 7
    assert client.get(f"/imports/{batch.id}/file").data == ACCOUNTS
    assert "2018决算.xlsx" in client.get(f"/cycles/{cycle_id}/imports").get_data(as_text=True)
    assert any(event.action == "import_facts" for event in events.of_cycle(cycle_id))


def test_an_odd_number_is_named_before_it_is_let_in(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    odd = xlsx(("表", [["单位：万元", ""], ["项目", "本年数"], ["总支出", -2560.21]], ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "表.xlsx", odd))
    assert "“总支出”填的是负数，一般不会小于 0" in page.get_data(as_text=True)
    fine = xlsx(("表", [["单位：万元", ""], ["项目", "本年数"], ["总支出", 12.3456]], ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "表二.xlsx", fine))
    assert "存的是完整的 12.3456万元，正文和表里显示为 12.35万元" in page.get_data(as_text=True)


@pytest.mark.parametrize("digits", [5_000, 30])
def test_an_endless_number_is_refused_by_name(unit: AUnit, cycle_id: int, as_: As, digits: int) -> None:
    client = as_("money_writer")
    huge = xlsx(("表", [["单位：万元", ""], ["项目", "本年数"], ["总支出", "9" * digits]], ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "表.xlsx", huge))
    assert page.status_code == 200
    assert "太大，请核对单位" in page.get_data(as_text=True)


def test_the_same_file_again_changes_nothing(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    import_file(client, cycle_id, "决算.xlsx", ACCOUNTS)
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "决算.xlsx", ACCOUNTS))
    assert "与现在的数相同（7 项）" in page.get_data(as_text=True)
    refused = take(client, cycle_id, page)
    assert refused.status_code == 422
    assert "没有要写入的数据" in refused.get_data(as_text=True)
    assert len(imports.of_cycle(cycle_id)) == 1


def test_confirmed_values_are_superseded_only_with_a_tick(unit: AUnit, cycle_id: int, as_: As) -> None:
    a_confirmed_value(unit, cycle_id, "total-spending", "2500")
    client = as_("money_writer")
    data = xlsx(("数据", LIST, ()))
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "清单.xlsx", data))
    shown = page.get_data(as_text=True)
    assert "代替已确认的数" in shown
    assert "+60.21" in shown
    refused = take(client, cycle_id, page)
    assert refused.status_code == 422
    assert "1 个已确认的数会被代替" in refused.get_data(as_text=True)
    present = value(unit, cycle_id, "total-spending")
    assert present is not None
    assert present.amount == 25000000
    assert take(client, cycle_id, refused, {"supersede": "1"}).status_code == 303
    present = value(unit, cycle_id, "total-spending")
    assert present is not None
    assert (present.amount, present.number, present.is_confirmed) == (Decimal(25602100), 2, False)


def test_a_value_that_changed_meanwhile_is_looked_at_again(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "清单.xlsx", xlsx(("数据", LIST, ()))))
    a_value(unit, cycle_id, "total-income", "2000")
    again = take(client, cycle_id, page)
    assert again.status_code == 409
    shown = again.get_data(as_text=True)
    assert "刚才有数据变动" in shown
    assert "2,000.00万元" in shown
    assert value(unit, cycle_id, "total-spending") is None
    assert take(client, cycle_id, again).status_code == 303


def test_other_offices_facts_are_named_and_left_alone(unit: AUnit, cycle_id: int, as_: As) -> None:
    rows = (*LIST, ("在职人员", 23, "人"), ("部门共有人员", 41, "人"))
    client = as_("money_writer")
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "清单.xlsx", xlsx(("数据", rows, ()))))
    shown = page.get_data(as_text=True)
    assert "“在职人员”由办公室的经办人填报" in shown
    assert "由公式算出" in shown
    assert "写入 2 个数" in shown
    take(client, cycle_id, page)
    assert value(unit, cycle_id, "staff-in-service") is None
    assert value(unit, cycle_id, "total-income") is not None


def test_what_formulas_say_is_held_against_the_table(unit: AUnit, cycle_id: int, as_: As) -> None:
    """The parts come in with the table, so the formula is worked out with them."""
    client = as_("money_writer")
    data = xlsx(("基础数据表", BASE_TABLE, BASE_TABLE_MERGES))
    shown = preview_page(client, cycle_id, mapping_page(client, cycle_id, "基础数据表.xlsx", data)).get_data(
        as_text=True
    )
    row = next(one for one in shown.split("<tr>") if ">公务用车购置和维护经费<" in one)
    assert "由公式算出，与表里的数相同" in row
    row = next(one for one in shown.split("<tr>") if ">三公经费<" in one)
    assert "公式用到的数据还不全" in row


def test_last_years_amounts_stand_beside_the_first_years(unit: AUnit, cycle_id: int, as_: As) -> None:
    data = xlsx(("基础数据表", BASE_TABLE, BASE_TABLE_MERGES))
    assert import_file(as_("money_writer"), cycle_id, "表.xlsx", data).status_code == 303
    last = facts.present_value(facts.get(unit.id, "vehicle-running").id, cycle_id, facts.LAST)
    assert last is not None
    assert (last.amount, last.source["cell"]) == (Decimal(684000), "B10")


def test_last_years_amounts_go_into_last_years_task(unit: AUnit, as_: As) -> None:
    last, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    a_confirmed_value(unit, last, "reception", "4.12")
    client = as_("money_writer")
    page = preview_page(
        client, cycle_id, mapping_page(client, cycle_id, "表.xlsx", xlsx(("基础数据表", BASE_TABLE, BASE_TABLE_MERGES)))
    )
    assert take(client, cycle_id, page).status_code == 303
    running = value(unit, last, "vehicle-running")
    kept = value(unit, last, "reception")
    assert running is not None
    assert kept is not None
    assert (running.amount, running.source["cell"]) == (Decimal(684000), "B10")
    assert (kept.amount, kept.number, kept.is_confirmed) == (Decimal(41200), 1, True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((*LIST, ("财政拨款", "两千万", "万元")), "应是数字"),
        ((*LIST, ("财政拨款", "#REF!", "万元")), "表格里的错误值"),
        ((*LIST, ("财政拨款", "=B2+B3", "万元")), "没有算出结果的公式"),
        ((*LIST, ("财政拨款", "25,59.70", "万元")), "千分位的逗号不对"),
        ((*LIST, ("财政拨款", 12, "人")), "单位应是万元"),
        ((*LIST, ("总支出", 99, "万元")), "与 B2 是同一项数据"),
    ],
)
def test_a_wrong_cell_stops_the_whole_table(
    unit: AUnit, cycle_id: int, as_: As, rows: tuple[tuple[str | float, ...], ...], said: str
) -> None:
    client = as_("money_writer")
    page = preview_page(client, cycle_id, mapping_page(client, cycle_id, "清单.xlsx", xlsx(("数据", rows, ()))))
    shown = page.get_data(as_text=True)
    assert said in shown
    assert re.search(r"数据!B\d|数据!B4", shown)
    refused = take(client, cycle_id, page)
    assert refused.status_code == 422
    assert value(unit, cycle_id, "total-spending") is None


def test_money_without_a_unit_is_asked_for(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    data = xlsx(("数据", (("项目", "金额"), ("总支出", 25602100), ("总收入", 25602100)), ()))
    page = mapping_page(client, cycle_id, "表.xlsx", data)
    refused = preview_page(client, cycle_id, page)
    assert refused.status_code == 422
    assert "没有写明金额的单位" in refused.get_data(as_text=True)
    preview = preview_page(client, cycle_id, refused, {"money_unit": "元"})
    assert "2,560.21万元" in preview.get_data(as_text=True)


def test_lines_are_named_by_hand_and_that_is_remembered(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    rows = (("单位：万元",), ("项目", "金额"), ("办公楼维修花的钱", 12.5), ("总支出", 100))
    data = xlsx(("表", rows, ()))
    page = mapping_page(client, cycle_id, "表.xlsx", data)
    wrong = preview_page(client, cycle_id, page, {"fact-办公楼维修花的钱|final": "没有这个"})
    assert wrong.status_code == 422
    assert "没有名为“没有这个”的数据" in wrong.get_data(as_text=True)
    assert 'value="没有这个"' in wrong.get_data(as_text=True)
    chosen = {"fact-办公楼维修花的钱|final": "政府采购金额", "fact-总支出|final": ""}
    preview = preview_page(client, cycle_id, wrong, chosen)
    assert "总支出（B4）" in preview.get_data(as_text=True), "what is left out is named"
    take(client, cycle_id, preview)
    written = value(unit, cycle_id, "procurement")
    assert written is not None
    assert written.amount == 125000
    assert value(unit, cycle_id, "total-spending") is None
    later = (*rows[:2], ("办公楼维修花的钱", 13.5), ("总支出", 101))
    page = mapping_page(client, cycle_id, "新表.xlsx", xlsx(("表", later, ())))
    shown = form_of(page, MAPPING.format(cycle_id))
    assert shown["fact-办公楼维修花的钱|final"] == "政府采购金额"
    assert shown["fact-总支出|final"] == ""


def test_changed_columns_are_listed_anew_before_the_preview(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    rows = (("单位：万元",), ("项目", "甲", "金额"), ("公务接待费", 6, 4.2))
    page = mapping_page(client, cycle_id, "表.xlsx", xlsx(("表", rows, ())))
    again = preview_page(client, cycle_id, page, {"role-2": "budget"})
    assert "列的含义改了" in again.get_data(as_text=True)
    assert form_of(again, f"/cycles/{cycle_id}/imports/mapping")["fact-公务接待费|budget"] == "公务接待费预算"
    take(client, cycle_id, preview_page(client, cycle_id, again))
    budget = value(unit, cycle_id, "reception-budget")
    assert budget is not None
    assert budget.amount == 60000


def test_another_sheet_and_another_head_row_are_asked_for(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    data = xlsx(("封面", (("某单位",),), ()), ("财决01表", FINAL_ACCOUNTS, FINAL_ACCOUNTS_MERGES), ("数据", LIST, ()))
    answer = upload(client, cycle_id, "决算.xlsx", data)
    shown = client.get(answer.location).get_data(as_text=True)
    assert 'aria-current="page">财决01表' in shown  # the one that says most
    other = client.get(f"{answer.location}&sheet=数据&head=1").get_data(as_text=True)
    assert 'aria-current="page">数据' in other
    assert client.get(f"{answer.location}&sheet=没有").status_code == 422
    assert client.get(f"{answer.location}&sheet=数据&head=99").status_code == 200


def test_a_token_is_its_owners(unit: AUnit, cycle_id: int, as_: As) -> None:
    client, other = as_("money_writer"), as_("writer")
    answer = upload(client, cycle_id, "决算.xlsx", ACCOUNTS)
    assert client.get(answer.location).status_code == 200
    assert other.get(answer.location).status_code == 404
    preview = preview_page(client, cycle_id, client.get(answer.location))
    step = form_of(preview, f"/cycles/{cycle_id}/imports/take")["step"]
    address = f"/cycles/{cycle_id}/imports/take"
    assert other.post(address, data={"step": step}).status_code == 404
    assert client.post(address, data={"step": step[:-2] + "xx"}).status_code == 404
    later = a_cycle(unit, 2019)
    assert client.post(f"/cycles/{later}/imports/take", data={"step": step}).status_code == 404
    token = form_of(preview_page(client, cycle_id, client.get(answer.location), {"money_unit": "万元"}), address)[
        "step"
    ]
    assert client.post(address, data={"step": token}).status_code == 303


def test_who_may_import_and_who_may_look(unit: AUnit, cycle_id: int, as_: As) -> None:
    import_file(as_("money_writer"), cycle_id, "决算.xlsx", ACCOUNTS)
    batch = imports.of_cycle(cycle_id)[0]
    head = as_("head")
    assert upload(head, cycle_id, "决算.xlsx", ACCOUNTS).status_code == 403
    assert head.get(f"/imports/{batch.id}/file").status_code == 200
    assert "数据由各科室经办人导入" in head.get(f"/cycles/{cycle_id}/imports").get_data(as_text=True)
    stranger = a_unit(with_seal=False)
    assert as_("writer", stranger).get(f"/imports/{batch.id}/file").status_code == 404
    assert as_("writer", stranger).get(f"/cycles/{cycle_id}/imports").status_code == 404
    assert upload(as_("writer", stranger), cycle_id, "决算.xlsx", ACCOUNTS).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("决算.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("决算.pdf", b"%PDF-1.4", "只接受 xlsx、csv"),
        ("决算.xlsx", b"", "空文件"),
        ("决算.xlsx", b"PK\x03\x04broken", "已经损坏"),
        ("决算.csv", ACCOUNTS, "其实是 Office 文件"),
        ("决算.csv", b"\xff\xfe\x00\x01\x02" * 9, "认不出文件的文字编码"),
        ("空.xlsx", xlsx(("空", (), ())), "没有内容"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    unit: AUnit, cycle_id: int, as_: As, name: str, data: bytes, said: str
) -> None:
    answer = upload(as_("money_writer"), cycle_id, name, data)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_gb18030_list_is_read(unit: AUnit, cycle_id: int, as_: As) -> None:
    data = '名称,数值,单位,截止日期\r\n总支出,"2,560.21",万元,2018-12-30\r\n公务接待费,４.２,万元,\r\n'.encode(
        "gb18030"
    )
    assert import_file(as_("money_writer"), cycle_id, "数据.csv", data).status_code == 303
    written = value(unit, cycle_id, "total-spending")
    assert written is not None
    assert (written.amount, written.as_of.isoformat(), written.source["cell"]) == (
        Decimal(25602100),
        "2018-12-30",
        "B2",
    )


def test_the_exported_list_comes_back_unchanged(unit: AUnit, cycle_id: int, as_: As) -> None:
    a_value(unit, cycle_id, "total-spending", "2560.21")
    client = as_("money_writer")
    exported = client.get(f"/figures/cycles/{cycle_id}.xlsx").data
    shown = preview_page(client, cycle_id, mapping_page(client, cycle_id, "导出.xlsx", exported)).get_data(as_text=True)
    assert "与现在的数相同（1 项）" in shown
    assert "要写入的（" not in shown


def test_the_empty_list_is_the_own_offices(unit: AUnit, cycle_id: int, as_: As) -> None:
    client = as_("money_writer")
    empty = client.get(f"/cycles/{cycle_id}/imports/template.xlsx").data
    page = mapping_page(client, cycle_id, "样表.xlsx", empty)
    assert "这张表里没有找到数" not in page.get_data(as_text=True) or "总支出" in page.get_data(as_text=True)


def test_pages_ask_no_more_for_long_tables(unit: AUnit, cycle_id: int, as_: As, queries: Counting) -> None:
    client = as_("money_writer")
    counted = []
    more = [(f"第{number}行", number, "万元") for number in range(80)]
    tables: tuple[Sequence[Sequence[Cell]], ...] = (LIST, (*LIST, *more))
    for rows in tables:
        answer = upload(client, cycle_id, "表.xlsx", xlsx(("数据", rows, ())))
        client.get(answer.location)
        with queries() as seen:
            page = client.get(answer.location)
        with queries() as previewed:
            preview_page(client, cycle_id, page)
        counted.append((len(seen), len(previewed)))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 15, counted
