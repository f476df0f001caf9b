"""Saving, conflicts, expired sign-in and drafts: nothing a person wrote is lost."""

import time

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import parse, plain_lines
from tests.browser.editor.acts import eventually, lines, opened, paragraph, state
from tests.browser.editor.server import Server

pytestmark = pytest.mark.needs("browser")


def test_typing_is_saved_within_two_seconds_of_a_pause(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("2018年，派车2,160趟。")
    began = time.monotonic()
    eventually(lambda: bool(server.section.saves), 3)
    assert time.monotonic() - began < 2
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["2018年，派车2,160趟。"]


def test_one_save_in_flight_and_each_on_the_version_before(page: Page, server: Server) -> None:
    opened(page, server)
    for sentence in ("一月派车。", "二月派车。", "三月派车。"):
        page.keyboard.type(sentence)
        before = server.section.version
        eventually(lambda before=before: server.section.version > before)  # type: ignore[misc]
    assert [save["version"] for save in server.section.saves] == list(range(1, len(server.section.saves) + 1))
    assert server.section.most_in_flight == 1
    assert plain_lines(parse(server.section.document)) == ["一月派车。二月派车。三月派车。"]


def test_a_failing_server_is_tried_again_and_told_in_words(page: Page, server: Server) -> None:
    opened(page, server)
    server.section.failing = True
    page.keyboard.type("派车。")
    state(page, "保存失败，稍后再试")
    server.section.failing = False
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["派车。"]


def test_submitting_saves_first_and_carries_the_new_version(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("最后一句。")
    page.get_by_role("button", name="提交").click()
    expect(page).to_have_title("已提交")
    assert plain_lines(parse(server.section.document)) == ["最后一句。"]
    assert server.section.submitted == [f"version={server.section.version}"]


def test_a_conflict_is_shown_and_settled_without_losing_a_word(page: Page, server: Server) -> None:
    opened(page, server, [paragraph("派车2,160趟。"), paragraph("共同的一段。"), paragraph("维修12次。")])
    server.section.write_as(
        "李某",
        {
            "type": "doc",
            "content": [
                paragraph("派车2,592趟。"),
                paragraph("共同的一段。"),
                paragraph("维修12次。"),
                paragraph("李某加的。"),
            ],
        },
    )
    page.keyboard.press("Control+Home")
    page.keyboard.type("全年")
    dialog = page.locator("#settle")
    expect(dialog).to_be_visible(timeout=4000)
    expect(dialog).to_contain_text("李某")
    expect(dialog.locator(".diff__row--changed ins").first).to_contain_text("全年")
    assert lines(page)[0] == "全年派车2,160趟。", "the person's own text stays until he decides"
    dialog.get_by_role("button", name="先不决定").click()
    assert server.section.saved_by == "李某"
    page.locator("[data-settle]").click()
    dialog.get_by_label("两段都留").check()
    dialog.locator(".diff__row--theirs").get_by_label("采用对方（留下这一段）").check()
    dialog.get_by_role("button", name="按我的选择保存").click()
    state(page, "已保存")
    expected = ["全年派车2,160趟。", "派车2,592趟。", "共同的一段。", "维修12次。", "李某加的。"]
    assert plain_lines(parse(server.section.document)) == expected == lines(page)


def test_two_windows_of_one_person(page: Page, server: Server) -> None:
    opened(page, server, [paragraph("原文。")])
    other = page.context.new_page()
    opened(other, server)
    other.keyboard.type("另一窗口。")
    state(other, "已保存")
    page.keyboard.press("Control+End")
    page.keyboard.type("这一窗口。")
    dialog = page.locator("#settle")
    expect(dialog).to_contain_text("您在另一个窗口", timeout=4000)
    dialog.get_by_role("button", name="全部保留我的").click()
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["原文。这一窗口。"]


def test_an_expired_sign_in_keeps_the_text_and_goes_on(page: Page, server: Server) -> None:
    opened(page, server)
    server.section.signed_in = None
    page.keyboard.type("登录过期时写的。")
    state(page, "登录已过期")
    page.keyboard.type("还在写。")
    page.locator("[data-resume]").click()
    expect(page.locator("#save-notice")).to_contain_text("还没有登录")
    server.section.signed_in = "李某"
    page.locator("[data-resume]").click()
    expect(page.locator("#save-notice")).to_contain_text("另一个人")
    assert server.section.saves == []
    server.section.signed_in = "王某"
    page.locator("[data-resume]").click()
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["登录过期时写的。还在写。"]


def test_a_draft_is_offered_after_the_page_was_lost(page: Page, server: Server) -> None:
    opened(page, server, [paragraph("存进系统的。")])
    server.section.signed_in = None
    page.keyboard.press("Control+End")
    page.keyboard.type("没存进去的。")
    state(page, "登录已过期")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    server.section.signed_in = "王某"
    opened(page, server)
    assert lines(page) == ["存进系统的。"], "never taken silently"
    page.locator("[data-rescue=look]").click()
    page.locator("#settle").get_by_role("button", name="全部保留我的").click()
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["存进系统的。没存进去的。"]
    opened(page, server)
    expect(page.locator("#save-notice")).to_be_hidden()
