"""X3 years left over from another report, W5 one cut-off date."""

import re
from collections import Counter
from collections.abc import Iterator

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Verdict
from perfapp.core.checking.wording.prose import Span, all_sentences, clipped, is_heading, prose, report_year, sentences
from perfapp.core.manuscript import LineKind

_BOOK_TITLE = re.compile(r"《[^》]*》|〔[^〕]*〕|\[20\d\d\]|（20\d\d）\d*号|[“\"][^”\"]{5,}[”\"]")
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_HEADING_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?:度|(?!\s*\d{1,2}\s*月))")
_REPORTED = (
    "(?:部门|单位|整体|绩效|预算执行|预算绩效|预算安排|决算|收支|收入|总收入|总支出|支出|财政拨款|基本支出|项目支出"
    '|[“"]?三公|年末|总体)'
)
_YEAR_PHRASE = re.compile(rf"(?<![\d-])(20\d\d)\s*年度(?={_REPORTED})")
_YEAR_END = re.compile(r"截[至止]到?\s*(20\d\d)\s*年\s*(?:12\s*月\s*31\s*日|12\s*月\s*[底末]|年?[底末])")
_SELF_REPORT = re.compile(r"(?<!\d)(20\d\d)\s*年度?(?:部门|单位|部门（单位）)?整体支出")
_COMPARED_MONEY = re.compile(
    r"(?:^|[。；;\s])\s*(20\d\d)\s*年度?[^，。；;\d]{0,24}(?:决算|支出|收入|经费)[^，。；;\d]{0,6}(?:同比|[较比]上年)"
)
_TOLD_OF_WORK = re.compile(  # what was done in the whole of a year: the report's own, one should think
    r"(?:^|[。；;：:\s])\s*(20\d\d)\s*年度?[，,]?(?:全年|全市|全县|全区|全镇|我?[局院校镇乡委办厅]|我?单位|我?中心)?(?:全年)?[，,]?(?:共|累计|总共)"
    r"(?!.*(?:当年|当时|该年|已|上年|结转|比|较|增|减|为[^，。]{0,12}奠定))[^，。；;\d]{2,12}\d"
)
_ABOUT_LATER = re.compile(
    r"计划|打算|安排|目标|思路|下一|明年|来年|今后|将|编制|申报|预算|展望|规划|拟|明确|工作要点|筹备|起"
)
_ABOUT_EARLIER = re.compile(
    r"结转|结余|以前|往年|历年|上年|去年|前年|审计|巡[视察]|规划|以来|自20|跨年|续建|延续|比|较|相比|同期|文件|通知|批复|办法|标准|\b号|号文|印发|颁布|出台"
    r"|启动|开工|立项|成立|开始|起|荣获|获得|评为|表彰|遗留|欠|清算|试点|滚动|周期|期间|(?:[-—~～]|(?<!截)至)\s*20\d\d"
)
_THIS_YEAR = re.compile(r"今年|本年|当年")
_ABOUT_ANOTHER_REPORT = re.compile(
    r"上年|上一年|往年|去年|以前|应用|整改|通知|文件|根据|按照|依据|要求|关于|公开|公示|复核|抽查|反馈|相比|较"
)


def leftover_years(case: Case, rule: Rule) -> Verdict:
    """Years that can hardly be meant. Silent without a year of the report, and where a sentence names several years."""
    year = report_year(case.manuscript)
    if year is None:
        return Verdict()
    told = Counter(int(year) for line in prose(case.manuscript) for year in _ANY_YEAR.findall(line.text))
    found = {
        span.place(start, end): (span, seen)
        for span, start, end, seen in _suspects(case, year)
        if told[seen] < told[year]  # else it is our year that is mistaken
    }
    return Verdict(
        findings=tuple(
            Finding(
                rule.code,
                rule.severity,
                f"本报告是{year}年度的，这里写的是{seen}年：“{clipped(span.text)}”，像是从别的年度的报告沿用下来的。",
                None,
                None,
                (place,),
                f"核对年度，应为{year}年的改过来；确指{seen}年的写明缘由。",
                str(seen),
            )
            for place, (span, seen) in found.items()
        )
    )


def _suspects(case: Case, year: int) -> Iterator[tuple[Span, int, int, int]]:
    for line in prose(case.manuscript):
        if line.kind is LineKind.TITLE or is_heading(line):
            yield from _in_heading(Span(line.number, 0, line.text), year)
        beside = str(year) in line.text or _THIS_YEAR.search(line.text) is not None
        for sentence in sentences(line):
            yield from _in_sentence(sentence, year, beside=beside)


def _in_heading(heading: Span, year: int) -> Iterator[tuple[Span, int, int, int]]:
    words = _without_titles(heading.text)
    for found in _HEADING_YEAR.finditer(words):
        seen = int(found[1])
        if _is_far(seen, year) and not _is_meant(words, seen, year) and not _names_several(words, seen):
            yield heading, *_year_of(words, found), seen


