"""Amounts: Arabic and Chinese numbers with their units, shares, fractions, ratios."""

import re
from dataclasses import replace
from decimal import Decimal

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.dates import bare_year
from perfapp.core.figures.reading.labels import glued_word_end
from perfapp.core.figures.reading.mark import Mark, label
from perfapp.core.figures.reading.measures import (
    UNIT,
    is_number_of_a_thing,
    is_whole_thing,
    more_or_less,
    unit_of,
)
from perfapp.core.figures.reading.numerals import NUMERAL, decimal_of, number_of, whole_of
from perfapp.core.figures.reading.words import either, words

_BEFORE_UNIT = r"(?= {0,4}(?:[万亿千]|元|%))"
_NUMBER = re.compile(
    r"[0-9]++(?:,[0-9]++){1,8}+\.[0-9]{1,4}(?= ?(?:[万亿千]|元|%))"  # also with its separators in the wrong place
    r"|[0-9]{1,3}(?: ?[,，'] ?[0-9]{3}){1,8}+(?![0-9])(?: ?\. ?[0-9]{1,12}(?![0-9]))?"
    r"|[0-9]{1,3}(?: [0-9]{3}){1,8}+\.[0-9]{1,4}(?![0-9])"
    rf"|[0-9]++ \. ?[0-9]{{1,4}}{_BEFORE_UNIT}|[0-9]++\. [0-9]{{2,4}}{_BEFORE_UNIT}"
    r"|[0-9]++(?:\.[0-9]++)?"
)
_FRACTION = re.compile(r"(?P<top>[0-9]{1,3}) ?/ ?(?P<bottom>[0-9]{1,3})(?![0-9/])(?! ?[年月])")
_RATIO = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?(?: ?: ?[0-9]{1,4}(?:\.[0-9]{1,3})?){1,2}")
_SPOKEN_SHARE = re.compile(
    rf"百分之百|百分百|百分之(?P<percent>{NUMERAL}{{1,5}})(?:点(?P<point>{NUMERAL}{{1,4}}))?"
    rf"|(?P<bottom>{NUMERAL}{{1,3}})分之(?P<top>{NUMERAL}{{1,3}})"
    r"|(?P<tenths>[一二两三四五六七八九0-9])成(?=[，,。；;、)以左多的]|$)"
)
_FORMAL = re.compile(r"([壹贰叁肆伍陆柒捌玖拾佰仟万亿零]{2,20})[元圆](?:整|正)?")
_FORMAL_DIGITS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_NUMERAL = re.compile(rf"{NUMERAL}++")
_SINGLE = frozenset("辆台人户栋盏所艘元")  # with these, 一 counts; with others only where the words before count
_COUNTING = re.compile(
    "(?:"
    + either(
        """
        共 仅 只 下设 下辖 内设 设 有 设立 新增 新建 增加 减少 购置 采购 配备 配置 安装 建成 获 获得 荣获 投入 达 为 含
        包括 所属 辖 举办 召开 开展 组织 聘请 聘用 历时 用时 近
        """
    )
    + ")$"
)
_NAMED_BY_NUMBER = words("级 类 期 层")  # 二级单位, 一类事业单位, 二期工程
_CLAUSE_BEGINS = frozenset({"", "，", ",", "。", "；", ";", ":"})  # 二批项目 begins a clause, 分三批 does not
_NOT_COUNTED = words("分 度 点 面 里 园 村 镇 乡 校 站 队 匹")
_MOST_DIGITS = 24  # nobody means a number of more; 28 are exact in what follows
_LONG = 9  # digits of a whole number without separators and unit: an account, not an amount


def amount_at(line: str, start: int) -> Mark:
    """The number in Arabic digits that stands here, with its unit."""
    number = _NUMBER.match(line, start)
    if number is None:
        return label(start, start + 1)
    end = number.end()
    unit = UNIT.match(line, end)
    if unit is None and "，" in number.group() and "." not in number.group():
        end = start + number.group().index("，")  # the comma ends the clause
    digits = re.sub("[^0-9.]", "", line[start:end])
    if len(digits) > _MOST_DIGITS:
        return label(start, end)
    value, decimals = Decimal(digits), len(digits.partition(".")[2])
    if unit is None:
        return _bare(line, start, end, value, decimals)
    if decimals and is_whole_thing(unit) and not line[:start].strip():
        return label(start, line.index(".", start) + 1)  # “1.41人”: the number of a heading, then the figure
    return _measured(start, unit, value, decimals)


