"""Accounts, posts, offices, who may do what, and the log, in the browser."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core import happenings
from perfapp.core.errors import Forbidden
from perfapp.core.permissions import GRANTS, Permission, Role
from perfapp.core.report_flow import SealPolicy
from perfapp.core.section_flow import SectionState
from perfapp.core.words import POWERS
from perfapp.data import events, people
from perfapp.data.people import PersonView
from perfapp.services import staffing
from tests.conftest import Counting
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, actor_of, bring, section_with

NEW = {"login": "lin", "name": "林某", "phone": "8520", "email": ""}


@pytest.fixture
def unit(client: FlaskClient) -> AUnit:
    return a_unit(with_seal=False)


def sign_in(client: FlaskClient, unit: AUnit, who: str) -> None:
    client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD})


def reload(person_id: int) -> PersonView:
    found = people.person(person_id)
    assert found is not None
    return found


def test_a_new_account_shows_its_password_once_and_nowhere_else(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "sysadmin")
    answer = client.post("/people/new", data=NEW)
    assert answer.status_code == 200
    shown = re.search(r"<code>([a-z0-9-]{14})</code>", answer.get_data(as_text=True))
    assert shown
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown[1] not in str(answer.headers)
    person = people.person_by_login("lin")
    assert person is not None
    for path in ("/people", f"/people/{person.id}"):
        assert shown[1] not in client.get(path).get_data(as_text=True)
    assert shown[1] not in str(events.of_unit(unit.id))
    assert "待授权" in client.get("/people").get_data(as_text=True)
    again = client.post("/people/new", data=NEW | {"name": "重名"})
    assert again.status_code == 422
    assert "这个登录名已被使用" in again.get_data(as_text=True)
    client.post("/sign-out")
    assert client.post("/sign-in", data={"login": "lin", "password": shown[1]}).location == "/account"


def test_a_reset_ends_the_sessions_and_the_old_password(client: FlaskClient, unit: AUnit) -> None:
    browser = client.application.test_client()
    sign_in(browser, unit, "writer")
    sign_in(client, unit, "sysadmin")
    page = client.post(f"/people/{unit.writer.id}/password").get_data(as_text=True)
    assert "这个密码只显示这一次" in page
    assert browser.get("/session/token", headers={"Accept": "application/json"}).status_code == 401
    old = browser.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    assert old.status_code == 422


def test_contact_is_changed_and_a_bad_one_is_refused(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "sysadmin")
    address = f"/people/{unit.writer.id}/contact"
    assert client.post(address, data={"name": "改名", "phone": "123", "email": "a@example.cn"}).status_code == 303
    assert (reload(unit.writer.id).name, reload(unit.writer.id).phone) == ("改名", "123")
    refused = client.post(address, data={"name": "", "phone": "456", "email": ""})
    assert refused.status_code == 422
    assert 'value="456"' in refused.get_data(as_text=True)


def test_the_security_administrator_grants_and_revokes(client: FlaskClient, unit: AUnit) -> None:
    person_id, _ = staffing.create_person(unit.sysadmin, login="lin", name="林某")
    sign_in(client, unit, "secadmin")
    address = f"/people/{person_id}/posts"
    office = str(unit.offices["财务室"])
    missing = client.post(address, data={"role": "writer"})
    assert missing.status_code == 422
    assert "“经办人”要指明科室" in missing.get_data(as_text=True)
    ends_on = clock.today() + timedelta(days=30)
    given = {"role": "writer", "office_id": office, "ends_on": ends_on.isoformat()}
    assert client.post(address, data=given).status_code == 303
    post = reload(person_id).posts[0]
    assert (post.title, post.ends_on) == ("财务室经办人", ends_on)
    assert actor_of("lin").office_ids == {unit.offices["财务室"]}
    assert client.post(address, data=given).status_code == 409
    assert client.post(f"/people/{unit.writer.id}/posts/{post.id}/end").status_code == 404
    assert client.post(f"{address}/{post.id}/end").status_code == 303
    assert actor_of("lin").posts == frozenset()
    page = client.get(f"/people/{person_id}").get_data(as_text=True)
    assert "以前的任职（1）" in page
    assert [event.action for event in events.of_unit(unit.id, limit=2)] == ["revoke", "grant"]


@pytest.mark.parametrize(
    ("who", "role", "sentence"),
    [
        ("editor", "system_admin", "三员须分立"),
        ("auditor", "security_admin", "三员须分立"),
        ("sysadmin", "leader", "三员须分立"),
        ("leader", "seal_keeper", "印章管理员不得由经办人或主要领导兼任"),
        ("keeper", "leader", "不得兼任经办人或主要领导"),
        ("secadmin", "leader", "不能给自己授权"),
    ],
)
def test_a_post_that_must_not_be_held_beside_another_is_refused(
    client: FlaskClient, unit: AUnit, who: str, role: str, sentence: str
) -> None:
    sign_in(client, unit, "secadmin")
    answer = client.post(f"/people/{unit.actors[who].id}/posts", data={"role": role})
    assert answer.status_code in {403, 422}
    assert sentence in answer.get_data(as_text=True)
    assert len(reload(unit.actors[who].id).posts) == 1


def test_a_unit_keeps_its_last_security_and_system_administrator(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "secadmin")
    for who, name in (("secadmin", "安全管理员"), ("sysadmin", "系统管理员")):
        post = reload(unit.actors[who].id).posts[0]
        person = f"/people/{unit.actors[who].id}"
        page = client.post(
            f"{person}/posts/{post.id}/end", headers={"Referer": f"http://localhost{person}"}, follow_redirects=True
        )
        assert f"这是本单位最后一位{name}" in page.get_data(as_text=True)
        assert reload(unit.actors[who].id).posts[0].ends_on is None
    sign_in(client, unit, "sysadmin")
    assert client.post(f"/people/{unit.secadmin.id}/disable").status_code == 409
    assert reload(unit.secadmin.id).disabled_at is None
    assert client.post(f"/people/{unit.sysadmin.id}/disable").status_code == 422


def test_accounts_and_grants_are_in_different_hands(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "sysadmin")
    assert client.post(f"/people/{unit.writer.id}/posts", data={"role": "leader"}).status_code == 403
    assert client.post("/people/seal-policy", data={"policy": "keeper"}).status_code == 403
    sign_in(client, unit, "secadmin")
    assert client.post("/people/new", data=NEW).status_code == 403
    assert client.post(f"/people/{unit.writer.id}/password").status_code == 403
    with pytest.raises(Forbidden):
        staffing.grant(unit.sysadmin, unit.writer.id, staffing.Grant(Role.LEADER))


def test_another_units_people_and_offices_are_not_there(client: FlaskClient, unit: AUnit) -> None:
    other = a_unit(with_seal=False)
    sign_in(client, unit, "sysadmin")
    person, office = f"/people/{other.writer.id}", f"/people/offices/{other.offices['办公室']}"
    assert client.get(person).status_code == 404
    assert client.get(office).status_code == 404
    for path in (f"{person}/password", f"{person}/disable", f"{office}/close"):
        assert client.post(path).status_code == 404
    assert client.post(f"{person}/contact", data=NEW).status_code == 404
    sign_in(client, unit, "secadmin")
    foreign = {"role": "writer", "office_id": str(other.offices["办公室"])}
    assert client.post(f"/people/{unit.editor.id}/posts", data=foreign).status_code == 422


def test_offices_are_added_renamed_closed_and_opened_again(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "sysadmin")
    assert client.post("/people/offices", data={"name": " 公车科 "}).status_code == 303
    assert client.post("/people/offices", data={"name": "公车科"}).status_code == 422
    office_id = next(office.id for office in people.offices(unit.id) if office.name == "公车科")
    address = f"/people/offices/{office_id}"
    assert client.post(address, data={"name": "办公室"}).status_code == 422
    assert client.post(address, data={"name": "公务用车科"}).status_code == 303
    client.post(f"{address}/close")
    assert "公务用车科" not in {office.name for office in people.offices(unit.id)}
    assert "已撤销" in client.get("/people/offices").get_data(as_text=True)
    client.post(address, data={"name": "车管科"})
    assert people.office(unit.id, office_id).closed_on, "a new name does not open it again"
    client.post(f"{address}/reopen")
    assert "车管科" in {office.name for office in people.offices(unit.id)}
    seen = [event.action for event in events.of_unit(unit.id, limit=6)]
    assert seen[:5] == ["reopen_office", "rename_office", "close_office", "rename_office", "add_office"]


def test_who_may_do_what_is_printed_from_the_table(client: FlaskClient, unit: AUnit) -> None:
    named = [permission for acts in POWERS.values() for permission in acts]
    assert sorted(named) == sorted(Permission)
    sign_in(client, unit, "auditor")
    page = client.get("/people/roles").get_data(as_text=True)
    assert page.count('aria-label="可以"') == sum(len(grants) for grants in GRANTS.values())
    assert f"{unit.writer.name}（办公室）" in page
    assert "主要领导签发后自己盖章" in page
    assert "保存盖章方式" not in page


def test_the_seal_policy_needs_somebody_to_press(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit, "secadmin")
    assert client.post("/people/seal-policy", data={"policy": "keeper"}).status_code == 303
    assert people.unit(unit.id).seal_policy is SealPolicy.KEEPER
    staffing.disable(unit.sysadmin, unit.leader.id)
    refused = client.post("/people/seal-policy", data={"policy": "leader"})
    assert refused.status_code == 422
    assert "还没有主要领导" in refused.get_data(as_text=True)


def test_the_auditor_reads_what_happened_but_no_text(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED, "只有科室看得到的一句话。")
    other = a_unit(with_seal=False)
    sign_in(client, unit, "auditor")
    page = client.get("/log").get_data(as_text=True)
    assert "提交了“预算单位基本情况”" in page
    assert "开始了年度任务" in page
    assert "只有科室看得到" not in page
    assert other.name not in page
    mine = client.get(f"/log?person={unit.editor.id}").get_data(as_text=True)
    assert "开始了年度任务" in mine
    assert "提交了" not in mine
    assert "提交了" in client.get("/log?kind=section").get_data(as_text=True)
    assert "提交了" not in client.get("/log?kind=sign-in").get_data(as_text=True)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert "没有符合条件的记录" in client.get(f"/log?since={tomorrow}").get_data(as_text=True)
    assert "没有符合条件的记录" in client.get(f"/log?until={date(2000, 1, 1)}").get_data(as_text=True)
    for odd in ("person=x&since=y&page=-3&kind=z", f"until={date.max}", "page=999"):
        assert client.get(f"/log?{odd}").status_code == 200


def test_the_log_is_paged_and_each_page_costs_the_same(client: FlaskClient, unit: AUnit, queries: Counting) -> None:
    sign_in(client, unit, "sysadmin")
    with queries() as few:
        client.get("/people")
    for number in range(60):
        client.post("/people/offices", data={"name": f"第{number}科"})
    sign_in(client, unit, "auditor")
    with queries() as first:
        page = client.get("/log?kind=people").get_data(as_text=True)
    assert "共 61 条" in page
    assert "第59科" in page
    assert "第9科" not in page
    with queries() as second:
        assert "第9科" in client.get("/log?kind=people&page=2").get_data(as_text=True)
    assert len(first) == len(second)
    for number in range(5):
        staffing.create_person(unit.sysadmin, login=f"p{number}", name=f"新{number}")
    sign_in(client, unit, "sysadmin")
    with queries() as many:
        client.get("/people")
    assert len(many) == len(few)


def test_every_act_of_administration_has_its_sentence() -> None:
    acts = (
        "create_person change_person reset_password disable_person enable_person grant revoke add_office rename_office"
    )
    more = "close_office reopen_office set_seal_policy end_sessions install_unit register_seal change_password"
    for action in f"{acts} {more}".split():
        assert action in happenings.UNIT
    for action in ("assign", "rename", "change_section", "add_item", "move", "remove_item"):
        assert action in happenings.SECTION
