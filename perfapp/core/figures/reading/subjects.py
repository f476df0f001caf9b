"""What names tell: of what a budgeted or spent amount is, and which words are a topic."""

import re

_ATTRIBUTE = re.compile(
    r"(?P<subject>.{2,}?)总?(?:(?:本年|上年|全年|当年)?(?:年初|全年|调整后?|追加)?(?:(?<!公共)(?<!基金)(?<!经营)(?<!部门)预算|决算)(?:数|安排|支出|金额|总额)?"
    r"|(?:实际|累计)(?:支出|完成|执行|使用|到位)数?|执行数|支出数)$"
)
_NO_SUBJECT = re.compile(
    "本年|上年|年初|全年|当年|调整后?|追加|年末|去年|年中|一般公共|财政|部门|单位|政府性基金|其中|支出|收入"
)
_ONLY_KIND = re.compile(
    "(?!本年(?:收入|支出))(?:本年|上年|年初|全年|当年|调整后?|追加|实际|累计|支出|财政拨款|年中|完成|批复)*"
    "(?:预算|决算|支出|执行|完成|资金|金额|投入|安排|下达|到位|使用|差值|结余|费用|经费)(?:数|额|资金|安排)?"
)
_ONLY_YEAR = re.compile("(?:(?:上|去|前|今|本|当|上一)年度?(?:同期|同)?(?:数|支出数)?)?")
_SPENT = re.compile("(?<=[费金])支出$")
_TOPIC = re.compile(
    "(?:费|费用|经费|支出|收入|专项|项目|资金|工程|预算|决算|补助|补贴|拨款|人员|编制|车辆|资产|采购|接待|购置|情况|数量|税"
    "|债券|基金|会议|培训)$"
)
_MONEY = re.compile("资金|经费|收入|支出|预算|决算|拨款|费|款|投入|投资|补助|结余|结转|产值|税|金额")


def bearer(label: str) -> str:
    """公务接待费 of “公务接待费年初预算”; empty where the label has no such part."""
    match = _ATTRIBUTE.match(label)
    if match is None or _NO_SUBJECT.fullmatch(match["subject"]):
        return ""
    return _SPENT.sub("", match["subject"])


def tells_only_its_kind(label: str) -> bool:
    """年初预算, 决算数, 实际支出: of what, other words say."""
    return _ONLY_KIND.fullmatch(label) is not None


def tells_only_its_year(label: str) -> bool:
    """上年, 去年同期, or nothing at all."""
    return _ONLY_YEAR.fullmatch(label) is not None


def is_topic(label: str) -> bool:
    """May this short noun stand alone for what the next numbers are about?"""
    return 2 <= len(label) <= 30 and _TOPIC.search(label) is not None


def is_of_money(label: str) -> bool:
    return _MONEY.search(label) is not None
