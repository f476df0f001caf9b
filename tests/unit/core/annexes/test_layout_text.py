"""A layout as people write it: what is written reads back as it was, and a wrong row is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.annexes import layout_text
from perfapp.core.annexes.base_table import LayoutCell
from perfapp.core.errors import Invalid
from perfapp.data import catalog

FACTS = {"编制数": "staff-quota", "三公经费": "three-public", "上年结转": "carry-over"}
NAMES = {key: name for name, key in FACTS.items()}


def read(text: str, words: dict[str, str] | None = None) -> tuple[layout_text.Rows, dict[str, str]]:
    return layout_text.read(text, FACTS, words or {})


def test_every_kind_of_cell() -> None:
    ((head, fact, last, own, words),), named = read(
        "#项目↵（万元）[2列3行] | 〔编制数〕 | 〔上年三公经费〕[2行] | 〔上年结转〕 | 【保障措施】[4列]"
    )
    assert head == LayoutCell(text="项目\n（万元）", columns=2, rows=3, head=True)
    assert fact == LayoutCell(fact="staff-quota")
    assert last == LayoutCell(fact="three-public", last_year=True, rows=2)
    assert own == LayoutCell(fact="carry-over"), (
        "a name that begins with 上年 is itself before it is another's last year"
    )
    assert words == LayoutCell(words="words-1", columns=4)
    assert named == {"words-1": "保障措施"}


def test_words_keep_their_key_and_lose_it_with_their_cell() -> None:
    known = {"保障措施": "saving-measures", "其他": "others"}
    assert read("措施 | 【保障措施】", known)[1] == {"saving-measures": "保障措施"}


def test_the_shipped_layouts_come_back_as_they_are() -> None:
    definitions = {fact.key: fact for part in catalog.fact_lists() for fact in part.content.facts}
    names = {key: one.name for key, one in definitions.items()}
    for part in catalog.base_tables():
        layout = part.content
        text = layout_text.written(layout.rows, names, layout.words)
        keys = {one.name: key for key, one in definitions.items()}
        rows, words = layout_text.read(text, keys, {name: key for key, name in layout.words.items()})
        assert (rows, words) == (layout.rows, dict(layout.words))
        assert layout_text.width(rows) == layout.columns


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("甲 | 〔没有的数〕", "没有名为“没有的数”的数据"),
        ("甲 | 〔编制数〕人", "一格里只能有一项数据"),
        ("甲 | 乙[两列]", "看不懂"),
        ("甲 | 乙[0列]", "占的列数或行数不对"),
        ("甲 | 乙[999行]", "占的列数或行数不对"),
        (f"甲 | {'长' * 501}", "超过 500 字"),
    ],
)
def test_a_cell_that_is_none_is_named_with_its_row(line: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refusal:
        read(f"甲 | 乙\n{line}")
    assert refusal.value.message.startswith("第 2 行：")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲 | 乙\n丙", "第 2 行占 1 列，应占 2 列。"),
        ("甲[2行] | 乙\n丙 | 丁", "第 2 行占 2 列，应占 1 列（另有 1 列被上面的格占着）。"),
        ("甲 | 乙[2行]", "最后一行的格伸到了表格外面"),
        ("甲 | 乙[2行] | 丙\n丁[2列2行]\n戊", "中间隔着上面的格"),
        ("甲", "第 1 行占 1 列"),
    ],
)
def test_rows_that_do_not_fit_together_are_named(text: str, said: str) -> None:
    rows, _ = read(text)
    with pytest.raises(Invalid) as refusal:
        layout_text.width(rows)
    assert said in refusal.value.message


@given(st.text(alphabet="甲乙#|[]列行1299〔〕【】↵ \n编制数上年", max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        rows, words = read(text)
        layout_text.width(rows)
    except Invalid as refusal:
        assert refusal.message  # noqa: PT017 -- a refusal is one of the two answers that are right
        return
    again = layout_text.written(rows, NAMES, words)
    assert read(again, {name: key for key, name in words.items()})[0] == rows
