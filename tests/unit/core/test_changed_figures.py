"""Which numbers differ between two texts, and what they are numbers of."""

from perfapp.core.changed_figures import FigureChange, changed_figures
from perfapp.core.compare import compare
from perfapp.core.document import Document, Paragraph, Text


def changes(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    def document(text: str) -> Document:
        return Document(content=(Paragraph(content=(Text(text=text),)),))

    found: tuple[FigureChange, ...] = changed_figures(compare(document(old), document(new)))
    return [(change.label, change.old, change.new) for change in found]


def test_a_number_is_told_with_its_words_and_its_unit() -> None:
    assert changes("全年派车2,160趟，支出2,560.21万元。", "全年派车2,592趟，支出2,560.21万元。") == [
        ("全年派车", "2,160趟", "2,592趟")
    ]


def test_the_words_before_a_number_do_not_begin_with_the_unit_of_another() -> None:
    assert changes("截止12月31日部门共有41人。", "截止12月31日部门共有44人。") == [("部门共有", "41人", "44人")]


def test_a_separator_of_thousands_is_no_change() -> None:
    assert changes("支出2,560.21万元，已核。", "支出2560.21万元，已核对。") == []


def test_a_number_that_came_or_went_has_one_side() -> None:
    assert changes("在职23人，退休18人。", "在职26人，退休18人，新退休2人。") == [
        ("在职", "23人", "26人"),
        ("新退休", None, "2人"),
    ]
    assert changes("在职23人，其中借调3人。", "在职23人，其中无借调。") == [("其中借调", "3人", None)]


def test_other_words_alone_change_no_figure() -> None:
    assert changes("在职23人，工作扎实。", "在职23人，工作认真扎实。") == []


def paragraphs(*texts: str) -> Document:
    return Document(content=tuple(Paragraph(content=(Text(text=text),)) for text in texts))


def test_figures_come_and_go_with_whole_paragraphs() -> None:
    before = paragraphs("全年工作扎实。", "食堂支出12.5万元。")
    after = paragraphs("全年工作扎实。", "新增绿化面积300平方米。")
    assert [(c.label, c.old, c.new) for c in changed_figures(compare(before, after))] == [
        ("食堂支出", "12.5万元", None),
        ("新增绿化面积", None, "300平方米"),
    ]


def test_a_paragraph_that_stands_elsewhere_changes_no_figure() -> None:
    first, second = "食堂支出12.5万元。", "全年派车2,160趟次，安全行驶无事故。"
    assert not changed_figures(compare(paragraphs(first, second), paragraphs(second, first)))
