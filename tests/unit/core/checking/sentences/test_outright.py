"""Rates and scores whose numbers the text puts right beside them."""

import pytest

from tests.unit.core.checking.sentences.judging import judged

_SCORES = (
    "投入15分，扣1.5分，得{}分；过程25分，得24分，扣1分；产出35分，扣0.5分，得34.5分；效益25分，得{}分。"
    "综合得分97.0分。"
)
HOLDS = [
    ("P4", "来件12小时答复率96.40%（1928件/2000件）。", 1),
    ("P2", "办证平均用时由20分钟缩短至14分钟，缩短30%。", 1),
    ("P2", "每吨处理成本由86.40元降到81.20元，降低6.02%。", 1),
    ("M6", "年初预算640.20万元，上年结转21.40万元，年中追加88.60万元，财政收回9.10万元，全年可用资金741.10万元。", 1),
    ("P8", "检测合格率97.62%，比省定95%的标准高2.62个百分点。", 1),
    ("G9", _SCORES.format("13.5", "25"), 4),
    ("H3", "事业编制96名，年末在编88人，空编8名。", 1),
    ("G9", "指标扣分情况：目标明确性扣1.2分、支付进度扣0.8分、满意度扣0.5分，合计扣2.5分。", 1),
    ("H2", "全馆核定编制48名，其中：行政编制14名，参公编制9名，事业编制25名。", 1),
    ("H2", "核定编制48名，其中行政编制14名，事业编制34名（含参公编制9名）。", 1),
    ("H3", "核定编制48名，其中参公编制9名。年末在职42人，在职人员控制率87.50%，低于100%的标准。", 1),
]
FAILS = [
    ("P4", "来件12小时答复率96.40%（1428件/2000件）。"),
    ("P2", "办证平均用时由20分钟缩短至14分钟，缩短80%。"),
    ("P2", "每吨处理成本由86.40元降到81.20元，降低6.52%。"),
    ("M6", "年初预算640.20万元，上年结转21.40万元，年中追加38.60万元，财政收回9.10万元，全年可用资金741.10万元。"),
    ("P8", "检测合格率97.62%，比省定95%的标准高2.12个百分点。"),
    ("G9", _SCORES.format("13.8", "25")),
    ("G9", _SCORES.format("13.5", "21")),
    ("H3", "事业编制96名，年末在编88人，空编3名。"),
    ("G9", "指标扣分情况：目标明确性扣1.2分、支付进度扣0.8分、满意度扣0.5分，合计扣3.5分。"),
    ("H2", "全馆核定编制48名，其中：行政编制19名，参公编制9名，事业编制25名。"),
    ("H3", "核定编制48名，其中参公编制9名。年末在职42人，在职人员控制率84.50%，低于100%的标准。"),
]
SILENT = [
    # what is in the brackets is not divided
    ("P4", "答复率96.40%（一季度512件、二季度488件）。"),
    # of another thing than what was shortened
    ("P2", "办证用时由20分钟缩短至14分钟，群众满意度提高30%。"),
    # no digit would mend it
    ("P2", "办证用时由20分钟缩短至14分钟，缩短93.7%。"),
    ("H3", "行政编制20名，事业编制96名，年末在编88人，空编6名。"),
    # what was taken off is told of the whole, after its own parts
    ("G9", "满分100分。其中投入15分，得14分；过程25分，得25分；合计扣1分。"),
]


@pytest.mark.parametrize(("code", "text", "many"), HOLDS)
def test_what_agrees_is_seen(code: str, text: str, many: int) -> None:
    found = judged(code, text, year=2022)
    assert not found.findings
    assert len(found.passed) == many


@pytest.mark.parametrize(("code", "text"), FAILS)
def test_a_wrong_digit_is_found(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_is_not_said_is_not_claimed(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings == ()
