"""The administrator adds a year of holidays in the browser, and reckoned dates follow."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from perfapp.data import calendars, cycles, events
from perfapp.services import cycles as arranging
from tests.making import PASSWORD, a_cycle, a_unit
from tests.unit.core.test_working_days import NOTICE_2026

BASIS = "国办发明电〔2026〕9号"
NOTICE_2027 = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
四、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


def test_a_pasted_year_is_kept_for_this_unit_and_moves_reckoned_dates(client: FlaskClient) -> None:
    unit, other = a_unit(), a_unit()
    opening = arranging.Opening(2026, "hunan-2018", due={"draft": date(2027, 2, 4)}, after={"review": 2, "check": 1})
    cycle_id = arranging.open_cycle(unit.editor, opening)
    assert cycles.get(cycle_id).due["review"] == date(2027, 2, 8)  # weekends are all that is known of 2027
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    assert "2027" in client.get("/calendar").get_data(as_text=True)
    sent = client.post("/calendar", data={"year": "2027", "basis": BASIS, "text": NOTICE_2027}, follow_redirects=True)
    page = sent.get_data(as_text=True)
    assert "放假 22 天，调休上班 5 天" in page
    assert "2026" in page
    assert cycles.get(cycle_id).due == {
        "draft": date(2027, 2, 4),
        "review": date(2027, 2, 15),
        "check": date(2027, 2, 16),
    }
    assert next(event.action for event in events.of_cycle(cycle_id)) == "redate_cycle"
    assert calendars.of_unit(unit.id).unknown([date(2027, 1, 1)]) == []
    assert calendars.of_unit(other.id).unknown([date(2027, 1, 1)]) == [2027]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "2027", "basis": BASIS, "text": NOTICE_2026}, "是星期"),
        ({"year": "2027", "basis": BASIS, "text": "照常。"}, "没有读到放假安排"),
        ({"year": "2027", "basis": "", "text": NOTICE_2027}, "请填写依据文号"),
        ({"year": "99", "basis": BASIS, "text": NOTICE_2027}, "2000 至 2100"),
    ],
)
def test_a_year_that_does_not_add_up_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    unit = a_unit()
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    answer = client.post("/calendar", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert typed["text"].splitlines()[0] in page


def test_an_old_year_may_be_put_right(client: FlaskClient) -> None:
    unit = a_unit()
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    changed = NOTICE_2026.replace("至7日（周三）放假调休，共7天", "至8日（周四）放假调休，共8天")
    assert client.post("/calendar", data={"year": "2026", "basis": BASIS, "text": changed}).status_code == 303
    assert not calendars.of_unit(unit.id).is_working(date(2026, 10, 8))
    assert calendars.of_unit(a_unit().id).is_working(date(2026, 10, 8))


def test_stages_in_working_days_in_the_browser(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    client.post("/sign-in", data={"login": unit.logins["editor"], "password": PASSWORD})
    typed = {
        "version": str(cycles.get(cycle_id).version),
        "title": "标题",
        "draft": "2019-04-26",
        "review_after": "2",
        "remind_before": "5",
        "escalate_after": "",
    }
    assert client.post(f"/cycles/{cycle_id}/edit", data=typed).status_code == 303
    found = cycles.get(cycle_id)
    assert found.due == {"draft": date(2019, 4, 26), "review": date(2019, 4, 29)}
    assert (found.reminding.before, found.reminding.escalate_after) == (5, None)
    page = client.get(f"/cycles/{cycle_id}/edit").get_data(as_text=True)
    assert re.search(r'name="review_after"[^>]*value="2"|value="2"[^>]*name="review_after"', page)
    refused = client.post(f"/cycles/{cycle_id}/edit", data=typed | {"version": "99", "review": "2019-04-28"})
    assert refused.status_code == 422
    assert "只填一个" in refused.get_data(as_text=True)
