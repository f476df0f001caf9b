"""What a report must hold: C1 三公经费, C2 信息公开 under its heading, C3 a score, C4 a measure for each problem."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Passed, Severity, Verdict
from perfapp.core.checking.wording.prose import (
    clipped,
    is_heading,
    is_whole_spending,
    mark,
    prose,
    report_year,
    whole_line,
)
from perfapp.core.manuscript import Line, Place

_THREE_COSTS = re.compile(r"三公|公务接待(?:费|经费|支出)|公务用?车(?:购置|运行)|因公出国")
_HAS_AMOUNT = re.compile(r"\d|零|无|没有|未发生|未安排|附件|附表|见表")
_RECEPTION = re.compile(r"公务接待|接待来宾|接待[^，。；]{0,10}\d+\s*(?:批|人)")
_CARS = re.compile(r"派车|公务用车|公车|车辆保有")


def three_costs(case: Case, rule: Rule) -> Verdict:
    """C1: a report on the whole spending says what 三公经费 came to, the more so one that tells of guests or cars."""
    if not is_whole_spending(case.manuscript):
        return Verdict()
    lines = case.manuscript.lines
    named = [number for number, line in enumerate(lines) if _THREE_COSTS.search(line.text)]
    if any(_HAS_AMOUNT.search(line.text) for number in named for line in lines[number : number + 3]):
        return Verdict()
    told = [
        (place, words)
        for words, pattern in (("公务接待", _RECEPTION), ("公务用车", _CARS))
        if (place := _first_place(lines, pattern))
    ]
    what = "只提到“三公”经费，没有写金额" if named else "全文没有“三公”经费"
    why = f"，而文中写到{'和'.join(words for _, words in told)}" if told else ""
    message = f"{what}{why}。部门整体支出报告应列出因公出国（境）、公务用车、公务接待三项的金额。"
    year = report_year(case.manuscript)
    suggestion = f"补写{year or '本'}年“三公”经费预算数、决算数和上年数，没有发生的写明为0。"
    places = tuple(place for place, _ in told)
    return Verdict(findings=(Finding(rule.code, rule.severity, message, None, None, places, suggestion, "三公经费"),))


def _first_place(lines: Sequence[Line], pattern: re.Pattern[str]) -> Place | None:
    for line in lines:
        if found := pattern.search(line.text):
            return Place(line.number, *found.span())
    return None


_SHORT = 30  # characters; more is a sentence
_PROMISES = re.compile(r"(?:预|决)?算?[^，。]{0,6}信息公开|预决算公开")
_DISCLOSED = re.compile(
    r"信息公开|预决算公开|(?:预算|决算)[^，。；]{0,12}公开|公开[^，。；]{0,12}(?:预算|决算)|公示|网站|门户|公开栏|政务网|公众号"
    r"|(?:已|按|及时|全部|主动|依法)[^，。；]{0,10}公开(?!招标|透明|公正)"
)


def disclosure(case: Case, rule: Rule) -> Verdict:
    """C2: a heading that promises 信息公开, and neither its section nor the rest of the report speaks of it."""
    lines = [line for line in case.manuscript.lines if line.text.strip()]
    promises = [line for line in lines if _promises(line)]
    numbers = {line.number for line in promises}
    if not promises or promises[-1] is lines[-1]:
        return Verdict()
    if any(_DISCLOSED.search(line.text) for line in lines if line.number not in numbers):
        return Verdict()
    heading = promises[-1]  # a table of contents has it before
    message = f"标题“{clipped(heading.text)}”写了信息公开，但下面和全文没有一句说到公开的情况。"
    suggestion = "补写预算、决算公开的日期、网址或公开栏，没有公开的写明原因。"
    finding = Finding(rule.code, rule.severity, message, None, None, (whole_line(heading),), suggestion, "信息公开")
    return Verdict(findings=(finding,))


def _promises(line: Line) -> bool:
    text = line.text.strip()
    if len(text) > _SHORT or not _PROMISES.search(text) or not is_heading(line):
        return False
    return mark(text) is not None or re.search(r"[预决]算", text) is not None


_SCORED = re.compile(
    r"得分|评分|自评[^，。；]{0,8}分|(?<!\d)\d{1,3}(?:\.\d+)?\s*分(?![钟之别类公贝])|评价等级|(?:评价|自评)(?:结果|结论|等级)[^，。；]{0,12}[优良中差]|[“\"][优良][”\"]"
    r"|(?:等[级次]|评定)为?[^，。；]{0,4}[优良中差]"
)
_ANNEXED = re.compile(r"(?:附件|附表|附)[^。]{0,20}(?:评分表|自评表|打分表|指标表|指标体系)")
_SELF = re.compile(r"自评|自我评价|绩效评价")


def self_score(case: Case, rule: Rule) -> Verdict:
    """C3: a self-evaluation without a score and without a grade, in words or in a table."""
    lines = list(prose(case.manuscript))
    if not is_whole_spending(case.manuscript) or not any(_SELF.search(line.text) for line in lines[:15]):
        return Verdict()
    if any(_SCORED.search(line.text) or _ANNEXED.search(line.text) for line in case.manuscript.lines):
        return Verdict()
    message = "全文没有自评得分和评价等级，也没有评分表。"
    suggestion = "按评价指标表打分，写出自评总分和等级，并附自评表。"
    title = next((line for line in lines if _SELF.search(line.text)), lines[0])
    finding = Finding(rule.code, rule.severity, message, None, None, (whole_line(title),), suggestion, "自评得分")
    return Verdict(findings=(finding,))


_PROBLEMS = re.compile(r"问题|不足|困难")
_MEASURES = re.compile(r"措施|建议|打算|下一步|改进|努力方向")
_INLINE = re.compile(r"(?:^|[。；;，,、：:）)\s])([一二三四五六七八九十])是")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Part:
    heading: Line
    items: tuple[Place, ...]


def problems_and_measures(case: Case, rule: Rule) -> Verdict:
    """C4: as many measures as problems, at the least. Both must stand under headings of their own and be numbered."""
    lines = list(prose(case.manuscript))
    problems = _part(lines, _PROBLEMS, _MEASURES)
    measures = _part(lines, _MEASURES, _PROBLEMS)
    if problems is None or measures is None or min(len(problems.items), len(measures.items)) < _FEWEST:
        return Verdict()
    left, right = len(problems.items), len(measures.items)
    places = (whole_line(problems.heading), whole_line(measures.heading), *problems.items, *measures.items)
    if left == right:
        message = f"存在的问题{left}条，改进措施{right}条，条数相等。"
        return Verdict(passed=(Passed(rule.code, message, Decimal(left), Decimal(right), places),))
    if left < right:
        return Verdict()
    message = f"存在的问题有{left}条，改进措施只有{right}条，有的问题可能没有措施。"
    suggestion = "逐条对照：每个问题写一条措施、责任科室和时限。"
    finding = Finding(
        rule.code, Severity.NOTE, message, Decimal(left), Decimal(right), places, suggestion, "问题与措施"
    )
    return Verdict(findings=(finding,))


def _part(lines: Sequence[Line], wanted: re.Pattern[str], other: re.Pattern[str]) -> _Part | None:
    """The last heading of that kind that has items under it: a table of contents comes first and has none."""
    found: _Part | None = None
    for at, line in enumerate(lines):
        if is_heading(line) and wanted.search(line.text) and not other.search(line.text):
            items = tuple(_items(lines, at))
            found = _Part(line, items) if items else found
    return found


def _items(lines: Sequence[Line], at: int) -> Iterator[Place]:
    """The numbered lines of the first level under the heading; without such, the 一是 二是 of its text."""
    own = mark(lines[at].text)
    level = 0
    inline: list[Place] = []
    for line in lines[at + 1 :]:
        found = mark(line.text)
        ends = found is not None and own is not None and found.level <= own.level
        if ends or (found is None and is_heading(line) and not line.text.rstrip().endswith(("。", "；"))):
            break
        inline += (Place(line.number, item.start(1), item.end()) for item in _INLINE.finditer(line.text))
        if found is None or not (level == 0 or found.level == level):
            continue
        level = found.level
        yield whole_line(line) if len(line.text) < 60 else Place(line.number, 0, found.end)
    if level == 0:
        yield from inline
