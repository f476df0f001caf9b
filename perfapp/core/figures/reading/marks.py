"""Where the numbers of a line stand, and what each is by itself: an amount with its unit, a date, or a mere label."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.amounts import after_numeral, amount_at, counted_at, formal_at, share_at, signed_at
from perfapp.core.figures.reading.dates import date_at, frequency_at
from perfapp.core.figures.reading.labels import (
    heading_of,
    label_at,
    label_of_digits,
    label_of_numerals,
    latin_at,
    run_at,
)
from perfapp.core.figures.reading.mark import Mark, label
from perfapp.core.figures.reading.numerals import DIGITS

_FIRST = re.compile(
    r"[0-9A-Za-z¥第每附表图公专\[(〔【\-+负〇零一二两三四五六七八九十百千万①-⓿❶-➓㈠-㈩Ⅰ-ⅿ电手传邮账帐编代证热序索信壹贰叁肆伍陆柒捌玖拾]"
)
_LIST_OF = re.compile(r"[ ]{0,3}[、和及与~至到-][ ]{0,3}(?=[0-9-])")
_Reader = Callable[[str, int], Mark | None]
_DIGITS: tuple[_Reader, ...] = (run_at, date_at, label_of_digits, share_at, amount_at)
_NUMERALS: tuple[_Reader, ...] = (frequency_at, label_of_numerals, share_at, date_at, counted_at)
_READERS: Mapping[str, tuple[_Reader, ...]] = (
    dict.fromkeys("0123456789", _DIGITS)
    | dict.fromkeys(DIGITS + "十百千万亿", _NUMERALS)
    | {"每": (frequency_at,)}
    | dict.fromkeys("壹贰叁肆伍陆柒捌玖拾", (formal_at,))
)
_LABELS: tuple[_Reader, ...] = (label_at,)


def marks(line: str) -> list[Mark]:
    """The numbers of a line in `plain` writing, in order, none overlapping."""
    heading = heading_of(line)
    found = [heading] if heading else []
    position = heading.end if heading else 0
    while first := _FIRST.search(line, position):
        mark, position = _mark_at(line, first.start(), found[-1].end if found else 0)
        if mark is not None:
            found.append(mark)
    return _with_lent_units(line, found)


def _mark_at(line: str, start: int, floor: int) -> tuple[Mark | None, int]:
    """The number that begins here, if there is one, and where to look on. `floor` is where the last one ended."""
    first = line[start]
    if first.isascii() and first.isalpha():
        return latin_at(line, start)
    if first in "-+负¥":
        mark = signed_at(line, start, floor)
    else:
        readers = _READERS.get(first, _LABELS)
        mark = next((read for reader in readers if (read := reader(line, start))), None)
    return mark, mark.end if mark else after_numeral(line, start)


def _with_lent_units(line: str, found: list[Mark]) -> list[Mark]:
    """“50-60人”, “8、12、6次”: a bare number takes the unit of the one it is joined to; “2、3号楼” are all names."""
    lent: list[Mark] = []
    for mark in reversed(found):
        after = lent[-1] if lent else None
        link = _LIST_OF.match(line, mark.end) if mark.lacks_unit else None
        if after and link and link.end() == after.start:
            if after.unit and after.is_quantity:
                mark = replace(mark, kind=after.kind, unit=after.unit)
            elif after.kind is Kind.LABEL:
                mark = label(mark.start, mark.end)
        lent.append(mark)
    return lent[::-1]
