"""Deciding in a real browser: return and every step again, 直达, a digit that ends an approval, a delegate."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from perfapp import clock
from perfapp.core.section_flow import SectionState
from perfapp.data import approvals, sections
from perfapp.data.approvals import WAIVED
from tests.browser.conftest import Site
from tests.making import bring, section_with

pytestmark = pytest.mark.needs("browser")
TEXT = "全年派车2160趟，做到随叫随到。"
LONG = 20_000
PageOf = Callable[[str], Page]


@pytest.fixture
def page_of(browser: Browser, site: Site) -> Iterator[PageOf]:
    """A browser of one's own for each person."""
    contexts = []

    def signed_in(role: str) -> Page:
        contexts.append(browser.new_context(locale="zh-CN"))
        page: Page = contexts[-1].new_page()
        site.login(page, role)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def submitted(site: Site, state: SectionState) -> int:
    with site.app.app_context():
        return bring(site.unit, section_with(site.cycle_id, "basics").id, state, TEXT).id


def standing(site: Site, section_id: int) -> tuple[SectionState, list[str]]:
    """Where the section is, and which decisions stand."""
    with site.app.app_context():
        site.catch_up()
        section = sections.get(section_id)
        found = approvals.of_section(section_id)
        return section.state, [one.action for one in found if one.stands_for(section.content_sha256)]


def send_back(page: Page, reason: str, way: str = "") -> None:
    page.get_by_role("link", name="退回修改").first.click()
    dialog = page.locator("#act-return")
    dialog.get_by_label("理由").fill(reason)
    if way:
        dialog.get_by_text(re.compile(way)).click()
    dialog.get_by_role("button", name="退回修改").click()
    expect(page.locator(".flashes")).to_contain_text("已退回修改", timeout=LONG)


def press(page: Page, name: str, told: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.locator(".flashes")).to_contain_text(told, timeout=LONG)


def add_a_digit(page: Page) -> None:
    page.locator("#section-text").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("1")
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=LONG)


def test_return_and_every_step_again(site: Site, page_of: PageOf) -> None:
    section_id = submitted(site, SectionState.SUBMITTED)
    head, writer = page_of("head"), page_of("writer")
    head.goto(f"{site.url}/sections/{section_id}")
    send_back(head, "趟次与台账不符。")
    writer.goto(f"{site.url}/sections/{section_id}")
    expect(writer.locator("body")).to_contain_text("趟次与台账不符。")
    expect(writer.locator("body")).to_contain_text("各步重走一遍")
    add_a_digit(writer)
    press(writer, "提交", "已提交")
    assert standing(site, section_id) == (SectionState.SUBMITTED, [])
    head.goto(f"{site.url}/sections/{section_id}")
    press(head, "审核通过", "已审核通过")
    assert standing(site, section_id) == (SectionState.HEAD_APPROVED, ["endorse"])


def test_a_digit_ends_an_approval_and_the_direct_return_is_answered_for(site: Site, page_of: PageOf) -> None:
    section_id = submitted(site, SectionState.HEAD_APPROVED)
    editor, writer = page_of("editor"), page_of("writer")
    editor.goto(f"{site.url}/sections/{section_id}")
    editor.get_by_role("link", name="退回修改").first.click()
    told = f"1 项审批随之失效：{site.unit.head.name}（审核通过）"
    expect(editor.locator("#act-return")).to_contain_text(told)
    editor.reload()
    send_back(editor, "改一个数。", way="直达")
    assert standing(site, section_id) == (SectionState.DRAFTING, ["endorse"])
    writer.goto(f"{site.url}/sections/{section_id}")
    expect(writer.locator("body")).to_contain_text("改动文字会使 1 项审批失效")
    add_a_digit(writer)
    assert standing(site, section_id) == (SectionState.DRAFTING, [])
    press(writer, "提交", "已提交")
    assert standing(site, section_id) == (SectionState.HEAD_APPROVED, [WAIVED])


def test_a_delegate_signs_and_both_names_are_shown(site: Site, page_of: PageOf) -> None:
    head, deputy = page_of("head"), page_of("deputy")
    head.goto(f"{site.url}/delegations")
    head.get_by_label("委托给").select_option(label=str(site.unit.deputy.name))
    head.get_by_label("到", exact=True).fill((clock.today() + timedelta(days=5)).isoformat())
    press(head, "登记代理", "代理已登记")
    section_id = submitted(site, SectionState.SUBMITTED)
    deputy.goto(site.url)
    for_whom = f"（代{site.unit.head.name}）"
    deputy.get_by_role("link", name=re.compile(f"去审核{for_whom}")).first.click()
    press(deputy, f"审核通过{for_whom}", "已审核通过")
    expect(deputy.locator("#section-side-log, body").first).to_contain_text(f"{site.unit.deputy.name}{for_whom}")
    assert standing(site, section_id) == (SectionState.HEAD_APPROVED, ["endorse"])
