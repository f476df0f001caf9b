"""A remark lives through the changes of its text, a proposal becomes a version, and two versions are compared."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import plain_lines
from perfapp.core.section_flow import SectionAction
from perfapp.data import history, reports, sections
from perfapp.services import sections as section_acts
from tests import services
from tests.browser.conftest import NewPage, Site
from tests.integration.remarks.making import TEXT, a_section, remark

pytestmark = pytest.mark.needs("axe", "browser")
LONG = 20_000
SELECT = """([place, words]) => {
  const line = document.querySelector(place);
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def signed_in(site: Site, new_page: NewPage, role: str, width: int = 1440) -> Page:
    page = new_page(width=width)
    page.set_default_timeout(LONG)
    site.login(page, role)
    return page


def select(page: Page, place: str, words: str) -> None:
    assert page.evaluate(SELECT, [place, words]), f"{words} does not stand in {place}"


def is_sound(page: Page) -> None:
    """No violation that axe knows, and nothing wider than the window."""
    page.evaluate(Path(services.axe() or "").read_text())
    found = page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=LONG)


def test_a_remark_stays_on_its_words_until_it_is_settled(site: Site, new_page: NewPage) -> None:
    section = a_section(site.unit, site.cycle_id, handed_in=True)
    address = f"{site.url}/sections/{section.id}"
    head = signed_in(site, new_page, "head")
    head.goto(address)
    select(head, "#block-0", "2,160趟")
    head.get_by_role("button", name="批注", exact=True).click()
    expect(head.get_by_label("针对的文字")).to_have_value("2,160趟")
    head.get_by_label("意见", exact=True).fill("与台账不符？")
    is_sound(head)
    head.get_by_role("button", name="提交批注").click()
    expect(head.locator("mark.remarked")).to_have_text("2,160趟")
    version = sections.visible(site.unit.head, section.id).version
    section_acts.act(site.unit.head, section.id, SectionAction.RETURN, version=version, reason="见批注。")

    writer = signed_in(site, new_page, "writer")
    writer.goto(address)
    expect(writer.locator("#section-text .remarked")).to_have_text("2,160趟")
    writer.locator("#section-text p").first.click()
    writer.keyboard.press("Home")
    writer.keyboard.insert_text("公车方面，")
    saved(writer)
    expect(writer.locator("#section-text .remarked")).to_have_text("2,160趟")
    writer.reload()
    expect(writer.locator("#section-text .remarked")).to_have_text("2,160趟")
    writer.get_by_role("tab", name="批注").click()
    writer.locator("[data-remark-go]").first.click()
    writer.keyboard.insert_text("2,592趟")
    saved(writer)
    writer.reload()
    thread = writer.locator(".remark").first
    writer.get_by_role("tab", name="批注").click()
    expect(thread).to_contain_text("文字已改")
    expect(thread).to_contain_text("2,592趟")
    thread.get_by_text("回复", exact=True).first.click()
    thread.get_by_role("textbox", name="回复").fill("已按台账改。")
    thread.get_by_role("button", name="回复").click()
    expect(writer.locator(".flashes")).to_contain_text("已回复")

    head.goto(address)
    thread = head.locator(".remark").first
    head.get_by_role("tab", name="批注").click()
    expect(thread).to_contain_text("已按台账改。")
    thread.get_by_role("button", name="标为已解决").click()
    expect(head.locator(".remark-settled")).to_contain_text("已处理 1 条")
    expect(head.locator("mark.remarked")).to_have_count(0)


def test_a_proposal_is_accepted_and_the_versions_compared(site: Site, new_page: NewPage) -> None:
    section = a_section(site.unit, site.cycle_id)
    address = f"{site.url}/sections/{section.id}"
    before = history.versions(section.id, with_autosaves=True)[0].number
    head = signed_in(site, new_page, "head", width=390)
    head.goto(address)
    select(head, "#block-1", "已经完成")
    head.keyboard.press("Control+Alt+m")
    expect(head.get_by_label("意见", exact=True)).to_be_focused()
    head.get_by_label("建议改为").check()
    head.get_by_label("建议的文字").fill("基本完成")
    is_sound(head)
    head.get_by_role("button", name="提交批注").click()
    expect(head.locator(".flashes")).to_contain_text("已提交批注")

    writer = signed_in(site, new_page, "writer")
    writer.goto(address)
    writer.get_by_role("tab", name="批注").click()
    is_sound(writer)
    writer.get_by_role("button", name="采纳", exact=True).click()
    expect(writer.locator(".flashes")).to_contain_text("已采纳")
    expect(writer.locator("#section-text")).to_contain_text("机关食堂改革基本完成")
    site.catch_up()
    assert plain_lines(sections.content(section.id).document) == [TEXT[0], TEXT[1].replace("已经", "基本")]
    assert history.versions(section.id)[0].author_name == site.unit.writer.name

    for page in (writer, head):
        page.goto(f"{address}/compare?from={before}")
        marked = page.locator(".redline__view--marked")
        expect(marked.locator("ins").last).to_contain_text("基本")
        is_sound(page)
        page.locator("label[for=view-clean]").click()
        expect(marked).to_be_hidden()
        expect(page.locator(".redline__view--clean")).to_contain_text("机关食堂改革基本完成")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".redline__view--side")).to_be_visible()
        is_sound(page)


def test_what_the_writer_selects_can_be_remarked_on_in_the_editor(site: Site, new_page: NewPage) -> None:
    section = a_section(site.unit, site.cycle_id)
    writer = signed_in(site, new_page, "writer")
    writer.goto(f"{site.url}/sections/{section.id}")
    writer.locator("#section-text p").nth(1).click()
    writer.keyboard.press("Home")
    for _ in range(4):
        writer.keyboard.press("Shift+ArrowRight")
    writer.keyboard.press("Control+Alt+m")
    expect(writer.get_by_label("针对的文字")).to_have_value("机关食堂")
    writer.get_by_label("意见", exact=True).fill("请财务确认名称。")
    writer.get_by_role("button", name="提交批注").click()
    expect(writer.locator("#section-text .remarked")).to_have_text("机关食堂")
    expect(writer.locator(".remark")).to_contain_text("等审核人答复")


def test_what_another_remarks_appears_without_reloading(site: Site, new_page: NewPage) -> None:
    """In the report the head reads and in the text the writer has open; an answer that is being written stays."""
    section = a_section(site.unit, site.cycle_id)
    report_id = reports.current(site.cycle_id).id
    writing, reading = signed_in(site, new_page, "writer"), signed_in(site, new_page, "editor")
    writing.goto(f"{site.url}/sections/{section.id}#section-side-remarks")
    reading.goto(f"{site.url}/reports/{report_id}")
    remark(site.unit.head, section.id, "全年派车", "请附派车单。")
    for page in (writing, reading):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(page.get_by_text("请附派车单。")).to_be_visible()
        expect(page.locator(".remarked")).to_have_text("全年派车")
    writing.locator(".remark summary", has_text="回复").click()
    answer = writing.locator(".remark textarea").first
    answer.fill("马上补")
    remark(site.unit.head, section.id, "", "还有一条。")
    with writing.expect_response("**/remarks.json"):
        writing.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(writing.locator("[data-remarks-said]")).to_contain_text("待处理 2 条")
    expect(answer).to_have_value("马上补")
    writing.get_by_role("button", name="回复").click()
    said = writing.locator("#section-side-remarks .remark__words")
    expect(said.filter(has_text="还有一条。")).to_be_visible()
    expect(said.filter(has_text="马上补")).to_be_visible()
