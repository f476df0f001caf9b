"""A cell's value as the sheet shows it: the number format applied, exactly, without a float in between."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

_GENERAL: Final = "General"
_GENERAL_DIGITS: Final = 11
_QUOTED: Final = re.compile(r"\"([^\"]*)\"|\\(.)|_.|\*.|\[[^\]]*\]")
_PLACES: Final = re.compile(r"[0#?][0#?,]*(?:\.([0#?]+))?(,*)")

Value = str | int | float | bool | Decimal | date | datetime | time | timedelta | None


def shown(value: Value, number_format: str) -> str:
    """What the cell shows; a date as 2018-12-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), number_format)
    return str(value)


def number(amount: Decimal, number_format: str) -> str:
    """The number in the format's section for its sign; a format that is no number's shows it as it is."""
    if not amount.is_finite():
        return str(amount)
    section = _section(amount, number_format)
    bare = _QUOTED.sub(_kept, section)
    places = _PLACES.search(bare)
    if number_format == _GENERAL or places is None or "E+" in bare.upper() or "/" in bare:
        return _general(amount)
    has_own_sign = ";" in number_format
    value = abs(amount) if has_own_sign else amount
    if "%" in bare:
        value *= 100
    value = value.scaleb(-3 * len(places[2]))
    text = _fixed(value, len(places[1] or ""), grouped="," in places[0].removesuffix(places[2]))
    if (places[1] or "").endswith("#"):
        least = len((places[1] or "").rstrip("#"))
        text = _trimmed(text, least)
    return (bare[: places.start()] + text + bare[places.end() :]).replace("@", "").strip()


def _section(amount: Decimal, number_format: str) -> str:
    sections = number_format.split(";")
    if amount == 0 and len(sections) > 2 and _has_digits(sections[2]):
        return sections[2]  # a section of nothing but a dash would hide that there is a zero
    if amount < 0 and len(sections) > 1 and _has_digits(sections[1]):
        # A negative section without a sign of its own shows it by colour alone; a reader needs the sign.
        return sections[1] if re.search(r"[-(（]", sections[1]) else "-" + sections[1]
    return sections[0]


def _has_digits(section: str) -> bool:
    return re.search(r"[0#]", _QUOTED.sub("", section)) is not None


def _kept(found: re.Match[str]) -> str:
    return found[1] or found[2] or ""


def _general(amount: Decimal) -> str:
    """At most 11 digits, as a cell shows a plain number; the noise of binary fractions falls away."""
    try:
        whole_digits = max(amount.adjusted() + 1, 1)
        value = amount.quantize(Decimal(1).scaleb(-max(0, _GENERAL_DIGITS - whole_digits)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return str(amount)
    return _trimmed(f"{value:f}", 0)


def _fixed(amount: Decimal, decimals: int, *, grouped: bool) -> str:
    try:
        value = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return str(amount)
    value = value if value else abs(value)
    return f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}"


def _trimmed(text: str, least: int) -> str:
    whole, point, places = text.partition(".")
    while len(places) > least and places.endswith("0"):
        places = places[:-1]
    return whole + (point + places if places else "")
