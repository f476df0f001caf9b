"""Sentences and clauses: where the words of a number begin."""

import re

SENTENCE = re.compile(r"[。；;！？!?]")
FULL_STOP = re.compile(r"[。！？!?]")
_BREAK = frozenset("，,。；;！？!?:\t()\n=+×*÷≈[]{}/")
_OPENING_ENDS = re.compile("采取|采用|实行|由|对|在|通过|为|将|每|按|根据|定期|坚持|进行|均|都|要|可")
_NOTE = re.compile(r"\([^()]{0,40}\)")
_CLASS_OF_ACCOUNT = re.compile(r"\([类款]\)")


def last_clause(passage: str) -> str:
    """What stands after the last break; where that is nothing (“在职人员：23人”, “培训（8次）”), the clause before."""
    passage = _without_notes(passage.rstrip())
    cut = max((position for position, mark in enumerate(passage) if mark in _BREAK), default=-1)
    if cut < 0 and passage.startswith("、"):
        cut = 0
    clause = passage[cut + 1 :]
    if clause.strip() or cut <= 0 or passage[cut] not in ":(":
        return clause
    return last_clause(passage[:cut])


def last_sentence(passage: str) -> str:
    """What stands after the last stop."""
    return SENTENCE.split(passage)[-1]


def opening(passage: str) -> str:
    """The first words of the last sentence, up to its verb: 机关食堂考核 of “机关食堂考核采取…的办法，”."""
    first = re.split("[，,:]", last_sentence(passage))[0]
    return _OPENING_ENDS.split(first)[0]


def _without_notes(passage: str) -> str:
    """Without what stands in brackets; the class of an account (类, 款) ends where its part begins."""
    return _NOTE.sub("", _CLASS_OF_ACCOUNT.sub("，", passage))
