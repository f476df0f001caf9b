"""The self-score lived through: filled in, scored, set by hand, consented to, supposed, exported."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp.core.chinese import long_date
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.permissions import Actor
from perfapp.data import cycles, indicators
from perfapp.services import annex_tables, facts, freezing, scoring, self_scores
from perfapp.services.scoring import Filled
from tests.conftest import Counting
from tests.making import PASSWORD, AUnit, a_confirmed_value, a_cycle, a_merged_report, a_unit
from tests.unit.documents.samples import drawing

D = Decimal


def enter(unit: AUnit, cycle_id: int, **typed: str) -> None:
    for name, value in typed.items():
        facts.enter(unit.money_writer, cycle_id, name.replace("_", "-"), facts.Entry(value), last_number=0)


def line(unit: AUnit, cycle_id: int, key: str) -> self_scores.Row:
    present = self_scores.of_cycle(cycles.visible(unit.editor, cycle_id))
    return present.row(unit.money_head, present.scored.line(key))


def fill(who: Actor, cycle_id: int, key: str, number: int = 0, **said: object) -> None:
    scoring.fill(who, cycle_id, key, Filled(**said), last_number=number)  # type: ignore[arg-type]


def signed_in(app: Flask, unit: AUnit, who: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD}).status_code == 303
    return client


def test_facts_make_points_and_say_why(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    assert line(unit, cycle_id, "budget-control").line.system is None
    enter(unit, cycle_id, opening_budget="1991.04", budget_added="569.17")
    found = line(unit, cycle_id, "budget-control")
    assert found.line.points == 2
    assert found.line.why.endswith("得2分，扣3分：追加预算569.17万元÷年初预算1,991.04万元。")
    assert found.office_name == "财务室"
    page = signed_in(rolled_back, unit, "writer").get("/scoring").get_data(as_text=True)
    assert "落在20%（不含）至30%档" in page
    assert 'href="/scoring" aria-current="page"' in page


def test_a_score_by_hand_needs_a_reason_and_another_persons_consent(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    enter(unit, cycle_id, opening_budget="1991.04", budget_added="569.17")
    with pytest.raises(Invalid, match="要写明理由"):
        fill(unit.money_writer, cycle_id, "budget-control", own_points="5")
    with pytest.raises(Invalid, match="与系统得分相同"):
        fill(unit.money_writer, cycle_id, "budget-control", own_points="2", own_reason="相同")
    with pytest.raises(Invalid, match="0 至 5"):
        fill(unit.money_writer, cycle_id, "budget-control", own_points="6", own_reason="太多")
    with pytest.raises(Forbidden, match="财务室的经办人"):
        fill(unit.writer, cycle_id, "budget-control", own_points="5", own_reason="政策性追加")
    fill(unit.money_writer, cycle_id, "budget-control", own_points="5", own_reason="政策性追加")
    waiting = line(unit, cycle_id, "budget-control")
    assert (waiting.line.points, waiting.line.shown) == (D(2), "系统 2 分 / 自评 5 分（待科室负责人同意）")
    assert waiting.view is not None
    with pytest.raises(Forbidden, match="财务室负责人"):
        scoring.consent(unit.head, waiting.view.id)
    with pytest.raises(Forbidden, match="财务室负责人"):
        scoring.consent(unit.money_writer, waiting.view.id)
    scoring.consent(unit.money_head, waiting.view.id)
    assert line(unit, cycle_id, "budget-control").line.points == 5
    with pytest.raises(Conflict, match="已经同意"):
        scoring.consent(unit.money_head, waiting.view.id)


def test_consent_stands_for_the_same_score_and_falls_with_another(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    enter(unit, cycle_id, opening_budget="1991.04", budget_added="569.17")
    same: dict[str, Any] = {"own_points": "5", "own_reason": "政策性追加"}
    fill(unit.money_writer, cycle_id, "budget-control", **same)
    scoring.consent(unit.money_head, indicators.of_cycle(cycle_id)["budget-control"].id)
    with pytest.raises(Invalid, match="没有改动"):
        fill(unit.money_writer, cycle_id, "budget-control", 1, **same)
    fill(unit.money_writer, cycle_id, "budget-control", 1, deviation="年中增资", **same)
    assert line(unit, cycle_id, "budget-control").line.points == 5
    fill(unit.money_writer, cycle_id, "budget-control", 2, own_points="4", own_reason="政策性追加")
    assert line(unit, cycle_id, "budget-control").line.points == 2
    assert [view.number for view in indicators.history(cycle_id, "budget-control")] == [3, 2, 1]


def test_two_writers_never_overwrite_each_other(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    fill(unit.money_writer, cycle_id, "disclosure", checks=(True,) * 5)
    with pytest.raises(Conflict, match="已有新的填报"):
        fill(unit.money_writer, cycle_id, "disclosure", checks=(False,) * 5)


def test_doubts_are_those_of_the_pinned_rules(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    fill(unit.money_writer, cycle_id, "disclosure", checks=(True,) * 5)
    present = self_scores.of_cycle(cycles.visible(unit.editor, cycle_id))
    found = {(finding.code, finding.subject) for finding in present.doubts}
    assert ("Z3", "disclosure") in found
    assert ("Z1", "budget-control") in found
    name, data = "公开截图.png", drawing()[1]
    fill(unit.money_writer, cycle_id, "disclosure", 1, checks=(True,) * 5, evidence=(name, data))
    present = self_scores.of_cycle(cycles.visible(unit.editor, cycle_id))
    assert ("Z3", "disclosure") not in {(finding.code, finding.subject) for finding in present.doubts}


def test_what_if_changes_the_page_and_nothing_else(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    enter(unit, cycle_id, opening_budget="1991.04", budget_added="569.17", carry_over_in="0", carry_over_out="0")
    client = signed_in(rolled_back, unit, "head")
    address = f"/cycles/{cycle_id}/scoring/what-if"
    page = client.get(f"{address}?budget-added=100&unknown=1").get_data(as_text=True)
    assert "暂不定等次" in page, "not every indicator has its points"
    assert "等次：" not in page
    assert re.search(r"预算控制率.*落在0%（不含）至10%档", page, re.S)
    assert line(unit, cycle_id, "budget-control").line.points == 2
    refused = client.get(f"{address}?budget-added=abc")
    assert refused.status_code == 422
    assert "追加预算：“abc”不是数字" in refused.get_data(as_text=True)


def test_a_form_that_is_refused_keeps_what_was_typed(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "money_writer")
    address = f"/cycles/{cycle_id}/scoring/indicators/disclosure"
    good = {f"checks-{number}": "yes" for number in range(5)} | {"seen_number": "0", "deviation": "网站改版迟了三天"}
    refused = client.post(address, data=good | {"own_points": "9", "own_reason": "尽力了"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "0 至 5" in page
    assert "网站改版迟了三天" in page
    assert page.count('value="yes" checked') == 5
    assert client.post(address, data=good).status_code == 303
    assert line(unit, cycle_id, "disclosure").line.points == 5


def test_words_and_annexes_as_files(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    enter(unit, cycle_id, opening_budget="1991.04", budget_added="569.17")
    editor = signed_in(rolled_back, unit, "editor")
    answer = editor.post(f"/cycles/{cycle_id}/scoring/words", data={"saving-measures": "=压减会议支出"})
    assert answer.status_code == 303
    sheet = editor.get(f"/cycles/{cycle_id}/annexes/base-table.xlsx").get_data()
    cells = [cell for row in load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=压减会议支出"] == ["s"]
    assert 1991.04 in [cell.value for cell in cells]
    assert editor.get(f"/cycles/{cycle_id}/annexes/score-table.docx").status_code == 200
    assert editor.get(f"/cycles/{cycle_id}/annexes/score-table.exe").status_code == 404
    assert list(annex_tables.annexes(cycles.visible(unit.editor, cycle_id))) == ["base-table", "score-table"]


def test_pages_ask_the_database_few_questions(rolled_back: Flask, queries: Counting) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "money_writer")
    addresses = ("/scoring", f"/cycles/{cycle_id}/scoring/indicators/disclosure", f"/cycles/{cycle_id}/scoring/what-if")
    counts = []
    for _ in range(2):
        for address in addresses:
            with queries() as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        for key in ("disclosure", "rules-in-place"):
            count = 5 if key == "disclosure" else 4
            number = 1 if key in indicators.of_cycle(cycle_id) else 0
            fill(unit.money_writer, cycle_id, key, number, checks=(number == 0,) * count)
    assert max(counts) <= 16
    assert counts[:3] == counts[3:]


@pytest.mark.usefixtures("rolled_back")
def test_a_merged_report_dates_its_annexes() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_confirmed_value(unit, cycle_id, "opening-budget", "1991.04")
    report = a_merged_report(unit, cycle_id)
    frozen = freezing.load(report.snapshot_blob or "")
    assert frozen.dated_on is not None
    assert frozen.annexes
    for one in frozen.annexes:
        assert f"填报日期：{long_date(frozen.dated_on)}" in one.sign_offs
