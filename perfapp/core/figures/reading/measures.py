"""The measure words of official prose: how they are found after a number, their usual names and their kinds."""

import re

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.words import either, words

_MEASURES = words(
    """
    册次 人份 人次 批次 期次 场次 班次 车次 架次 航次 台次 件次 户次 家次 项次 课次 辆次 艘次 篇次 头次 床次 例次 趟次
    船次 轮次 株次 个工作日 工作日 个小时 小时 分钟 个季度 个半月 个月 个学期 学期 个星期 星期 个年度 个周期
    个课时 课时 学时 学分 平方公里 平方千米 平方米 平方 平米 立方米 立方 公里 千米 公顷 公斤 千克 毫克 毫升 毫米
    厘米 海里 千瓦时 千瓦 兆瓦 千伏安 千伏 度电 吨标准煤 吨标煤 个标段 标段 大类 大项 大块 兆 个 辆 盏 栋 幢 趟
    枚 艘 匹 羽 棵 颗 粒 遍 宗 笔 双 段 捆 副 筐 岁 折 档 樽 尾 吨 斤 秒 扇 眼 孔 尊 杆 樘 码 号 级 件 床 席 则
    类 员
    """
)
_IN_OTHER_WORDS = """
    人:民|大代|均|力|社|事|身|才|口 部:门|分|署|队|长|委|级|件 家:庭|长|属|具|电|园|乡 场:所|地|景|馆|面
    条:例|件 期:间|末|初|望|限|刊 度:假|汛|过|量 户:籍|外|型|均 份:额 位:置|于|列|居 张:贴 间:接|隔|断
    天:然|气|河|津|台|水 门:诊|户|面|前 支:出|付|持|部|委|撑 节:约|能|水|假|省|余|点|庆 只:有|要|能|需|是
    片:区|面 处:理|置|于|罚|长|级|室|分|在 所:有|以|需|属|在|谓 台:账|帐|湾|风|州|子 包:括|含|干|保 架:构|设
    轮:流|换|岗|训 分:别|管|散|析|工|配|类|级|为|布|局|公司|之|开|担|解|期|行|享|成|项|摊|数线 头:部 块:状
    点:位|击|评|多钟|钟 面:积|向|临|对|貌|广|试 名:单|称|录|列|义|优 道:路|德 套:取|餐 字:号|样
    周:边|转|期|岁|年|末 本:级|年|单位|部|次|着|区|县|市|省|地|科|报告|期|局|院|校 回:收|访|复|馈|头|落 项:目(?!标)
    对:于|应|象|口|外|接|标|比|照|账|个人|附属|下级|企业 口:径|头|岸|罩 股:份|室|东|权|级 届:时 例:如|会|行
    株:洲|式 篇:幅 集:体|中|团|成 组:织|成|建|长 班:子|级|组|主任|车 列:入|支|为|示|出|席|举 角:度|色|落
    种:植|粮|子|业|养|类 盘:活|点 把:握|手|关|好 根:据|本|治 箱:变 车:辆|站|道 座:谈|位|椅 幅:度 卷:烟
    批:复|示|准|评|量|改|办 起:到|草|步|来|始|源|点|诉 日:常|均|前|期|益|后|照|程 次:年|月|日|要|数 顶:层 倍:增
    桌:面 亩:均 挂:牌|图|职 格:式|局 封:闭|存|山 讲:话|解|座|究|述|好 课:题|堂|程|余 站:点|位|台 队:伍|员|列
    村:民|级|委|庄|容|规 镇:区|级|政府 乡:镇|村|亲 园:区|林 校:园|舍|长|区|级 款:项|式 章:程|节 柜:台|面
    克:服|难|扣|里 里:程|面 米:面|饭|粮|、|粉|线|油 升:级|学|至|到|降|高|值|格|旗|为 年:度|初|底|末 首:先|次|要
    路:口|灯|面|段|径|线|由|网|政|基|况|桥|产|长|费|径|牙
    册:子 页:面 餐:饮|厅 具:体|有|备 版:本|权 层:面|级|次 盒:饭 袋:装 瓶:装 桶:装
    """
_NAMES = {
    "人": "名 位",
    "平方米": "平米 平方 ㎡ m² m2",
    "立方米": "立方 ㎥ m³ m3",
    "公里": "千米 ㎞ km",
    "公斤": "千克 ㎏ kg",
    "千瓦时": "度电 kwh kw·h kw.h",
    "千瓦": "kw",
    "吨": "t",
    "米": "m",
    "升": "l",
    "周": "星期 个星期",
    "小时": "个小时",
    "工作日": "个工作日",
    "学期": "个学期",
    "课时": "个课时",
    "年": "个年度",
    "天": "日",
    "平方公里": "平方千米",
}
_NAME_OF = {word: name for name, listed in _NAMES.items() for word in listed.split()}
_DURATIONS = words("年 个月 个半月 天 周 小时 分钟 秒 工作日 个季度 学期 学时 课时 个周期")
_MEASURED = words(
    """
    平方公里 平方米 立方米 公里 公顷 公斤 毫克 毫升 毫米 厘米 海里 千瓦时 千瓦 兆瓦 千伏安 千伏 兆 吨 斤 升 克 米 里
    亩 度 ℃ 吨标准煤 吨标煤 gb tb mb mw kva kv ml mg cm mm ㎝ ㎜
    """
)
_NO_QUANTITIES = words("号 码 级 款 章 节 段 档 届")
_PER = either(
    """
    人次 人 个月 月 年度 年 天 日 次 平方米 平方 ㎡ m2 亩 户 吨 公里 千米 公顷 床 个 辆 台 套 间 桌 餐 场 期 小时 周
    季度 季 家 件 栋 生 村 立方米 学时 课时 度 千瓦时
    """
)
_LATIN_NAMES = either("m2 m3 km kg cm mm kw[·.]?h kw mw kva kv gb tb mb ml mg t m l")
_LATIN = rf"(?:[㎡㎥㎞㎏㎝㎜℃]|m[²³]|(?:{_LATIN_NAMES})(?![a-z0-9]))"


def _measure_words() -> str:
    """Every measure word, the longer first; not where what follows makes it a part of another word (12部门)."""
    parts = {word: ends for word, _, ends in (entry.partition(":") for entry in _IN_OTHER_WORDS.split())}
    listed = sorted({*_MEASURES, *parts}, key=len, reverse=True)
    return "|".join(f"{word}(?!{parts[word]})" if word in parts else word for word in listed)


UNIT = re.compile(
    r"(?P<gap> {0,8})(?P<more>[余多来几](?!自|元化|次召))? ?"
    r"(?:(?P<percent>%|‰|个? ?百 ?分 ?点)"
    r"|(?P<money>(?:万 ?亿|[千百十]? ?[万亿]|[千百])? ?(?P<more2>余|多)?"
    r"(?:美 ?元|港 ?[元币]|欧 ?元|日 ?元|元(?!旦|素|月|件|器)(?:人民币)?))"
    r"|(?P<scale>万亿|千万|百万|十万|[万亿千百])?(?P<more3>余|多)? ?"
    rf"(?P<measure>{_LATIN}|{_measure_words()})"
    r"|(?P<alone>万亿|[万亿]))"
    rf"(?P<per> ?/ ?(?:{_PER})(?: ?[/·] ?(?:{_PER}))?|/每(?:{_PER}))?"
    r"(?P<after>余|多(?!种|项|个|家|次|方|元|式))?",
    re.IGNORECASE,
)
"""What may follow a number: percent, money, a thing counted or measured, or 万 and 亿 alone."""


def is_whole_thing(unit: re.Match[str]) -> bool:
    """Can there only be a whole number of it? Nobody counts 1.41 persons."""
    return bool(unit["measure"]) and not unit["scale"] and _kind_of(_name_of(unit["measure"])) is Kind.COUNT


def is_number_of_a_thing(name: str) -> bool:
    """Do these words number a thing (3号, 二级) instead of counting it?"""
    return name in _NO_QUANTITIES


def unit_of(match: re.Match[str]) -> tuple[Kind, str]:
    """The kind and the usual name of the unit that `UNIT` found after a number: 名 is 人, ㎡ is 平方米."""
    per = match["per"].replace(" ", "").replace("/每", "/") if match["per"] else ""
    if match["percent"]:
        return (Kind.POINTS, "百分点") if "分" in match["percent"] else (Kind.PERCENT, match["percent"])
    if match["money"]:
        return Kind.MONEY, re.sub("[ 余多]|人民币", "", match["money"]).replace("港币", "港元") + per
    if match["alone"]:
        return Kind.NUMBER, match["alone"]
    name = _name_of(match["measure"])
    return _kind_of(name), (match["scale"] or "") + name + per


def more_or_less(match: re.Match[str]) -> tuple[str, ...]:
    """余 and 多 as they stand within the unit."""
    return tuple(word for word in (match["more"], match["more2"], match["more3"], match["after"]) if word)


def unit_named(text: str) -> tuple[Kind, str] | None:
    """The kind and the usual name of a unit that stands alone (万元, %, 人次); None for other words."""
    match = UNIT.fullmatch(text)
    if match is None or match["gap"] or match["more"] or match["after"] or match["alone"]:
        return None
    return unit_of(match)


def _name_of(measure: str) -> str:
    lowered = measure.replace(" ", "").lower()
    return _NAME_OF.get(lowered, lowered)


def _kind_of(name: str) -> Kind:
    if name in _DURATIONS:
        return Kind.DURATION
    if name == "分":
        return Kind.SCORE
    if name in ("倍", "折"):
        return Kind.NUMBER
    return Kind.MEASURE if name in _MEASURED else Kind.COUNT
