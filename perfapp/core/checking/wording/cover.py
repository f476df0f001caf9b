"""L2 a complete cover, X4 one spelling of the unit's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Verdict
from perfapp.core.checking.wording.prose import clipped, is_heading, mark, prose, whole_line
from perfapp.core.manuscript import Line, LineKind, Manuscript, Place

_LABEL = re.compile(
    r"\s*((?:预算|填报|编报|报告|评价|项目)?(?:单位|部门)(?:（单位）|\(单位\))?(?:名称|全称)?)\s*"
    r"(?:[（(]\s*(?:盖章|公章|签章|章)\s*[)）])?\s*([：:]?)[ \t\u3000_＿]*(.*)$"
)
_NAMED = re.compile(r"名称|填报|编报|评价单位|盖章|公章")
_ENDING = (
    "(?:局|委|委员会|办公室|办公厅|中心|院|校|学校|大学|学院|医院|所|站|队|处|部|厅|会|社|馆|台|团|政府|街道|办事处|园"
    "|公司|法院|检察院|党校|联|办|科)"
)
_NAME = re.compile(rf"[\u4e00-\u9fff（）()]{{2,40}}{_ENDING}(?=[^\u4e00-\u9fff]|$)")
_DATE = re.compile(
    r"(?:20\d\d|二[〇○0零O][一二三〇○零][一二三四五六七八九〇○零])\s*[年.\-/]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:月|[.\-/]\s*\d{1,2})"
)
_BLANK_DATE = re.compile(r"(?<!\d)[\s_＿]*年[\s_＿]+月[\s_＿]*(?:日|$)")
_COVER_LINES = 12
_FOOT_LINES = 10


def cover(case: Case, rule: Rule) -> Verdict:
    """A cover that asks for the unit's name and does not give it; no date on the cover nor at the end."""
    manuscript = case.manuscript
    lines = list(prose(manuscript))
    if not manuscript.is_whole or len(lines) < _COVER_LINES:
        return Verdict()
    front = _front(lines)
    asked = next(((at, found) for at, line in enumerate(front) if (found := _label(line))), None)
    if asked is None:
        return Verdict()
    at, found = asked
    findings: list[Finding] = []
    if not found[3].strip() and not _named_below(front, at):
        message = f"封面“{clipped(front[at].text)}”后面没有填写单位名称。"
        suggestion = "填写单位全称，与印章一致。"
        findings.append(
            Finding(rule.code, rule.severity, message, None, None, (whole_line(front[at]),), suggestion, "单位名称")
        )
    if not any(_DATE.search(line.text) for line in (*front, *lines[-_FOOT_LINES:])):
        blank = next((line for line in front if _BLANK_DATE.search(line.text)), front[at])
        message = "封面和文末都没有报告日期。"
        suggestion = "在封面或落款处写明报告日期，年月日写全。"
        findings.append(
            Finding(rule.code, rule.severity, message, None, None, (whole_line(blank),), suggestion, "报告日期")
        )
    return Verdict(findings=tuple(findings))


def _front(lines: list[Line]) -> list[Line]:
    """What stands before the first numbered heading or the first paragraph."""
    front: list[Line] = []
    for line in lines[:_COVER_LINES]:
        if mark(line.text) is not None or len(line.text.strip()) > 60:
            break
        front.append(line)
    return front


def _label(line: Line) -> re.Match[str] | None:
    found = _LABEL.match(line.text)
    return found if found and _NAMED.search(found.group()[: len(found.group()) - len(found[3])]) else None


def _named_below(front: list[Line], at: int) -> bool:
    """The name stands in the next line."""
    following = front[at + 1].text.strip() if at + 1 < len(front) else ""
    return _NAME.search(following) is not None and not _LABEL.match(following)


_ADMINISTRATIVE = "省市县区州盟旗镇乡"
_DIFFERENT_UNITS = frozenset(
    "一二三四五六七八九十0123456789东西南北上下大小中老新总支甲乙前后左右内外省市县区州镇乡村男女"
)
_DIRECTIONS = frozenset("东西南北上下大小老新中")
_SHORTEST_CORE = 6


@dataclass(frozen=True, slots=True)
class _Name:
    """株洲市芦淞区 + 机关事务服务中心: the place may be left out, the core may not be spelt otherwise."""

    area: str
    core: str


