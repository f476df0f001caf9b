"""X2: nothing spent in a field, while the text tells what was done there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Verdict
from perfapp.core.checking.wording.prose import Span, all_sentences, clipped
from perfapp.core.manuscript import LineKind, Manuscript

_AMOUNT = r"(?:[^，。；;：:\d]{0,10}?)(?:为|共|共计|计|是)?\s*(?:0(?:\.0+)?|零)\s*(?:万元|元)"
_PREMISES = (
    "食堂|餐厅|办公楼|办公用房|办公区|大院|院内|院落|老院|新院|会议室|宿舍楼|服务大厅|档案室|厨房|酒楼|门卫|围墙|车库"
)
_COUNT = r"\s*(?!0\D)\d[\d,]*\s*(?:余|多)?\s*"


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of spending, what in the text shows that something was done in it, and what only seems to."""

    name: str
    zero: re.Pattern[str]
    activity: re.Pattern[str]
    not_meant: re.Pattern[str]
    where: re.Pattern[str]  # must stand in the sentence: the unit's own rooms, not the town it builds


def _field(name: str, label: str, activity: str, not_meant: str, where: str = "") -> _Field:
    zero = re.compile(rf"(?:{label}){_AMOUNT}")
    return _Field(name, zero, re.compile(activity), re.compile(not_meant), re.compile(where))


_FIELDS = (
    _field(
        "基建维修",
        r"(?:基建|基本建设|维修|修缮|维修改造|基建维修|房屋建筑物购建|大型修缮)(?:\(?（?[^）)，。]{0,6}[）)])?(?:支出|费用?|经费)",
        r"提质改造|维修改造|竣工验收|(?:进行|完成|实施|开展)[^，。；]{0,12}(?:改造|装修|维修|修缮|翻新|扩建|加固)"
        r"|(?:改造|装修|维修|修缮)[^，。；]{0,14}(?:完工|竣工|完成|结束|投入使用)|改造(?:工程|项目)施工",
        r"负责|职责|拟|计划|将要?|下一步|建议|申请|小区|道路|[农乡]|村|户|危房|学校|校园|老旧|棚户|幼儿园|敬老院|社区",
        _PREMISES,
    ),
    _field(
        "公务接待费",
        r"公务接待(?:费用?|经费|支出)(?:支出|决算)?",
        rf"接待(?!查档|查询|群众|游客|读者|咨询|信访)[^，。；]{{0,14}}?{_COUNT}(?:个?批次|批|人次|人)|(?:来宾|来访|考察组?|调研组?){_COUNT}(?:个?批次|批)",
        r"群众|信访|游客|旅客|患者|病人|咨询|观众|读者|学生|参观|研学|讲解|办事|来电|求助|服务对象|家长|市民|当事人|上访|投诉"
        r"|来访(?!的?(?:同行|客|嘉?宾|考察|领导|单位|团))",
    ),
    _field(
        "因公出国（境）费",
        r"(?:因公)?出国(?:[（(]境[)）])?(?:费用?|经费|支出)(?:支出|决算)?",
        r"赴(?:美|英|法|德|日本|韩|俄|加拿大|澳|新加坡|新西兰|意大利|西班牙|泰|越南|马来西亚|印尼|印度|以色列|欧洲|非洲|港|台湾|国外|境外|海外)[^，。；]{0,20}(?:考察|访问|培训|学习|交流|参会|参展|招商)"
        rf"|出国(?:[（(]境[)）])?(?:考察|访问|培训|团组){_COUNT}",
        r"未|没有|审批|办理|护照|劳务|留学|群众|企业赴|学生|居民",
    ),
    _field(
        "会议费",
        r"会议(?:费用?|经费)(?:支出|决算)?",
        r"(?:召开|承办|举办|组织)[^，。；]{0,6}全(?:国|省|市|县|区|州)[^，。；]{0,24}(?:会议|大会|现场会|推进会|动员会|交流会)",
        r"视频|参加|列席|传达|筹备",
    ),
    _field(
        "培训费",
        r"培训(?:费用?|经费)(?:支出|决算)?",
        rf"(?:举办|组织|开展|承办)[^，。；]{{0,24}}培训(?:班|会|活动|工作)?[^，。；\d]{{0,4}}{_COUNT}(?:余|多)?(?:次|期|场|班|批|人次|人|个班)|培训班{_COUNT}(?:期|次|场|个)",
        r"参加|线上|网络|远程|视频|企业|[农村]|社区|群众|市民|居民|学生|教师|从业|学员|志愿|物业|免费|技能|创业|家政|驾驶",
    ),
    _field(
        "公务用车运行维护费",
        r"(?:公务用?车|公车)(?:购置(?:及|和|与)?)?运行(?:维护|维修)?(?:费用?|经费)(?:支出|决算)?",
        rf"(?:派车|出车|用车)[^，。；\d]{{0,6}}{_COUNT}(?:趟|次|台次|辆次)|(?:保有量|公务用车|公车)[^，。；\d]{{0,6}}(?:为|共)?{_COUNT}(?:辆|台)(?!次)",
        r"购置|平台|统一|调配|租",
    ),
    _field(
        "政府采购",
        r"政府采购(?:支出)?(?:总额|金额|支出|规模)",
        r"(?:通过|实施|完成)[^，。；]{0,10}政府采购[^，。；]{0,12}(?:项目|签订|合同|中标|成交)|政府采购项目\s*[1-9]\d*\s*个",
        r"未|没有|拟|计划|制度|办法|监管|审批",
    ),
)
_CHANGE = re.compile(r"增加|减少|增长|下降|节约|预算数?(?!执行)|上年|较|比|同比|追加|年初")
_PAID_ELSEWHERE = re.compile(
    r"由[^，。；]{1,24}(?:支付|承担|负担|列支|安排|保障|结算|出资)|另行安排|另外安排|统一(?:支付|结算|核算|安排|列支)|不在(?:本|我)单位|代(?:建|付|管)|免费|未产生费用|不产生费用"
    r"|没有产生|无需(?:支付|费用)|不计入|不列入|在[^，。；]{1,20}(?:中|里)?列支|计入|尚未(?:支付|结算|付款)|未(?:支付|付款|结算)|下年(?:支付|结算)|捐|自筹|零成本|公用经费支出"
)
_SHOWN = 4


