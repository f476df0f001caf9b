"""绩效监控 filled by two people of one office: it saves itself, and no word of either is lost."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.permissions import Role
from perfapp.data import people
from perfapp.data.session import transaction
from perfapp.services import accounts, checkpoints
from tests.browser.conftest import NewPage, Site
from tests.making import PASSWORD

pytestmark = pytest.mark.needs("browser")
LONG = 15_000


def a_second_writer(site: Site) -> None:
    unit = site.unit
    unit.logins["second"] = f"second.{unit.id}"
    with transaction():
        stored = accounts.hash_password(PASSWORD)
        person_id = people.add_person(unit.id, unit.logins["second"], "钱二", stored, must_change_password=False)
        office, since = unit.offices["财务室"], date(2018, 1, 1)
        people.add_post(person_id, unit.id, Role.WRITER, office_id=office, starts_on=since, granted_by=None)


def answer(site: Site, checkpoint_id: int, at: int) -> str:
    site.catch_up()
    look = checkpoints.look(site.unit.money_writer, checkpoint_id)
    return look.part(site.unit.offices["财务室"]).lines[at].answer.so_far


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=LONG)


def test_two_people_fill_one_page_and_nothing_is_lost(site: Site, new_page: NewPage) -> None:
    a_second_writer(site)
    checkpoint_id = checkpoints.open_checkpoint(site.unit.editor, site.cycle_id, "half", date(2030, 7, 15))
    address = f"{site.url}/checkpoints/{checkpoint_id}/offices/{site.unit.offices['财务室']}"
    one, two = new_page(), new_page()
    for page, who in ((one, "money_writer"), (two, "second")):
        site.login(page, who)
        page.goto(address)
    soft = [page.get_by_label("末完成情况") for page in (one, two)]

    soft[0].nth(0).fill("甲填第一项")
    saved(one)
    soft[1].nth(1).fill("乙填第二项")
    saved(two)
    assert [answer(site, checkpoint_id, at) for at in (0, 1)] == ["甲填第一项", "乙填第二项"]

    soft[1].nth(0).fill("乙也填第一项")
    expect(two.get_by_text("甲填第一项")).to_be_visible(timeout=LONG)
    expect(soft[1].nth(0)).to_have_value("乙也填第一项")
    assert answer(site, checkpoint_id, 0) == "甲填第一项"
    two.get_by_role("button", name="保留我的").click()
    saved(two)
    assert answer(site, checkpoint_id, 0) == "乙也填第一项"

    soft[0].nth(1).fill("甲也填第二项")
    one.get_by_role("button", name="采用对方").click(timeout=LONG)
    expect(soft[0].nth(1)).to_have_value("乙填第二项")
    saved(one)
    assert answer(site, checkpoint_id, 1) == "乙填第二项"


def test_what_was_typed_without_a_line_is_offered_again(site: Site, new_page: NewPage) -> None:
    checkpoint_id = checkpoints.open_checkpoint(site.unit.editor, site.cycle_id, "half", date(2030, 7, 15))
    page = new_page()
    site.login(page, "money_writer")
    page.goto(f"{site.url}/checkpoints/{checkpoint_id}/offices/{site.unit.offices['财务室']}")
    page.route("**/answers", lambda route: route.abort())
    page.get_by_label("末完成情况").nth(0).fill("断网时填的")
    expect(page.locator("#save-state")).to_contain_text("保存失败", timeout=LONG)
    page.reload()
    page.unroute("**/answers")
    page.get_by_role("button", name="填回来").click(timeout=LONG)
    expect(page.get_by_label("末完成情况").nth(0)).to_have_value("断网时填的")
    saved(page)
    assert answer(site, checkpoint_id, 0) == "断网时填的"
