"""Paste from Word, WPS and the web, and copying out: the text stays, its dress falls away."""

from typing import Any, cast

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.document import Table, parse
from tests.browser.editor.acts import in_editor, lines, opened, paste, state, text
from tests.browser.editor.server import Server

pytestmark = pytest.mark.needs("browser")


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><style>p.MsoNormal{font-family:"仿宋"}</style></head>
<body><!--StartFragment-->
<h2 style='mso-outline-level:2'><span lang=EN-US>车辆管理</span></h2>
<p class=MsoNormal style='text-indent:32pt'><span style='font-size:16pt;font-family:仿宋;color:red'>全年
派车<b><span lang=EN-US>2,160</span></b>趟。</span><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>严格审批。</p>
<p class=MsoNormal>（2）定点维修。</p>
<p class=MsoNormal><img src="file:///C:/x.png"><span class=MsoCommentReference>[王1]</span></p>
<table class=MsoTableGrid><thead><tr><td rowspan=2><p align=center style='text-align:center'><b>项目</b></p></td>
<td colspan=2><p>金额</p></td></tr>
<tr><td><p>年初</p></td><td><p>年末</p></td></tr></thead>
<tr><td style='mso-x:1'><p>派车<o:p></o:p></p></td>
<td><p align=right style='text-align:right'>12.50</p></td><td></td></tr></table>
<!--EndFragment--></body></html>"""

WORD_LIST = (
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>甲</p><h1>乙</h1>"
)


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
    paste(page, WORD_LIST)
    [table, *_] = parse(in_editor(page)).content
    assert [block.type for block in cast(Table, table).content[0].content[0].content] == ["paragraph", "paragraph"]
    assert lines(page)[0].split("\t")[0] == "1.甲\n乙", "numbers are kept as written where no item can stand"


def test_copied_text_carries_its_numbers_and_comes_back_whole(page: Page, server: Server) -> None:
    opened(page, server, [{"type": "item", "content": [text("规范。"), {"type": "ordinal"}, text("审批。")]}])
    page.keyboard.press("Control+a")
    copied = page.evaluate("""() => {
      const data = new DataTransfer();
      document.querySelector('#section-text')
        .dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return [data.getData('text/html'), data.getData('text/plain')];
    }""")
    assert copied[1] == "（1）规范。一是审批。"
    before = lines(page)
    page.keyboard.press("Control+End")
    page.wait_for_function("window.sectionEditor.editing.editor.state.selection.empty")
    page.keyboard.press("Enter")
    paste(page, *copied)
    assert lines(page) == [*before, "（2）规范。一是审批。"]
