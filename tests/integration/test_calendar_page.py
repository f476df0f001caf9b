"""The administrator adds a year of holidays in the browser, and reckoned dates follow."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from perfapp.data import calendars, cycles, events, notices
from perfapp.data.session import transaction
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
    seen = looked_at(client, 2027, NOTICE_2027)
    assert "放假 22 天" in seen
    assert "调休上班 5 天" in seen
    assert re.search("科室审核.*2027年2月8日.*2027年2月15日.*财务核数.*2027年2月9日.*2027年2月16日", seen, re.DOTALL)
    assert cycles.get(cycle_id).due["review"] == date(2027, 2, 8)  # looking keeps nothing
    assert calendars.of_unit(unit.id).unknown([date(2027, 1, 1)]) == [2027]
    kept = save(client, 2027, NOTICE_2027, seen)
    assert "2 个截止日期已改" in client.get("/calendar").get_data(as_text=True)
    assert kept == 303
    assert cycles.get(cycle_id).due == {
        "draft": date(2027, 2, 4),
        "review": date(2027, 2, 15),
        "check": date(2027, 2, 16),
    }
    assert next(event.action for event in events.of_cycle(cycle_id)) == "redate_cycle"
    assert calendars.of_unit(unit.id).unknown([date(2027, 1, 1)]) == []
    assert calendars.of_unit(other.id).unknown([date(2027, 1, 1)]) == [2027]


def test_each_person_concerned_hears_once_and_nobody_else(client: FlaskClient) -> None:
    unit = a_unit()
    for year in (2026, 2027):
        opening = arranging.Opening(
            year, "hunan-2018", due={"draft": date(2027, 2, 4)}, after={"review": 2, "check": 1, "merge": 1}
        )
        arranging.open_cycle(unit.editor, opening)
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    save(client, 2027, NOTICE_2027, looked_at(client, 2027, NOTICE_2027))
    told = {role: _told(actor.id) for role, actor in unit.actors.items()}
    assert {role for role, bodies in told.items() if bodies} == {"head", "money_head", "finance", "editor"}
    assert {len(bodies) for bodies in told.values() if bodies} == {1}
    assert told["head"][0].count("科室审核：2027-02-08 改为 2027-02-15") == 2  # both years in one message
    assert "财务核数" not in told["head"][0]
    assert told["editor"][0].count("改为") == 6


def test_what_was_looked_at_is_what_is_kept(client: FlaskClient) -> None:
    unit = a_unit()
    opening = arranging.Opening(2026, "hunan-2018", due={"draft": date(2027, 2, 4)}, after={"review": 2})
    cycle_id = arranging.open_cycle(unit.editor, opening)
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    seen = looked_at(client, 2027, NOTICE_2027)
    with transaction():
        cycles.set_dates(cycle_id, {"draft": date(2027, 2, 3), "review": date(2027, 2, 5)}, {"review": 2})
    assert save(client, 2027, NOTICE_2027, seen) == 409
    assert cycles.get(cycle_id).due["review"] == date(2027, 2, 5)


def test_a_reckoned_day_that_would_pass_a_set_one_is_said_and_left(client: FlaskClient) -> None:
    unit = a_unit()
    due = {"draft": date(2027, 2, 4), "check": date(2027, 2, 10)}
    cycle_id = arranging.open_cycle(unit.editor, arranging.Opening(2026, "hunan-2018", due=due, after={"review": 2}))
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    seen = looked_at(client, 2027, NOTICE_2027)
    assert "推算的日期会晚于后面环节已定的日期" in seen
    assert save(client, 2027, NOTICE_2027, seen) == 303
    assert cycles.get(cycle_id).due["review"] == date(2027, 2, 8)


def looked_at(client: FlaskClient, year: int, text: str) -> str:
    answer = client.post("/calendar", data={"year": str(year), "basis": BASIS, "text": text})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def save(client: FlaskClient, year: int, text: str, seen: str) -> int:
    """Send back what was shown."""
    mark = re.search(r'name="seen" value="([0-9a-f]{16})"', seen)
    assert mark
    data = {"year": str(year), "basis": BASIS, "text": text, "seen": mark[1]}
    return client.post("/calendar", data=data).status_code


def _told(person_id: int) -> list[str]:
    return [one.body for one in notices.of_person(person_id) if one.subject == "截止日期有变动，请看新的日期"]


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
    seen = looked_at(client, 2026, changed)
    assert "没有截止日期变动" in seen
    assert save(client, 2026, changed, seen) == 303
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
