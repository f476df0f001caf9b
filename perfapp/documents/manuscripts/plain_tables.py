"""Tables in text files: parted by bars (with or without the rule of Markdown), by tabs, or set in columns by spaces.

Every character of a row stays in its place; what parts the fields becomes a tab.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from perfapp.core.manuscript import CellText, Line, LineKind, Place
from perfapp.documents.manuscripts.parts import Table

_BARS: Final = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_DRAWN: Final = re.compile(r"[│┃├┼┤┌┬┐└┴┘]|^\s*\+(?:[-=]+\+)+\s*$")
_FRAME: Final = re.compile(r"[\s─━┄│┃├┼┤┌┬┐└┴┘┏┳┓┗┻┛┣╋┫+=|-]+")
_STROKES: Final = str.maketrans("│┃", "||")
_NOTE: Final = re.compile(r"\s*(?:备?注|说明)\s*[:：]")
_NUMBER: Final = re.compile(r"[-－+]?[\d,，]*\d(?:\.\d+)?\s*[%％]?")
_FIELD: Final = re.compile(
    r"[合总小][ 　]{1,6}计(?=[ 　]|$)|[^ \t　]+(?:[ ][^ \t　]+)*"
)  # words with no more than one space between them
_LONGEST_FIELD: Final = 40
_FEWEST_ROWS: Final = 3  # of a table set by spaces, the heads included
_FEWEST_FIELDS: Final = 3

Spans = Sequence[tuple[int, int]]


def table_at(texts: Sequence[str], at: int) -> tuple[Table, int] | None:
    """The table that starts at this line and where it ends; None where none does."""
    texts = _with_plain_bars(texts, at)
    if end := _bars_end(texts, at) or _bare_bars_end(texts, at):
        return _parted(texts, at, end, "|"), end
    if end := _tabs_end(texts, at):
        return _parted(texts, at, end, "\t"), end
    if end := _columns_end(texts, at):
        return _set_in_columns(texts, at, end), end
    return None


def _with_plain_bars(texts: Sequence[str], at: int) -> Sequence[str]:
    """Tables drawn with ┌─┬─┐ and │: the strokes between are bars, the lines of a frame are rules under a row."""
    if not _DRAWN.search(texts[at]):
        return texts
    end = at
    while end < len(texts) and _DRAWN.search(texts[end]):
        end += 1
    drawn = ["|--|--" if _FRAME.fullmatch(text) else text.translate(_STROKES) for text in texts[at:end]]
    return [*texts[:at], *drawn, *texts[end:]]


def is_drawn(text: str) -> bool:
    """Is it a row, or a line of the frame, of a table drawn with strokes?"""
    return _DRAWN.search(text) is not None


def width_of(text: str) -> int:
    """As printed, in half widths: an ideograph takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


# --- parted by marks -----------------------------------------------------------------------------------------------


def _bars_end(texts: Sequence[str], at: int) -> int:
    """Where the Markdown table that starts here ends; 0 where none starts."""
    if at + 1 >= len(texts) or "|" not in texts[at] or "|" not in texts[at + 1] or not _BARS.fullmatch(texts[at + 1]):
        return 0
    end = at + 2
    while end < len(texts) and "|" in texts[end]:
        end += 1
    return end


def _bare_bars_end(texts: Sequence[str], at: int) -> int:
    """The same for rows of bars without a rule under the heads, as pages of the web are copied: some hold numbers."""
    end = at
    while end < len(texts) and "|" in texts[end]:
        end += 1
    rows = [[held for _, held in _split(_fields(text))] for text in texts[at:end]]
    numbered = [row for row in rows if any(_NUMBER.fullmatch(held) for held in row[1:])]
    is_table = any(len(row) > 1 and not _NUMBER.fullmatch(row[0]) for row in rows)
    return end if end - at > 1 and numbered and is_table else 0


def _tabs_end(texts: Sequence[str], at: int) -> int:
    """Where the run of at least two lines with tabs after their first word ends; 0 where there is none."""
    end = at
    while end < len(texts) and ("\t" in texts[end].strip() or _is_row_without_value(texts[end])):
        end += 1
    return end if end - at > 1 else 0


def _is_row_without_value(text: str) -> bool:
    return "\t" in text.lstrip() and not _NOTE.match(text)


def _parted(texts: Sequence[str], at: int, end: int, bar: str) -> Table:
    lines: list[Line] = []
    cells: list[CellText] = []
    has_frame = texts[at].lstrip().startswith("|")
    for number, text in enumerate(texts[at:end], start=at + 1):
        if bar == "|" and _BARS.fullmatch(text):
            continue
        bare = _fields(text, has_frame=has_frame) if bar == "|" else text.rstrip()
        for column, (start, held) in enumerate(_split(bare)):
            cells.append(CellText(held, len(lines), column, Place(number, start, start + len(held))))
        lines.append(Line(number, bare, LineKind.ROW))
    return Table(tuple(lines), tuple(cells), len(lines), max(cell.column for cell in cells) + 1)


