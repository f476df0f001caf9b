"""The promises of a report are read from its part on measures, however they are numbered."""

import pytest

from perfapp.core.document import Block, Document, Item, Ordinal, Paragraph, Text
from perfapp.core.measures.opening import Carried, with_opening
from perfapp.core.measures.suggest import Part, promises, suggested

ONE, TWO = "加强预算编制，保障经费", "明确各科室报送数据的时间"


def part(*blocks: Block, title: str = "下一步改进措施") -> Part:
    return Part(title, 2, Document(content=blocks))


def said(text: str) -> Paragraph:
    return Paragraph(content=(Text(text=text),))


@pytest.mark.parametrize(
    "blocks",
    [
        (Item(content=(Text(text=f"{ONE}；"),)), Item(content=(Text(text=TWO),))),
        (said(f"1.{ONE}。"), said(f"2、{TWO}。")),
        (said("主要措施如下："), said(f"（一）{ONE}。"), said(f"（二）{TWO}。")),
        (said(f"一是{ONE}；二是{TWO}。"),),
        (
            Paragraph(
                content=(Text(text="下一步，"), Ordinal(), Text(text=f"{ONE}；"), Ordinal(), Text(text=f"{TWO}。"))
            ),
        ),
        (said(f"{ONE}。"), said(f"{TWO}。")),
    ],
)
def test_each_promise_is_one_text_without_its_number(blocks: tuple[Block, ...]) -> None:
    assert [text.rstrip("。") for text in suggested([part(*blocks)])] == [ONE, TWO]


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("下一步改进措施", True),
        ("资金管理及绩效存在的主要问题及下一步改进措施", True),
        ("下一步工作打算", True),
        ("办公用房清理整改", False),
        ("预算单位基本情况", False),
    ],
)
def test_which_headings_announce_measures(title: str, is_one: bool) -> None:
    assert promises(title) is is_one
    assert bool(suggested([part(said(ONE), title=title)])) is is_one


def carried(*states: str) -> list[Carried]:
    return [Carried(f"措施{state}", "办公室", "2019年6月30日", state, state == "已完成") for state in states]


def test_the_part_opens_with_the_list_and_a_renewed_list_takes_its_place() -> None:
    own = Document(content=(said("今年的措施。"),))
    first = with_opening(own, carried("进行中", "已完成"))
    assert first.content[-1] == own.content[0]
    assert "共2条，已完成1条，其余1条继续办理" in str(first.content[0])
    second = with_opening(first, carried("已完成", "已完成"))
    assert len(second.content) == 3
    assert "共2条，已全部完成" in str(second.content[0])
    assert second.content[-1] == own.content[0]


def test_an_empty_section_holds_the_list_alone() -> None:
    assert len(with_opening(Document(content=(Paragraph(),)), carried("逾期")).content) == 2
    assert len(with_opening(Document(), carried("逾期")).content) == 2
