"""Finding a fact by what a person types: its name, an alias, a piece of either, or the first letters of the pinyin."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable

from perfapp.core.figures.facts import Definition

# GB 2312-1980 sorts its 3,755 commoner characters by pinyin: these are the first ones of each letter.
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_BOUNDS = [character.encode("gb2312") for character in _FIRST]
_END = b"\xd7\xf9"  # the last of them is 座; behind it characters are sorted by their strokes
_ALIAS = 1
_NOT_FOUND = 99


def best(definitions: Iterable[Definition], query: str) -> list[Definition]:
    """Those the query fits, the closest first; all in their order for an empty query."""
    wanted = _plain(query)
    if not wanted:
        return list(definitions)
    ranked = [(_rank(one, wanted), one) for one in definitions]
    return [one for rank, one in sorted(ranked, key=lambda pair: pair[0]) if rank < _NOT_FOUND]


def initials(text: str) -> str:
    """The first letters of the pinyin: 总支出 is `zzc`. Latin letters and digits stay, rare characters have none."""
    return "".join(_letter(character) for character in _plain(text))


def _rank(definition: Definition, wanted: str) -> int:
    return min(_fit(_plain(name), wanted) + (_ALIAS if at else 0) for at, name in enumerate(definition.names))


def _fit(name: str, wanted: str) -> int:
    """How closely a name fits: 0 is the name itself; in steps of two, so that an alias comes behind a name."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 2
    if wanted in name:
        return 4
    if not wanted.isascii():
        return _NOT_FOUND
    letters = initials(name)
    return 6 if letters.startswith(wanted) else 8 if wanted in letters else _NOT_FOUND


def _letter(character: str) -> str:
    if character.isascii():
        return character
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    at = bisect_right(_BOUNDS, code) - 1
    return _LETTERS[at] if at >= 0 and code <= _END else ""


def _plain(text: str) -> str:
    """Full width made half, blanks and quotes left out, small letters."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", text).lower() if ch.isalnum())
