"""Labels and heads as they are compared: numbering, years, quotes, units and spaces make no difference."""

import re
import unicodedata
from typing import Final

_NUMBERING: Final = re.compile(
    r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+(?:\.\d+)*[、.)]|[①-⑳]|其中:|其中|加:|减:|:)"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d年?度?")
_UNITS: Final = "亿元|百万元|万元|千元|元|%|人次|人|批次|批|个|辆|台|次|趟|家|项|份|分|平方米|公里|千瓦时|立方米|升|吨"
_UNIT: Final = re.compile(rf"\((?:单位:)?({_UNITS})\)$")
_QUOTES: Final = re.compile(r"[\"'“”‘’「」*]")
_MONEY: Final = "亿元|百万元|万元|千元|元"
_NOTE: Final = re.compile(rf"单位\s*[:：]\s*(?:人民币)?\s*({_MONEY})|[(（]\s*(?:人民币)?({_MONEY})\s*[)）]")


def plain(text: str) -> str:
    """Half width, no spaces, no quotes, no year."""
    circled = re.sub(r"[①-⑳]", "", text)
    narrow = unicodedata.normalize("NFKC", circled)
    return _YEAR.sub("", _QUOTES.sub("", re.sub(r"\s", "", narrow)))


def label(text: str) -> str:
    """What a row is called: （一）其中：公车购置费（万元） and 公车购置费 are the same."""
    found = plain(text).rstrip(":")
    while (numbering := _NUMBERING.match(found)) and len(found) > numbering.end():
        found = found[numbering.end() :]
    return _UNIT.sub("", found) or found


def unit_in(head: str) -> str:
    """The unit that a head names in brackets: 金额（万元）; '' where it names none."""
    found = _UNIT.search(unicodedata.normalize("NFKC", re.sub(r"\s", "", head)))
    return found[1] if found else ""


def is_unit(text: str) -> bool:
    """Whether this, or nothing, may stand behind a number."""
    return not text or re.fullmatch(_UNITS, text) is not None


def money_unit(text: str) -> str:
    """The unit of money that a note names: 单位：万元, （万元）; '' where there is none."""
    found = _NOTE.search(text)
    return found[1] or found[2] if found else ""


def years_in(text: str) -> frozenset[int]:
    return frozenset(int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)年", unicodedata.normalize("NFKC", text)))
