"""The charts say what the facts say."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from perfapp.data import cycles
from perfapp.services import charting
from perfapp.services import facts as fact_acts
from perfapp.services.facts import Entry
from tests.integration.figures.story import enter
from tests.making import PASSWORD, a_cycle, a_unit

pytestmark = pytest.mark.usefixtures("rolled_back")


def test_trend_composition_and_execution() -> None:
    unit = a_unit()
    last, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    enter(unit.money_writer, last, "total-spending", "2040.26")
    for key, typed in (("total-spending", "2560.21"), ("basic-spending", "2434.62"), ("project-spending", "125.59")):
        enter(unit.money_writer, cycle_id, key, typed)
    enter(unit.money_writer, cycle_id, "opening-budget", "2000")
    for month, typed in (("01", "200"), ("03", "300")):
        entry = Entry(typed, period=month)
        fact_acts.enter(unit.money_writer, cycle_id, "total-spending", entry, last_number=0)
    drawn = {chart.title: chart for chart in charting.of_cycle(cycles.get(cycle_id))}
    assert drawn["总支出构成"].labels == ("基本支出", "项目支出")
    assert drawn["总支出构成"].series[0].values == (Decimal("2434.62"), Decimal("125.59"))
    spent = drawn["支出进度与时间进度"].series[0].values
    assert spent[:4] == (Decimal("10.00"), Decimal("10.00"), Decimal("25.00"), None)
    assert drawn["各一级指标得分"].series[1].values == (Decimal(13), Decimal(61), Decimal(26))
    trend = charting.trend(unit.leader, "total-spending")
    assert trend is not None
    assert (trend.labels, trend.series[0].values) == (("2017年", "2018年"), (Decimal("2040.26"), Decimal("2560.21")))
    assert charting.trend(unit.leader, "reception") is None


def test_the_page_in_every_state(client: FlaskClient) -> None:
    unit = a_unit()
    client.post("/sign-in", data={"login": unit.logins["leader"], "password": PASSWORD})
    assert "还没有可画的数字" in client.get("/charts").get_data(as_text=True)
    cycle_id = a_cycle(unit)
    enter(unit.money_writer, cycle_id, "total-spending", "2560.21")
    page = client.get("/charts").get_data(as_text=True)
    assert "2,560.21" in page
    assert "没有这项数据" in client.get(f"/charts?cycle={cycle_id}&fact=nothing").get_data(as_text=True)
    assert "还没有任何一年的数值" in client.get("/charts?fact=reception").get_data(as_text=True)
    stranger = a_unit()
    assert client.get(f"/charts?cycle={a_cycle(stranger)}").status_code == 404
