"""What a text is returned for, in a word: counted for each office, so that next year's guidance knows what to say."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class ReturnKind(StrEnum):
    FIGURES = "figures"
    SOURCE = "source"
    INCOMPLETE = "incomplete"
    INCONSISTENT = "inconsistent"
    WORDING = "wording"
    FORMAT = "format"
    OTHER = "other"


RETURN_KINDS: Mapping[str, str] = {
    ReturnKind.FIGURES: "数据不准",
    ReturnKind.SOURCE: "缺依据或佐证",
    ReturnKind.INCOMPLETE: "内容不全",
    ReturnKind.INCONSISTENT: "前后不一致",
    ReturnKind.WORDING: "文字表述",
    ReturnKind.FORMAT: "格式体例",
    ReturnKind.OTHER: "其他",
}
UNSORTED = "未分类"


def read(code: str) -> ReturnKind | None:
    """Of a form; what no page of ours sends is not sorted."""
    return ReturnKind(code) if code in RETURN_KINDS else None


def word(code: str) -> str:
    return RETURN_KINDS.get(code, UNSORTED)


def counted(codes: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Each kind that occurred with how often, in the order of the list; what was not sorted comes last."""
    found = list(codes)
    tally = {name: sum(word(code) == name for code in found) for name in (*RETURN_KINDS.values(), UNSORTED)}
    return tuple((name, count) for name, count in tally.items() if count)
