"""Where the numbers of a line stand, and what each is by itself: an amount with its unit, a date, or a mere label."""
# ruff: noqa: E501

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.measures import UNIT, kind_of, name_of, unit_of
from perfapp.core.figures.reading.numerals import NUMERAL, number_of


@dataclass(frozen=True, slots=True)
class Mark:
    """One number as printed, with its unit; characters `start` to `end` of the line."""

    start: int
    end: int
    kind: Kind
    value: Decimal | None = None
    unit: str = ""
    decimals: int = 0
    qualifiers: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def is_quantity(self) -> bool:
        return self.kind not in (Kind.LABEL, Kind.DATE)


_CN = NUMERAL
_N = rf"(?:[0-9]{{1,3}}|{_CN}{{1,4}})"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[一二]〇?[〇零九][〇零一二三四五六七八九]{2}|[一二][九〇零][〇零一二三四五六七八九]{2})"
_LABELS = (
    r"[〔\[【(] ?(?:19|20)[0-9]{2} ?[〕\]】)] ?(?:第 ?)?[0-9]{1,5}(?:-[0-9]{1,4})? ?号",
    rf"\( ?(?:[0-9]{{1,2}}|{_CN}{{1,3}}) ?\)",
    rf"第 ?(?:[0-9]{{1,4}}|{_CN}{{1,6}})(?:届|条|章|款|次|批|期|部分|名|位|号|页|节|类|级|方|步|项|天|周|轮|层|个|家|编|集|版|讲|篇|卷|组|场|阶段)?",
    r"[①-⓿❶-➓㈠-㈩Ⅰ-ⅿ]",
    r"公开 ?[0-9]{2} ?表",
    rf"(?:附件|附表|附图|附录|专栏|图表|表格|附|(?<!代)表|(?<![地试])图)[ :]?(?:[0-9]{{1,3}}(?:[-.~][0-9]{{1,3}})*+|{_CN}{{1,2}}(?=[、:，。) ]|$))",
    r"(?:电话|手机|传真|邮编|邮政编码|[账帐]号|编号|编码|代码|证号|热线|序号|索引号|信箱)号?码?[ :为是]{0,4}[0-9][0-9 -]{2,30}(?<=[0-9])",
)
_LABEL = re.compile("|".join(f"(?:{pattern})" for pattern in _LABELS))
_LATIN = re.compile(r"https?:[\w./:%?=&#~+-]*+|[A-Za-z]++(?:[./@_:-]?[A-Za-z0-9]++)*+", re.ASCII)
_STANDARD = re.compile(r"GB ?(?:/ ?T)? ?[0-9]{1,6}(?:\.[0-9]{1,2})?(?:[-~][0-9]{4})?")
_LETTERS = re.compile(r"[A-Za-z]++")
_DATES = (
    rf"(?P<y1>{_YEAR}) ?年 ?(?P<m1>{_N}) ?月(?:份)?(?: ?(?P<d1>{_N}) ?[日号])?",
    r"(?P<y2>(?:19|20)[0-9]{2}) ?[-./] ?(?P<m2>0?[1-9]|1[0-2]) ?[-./] ?(?P<d2>0?[1-9]|[12][0-9]|3[01])(?![0-9.])",
    rf"(?P<y3>{_YEAR}) ?年(?:度(?!假|汛))?(?!级)",
    r"(?P<y4>(?:19|20)[0-9]{2})(?= ?[~至-] ?(?:19|20)[0-9]{2} ?年)",
    rf"(?P<m5>(?:1[0-2]|0?[1-9])|十[一二]?|[一二三四五六七八九]) ?月(?:份)?(?!月)(?: ?(?P<d5>{_N}) ?[日号](?!楼|文))?",
    r"(?P<m6>1[0-2]|[1-9])(?= ?[~至、-] ?(?:1[0-2]|[1-9]) ?月)",
    r"(?P<y7>[0-9]{2}) ?年(?=度|初|末|底|预算|决算)度?",
)
_DATE = re.compile("|".join(f"(?:{pattern})" for pattern in _DATES))
_QUARTER = re.compile(r"(?:第 ?)?(?P<q>[1-4一二三四]) ?季度")
_PERIOD = "年度?|季度?|个?月|周|天|日|星期|个?学期|旬|半年"
_OFTEN = re.compile(
    rf"每(?P<span>[0-9]{{1,2}}|[两二三四六半])? ?个?(?P<period>{_PERIOD})[^0-9，,。；;、:每\t]{{0,6}}?"
    rf"(?P<times>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,2}}) ?(?:次|回|遍|期(?!间))(?!性|数)"
    rf"|(?P<span2>[一两三])(?P<period2>年|季度?|月|周|天|日)(?P<times2>[一二两三四]) ?(?:次(?!性)|回|评|考|报|调度)"
)
_NUMBER = re.compile(
    r"[0-9]++(?:,[0-9]++){1,8}+\.[0-9]{1,4}(?= ?(?:[万亿千]|元|%))"
    r"|[0-9]{1,3}(?: ?[,，'] ?[0-9]{3}){1,8}+(?![0-9])(?: ?\. ?[0-9]{1,12}(?![0-9]))?"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,8}+\.[0-9]{1,4}(?![0-9])"
    r"|[0-9]++ \. ?[0-9]{1,4}(?= {0,4}(?:[万亿千]|元|%))|[0-9]++\. [0-9]{2,4}(?= {0,4}(?:[万亿千]|元|%))"
    r"|[0-9]++(?:\.[0-9]++)?"
)
_FRACTION = re.compile(r"(?P<top>[0-9]{1,3}) ?/ ?(?P<bottom>[0-9]{1,3})(?![0-9/])(?! ?[年月])")
_RATIO = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?(?: ?: ?[0-9]{1,4}(?:\.[0-9]{1,3})?){1,2}")
_SPOKEN_SHARE = re.compile(
    rf"百分之百|百分百|百分之(?P<percent>{_CN}{{1,5}})(?:点(?P<point>{_CN}{{1,4}}))?|(?P<bottom>{_CN}{{1,3}})分之(?P<top>{_CN}{{1,3}})"
    r"|(?P<tenths>[一二两三四五六七八九0-9])成(?=[，,。；;、)以左多的]|$)"
)
_NUMERAL = re.compile(rf"{_CN}++")
_HEADING = re.compile(
    rf"[ \t]*(?:[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{1,3}}(?=[ 、])|[0-9]{{1,2}} ?(?:[、)]|\.(?: |(?=[^0-9]|(?:19|20)[0-9]{{2}}年|[0-9]{{1,2}}月)))"
    rf"|{_CN}{{1,3}} ?(?:[、.:]|(?=是[^否])))"
)
_ITEM = re.compile(rf"(?:[0-9]{{1,2}}(?: ?[.、)](?! ?[0-9])|\.(?=(?:19|20)[0-9]{{2}}年))|{_CN}{{1,2}}(?:、|是(?!否)))")
_CODE = re.compile(r"[12356][0-9]{2}(?:[0-9]{2}){0,2}(?= ?[\u4e00-\u9fff“])")
_HOTLINE = re.compile(
    r"[0-9]{3,11}(?= ?(?:热线|专线|举报|服务平台|平台))|1[3-9][0-9]{9}(?![0-9])|0[0-9]{2,3}-[0-9]{7,8}"
)
_NUMBERED_THING = re.compile(r"[0-9]{1,5}(?:-[0-9]{1,4}){0,2} ?#? ?(?:号|室|楼(?!栋)|路(?!灯)|弄|国道|省道|院|#)")
_TIME = re.compile(r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])")
_IDIOM = re.compile(
    r"一卡通|一站式|一体化|一把手|一次性|一揽子|一线|一旦|一定|一方面|一系列|一点一滴|一环扣一环|一事一议|一岗双责|一会一课|一票否决|一网通|一件事|一窗"
    r"|一日三餐|一年一度|一如既往|一以贯之|一心一意|一丝不苟|一目了然|一分为二|一对一|一户一[策档]|一人一[策档]|一村一|一企一|一点多|一张网|一张图|一盘棋|一条龙|一本账"
    r"|两不愁三保障|两不愁|三保障|两学一做|两个(?:维护|确立|责任|全覆盖|不变|一百年|务必|毫不动摇|平台)|两个?(?:委|会|癌|新|非|重|高)|两手|两头|双随机一公开"
    r"|三个(?:代表|务必|区分|必须|地区)|三(?:会一课|严三实|重一大|支一扶|定|公|农|线|包|资|同时|级|委)|三重一大|三大(?:攻坚战|保卫战)"
    r"|四个(?:意识|自信|全面|服务|对照|到位|不摘|伟大|亮|最严|办|必|着力)|四大家|四(?:风|史|通|议两公开|上|好|级)|四面八方|五个(?:一|到位|方面要求)|五位一体|五(?:小|险一金|险|化)"
    r"|六(?:稳|保|大纪律|项纪律)|七个?有|八项(?:规定|禁令)|八小时|十大|十四五|十三五|十二五|十五五|百日|千方百计|千家万户|万众|万无一失|百年|百姓|百分制"
    r"|十九大|二十大|十八大|十七大|(?:十八|十九|二十)届[一二三四五六七]中|二十届"
)
_COUNTING = re.compile(
    r"(?:共|仅|只|下设|下辖|内设|设|有|设立|新增|新建|增加|减少|购置|采购|配备|配置|安装|建成|获|获得|荣获|投入|达|为|含|包括|所属|辖|举办|召开|开展|组织|聘请|聘用|历时|用时|近)$"
)
_VAGUE_AFTER_ONE = frozenset("个种项件次级类段支套批份层条把面场体样些部年天日周点组道座位家本起步下篇号")
_BARE_YEAR = re.compile(r"(?:19[89]|20[0-4])[0-9](?![0-9])")
_LIST_OF = re.compile(r"[ ]{0,3}[、和及与~至到-][ ]{0,3}(?=[0-9-])")
_ROUND_NUMBERS = frozenset("百千万亿十")


