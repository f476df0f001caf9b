"""Numbers that are no quantities: document numbers, annexes, items, codes, telephones, addresses, set phrases."""

import re

from perfapp.core.figures.reading.mark import Mark, label
from perfapp.core.figures.reading.measures import UNIT
from perfapp.core.figures.reading.numerals import NUMERAL
from perfapp.core.figures.reading.words import either

_ORDINALS = either(
    "届 条 章 款 次 批 期 部分 名 位 号 页 节 类 级 方 步 项 天 周 轮 层 个 家 编 集 版 讲 篇 卷 组 场 阶段"
)
_NUMBERED = either("电话 手机 传真 邮编 邮政编码 [账帐]号 编号 编码 代码 证号 热线 序号 索引号 信箱")
_ANNEX = re.compile(
    r"(?:附件|附表|附图|附录|专栏|图表|表格|附|(?<!代)表|(?<![地试])图)[ :]?"
    rf"(?:[0-9]{{1,3}}(?:[-.~][0-9]{{1,3}})*+|{NUMERAL}{{1,2}}(?=[、:，。) ]|$))"
)
_LABEL = re.compile(
    r"[〔\[【(] ?(?:19|20)[0-9]{2} ?[〕\]】)] ?(?:第 ?)?[0-9]{1,5}(?:-[0-9]{1,4})? ?号"
    rf"|\( ?(?:[0-9]{{1,2}}|{NUMERAL}{{1,3}}) ?\)"
    rf"|第 ?(?:[0-9]{{1,4}}|{NUMERAL}{{1,6}})(?:{_ORDINALS})?"
    r"|[①-⓿❶-➓㈠-㈩Ⅰ-ⅿ]"
    r"|公开 ?[0-9]{2} ?表"
    rf"|(?:{_NUMBERED})号?码?[ :为是]{{0,4}}[0-9][0-9 -]{{2,30}}(?<=[0-9])"
)
_RUN = re.compile(r"(?:[0-9]++[ ,.:;/、，-]{1,3}+){64,}+[0-9]*+")
_HEADING = re.compile(
    r"[ \t]*(?:[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?=[ 、])"
    r"|[0-9]{1,2} ?(?:[、)]|\.(?: |(?=[^0-9]|(?:19|20)[0-9]{2}年|[0-9]{1,2}月)))"
    rf"|{NUMERAL}{{1,3}} ?(?:[、.:]|(?=是[^否])))"
)
_ITEM = re.compile(rf"[0-9]{{1,2}}(?: ?[.、)](?! ?[0-9])|\.(?=(?:19|20)[0-9]{{2}}年))|{NUMERAL}{{1,2}}(?:、|是(?!否))")
_ITEM_FOLLOWS = frozenset({"", "。", "；", ";", ":", "！", " ", "\t"})
_SPOKEN_ITEM_FOLLOWS = frozenset({"", "。", "；", ";", ":", "，", ",", "！"})
_CODE = re.compile(r"[12356][0-9]{2}(?:[0-9]{2}){0,2}(?= ?[\u4e00-\u9fff“])")
_FACTOR = re.compile(r"[×*xX] ?100 ?%")
_OTHERS = (
    re.compile(r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])"),
    re.compile(r"[0-9]{2}(?:后(?!续|期|来)|年代| ?世纪)|[0-9]\+(?:[0-9]|[A-Z])(?![0-9.])"),
    re.compile(r"[0-9]{3,11}(?= ?(?:热线|专线|举报|服务平台|平台))|1[3-9][0-9]{9}(?![0-9])|0[0-9]{2,3}-[0-9]{7,8}"),
    re.compile(r"[0-9]{1,5}(?:-[0-9]{1,4}){0,2} ?#? ?(?:号|室|楼(?!栋)|路(?!灯)|弄|国道|省道|院|#)"),
)
_WORD = re.compile(r"https?:[\w./:%?=&#~+-]*+|[A-Za-z]++(?:[./@_:-]?[A-Za-z0-9]++)*+", re.ASCII)
_STANDARD = re.compile(r"GB ?(?:/ ?T)? ?[0-9]{1,6}(?:\.[0-9]{1,2})?(?:[-~][0-9]{4})?")
_LETTERS = re.compile(r"[A-Za-z]++")
_GLUED = re.compile(r"[A-Za-z]++[0-9]++(?:\.[0-9]++)?")
_SET_PHRASE = re.compile(
    either(
        """
    一卡通 一站式 一体化 一把手 一次性 一揽子 一线 一旦 一定 一方面 一系列 一点一滴 一环扣一环 一事一议 一岗双责
    一会一课 一票否决 一网通 一件事 一窗 一日三餐 一年一度 一如既往 一以贯之 一心一意 一丝不苟 一目了然 一分为二
    一对一 一户一[策档] 一人一[策档] 一村一 一企一 一点多 一张网 一张图 一盘棋 一条龙 一本账 两不愁三保障 两不愁
    三保障 两学一做 双随机一公开 两个(?:维护|确立|责任|全覆盖|不变|一百年|务必|毫不动摇|平台)
    两个?(?:委|会|癌|新|非|重|高) 两手 两头 三个(?:代表|务必|区分|必须|地区)
    三(?:会一课|严三实|重一大|支一扶|定|公|农|线|包|资|同时|级|委) 三大(?:攻坚战|保卫战)
    四个(?:意识|自信|全面|服务|对照|到位|不摘|伟大|亮|最严|办|必|着力) 四大家 四(?:风|史|通|议两公开|上|好|级)
    四面八方 五个(?:一|到位|方面要求) 五位一体
    [三五十]年(?:行动|规划|计划) 两个文明 五(?:小|险一金|险|化) 六(?:稳|保|大纪律|项纪律) 七个?有
    八项(?:规定|禁令) 八小时 十大 十二五 十三五 十四五 十五五 百日 千方百计 千家万户 万众 万无一失 百年 百姓
    百分制 十七大 十八大 十九大 二十大 (?:十八|十九|二十)届[一二三四五六七]中 二十届
    """
    )
)


