"""Live figures in the editor: put in by @, one character to the keyboard, repainted, linked, undisturbed by an IME."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import parse
from perfapp.core.live_figures import figures
from tests.browser.editor.acts import TEXT, compose, eventually, in_editor, lines, opened, paragraph, paste, state, text
from tests.browser.editor.server import Server

pytestmark = pytest.mark.needs("browser")

REFERENCE = {"fact": "spending", "form": "value", "other": None, "unit": "", "decimals": None}


def figure(shown: str = "2,560.21万元", **attrs: Any) -> dict[str, Any]:
    return {"type": "figure", "attrs": {**REFERENCE, "shown": shown, **attrs}}


def sentence(*nodes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "content": list(nodes)}]


def offer(start: int, end: int, words: str) -> dict[str, Any]:
    place = {"block": 0, "row": None, "start": start, "end": end}
    return {**place, "text": words, "name": "总支出", "reference": REFERENCE}


def choosing(page: Page, typed: str = "") -> None:
    """Type @ and what is looked for in the field that opens; exactly one fact fits."""
    page.keyboard.type("@")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.get_by_role("option")).to_have_count(1)


@pytest.fixture(autouse=True)
def spending(server: Server) -> None:
    server.section.facts = {"spending": "2,560.21万元", "income": "2,692.36万元"}


@pytest.mark.parametrize("sign", ["@", "＠"])
def test_a_sign_and_two_enters_put_a_fact_into_the_sentence(page: Page, server: Server, sign: str) -> None:
    opened(page, server)
    page.keyboard.type(f"全年支出{sign}")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("spend")
    option = page.get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_contain_text("2,560.21万元")
    expect(option).to_contain_text("财务室 · 截止2018年12月31日")
    expect(option).to_contain_text("未确认")
    expect(field).to_have_attribute("aria-activedescendant", "picker-0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_contain_text("数值")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.type("。")
    assert lines(page) == ["全年支出2,560.21万元。"]
    assert [one.fact for one in figures(parse(in_editor(page)))] == ["spending"]
    state(page, "已保存")
    assert figures(parse(server.section.document))[0].shown == "2,560.21万元"


def test_a_share_asks_for_the_whole(page: Page, server: Server) -> None:
    opened(page, server)
    choosing(page, "spend")
    page.keyboard.press("Enter")
    expect(page.locator(".picker__option").last).to_contain_text("占比")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("income")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    (one,) = figures(parse(in_editor(page)))
    assert (one.fact, one.form, one.other, one.shown) == ("spending", "ratio", "income", "50.00%")


def test_decimals_are_chosen_before_it_stands_there(page: Page, server: Server) -> None:
    opened(page, server)
    choosing(page, "spend")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="少一位小数").click()
    expect(page.locator(".picker__foot")).to_contain_text("1 位小数")
    expect(page.get_by_role("button", name="少一位小数")).to_be_focused()
    page.get_by_role("option").first.click()
    assert figures(parse(in_editor(page)))[0].decimals == 1


def test_leaving_the_choice_leaves_the_text(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("甲@")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.keyboard.type("乙@")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Backspace")
    page.keyboard.type("丙，a@qq.com")
    assert lines(page) == ["甲@乙丙，a@qq.com"]
    page.locator("[data-tool=figure]").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.locator("h1").click()
    expect(page.get_by_role("combobox")).to_have_count(0)


def test_a_figure_is_one_character(page: Page, server: Server) -> None:
    opened(page, server, sentence(text("支出"), figure(), text("。")))
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("整")
    assert lines(page) == ["支出2,560.21万元整。"]
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert lines(page) == ["支出。"]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert lines(page) == ["支出2,560.21万元。"]


def test_copied_within_the_editor_it_stays_live_and_elsewhere_it_is_words(page: Page, server: Server) -> None:
    opened(page, server, sentence(text("支出"), figure(), text("。")))
    page.keyboard.press("Control+a")
    taken = page.evaluate(
        """() => {
          const data = new DataTransfer();
          document.querySelector('#section-text')
            .dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
          return [data.getData('text/html'), data.getData('text/plain')];
        }"""
    )
    assert taken[1] == "支出2,560.21万元。"
    page.keyboard.press("Control+End")
    page.wait_for_function("window.sectionEditor.editing.editor.state.selection.empty")
    paste(page, *taken)
    assert lines(page) == ["支出2,560.21万元。", "支出2,560.21万元。"]
    assert len(figures(parse(in_editor(page)))) == 2


def test_a_fact_changed_elsewhere_is_seen_and_nothing_else_moves(page: Page, server: Server) -> None:
    opened(page, server, sentence(text("支出"), figure(), text("。")))
    page.keyboard.press("Control+End")
    page.keyboard.type("甲")
    state(page, "已保存")
    saves = len(server.section.saves)
    page.keyboard.press("ArrowLeft")
    server.section.facts["spending"] = "2,600.00万元"
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".fact")).to_have_text("2,600.00万元")
    page.keyboard.type("乙")
    assert lines(page) == ["支出2,600.00万元。乙甲"]
    eventually(lambda: len(server.section.saves) == saves + 1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert lines(page) == ["支出2,600.00万元。"], "what the fact says is not undone"


def test_a_repaint_alone_is_no_change_of_the_text(page: Page, server: Server) -> None:
    server.section.facts["spending"] = "9万元"
    opened(page, server, sentence(figure()))
    expect(page.locator(".fact")).to_have_text("9万元")
    page.wait_for_timeout(1600)
    assert server.section.saves == []


def test_an_equal_number_is_linked_in_one_step(page: Page, server: Server) -> None:
    server.section.offers = [offer(2, 12, "2,560.21万元"), offer(15, 25, "2,560.21万元"), offer(30, 33, "别的字")]
    opened(page, server, [paragraph("支出2,560.21万元，收支2,560.21万元相等，各占一半，别的事。")])
    expect(page.locator(".mark--offer")).to_have_count(2)
    page.locator(".mark--offer").first.click()
    page.get_by_role("button", name="关联到“总支出”").click()
    assert len(figures(parse(in_editor(page)))) == 1
    assert lines(page) == ["支出2,560.21万元，收支2,560.21万元相等，各占一半，别的事。"]
    page.keyboard.press("Control+z")
    assert figures(parse(in_editor(page))) == ()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_role("button", name="处可以关联").click()
    page.get_by_role("button", name="本段全部关联（2 处）").click()
    assert len(figures(parse(in_editor(page)))) == 2
    page.keyboard.press("Control+z")
    assert figures(parse(in_editor(page))) == ()


def test_a_number_without_a_source_is_underlined_unless_more_is_said_of_it(page: Page, server: Server) -> None:
    server.section.offers = [offer(7, 17, "2,560.21万元")]
    server.section.unsourced = [offer(2, 4, "3趟"), offer(7, 17, "2,560.21万元"), offer(0, 2, "出车")]
    opened(page, server, [paragraph("派车3趟，支出2,560.21万元。")])
    expect(page.locator(".mark--unsourced")).to_have_text(["3趟"])
    expect(page.locator(".mark--offer")).to_have_text(["2,560.21万元"])


def test_an_offer_for_words_that_changed_is_withdrawn(page: Page, server: Server) -> None:
    server.section.offers = [offer(2, 12, "2,560.21万元")]
    opened(page, server, [paragraph("支出2,560.21万元。")])
    expect(page.locator(".mark--offer")).to_have_count(1)
    page.keyboard.press("Home")
    page.keyboard.type("总")
    expect(page.locator(".mark--offer")).to_have_text("2,560.21万元")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("9")
    expect(page.locator(".mark--offer")).to_have_count(0)


def test_a_finding_is_marked_listed_reached_and_explained(page: Page, server: Server) -> None:
    place = {"section_id": 1, "block": 0, "row": None, "start": 3, "end": 8, "quoted": "2,160"}
    finding = {
        "fingerprint": "f1", "code": "R17", "severity": "must-explain", "severity_name": "须说明",
        "message": "216×10=2,160，与12个月不符", "suggestion": "请核对月数。", "places": [place],
    }  # fmt: skip
    opened(page, server, [paragraph("派车共2,160趟。")])
    server.section.findings = [finding]
    page.keyboard.press("Control+End")
    page.keyboard.type("完")
    state(page, "已保存")
    mark = page.locator(".mark--must-explain")
    expect(mark).to_have_text("2,160", timeout=1000)
    expect(mark).to_have_attribute("aria-describedby", "finding-f1")
    expect(page.get_by_role("tab", name="检查")).to_contain_text("1")
    page.locator("[data-finding=f1]").click()
    assert page.evaluate("window.getSelection().toString()") == "2,160"
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("dialog", name="须说明")).to_contain_text("请核对月数。")
    page.keyboard.press("Escape")
    expect(page.locator(TEXT)).to_be_focused()
    page.get_by_label("说明").fill("两个月停运")
    server.section.findings = []
    page.get_by_role("button", name="提交说明").click()
    expect(page.locator("#finding-f1")).to_have_count(0)
    assert "explanation=" in server.section.explained[0]


def test_the_card_opens_by_keyboard_and_by_pointer(page: Page, server: Server) -> None:
    opened(page, server, sentence(text("支出"), figure(), text("。")))
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("window.sectionEditor.editing.editor.state.selection.head === 4")
    page.keyboard.press("Alt+ArrowDown")
    card = page.get_by_role("dialog", name="数据来源")
    expect(card).to_be_focused()
    expect(card).to_contain_text("2,560.21万元")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator(TEXT)).to_be_focused()
    page.locator(".fact").hover()
    expect(card).to_contain_text("打开这项数据")
    page.locator("h1").hover()
    expect(card).to_have_count(0)


def test_an_input_method_is_left_alone(page: Page, server: Server) -> None:
    opened(page, server, sentence(figure()))
    page.keyboard.press("Control+End")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "zheng", "selectionStart": 5, "selectionEnd": 5})
    asked = server.section.asked_live
    server.section.facts["spending"] = "1万元"
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(300)
    assert server.section.asked_live == asked, "nothing is asked for in the middle of a word"
    expect(page.locator(".fact")).to_have_text("2,560.21万元")
    compose(session, ["zheng ge"], "整个")
    expect(page.locator(".fact")).to_have_text("1万元")
    assert lines(page) == ["1万元整个"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("Home",), "整个甲丙2,560.21万元乙"),
        (("Home", "ArrowRight", "ArrowRight"), "甲丙整个2,560.21万元乙"),
        (("End", "ArrowLeft"), "甲丙2,560.21万元整个乙"),
        (("End", "ArrowLeft", "Shift+ArrowLeft"), "甲丙整个乙"),
        (("End", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft"), "甲整个乙"),
        (("End", "Shift+ArrowLeft", "Shift+ArrowLeft"), "甲丙整个"),
    ],
)
def test_words_are_composed_beside_a_figure_and_in_its_place(
    page: Page, server: Server, keys: tuple[str, ...], expected: str
) -> None:
    opened(page, server, sentence(text("甲丙"), figure(), text("乙")))
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(80)  # the browser tells the editor of the new selection in its own time
    compose(page.context.new_cdp_session(page), ["z", "zheng", "zhengge"], "整个")
    eventually(lambda: lines(page) == [expected])


def test_a_sign_committed_as_a_composition_opens_the_choice(page: Page, server: Server) -> None:
    """QQ Pinyin and Rime hand @ over as a composition of its own."""
    opened(page, server)
    session = page.context.new_cdp_session(page)
    compose(session, ["@"], "@")
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(2)
    session.send("Input.imeSetComposition", {"text": "spend", "selectionStart": 5, "selectionEnd": 5})
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_be_visible()
    session.send("Input.insertText", {"text": "spend"})
    expect(page.get_by_role("option")).to_have_count(1)
