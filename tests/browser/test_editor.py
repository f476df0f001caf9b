"""The section editor in a real browser: what a person types, pastes and composes arrives, and nothing is lost."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from perfapp.core.document import Item, Ordinal, Paragraph, Table, drawn, parse, plain_lines
from tests import services
from tests.browser.editor_harness.server import Server

pytestmark = pytest.mark.needs("browser")

TEXT = "#section-text"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.browser())
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that fails the test on a script error or on anything the content security policy refused."""
    context = browser.new_context()
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda entry: troubles.append(entry.text) if "Content Security" in entry.text else None)
    yield page
    context.close()
    assert troubles == []


def opened(page: Page, server: Server, document: list[dict[str, Any]] | None = None, level: int = 3) -> None:
    if document is not None:
        server.section.document = {"type": "doc", "content": document}
    server.section.level = level
    page.goto(f"{server.url}/section")
    page.locator(TEXT).click()


def text(value: str, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": value, **({"marks": [{"type": "bold"}]} if bold else {})}


def paragraph(*values: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [text(value) for value in values]}


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen"
        threading.Event().wait(0.02)


def in_editor(page: Page) -> dict[str, Any]:
    return cast(dict[str, Any], page.evaluate("window.sectionEditor.editing.read()"))


def lines(page: Page, level: int = 3) -> list[str]:
    """What the editor holds, as the server will print it; refused documents fail here."""
    return plain_lines(parse(in_editor(page)), level)


def seen(page: Page) -> list[str]:
    """Labels as drawn in the browser, in order."""
    script = f"[...document.querySelectorAll('{TEXT} [data-label]')].map(e => getComputedStyle(e, '::before').content)"
    return [value.strip('"') for value in page.evaluate(script)]


def paste(page: Page, html: str, plain: str = "") -> None:
    script = """([html, plain]) => {
      const data = new DataTransfer();
      data.setData('text/html', html);
      data.setData('text/plain', plain);
      document.querySelector('#section-text')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(script, [html, plain])


def state(page: Page, words: str) -> None:
    expect(page.locator("#save-state")).to_contain_text(words, timeout=6000)


# --- saving ----------------------------------------------------------------------------------------------------


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


# --- conflicts, sign-in, drafts ---------------------------------------------------------------------------------


def test_a_conflict_is_shown_and_settled_without_losing_a_word(page: Page, server: Server) -> None:
    opened(page, server, [paragraph("派车2,160趟。"), paragraph("共同的一段。"), paragraph("维修12次。")])
    server.section.write_as(
        "李某",
        {"type": "doc", "content": [paragraph("派车2,592趟。"), paragraph("共同的一段。"), paragraph("维修12次。"), paragraph("李某加的。")]},
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


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_numbers_are_drawn_as_they_will_be_printed(page: Page, server: Server, level: int) -> None:
    one, again = {"type": "ordinal"}, {"type": "ordinal", "attrs": {"restart": True}}
    cell = {"type": "tableCell", "content": [{"type": "paragraph", "content": [one, text("格内，"), one]}]}
    content = [
        {"type": "paragraph", "content": [one, text("甲，"), one, text("乙。")]},
        *[{"type": "item", "content": [text("事项。"), one, text("甲，"), one, text("乙，"), again]} for _ in range(11)],
        {"type": "table", "content": [{"type": "tableRow", "content": [cell]}]},
        {"type": "paragraph", "content": [one]},
    ]
    opened(page, server, content, level)
    document = parse({"type": "doc", "content": content})
    printed: list[str] = []
    for block, runs in drawn(document, level):
        if isinstance(block, Table):
            printed += ["一是", "二是"]
        labels = [value for value, _ in runs if not re.search("[甲乙事]", value)]
        printed += labels
    assert seen(page) == printed


def test_typed_numbers_become_items_and_ordinals(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("1.规范管理。一是审批，二是")
    page.keyboard.type("维修。二是定点。")
    page.keyboard.press("Enter")
    page.keyboard.type("第二项。")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("1.5万元是普通的数。")
    document = parse(in_editor(page))
    assert [type(block) for block in document.content] == [Item, Item, Paragraph]
    assert lines(page) == ["（1）规范管理。一是审批，二是维修。二是定点。", "（2）第二项。", "1.5万元是普通的数。"]
    ordinals = [node for node in cast(Item, document.content[0]).content if isinstance(node, Ordinal)]
    assert len(ordinals) == 2, "after a comma it is left as typed"


def test_a_turned_number_can_be_taken_back(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("一是")
    assert seen(page) == ["一是"]
    page.keyboard.press("Control+z")
    assert parse(in_editor(page)).model_dump()["content"][0]["content"][0]["text"] == "一是"


def test_a_count_starts_again_by_double_click(page: Page, server: Server) -> None:
    one = {"type": "ordinal"}
    opened(page, server, [{"type": "paragraph", "content": [one, text("甲，"), one, text("乙。")]}])
    page.locator(".ordinal").nth(1).dblclick()
    assert seen(page) == ["一是", "一是"]
    assert lines(page) == ["一是甲，一是乙。"]


# --- the shape of the text ------------------------------------------------------------------------------------------


def test_the_editor_gives_back_what_it_was_given(page: Page, server: Server) -> None:
    content = [
        {"type": "item", "content": [text("规范。", bold=True), {"type": "ordinal", "attrs": {"restart": True}}, text("审批")]},
        {
            "type": "table",
            "content": [
                {"type": "tableRow", "content": [head("项目", colspan=2), head("金额", rowspan=2)]},
                {"type": "tableRow", "content": [head("甲"), head("乙")]},
                {"type": "tableRow", "content": [{"type": "tableCell", "content": []}] * 3},
            ],
        },
        {"type": "picture", "attrs": {"sha256": "a" * 64, "caption": "车辆", "width_mm": 90}},
        {"type": "paragraph", "content": []},
    ]
    server.section.pictures["a" * 64] = b""
    opened(page, server, content)
    assert plain_lines(parse(in_editor(page)), 3) == plain_lines(parse({"type": "doc", "content": content}), 3)
    given = parse(in_editor(page)).content
    assert [block.type for block in given] == ["item", "table", "picture", "paragraph"]
    assert cast(Any, given[1]).content[0].content[0].attrs.colspan == 2
    assert cast(Any, given[2]).attrs.width_mm == 90


def head(value: str, colspan: int = 1, rowspan: int = 1) -> dict[str, Any]:
    return {"type": "tableHeader", "attrs": {"colspan": colspan, "rowspan": rowspan}, "content": [paragraph(value)]}


def test_bold_over_an_ordinal_and_no_line_breaks(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("一是审批。")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("另一段。")
    assert lines(page) == ["一是审批。", "另一段。"]


def test_table_tools(page: Page, server: Server) -> None:
    opened(page, server)
    tool = lambda name: page.locator(f"[data-tool={name}]").click()  # noqa: E731
    tool("table")
    page.keyboard.type("项目")
    page.keyboard.press("Tab")
    page.keyboard.type("金额")
    tool("rowBelow")
    tool("columnAfter")
    tool("right")
    table = cast(Table, parse(in_editor(page)).content[0])
    assert (len(table.content), len(table.content[0].content), table.head_count) == (4, 4, 1)
    assert table.content[0].content[1].attrs.align == "right"
    tool("head")
    assert cast(Table, parse(in_editor(page)).content[0]).head_count == 0
    cells = page.locator(f"{TEXT} td")
    cells.nth(0).click()
    page.keyboard.down("Shift")
    cells.nth(5).click()
    page.keyboard.up("Shift")
    tool("merge")
    merged = cast(Table, parse(in_editor(page)).content[0]).content[0].content[0]
    assert (merged.attrs.colspan, merged.attrs.rowspan) == (2, 2)
    tool("split")
    parse(in_editor(page))
    tool("columnRemove")
    tool("rowRemove")
    parse(in_editor(page))
    tool("removeTable")
    assert not any(isinstance(block, Table) for block in parse(in_editor(page)).content)


def test_a_picture_is_uploaded_and_captioned(page: Page, server: Server) -> None:
    opened(page, server)
    with page.expect_file_chooser() as chooser:
        page.locator("[data-tool=picture]").click()
    chooser.value.set_files({"name": "车.png", "mimeType": "image/png", "buffer": b"\x89PNG picture"})
    page.get_by_label("图片说明").fill("新购车辆")
    [picture] = [block for block in parse(in_editor(page)).content if block.type == "picture"]
    assert server.section.pictures[picture.attrs.sha256] == b"\x89PNG picture"
    assert (picture.attrs.caption, picture.attrs.width_mm) == ("新购车辆", 100)


# --- paste ---------------------------------------------------------------------------------------------------------

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{font-family:"仿宋"}</style></head>
<body><!--StartFragment-->
<h2 style='mso-outline-level:2'><span lang=EN-US>车辆管理</span></h2>
<p class=MsoNormal style='text-indent:32pt'><span style='font-size:16pt;font-family:仿宋;color:red'>全年
派车<b><span lang=EN-US>2,160</span></b>趟。</span><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>严格审批。</p>
<p class=MsoNormal>（2）定点维修。</p>
<p class=MsoNormal><img src="file:///C:/x.png"><span class=MsoCommentReference>[王1]</span></p>
<table class=MsoTableGrid><thead><tr><td rowspan=2><p align=center style='text-align:center'><b>项目</b></p></td><td colspan=2><p>金额</p></td></tr>
<tr><td><p>年初</p></td><td><p>年末</p></td></tr></thead>
<tr><td style='mso-x:1'><p>派车<o:p></o:p></p></td><td><p align=right style='text-align:right'>12.50</p></td><td></td></tr></table>
<!--EndFragment--></body></html>"""


def test_paste_from_word(page: Page, server: Server) -> None:
    opened(page, server)
    paste(page, WORD)
    document = parse(in_editor(page))
    assert [block.type for block in document.content][:5] == ["paragraph", "paragraph", "item", "item", "table"]
    assert lines(page)[:4] == ["车辆管理", "全年派车2,160趟。", "（1）严格审批。", "（2）定点维修。"]
    assert cast(Any, document.content[0]).content[0].marks, "a pasted heading is a bold paragraph"
    table = next(block for block in document.content if isinstance(block, Table))
    assert [[(cell.type, cell.attrs.colspan, cell.attrs.rowspan) for cell in row.content] for row in table.content] == [
        [("tableHeader", 1, 2), ("tableHeader", 2, 1)],
        [("tableHeader", 1, 1), ("tableHeader", 1, 1)],
        [("tableCell", 1, 1)] * 3,
    ]
    assert [cell.attrs.align for cell in table.content[2].content] == [None, "right", None]
    expect(page.locator("#save-notice")).to_contain_text("1 张图片没有带过来")


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td rowspan=9>甲</td><td>乙</td></tr><tr><td>丙</td><td>多出来</td></tr></table>",
        "<table>" + "<tr>" + "<td>格</td>" * 30 + "</tr></table>",
        "<table><tr><td>外<table><tr><td>内一</td><td>内二</td></tr></table></td><td>旁</td></tr></table>",
        "<ul><li>一<ol><li>二</li></ol></li></ul><script>alert(1)</script><a href='javascript:alert(1)'>链</a>",
        "<p>换<br>行</p><p style='display:none'>藏</p>\x07<pre>第一行\n第二行</pre>",
    ],
)
def test_whatever_is_pasted_the_model_takes(page: Page, server: Server, html: str) -> None:
    opened(page, server)
    paste(page, html)
    assert "".join(lines(page))
    assert "藏" not in "".join(lines(page))
    state(page, "已保存")


