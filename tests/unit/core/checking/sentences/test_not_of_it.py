"""Numbers beside a list, a rate or an average that are no part of it: each was claimed once of a right report."""

import pytest

from tests.unit.core.checking.sentences.judging import judged

SILENT = [
    (  # all that stands before 合计 is summed up by it, also what the names of the parts leave out
        "M2",
        "工资福利支出486.32万元，商品和服务支出152.66万元，对个人和家庭的补助98.40万元，资本性支出193.90万元，合计931.28万元。",
    ),
    ("M3", "医疗收入862.40万元，财政补助收入846.00万元，科教收入86.50万元，其他收入12.10万元，收入合计1807.00万元。"),
    # what is left is not what was spent
    ("P4", "部门预算3264.50万元，决算支出3198.26万元，结余66.24万元，执行率97.97%。"),
    # 其中 in a sentence of its own begins a list of its own
    (
        "M3",
        "本年收入2684.30万元，上年结转212.46万元，收入总计2896.76万元。"
        "其中财政拨款收入2310.80万元，事业收入148.20万元，其他收入225.30万元。",
    ),
    # nothing is proved by a digit that would make nothing of the average
    ("W4", "康复训练15120人次，人均40次；志愿服务208场；医护巡诊全年96次。"),
    # a semicolon and another count stand between
    ("M8", "追回资金1864.20万元，其中市本级562.80万元，县区1301.40万元；行政处罚28件，罚款215.60万元。"),
    # done in some months only
    ("W2", "每月监测1次，5月至9月全年共监测5次。"),
    # the share says itself whose it is
    ("P1", "职工486人，其中卫生技术人员403人、行政后勤人员83人，卫技人员占82.92%。"),
]
STILL_FOUND = [
    (
        "M2",
        "基本支出930.28万元，其中工资福利支出486.32万元，商品和服务支出152.66万元，对个人和家庭的补助98.40万元，资本性支出193.90万元。",
    ),
    ("P4", "部门预算3264.50万元，决算支出3198.26万元，结余66.24万元，执行率92.97%。"),
    ("M8", "追回资金1864.20万元，其中市本级562.80万元，县区1321.40万元；行政处罚28件，罚款215.60万元。"),
    ("W2", "每月监测1次，全年共监测5次。"),
    ("P1", "职工486人，其中卫生技术人员403人、行政后勤人员83人，占17.98%。"),
]


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_stands_beside_is_no_part(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings == ()


@pytest.mark.parametrize(("code", "text"), STILL_FOUND)
def test_what_is_wrong_is_still_found(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings
