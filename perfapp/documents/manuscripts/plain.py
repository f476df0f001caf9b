"""Text and Markdown files. A line is a line of the file, character for character, so that places can be found again.

Only where a text was broken to fit a width, as copies out of a PDF are, its lines are joined to paragraphs first.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import LineKind
from perfapp.documents.manuscripts.parts import Paragraph, Part, joined
from perfapp.documents.manuscripts.plain_tables import is_drawn, table_at, width_of, without_marks
from perfapp.documents.word_numbers import typed_label

MAX_BYTES: Final = 8 << 20
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTENTS: Final = re.compile(r"(?:[.．·…⋯]\s*){4,}\s*\d{1,3}\s*$")
_HASHES: Final = re.compile(r"\s{0,3}(#{1,6})\s+")
_RULE: Final = re.compile(r"\s*(?:={3,}|-{3,}|\*{3,})\s*")
_LEAD: Final = re.compile(r"\s{0,3}(?:>+|[-*+])\s+")
_CLOSED: Final = re.compile(r"[。；;！？!?：:]\s*$")
_PAGE_NUMBER: Final = re.compile(r"\s*[-—－]*\s*\d{1,3}\s*[-—－]*\s*")
_WIDE_GAPS: Final = re.compile(r"\S {2,}\S.* {2,}\S")  # set in columns
_NARROWEST: Final = 30  # in half widths
_WIDEST: Final = 100
_RAGGED: Final = 14  # how much shorter a broken line may be: a long number went to the next one whole
_FULL_LINES: Final = 5  # fewer prove nothing


def read_text(data: bytes, *, is_markdown: bool = False) -> list[Part]:
    """The lines of the file; numbers are those of the file's own lines."""
    texts = _LINE_END.split(decoded(data))
    return list(_parts(texts if is_markdown else _unbroken(texts), is_markdown))


def decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16, or GB18030; Invalid for anything else."""
    if len(data) > MAX_BYTES:
        raise Invalid(f"文本文件超过 {MAX_BYTES >> 20} MB，请拆成几个文件分别体检。", field="file")
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text):
            return text
    raise Invalid("认不出文件的文字编码，它可能不是文本文件。请用记事本另存为 UTF-8 后再试。", field="file")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    zeros_at = [data[start:4096:2].count(0) for start in (0, 1)]
    if max(zeros_at) > 4:  # UTF-16 without its mark: digits and line ends have an empty half
        return ("utf-16-le" if zeros_at[1] > zeros_at[0] else "utf-16-be",)
    return ("utf-8-sig", "gb18030")


def _unbroken(texts: Sequence[str]) -> Sequence[str]:
    """The same lines; where they were broken for their width, a paragraph stands whole in its first line."""
    width = _broken_at(texts)
    if not width:
        return texts
    whole = ["" if _PAGE_NUMBER.fullmatch(text) else text for text in texts]
    head = 0
    for at in range(1, len(whole)):
        goes_on = _width(texts[at - 1]) >= width - _RAGGED or _PAGE_NUMBER.fullmatch(texts[at - 1])
        if goes_on and whole[head] and not _CLOSED.search(whole[head]) and not _begins(texts[at]):
            whole[head], whole[at] = joined((whole[head], whole[at])), ""
        elif whole[at]:
            head = at
    return whole


def _broken_at(texts: Sequence[str]) -> int:
    """The width, in half widths, at which the lines of a text were broken; 0 where they were not."""
    widths = [_width(text) for text in texts if text.strip()]
    width = max(widths, default=0)
    full = [text for text in texts if _width(text) >= width - _RAGGED]
    is_even = len(full) >= _FULL_LINES and len(full) * 2 > len(widths)
    is_open = sum(not _CLOSED.search(text) for text in full) * 2 > len(full)
    return width if is_even and is_open and _NARROWEST <= width <= _WIDEST else 0


def _width(text: str) -> int:
    """Of a line as printed: ideographs take two half widths; a table has none."""
    if "\t" in text or "|" in text or is_drawn(text) or _WIDE_GAPS.search(text.strip()):
        return 0
    return width_of(text.strip())


def _begins(text: str) -> bool:
    return not text.strip() or typed_label(text.strip()) is not None


def _parts(texts: Sequence[str], is_markdown: bool) -> Iterator[Part]:
    at = 0
    while at < len(texts):
        if found := table_at(texts, at):
            table, at = found
            yield table
            continue
        if (line := _line(texts[at], at + 1, is_markdown)) is not None:
            yield line
        at += 1


def _line(text: str, number: int, is_markdown: bool) -> Paragraph | None:
    if not text.strip() or _CONTENTS.search(text):
        return None
    if not is_markdown:
        return Paragraph(number, text)
    if _RULE.fullmatch(text):
        return None
    hashes = _HASHES.match(text)
    bare = _blanked(without_marks(text), _LEAD)
    if hashes:
        # The first # of a file is its title; what the number says goes before the count of hashes.
        bare = " " * hashes.end() + bare[hashes.end() :]
        depth = len(hashes[1])
        kind = LineKind.TITLE if depth == 1 and number <= 3 else LineKind.HEADING
        return Paragraph(number, bare, kind, 0 if kind is LineKind.TITLE else min(max(depth - 1, 1), 4))
    return Paragraph(number, bare)


def _blanked(text: str, lead: re.Pattern[str]) -> str:
    found = lead.match(text)
    return " " * found.end() + text[found.end() :] if found else text