def signed_at(line: str, start: int, floor: int) -> Mark | None:
    """A number with its sign or ¥. A hyphen right after a number or a letter is none."""
    sign, after = line[start], start + 1
    while sign != "负" and line[after : after + 1] == " ":
        after += 1
    if not "0" <= line[after : after + 1] <= "9" or not line[after].isascii():
        return None
    before = line[start - 1 : start]
    if sign in "-+" and ((floor and start == floor) or (before.isascii() and before.isalnum())):
        return None
    mark = amount_at(line, after)
    if sign == "¥":
        return replace(mark, start=start, kind=Kind.MONEY, unit=mark.unit if mark.kind is Kind.MONEY else "元")
    if mark.value is None or not mark.is_quantity:
        return None
    return replace(mark, start=start, value=mark.value if sign == "+" else -mark.value)


def share_at(line: str, start: int) -> Mark | None:
    """1/3, 2:1, 三成, 百分之五, 三分之一."""
    fraction = _FRACTION.match(line, start)
    if fraction and int(fraction["bottom"]):
        return Mark(start, fraction.end(), Kind.NUMBER, Decimal(fraction["top"]) / Decimal(fraction["bottom"]))
    ratio = _RATIO.match(line, start)
    if ratio:
        return Mark(start, ratio.end(), Kind.NUMBER, None, ":")
    spoken = _SPOKEN_SHARE.match(line, start)
    return _spoken_share(spoken) if spoken else None


def counted_at(line: str, start: int) -> Mark | None:
    """A Chinese numeral with its measure word where things are counted: 五个, 十二名, 一百二十余人, 三万元."""
    numeral = _NUMERAL.match(line, start)
    if numeral is None:
        return None
    digits, end = numeral.group(), numeral.end()
    if len(digits) > 1 and digits[-1] in "万亿" and UNIT.match(line, end - 1):
        digits, end = digits[:-1], end - 1  # 五十万元 are 50 万元
    if digits[0] in "百千万" and line[end : end + 1] not in ("余", "多"):
        return None
    value = number_of("一" + digits if digits in ("百", "千", "万", "亿") else digits)
    unit = UNIT.match(line, end)
    if value is None or unit is None or unit["gap"] or unit["alone"]:
        return None
    name = unit_of(unit)[1]
    if name in _NAMED_BY_NUMBER or (name == "批" and line[start - 1 : start] in _CLAUSE_BEGINS):
        return label(start, unit.end())
    if name in _NOT_COUNTED or is_number_of_a_thing(name) or (digits == "一" and not _counts_one(line, start, name)):
        return None
    return _measured(start, unit, value, 0)


def formal_at(line: str, start: int) -> Mark | None:
    """A sum of money in the numerals of cheques: 壹万贰仟元整."""
    numeral = _FORMAL.match(line, start)
    value = number_of(numeral[1].translate(_FORMAL_DIGITS)) if numeral else None
    return Mark(start, numeral.end(), Kind.MONEY, value, "元") if numeral and value is not None else None


def after_numeral(line: str, start: int) -> int:
    """Where a run of Chinese numerals ends that is no number; the next character if there is none."""
    numeral = _NUMERAL.match(line, start)
    return numeral.end() if numeral else start + 1


def _bare(line: str, start: int, end: int, value: Decimal, decimals: int) -> Mark:
    word_end = glued_word_end(line, end)
    if word_end > end:
        return label(start, word_end)
    digits = line[start:end]
    if not decimals and len(digits) >= _LONG and digits.isdecimal():
        return label(start, end)
    return bare_year(line, start, end) or Mark(start, end, Kind.NUMBER, value, "", decimals)


def _measured(start: int, unit: re.Match[str], value: Decimal, decimals: int) -> Mark:
    kind, name = unit_of(unit)
    if is_number_of_a_thing(name) or (name == "类" and decimals):
        return label(start, unit.end())
    return Mark(start, unit.end(), kind, value, name, decimals, more_or_less(unit))


def _counts_one(line: str, start: int, name: str) -> bool:
    return name in _SINGLE or _COUNTING.search(line, max(0, start - 6), start) is not None


def _spoken_share(match: re.Match[str]) -> Mark | None:
    start, end = match.span()
    if match["tenths"]:
        tenths = decimal_of(match["tenths"])
        return None if tenths is None else Mark(start, end, Kind.PERCENT, tenths * 10, "%")
    if match["bottom"]:
        top, bottom = number_of(match["top"]), number_of(match["bottom"])
        return Mark(start, end, Kind.NUMBER, top / bottom) if top is not None and bottom else None
    percent = number_of(match["percent"]) if match["percent"] else Decimal(100)
    if percent is None:
        return None
    places = "".join(str(whole_of(mark) or 0) for mark in match["point"] or "")
    return Mark(start, end, Kind.PERCENT, Decimal(f"{percent}.{places}" if places else percent), "%", len(places))
