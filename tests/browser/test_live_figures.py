"""A figure from the fact to the sentence and back: found, linked, changed elsewhere, frozen, explained by its card."""

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import plain_lines
from perfapp.core.figures.facts import Definition
from perfapp.core.live_figures import figures
from perfapp.data import sections
from perfapp.services import facts
from perfapp.services.facts import Entry
from tests.browser.conftest import NewPage, Site
from tests.browser.test_pages import WIDTHS, findings
from tests.making import section_with

pytestmark = pytest.mark.needs("browser")

SPENT = Definition(key="a-spent", name="甲类支出合计", scope="决算口径", unit="万元", is_money=True)
EARNED = Definition(key="a-earned", name="甲类收入合计", unit="万元", is_money=True)


@pytest.fixture
def section_id(site: Site) -> int:
    """A section of the 办公室 in a unit that knows two facts of the 财务室."""
    for definition, typed in ((SPENT, "2,560.21"), (EARNED, "2,692.36")):
        facts.define(site.unit.editor, definition, office_id=site.unit.offices["财务室"])
        enter(site, definition.key, typed, 0)
    return section_with(site.cycle_id, "basics").id


def enter(site: Site, key: str, typed: str, last: int) -> None:
    facts.enter(site.unit.money_writer, site.cycle_id, key, Entry(typed), last_number=last)


def opened(page: Page, site: Site, role: str, section_id: int) -> None:
    site.login(page, role)
    page.goto(f"{site.url}/sections/{section_id}")


def pick(page: Page, words: str) -> None:
    """Choose the fact with these words from the list that @ opens."""
    page.keyboard.type("@")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator(".picker__option")).to_have_count(1)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=6000)


def test_from_the_fact_to_the_frozen_sentence(site: Site, new_page: NewPage, section_id: int) -> None:
    writer, head = new_page(), new_page(width=390)
    opened(writer, site, "writer", section_id)
    writer.locator("#section-text").click()
    writer.keyboard.type("全年支出")
    pick(writer, "甲类支出")
    expect(writer.locator(".picker__option").first).to_contain_text("2,560.21万元")
    writer.keyboard.press("Enter")
    writer.keyboard.type("，占收入的")
    pick(writer, "jlzc")
    expect(writer.locator(".picker__option").nth(2)).to_contain_text("占比或执行率")
    writer.keyboard.press("ArrowDown")
    writer.keyboard.press("ArrowDown")
    writer.keyboard.press("Enter")
    writer.keyboard.type("甲类收入")
    expect(writer.locator(".picker__option")).to_contain_text("95.09%")
    writer.keyboard.press("Enter")
    writer.keyboard.type("。")
    saved(writer)
    site.catch_up()
    stored = sections.content(section_id).document
    assert plain_lines(stored) == ["全年支出2,560.21万元，占收入的95.09%。"]
    assert len(figures(stored)) == 2
    expect(writer.locator(".editor__foot")).to_contain_text("2 处数字，2 处有来源")

    enter(site, "a-spent", "2,600", 1)
    writer.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(writer.locator("#section-text")).to_have_text("全年支出2,600.00万元，占收入的96.57%。")

    writer.get_by_role("button", name="提交").click()
    expect(writer.locator(".flashes")).to_contain_text("已提交")
    enter(site, "a-spent", "2,700", 2)
    opened(head, site, "head", section_id)
    expect(head.locator(".paper")).to_contain_text("全年支出2,600.00万元数据已变")
    head.locator(".fact").first.click()
    card = head.get_by_role("dialog", name="数据来源")
    for words in (
        "甲类支出合计",
        "数据已变：现为 2,700.00万元",
        "决算口径",
        site.unit.money_writer.name,
        "还没有人确认",
    ):
        expect(card).to_contain_text(words)
    head.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_a_typed_number_is_offered_and_linked(site: Site, new_page: NewPage, section_id: int) -> None:
    page = new_page()
    opened(page, site, "writer", section_id)
    page.locator("#section-text").click()
    page.keyboard.type("概况。")
    page.keyboard.press("Enter")
    page.keyboard.type("全年甲类支出合计2,560.21万元，甲类收入合计2,692.36万元。")
    saved(page)
    expect(page.locator(".mark--offer")).to_have_count(2)
    page.get_by_role("button", name="2 处可以关联").click()
    page.get_by_role("button", name="本段全部关联（2 处）").click()
    saved(page)
    expect(page.locator(".editor__foot")).to_contain_text("2 处数字，2 处有来源")
    site.catch_up()
    assert {one.fact for one in figures(sections.content(section_id).document)} == {"a-spent", "a-earned"}
    assert plain_lines(sections.content(section_id).document)[1] == (
        "全年甲类支出合计2,560.21万元，甲类收入合计2,692.36万元。"
    )


def test_a_finding_is_reached_and_explained_without_leaving_the_text(
    site: Site, new_page: NewPage, section_id: int
) -> None:
    page = new_page()
    opened(page, site, "writer", section_id)
    page.locator("#section-text").click()
    page.keyboard.type("全年派车2,160趟，平均每月216趟。")
    saved(page)
    finding = page.locator(".check").filter(has_text="216").first
    expect(finding).to_be_visible(timeout=2000)
    finding.locator("[data-place]").first.click()
    assert "2" in page.evaluate("window.getSelection().toString()")
    finding.get_by_text("说明为什么可以这样").click()
    finding.get_by_label("用一句话说明").fill("平台一、二月停用，按十个月平均")
    finding.get_by_role("button", name="提交说明").click()
    expect(page.locator(".check__said").first).to_contain_text("平台一、二月停用")
    expect(page.locator(".check__said").first).to_contain_text("等财务认可")


@pytest.mark.needs("axe")
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_what_opens_beside_the_text_is_usable_by_everybody(
    site: Site, new_page: NewPage, section_id: int, width: int, height: int
) -> None:
    page = new_page(width=width, height=height)
    opened(page, site, "writer", section_id)
    page.locator("#section-text").click()
    page.keyboard.type("全年派车2,160趟，平均每月216趟，甲类收入合计2,692.36万元，支出")
    page.keyboard.type("@")
    expect(page.locator(".picker__option")).to_have_count(12)
    found = findings(page)
    page.get_by_role("combobox").fill("甲类支出")
    expect(page.locator(".picker__option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("单位")).to_be_visible()
    found += findings(page)
    page.locator(".picker__option").first.click()
    saved(page)
    expect(page.locator(".mark--must-explain")).not_to_have_count(0)
    page.locator(".fact").click()
    expect(page.get_by_role("dialog", name="数据来源")).to_contain_text("决算口径")
    found += findings(page)
    page.keyboard.press("Escape")
    page.locator(".mark--offer").click()
    expect(page.locator(".tip")).to_contain_text("甲类收入合计")
    page.evaluate("document.querySelectorAll('.check details').forEach((one) => (one.open = true))")
    found += findings(page)
    assert found == []


def test_the_sign_that_opens_the_choice_is_not_saved_while_it_is_open(
    site: Site, new_page: NewPage, section_id: int
) -> None:
    page = new_page()
    opened(page, site, "writer", section_id)
    page.locator("#section-text").click()
    page.keyboard.type("全年支出@")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("甲类")
    page.wait_for_timeout(2500)
    expect(page.locator("#save-state")).to_contain_text("尚未保存")
    page.keyboard.press("Escape")
    saved(page)
    page.reload()
    expect(page.locator("#section-text")).to_contain_text("全年支出@")  # left there on purpose
