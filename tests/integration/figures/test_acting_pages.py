"""The pages of the figures where people act: confirming, disputes, definitions, the file and the log."""

import io
import re
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.figures.facts import Definition
from perfapp.data import disputes, facts, notices
from perfapp.data.session import transaction
from perfapp.services import disputes as contesting
from tests.conftest import Counting
from tests.integration.figures.browsing import names, page, sign_in
from tests.making import (
    a_confirmed_value,
    a_cycle,
    a_dispute,
    a_unit,
    a_value,
)
from tests.unit.documents.samples import drawing

CARS, SPENDING = "vehicle-count", "total-spending"
BUSINESS = ("writer", "head", "finance", "editor", "deputy", "leader")


def test_many_are_confirmed_at_once_each_with_its_answer(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    first, second = a_value(unit, cycle_id, CARS, "20"), a_value(unit, cycle_id, "staff-quota", "45")
    money = a_value(unit, cycle_id, SPENDING, "1")
    address = f"/figures/cycles/{cycle_id}/waiting"
    html = page(sign_in(client, unit, "head"), address)
    assert names(html) == ["staff-quota", CARS]
    a_value(unit, cycle_id, "staff-quota", "46")
    answer = client.post(address, data={"value": [first.id, second.id, money.id]})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "已确认 1 个" in html
    assert "有 2 个没有确认" in html
    assert "编制数：“编制数”已有新的数值" in html
    assert "总支出：资金数据由财务确认" in html
    assert names(html) == ["staff-quota"]
    assert client.post(address, data={}).status_code == 422
    assert "没有等您确认的数据" in page(sign_in(client, unit, "leader"), address)
    assert client.post(address, data={"value": [first.id]}).status_code == 403


def test_a_dispute_goes_its_way_through_the_pages(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    value = a_value(unit, cycle_id, CARS, "20")
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    sign_in(client, unit, "finance")
    form = {"contest-amount": "21", "contest-unit": "辆", "contest-value_id": value.id}
    answer = client.post(f"{address}/disputes", data=form)
    assert answer.status_code == 422
    assert "请写明理由和依据" in answer.get_data(as_text=True)
    picture = {"contest-evidence": (io.BytesIO(drawing()[1]), "编制批复.png")}
    answer = client.post(f"{address}/disputes", data={**form, **picture, "contest-reason": "行驶证共21本。"})
    (dispute,) = disputes.of_fact(facts.get(unit.id, CARS).id, cycle_id)
    assert (answer.status_code, answer.location) == (303, f"{address}#dispute-{dispute.id}")
    html = page(sign_in(client, unit, "head"), address)
    for words in ("这个数有争议", "行驶证共21本。", "编制批复.png", "裁定维持", "裁定改用"):
        assert words in html
    assert "改判" not in html
    notice = next(one for one in notices.of_person(unit.head.id) if one.fact_key)
    assert client.post(f"/notices/{notice.id}/read", data={"open": "1"}).location == address
    step = {"action": "replace", "version": dispute.version, "last_number": 1}
    assert client.post(f"/figures/disputes/{dispute.id}", data=step).status_code == 422  # no reason
    step["reason"] = "行驶证属实。"
    assert client.post(f"/figures/disputes/{dispute.id}", data=step).status_code == 303
    html = page(client, address)
    assert "裁定：改用 21辆" in html
    assert "<s>20辆</s>" in html
    assert client.get(f"/figures/disputes/{dispute.id}").location == f"{address}#dispute-{dispute.id}"
    evidence = client.get(f"/figures/disputes/{dispute.id}/evidence")
    assert evidence.data == drawing()[1]


@pytest.mark.parametrize("who", BUSINESS)
def test_every_button_of_a_dispute_works(client: FlaskClient, who: str) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    dispute = a_dispute(unit, a_value(unit, cycle_id, CARS, "20"), "21", by=unit.deputy)
    html = page(sign_in(client, unit, who), f"/cycles/{cycle_id}/facts/{CARS}")
    offered = set(re.findall(rf'<dialog[^>]*id="dispute-{dispute.id}-(\w+)"', html))
    assert offered == {action.value for action in contesting.available(dispute, unit.actors[who])}
    for action in DisputeAction:
        answer = client.post(
            f"/figures/disputes/{dispute.id}",
            data={"action": action.value, "version": 1, "reason": "依据。", "last_number": 1},
        )
        expected = {303} if action.value in offered else {403, 409}
        assert answer.status_code in expected, action
        if answer.status_code == 303:
            break


def test_evidence_goes_to_the_unit_and_to_nobody_else(client: FlaskClient) -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    picture = drawing()[1]
    value = a_value(unit, a_cycle(unit), CARS, "20", evidence=("派车单.png", picture))
    bare = a_value(unit, value.cycle_id, "staff-quota", "45")
    sign_in(client, unit, "deputy")
    answer = client.get(f"/figures/values/{value.id}/evidence")
    assert answer.data == picture
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"/figures/values/{bare.id}/evidence").status_code == 404
    sign_in(client, other, "editor")
    assert client.get(f"/figures/values/{value.id}/evidence").status_code == 404


def test_the_file_holds_what_the_list_shows_and_calculates_nothing(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, SPENDING, "2560.215", note='=HYPERLINK("http://x","y")')
    with transaction():
        evil = Definition(key="evil", name="=1+1", unit="个", decimals=0)
        facts.add(unit.id, evil, office_id=unit.offices["办公室"], position=999)
    sign_in(client, unit, "finance")
    answer = client.get(f"/figures/cycles/{cycle_id}.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data))["2018年度数据"]
    rows = {row[-1].value: row for row in sheet.iter_rows(min_row=2)}
    heads = [cell.value for cell in sheet[1]]
    assert len(rows) == len(facts.of_unit(unit.id))
    spending = dict(zip(heads, rows[SPENDING], strict=True))
    assert Decimal(str(spending["数值"].value)) == Decimal("2560.22")
    assert spending["数值"].number_format == "#,##0.00"
    assert spending["说明"].data_type == rows["evil"][0].data_type == "s"
    few = client.get(f"/figures/cycles/{cycle_id}.xlsx?show=waiting")
    assert load_workbook(io.BytesIO(few.data)).worksheets[0].max_row == 2


def test_a_definition_is_written_with_names(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    sign_in(client, unit, "editor")
    good = {
        "key": "net",
        "name": "净支出",
        "aliases": "净额、净支",
        "unit": "万元",
        "decimals": "2",
        "is_money": "y",
        "office_id": unit.offices["财务室"],
        "formula": "〔总支出〕－〔项目支出〕",
    }
    for wrong, refusal in (
        ({"formula": "〔没有这项〕"}, "没有名为“没有这项”的数据"),
        ({"formula": "〔总支出〕 + 〔编制数〕"}, "不同单位的数据"),
        ({"key": "Net"}, "编码用小写字母开头"),
        ({"decimals": "9"}, "0 至 6"),
        ({"name": "总支出"}, "换一个名称"),
    ):
        answer = client.post("/figures/definitions/new", data={**good, **wrong})
        html = answer.get_data(as_text=True)
        assert answer.status_code in {409, 422}
        assert refusal in html
        assert "净额、净支" in html
    assert client.post("/figures/definitions/new", data=good).status_code == 303
    fact = facts.get(unit.id, "net")
    assert fact.definition.formula == "total-spending - project-spending"
    assert fact.definition.aliases == ("净额", "净支")
    assert "〔总支出〕 - 〔项目支出〕" in page(client, "/figures/definitions/net")
    assert "〔总支出〕 - 〔项目支出〕" in page(client, "/figures/definitions")
    assert client.post("/figures/definitions/net/retire", data={"version": 1, "retired": "1"}).status_code == 303
    assert "已停用 1 项" in page(client, "/figures/definitions")
    assert client.post("/figures/definitions/net/retire", data={"version": 2, "retired": ""}).status_code == 303
    assert facts.get(unit.id, "net").retired_at is None


def test_another_units_facts_are_not_there(rolled_back: Flask, client: FlaskClient) -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    a_cycle(unit)
    theirs = a_cycle(other)
    value = a_value(other, theirs, CARS, "77")
    dispute = a_dispute(other, value, "78")
    sign_in(client, unit, "editor")
    for address in (
        f"/figures?cycle={theirs}",
        f"/figures/cycles/{theirs}.xlsx",
        f"/figures/cycles/{theirs}/waiting",
        f"/cycles/{theirs}/facts/{CARS}",
        f"/figures/disputes/{dispute.id}",
        f"/figures/disputes/{dispute.id}/evidence",
    ):
        assert client.get(address).status_code == 404, address
    sign_in(client, unit, "head")
    answer = client.post(f"/cycles/{theirs}/facts/{CARS}/confirm", data={"value_id": value.id})
    assert answer.status_code == 404
    assert not facts.value(other.id, value.id)[1].is_confirmed


def test_the_log_tells_of_figures_apart(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_dispute(unit, a_confirmed_value(unit, cycle_id, CARS, "20"), "21")
    html = page(sign_in(client, unit, "auditor"), "/log?kind=figures")
    for words in ("填报了“公务用车保有量”：20", "确认了“公务用车保有量”", "对“公务用车保有量”提出争议，认为应是21辆"):
        assert words in html
    assert "共 3 条" in html
    assert "公务用车保有量" not in page(client, "/log?kind=cycle")
    assert "公务用车保有量" not in page(client, "/log?kind=people")


def test_what_waits_stands_on_the_desk_in_one_line_each(client: FlaskClient, queries: Counting) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    own = [fact for fact in facts.of_unit(unit.id) if fact.office_name == "办公室" and fact.is_entered]
    a_dispute(unit, a_value(unit, cycle_id, CARS, "20"), "21")
    desk = {who: page(sign_in(client, unit, who), "/") for who in ("writer", "head", "finance", "leader")}
    assert f"{len(own) - 1} 个数据待填" in desk["writer"]
    assert f'href="/figures?cycle={cycle_id}&amp;show=to-enter"' in desk["writer"]
    assert len(names(page(sign_in(client, unit, "writer"), "/figures?show=to-enter"))) == len(own) - 1
    assert "1 个数据待确认" in desk["head"]
    assert "“公务用车保有量”有争议" in desk["writer"]
    assert "“公务用车保有量”有争议" in desk["head"]
    for who in ("finance", "leader"):
        assert "个数据待" not in desk[who]
        assert "有争议" not in desk[who]
    sign_in(client, unit, "head")
    page(client, "/")
    with queries() as few:
        page(client, "/")
    for key, typed in (("staff-quota", "45"), ("office-count", "5"), ("long-trips", "400")):
        a_dispute(unit, a_value(unit, cycle_id, key, typed), "1")
    page(client, "/")
    with queries() as many:
        assert "4 个数据待确认" in page(client, "/")
    assert len(many) == len(few), "\n".join(many)
