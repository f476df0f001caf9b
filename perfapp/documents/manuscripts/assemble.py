"""The parts of a file put together: kinds, sections, captions, and what the cover says."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import Line, LineKind, Manuscript, TableText
from perfapp.documents.manuscripts import outline
from perfapp.documents.manuscripts.parts import Paragraph, Part

MAX_CHARACTERS: Final = 2_000_000
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
    size = sum(len(line.text) for line in lines)
    if size > MAX_CHARACTERS:
        raise Invalid(f"文件有 {size:,} 个字，超过 {MAX_CHARACTERS:,} 个，请拆成几个文件分别体检。", field="file")
    if not size:
        raise Invalid("文件里没有文字，请核对是否选错了文件。", field="file")
    cover = [line.text for line in lines if line.kind is LineKind.TITLE]
    first = [line.text for line in lines[:_FIRST_LINES]]
    return Manuscript(
        tuple(lines),
        tuple(tables),
        outline.fiscal_year([*cover, *first], file_name),
        outline.unit_name(cover, first),
        is_whole,
    )


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
