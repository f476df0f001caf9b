"""What the words next to a number say: its name, what it is compared with, and how exact it claims to be."""
# ruff: noqa: E501

import re
from dataclasses import dataclass

_ROUGH_BEFORE = "大约|大概|将近|接近|约|近|超过|超|逾|突破|不足|不低于|不少于|不高于|不超过|不大于|不小于|低于|高于|少于|多于|至少|至多|最多|最少|≥|≤|>=|<=|＞|＜|>|<|大于等于|小于等于|大于|小于"
_COPULAS = (
    "分别为|分别是|分别|均为|总计为|合计为|预计|共计|合计|总共|一共|共有|各|共|(?<![总合统审会估设预])计|(?<!行)为|是|(?<![实现所])有|达到了|达到|达|到了|仅|只有|仅有"
    "|已|均|了|约为|即|的|(?<!现)在|数额为|金额为|金额达|累计达|累计|高达|就|实为|也|还|、|,|:"
)
_TAIL = re.compile(rf"(?P<qualifier>{_ROUGH_BEFORE})$|(?P<copula>{_COPULAS})$|[\s\"'“”‘’]+$")
_AFTER = re.compile(r" ?(?:\(含\))?(左右|上下|及以上|以上|及以下|以下|以内|之内|不等|余|多(?=[，。；]))(?:\(含\))?")
_UP = "增加|增长|上升|提高|提升|上涨|增多|增收|增支|扩大|攀升"
_DOWN = "减少|下降|降低|减支|减收|下滑|回落|缩减|削减|压减|压缩|下跌|少支出|节约(?!型|用地|集约|能源)|节省|核减|调减"
_DIRECTION = re.compile(
    rf"(?P<up>(?:同比|环比)?(?:{_UP})(?!值|点)|(?:同比|环比)增|增幅|升幅|超支|多支出|调增|增)|(?P<down>(?:同比|环比)?(?:{_DOWN})|(?:同比|环比)[减降]|降幅|减幅|降)|(?P<flat>持平)"
)
_MEASURE_OF_CHANGE = re.compile(r"^(?:率|幅度|幅|额|数|比例|数额|金额|百分比|了|约)*(?:[约近为达共计:]|达到)*$")
_MORE_OR_LESS = {"多": 1, "少": -1, "超": 1}  # 比去年3万元少0.5万元
_EXCEEDS = re.compile(r"(?P<name>[^，,]*?)超(?:出|支|过)?(?P<of>(?:年初|当年|调整后?)?预算[^，,]{0,4})$")
_RESULT = re.compile(r"^(?:到了?|至|为|成|达到|后)")
_BASES = "上年|上一年|去年|前年|前一年|往年|历年|以前年度|同期|上期|上月|上季|年初|预算|计划|目标|决算|批复|平均|标准|定额|控制数|概算|限额|全国|全省|全市|全县|全区|本年|上一年度|改革前|实施前|之前|[0-9]{4}年|\x01"
_COMPARED = re.compile(
    rf"(?:同比(?=[去上])|相?较(?:于|之)?|比(?!例|重|率|赛|较|武|如)|相比(?:于)?|对比|与|同(?![比时志步意级事])|跟|和)(?P<of>[^，,。；;、:\x02]{{0,8}}?(?:{_BASES})[^，,。；;、:\x02]{{0,12}}?)"
    rf"(?=相比|相较|比较|对比|基本|大致|有所|大幅|略有|略|共|总体|均|净|分别|实际|[，,:(]|\x02|$|{_UP}|{_DOWN}|增|减|降|持平|多|少|超)"
)
_COMPARING = re.compile(r"^[ 、]?(?:同比|相?较于?|比(?!例|重|率|赛|选)|与)(?=.*(?:年|预算|计划|同期|决算|目标|\x01))")
_SAME_TIME = re.compile(r"同比|环比")
_SHARE = re.compile(
    r"占(?:到|据|了)?(?P<of>[^，,。；;:]{0,30}?)的?(?:比重|比例|比率|占比|百分比|比|份额)?(?:[约近为达]|达到|分别为?|均为?|超过|超|不低于|不足|:|仅)*$"
)
_PART_OF_PLAN = re.compile(
    r"(?:完成|执行|达到|为|占|是)?(?P<of>(?:了)?(?:[^，,。；;:为]{0,10}?)(?:预算|计划|任务|目标|概算|控制数|指标|安排)[^，,。；;:]{0,6}?)的$"
)
_RATE = re.compile(r"(?:率|满意度|完成度|进度|知晓度|比例|程度)$")
_AVERAGE = re.compile(
    r"平均|人均|月均|年均|户均|日均|均价|批均|次均|周均|亩均|每(?:个)?(?:人|月|年|天|日|周|次|户|批|季|趟|车|辆|亩|平方米|村|家)"
)
_LEADING = re.compile(
    r"^(?:其中|(?:主要)?原因[是为]|全年|本年度?(?!收入|支出)|年度|当年|今年|我(?:单位|局|办|中心|委|院|校|镇|乡|部门|部|会|站|所|馆|队|厅|县|区|市|省|街道)"
    r"|本(?:单位|部门|局|中心|院|校|委|办|镇|乡|街道)|单位|部门(?!预算|支出|整体|决算|收入)"
    r"|全(?:局|院|校|镇|乡|办|中心|委|系统|县|市|区|单位|部门)(?=共|现|实|在|累)|平均每个?[月年天日周次人批辆台户亩趟车家村]|每个?[月年天日周]|平均|[月年日周]均"
    r"|目前|现有|现(?!金|场|代|行|状)|圆满(?=完)|共有|共计|共(?!同|青|建|享|性)|合计|总计|累计|另外|另有|另|还有|还|以及|并且|并|及(?!时)|和(?!谐)|与|其(?!他|它|余)"
    r"|包括|包含|涵盖|涉及|含(?!量)|主要是|主要(?!污染)|即为|即|按照|经(?!费|营|济|常|办|贸|开)|由|被|自(?!评|筹|然|查|行|收|主|有|来|治)|截[至止](?:目前|当前)?|至|底|末|初(?!中|步|级|次)|日(?!常|间|均|照)|以来|期间"
    r"|的|了|是|为(?!民)|有(?!线|关|效|机|害|色)|在(?!职|编|岗|册|校|建|院|线|读|用|库|园|籍|研)|上(?!年|级|缴|门|报|访|市|半)|中(?!央|心|小|介|层|型|国|级|长|标|期|医|学|专|共|等|高|考)"
    r"|下设|内设(?!机构|科|股|处|部|室)|设有|设立|设(?!备|施|计|置|卡)|下辖|辖(?!区)|所属|拥有|具有|核定|实现|完成(?!率|度|情况|数|值)|实有(?=.)|达到|达(?!标|州)|分别|已|均|也|再(?!生)|又|从(?!业|事|教)|来自|来(?!访|宾|信|电|料)"
    r"|收到|取得|获得|荣获|[一二三四五六七八九]是|可以|可(?=每)|[（(、,:：;\-~ %]|各类|各(?!项|级)|\x01|对(?!外|口|个人|附属|家庭|企业)|于|、)"
)
_DOERS = re.compile(
    r"组织(?!部|机构|费|生活|委员|人事|建设)|开展(?!的)|举办|召开|进行|用于|通过|按照|根据|投入了|编制了|争取到|下达了|会同|安排(?=.*资金)"
)
_FIXED = re.compile(r"对[^的，]{2,10}的补助(?:支出)?$")
_PERIODS = re.compile(r"截[至止](?:目前|当前|今)|上半年|下半年|(?<=.)全年|\x01(?:底|末|以来)?")
_PLACE_HOLDERS = re.compile(r"[\s\"'“”‘’《》<>\[\]【】\x01\x02·]+")
_END = re.compile(
    r"(?:预算数|决算数)?(?:总额|金额|数额|资金额)?(?:预计|共计|(?<=..)合计|(?<!行)为|是|共|达到|达|约|(?<![总合统审会估设预])计|(?<![实现所])有|了|的|数为|分别|未|仍)+$"
)
_COUNTED = re.compile(r"[A-Za-z]{0,8}[\u4e00-\u9fff“”]{1,14}")
_TAKES_NOUN = frozenset("名位种类盏座所家")  # measure words that the thing counted follows
_STOPS = re.compile(
    r"供|的|对|在|为|进行|用于|以|由|被|从|并|和|及|与|等|中|均|已|共|参加|参与|开展|分别|是|有|到|至|获|将|向|给|来|按|了|通过|组织|实施|进|每|其|达|完成|经|占|全部|受|得|出|因|未|负责|包括|即|前|后|上|下|内(?!设|部|控|科)|较|比|同比|增|减|合计|共计|计"
)
_COUNT_VERBS = re.compile(
    r"(?:装|设|建|置|购|开|办|收到|供应|配备|配|发放|发|印|修|改造|栽|种|改|建成|完成|组织|召开|举办|有|下|辖|聘|派|出动|调|抓|查处|查|立|审结|审|受理|办结|办理|走访|慰问|接待|来自|出台|制定|制|征|集|争取|获得|获|荣获|得|评|签订|签|引进|引|培育|增|新增|减|化解|整治|清理|拆|拆除|处理|处|救助|资助|帮扶|扶|接|报|编|写|拍|刊|播|推送|推|送|检|抽|巡|退|换|更新|更换|补|投|投入|投放|实施|承办|承担|开展|达|共|为|是|含|的|了|以|及|和|与|第|全|各|对|给|向|在|于|从|等|将|把|按|用|供|每|近|约|超|包括|涉及|覆盖|惠及|服务|落实|负责|举行|安置|吸纳|转移|开设|打造|整合|选派|选|招|录|安排|解决|到|至)$"
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
    raw: str = ""
    names_change: bool = False  # the name is of what changed, told before the word of change


def before(words: str, *, is_ratio: bool) -> Words:
    """The words between the last break of the sentence and a number; `is_ratio` where it counts per cent or the like."""
    trimmed, qualifiers = _trimmed(words)
    average = _AVERAGE.search(words) is not None
    if is_ratio:
        told = _ratio(words, trimmed, qualifiers)
        if told is not None:
            return told
    changed = _change(trimmed, qualifiers, is_ratio=is_ratio)
    if changed is not None:
        return changed
    name = named(_COMPARING.sub("", trimmed))
    return Words(name, qualifiers, is_rate=is_ratio and _RATE.search(name) is not None, is_average=average, raw=trimmed)


def _trimmed(words: str) -> tuple[str, tuple[str, ...]]:
    qualifiers: list[str] = []
    while match := _TAIL.search(words):
        if match["qualifier"]:
            qualifiers.insert(0, match["qualifier"])
        words = words[: match.start()]
    return words, tuple(qualifiers)


def _ratio(words: str, trimmed: str, qualifiers: tuple[str, ...]) -> Words | None:
    share = _SHARE.search(words)
    if share:
        of = named(share["of"])
        is_plan = "预算" in of and "完成" in words
        return Words(named(words[: share.start()]), qualifiers, is_share=not is_plan, is_rate=is_plan, of=of)
    plan = (
        _PART_OF_PLAN.search(words) or _PART_OF_PLAN.search(trimmed + "的") if words.rstrip().endswith("的") else None
    )
    if plan:
        return Words(named(words[: plan.start()]), qualifiers, is_rate=True, of=named(plan["of"]))
    return None


def _change(trimmed: str, qualifiers: tuple[str, ...], *, is_ratio: bool) -> Words | None:
    exceeds = _EXCEEDS.match(trimmed)
    if exceeds:
        return Words(named(exceeds["name"]), qualifiers, 1, of=named(exceeds["of"]), raw=trimmed)
    if trimmed.strip() in _MORE_OR_LESS:
        return Words("", qualifiers, _MORE_OR_LESS[trimmed.strip()], raw=trimmed)
    found = _last(_DIRECTION, trimmed)
    if found is None or trimmed[: found.end()].endswith("自然增长"):
        return None
    rest = trimmed[found.end() :]
    if (_RESULT.match(rest) and not _MEASURE_OF_CHANGE.match(rest)) or rest in ("到", "至", "为"):
        return Words(named(compared_away(trimmed[: found.start()])), qualifiers, raw=trimmed)
    direction = 1 if found["up"] else -1 if found["down"] else 0
    if _MEASURE_OF_CHANGE.match(rest):
        name = named(compared_away(trimmed[: found.start()]))
        return Words(name, qualifiers, direction, raw=trimmed, names_change=bool(name))
    name = named(rest)
    if is_ratio or len(name) > 8 or found.group() in ("增", "降"):
        return None
    return Words(name, qualifiers, direction, raw=trimmed)


def compared_away(words: str) -> str:
    """Without “较上年” and the like."""
    words = _COMPARED.sub("", words)
    return re.sub(
        r"(?:同比|环比)?(?:共|有所|大幅|略有|略|总体|净|又|分别|相比|相较|同比|环比|每个?[年月日]|去年|上年)*$",
        "",
        words,
    )


def compared_with(words: str) -> tuple[str, str]:
    """What the words compare with: (上年支出, 较上年支出); two empty strings where they compare nothing."""
    found = _last(_COMPARED, words)
    if found:
        return named(re.sub("(?:同比|每个?[年月日])$", "", found["of"])) or "上年", found.group().replace("\x01", "")
    same = _SAME_TIME.search(words)
    return ("上年" if same and same.group() == "同比" else "上期", same.group()) if same else ("", "")


def named(words: str) -> str:
    """The noun phrase a person would name: without 其中, 全年, 为, 共, 达 and what stands before the last 的."""
    name = _PLACE_HOLDERS.sub("", _PERIODS.sub("", words))
    name = re.split("包括|包含", name)[-1] or name
    for _ in range(12):
        shorter = _END.sub("", _LEADING.sub("", name, count=1))
        if shorter == name or not shorter:
            break
        name = shorter
    tail = name.rpartition("的")[2]
    if len(tail) >= 2:
        fixed = _FIXED.search(name)
        name = fixed.group() if fixed else tail
    for doer in reversed(list(_DOERS.finditer(name)) if len(name) > 8 else []):
        if len(name) - doer.end() >= 2:
            name = _LEADING.sub("", name[doer.end() :])
            break
    return "" if _LEADING.fullmatch(name) else name[-30:]


def qualifiers_after(text: str, position: int) -> tuple[str, ...]:
    match = _AFTER.match(text, position)
    return (match.group(1),) if match else ()


def counted(text: str, position: int, before: str) -> str:
    """The noun after a measure word (五个职能科室), empty where the thing counted stands before it (培训8次)."""
    match = _COUNTED.match(text, position)
    if match is None or _AFTER.match(text, position):
        return ""
    stop = _STOPS.search(match.group())
    noun = _PLACE_HOLDERS.sub("", match.group()[: stop.start()] if stop else match.group())
    if not before or (len(noun) > 1 and text[position - 1] in _TAKES_NOUN):
        return noun
    if stop is None and _ends_there(text, position, match.end()):
        return noun
    return noun if _COUNT_VERBS.search(before) else ""


def _ends_there(text: str, start: int, end: int) -> bool:
    """Is the noun the whole rest of the clause, or short and followed by its amount (8个项目985万元)?"""
    if text[end : end + 1].isdigit():
        return end - start < 5 and text[start - 1] != "次"
    return end - start < 14


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    return max(pattern.finditer(words), key=lambda match: match.start(), default=None)