def test_paste_into_a_cell_stays_in_the_cell(page: Page, server: Server) -> None:
    opened(page, server)
    page.locator("[data-tool=table]").click()
    paste(page, "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p><h1>乙</h1>")
    [table, *_] = parse(in_editor(page)).content
    assert [block.type for block in cast(Table, table).content[0].content[0].content] == ["paragraph", "paragraph"]
    assert lines(page)[0].split("\t")[0] == "1.甲\n乙", "numbers are kept as written where no item can stand"


def test_copied_text_carries_its_numbers_and_comes_back_whole(page: Page, server: Server) -> None:
    opened(page, server, [{"type": "item", "content": [text("规范。"), {"type": "ordinal"}, text("审批。")]}])
    page.keyboard.press("Control+a")
    copied = page.evaluate("""() => {
      const data = new DataTransfer();
      document.querySelector('#section-text').dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return [data.getData('text/html'), data.getData('text/plain')];
    }""")
    assert copied[1] == "（1）规范。一是审批。"
    before = lines(page)
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    paste(page, *copied)
    assert lines(page) == [*before, "（2）规范。一是审批。"]


# --- input methods ---------------------------------------------------------------------------------------------------


def compose(session: CDPSession, steps: list[str], commit: str) -> None:
    for step in steps:
        session.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    session.send("Input.insertText", {"text": commit})


