"""What may stand in a section, how it is spelled, and how its numbers are drawn."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.content import Content
from perfapp.core.document import EMPTY, digest, drawn, dump, heading_label, is_empty, parse, plain_lines
from perfapp.core.errors import Invalid


def text(words: str, *, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": [{"type": "bold"}] if bold else []}


def block(kind: str, *content: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "content": list(content)}


def doc(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "doc", "content": list(blocks)}


ORDINAL = {"type": "ordinal"}
AGAIN = {"type": "ordinal", "attrs": {"restart": True}}


def cell(words: str, kind: str = "tableCell", **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attrs, "content": [block("paragraph", text(words))]}


def table(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "content": [{"type": "tableRow", "content": row} for row in rows]}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (doc({"type": "heading", "content": []}), "heading"),
        (doc({"type": "iframe"}), "iframe"),
        (doc(block("paragraph", {"type": "text", "text": "x", "marks": [{"type": "link"}]})), "第 1 段"),
        (doc(block("paragraph"), block("paragraph", {"type": "image", "src": "x"})), "第 2 段"),
        (doc({**block("paragraph"), "style": "color:red"}), "style"),
        ({"type": "doc", "content": "x"}, "content"),
        ("<p>x</p>", "正文"),
        (None, "正文"),
        (doc({"type": "picture", "attrs": {"sha256": "../../etc/passwd"}}), "sha256"),
        (doc({"type": "picture", "attrs": {"sha256": "0" * 64, "width_mm": 900}}), "width_mm"),
        (doc(table([cell("a"), cell("b")], [cell("c")])), "各行的格数不一致"),
        (doc(table([cell("a", rowspan=3)], [cell("b")])), "格数不一致"),
        (doc(table([cell("x")] * 21)), "第 1 段"),
        (doc(block("paragraph", {"type": "text", "text": ""})), "第 1 段"),
    ],
)
def test_anything_else_is_refused_by_name_or_place(raw: object, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(raw)
    assert said in refusal.value.message
    assert refusal.value.message.endswith("。")


def test_numbers_are_drawn_by_place() -> None:
    document = parse(
        doc(
            block("paragraph", text("总起。")),
            block("item", text("甲。"), ORDINAL, text("一。"), ORDINAL, text("二。")),
            block("paragraph", ORDINAL, text("三。")),
            block("item", text("乙。"), ORDINAL, text("新。"), AGAIN, text("再新。")),
        )
    )
    assert plain_lines(document, 2) == ["总起。", "1.甲。一是一。二是二。", "三是三。", "2.乙。一是新。一是再新。"]
    assert plain_lines(document, 3)[1].startswith("（1）甲")
    assert plain_lines(document, 4)[3].startswith("②乙")


@pytest.mark.parametrize(
    ("level", "number", "label"),
    [
        (1, 1, "一、"),
        (1, 21, "二十一、"),
        (2, 10, "（十）"),
        (3, 4, "4."),
        (4, 12, "（12）"),
        (5, 3, "③"),
        (5, 25, "（25）"),
    ],
)
def test_labels_of_headings(level: int, number: int, label: str) -> None:
    assert heading_label(level, number) == label


def test_control_characters_and_line_breaks_do_not_survive() -> None:
    document = parse(doc(block("paragraph", text("甲\x00乙\r\n丙\t丁\x0b"))))
    assert plain_lines(document) == ["甲乙 丙 丁"]


def test_head_rows_are_the_leading_rows_of_head_cells() -> None:
    heads = [cell("a", "tableHeader"), cell("b", "tableHeader")]
    document = parse(doc(table(heads, heads, [cell("1"), cell("2")])))
    assert document.content[0].head_count == 2  # type: ignore[union-attr]


RUNS = st.lists(
    st.builds(
        text,
        st.text(st.characters(min_codepoint=32, blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8),
        bold=st.booleans(),
    )
    | st.sampled_from([ORDINAL, AGAIN]),
    max_size=6,
)
BLOCKS = st.lists(
    st.builds(lambda kind, runs: block(kind, *runs), st.sampled_from(["paragraph", "item"]), RUNS), max_size=8
)


@given(BLOCKS)
def test_a_document_survives_its_own_spelling(blocks: list[dict[str, Any]]) -> None:
    document = parse(doc(*blocks))
    again = parse(json.loads(json.dumps(dump(document))))
    assert again == document
    assert digest(again) == digest(document)


@given(BLOCKS)
def test_splitting_a_run_changes_no_digest(blocks: list[dict[str, Any]]) -> None:
    def halves(run: dict[str, Any]) -> list[dict[str, Any]]:
        if run["type"] != "text" or len(run["text"]) < 2:
            return [run]
        middle = len(run["text"]) // 2
        return [{**run, "text": run["text"][:middle]}, {**run, "text": run["text"][middle:]}]

    split = [block(b["type"], *(half for run in b["content"] for half in halves(run))) for b in blocks]
    assert digest(parse(doc(*split))) == digest(parse(doc(*blocks)))


@given(BLOCKS, st.integers(1, 4))
def test_what_is_drawn_is_what_is_listed(blocks: list[dict[str, Any]], level: int) -> None:
    document = parse(doc(*blocks))
    assert plain_lines(document, level) == ["".join(run for run, _ in runs) for _, runs in drawn(document, level)]


def test_white_space_alone_is_empty() -> None:
    assert is_empty(EMPTY)
    assert is_empty(parse(doc(block("paragraph", text("  　")))))
    assert not is_empty(parse(doc(table([cell("x")]))))


def test_the_digest_covers_title_text_and_absence() -> None:
    document = parse(doc(block("paragraph", text("甲"))))
    base = Content("k", "标题", document)
    others = (Content("k", "标题二", document), Content("k", "标题", EMPTY), Content("k", "标题", document, "无此项"))
    assert len({base.sha256, *(other.sha256 for other in others)}) == 4
    assert Content("k", "标题", EMPTY, "无此项").sha256 == others[2].sha256  # what is absent has no text
