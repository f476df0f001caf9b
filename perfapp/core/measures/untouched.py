"""A promise of an earlier year that nobody has touched keeps this year's report from being sealed without a word."""

from perfapp.core.checking.findings import Finding, Severity

CODE = "M1"


def untouched(measure_id: int, fiscal_year: int, text: str) -> Finding:
    """What the pre-flight says of it, until somebody begins or an explanation has been accepted."""
    return Finding(
        code=CODE,
        severity=Severity.ERROR,
        message=f"{fiscal_year}年度承诺的“{text}”还没有人办理：整改台账里仍是未开始。",
        left=None,
        right=None,
        places=(),
        suggestion="请责任科室在整改台账里写明进展，或由统稿人用一句话说明为什么还没有办。",
        subject=str(measure_id),
    )
