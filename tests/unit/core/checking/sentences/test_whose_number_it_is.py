"""Averages, shares and sums of right texts that were once held against the number beside the one that is meant."""

import pytest

from tests.unit.core.checking.sentences.judging import judged

SILENT = [
    # the parts of the count stand nearer than the count itself
    ("W1", "全年发布简报60期：农业19期、水利15期、林业8期、气象8期、其他10期；推送信息72.0万条，平均每期1.2万条。"),
    ("W4", "全年发布简报60期：农业19期、水利15期、林业8期、气象8期、其他10期；推送信息72.0万条，平均每期1.2万条。"),
    # of each village: not of the posts that are counted with the same word
    ("W1", "辖12个村（其中山区村7个、平原村5个）；核定岗位42个，年末实有40人；村干部84人（平均每个村7人）。"),
    ("W4", "辖12个村（其中山区村7个、平原村5个）；核定岗位42个，年末实有40人；村干部84人（平均每个村7人）。"),
    # a part of a part is not added to it
    (
        "M8",
        "全年支出640.00万元，执行率98.00%，其中基本支出400.00万元，占62.50%，基本支出中工资福利支出320.00万元，占基本支出的80.00%。",
    ),
    # the total told right before them has these parts; the one paragraphs before has more
    (
        "M1",
        "支出总计930.00万元，收入总计930.00万元。\n本年支出合计900.00万元，其中：基本支出540.00万元，占60%；项目支出360.00万元，占40%。",
    ),
    # two shares of one part are of two wholes, and the second whole is told nowhere
    ("P1", "抽检的40座泵站中，正常运行36座，占90.00%。停运4座，占抽检泵站的10.00%，占全部泵站的8.00%。"),
]
STILL_FOUND = [
    ("W1", "全年举办讲座24期，参加1960人次，平均每期80人次。"),
    ("M1", "全年支出640.00万元，其中基本支出400.00万元，项目支出260.00万元。"),
    ("M1", "本年支出合计980.00万元，其中：基本支出540.00万元，占60%；项目支出360.00万元，占40%。"),
    ("P1", "抽检的40座泵站中，停运4座，占抽检泵站的15.00%。"),
]


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_is_right_is_left_alone(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings == ()


@pytest.mark.parametrize(("code", "text"), STILL_FOUND)
def test_what_is_wrong_is_still_found(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings
