"""Numbers, tables, pictures and input methods: the text is what the model and the print know."""

import re
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from perfapp.core.document import Item, Ordinal, Paragraph, Table, drawn, parse, plain_lines
from tests.browser.editor.acts import (
    TEXT,
    compose,
    eventually,
    head,
    in_editor,
    lines,
    opened,
    seen,
    state,
    text,
)
from tests.browser.editor.server import Server

pytestmark = pytest.mark.needs("browser")


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_numbers_are_drawn_as_they_will_be_printed(page: Page, server: Server, level: int) -> None:
    one, again = {"type": "ordinal"}, {"type": "ordinal", "attrs": {"restart": True}}
    cell = {"type": "tableCell", "content": [{"type": "paragraph", "content": [one, text("格内，"), one]}]}
    content = [
        {"type": "paragraph", "content": [one, text("甲，"), one, text("乙。")]},
        *[
            {"type": "item", "content": [text("事项。"), one, text("甲，"), one, text("乙，"), again]}
            for _ in range(11)
        ],
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


def test_the_editor_gives_back_what_it_was_given(page: Page, server: Server) -> None:
    content: list[dict[str, Any]] = [
        {
            "type": "item",
            "content": [text("规范。", bold=True), {"type": "ordinal", "attrs": {"restart": True}}, text("审批")],
        },
        {
            "type": "table",
            "content": [
                {"type": "tableRow", "content": [head("项目", colspan=2), head("金额", rowspan=2)]},
                {"type": "tableRow", "content": [head("甲"), head("乙")]},
                {"type": "tableRow", "content": [{"type": "tableCell", "content": []}] * 3},
            ],
        },
        {"type": "picture", "attrs": {"sha256": "a" * 64, "caption": "车辆", "width_mm": 90}},
        {"type": "paragraph", "content": [text("完。")]},
    ]
    server.section.pictures["a" * 64] = b""
    opened(page, server, content)
    assert plain_lines(parse(in_editor(page)), 3) == plain_lines(parse({"type": "doc", "content": content}), 3)
    given = parse(in_editor(page)).content
    assert [block.type for block in given] == ["item", "table", "picture", "paragraph"]
    assert cast(Any, given[1]).content[0].content[0].attrs.colspan == 2
    assert cast(Any, given[2]).attrs.width_mm == 90


def test_bold_over_an_ordinal_and_no_line_breaks(page: Page, server: Server) -> None:
    opened(page, server)
    page.keyboard.type("一是审批。")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    page.keyboard.press("End")
    page.wait_for_function("window.sectionEditor.editing.editor.state.selection.empty")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("另一段。")
    assert lines(page) == ["一是审批。", "另一段。"]


def test_table_tools(page: Page, server: Server) -> None:
    opened(page, server)

    def tool(name: str) -> None:
        page.locator(f"[data-tool={name}]").click()

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