def one_name(case: Case, rule: Rule) -> Verdict:
    """Words that are the unit's name but for one character. Short names are left alone: 财政局 is not 民政局."""
    manuscript = case.manuscript
    full = _unit_name(manuscript)
    name = _split(full)
    if len(name.core) < _SHORTEST_CORE:
        return Verdict()
    found: dict[str, list[Place]] = {}
    for line in manuscript.lines:
        for start, end in (*_misspelt_cores(line.text, name.core), *_misspelt_areas(line.text, name)):
            found.setdefault(line.text[start:end], []).append(Place(line.number, start, end))
    return Verdict(findings=tuple(_two_spellings(rule, full, seen, tuple(places)) for seen, places in found.items()))


def _two_spellings(rule: Rule, full: str, seen: str, places: tuple[Place, ...]) -> Finding:
    message = f"单位名称有两种写法：“{full}”和“{seen}”，只差一个字。"
    suggestion = f"统一写成与印章一致的全称“{full}”。"
    return Finding(rule.code, rule.severity, message, None, None, places, suggestion, seen)


def _unit_name(manuscript: Manuscript) -> str:
    """As given; else from the cover, from the title before its year, or the subject of an early sentence."""
    if manuscript.unit_name:
        return manuscript.unit_name
    lines = list(prose(manuscript))
    front = _front(lines)
    for line in front:
        found = _label(line)
        if found and (name := _NAME.fullmatch(found[3].strip())):
            return name.group()
    for line in front:
        titled = re.match(rf"\s*([\u4e00-\u9fff]{{2,30}}{_ENDING})\s*(?:关于)?20\d\d\s*年", line.text)
        if titled and (line.kind is not LineKind.TEXT or is_heading(line)):
            return titled[1]
    for line in lines[:30]:
        subject = re.match(
            rf"\s*([\u4e00-\u9fff]{{6,30}}?{_ENDING})(?=[（(]以下简称|系|是|为[^了]|成立于|主要(?:负责|职责)|内设)",
            line.text,
        )
        if subject:
            return subject[1]
    return ""


def _split(name: str) -> _Name:
    cut = max((name.rfind(letter, 0, -2) for letter in _ADMINISTRATIVE), default=-1) + 1
    return _Name(name[:cut], name[cut:])


def _misspelt_cores(text: str, core: str) -> Iterator[tuple[int, int]]:
    """One character otherwise, missing, doubled or changed with its neighbour: then one half stands as it should."""
    half = len(core) // 2
    for piece, offset in ((core[:half], 0), (core[half:], half)):
        at = text.find(piece)
        while at >= 0:
            for length in (len(core), len(core) - 1, len(core) + 1):
                start = at if offset == 0 else at + len(piece) - length
                candidate = text[max(start, 0) : max(start, 0) + length]
                if start >= 0 and _is_slip(candidate, core):
                    yield start, start + length
                    break
            at = text.find(piece, at + len(piece))


def _is_slip(seen: str, core: str) -> bool:
    if seen == core or seen[-1:] != core[-1:] or seen[:1] != core[:1]:
        return False
    if len(seen) == len(core):
        wrong = [at for at in range(len(core)) if seen[at] != core[at]]
        swapped = len(wrong) == 2 and seen[wrong[0]] == core[wrong[1]] and seen[wrong[1]] == core[wrong[0]]
        if swapped and wrong[1] == wrong[0] + 1:
            return True
        return len(wrong) == 1 and _is_typing_error(seen[wrong[0]], core[wrong[0]])
    longer, shorter = (seen, core) if len(seen) > len(core) else (core, seen)
    gaps = [at for at in range(len(longer)) if longer[:at] + longer[at + 1 :] == shorter]
    return bool(gaps) and len(seen) > len(core) and longer[gaps[0]] in core


def _is_typing_error(seen: str, meant: str) -> bool:
    """第一 and 第二 are two units, 大队 and 中队 too; a stop or a digit belongs to no name."""
    return "\u4e00" <= seen <= "\u9fff" and seen not in _DIFFERENT_UNITS and meant not in _DIFFERENT_UNITS


def _is_other_writing(seen: str, meant: str) -> bool:
    """株州 for 株洲; but 湖北 is not 湖南, and a county is not a district."""
    return "\u4e00" <= seen <= "\u9fff" and not {seen, meant} & _DIRECTIONS and meant not in _ADMINISTRATIVE


def _misspelt_areas(text: str, name: _Name) -> Iterator[tuple[int, int]]:
    """株州市 for 株洲市, where the whole name follows."""
    at = text.find(name.core)
    while name.area and at >= 0:
        start = at - len(name.area)
        seen = text[max(start, 0) : at]
        wrong = [pair for pair in zip(seen, name.area, strict=False) if pair[0] != pair[1]]
        if start >= 0 and len(wrong) == 1 and _is_other_writing(*wrong[0]) and len(name.area) > 2:
            yield start, at + len(name.core)
        at = text.find(name.core, at + len(name.core))
