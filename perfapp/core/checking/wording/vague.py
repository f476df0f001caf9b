"""V1: rough figures, and praise that no figure stands behind."""

import re

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.wording.prose import grouped, matches, prose
from perfapp.core.manuscript import Place

_NUMBER = r"\d[\d,.]{0,18}"
_WHOLE_NUMBER = rf"(?<![\d,.]){_NUMBER}"
_SOON_AFTER = r"[^\d，。；、（）]{0,3}"
_ROUGH = re.compile(
    r"(?:大约|约为|将近|大概|(?<![节合契签预公制违条特集简邀隐婉履])约|(?<![最附邻临靠接亲新相就渐])近)"
    rf"\s*{_NUMBER}(?!\s*年(?!度)|\s*个?月|[\d,.])"
    rf"|{_WHOLE_NUMBER}\s*[万亿]?\s*(?:多|余)\s*(?=[\u4e00-\u9fff])|{_WHOLE_NUMBER}{_SOON_AFTER}(?:左右|上下)"
)
_CONTRADICTORY = re.compile(
    rf"(?:近|将近|不足)\s*{_NUMBER}\s*(?:余|多)|(?:约|近|将近|超过?|逾|不足)\s*{_NUMBER}{_SOON_AFTER}(?:左右|上下)"
    rf"|(?:超过|逾)\s*{_NUMBER}\s*(?:左右|以下)|约\s*{_NUMBER}\s*(?:余|多)"
)


def vague_words(case: Case, rule: Rule) -> Verdict:
    """At most three notes: figures that contradict their own words, rough figures, and praise without a figure."""
    lines = list(prose(case.manuscript))
    contradictory = tuple(matches(lines, _CONTRADICTORY))
    rough = tuple(place for place in matches(lines, _ROUGH) if not _inside(place, contradictory))
    praise = tuple(matches(lines, re.compile("|".join(map(re.escape, rule.words))))) if rule.words else ()
    kinds = (
        ("约数用词自相矛盾（“近”是不到，“余”“多”是超过）", contradictory, "写出准确的数，或只留一个约数词。"),
        ("数字用了约数", rough, "有台账的写出准确的数，没有的注明口径和来源。"),
        ("评价性的话没有数字支撑", praise, "写出调查的份数、回收数和满意率，没有调查的删去。"),
    )
    return Verdict(
        findings=tuple(
            grouped(case.manuscript, rule, what, tuple(sorted(places)), mend) for what, places, mend in kinds if places
        )
    )


def _inside(place: Place, others: tuple[Place, ...]) -> bool:
    return any(place.line == other.line and place.start < other.end and other.start < place.end for other in others)
