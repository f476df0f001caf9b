"""A line in one writing: full-width digits, odd spaces and dashes made plain, every character in its place."""

import unicodedata

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_DASHES = "\u2014\u2015\u2500\u301c\u223c\uff5e"
_KEPT = "，；！？"  # a full-width comma ends a clause far more often than it parts thousands


def _table() -> dict[int, str]:
    compatible = (*range(0xFF01, 0xFF5F), *range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
    plain = {code: unicodedata.normalize("NFKC", chr(code)) for code in compatible}
    table = {code: mark for code, mark in plain.items() if len(mark) == 1 and chr(code) not in _KEPT}
    table |= dict.fromkeys(map(ord, _SPACES + _INVISIBLE), " ")
    table |= dict.fromkeys(map(ord, _HYPHENS), "-")
    table |= dict.fromkeys(map(ord, _DASHES), "~")
    return table | {ord("○"): "〇", ord("﹪"): "%", ord("￥"): "¥", ord("﹐"): ",", ord("﹒"): "."}


_TABLE = _table()


def plain(text: str) -> str:
    """The same text, character for character, with ASCII digits, points, brackets, per cent signs and spaces.

    Hyphens and minus signs become `-`, long dashes and tildes `~`; tabs and full-width commas stay.
    """
    return text.translate(_TABLE)
