"""X5 what a template left behind, X7 slips of the pen, V1 words without a figure."""

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.examining import examined, messages, quoted

LEFT_BEHIND = [
    ("20XX年度部门整体支出绩效自评报告", "20XX年"),
    ("XX单位内设办公室等五个科室。", "XX"),
    ("本单位成立于××年。", "××"),
    ("全年接待X人次。", "X"),
    ("{单位}的主要职责是管理公务用车。", "{单位}"),
    ("某某单位是区政府直属事业单位。", "某某"),
    ("主要职责：（此处填写单位职责）。", "（此处填写单位职责）"),
    ("其他说明（请填写其他需要说明的事项）。", "（请填写其他需要说明的事项）"),
    ("如有结转结余，请说明原因。", "如有结转结余，请说明"),
    ("比上年增加（减少）12.50万元。", "增加（减少）1"),
    ("支出比上年增加/减少3.00%。", "增加/减少3"),
    ("决算数大于（小于）预算数的主要原因是厉行节约。", "大于（小于）"),
    ("全年支出____万元，已全部支付。", "____"),
    ("因公出国费0万元，占 %，接待费2万元。", "占 %"),
    ("公务接待费比上年减少 万元，主要是接待减少。", "减少 万元"),
    ("项目支出为万元。", "支出为万元"),
    ("根据湘财绩〔 〕文件要求开展自评。", "〔 〕"),
    ("按照《》的规定执行。", "《》"),
    ("满意度待填写。", "待填写"),
    ("执行率#DIV/0!，请核对。", "#DIV/0!"),
    ("部门整体支出绩效自评报告（参考提纲）", "（参考提纲）"),
]
NOTHING_LEFT = [
    "支出2,560.21 万元，占95.09 %。",
    "单位：万元",
    "每万元支出保障3人，户均增收超万元。",
    "联系电话：138××××1234",
    "按5×10米的规格建设花坛，X光机1台。",
    "负责人（签字）：________    2019年__月__日",
    "“三公”经费增减变动情况及原因说明。",
    "比上年增加1.2万元（减少接待3批次）。",
    "根据湘财绩〔2019〕7号文件，按照《预算法》执行。",
    "增加收入、减少支出，增收节支成效明显。",
    "使用Excel汇总，XXL号工作服20套。",
    "制度有待完善，请各单位认真填写。",
    "占地3亩，增长 8.5 %，占比为 12.3%。",
    "全区共收到建议十万元以上项目6个，增加了万元以上设备管理。",
]


@pytest.mark.parametrize(("text", "seen"), LEFT_BEHIND)
def test_what_a_template_left_is_found_where_it_stands(text: str, seen: str) -> None:
    assert quoted("X5", text) == [[seen]]
    assert examined("X5", text).findings[0].severity is Severity.ERROR


@pytest.mark.parametrize("text", NOTHING_LEFT)
def test_honest_text_is_no_residue(text: str) -> None:
    assert messages("X5", text) == []


def test_a_choice_in_the_head_of_a_table_is_its_form() -> None:
    assert messages("X5", "项目\t比上年增加（减少）%\n公务接待费\t3.2\n公务用车费\t1.1") == []


SLIPS = [
    ("加强了对项目的的管理。", "字词重复"),
    ("为了为了提高效率，加强管理。", "字词重复"),
    ("工作有序开展，，成效明显。", "标点重复"),
    ("占总支出的56.40%；，项目支出820万元。", "标点重复"),
    ("总支出1,23.40万元。", "数字的分节号"),
    ("总支出12,34万元，已支付。", "数字的分节号"),
    ("总支出12.34.56万元。", "数字的分节号"),
    ("总支出1991。04万元。", "数字的分节号"),
    ("加强内部管理（含下属单位，提高效率。", "括号不成对"),
    ("印发了《车辆管理办法，严格执行。", "书名号不成对"),
    ("落实“八项规定，压减开支。", "引号不成对"),
]
CLEAN = [
    "达到目的的措施有三条，增进了了解，促进了和和谐谐的氛围。",
    "总支出1,234.50万元，其中1，000.00万元已支付。",
    "主要做法：1）加强管理；2）压减开支。",
    "落实“八项规定”，印发《车辆管理办法（试行）》（湘办〔2018〕3号）。",
    "工作、学习、生活……都有保障。",
    "（一）基本情况\n单位共有人员41人（其中在职23人，\n退休18人）。",
    "2018.12.31前完成，版本1.2.3。",
]


@pytest.mark.parametrize(("text", "what"), SLIPS)
def test_slips_of_the_pen_are_notes(text: str, what: str) -> None:
    (finding,) = examined("X7", text).findings
    assert finding.message.startswith(what)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_has_no_slips(text: str) -> None:
    assert messages("X7", text) == []


def test_half_width_commas_as_punctuation_are_no_wrong_numbers() -> None:
    lines = ["全年支出,已完成,共计,较好。", "2018,12万元用于会议,其余用于培训。"]
    assert messages("X7", "\n".join(lines)) == []


VAGUE = [
    ("每日供应90多个菜，每月长途大约40趟。", ["90多", "大约40"]),
    ("同比每月增长80趟左右。", ["80趟左右"]),
    ("总经费约为13.0396亿元。", ["约为13.0396"]),
    ("超市有近1600余种商品。", ["近1600余"]),
    ("服务得到领导的高度好评。", ["高度好评"]),
]
EXACT = [
    "全年节约3.2万元，签约5家企业，近3年来运行平稳。",
    "结余1.20万元，多次组织培训，左右两侧均已绿化。",
    "满意度96%，发放问卷100份，收回98份。",
    "最近2次会议研究了预算，附近5个小区已改造。",
]


@pytest.mark.parametrize(("text", "seen"), VAGUE)
def test_vague_words_are_one_note_of_their_kind(text: str, seen: list[str]) -> None:
    assert quoted("V1", text) == [seen]


@pytest.mark.parametrize("text", EXACT)
def test_exact_figures_are_not_vague(text: str) -> None:
    assert messages("V1", text) == []


def test_near_and_over_contradict_each_other() -> None:
    assert "自相矛盾" in messages("V1", "商品近1600余种。")[0]


def test_a_masked_person_is_asked_about_once_a_line_and_blocks_nobody() -> None:
    found = examined("X5", "看望困难职工陈××、李××等5人，资助学生赵**（女）。").findings
    assert [finding.severity for finding in found] == [Severity.NOTE]
    assert all(name in found[0].message for name in ("陈××", "李××", "赵**"))


@pytest.mark.parametrize("text", ["陈××局负责日常管理。", "截至××年，张××万元。"])
def test_a_surname_before_a_placeholder_hides_nothing(text: str) -> None:
    assert [finding.severity for finding in examined("X5", text).findings].count(Severity.ERROR) >= 1
