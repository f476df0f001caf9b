"""X5: what a template left behind."""

import re
from collections.abc import Iterator

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Severity, Verdict
from perfapp.core.checking.wording.prose import around, clipped
from perfapp.core.manuscript import Line, LineKind, Manuscript, Place

_MONEY = "(?:万元|亿元|千元|元)"
_BLANK = r"[ \t\u3000]"
_UP, _DOWN = "增加|增长|上升|超支", "减少|下降|降低|节约"
_TELLS = f"为|共|计|{_UP}|{_DOWN}|支出|收入|预算|决算|拨款|资金|经费|金额|费"
_PLACEHOLDER, _PROMPT, _CHOICE, _NO_NUMBER = (
    "占位符没有替换",
    "填写提示没有删去",
    "选择项没有选定",
    "数字没有填写",
)
_RESIDUE = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        (_PLACEHOLDER, r"(?<![0-9A-Za-z])20(?:[Xx]{2}|××|\*\*)\s*年"),
        (_PLACEHOLDER, r"(?<![0-9A-Za-z×])(?:[XxＸｘ]{2,}|×{2,})(?![0-9A-Za-z×])"),
        (_PLACEHOLDER, rf"(?<![0-9A-Za-z）)])[XxＸ×](?={_MONEY}|年度|人次|个百分点|[%％])"),
        (_PLACEHOLDER, r"\{[^{}\n]{1,20}\}|某某(?=单位|部门|局|市|县|区|镇|乡)"),
        (
            _PROMPT,
            r"[（(【\[]\s*(?:此处|请(?![假示求教]))[^（）()【】\[\]]{0,20}"
            r"(?:填写|填入|填列|说明|注明|描述|概述|插入)[^（）()【】\[\]]{0,30}[)）】\]]",
        ),
        (_PROMPT, r"(?:^|[。；;，,（(])\s*如有[^，。；（）]{0,16}[，,]?\s*请(?:予以)?(?:说明|注明|填写|列明)"),
        (
            _CHOICE,
            rf"(?:{_UP}|{_DOWN})\s*(?:[（(]\s*或?(?:{_UP}|{_DOWN})\s*[)）]|/\s*(?:{_UP}|{_DOWN})|或(?:减少|下降))"
            rf"\s*(?:[（(]?[+\-－]?\d|[XxＸ×_＿]|{_BLANK}*{_MONEY}|{_BLANK}*[%％])",
        ),
        (_CHOICE, r"(?:大于|小于|多于|少于|高于|低于)\s*[（(]\s*(?:大于|小于|多于|少于|高于|低于)\s*[)）]"),
        (_CHOICE, rf"(?:{_UP}|{_DOWN})\s*[（(]\s*或?(?:{_UP}|{_DOWN})\s*[)）]的?(?:主要)?原因"),
        ("空格没有填写", rf"(?<![_＿])[_＿]{{2,}}\s*(?={_MONEY}|[%％]|个|人|项|次|年度)"),
        (_NO_NUMBER, rf"(?:{_TELLS})了?{_BLANK}+{_MONEY}(?![）)\d])"),
        (
            _NO_NUMBER,
            rf"(?:共计|合计|总计|(?:金额|支出|收入|预算|决算)为|(?:{_UP}|{_DOWN})了)(?:万元|亿元)(?!以[上下])",
        ),
        (_NO_NUMBER, rf"(?:占[^，。；：、\d%％]{{0,14}}|{_UP}|{_DOWN}|达到?|率为?){_BLANK}+[%％]"),
        (_NO_NUMBER, rf"(?:占比为|率为|(?:{_UP}|{_DOWN})了|占)[%％]"),
        ("括号里没有内容", rf"〔{_BLANK}*〕|《{_BLANK}*》|“{_BLANK}+”"),
    )
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁叶杜丁蒋余魏卢傅钟姜崔谭"
    "廖范汪陆康贾夏邱侯邹熊孟秦白尹薛闫段雷龙史陶贺顾毛郝龚邵钱覃武戴莫孔汤尤邢俞聂翁柯"
)
_MASKED = re.compile(
    rf"(?<=[{_SURNAMES}])(?:[XxＸｘ×]{{1,2}}|\*{{1,2}})(?=[、，,；;。）()（]|等|及|和|与|同志|户|家|老人|先生|女士|的|[XxＸｘ×\d]*$)"
)
_EXCEL_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!)")
_PUNCTUATION = re.compile(r"[，。；：,;:]")  # heads of a table that lost its lines read 金额 万元
_SIGN_OFF = re.compile(r"签字|签名|签章|盖章|填表人|填报人|联系电话")
_SAMPLE = re.compile(r"[（(](?:参考)?(?:模板|范本|样本|样表|参考提纲|参考格式|样式|提纲)[)）]")
_SAMPLE_LENGTH = 60
_SHOWN = 4  # masked names that a hint quotes


def residue(case: Case, rule: Rule) -> Verdict:
    """One finding for each place; the rule's words are looked for as they stand."""
    found = tuple(_finding(rule, *seen) for seen in _all_residue(case.manuscript, rule))
    masked = (one for line in case.manuscript.lines if (one := _masked(rule, line)))
    return Verdict(findings=(*found, *masked))


def _masked(rule: Rule, line: Line) -> Finding | None:
    """People whose names are masked, 陈××: meant so, or not yet filled in. One hint a line."""
    places = tuple(Place(line.number, found.start() - 1, found.end()) for found in _MASKED.finditer(line.text))
    if not places or line.kind is LineKind.ROW:
        return None
    told = "、".join(line.text[place.start : place.end] for place in places[:_SHOWN])
    message = f"人名用符号隐去：“{told}”，请确认是有意隐去，不是漏填。"
    suggestion = "公开时需要隐去姓名的可以保留；漏填的补上。"
    return Finding(rule.code, Severity.NOTE, message, None, None, places, suggestion, told)


def _finding(rule: Rule, line: Line, start: int, end: int, what: str) -> Finding:
    message = f"{what}：“{around(line, start, end)}”。"
    place, subject = Place(line.number, start, end), clipped(line.text[start:end])
    suggestion = "按本单位实际情况填写，不适用的删去。"
    return Finding(rule.code, rule.severity, message, None, None, (place,), suggestion, subject)


def _all_residue(manuscript: Manuscript, rule: Rule) -> Iterator[tuple[Line, int, int, str]]:
    literal = re.compile("|".join(map(re.escape, rule.words))) if rule.words else None
    for line in manuscript.lines:
        taken = [found.span() for found in _MASKED.finditer(line.text)]
        for what, pattern in _patterns(line, literal):
            for found in pattern.finditer(line.text):
                if not any(start < found.end() and found.start() < end for start, end in taken):
                    taken.append(found.span())
                    yield line, found.start(), found.end(), what


def _patterns(line: Line, literal: re.Pattern[str] | None) -> Iterator[tuple[str, re.Pattern[str]]]:
    """A form's own cells may read 增加（减少）, and its foot has blanks to sign on: only sentences are held to all."""
    yield "表格公式出错的值留在文中", _EXCEL_ERROR
    if len(line.text) <= _SAMPLE_LENGTH:
        yield "模板字样没有删去", _SAMPLE
    if line.kind is not LineKind.ROW and not _SIGN_OFF.search(line.text):
        is_sentence = _PUNCTUATION.search(line.text) is not None
        yield from (one for one in _RESIDUE if is_sentence or one[0] != _NO_NUMBER)
    if literal:
        yield _PROMPT, literal
