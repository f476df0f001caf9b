"""Words are covered however they are spaced."""

import pytest

from perfapp.core.disclosing.masking import Mask, Masker


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("联系人张三，电话", "联系人■■，电话"),
        ("联系人张　三，电话", "联系人■■■，电话"),
        ("联系人张 三、张\u200b三", "联系人■■■、■■■"),
        ("张开三次", "张开三次"),
    ],
)
@pytest.mark.parametrize("words", ["张三", "张　三"])
def test_a_name_set_wide_is_the_same_name(text: str, covered: str, words: str) -> None:
    masker = Masker([Mask(words=words, reason="个人信息", basis="个人信息保护法")])
    assert masker.text(text, "正文") == covered
    assert len(masker.covered) == covered.count("■■")
