"""Where one paragraph ends and the next begins: Enter in numbered paragraphs, and the line after a last table."""

import hashlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import parse, plain_lines
from tests.browser.editor.acts import (
    TEXT,
    compose,
    eventually,
    in_editor,
    lines,
    opened,
    paragraph,
    paste,
    state,
    text,
)
from tests.browser.editor.server import Server

pytestmark = pytest.mark.needs("browser")

ORDINAL = {"type": "ordinal", "attrs": {"restart": False}}
STEPS = [ORDINAL, text("修订办法，"), ORDINAL, text("按季监控，"), ORDINAL, text("公开。")]
ITEM = {"type": "item", "content": [text("改进。", bold=True), *STEPS]}
WHOLE = "（1）改进。一是修订办法，二是按季监控，三是公开。"
PNG = b"\x89PNG picture"
PICTURE = {"type": "picture", "attrs": {"sha256": hashlib.sha256(PNG).hexdigest(), "caption": "车", "width_mm": 90}}
TABLE = {
    "type": "table",
    "content": [{"type": "tableRow", "content": [{"type": "tableCell", "content": [paragraph("派车")]}]}],
}


def put_cursor(page: Page, offset: int) -> None:
    """The cursor this many places (a character, an ordinal or an edge is one) behind the first."""
    page.evaluate("at => window.sectionEditor.editing.editor.commands.setTextSelection(1 + at)", offset)


def types(page: Page) -> list[str]:
    return [block.type for block in parse(in_editor(page)).content]


@pytest.mark.parametrize("key", ["Enter", "Shift+Enter", "Control+Enter"])
@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (0, ["（1）", "（2）改进。一是修订办法，二是按季监控，三是公开。"]),
        (1, ["（1）改", "（2）进。一是修订办法，二是按季监控，三是公开。"]),
        (3, ["（1）改进。", "（2）一是修订办法，二是按季监控，三是公开。"]),
        (4, ["（1）改进。一是", "（2）修订办法，一是按季监控，二是公开。"]),
        (9, ["（1）改进。一是修订办法，", "（2）一是按季监控，二是公开。"]),
        (19, [WHOLE, "（2）"]),
    ],
)
def test_enter_divides_a_numbered_paragraph(
    page: Page, server: Server, key: str, offset: int, expected: list[str]
) -> None:
    opened(page, server, [ITEM, paragraph("后一段。")])
    put_cursor(page, offset)
    page.keyboard.press(key)
    assert lines(page) == [*expected, "后一段。"]
    page.keyboard.type("新")
    number, rest = expected[1][:3], expected[1][3:]
    assert lines(page) == [expected[0], f"{number}新{rest}", "后一段。"], "the cursor is at the start of the second"
    state(page, "已保存")
    page.keyboard.press("Control+z")
    eventually(lambda: lines(page) == [WHOLE, "后一段。"])


def test_enter_replaces_what_is_selected(page: Page, server: Server) -> None:
    opened(page, server, [ITEM, paragraph("后一段。")])
    page.evaluate("window.sectionEditor.editing.editor.chain().setTextSelection({ from: 4, to: 11 }).run()")
    page.keyboard.press("Enter")
    assert lines(page) == ["（1）改进。", "（2）按季监控，一是公开。", "后一段。"]
    page.keyboard.press("Control+z")
    end = "window.sectionEditor.editing.editor.state.doc.content.size - 3"
    page.evaluate(f"window.sectionEditor.editing.editor.commands.setTextSelection({{ from: 4, to: {end} }})")
    page.keyboard.press("Enter")
    assert lines(page) == ["（1）改进。", "（2）段。"]


@pytest.mark.parametrize("key", ["Enter", "Shift+Enter"])
def test_an_empty_item_ends_the_list(page: Page, server: Server, key: str) -> None:
    opened(page, server, [ITEM])
    put_cursor(page, 19)
    page.keyboard.press(key)
    page.keyboard.press(key)
    page.keyboard.type("结语。")
    assert lines(page) == [WHOLE, "结语。"]
    assert types(page) == ["item", "paragraph"]


def test_backspace_at_the_start_makes_a_paragraph(page: Page, server: Server) -> None:
    opened(page, server, [ITEM, ITEM])
    put_cursor(page, page.evaluate("window.sectionEditor.editing.editor.state.doc.firstChild.nodeSize"))
    page.keyboard.press("Backspace")
    assert lines(page)[1] == "改进。四是修订办法，五是按季监控，六是公开。", "a paragraph goes on counting"
    assert types(page) == ["item", "paragraph"]


def test_bold_goes_on_after_enter(page: Page, server: Server) -> None:
    opened(page, server, [{"type": "item", "content": [text("改进", bold=True)]}])
    put_cursor(page, 2)
    page.keyboard.press("Enter")
    page.keyboard.type("续")
    assert in_editor(page)["content"][1] == {"type": "item", "content": [text("续", bold=True)]}


