"""The parts of a file put together: kinds, sections, captions, and what the cover says."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import Line, LineKind, Manuscript, TableText
from perfapp.documents.manuscripts import outline
from perfapp.documents.manuscripts.parts import Paragraph, Part

MAX_CHARACTERS: Final = 2_000_000
MAX_LINE: Final = 50_000  # characters of one paragraph: a whole report without a line end, no more
MAX_NUMBERS: Final = 20_000  # a report of 200 pages has half as many
_NUMBER: Final = re.compile("[0-9０-９]++|[一二三四五六七八九十百千万亿两]++")
_MAX_CAPTION: Final = 60
_FIRST_LINES: Final = 30


def assembled(parts: Sequence[Part], file_name: str, *, is_whole: bool = True) -> Manuscript:
    """The manuscript of these parts; Invalid where nothing is written, or far too much."""
    lines: list[Line] = []
    tables: list[TableText] = []
    section = ""
    for part in outline.recognised([part for part in parts if not _is_blank(part)]):
        if isinstance(part, Paragraph):
            kind = part.kind or LineKind.TEXT
            if kind is LineKind.HEADING:
                section = part.text.strip()
            lines.append(Line(part.number, part.text, kind, part.level, section))
            continue
        caption = part.caption or _caption(lines)
        lines.extend(replace(line, section=section) for line in part.lines)
        tables.append(TableText(part.cells, part.row_count, part.column_count, caption))
    _check_size(lines)
    cover = [line.text for line in lines if line.kind is LineKind.TITLE]
    first = [line.text for line in lines[:_FIRST_LINES]]
    return Manuscript(
        tuple(lines),
        tuple(tables),
        outline.fiscal_year([*cover, *first], file_name),
        outline.unit_name(cover, first),
        is_whole,
    )


def _check_size(lines: Sequence[Line]) -> None:
    """Some relations are looked for between all numbers of a sentence: what nobody can have written is not begun."""
    size = sum(len(line.text) for line in lines)
    if size > MAX_CHARACTERS:
        raise Invalid(f"文件有 {size:,} 个字，超过 {MAX_CHARACTERS:,} 个，请拆成几个文件分别体检。", field="file")
    if not size:
        raise Invalid("文件里没有文字，请核对是否选错了文件。", field="file")
    longest = max(lines, key=lambda line: len(line.text))
    if len(longest.text) > MAX_LINE:
        raise Invalid(
            f"第 {longest.number} 行有 {len(longest.text):,} 个字，超过 {MAX_LINE:,} 个，请分段后再体检。", field="file"
        )
    count = sum(1 for line in lines for _ in _NUMBER.finditer(line.text))
    if count > MAX_NUMBERS:
        raise Invalid(f"文件有 {count:,} 处数字，超过 {MAX_NUMBERS:,} 处，请拆成几个文件分别体检。", field="file")


def _is_blank(part: Part) -> bool:
    return not (part.text.strip() if isinstance(part, Paragraph) else part.cells)


def _caption(lines: Sequence[Line]) -> str:
    """The line or two right above a table, if they are short: its name and its unit note."""
    found: list[str] = []
    for line in reversed(lines[-2:]):
        text = line.text.strip()
        if line.kind is LineKind.ROW or len(text) > _MAX_CAPTION or text.endswith("。"):
            break
        found.insert(0, text)
    return " ".join(found)
