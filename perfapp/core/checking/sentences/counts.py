"""Counts said against items listed: 五个科室 with five names, 共3项：…, 四项措施：一是…二是…."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.chinese import numeral
from perfapp.core.figures.figure import Kind
from perfapp.core.manuscript import Place

_MOST, _LONGEST, _SHORT = 99, 24, 14  # things counted, characters of a thing's name
_NAMED_BY_ORDER = frozenset("部处所科股室队")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]|《[^》]*》")
_UNITS = frozenset("个家项类种所处栋大条名件部支座块批门场期次辆台") | {"方面"}
# Words that announce a list after the count, and that open one before it.
_ANNOUNCED = re.compile(
    r"^[^，,。；;：:、（(]{0,14}?"
    r"(?:[，,]?(?:分别|包括|包含|即|具体(?:是|为|有|包括|如下|内容|项目)|名单|名称)(?:是|为|有)?[：:]?"
    r"|[：:]|[（(](?:分别(?:为|是)|包括|即|含)?)"
)
_OPENED = re.compile(
    r"(?:下设|内设|设有|设立了?|增设了?|设置了?|设|下辖|辖|分为|分成|包括|包含|涵盖了?|增加了?|开设了?"
    r"|分别(?:是|为|有)|由|即|有|为|是|从|围绕|对|在|抓好|[：:])"
)
_OPENED_FOR_SURE = re.compile(
    r"(?:下设|内设|设有|设立|设置|设|下辖|分为|分成|包括|包含|由|分别(?:是|为)|增设|开设|增加了?)[^、]*$"
)
_ORDINAL = re.compile(r"([一二三四五六七八九十]{1,2})(?:是|要)(?!否)")
_FIRST = re.compile(r"^[^。；]{0,16}[：:，。]\s*一是")
_BEFORE = 600  # characters before a count in which its list may begin
_FARTHEST = 6000  # characters after a count that are read for its list
_NUMERALS = {numeral(number): number for number in range(1, 21)}
_JOINED = re.compile(r"以及|[和及与]")
_LAST_ITEM = re.compile(r"(?:以及|[和及与])\s*$")  # 甲站、3个乙所和5个: the count is of the last thing listed
_ABOUT_ONE = re.compile(
    r"(?:年初|本年|当年|全年|其中|已)*"
    r"(?:预算|决算|实际|支出|使用|执行|资金|金额|投资|经费|占|比|较|主要|用于|均|全部|由|是|并)"
)
_OPEN_END = re.compile(r"等(?![级候待候于])|……|…")
_NOUN = re.compile(r"^[一-鿿]{1,8}?(?=[，,。；;：:、（(]|$|及|和|的|分别|包括)")


@dataclass(frozen=True)
class Listing:
    """A count with the items it is said of: at least `fewest` and at most `most` by the ways one may divide them."""

    count: Quantity
    place: Place
    fewest: int
    most: int
    is_sure: bool  # certainly a list of what is counted
    is_open: bool  # ends with 等


def listings(case: Case) -> tuple[Listing, ...]:
    """Every count of things that are also listed."""
    found: list[Listing] = []
    for paragraph in case.once(prose):
        for quantity in paragraph.quantities:
            if _is_countable(quantity):
                found.extend(_listing(paragraph, quantity))
    return tuple(found)


def _is_countable(quantity: Quantity) -> bool:
    figure = quantity.figure
    if figure.kind is not Kind.COUNT or not quantity.is_amount or figure.unit not in _UNITS:
        return False
    if figure.unit in _NAMED_BY_ORDER and not figure.text[0].isdigit():
        return False  # 检察二部, 公诉一处
    value = figure.value or Decimal(0)
    return value == int(value) and 0 <= value <= _MOST


def _listing(paragraph: Paragraph, count: Quantity) -> Iterator[Listing]:
    listing = _counted_by_ordinals(paragraph, count) or _after(paragraph, count) or _before(paragraph, count)
    if listing:
        yield listing


def _counted_by_ordinals(paragraph: Paragraph, count: Quantity) -> Listing | None:
    """四项措施：一是 … 四是 …: the last of the ordinals that run on from 一是."""
    rest = paragraph.text[count.figure.place.end : count.figure.place.end + _FARTHEST]
    if not _FIRST.match(rest):
        return None
    last = 0
    end = 0
    for found in _ORDINAL.finditer(rest):
        number = _NUMERALS.get(found[1], 0)
        if number == last + 1:
            last, end = number, found.end()
        elif number == 1:
            break
    if last < 2:
        return None
    start = count.figure.place.end
    return Listing(count, Place(count.line, start, start + end), last, last, True, False)


def _after(paragraph: Paragraph, count: Quantity) -> Listing | None:
    """共3个项目：甲、乙、丙。"""
    start = count.figure.place.end
    rest = paragraph.text[start : start + _FARTHEST]
    announced = _ANNOUNCED.match(rest)
    if not announced:
        return None
    is_bracket = re.search(r"[（(]", announced[0]) is not None
    end = re.search(r"[）)]" if is_bracket else r"[。；;]", rest[announced.end() :])
    if end and end[0] in "；;" and not is_bracket and _clauses(rest[announced.end() :]) == count.figure.value:
        return None  # 三项：做好宣传；推进融合；实施工程
    listed = rest[announced.end() : announced.end() + end.start()] if end else rest[announced.end() :]
    first = re.split("[，,]", listed)[0]
    listed = first if "、" in first else _names_between_commas(listed)
    begin = start + announced.end()
    place = Place(count.line, begin, begin + len(listed))
    is_firm = re.search("分别|具体|[：:]$", announced[0]) is not None
    return _listed(count, listed, place, is_sure=not is_bracket or "、" in listed, is_single=is_firm)


def _clauses(text: str) -> int:
    """How many things semicolons part, up to the end of the sentence."""
    return len(re.split("[；;]", text.split("。")[0].rstrip("；; ")))


def _names_between_commas(text: str) -> str:
    """What is listed with commas, up to the first part that only tells an amount of what was named: 年初预算50万元."""
    parts = re.split("([，,])", text)
    for at in range(2, len(parts), 2):
        if _ABOUT_ONE.match(parts[at]):
            return "".join(parts[: at - 1])
    return text if len(parts) > 1 else parts[0]


def _before(paragraph: Paragraph, count: Quantity) -> Listing | None:
    """下设甲、乙、丙三个科室。"""
    figure = count.figure
    start = paragraph.ends[count.sentence - 1] if count.sentence else 0
    start = max(start, figure.place.start - _BEFORE)
    head = _without_brackets(paragraph.text[start : figure.place.start])
    if count.after.startswith("、"):
        return None  # one of the things listed: 公诉一处、公诉二处
    clause_start = max((found.end() for found in re.finditer(r"[，,。；;：:]", head)), default=0)
    clause = head[clause_start:]
    if re.search(r"\d+[个辆台家所座名]、", clause):
        return None  # 献血屋5个、采血车6辆: each has a count of its own
    if "、" not in clause or _LAST_ITEM.search(clause):
        return None
    first, rest = clause.split("、", 1)
    opened = list(_OPENED.finditer(first))
    last = rest.rsplit("、", 1)[-1].strip()
    is_sure = (_OPENED_FOR_SURE.search(first) is not None and len(last) <= _SHORT) or last.endswith("共")
    if opened:
        clause_start += opened[-1].end()
        clause = head[clause_start:]
    begin = start + clause_start
    return _listed(count, clause, Place(count.line, begin, figure.place.start), is_sure=is_sure)


def _listed(count: Quantity, text: str, place: Place, *, is_sure: bool, is_single: bool = False) -> Listing | None:
    if re.match(r"[^、，]{0,6}[无没]|\s*\d", text):
        return None
    plain = _without_brackets(text)
    if all(re.search(rf"\d{count.figure.unit}\s*$", item) for item in re.split("[、，,]", plain)):
        return None  # 72期：大风60期、冰雹12期: parts of the count, not things counted
    divided = plain.split("、") if "、" in plain else re.split("[，,]", plain)
    if (len(divided) < 2 and not is_single) or any(not 0 < len(item.strip()) <= _LONGEST for item in divided):
        return None
    joined = sum(len(_JOINED.findall(item.split("等")[0])) for item in divided)
    fewest = len(divided) + (1 if joined and _joins_two(divided[-1]) else 0)
    most = len(divided) + joined
    return Listing(count, place, fewest, most, is_sure, _OPEN_END.search(plain) is not None)


def _without_brackets(text: str) -> str:
    """What stands in brackets made blank, the length kept."""
    return _BRACKETED.sub(lambda found: " " * len(found[0]), text)


def _joins_two(last: str) -> bool:
    """Are two things joined at the end of a list, not one with 和 in its name? Both end alike: 财务科和综合科."""
    sides = _JOINED.split(_OPEN_END.split(last)[0])
    return len(sides) == 2 and len(sides[0]) > 1 and sides[0][-1] == sides[1].rstrip()[-1:]


def counted_items(case: Case, rule: Rule) -> Verdict:
    """M10: as many as are said are listed."""
    verdicts = Verdicts(rule)
    for one in case.once(listings):
        said = int(one.count.figure.value or 0)
        noun = _noun(one.count)
        if one.fewest <= said <= one.most:
            message = f"文中说{one.count.figure.text}{noun}，列举{said}项，相符。"
            verdicts.holds(message, Decimal(said), Decimal(said), (one.count.figure, one.place))
        elif one.is_sure and not (one.is_open and said > one.most):
            listed = one.most if said > one.most else one.fewest
            message = f"文中说{one.count.figure.text}{noun}，实际列举了{listed}项，不相符。"
            verdicts.fails(
                message,
                Decimal(said),
                Decimal(listed),
                (one.count.figure, one.place),
                suggestion="请核对个数，或补列、删去列举的内容；只列举一部分的，请在末尾加“等”。",
                subject=noun,
            )
    return verdicts.verdict()


def _noun(count: Quantity) -> str:
    found = _NOUN.match(count.after)
    return found[0] if found else ""