def test_a_selected_ordinal_counts_anew_and_is_not_lost(page: Page, server: Server) -> None:
    opened(page, server, [ITEM])
    for key in ("Enter", "Shift+Enter"):
        page.evaluate("window.sectionEditor.editing.editor.chain().setNodeSelection(10).run()")
        page.keyboard.press(key)
    assert lines(page) == [WHOLE], "counted anew, and back"


def test_enter_in_a_table_cell(page: Page, server: Server) -> None:
    cell = {"type": "tableCell", "content": [{"type": "paragraph", "content": [ORDINAL, text("审批，", bold=True)]}]}
    opened(page, server, [{"type": "table", "content": [{"type": "tableRow", "content": [cell]}]}, paragraph("后。")])
    page.evaluate("window.sectionEditor.editing.editor.commands.setTextSelection(5)")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Enter")
    [row] = in_editor(page)["content"][0]["content"]
    blocks = row["content"][0]["content"]
    assert [[node["type"] for node in block["content"]] for block in blocks] == [["ordinal"], [], [], ["text"]]


def test_enter_after_a_paste(page: Page, server: Server) -> None:
    opened(page, server)
    paste(page, "<ol><li>严格<b>审批</b>。</li><li>定点维修。</li></ol>")
    page.keyboard.press("Enter")
    page.keyboard.type("一是公开。")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("window.sectionEditor.editing.editor.state.selection.$from.nodeAfter?.text === '。'")
    page.keyboard.press("Enter")
    assert lines(page) == ["（1）严格审批。", "（2）定点维修。", "（3）一是公开", "（4）。"]


def test_enter_around_a_composition(page: Page, server: Server) -> None:
    opened(page, server, [ITEM])
    put_cursor(page, 6)
    session = page.context.new_cdp_session(page)
    compose(session, ["x", "xian"], "先")
    page.keyboard.press("Enter")
    compose(session, ["z", "zai"], "再")
    assert lines(page) == ["（1）改进。一是修订先", "（2）再办法，一是按季监控，二是公开。"]
    session.send("Input.imeSetComposition", {"text": "hou", "selectionStart": 3, "selectionEnd": 3})
    page.keyboard.press("Enter")
    session.send("Input.insertText", {"text": "后"})
    assert "".join(lines(page)).count("按季监控") == 1


@pytest.mark.parametrize("last", [TABLE, PICTURE], ids=["table", "picture"])
def test_there_is_a_line_after_the_last_table(page: Page, server: Server, last: dict[str, Any]) -> None:
    server.section.pictures[PICTURE["attrs"]["sha256"]] = PNG  # type: ignore[index]
    opened(page, server, [paragraph("前。"), last])
    page.locator(f"{TEXT} > p").last.click()
    page.keyboard.insert_text("表后。")
    assert types(page) == ["paragraph", last["type"], "paragraph"]
    assert lines(page)[-1] == "表后。"
    state(page, "已保存")


def test_the_line_after_a_new_table_is_one_arrow_away(page: Page, server: Server) -> None:
    opened(page, server)
    page.locator("[data-tool=table]").click()
    last = page.locator(f"{TEXT} td").last
    last.click()
    page.keyboard.type("末")
    expect(last).to_have_text("末")
    page.keyboard.press("ArrowDown")
    page.keyboard.insert_text("表后。")
    assert types(page) == ["table", "paragraph"]
    assert lines(page)[-1] == "表后。"


@pytest.mark.parametrize("before", [[], [TABLE]], ids=["start", "between"])
def test_text_typed_beside_a_table_is_kept(page: Page, server: Server, before: list[dict[str, Any]]) -> None:
    opened(page, server, [*before, TABLE, paragraph("后。")])
    put_cursor(page, 13 if before else 3)
    page.keyboard.press("ArrowUp")
    eventually(lambda: page.locator(".ProseMirror-gapcursor").count() == 1)
    page.keyboard.insert_text("表前。")
    assert types(page) == [*["table" for _ in before], "paragraph", "table", "paragraph"]
    assert lines(page)[-3] == "表前。"


def test_the_empty_line_after_a_table_is_no_change(page: Page, server: Server) -> None:
    opened(page, server, [paragraph("前。"), TABLE])
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+End")
    page.keyboard.press("Backspace")
    assert page.evaluate("window.sectionEditor.saver.dirty") is False
    page.wait_for_timeout(1600)  # longer than the pause after which a save is due
    assert server.section.saves == []
    assert types(page) == ["paragraph", "table"]
    page.keyboard.press("Control+Home")
    page.keyboard.type("全")
    state(page, "已保存")
    assert plain_lines(parse(server.section.document)) == ["全前。", "派车"]
    assert [block["type"] for block in server.section.document["content"]] == ["paragraph", "table"]
