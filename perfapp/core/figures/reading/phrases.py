"""What the words before a number say of it: a share, a change, against what, and how exact it claims to be."""

import re
from dataclasses import dataclass

from perfapp.core.figures.reading.naming import named
from perfapp.core.figures.reading.words import either

_ROUGH = either(
    """
    大约 大概 将近 接近 (?<!节)约 近 不低于 不少于 不高于 不超过 不大于 不小于 大于等于 小于等于 大于 小于 低于 高于
    少于 多于 超过 超 逾 突破 不足 至少 至多 最多 最少 ≥ ≤ >= <= > <
    """
)
_COPULA = either(
    r"""
    分别为 分别是 分别 均为 预计 共计 合计 总共 一共 共有 各 共 (?<![总合统审会估设预小累])计
    (?<!行)为 是 (?<![实现所])有 达到了 达到 达 到了 仅 只有 仅有 已 (?<![人车月年日户批次亩周])均
    了 约为 即 的 (?<!现)在 数额为 金额为
    金额达 累计达 累计 高达 就 实为 也 还 、 , :
    """
)
_TAIL = re.compile(rf"(?P<qualifier>{_ROUGH})$|(?:{_COPULA})$|[\s\"'“”‘’]+$")
_AFTER = re.compile(r" ?(?:\(含\))?(左右|上下|及以上|以上|及以下|以下|以内|之内|不等|余|多(?=[，。；]))(?:\(含\))?")
_UP = "增加|增长|上升|提高|提升|上涨|增多|增收|增支|扩大|攀升"
_DOWN = "减少|下降|降低|减支|减收|下滑|回落|缩减|削减|压减|压缩|下跌|少支出|节约(?!型|用地|集约|能源)|节省|核减|调减"
_DIRECTION = re.compile(
    rf"(?P<up>(?:同比|环比)?(?:{_UP})(?!值|点)|(?:同比|环比)增|增幅|升幅|超支|多支出|调增|增)"
    rf"|(?P<down>(?:同比|环比)?(?:{_DOWN})|(?:同比|环比)[减降]|降幅|减幅|降)|(?P<flat>持平)"
)
_HOW_MUCH = re.compile(r"(?:率|幅度|幅|额|数|比例|数额|金额|百分比|了|约)*(?:[约近为达共计:]|达到)*")
_RESULT = re.compile(r"^(?:到了?|至|为|成|达到|后)")
_MORE_OR_LESS = {"多": 1, "少": -1, "超": 1}  # 比去年3万元少0.5万元
_MORE_THAN = re.compile("(?<![最至不很许较减缺增])[多少]$")  # 比上年决算数多了0.5万元
_EXCEEDS = re.compile(
    r"(?P<name>[^，,]*?)超(?:出|支|过)?(?P<of>(?:年初|当年|调整后?|年度|全年)?(?:预算|目标|计划|任务)[^，,]{0,4})$"
)
_BASES = either(
    r"""
    上年 上一年 去年 前年 前一年 往年 历年 以前年度 同期 上期 上月 上季 年初 预算 计划 目标 决算 批复 平均
    标准 定额 控制数 概算 限额 全国 全省 全市 全县 全区 本年 改革前 实施前 之前 [0-9]{4}年 \x01
    """
)
_COMPARED = re.compile(
    r"(?:同比(?=[去上])|相?较(?:于|之)?|比(?!例|重|率|赛|较|武|如)|相比(?:于)?|对比|由|从|与|同(?![比时志步意级事])|跟|和)"
    rf"(?P<of>[^，,。；;、:]{{0,8}}?(?:{_BASES})[^，,。；;、:]{{0,16}}?)"
    r"(?=相比|相较|比较|对比|基本|大致|有所|大幅|略有|略|共|总体|均|净|分别|实际|[，,:(]|$"
    rf"|{_UP}|{_DOWN}|增|减|降|持平|多|少|超)"
)
_COMPARING = re.compile(r"^[ 、]?(?:同比|相?较于?|比(?!例|重|率|赛|选)|与)(?=.*(?:年|预算|计划|同期|决算|目标|\x01))")
_COMPARED_FILLER = re.compile(
    "(?:" + either("同比 环比 共 有所 大幅 略有 略 总体 净 又 分别 相比 相较 每个?[年月日] 去年 上年") + ")*$"
)
_SAME_TIME = re.compile(r"同比|环比")
_SHARE = re.compile(
    r"占(?:到|据|了)?(?P<of>[^，,。；;:]{0,30}?)的?(?:比重|比例|比率|占比|百分比|比|份额)?"
    r"(?:[约近为达]|达到|分别为?|均为?|超过|超|不低于|不足|:|仅)*$"
)
_PART_OF_PLAN = re.compile(
    r"(?:完成|执行|达到|为|占|是)?(?P<of>了?[^，,。；;:为]{0,10}?"
    r"(?:预算|计划|任务|目标|概算|控制数|指标|安排)[^，,。；;:]{0,6}?)的$"
)
_PLAN = re.compile(
    "(?:年初|调整后?|追加后|全年|当年|年度|本年|上年)?预算(?:数|总额)?|(?:年度|全年)?(?:目标|计划|任务)数?"
)
_RATE = re.compile(r"(?:率|满意度|完成度|进度|知晓度|比例|程度)$")
_AVERAGE = re.compile(
    r"平均|均价|(?<!平)[人月年户日批次周亩车辆件笔座船艘册台套床生师班村家项]均(?![为可匀衡])"
    r"|每个?(?:人|月|年|天|日|周|次|户|批|季|趟|车|辆|亩|平方米|村|家|件|笔|座|台|套|公里|册|页|条|栋|所|名|期|场|生|床)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words before a number, taken apart. `direction` is None where no change is told."""

    name: str = ""
    qualifiers: tuple[str, ...] = ()
    direction: int | None = None
    is_share: bool = False
    is_rate: bool = False
    is_average: bool = False
    of: str = ""
    raw: str = ""  # as they stand, without 为, 共, 约 at the end
    names_change: bool = False  # the name is of what changed, told before the word of change


def before(words: str, *, is_ratio: bool) -> Words:
    """The words between the last break of the sentence and a number; `is_ratio` where it counts per cent."""
    trimmed, qualifiers = _trimmed(words)
    told = (_ratio(words, qualifiers) if is_ratio else None) or _change(trimmed, qualifiers, is_ratio=is_ratio)
    if told is not None:
        return told
    name = named(_COMPARING.sub("", trimmed))
    is_average = _AVERAGE.search(words) is not None
    is_rate = is_ratio and _RATE.search(name) is not None
    return Words(name, qualifiers, is_rate=is_rate, is_average=is_average, raw=trimmed)


def compared_with(words: str) -> tuple[str, str]:
    """What the words compare with: (上年支出, 较上年支出); two empty strings where they compare nothing."""
    found = _last(_COMPARED, words)
    if found:
        of = named(re.sub("(?:同比|每个?[年月日])$", "", found["of"])) or "上年"
        return of, found.group().replace("\x01", "")
    same = _SAME_TIME.search(words)
    if same is None:
        return "", ""
    return "上年" if same.group() == "同比" else "上期", same.group()


def qualifiers_after(text: str, position: int) -> tuple[str, ...]:
    """左右, 以上 and the like behind a number that ends at `position`."""
    match = _AFTER.match(text, position)
    return (match.group(1),) if match else ()


def _trimmed(words: str) -> tuple[str, tuple[str, ...]]:
    qualifiers: list[str] = []
    while match := _TAIL.search(words):
        if match["qualifier"]:
            qualifiers.insert(0, match["qualifier"])
        words = words[: match.start()]
    return words, tuple(qualifiers)


def _ratio(words: str, qualifiers: tuple[str, ...]) -> Words | None:
    """占总支出的…, 完成年初预算的…."""
    share = _SHARE.search(words)
    if share:
        of = named(share["of"])
        is_plan = _PLAN.fullmatch(of) is not None or ("预算" in of and "完成" in words)
        return Words(named(words[: share.start()]), qualifiers, is_share=not is_plan, is_rate=is_plan, of=of)
    plan = _PART_OF_PLAN.search(words.rstrip())
    return Words(named(words[: plan.start()]), qualifiers, is_rate=True, of=named(plan["of"])) if plan else None


def _change(words: str, qualifiers: tuple[str, ...], *, is_ratio: bool) -> Words | None:
    exceeds = _EXCEEDS.match(words)
    if exceeds:
        return Words(named(exceeds["name"]), qualifiers, 1, of=named(exceeds["of"]), raw=words)
    if words.strip() in _MORE_OR_LESS:
        return Words("", qualifiers, _MORE_OR_LESS[words.strip()], raw=words)
    compared = _last(_COMPARED, words) if _MORE_THAN.search(words) else None
    if compared and compared.end() == len(words) - 1:
        return Words(named(words[: compared.start()]), qualifiers, _MORE_OR_LESS[words[-1]], raw=words)
    found = _last(_DIRECTION, words)
    if found is None or words[: found.end()].endswith("自然增长"):
        return None
    direction = 1 if found["up"] else -1 if found["down"] else 0
    name, rest = named(_compared_away(words[: found.start()])), words[found.end() :]
    if rest in ("到", "至", "为") or (_RESULT.match(rest) and not _HOW_MUCH.fullmatch(rest)):
        return Words(name, qualifiers, raw=words)  # 增加到: what it came to, not the change
    if _HOW_MUCH.fullmatch(rest):
        return Words(name, qualifiers, direction, raw=words, names_change=bool(name))
    name = named(rest)  # 减少人员5人
    return None if is_ratio or len(name) > 8 or found.group() in ("增", "降") else Words(name, qualifiers, direction)


def _compared_away(words: str) -> str:
    return _COMPARED_FILLER.sub("", _COMPARED.sub("", words))


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    return max(pattern.finditer(words), key=lambda match: match.start(), default=None)
