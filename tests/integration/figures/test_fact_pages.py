"""The pages of the figures: what they say, whom they offer what, and what becomes of a form."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from perfapp.core.figures.facts import Definition
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import facts
from perfapp.data.fact_views import NewValue
from perfapp.data.session import transaction
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.integration.figures.browsing import entry, names, page, sign_in
from tests.integration.figures.story import figure, save, sentence
from tests.making import (
    a_confirmed_value,
    a_cycle,
    a_dispute,
    a_unit,
    a_value,
    bring,
    section_with,
)
from tests.unit.documents.samples import drawing

CARS, SPENDING = "vehicle-count", "total-spending"
BUSINESS = ("writer", "head", "finance", "editor", "deputy", "leader")


def test_without_a_year_the_list_says_what_comes_first(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    assert "开一个年度任务" in page(sign_in(client, unit, "editor"), "/figures")
    assert "开一个年度任务" not in page(sign_in(client, unit, "writer"), "/figures")


def test_the_list_says_of_each_fact_where_it_stands(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    before, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    a_confirmed_value(unit, before, SPENDING, "2040.26")
    a_confirmed_value(unit, cycle_id, SPENDING, "2560.21", as_of=date(2018, 12, 31))
    a_dispute(unit, a_value(unit, cycle_id, CARS, "21"), "22")
    html = page(sign_in(client, unit, "deputy"), "/figures")
    rows = {key: row for row in html.split("<tr")[1:] for key in names(row)[:1]}
    for words in ("2,560.21万元", "2,040.26万元", "增加25.48%", "财务室", "已确认", "2018-12-31"):
        assert words in rows[SPENDING]
    assert "待确认" in rows[CARS]
    assert "有争议" in rows[CARS]
    assert "未填" in rows["staff-quota"]
    assert "公式" in rows["staff-total"]
    assert len(rows) == len(facts.of_unit(unit.id))
    other_year = page(client, f"/figures?cycle={before}")
    assert "2017年度数据" in other_year
    assert "2,560.21" not in other_year


def test_filters_and_search_find_what_they_say(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "21")
    a_dispute(unit, a_value(unit, cycle_id, "staff-quota", "45"), "46")
    section_id = section_with(cycle_id, "basics").id
    saved = save(unit, section_id, sentence("有车", figure(CARS), "，编制", figure("staff-quota"), "。"))
    section_acts.act(unit.writer, section_id, SectionAction.SUBMIT, version=saved)
    a_value(unit, cycle_id, CARS, "22")
    sign_in(client, unit, "writer")
    known = facts.of_unit(unit.id)
    own = [fact.key for fact in known if fact.office_name == "办公室"]
    found = {show: names(page(client, f"/figures?show={show}")) for show in ("mine", "empty", "to-enter")}
    assert found["mine"] == own
    assert CARS not in found["empty"]
    assert SPENDING in found["empty"]
    assert set(found["to-enter"]) == set(found["empty"]) & set(own)
    assert names(page(client, "/figures?show=waiting")) == ["staff-quota", CARS]
    assert names(page(client, "/figures?show=disputed")) == ["staff-quota"]
    assert names(page(client, "/figures?show=changed")) == [CARS]
    assert names(page(client, "/figures?q=公车 保有")) == []
    assert names(page(client, "/figures?q=公务用车 保有")) == [CARS]
    assert names(page(client, "/figures?q=核定编制")) == ["staff-quota"]  # an alias
    assert "total-spending" in names(page(client, "/figures?q=zzc"))  # the first letters of the pinyin
    assert "没有符合条件的数据" in page(client, "/figures?q=没有这样的数据")


def test_a_thousand_facts_come_in_pages_at_the_same_cost(client: FlaskClient, queries: Counting) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "20")
    bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    sign_in(client, unit, "head")
    page(client, "/figures")
    with queries() as few:
        page(client, "/figures")
    known = len(facts.of_unit(unit.id))
    more = [Definition(key=f"more-{n}", name=f"数据{n}", unit="个", decimals=0) for n in range(1000 - known)]
    with transaction():
        facts.add_all(unit.id, [(one, unit.offices["办公室"]) for one in more], after=known)
    for n in range(12):
        a_value(unit, cycle_id, f"more-{n}", str(n))
    with queries() as many:
        html = page(client, "/figures?page=2")
    assert len(many) == len(few) <= 15, "\n".join(many)
    assert len(names(html)) == 200
    assert "共 1000 项" in html


def test_one_fact_costs_the_same_however_long_its_history(client: FlaskClient, queries: Counting) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    value = a_value(unit, cycle_id, CARS, "1")
    a_dispute(unit, value, "2")
    save(unit, section_with(cycle_id, "basics").id, sentence("有车", figure(CARS), "。"))
    sign_in(client, unit, "writer")
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    page(client, address)
    with queries() as few:
        page(client, address)
    for number in range(2, 12):
        value = a_value(unit, cycle_id, CARS, str(number))
        a_value(unit, cycle_id, CARS, str(number), period=f"{number:02}")
    a_dispute(unit, value, "99", by=unit.deputy)
    save(unit, section_with(cycle_id, "results").id, sentence("有车", figure(CARS), "。"))
    with queries() as many:
        page(client, address)
    assert len(many) == len(few) <= 21, (len(few), len(many))


def test_entering_asks_for_a_word_and_shows_it(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    sign_in(client, unit, "writer")
    evidence = (io.BytesIO(drawing()[1]), "车辆台账.png")
    answer = client.post(address, data=entry(evidence=evidence, evidence_page="第3页", note="含应急车"))
    assert answer.status_code == 303
    html = page(client, address)
    assert "现在由办公室负责人确认" in html
    for words in ("21辆", "车辆台账.png", "第3页", "含应急车", "自己填的数须由他人确认"):
        assert words in html
    assert "确认这个数" in page(sign_in(client, unit, "head"), address)
    value = facts.present_value(facts.get(unit.id, CARS).id, cycle_id)
    assert value
    assert client.post(f"{address}/confirm", data={"value_id": value.id}).status_code == 303
    assert f"{unit.head.name}确认" in page(client, address)


def test_finance_types_no_trips_and_hears_whose_they_are(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    address = f"/cycles/{cycle_id}/facts/vehicle-trips"
    sign_in(client, unit, "finance")
    assert "由办公室的经办人填报" in page(client, address)
    assert "<h2>填报" not in page(client, address)
    answer = client.post(address, data=entry(unit="趟", amount="2160"))
    assert answer.status_code == 403
    assert "由办公室的经办人填报" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "status", "refusal"),
    [
        ({"amount": "二十一"}, 422, "不是数字"),
        ({"amount": ""}, 422, "请填写"),
        ({"unit": "人"}, 422, "不是有效的选择"),
        ({"as_of": "去年"}, 422, "不是有效的日期"),
        ({"note": "长" * 201}, 422, "最多 200 字"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_stays(
    client: FlaskClient, wrong: dict[str, str], status: int, refusal: str
) -> None:
    unit = a_unit(with_seal=False)
    address = f"/cycles/{a_cycle(unit)}/facts/{CARS}"
    answer = sign_in(client, unit, "writer").post(address, data=entry(evidence_page="第8页", **wrong))
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert refusal in html
    assert "第8页" in html


def test_whoever_comes_second_keeps_what_he_typed_and_may_send_it_again(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "20")
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    sign_in(client, unit, "writer")
    answer = client.post(address, data=entry(note="我的说明"))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "已有新的数值" in html
    assert 'value="21"' in html
    assert "我的说明" in html
    number = re.search(r'name="last_number"[^>]*value="(\d+)"', html)
    assert number
    assert client.post(address, data=entry(last_number=number[1])).status_code == 303
    assert "21辆" in page(client, address)


def test_a_month_is_entered_on_its_own_form(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    html = page(sign_in(client, unit, "writer"), f"{address}?period=02")
    assert "填报2月数值" in html
    assert 'value="2018-02-28"' in html
    assert client.post(address, data=entry(period="02")).status_code == 303
    assert facts.present_value(facts.get(unit.id, CARS).id, cycle_id) is None
    assert "2018年2月" in page(client, f"{address}?period=02")
    assert "2018年2月" not in page(client, address)  # the months have a history of their own


def test_a_long_history_comes_in_pages(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    for number in range(1, 53):
        a_value(unit, cycle_id, CARS, str(number))
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    first = page(sign_in(client, unit, "leader"), address).split('id="history"')[1]
    second = page(client, f"{address}?page=2").split('id="history"')[1]
    assert (first.count("<s>"), second.count("<s>")) == (49, 2)
    assert "第 1 页，共 2 页" in first
    assert "<s>2辆</s>" in second


def test_last_years_number_of_the_first_year_is_said_to_be_last_years(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "19", period="last")
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    assert "填报上年数值" in page(sign_in(client, unit, "writer"), f"{address}?period=last")
    assert "2017年" in page(client, address).split('id="history"')[1]
    assert "公务用车保有量（上年）" in page(sign_in(client, unit, "head"), f"/figures/cycles/{cycle_id}/waiting")


def test_a_formula_shows_its_inputs_in_words(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    for key, typed in (("staff-in-service", "41"), ("staff-retired", "12"), ("staff-veteran", "1")):
        a_value(unit, cycle_id, key, typed)
    html = page(sign_in(client, unit, "writer"), f"/cycles/{cycle_id}/facts/staff-total")
    for words in ("54人", "〔在职人员〕 + 〔退休人员〕 + 〔离休人员〕", "41人", "由公式算出"):
        assert words in html
    assert "<h2>填报" not in html


def test_where_a_fact_is_used_one_may_go_only_where_one_may_read(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    a_value(unit, cycle_id, CARS, "20")
    saved = save(unit, section.id, sentence("有车", figure(CARS), "。"))
    section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=saved)
    a_value(unit, cycle_id, CARS, "21")
    address = f"/cycles/{cycle_id}/facts/{CARS}"
    html = page(sign_in(client, unit, "writer"), address)
    assert f'href="/sections/{section.id}"' in html
    assert "数据已变" in html.split("用在哪里", 1)[1]
    html = page(sign_in(client, unit, "money_writer"), address)
    assert f'href="/sections/{section.id}"' not in html
    assert section.heading in html
    assert section_with(cycle_id, "basics").state is SectionState.SUBMITTED


def test_an_odd_number_is_asked_about_once_and_kept(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    sign_in(client, unit, "money_writer")
    address = f"/cycles/{cycle_id}/facts/{SPENDING}"
    typed = {"amount": "-2560.21", "unit": "万元", "period": "year", "last_number": "0", "note": "照抄"}
    asked = client.post(address, data=typed)
    html = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "填的是负数" in html
    assert "-2560.21" in html
    assert 'name="is_sure"' in html
    assert facts.present_value(facts.get(unit.id, SPENDING).id, cycle_id) is None
    assert client.post(address, data=typed | {"is_sure": "y"}).status_code == 303
    present = facts.present_value(facts.get(unit.id, SPENDING).id, cycle_id)
    assert present is not None
    assert present.amount == -25602100
    assert 'name="is_sure"' not in client.get(address).get_data(as_text=True)
    against = {"contest-amount": "-1.001", "contest-unit": "万元", "contest-reason": "与决算不符"}
    against["contest-value_id"] = str(present.id)
    sign_in(client, unit, "writer")
    asked = client.post(f"{address}/disputes", data=against)
    assert asked.status_code == 422
    assert "填的是负数" in asked.get_data(as_text=True)
    assert client.post(f"{address}/disputes", data=against | {"contest-is_sure": "y"}).status_code == 303


def test_a_number_many_times_last_years_is_asked_about_once(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    before, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    a_confirmed_value(unit, before, SPENDING, "2040.26")
    sign_in(client, unit, "money_writer")
    address, sent = f"/cycles/{cycle_id}/facts/{SPENDING}", entry(amount="25602.1", unit="万元")
    refused = client.post(address, data=sent)
    assert refused.status_code == 422
    assert "相差约 13 倍" in refused.get_data(as_text=True)
    assert client.post(address, data={**sent, "is_sure": "y"}).status_code == 303


def test_a_day_of_another_year_is_asked_about(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    address = f"/cycles/{a_cycle(unit)}/facts/{CARS}"
    sign_in(client, unit, "writer")
    refused = client.post(address, data=entry(as_of="1999-01-01"))
    assert refused.status_code == 422
    assert "不在 2018 年" in refused.get_data(as_text=True)


def test_an_amount_finer_than_shown_is_kept_and_said(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    address = f"/cycles/{a_cycle(unit)}/facts/{SPENDING}"
    sign_in(client, unit, "money_writer")
    assert client.post(address, data=entry(amount="823.325", unit="万元")).status_code == 303
    html = page(client, address)
    assert "存的是完整的 823.325万元，正文和表里显示为 823.33万元" in html


def test_a_number_too_large_to_mean_is_called_so(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    address = f"/cycles/{a_cycle(unit)}/facts/{SPENDING}"
    sign_in(client, unit, "money_writer")
    for amount in ("9" * 40, "9" * 20 + ".5", "９" * 30):
        refused = client.post(address, data=entry(amount=amount, unit="万元"))
        assert refused.status_code == 422
        assert "太大" in refused.get_data(as_text=True)


def test_what_a_ledger_adds_up_to_is_not_offered_to_be_replaced(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    about = facts.get(unit.id, "vehicle-trips")
    with transaction():
        new = NewValue(Decimal(2160), date(2018, 12, 31), "2160", "ledger", {"ledger": "派车", "rows": 2160})
        facts.add_value(about.id, cycle_id, "year", new, person_id=unit.writer.id)
    value = facts.present_value(about.id, cycle_id)
    assert value is not None
    dispute = a_dispute(unit, value, "2592")
    html = page(sign_in(client, unit, "head"), f"/cycles/{cycle_id}/facts/vehicle-trips")
    assert "先更正台账" in html
    assert f"dispute-{dispute.id}-replace" not in html
    assert f"dispute-{dispute.id}-uphold" in html