def heading_of(line: str) -> Mark | None:
    """The number a line begins with: 一、 1. （1） 1.2 or 一是."""
    match = _HEADING.match(line)
    return label(len(line) - len(line.lstrip()), match.end()) if match else None


def label_at(line: str, start: int) -> Mark | None:
    """A document number, an item in brackets, an ordinal, an annex, a telephone number with its word."""
    match = _LABEL.match(line, start)
    if match:
        return label(start, match.end())
    annex = _ANNEX.match(line, start)
    if annex is None or (not line.startswith("附件", start) and UNIT.match(line, annex.end())):
        return None  # “附3份” and “表5个” count things
    return label(start, annex.end())


def run_at(line: str, start: int) -> Mark | None:
    """A long run of nothing but numbers: data, no prose."""
    match = _RUN.match(line, start)
    return label(start, match.end()) if match else None


def label_of_digits(line: str, start: int) -> Mark | None:
    """An item's number, a factor, a time of the day, a telephone, a house, a code before its name."""
    if line[start - 1 : start] in _ITEM_FOLLOWS and (item := _ITEM.match(line, start)):
        return label(start, item.end())
    factor = _FACTOR.match(line, max(0, start - 1)) or _FACTOR.match(line, max(0, start - 2))
    if factor:
        return label(start, factor.end())  # a formula's ×100% is no figure
    for pattern in _OTHERS:
        match = pattern.match(line, start)
        if match:
            return label(start, match.end())
    code = _CODE.match(line, start)
    return label(start, code.end()) if code and not UNIT.match(line, code.end()) else None


def label_of_numerals(line: str, start: int) -> Mark | None:
    """A set phrase (四个意识, 一站式) or an item (二是, 三、)."""
    phrase = _SET_PHRASE.match(line, start)
    if phrase:
        return label(start, phrase.end())
    item = _ITEM.match(line, start) if line[start - 1 : start] in _SPOKEN_ITEM_FOLLOWS else None
    return label(start, item.end()) if item else None


def latin_at(line: str, start: int) -> tuple[Mark | None, int]:
    """A word with digits in it (A4, PM2.5, www.a.cn, GB/T 9704) and where it ends; GDP5% keeps its number."""
    standard = _STANDARD.match(line, start)
    if standard:
        return label(start, standard.end()), standard.end()
    word = _WORD.match(line, start)
    if word is None:
        return None, start + 1
    if not any("0" <= mark <= "9" for mark in word.group()):
        return None, word.end()
    glued, letters = _GLUED.match(line, start), _LETTERS.match(line, start)
    if glued and letters and glued.end() >= word.end() and letters.end() > start + 1 and UNIT.match(line, glued.end()):
        return None, letters.end()
    return label(start, word.end()), word.end()


def glued_word_end(line: str, end: int) -> int:
    """Where the Latin word that hangs on a number ends (5G, 8LED): `end` itself if there is none."""
    word = _WORD.match(line, end)
    return word.end() if word else end
