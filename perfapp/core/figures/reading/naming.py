"""Names: the noun phrase a person would call a number by, from the words before and after it."""

import re

from perfapp.core.figures.reading.words import either

YEAR_SIGN = "\x01"  # stands for a date within the words of a number
_US = either("部门 单位 中心 街道 局 办 委 院 校 镇 乡 部 会 站 所 馆 队 厅 县 区 市 省")
_ALL_OF_US = either("部门 单位 中心 系统 局 院 校 镇 乡 办 委 县 市 区")
_LEADING = re.compile(
    "^(?:"
    + either(
        rf"""
        其中 (?:主要)?原因[是为] 全年 首次 加上 本年度 本年(?!收入|支出|度) 年度 当年 今年 我(?:{_US})
        本(?:部门|单位|局|中心|院|校|委|办|镇|乡|街道) 单位 部门(?!预算|支出|整体|决算|收入)
        全(?:{_ALL_OF_US})(?=共|现|实|在|累) 平均每个?[月年天日周次人批辆台户亩趟车家村] 每个?[月年天日周]
        平均 [月年日周]均 目前 现有 现(?!金|场|代|行|状) 圆满(?=完) 共有 共计 共(?!同|青|建|享|性) 合计 总计
        累计 另外 另有 另 还有 还 以及 并且 并 及(?!时) 和(?!谐) 与 其(?!他|它|余) 包括 包含 以上 以下 涵盖 涉及
        含(?!量) 主要是 主要(?!污染|领导|负责|职) 即为 即 按照 按(?!时|期|劳|揭|比) 经(?!费|营|济|常|办|贸|开) 由 被
        自(?!评|筹|然|查|行|收|主|有|来|治) 截[至止](?:目前|当前)? 至 底 末 初(?!中|步|级|次)
        日(?!常|间|均|照) 以来 期间 的 了 是 为(?!民) 有(?!线|关|效|机|害|色)
        在(?!职|编|岗|册|校|建|院|线|读|用|库|园|籍|研) 上(?!年|级|缴|门|报|访|市|半)
        中(?!央|心|小|介|层|型|国|级|长|标|期|医|学|专|共|等|高|考) 下设 内设(?!机构|科|股|处|部|室) 设有 设立
        设(?!备|施|计|置|卡) 下辖 辖(?!区) 所属 拥有 具有 核定 实现 完成(?!率|度|情况|数|值) 达到
        达(?!标|州) 分别 已 均 也 再(?!生) 又 从(?!业|事|教) 来自 来(?!访|宾|信|电|料) 收到 取得 获得 荣获
        [一二三四五六七八九]是 可以 可(?=每) 各类 各(?!项|级) 对(?!外|口|个人|附属|家庭|企业) 于 \x01
        [（(、,:：;\-~%]
        """
    )
    + ")"
)
_END = re.compile(
    r"(?:金额|数额|资金额)?(?:预计|共计|(?<=..)合计|(?<!行)为|是|共|达到|达|约|(?<![总合统审会估设预小累])计|(?<![实现所])有"
    r"|了|的|数为|分别|未|仍|(?:累计|预计|实际)?(?:完成|实现)|每个?[户人月年天次亩辆台间]|[由从](?:上年|去年|年初)?)+$"
)
_CARRIERS = re.compile(
    either(
        r"""
        组织(?!部|机构|费|生活|委员|人事|建设) 开展(?!的) 举办 召开 进行 用于 通过 按照 根据 投入了 编制了
        争取到 下达了 会同 安排(?=.*资金)
        """
    )
)
_OF_PERSONS = re.compile(r"对[^的，]{2,10}的补助(?:支出)?$")  # an account's own name, 的 and all
_PERIODS = re.compile(r"截[至止](?:目前|当前|今)|上半年|下半年|(?<=.)全年|\x01(?:底|末|以来)?")
_MARKS = re.compile(r"[@#*※★☆●◆◇■□▲△▼▪•◎\s\"'“”‘’《》<>\[\]【】\x01·]+")
_LISTING = re.compile("包括|包含|内容为|内容是")
_COUNTED = re.compile(r"[A-Za-z]{0,8}[\u4e00-\u9fff“”]{1,14}")
_TAKES_NOUN = frozenset("名位种类盏座所家")  # measure words that the thing counted follows
_ENDS_NOUN = re.compile(
    either(
        """
        供 的 对 在 为 进行 用于 以 由 被 从 并 和 及 与 等 中 均 已 共 参加 参与 开展 分别 是 有 到 至 获 将
        向 给 来 按 了 通过 组织 实施 进 每 其 达 完成 经 占 全部 受 得 (?<!支)出 因 未 负责 包括 即 前 后 上 下
        内(?!设|部|控|科) 较 比 同比 增 减 合计 计
        """
    )
)
_VERB = re.compile(
    "(?:"
    + either(
        """
        供应 配备 发放 改造 建成 完成 组织 出动 审结 受理 办结 办理 走访 慰问 接待 来自 出台 制定 争取 签订
        引进 培育 化解 整治 清理 拆除 处理 救助 资助 更新 投入 投放 实施 承担 开展 包括 覆盖 服务 落实 负责
        举行 吸纳 转移 打造 整合 安排 解决 制止 查获 界定 筹集 改善 惠及 涉及
        """
    )
    + "|[装设建置购开办配发印修栽种改有下辖聘派调抓查立审制征集获得评签引增减拆处扶接报编写拍刊播推送检抽巡退换补投]"
    "|[达共为是含的了以及和与第全各对给向在于从等将把按用供每近约超选招录到至])$"
)


def named(words: str) -> str:
    """The noun phrase a person would name: without 其中, 全年, 为, 共, 达 and what stands before the last 的."""
    name = _MARKS.sub("", _PERIODS.sub("", words))
    name = _LISTING.split(name)[-1] or name
    name = name.rpartition("、、")[2]
    name = _after_carrier(_after_of(_stripped(name)))
    return "" if _LEADING.fullmatch(name) else name[-30:]


def _stripped(name: str) -> str:
    for _ in range(12):
        shorter = _END.sub("", _LEADING.sub("", name, count=1))
        if shorter == name or not shorter:
            break
        name = shorter
    return name


def _after_of(name: str) -> str:
    tail = name.rpartition("的")[2]
    if len(tail) < 2:
        return name
    fixed = _OF_PERSONS.search(name)
    return fixed.group() if fixed else tail


def _after_carrier(name: str) -> str:
    """物业人员消防培训 of “服务中心组织物业人员消防培训”."""
    for carrier in reversed(list(_CARRIERS.finditer(name))):
        if len(name) - carrier.end() >= 2 and (len(name) > 8 or carrier.start() == 0):
            return _LEADING.sub("", name[carrier.end() :])
    return name


def counted(text: str, position: int, before: str) -> str:
    """The noun after a measure word that ends at `position` (五个职能科室).

    Empty where the thing counted stands before it (培训8次); `before` is the name the words before would give.
    """
    match = _COUNTED.match(text, position)
    if match is None:
        return ""
    stop = _ENDS_NOUN.search(match.group())
    noun = _MARKS.sub("", match.group()[: stop.start()] if stop else match.group())
    if not before or (len(noun) > 1 and text[position - 1] in _TAKES_NOUN):
        return noun
    if stop is None and _ends_there(text, position, match.end()):
        return noun
    return noun if _VERB.search(before) else ""


def _ends_there(text: str, start: int, end: int) -> bool:
    """Is the noun the whole rest of the clause, or short and followed by its amount (8个项目985万元)?"""
    if text[end : end + 1].isdigit():
        return end - start < 5 and text[start - 1] != "次"
    return end - start < 14