@pytest.mark.parametrize("place", ["paragraph", "item", "cell"])
def test_composing_with_an_input_method(page: Page, server: Server, place: str) -> None:
    opened(page, server)
    if place == "item":
        page.locator("[data-tool=item]").click()
    if place == "cell":
        page.locator("[data-tool=table]").click()
    session = page.context.new_cdp_session(page)
    compose(session, ["p", "pa", "pai", "pai'c", "pai'che"], "派车")
    compose(session, ["x", "xu", "xuyao"], "需要")
    compose(session, ["2", "2018"], "2018")
    page.keyboard.type("年")
    label = "（1）" if place == "item" else ""
    assert lines(page)[0].split("\t")[0] == f"{label}派车需要2018年"
    state(page, "已保存")


def test_nothing_is_saved_while_composing(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("已定。")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "pin", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(2500)  # longer than the pause after which a save is due
    assert server.section.saves == []
    session.send("Input.imeSetComposition", {"text": "pin'yin", "selectionStart": 7, "selectionEnd": 7})
    session.send("Input.insertText", {"text": "拼音"})
    eventually(lambda: bool(server.section.saves), 3)
    assert plain_lines(parse(server.section.document)) == ["已定。拼音"]


def test_a_composed_number_becomes_an_ordinal_and_the_next_word_follows(page: Page, server: Server) -> None:
    opened(page, server)
    session = page.context.new_cdp_session(page)
    compose(session, ["y", "yi", "yishi"], "一是")
    eventually(lambda: seen(page) == ["一是"])
    compose(session, ["s", "shen", "shenpi"], "审批")
    assert lines(page) == ["一是审批"]