def marks(line: str) -> list[Mark]:
    """The numbers of a line in `plain` writing, in order, none overlapping."""
    found: list[Mark] = []
    position = 0
    heading = _HEADING.match(line)
    if heading:
        found.append(_label(len(line) - len(line.lstrip()), heading.end()))
        position = heading.end()
    while (start := _next(line, position)) >= 0:
        mark = _mark_at(line, start, found[-1].end if found else 0)
        if mark is None:
            position = _after_word(line, start)
            continue
        found.append(mark)
        position = mark.end
    return _with_lent_units(line, found)


_FIRST = re.compile(
    r"[0-9A-Za-z¥第每附表图公专\[(〔【\-+负〇零一二两三四五六七八九十百千万①-⓿❶-➓㈠-㈩Ⅰ-ⅿ电手传邮账帐编代证热序索]"
)


def _next(line: str, position: int) -> int:
    match = _FIRST.search(line, position)
    return match.start() if match else -1


def _after_word(line: str, start: int) -> int:
    """Past what stands here and is no number: a whole run of letters or of Chinese numerals, else one character."""
    word = _LATIN.match(line, start)
    if word and any("0" <= mark <= "9" for mark in word.group()):
        word = _LETTERS.match(line, start)  # GDP5%: the number is next
    word = word or _NUMERAL.match(line, start)
    return word.end() if word else start + 1


