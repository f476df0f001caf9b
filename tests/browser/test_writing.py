"""Writing a section with two people and a reviewer, in real browsers against the real server."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from perfapp.core.document import plain_lines
from perfapp.core.section_flow import SectionState
from perfapp.data import sections
from tests.browser.conftest import NewPage, Site
from tests.making import section_with

pytestmark = pytest.mark.needs("browser")


def opened(page: Page, site: Site, role: str, section_id: int) -> None:
    site.login(page, role)
    page.goto(f"{site.url}/sections/{section_id}")


def typed(page: Page, text: str) -> None:
    page.locator("#section-text").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=6000)


def stored(site: Site, section_id: int) -> list[str]:
    site.catch_up()
    return plain_lines(sections.content(section_id).document)


def test_from_the_first_word_to_the_heads_approval(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    writer, second, head = new_page(), new_page(), new_page()

    opened(writer, site, "writer", section_id)
    opened(second, site, "writer", section_id)
    typed(writer, "本单位内设五个科室。")
    saved(writer)
    assert stored(site, section_id) == ["本单位内设五个科室。"]

    typed(second, "本单位有在职人员41人。")
    settle = second.locator("#settle")
    expect(settle).to_be_visible(timeout=6000)
    expect(settle).to_contain_text("您在另一个窗口")
    expect(settle.locator("[data-side]").first).to_contain_text("有在职人员41人")
    expect(settle.locator("[data-side]").last).to_contain_text("内设五个科室")
    settle.get_by_role("button", name="全部保留我的").click()
    saved(second)
    assert stored(site, section_id) == ["本单位有在职人员41人。"]

    typed(second, "内设五个科室。")
    second.get_by_role("button", name="提交").click()
    expect(second.locator(".flashes")).to_contain_text(f"办公室负责人 {site.unit.head.name}审核")
    assert stored(site, section_id) == ["本单位有在职人员41人。内设五个科室。"], "what was on the screen was submitted"

    opened(head, site, "head", section_id)
    expect(head.locator(".paper")).to_contain_text("内设五个科室。")
    head.get_by_role("link", name="退回修改").first.click()
    head.get_by_label("理由").fill("人数请注明截止日期。")
    head.locator("dialog[open]").get_by_role("button", name="退回修改").click()
    expect(head.locator(".flashes")).to_contain_text("已退回修改。下一步：办公室经办人")

    second.reload()
    expect(second.locator(".editor__main")).to_contain_text("人数请注明截止日期。")
    typed(second, "截止2018年12月31日。")
    second.get_by_role("button", name="提交").click()
    expect(second.locator(".flashes")).to_contain_text("已提交")

    head.reload()
    expect(head.locator(".paper[data-remarkable]")).to_contain_text("截止2018年12月31日。")
    expect(head.locator(".paper ins")).to_contain_text("截止2018年12月31日。")
    head.get_by_role("button", name="审核通过").first.click()
    expect(head.locator(".flashes")).to_contain_text(f"统稿人 {site.unit.editor.name}采纳")
    site.catch_up()
    assert sections.visible(site.unit.editor, section_id).state is SectionState.HEAD_APPROVED


def test_a_section_submitted_elsewhere_keeps_the_words_on_this_machine(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = new_page()
    opened(page, site, "writer", section_id)
    typed(page, "第一稿。")
    saved(page)
    other = page.context.new_page()
    other.goto(f"{site.url}/sections/{section_id}")
    other.get_by_role("button", name="提交").click()
    expect(other.locator(".flashes")).to_contain_text("已提交")
    typed(page, "来晚的一句。")
    expect(page.locator("#save-notice")).to_contain_text("“已提交”，不能再改", timeout=6000)
    other.get_by_role("button", name="取回").first.click()
    expect(other.locator(".flashes")).to_contain_text("已取回")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#save-notice")).to_contain_text("没有存进系统的文字", timeout=6000)
    page.locator("[data-rescue=look]").click()
    page.locator("#settle").get_by_role("button", name="全部保留我的").click()
    saved(page)
    assert stored(site, section_id) == ["第一稿。来晚的一句。"]


def test_signing_out_in_another_window_loses_nothing(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = new_page()
    opened(page, site, "writer", section_id)
    typed(page, "登录时写的。")
    saved(page)
    other = page.context.new_page()
    other.goto(f"{site.url}/sections/{section_id}")
    other.locator("[popovertarget=person]").click()
    other.get_by_role("button", name="退出登录").click()
    other.wait_for_url(re.compile("/sign-in"))
    typed(page, "过期后写的。")
    expect(page.locator("#save-state")).to_contain_text("登录已过期", timeout=6000)
    site.login(other, "writer")
    page.locator("[data-resume]").click()
    saved(page)
    assert stored(site, section_id) == ["登录时写的。过期后写的。"]


def test_evidence_and_an_older_text_from_the_side(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = new_page()
    opened(page, site, "writer", section_id)
    typed(page, "第一稿。")
    saved(page)
    page.locator("#section-side-files-tab").click()
    png = BytesIO()
    Image.new("RGB", (40, 30), "white").save(png, "PNG")
    page.locator("#evidence").set_input_files({"name": "台账.png", "mimeType": "image/png", "buffer": png.getvalue()})
    page.get_by_role("button", name="上传").click()
    expect(page.locator(".flashes")).to_contain_text("已上传 1 份")
    expect(page.get_by_role("link", name="台账.png")).to_be_visible()
    typed(page, "又加一句。")
    saved(page)
    page.goto(f"{site.url}/sections/{section_id}/history?all=1")
    page.get_by_role("link", name="与现在比较").first.click()
    expect(page.locator(".diff ins")).to_contain_text("又加一句。")
    page.get_by_role("button", name="恢复").click()
    page.locator("dialog[open]").get_by_role("button", name="恢复").click()
    expect(page.locator(".flashes")).to_contain_text("恢复之前的文字仍在历史里")
    assert stored(site, section_id) == ["第一稿。"]


def test_everything_but_the_editor_works_without_scripts(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    writer = new_page()
    opened(writer, site, "writer", section_id)
    typed(writer, "第一稿。")
    saved(writer)
    writer.get_by_role("button", name="提交").click()
    expect(writer.locator(".flashes")).to_contain_text("已提交")
    browser = writer.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    head = plain.new_page()
    opened(head, site, "head", section_id)
    head.get_by_role("link", name="退回修改").first.click()
    head.get_by_label("理由").fill("请补充人数。")
    head.get_by_role("button", name="退回修改").click()
    expect(head.locator(".flashes")).to_contain_text("已退回修改")
    plain.close()
    site.catch_up()
    assert sections.visible(site.unit.editor, section_id).state is SectionState.DRAFTING


def test_on_a_phone_nothing_runs_over_the_edge(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = new_page(width=390, height=844)
    opened(page, site, "writer", section_id)
    typed(page, "在手机上写的一句话。")
    saved(page)
    for path in ("", "/history?all=1", "/import"):
        page.goto(f"{site.url}/sections/{section_id}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
