"""Chinese numerals as prose writes them, read as numbers."""

from decimal import Decimal

DIGITS = "〇零一二两三四五六七八九"
NUMERAL = f"[{DIGITS}十百千万亿]"
_LONGEST = 24  # signs of a numeral; nobody means a longer one
_VALUES = {"〇": 0, "零": 0, "两": 2} | {mark: value for value, mark in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


def number_of(numeral: str) -> Decimal | None:
    """一百二十 is 120, 二〇一八 is 2018, 十二 is 12; None for what is no numeral of an amount."""
    if not 0 < len(numeral) <= _LONGEST or any(
        mark not in _VALUES and mark not in _TENS and mark not in _MYRIADS for mark in numeral
    ):
        return None
    if len(numeral) > 1 and all(mark in _VALUES for mark in numeral):
        return Decimal("".join(str(_VALUES[mark]) for mark in numeral)) if "两" not in numeral else None
    if numeral[-1] in _VALUES and numeral[-2:-1] in ("百", "千", "万", "亿"):
        return None  # 两万三 is speech, not an amount
    return _spoken(numeral)


def _spoken(numeral: str) -> Decimal | None:
    total, section, digit = 0, 0, None
    ceiling = 10**5  # the tens of one section fall: 二百三十, never 三十二百
    for position, mark in enumerate(numeral):
        if mark in _VALUES:
            if digit:
                return None
            digit = _VALUES[mark]
        elif mark in _TENS:
            if _TENS[mark] >= ceiling or digit == 0:
                return None
            ceiling = _TENS[mark]
            section += (1 if digit is None else digit) * ceiling
            digit = None
        else:
            section += digit or 0
            if section == 0 and total == 0 and position:
                return None
            total = (total + (section or 1)) * _MYRIADS[mark] if mark == "亿" else total + (section or 1) * 10**4
            section, digit, ceiling = 0, None, 10**5
    return Decimal(total + section + (digit or 0))


def decimal_of(digits: str) -> Decimal | None:
    """A whole number in Arabic or Chinese digits."""
    if len(digits) > _LONGEST:
        return None
    return Decimal(digits) if digits.isdecimal() and digits.isascii() else number_of(digits)


def whole_of(digits: str) -> int | None:
    """The same as an int."""
    value = decimal_of(digits)
    return None if value is None else int(value)
