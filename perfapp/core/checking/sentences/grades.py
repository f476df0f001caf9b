"""The self-score told in prose, and the grade that goes with it."""

import re
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import say
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Kind

# 财预〔2020〕10号: 优 90 to 100, 良 80 to 90, 中 60 to 80, 差 below 60.
_BANDS = {"优": (90, 101), "良": (80, 90), "中": (60, 80), "差": (-1, 60)}
_GRADE = re.compile(
    r"(?:等[级次]|档次|结果|结论|评[为定]|自评|综合评价|评价)(?:等[级次])?(?:为|是|：|:|属于)?[“\"‘「]?(?P<grade>优|良|中|差)(?:秀|好|等)?[”\"’」]?(?![一-鿿])"
)
_FULL = re.compile(r"满分|分值|权重|标准分|应得")
_HUNDRED = 100
_TOTAL = re.compile(r"(?:得分|总分|评分|自评|综合|打分)")


def grade_of_score(case: Case, rule: Rule) -> Verdict:
    """G10: the grade is the one of the score's band."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for score in paragraph.of_kind(Kind.SCORE):
            found = _GRADE.search(paragraph.sentence_text(score.sentence))
            value = score.figure.value
            if not found or value is None or not score.is_amount or not _TOTAL.search(score.words):
                continue
            low, high = _BANDS[found["grade"]]
            if not 0 <= value <= 100 or "满分" in score.lead[-8:] or _is_of_part(paragraph, score):
                continue
            message = f"自评{say(score.figure)}，等级为“{found['grade']}”（{max(low, 0)}—{min(high, 100)}分）"
            if low <= value < high:
                verdicts.holds(f"{message}，相符。", value, value, (score.figure,))
            else:
                right = next(name for name, (start, end) in _BANDS.items() if start <= value < end)
                verdicts.fails(
                    f"{message}，不相符。",
                    value,
                    Decimal(max(low, 0)),
                    (score.figure,),
                    suggestion=f"请核对得分和等级；{say(score.figure)}对应的等级是“{right}”。本地另有分档的，以本地为准。",
                    subject="自评等级",
                )
    return verdicts.verdict()


def _is_of_part(paragraph: Paragraph, score: Quantity) -> bool:
    """总分92.35分，其中：决策（满分10分）得9.2分，等级为优: the grade is that of the whole."""
    before = [q for q in paragraph.quantities[: score.rank] if q.sentence == score.sentence]
    scores = [q for q in before if q.figure.kind is Kind.SCORE]
    is_out_of_less = bool(scores) and scores[-1].rank == score.rank - 1 and _FULL.search(scores[-1].words) is not None
    is_inside = any("其中" in q.lead for q in (*before, score)) and bool(scores)
    return is_inside or (is_out_of_less and (scores[-1].figure.value or 0) < _HUNDRED)