def _in_sentence(sentence: Span, year: int, *, beside: bool) -> Iterator[tuple[Span, int, int, int]]:
    if "20" not in sentence.text:
        return
    words = _without_titles(sentence.text)
    if not beside:
        yield from _of_another_report(sentence, words, year)
    for pattern in (_YEAR_PHRASE, _YEAR_END):
        for found in pattern.finditer(words):
            seen = int(found[1])
            if _is_far(seen, year) and not _is_meant(words, seen, year) and not _names_several(words, seen):
                yield sentence, *_year_of(words, found), seen


def _of_another_report(sentence: Span, words: str, year: int) -> Iterator[tuple[Span, int, int, int]]:
    """The whole spending of another year, or last year's money compared with the year before it."""
    about_another = _ABOUT_ANOTHER_REPORT.search(words) is not None
    for found in _SELF_REPORT.finditer(words):
        if int(found[1]) != year and not about_another:
            yield sentence, *_year_of(words, found), int(found[1])
    for pattern in (_COMPARED_MONEY, _TOLD_OF_WORK):
        for found in pattern.finditer(words):
            seen = int(found[1])
            if seen == year - 1 and not (pattern is _TOLD_OF_WORK and _is_meant(words, seen, year)):
                yield sentence, *_year_of(words, found), seen


def _year_of(words: str, found: re.Match[str]) -> tuple[int, int]:
    """From the first digit to 年."""
    return found.start(1), words.index("年", found.end(1)) + 1


def _is_far(seen: int, year: int) -> bool:
    """Neither the year itself nor the one it is compared with; far history is told on purpose."""
    return seen == year + 1 or year - 5 <= seen <= year - 2


def _is_meant(words: str, seen: int, year: int) -> bool:
    about = _ABOUT_LATER if seen > year else _ABOUT_EARLIER
    return about.search(words) is not None


def _names_several(words: str, seen: int) -> bool:
    """Other years beside it: a series, a comparison or a history."""
    return any(found.group() != str(seen) for found in _ANY_YEAR.finditer(words))


def _without_titles(text: str) -> str:
    """Titles, numbers of documents and quotations blanked out, every character keeping its place."""
    return _BOOK_TITLE.sub(lambda found: "\u3000" * len(found.group()), text)


_CUT_OFF = re.compile(
    r"截[至止]到?\s*(?:当前|目前(?:为止)?|现在|今|(?:(?P<year>20\d\d)\s*年|本年|今年)?\s*(?P<month>[1-9]|10|11)\s*月\s*(?:[底末初]|\d{1,2}\s*日)?)(?![底末日前]?前)"
)
_WHOLE_YEAR = re.compile(r"全年[^。；;]{0,40}?\d[\d,.]*\s*(?:[\u4e00-\u9fff]|%|％)")
_YEAR_END_DATE = re.compile(r"截[至止]到?\s*(?:20\d\d\s*年\s*)?(?:12\s*月\s*31\s*日|年[底末]|12\s*月\s*[底末])")
_FIGURE = re.compile(r"\d[\d,.]*\s*(?:[\u4e00-\u9fff]|%|％)")


def one_cut_off(case: Case, rule: Rule) -> Verdict:
    """截止当前 or a month within the year, with figures, in a report that also has figures of the whole year."""
    year = report_year(case.manuscript)
    spans = all_sentences(case.manuscript)
    partial = [(span, found) for span in spans for found in _CUT_OFF.finditer(span.text) if _counts(span, found, year)]
    whole = _first_of(spans, _WHOLE_YEAR) or _first_of(spans, _YEAR_END_DATE)
    if not partial or whole is None:
        return Verdict()
    phrase = clipped(partial[0][0].text[partial[0][1].start() :], 24)
    message = f"同一份报告有两个统计截止时间：“{phrase}”只统计到年中，而“{clipped(whole[1].group(), 24)}”是全年数。"
    places = (*(span.place(*found.span()) for span, found in partial), whole[0].place(*whole[1].span()))
    suggestion = (
        f"统一到{year}年12月31日，补齐其后月份的数；确需分开的写明各自的期间。" if year else "统一到12月31日的全年数。"
    )
    return Verdict(findings=(Finding(rule.code, rule.severity, message, None, None, places, suggestion, "截止时间"),))


def _first_of(spans: tuple[Span, ...], pattern: re.Pattern[str]) -> tuple[Span, re.Match[str]] | None:
    matches = ((span, pattern.search(span.text)) for span in spans if not _CUT_OFF.search(span.text))
    return next(((span, found) for span, found in matches if found), None)


def _counts(span: Span, found: re.Match[str], year: int | None) -> bool:
    """With a figure after it in the same sentence, and of this year as far as is said."""
    named = found["year"]
    return (named is None or year is None or int(named) == year) and _FIGURE.search(span.text, found.end()) is not None
