"""Lists that say that they are lists: 其中…, 包括…, 分别为…, or a 共计… at the end."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, takewhile

from perfapp.core.checking.sentences.adding import INNER, Sum
from perfapp.core.checking.sentences.flows import ADDED_TO, REACH, Flow, alike, dimension_of, totals_of
from perfapp.core.checking.sentences.numbers import Fit, amount, sum_fit
from perfapp.core.checking.sentences.prose import Paragraph, Quantity
from perfapp.core.chinese import numeral
from perfapp.core.figures.figure import Kind

GENERIC = "M8"
_LONGEST = 40  # parts that a list may have
_READINGS = 12  # ways to read one list; more would be looking for one that happens to fit
_OPENS = re.compile(
    r"其中|包括|包含|分别|(?:收入|支出|预算|经费|资金)中[，,：:]|具体(?:为|是|包括|如下|情况)|(?:用于|用在|分为)(?:以下|下列)?|构成|组成|明细|[:：]"
)
_BREAKS = re.compile(r"其中|另|同时|此外|加上|加之|结转|结余")
_SEMICOLON = re.compile(r"[；;]")
_WHOLE_LIST = re.compile(r"分别|组成|构成|分为|(?:用于|以下|下列)(?:几个)?方面")
_OTHERS = re.compile(r"(?:其他|其它|其余)[^，。；、：:]{0,10}$")
_AND_SO_ON = re.compile(r"^[^，。；、]{0,6}等")
_JOINER = re.compile(r"[、，,]?[和及与]?|[、，,]")
_IN_BRACKETS = re.compile(r"^[（(]")
_OF_PERIOD = re.compile(r"上半年|下半年|[一二三四1-4]季度")
_WHOLE_YEAR = re.compile(r"^全年")
_SUMS_UP = re.compile(
    r"^(?:以上)?(?:各项|[两二三四五六七八九十]{1,2}[项类者]|[“\"][^”\"]{1,6}[”\"])?(?:共计|合计|总计|共)(?![^，。；]{2})"
)
_ABOVE = re.compile(
    r"\s*(?:以上|上述)(?:各)?(?P<many>[两二三四五六七八九十]{0,2})[项个类](?:项目)?(?:支出|资金|经费)?(?:共计|合计|总计|共)"
)
NUMERALS = {numeral(number): number for number in range(2, 21)} | {"两": 2}
_COMES_TO = re.compile(r"(?:收入|支出|财力|资金|来源)(?:合计|总计|总量|共计)|可支配(?:收入|财力|资金)")
_OPEN = re.compile(r"主要|部分(?!供养)|重点|较大|等(?![奖级])|(?<!节)约")
_OVERLAPPING = re.compile(r"党员|女|本科|大专|学历|研究生|少数民族|职称|高级|中级|初级|岁")
_OPPOSITES = (
    ("线上", "线下"),
    ("室内", "室外"),
    ("公办", "民办"),
    ("工作日", "节假日"),
    ("行政村", "社区"),
    ("集中供养", "分散供养"),
    ("集中采购", "分散采购"),
    ("已完成", "未完成"),
    ("竣工", "在建", "未开工"),
    ("合格", "不合格"),
    ("上半年", "下半年"),
    ("市外", "市内"),
    ("省外", "省内"),
    ("国内", "国外"),
    ("国内", "境外"),
    ("旧存", "新收"),
    ("城镇", "农村"),
    ("城市", "农村"),
    ("自有", "租赁"),
    ("新建", "续建"),
    ("男", "女"),
)
_AMONG = re.compile(r"(?P<of>[一-鿿]{2,10})[中里](?!心|央|小|学|医|型|期|级)")
_RANKED = re.compile(r"位列|位居|名列|居[前第首]|排名?第|前[两二三四五]")  # those that follow are some of what was told
_GRADES = re.compile(r"高级|中级|初级")


def told_lists(flow: Flow, year: int | None, tail: Decimal) -> Iterator[Sum]:
    for at in range(1, len(flow.quantities)):
        first = flow.quantities[at]
        if not flow.is_list and (_SUMS_UP.search(first.clause) or _is_year_of_periods(flow, at)):
            parts = tuple(
                q
                for q in flow.quantities[max(0, at - _LONGEST) : at]
                if q.sentence == first.sentence and alike(first, q, year)
            )
            if len(parts) > 1:
                yield min((_best_reading([first], parts[n:], tail) for n in range(len(parts) - 1)), key=_by_fit)
        if _COMES_TO.search(first.clause) and not flow.is_list and (added := _added_up(flow, at, year, tail)):
            yield added
        is_ranked = _RANKED.search(f"{first.figure.label} {first.lead}") is not None
        is_opened = (_OPENS.search(first.lead) or _opens_brackets(flow, at)) and not is_ranked
        if at != flow.head if flow.is_list else not (is_opened or _ends_with_others(flow, at)):
            continue
        totals = [total for total in totals_of(flow, [at], year) if flow.is_list or not _is_member(total)]
        parts = _members(flow, at, year)
        if totals and len(parts) > 1:
            yield _best_reading(totals, parts, tail)


def summed_below(paragraphs: Sequence[Paragraph], tail: Decimal) -> Iterator[Sum]:
    """1.甲8万元；2.乙1万元; then, in a paragraph of its own, 以上两项共计9万元: as many as it says."""
    for at, paragraph in enumerate(paragraphs):
        told = _ABOVE.match(paragraph.text)
        total = next((q for q in paragraph.quantities if told and q.figure.place.start >= told.end()), None)
        items = _marked_alike(paragraphs[:at]) if total else ()
        parts = tuple(item.quantities[0] for item in items if item.quantities)
        many = NUMERALS.get(told["many"], len(items)) if told else 0
        if total and len(items) == len(parts) == many > 1 and all(_adds_to(part, total) for part in parts):
            fit = sum_fit(total.figure, [part.figure for part in parts], tail)
            yield Sum(GENERIC, total, parts, tuple(short_name(part) for part in parts), fit, is_whole=True)


def _marked_alike(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """The last of them that have one style of ordinal."""
    start = len(paragraphs)
    while start and paragraphs[-1].mark and paragraphs[start - 1].mark == paragraphs[-1].mark:
        start -= 1
    return paragraphs[start:]


def _adds_to(part: Quantity, total: Quantity) -> bool:
    return part.is_amount and total.is_amount and dimension_of(part.figure) == dimension_of(total.figure)


def _added_up(flow: Flow, at: int, year: int | None, tail: Decimal) -> Sum | None:
    """甲8万元（…）；加上乙1万元，丙2万元，收入合计11万元: from one of the amounts before 加 on, where that fits.

    What 加 is added to may have its own parts between, and no word says which amount it is: a misfit proves nothing.
    """
    total = flow.quantities[at]
    first = next((n for n in range(at - 1, 0, -1) if ADDED_TO.search(flow.quantities[n].lead)), None)
    if first is None:
        return None
    added = [q for q in flow.quantities[first:at] if q.depth <= total.depth and q.sentence == total.sentence]
    if not all(alike(total, part, year) for part in added):
        return None
    starts = [q for q in flow.quantities[max(0, first - REACH) : first] if q.sentence >= total.sentence - 1]
    for start in reversed(starts):
        parts = (start, *added)
        if sum_fit(total.figure, [part.figure for part in parts], tail) is Fit.HOLDS:
            names = tuple(short_name(part) for part in parts)
            return Sum(GENERIC, total, parts, names, Fit.HOLDS, is_whole=False)
    return None


def _opens_brackets(flow: Flow, at: int) -> bool:
    """项目支出812.24万元（办案业务费436.24万元，信息化建设…）: several amounts in brackets right behind another."""
    first, after = flow.quantities[at], flow.quantities[at + 1 : at + 2]
    is_list = bool(after) and after[0].depth == first.depth and after[0].sentence == first.sentence
    return _IN_BRACKETS.match(first.lead) is not None and is_list and flow.quantities[at - 1].rank == first.rank - 1


def _is_year_of_periods(flow: Flow, at: int) -> bool:
    """上半年…，下半年…，全年…."""
    periods = [q for q in flow.quantities[max(0, at - 4) : at] if _OF_PERIOD.search(q.clause)]
    return len(periods) > 1 and _WHOLE_YEAR.search(flow.quantities[at].clause) is not None


def _ends_with_others(flow: Flow, at: int) -> bool:
    """甲25个，乙1个，其他24个: a list for all that nothing announces it."""
    last = flow.quantities[-1]
    if last.figure.kind is Kind.MONEY:
        return False  # 财政拨款…、上年结转…、其他资金…: three sources, not one and its parts
    is_short = at == 1 and len(flow.quantities) == 3 and last.sentence == flow.quantities[0].sentence
    if not is_short:
        return False
    is_first_most = all(amount(flow.quantities[0].figure) >= amount(q.figure) for q in flow.quantities)
    return is_first_most and _OTHERS.search(last.clause) is not None


def _is_member(quantity: Quantity) -> bool:
    """Is it one of several in a row (分别为1、2和3), and so no whole?"""
    return (quantity.lead != "" and _JOINER.fullmatch(quantity.lead) is not None) or "分别" in quantity.lead


def _members(flow: Flow, at: int, year: int | None) -> tuple[Quantity, ...]:
    first = flow.quantities[at]
    listed = takewhile(lambda q: q is first or not ADDED_TO.search(q.lead), flow.quantities[at : at + _LONGEST])
    rest = (
        quantity
        for quantity in listed
        if (flow.is_list or quantity.sentence == first.sentence) and alike(first, quantity, year)
    )
    return _without_parts_of_parts(tuple(rest))


def _without_parts_of_parts(listed: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """其中基本支出80万元，基本支出中工资福利支出60万元: not beside what it is part of."""
    named = [(quantity, _AMONG.match(quantity.clause)) for quantity in listed]
    names = [quantity.name for quantity in listed if not _AMONG.match(quantity.clause)]
    return tuple(quantity for quantity, of in named if not of or not any(name.endswith(of["of"]) for name in names))


def _best_reading(totals: Sequence[Quantity], parts: tuple[Quantity, ...], tail: Decimal) -> Sum:
    """The reading that fits best; where none fits, the plainest one."""
    read = [
        Sum(
            GENERIC,
            total,
            reading,
            tuple(short_name(part) for part in reading),
            sum_fit(total.figure, [part.figure for part in reading], tail),
            _tells_all(reading),
            _is_closed(reading),
        )
        for total in totals
        for reading in islice(_readings(parts), _READINGS)
    ]
    return min(read, key=_by_fit)


def _by_fit(one: Sum) -> tuple[Fit, bool, bool, bool]:
    """The better fit; what one wrong digit explains; parts joined alike; a total at least as much as each part."""
    is_over = any(amount(part) > amount(one.total.figure) for part in one.figures)
    is_misfit = one.fit is Fit.FAILS
    return one.fit, is_misfit and not one.is_digit_off, is_misfit and not one.is_joined_alike, is_over


def _readings(parts: tuple[Quantity, ...]) -> Iterator[tuple[Quantity, ...]]:
    """Without what is detailed inside a part, then with it, then only up to where something else begins."""
    outer = _without_details(parts)
    if len(outer) > 1:
        yield outer
    yield parts
    for many in (outer, parts):
        yield from (many[:end] for end in range(len(many) - 1, 1, -1) if _begins_anew(many, end))
    yield from (outer[:end] for end in range(len(outer) - 1, 1, -1) if outer[end].lead[:1] != outer[1].lead[:1])


def _begins_anew(parts: Sequence[Quantity], at: int) -> bool:
    """Does something else begin here: 另…, 其中…, or the first semicolon after a list with commas?"""
    if _BREAKS.search(parts[at].lead) or parts[at].depth < parts[0].depth:
        return True
    return _is_parted(parts, at) and not any(_is_parted(parts, before) for before in range(1, at))


def _is_parted(parts: Sequence[Quantity], at: int) -> bool:
    """Does a semicolon stand before it, perhaps with a number of another kind between?"""
    before, part = parts[at - 1], parts[at]
    return part.stretch > before.stretch if part.line == before.line else _SEMICOLON.search(part.lead) is not None


def _without_details(parts: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Leaves out what stands in deeper brackets, and what follows a 其中 inside the list up to the next semicolon."""
    depth = parts[0].depth
    outer: list[Quantity] = []
    is_detail = False
    for number, part in enumerate(parts):
        if number and INNER.search(part.lead):
            is_detail = True
        elif _SEMICOLON.search(part.lead):
            is_detail = False
        if part.depth <= depth and not is_detail:
            outer.append(part)
    return tuple(outer)