def zero_against_activity(case: Case, rule: Rule) -> Verdict:
    """One finding for each field; silent where the text says who else paid."""
    spans = all_sentences(case.manuscript)
    findings = (finding for field in _FIELDS if (finding := _contradiction(field, case.manuscript, spans, rule)))
    return Verdict(findings=tuple(findings))


def _contradiction(field: _Field, manuscript: Manuscript, spans: tuple[Span, ...], rule: Rule) -> Finding | None:
    zero = next(_zeros(field, manuscript, spans), None)
    if zero is None:
        return None
    done = [
        (at, found)
        for at, span in enumerate(spans)
        if (found := field.activity.search(span.text))
        and field.where.search(span.text)
        and not field.not_meant.search(_clause(span.text, found))
    ]
    if not done or any(_PAID_ELSEWHERE.search(spans[near].text) for at, _ in done for near in _near(at, spans)):
        return None
    told = "；".join(f"“{clipped(_clause(spans[at].text, found).strip(), 36)}”" for at, found in done[:2])
    place = zero.whole
    message = f"{field.name}支出写为0（“{clipped(zero.text, 30)}”），但文中写有{told}，两者矛盾。"
    suggestion = f"核对{field.name}在哪个科目、由哪个单位列支：有支出的填实数，由别的单位承担的写明。"
    places = (place, *(spans[at].place(*found.span()) for at, found in done[:_SHOWN]))
    return Finding(rule.code, rule.severity, message, Decimal(0), None, places, suggestion, field.name)


def _zeros(field: _Field, manuscript: Manuscript, spans: tuple[Span, ...]) -> Iterator[Span]:
    for at, span in enumerate(spans):
        for found in field.zero.finditer(span.text):
            before = span.text[max(0, found.start() - 6) : found.end()]
            is_change = _CHANGE.search(before) is not None
            if not is_change and not any(_PAID_ELSEWHERE.search(spans[near].text) for near in _near(at, spans)):
                yield Span(span.line, span.start + found.start(), found.group())
    for line in manuscript.lines:
        if line.kind is LineKind.ROW and _is_zero_row(field, line.text):
            yield Span(line.number, 0, line.text)


def _is_zero_row(field: _Field, row: str) -> bool:
    """A row of the field in which every amount is zero."""
    label, *cells = [cell.strip() for cell in row.split("\t")]
    amounts = [cell for cell in cells if re.fullmatch(r"[\d,.]+", cell)]
    return (
        bool(amounts)
        and not any(cell.strip("0.,") for cell in amounts)
        and field.zero.search(f"{label}0元") is not None
    )


def _near(at: int, spans: tuple[Span, ...]) -> range:
    """The sentence and the next one, as far as it stands in the same line."""
    following = at + 1
    return range(at, following + 1 if following < len(spans) and spans[following].line == spans[at].line else following)


def _clause(text: str, found: re.Match[str]) -> str:
    """What was done, from comma to comma."""
    start = max(text.rfind(mark, 0, found.start()) for mark in "，。；;：:") + 1
    ends = [at for mark in "，。；;" if (at := text.find(mark, found.end())) >= 0]
    return text[start : min(ends, default=len(text))]