def _label(start: int, end: int) -> Mark:
    return Mark(start, end, Kind.LABEL)


def _mark_at(line: str, start: int, floor: int) -> Mark | None:
    first = line[start]
    if first.isascii() and first.isalpha():
        return _latin(line, start)
    often = _OFTEN.match(line, start)
    if often:
        return _frequency(often)
    label = _LABEL.match(line, start)
    if label and not _is_count_after(line, label):
        return _label(label.start(), label.end())
    if first in "-+负¥":
        return _signed(line, start, floor)
    if "0" <= first <= "9":
        return _arabic(line, start)
    return _chinese(line, start)


def _is_count_after(line: str, label: re.Match[str]) -> bool:
    """“附3份” and “表5个” count things."""
    if label.group()[0] not in "附表图" or not label.group()[-1].isdigit():
        return False
    unit = UNIT.match(line, label.end())
    return unit is not None and not label.group().startswith(("附件", "附表", "附图"))


def _latin(line: str, start: int) -> Mark | None:
    """A word with digits in it (A4, PM2.5, www.a.cn, GB/T 9704) is a label; GDP5% keeps its number."""
    word = _LATIN.match(line, start)
    if word is None or not any("0" <= mark <= "9" for mark in word.group()):
        if line.startswith("GB", start):
            standard = _STANDARD.match(line, start)
            if standard:
                return _label(start, standard.end())
        return None
    letters = _LETTERS.match(line, start)
    number = _NUMBER.match(line, letters.end()) if letters and letters.end() > start + 1 else None
    if number and number.end() >= word.end() and UNIT.match(line, number.end()):
        return None
    return _label(start, word.end())


