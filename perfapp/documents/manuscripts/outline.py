"""What a line is by its look and place: the cover's lines, headings; and what the cover says of year and unit."""

import re
from collections.abc import Sequence
from typing import Final

from perfapp.core.manuscript import LineKind
from perfapp.documents.manuscripts.parts import Paragraph, Part
from perfapp.documents.word_numbers import typed_label

_CHAPTER: Final = re.compile(r"第[一二三四五六七八九十]{1,3}(?:部分|章|节)[\s:：]*")
_ANNEX: Final = re.compile(r"附[件表录]\s*[一二三四五六七八九十\d]{0,2}\s*[:：]?")
_SENTENCE: Final = re.compile(r"[。；;！？]")
_FIGURE: Final = re.compile(r"\d\s*(?:[万亿千百]?元|[%％]|人|个|次|项|批)")
_REPORT: Final = re.compile(r"报告|自评|评价|总结|说明|自查|评估")
_NO_HEADING: Final = re.compile(r"单位名称|填报|盖章|负责人|[年月日:：()（）〔〕\[\]]|\d|目\s*录")
_MAX_HEADING: Final = 40
_MAX_COVER_LINE: Final = 60
_MAX_COVER_LINES: Final = 30
_LONG: Final = 45
_MAX_STYLED: Final = 80

_YEAR: Final = re.compile(r"(20\d{2})\s*年")
_CHINESE_YEAR: Final = re.compile(r"([二][〇○零Oo0][〇○零一二三四五六七八九]{2})\s*年")
_CHINESE_DIGITS: Final = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_NAMED: Final = re.compile(
    r"(?:单位|部门)\s*(?:[（(]单位[）)])?\s*(?:名称|全称)?\s*(?:[（(](?:盖章|公章|签章)[）)])?\s*[:：]\s*(?P<name>[^\s:：，。；（(]{3,40})"
)
_TITLED: Final = re.compile(
    r"^\s*(?:关于)?(?P<name>[^\s\d，。]{4,40}?)(?:关于)?\s*(?:20\d{2}|[二][〇○零Oo0]\S{2})\s*年"
)
_BODY_NAME: Final = re.compile(
    r"^[^\s\d，。：:（）()]{3,38}(?:局|委员会|办公室|中心|院|校|学院|馆|站|所|队|厅|部|处|会|社|署|政府|街道|办事处|机关|园|场|台|室)$"
)


def recognised(parts: Sequence[Part]) -> list[Part]:
    """The parts with every paragraph's kind told: cover, heading or text."""
    cover = _cover_end(parts)
    return [
        _as(part, LineKind.TITLE) if at < cover and isinstance(part, Paragraph) else _told(part)
        for at, part in enumerate(_with_first_heading(parts, cover))
    ]


def heading_level(text: str) -> int:
    """1 to 4 where the line is nothing but a heading by its number (一、 （一） 1. （1）), else 0."""
    text = text.strip()
    if chapter := _CHAPTER.match(text):
        level, rest = 1, text[chapter.end() :]
    elif annex := _ANNEX.match(text):
        level, rest = 1, text[annex.end() :] or "附件"
    elif label := typed_label(text):
        level, rest = label[0], text[label[2] :]
    else:
        return 0
    rest = rest.strip()
    if not rest or level > 4 or len(rest) > _MAX_HEADING or _SENTENCE.search(rest.removesuffix("。")):
        return 0
    is_sentence = rest.endswith("。") and (level > 2 or "，" in rest)
    return 0 if is_sentence or _FIGURE.search(rest) or (level > 2 and "，" in rest) else level


def fiscal_year(lines: Sequence[str], file_name: str) -> int | None:
    """The year the cover names, or the file's name, or the first line that names one."""
    titles = [line for line in lines if _REPORT.search(line)]
    for line in (*titles, *lines, file_name):
        if found := _YEAR.search(line):
            return int(found[1])
        if found := _CHINESE_YEAR.search(line):
            return int(found[1].replace("二", "2").translate(_CHINESE_DIGITS))
    return None


def unit_name(cover: Sequence[str], first: Sequence[str]) -> str:
    """The unit by 单位名称： on the cover or in the first lines, by the title it stands in, or by a line of its own."""
    for pattern, lines in ((_NAMED, [*cover, *first]), (_TITLED, cover)):
        for line in lines:
            if found := pattern.search(line):
                return found["name"].strip("“”《》")
    return next((line.strip() for line in cover if _BODY_NAME.match(line.strip()) and not _REPORT.search(line)), "")


def _cover_end(parts: Sequence[Part]) -> int:
    """How many parts, from the start, are the cover: short lines without a sentence, the report's title among them."""
    end = 0
    for part in parts[:_MAX_COVER_LINES]:
        if not isinstance(part, Paragraph) or not _may_stand_on_a_cover(part):
            break
        end += 1
    if not any(isinstance(part, Paragraph) and _REPORT.search(part.text) for part in parts[:end]):
        return 0
    return end


def _may_stand_on_a_cover(part: Paragraph) -> bool:
    if part.kind not in (None, LineKind.TITLE):
        return False
    text = part.text.strip()
    if _ANNEX.match(text):
        return len(text) <= _MAX_COVER_LINE
    return (
        len(text) <= _MAX_COVER_LINE
        and not _SENTENCE.search(text)
        and not _FIGURE.search(text)
        and not heading_level(text)
    )


def _with_first_heading(parts: Sequence[Part], cover: int) -> Sequence[Part]:
    """The last of the cover's short lines is the first heading where prose follows and it names nothing but a topic."""
    if not 1 < cover < len(parts):
        return parts
    last, following = parts[cover - 1], parts[cover]
    if not isinstance(last, Paragraph) or not isinstance(following, Paragraph) or last.kind is not None:
        return parts
    is_topic = not _NO_HEADING.search(last.text) and not _REPORT.search(last.text) and not _BODY_NAME.match(last.text)
    if len(following.text) <= _LONG or not is_topic or len(last.text.strip()) > _MAX_HEADING:
        return parts
    return [*parts[: cover - 1], _as(last, LineKind.HEADING, 1), *parts[cover:]]


def _told(part: Part) -> Part:
    if not isinstance(part, Paragraph):
        return part
    if part.kind is LineKind.HEADING and len(part.text) > _MAX_STYLED:
        return _as(part, LineKind.TEXT)
    if part.kind is not None:
        return part
    level = heading_level(part.text)
    return _as(part, LineKind.HEADING, level) if level else _as(part, LineKind.TEXT)


def _as(part: Paragraph, kind: LineKind, level: int = 0) -> Paragraph:
    if part.kind is LineKind.HEADING and kind is LineKind.TITLE:
        return part
    return Paragraph(part.number, part.text, kind, level)
