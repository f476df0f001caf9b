"""A layout of the 基础数据表 as people write it: a line for each row, cells divided by |.

`#控制率[2列]` is a head over two columns, `〔编制数〕` a fact, `〔上年三公经费〕` one of last year, `【保障措施】` are
words that are filled in. `[2列]`, `[2行]` or `[2列2行]` say how far a cell reaches; ↵ begins a new line in a cell.
"""

import re
from collections.abc import Iterable, Mapping

from perfapp.core.annexes.base_table import LayoutCell
from perfapp.core.document import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from perfapp.core.errors import Invalid

Rows = tuple[tuple[LayoutCell, ...], ...]
BREAK = "↵"
LAST_YEAR = "上年"
_CELL = re.compile(r"(?P<head>#?)(?P<what>[^\[\]]*?)(?:\[(?:(?P<columns>\d{1,3})列)?(?:(?P<rows>\d{1,3})行)?\])?")
_FACT = re.compile(r"〔([^〔〕]+)〕")
_WORDS = re.compile(r"【([^【】]+)】")
_LONGEST = 500


def written(rows: Rows, facts: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The rows as text; `facts` and `words` are names by key."""
    return "\n".join(" | ".join(_written(one, facts, words) for one in row) for row in rows)


def holds(one: LayoutCell, facts: Mapping[str, str], words: Mapping[str, str]) -> str:
    """What stands in the cell: printed words, 〔a fact〕 or 【words to fill in】."""
    if one.fact:
        return f"〔{LAST_YEAR if one.last_year else ''}{facts.get(one.fact, one.fact)}〕"
    return f"【{words.get(one.words, one.words)}】" if one.words else one.text


def read(text: str, facts: Mapping[str, str], words: Mapping[str, str]) -> tuple[Rows, dict[str, str]]:
    """The rows that the text says, and the names of the words to fill in; Invalid, a sentence for each wrong row.

    `facts` and `words` are keys by name; words of a new name get a key of their own.
    """
    known, wrong, rows = dict(words), [], []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        try:
            rows.append(tuple(_read(piece.strip(" \t"), facts, known) for piece in line.split("|")))
        except Invalid as refusal:
            wrong.append(f"第 {number} 行：{refusal.message}")
    if wrong:
        raise Invalid("\n".join(wrong))
    if not 1 <= len(rows) <= MAX_TABLE_ROWS:
        raise Invalid(f"表格要有 1 到 {MAX_TABLE_ROWS} 行。")
    used = {one.words for row in rows for one in row if one.words}
    return tuple(rows), {key: name for name, key in known.items() if key in used}


def width(rows: Rows) -> int:
    """How many columns the table has; Invalid, by row, where the rows do not fit together."""
    columns = sum(one.columns for one in rows[0])
    if not 2 <= columns <= MAX_TABLE_COLUMNS:
        raise Invalid(f"第 1 行占 {columns} 列，应是 2 到 {MAX_TABLE_COLUMNS} 列。")
    hanging: dict[int, int] = {}  # columns that a cell above still fills, with how many rows more
    wrong = []
    for number, row in enumerate(rows, start=1):
        free = [column for column in range(columns) if not hanging.get(column)]
        asked = sum(one.columns for one in row)
        if asked != len(free):
            above = f"（另有 {columns - len(free)} 列被上面的格占着）" if len(free) < columns else ""
            wrong.append(f"第 {number} 行占 {asked} 列，应占 {len(free)} 列{above}。")
            break
        hanging = {column: left - 1 for column, left in hanging.items() if left}
        hanging |= _reaching(row, free)
    if not wrong and any(hanging.values()):
        wrong.append("最后一行的格伸到了表格外面，请减少它占的行数。")
    if wrong:
        raise Invalid("\n".join(wrong))
    return columns


def _reaching(row: Iterable[LayoutCell], free: list[int]) -> dict[int, int]:
    """The columns that the row's cells fill in the rows below, with in how many."""
    found: dict[int, int] = {}
    at = 0
    for one in row:
        places = free[at : at + one.columns]
        if places and places[-1] - places[0] + 1 != len(places):
            raise Invalid(f"“{one.text[:20]}”占的几列中间隔着上面的格，请分成两格。")
        found |= {column: one.rows - 1 for column in places if one.rows > 1}
        at += one.columns
    return found


def _written(one: LayoutCell, facts: Mapping[str, str], words: Mapping[str, str]) -> str:
    reach = (f"{one.columns}列" if one.columns > 1 else "") + (f"{one.rows}行" if one.rows > 1 else "")
    return ("#" if one.head else "") + holds(one, facts, words).replace("\n", BREAK) + (f"[{reach}]" if reach else "")


def _read(piece: str, facts: Mapping[str, str], words: dict[str, str]) -> LayoutCell:
    found = _CELL.fullmatch(piece)
    if found is None:
        raise Invalid(f"“{piece[:30]}”看不懂；占几列几行写在最后，如 [2列] 或 [2列2行]。")
    columns, rows = int(found["columns"] or 1), int(found["rows"] or 1)
    if not (1 <= columns <= MAX_TABLE_COLUMNS and 1 <= rows <= MAX_TABLE_ROWS):
        raise Invalid(f"“{piece[:30]}”占的列数或行数不对。")
    what = found["what"].replace(BREAK, "\n")
    if len(what) > _LONGEST:
        raise Invalid(f"“{what[:20]}…”超过 {_LONGEST} 字。")
    empty = LayoutCell(columns=columns, rows=rows, head=bool(found["head"]))
    if fact := _FACT.fullmatch(what):
        key, is_last_year = _fact(fact[1], facts)
        return empty.model_copy(update={"fact": key, "last_year": is_last_year})
    if filled := _WORDS.fullmatch(what):
        return empty.model_copy(update={"words": words.setdefault(filled[1], _new_key(words))})
    if "〔" in what or "【" in what:
        raise Invalid(f"“{what[:30]}”：一格里只能有一项数据或一处填写的文字，不能再有别的字。")
    return empty.model_copy(update={"text": what})


def _fact(name: str, facts: Mapping[str, str]) -> tuple[str, bool]:
    if name in facts:
        return facts[name], False
    if name.startswith(LAST_YEAR) and name.removeprefix(LAST_YEAR) in facts:
        return facts[name.removeprefix(LAST_YEAR)], True
    raise Invalid(f"没有名为“{name[:40]}”的数据，请用“数据定义”里的名称。")


def _new_key(words: Mapping[str, str]) -> str:
    taken = set(words.values())
    return next(key for number in range(1, len(taken) + 2) if (key := f"words-{number}") not in taken)