def _signed(line: str, start: int, floor: int) -> Mark | None:
    follows = start + 1
    while line[follows : follows + 1] == " ":
        follows += 1
    if not line[follows : follows + 1].isdigit() or not line[follows].isascii():
        return None
    if line[start] in "-+" and (
        (start == floor and floor > 0) or (line[start - 1 : start].isalnum() and line[start - 1].isascii())
    ):
        return None
    if line[start] == "负" and line[start + 1 : start + 2] == " ":
        return None
    mark = _amount(line, follows)
    if line[start] == "¥":
        unit = mark.unit if mark.kind is Kind.MONEY else "元"
        return replace(mark, start=start, kind=Kind.MONEY, unit=unit)
    if mark.value is None or not mark.is_quantity:
        return None
    return replace(mark, start=start, value=-mark.value if line[start] in "-负" else mark.value)


def _arabic(line: str, start: int) -> Mark:
    for reader in (_date, _label_of_digits, _share_of_digits):
        mark = reader(line, start)
        if mark is not None:
            return mark
    return _amount(line, start)


def _label_of_digits(line: str, start: int) -> Mark | None:
    before = line[start - 1 : start]
    if before in ("。", "；", ";", ":", "！", " ", "\t") or start == 0:
        item = _ITEM.match(line, start)
        if item:
            return _label(start, item.end())
    for pattern in (_TIME, _HOTLINE, _NUMBERED_THING, _CODE):
        match = pattern.match(line, start)
        if match and not (pattern is _CODE and UNIT.match(line, match.end())):
            return _label(start, match.end())
    return None


def _share_of_digits(line: str, start: int) -> Mark | None:
    fraction = _FRACTION.match(line, start)
    if fraction and int(fraction["bottom"]):
        value = Decimal(fraction["top"]) / Decimal(fraction["bottom"])
        return Mark(start, fraction.end(), Kind.NUMBER, value)
    ratio = _RATIO.match(line, start)
    if ratio:
        return Mark(start, ratio.end(), Kind.NUMBER, None, ":")
    tenths = _SPOKEN_SHARE.match(line, start)
    return _spoken_share(tenths) if tenths else None


def _amount(line: str, start: int) -> Mark:
    number = _NUMBER.match(line, start)
    if number is None:
        return _label(start, start + 1)
    end = number.end()
    unit = UNIT.match(line, end)
    if unit is None and "，" in number.group() and "." not in number.group():
        end = start + number.group().index("，")  # the comma ends the clause
        return Mark(start, end, Kind.NUMBER, Decimal(line[start:end].strip()))
    digits = re.sub("[^0-9.]", "", line[start:end])
    value = Decimal(digits)
    decimals = len(digits.partition(".")[2])
    if unit is None:
        return _bare(line, start, end, value, decimals)
    if decimals and start == len(line) - len(line.lstrip()) and _is_whole_thing(unit):
        point = line.index(".", start)
        return _label(start, point + 1)  # “1.41人”: a heading's number, then the figure
    return _measured(start, unit, value, decimals)


def _is_whole_thing(unit: re.Match[str]) -> bool:
    return bool(unit["measure"]) and not unit["scale"] and kind_of(name_of(unit["measure"])) is Kind.COUNT


def _bare(line: str, start: int, end: int, value: Decimal, decimals: int) -> Mark:
    letter = line[end : end + 1]
    glued = letter.isascii() and letter.isalpha()
    if glued:
        word = _LATIN.match(line, end)
        return _label(start, word.end() if word else end)
    if _BARE_YEAR.fullmatch(line, start, end):
        return Mark(start, end, Kind.DATE, value, "年", year=int(value))
    if not decimals and end - start >= 9 and line[start:end].isdigit():
        return _label(start, end)
    return Mark(start, end, Kind.NUMBER, value, "", decimals)


def _measured(start: int, unit: re.Match[str], value: Decimal, decimals: int) -> Mark:
    kind, name = unit_of(unit)
    more = tuple(word for word in (unit["more"], unit["more2"], unit["more3"], unit["after"]) if word)
    if name in ("号", "码", "级", "款", "章", "节", "段", "档") or (name == "类" and decimals):
        return _label(start, unit.end())
    return Mark(start, unit.end(), kind, value, name, decimals, more)


def _date(line: str, start: int) -> Mark | None:
    match = _DATE.match(line, start)
    if match is None:
        quarter = _QUARTER.match(line, start)
        return _label(start, quarter.end()) if quarter else None
    parts = {key[0]: _whole(value) for key, value in match.groupdict().items() if value}
    year, month, day = parts.get("y"), parts.get("m"), parts.get("d")
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if year is not None and year < 100:
        year += 2000
    last = day or month or year
    unit = "日" if day else "月" if month else "年"
    return Mark(start, match.end(), Kind.DATE, Decimal(last or 0), unit, year=year, month=month, day=day)


