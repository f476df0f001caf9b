"""How much a text repeats an earlier one: paragraph by paragraph, with digits and dates left out of the comparison.

What was written once and handed in again with other figures is the complaint of every reader of these reports.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

from perfapp.core.document import Document, Item, Paragraph, drawn

SHORTEST = 20
"""Characters without digits below which a paragraph says too little to be called repeated."""

FLOOR = 0.8
"""From which share of common characters, digits left out, two paragraphs are alike."""

_GRAM = 3  # characters
_TELLING = 40  # of a paragraph's grams that are looked up: the rarest, because commonplaces tell nothing
_SHARED = 0.2  # of those: what two alike paragraphs at least have in common
_TRIED = 6  # of the passages with most in common
_NUMBER = re.compile(r"[〇零一二三四五六七八九十百千万亿两]{2,}|[0-9０-９][0-9０-９,，.．:：/-]*")
_BLANK = re.compile(r"\s+")


class Sameness(StrEnum):
    WHOLE = "whole"
    ONLY_DIGITS_DIFFER = "only_digits_differ"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an earlier text, and where it stands: `source` names the section it is of."""

    source: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """`text`, paragraph `number` of its section from 1, and the earlier passage it is most like.

    `share` is the part of both texts' characters, digits and all, that they have in common, 0 to 1.
    """

    number: int
    text: str
    earlier: Passage
    sameness: Sameness
    share: float

    @property
    def percent(self) -> int:
        """Never 100 where a character differs."""
        return 100 if self.sameness is Sameness.WHOLE else min(99, round(self.share * 100))

    @property
    def mark(self) -> str:
        return mark(self.text)


def paragraphs(document: Document) -> list[str]:
    """The document's paragraphs as people wrote them; tables and drawn numbers are no prose."""
    found = []
    for block, runs in drawn(document, 1):
        if isinstance(block, Paragraph | Item):
            typed = runs[len(runs) - len(block.content) :]
            found.append("".join(text for text, _ in typed).strip())
    return found


def counts(text: str) -> bool:
    """The paragraph is long enough to be compared."""
    return len(_masked(text)) >= SHORTEST


def mark(text: str) -> str:
    """Hex digest of the paragraph without its digits: the same next year, when only the figures have changed."""
    return hashlib.sha256(_masked(text).encode()).hexdigest()


class Earlier:
    """Earlier passages, ready to be asked many times."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._passages = [one for one in passages if counts(one.text)]
        self._masked = [_masked(one.text) for one in self._passages]
        self._same: dict[str, list[int]] = {}
        self._with: dict[str, list[int]] = {}
        for at, masked in enumerate(self._masked):
            self._same.setdefault(masked, []).append(at)
            for gram in _grams(masked):
                self._with.setdefault(gram, []).append(at)

    def like(self, texts: Sequence[str]) -> list[Likeness]:
        """Each of the section's paragraphs that repeats a passage, with the passage it repeats most."""
        found = (self._most_like(number, text) for number, text in enumerate(texts, start=1) if counts(text))
        return [one for one in found if one is not None]

    def _most_like(self, number: int, text: str) -> Likeness | None:
        masked = _masked(text)
        near = self._same.get(masked) or self._near(masked)
        best = max(near, key=lambda at: Indel.normalized_similarity(text, self._passages[at].text), default=None)
        if best is None:
            return None
        earlier = self._passages[best]
        if _BLANK.sub("", text) == _BLANK.sub("", earlier.text):
            sameness = Sameness.WHOLE
        else:
            sameness = Sameness.ONLY_DIGITS_DIFFER if masked == self._masked[best] else Sameness.ALIKE
        return Likeness(number, text, earlier, sameness, Indel.normalized_similarity(text, earlier.text))

    def _near(self, masked: str) -> list[int]:
        """The passages that are alike, digits left out, among those with most in common."""
        held = sorted((self._with.get(gram, ()) for gram in _grams(masked)), key=len)
        known = len(held) - sum(1 for holders in held if not holders)
        telling = held[len(held) - known :][:_TELLING]
        shared: Counter[int] = Counter(at for holders in telling for at in holders)
        tried = (at for at, common in shared.most_common(_TRIED) if common >= _SHARED * len(telling))
        return [at for at in tried if Indel.normalized_similarity(masked, self._masked[at]) >= FLOOR]


def _masked(text: str) -> str:
    """Without white space, and every number and date as one sign."""
    return _NUMBER.sub("#", _BLANK.sub("", text))


def _grams(masked: str) -> frozenset[str]:
    return frozenset(masked[at : at + _GRAM] for at in range(len(masked) - _GRAM + 1))
