"""Which measures a report promises: read from its own part on 问题 and 改进措施."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from perfapp.core.document import Document, Item, Ordinal, Paragraph, drawn

_PART = re.compile(r"措施|下一步(?:工作|打算|计划|安排)|改进(?:方向|建议|意见)")
_NUMBERED = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]{1,3}[是、．.]|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.．、)）]|[①-⑳])\s*"
)
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,3}是")
_SHORTEST = 6
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the report that may promise something: its heading, level and document."""

    title: str
    level: int
    document: Document


def promises(title: str) -> bool:
    """Whether a heading announces measures."""
    return bool(_PART.search(title))


def suggested(parts: Iterable[Part]) -> tuple[str, ...]:
    """One text a measure, in printed order, each once: numbered items, 一是 … 二是 …, else each paragraph."""
    found = (text for part in parts if promises(part.title) for text in _of(part))
    return tuple(dict.fromkeys(text[:LONGEST] for text in found if len(text) >= _SHORTEST))


def _of(part: Part) -> Iterator[str]:
    lines = list(_lines(part))
    marked = [text for text, is_marked in lines if is_marked]
    yield from marked or [text for text, _ in lines]


def _lines(part: Part) -> Iterator[tuple[str, bool]]:
    """The text of each paragraph without its number, and whether it had one; 一是…二是… is several."""
    for block, runs in drawn(part.document, part.level):
        if not isinstance(block, Paragraph | Item):
            continue
        text = "".join(piece for piece, _ in runs).strip()
        if sum(isinstance(inline, Ordinal) for inline in block.content) or len(_ORDINAL.findall(text)) > 1:
            yield from ((one, True) for one in _ordinals(text))
        elif text:
            plain = _NUMBERED.sub("", text)
            yield _ended(plain), isinstance(block, Item) or plain != text


def _ordinals(text: str) -> Sequence[str]:
    """What follows each 一是, 二是; what stands before the first announces them and promises nothing."""
    pieces = _ORDINAL.split(text)
    return [_ended(piece) for piece in (pieces[1:] if len(pieces) > 1 else pieces) if piece.strip()]


def _ended(text: str) -> str:
    return text.strip().rstrip("；;，,、。").strip()