def _tells_all(parts: tuple[Quantity, ...]) -> bool:
    """Does the list itself say that it is whole?"""
    last = parts[-1]
    if len({part.basis for part in parts}) > 1:
        return False
    if _AND_SO_ON.search(last.after):
        return False
    is_last_other = _OTHERS.search(last.clause) is not None or _OTHERS.search(last.figure.label) is not None
    return _WHOLE_LIST.search(parts[0].lead) is not None or is_last_other or _are_opposites(parts)


def _are_opposites(parts: Sequence[Quantity]) -> bool:
    """线上58场，线下105场: there is no third."""
    names = [f"{part.figure.label}{part.clause}" for part in parts]
    return any(all(any(word in name for name in names) for word in words) for words in _OPPOSITES)


def _is_closed(parts: tuple[Quantity, ...]) -> bool:
    """Does nothing say that the list leaves things out, or that one thing may be counted twice?"""
    if any(_OPEN.search(part.lead) for part in parts) or _AND_SO_ON.search(parts[-1].after):
        return False
    if len({part.basis for part in parts}) > 1:
        return False  # budgets and outturns side by side
    is_of_one_kind = all(_GRADES.search(part.name) for part in parts)  # 高级28名、中级46名、初级43名
    is_apart = is_of_one_kind or not any(_OVERLAPPING.search(part.name) for part in parts)
    return is_apart and len({part.figure.unit for part in parts}) == 1


def short_name(part: Quantity) -> str:
    return part.name[-12:]