def _fields(text: str, *, has_frame: bool = True) -> str:
    """A row of bars as a row of tabs; the outer bars are nothing but a frame.

    Where the heads have none on their left, a row that begins with a bar begins with an empty field.
    """
    bare = without_marks(text)
    inner = bare.strip()
    start = bare.index(inner) + (has_frame and inner.startswith("|"))
    end = bare.index(inner) + len(inner) - (inner.endswith("|") and len(inner) > 1)
    return " " * start + bare[start:end].replace("|", "\t").rstrip(" ")


def _split(row: str) -> Iterator[tuple[int, str]]:
    """Start and text of each field, without the spaces around it."""
    start = 0
    for field in row.split("\t"):
        yield start + len(field) - len(field.lstrip()), field.strip()
        start += len(field) + 1


# --- set in columns ------------------------------------------------------------------------------------------------


def _columns_end(texts: Sequence[str], at: int) -> int:
    """Where the run of lines ends whose words stand in columns, two spaces apart; 0 where there is none.

    Most of them hold two numbers that are nothing else but numbers: sentences do not.
    """
    if len(_words(texts[at])) < _FEWEST_FIELDS:
        return 0
    end, numbered = at, 0
    while end < len(texts) and len(words := _words(texts[end])) > 1:
        numbered += sum(_NUMBER.fullmatch(word[0]) is not None for word in words[1:]) > 1
        end += 1
    return end if end - at >= _FEWEST_ROWS and numbered * 2 >= end - at else 0


def _words(text: str) -> list[re.Match[str]]:
    """The fields of a line; none where it is a sentence."""
    found = list(_FIELD.finditer(text.rstrip()))
    is_row = all(len(word[0]) <= _LONGEST_FIELD for word in found) and not text.rstrip().endswith(("。", "；"))
    return found if is_row and "|" not in text else []


def _set_in_columns(texts: Sequence[str], at: int, end: int) -> Table:
    rows = [_words(text) for text in texts[at:end]]
    columns = _spans(max(zip(rows, texts[at:end], strict=True), key=lambda row: len(row[0])))
    lines: list[Line] = []
    cells: list[CellText] = []
    for number, (text, words) in enumerate(zip(texts[at:end], rows, strict=True), start=at + 1):
        bare = text.rstrip()
        for column, word in zip(_columns_of(_spans((words, text)), columns), words, strict=True):
            cells.append(CellText(word[0], len(lines), column, Place(number, word.start(), word.end())))
            if word.start():
                bare = f"{bare[: word.start() - 1]}\t{bare[word.start() :]}"
        lines.append(Line(number, bare, LineKind.ROW))
    return Table(tuple(lines), tuple(cells), len(lines), len(columns))


def _spans(row: tuple[Sequence[re.Match[str]], str]) -> Spans:
    """Where each field stands on paper."""
    words, text = row
    return [(width_of(text[: word.start()]), width_of(text[: word.end()])) for word in words]


def _columns_of(fields: Spans, columns: Spans) -> list[int]:
    """The column of each field: all in order where none is missing, else the nearest that is left."""
    if len(fields) == len(columns):
        return list(range(len(columns)))
    chosen: list[int] = []
    for done, field in enumerate(fields):
        first = chosen[-1] + 1 if chosen else 0
        free = range(first, len(columns) - (len(fields) - done - 1))
        chosen.append(min(free, key=lambda column: _apart(field, columns[column])))
    return chosen


def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How far two fields stand apart: both edges count, so that numbers set flush right or left are told apart."""
    return min(abs(one[0] - other[0]), abs(one[1] - other[1]))


# --- marks ---------------------------------------------------------------------------------------------------------

_MARKS: Final = re.compile(
    r"(?P<open>\*\*|\*|~~|`)(?=\S)(?P<held>.+?)(?<=\S)(?P=open)"  # strong, emphasis, struck, code
    r"|!?\[(?P<link>[^\]\[]*)\]\((?:[^()\s]*)\)"
    r"|(?P<tag></?[A-Za-z][^<>]{0,40}>)"
)


def without_marks(text: str) -> str:
    """Markup turned into as many spaces: nothing else moves."""

    def bare(found: re.Match[str]) -> str:
        if found["tag"]:
            return " " * len(found[0])
        if found["link"] is not None:
            start = found.start("link") - found.start()
            return " " * start + found["link"] + " " * (len(found[0]) - start - len(found["link"]))
        mark = " " * len(found["open"])
        return mark + found["held"] + mark

    return _MARKS.sub(bare, _MARKS.sub(bare, text))