def _whole(text: str) -> int | None:
    value = Decimal(text) if text.isdigit() and text.isascii() else number_of(text)
    return None if value is None else int(value)


def _frequency(match: re.Match[str]) -> Mark:
    span = match["span"] or match["span2"] or ""
    period = (match["period"] or match["period2"]).replace("个", "").removesuffix("度")
    period = {"季": "季度", "星期": "周", "日": "天"}.get(period, period)
    size = "半" if span == "半" else str(_whole(span) or "") if span else ""
    unit = f"次/{'' if size == '1' else size}{period}"
    return Mark(match.start(), match.end(), Kind.FREQUENCY, _decimal(match["times"] or match["times2"]), unit)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text.isdigit() and text.isascii() else number_of(text)


def _spoken_share(match: re.Match[str]) -> Mark | None:
    start, end = match.span()
    if match["tenths"]:
        tenths = _decimal(match["tenths"])
        return None if tenths is None else Mark(start, end, Kind.PERCENT, tenths * 10, "%")
    if match["bottom"]:
        top, bottom = number_of(match["top"]), number_of(match["bottom"])
        return Mark(start, end, Kind.NUMBER, top / bottom) if top is not None and bottom else None
    if not match["percent"]:
        return Mark(start, end, Kind.PERCENT, Decimal(100), "%")
    percent, point = number_of(match["percent"]), match["point"] or ""
    if percent is None:
        return None
    places = "".join(str(_whole(mark) or 0) for mark in point)
    return Mark(start, end, Kind.PERCENT, Decimal(f"{percent}.{places}" if places else percent), "%", len(places))


def _chinese(line: str, start: int) -> Mark | None:
    """Chinese numerals are figures only with a measure word and where things are counted."""
    numeral = _NUMERAL.match(line, start)
    if numeral is None:
        return None
    before = line[start - 1 : start]
    idiom = _IDIOM.match(line, start)
    if idiom:
        return _label(start, idiom.end())
    if before in ("", "。", "；", ";", ":", "，", ",", "！"):
        item = _ITEM.match(line, start)
        if item:
            return _label(start, item.end())
    share = _SPOKEN_SHARE.match(line, start)
    if share:
        return _spoken_share(share)
    return _date(line, start) or _counted(line, start, numeral)


def _counted(line: str, start: int, numeral: re.Match[str]) -> Mark | None:
    words, end = numeral.group(), numeral.end()
    while len(words) > 1 and words[-1] in "万亿" and UNIT.match(line, end - 1):
        words, end = words[:-1], end - 1
        break
    if words[0] in "百千万" and line[end : end + 1] not in ("余", "多"):
        return None
    value = (
        number_of(words) if words not in _ROUND_NUMBERS else number_of("一" + words) if words != "十" else Decimal(10)
    )
    unit = UNIT.match(line, end)
    if value is None or unit is None or unit["gap"] or unit["alone"]:
        return None
    kind, name = unit_of(unit)
    if (
        name in ("级", "类", "号", "码", "期", "款", "章", "节", "段", "档", "分", "度", "层", "点", "面", "里")
        and not unit["scale"]
    ):
        return _label(start, unit.end()) if name in ("级", "类", "期", "层") else None
    if (
        words == "一"
        and name not in ("辆", "台", "人", "户", "栋", "盏", "所", "艘", "元")
        and not _counts(line, start)
    ):
        return None
    return replace(_measured(start, unit, value, 0), kind=kind)


def _counts(line: str, start: int) -> bool:
    return _COUNTING.search(line, max(0, start - 6), start) is not None


def _with_lent_units(line: str, found: list[Mark]) -> list[Mark]:
    """“50-60人”, “8、12、6次”: a bare number takes the unit of the one it is joined to."""
    lent: list[Mark] = []
    for mark in reversed(found):
        after = lent[-1] if lent else None
        link = _LIST_OF.match(line, mark.end)
        if after and after.unit and after.is_quantity and link and link.end() == after.start and _lacks_unit(mark):
            mark = replace(mark, kind=after.kind, unit=after.unit)
        lent.append(mark)
    return lent[::-1]


def _lacks_unit(mark: Mark) -> bool:
    return mark.kind is Kind.NUMBER and not mark.unit and mark.value is not None
