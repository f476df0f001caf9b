"""Totals that are known to be made up of certain parts, by the names that reports give them.

The names are those of the departmental accounts (财政部《部门决算报表》) and of the national notes on disclosure.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from perfapp.core.checking.sentences.prose import Quantity
from perfapp.core.figures.figure import Kind

# What may stand between a part's name and its number.
_FILLER = (
    r"(?:决算数?|预算数?|资金|拨款|收入|支出|经费|费用?|总?数|总?额|合计|共计?|为|是|达到?|实际|金额|完成|安排|情况|方面|人员|干部|职工"
    r"|得分?|全年|本年|当年|年初|年末|年度?|财政|有|计|[（(][^（）()]*[）)]|[\s：:，,“”\"、]|20\d\d年)*$"
)
_NO_NAME = re.compile(r"其中|分别|用于|核定|现有|实有|我[局部委办厅]|本?单位|部门|机关|有|20\d\d年度?|\s")
_SUMMED_UP = re.compile(r"(?:总计|共计|合计|总额|总支出|总收入|总数|总人数|小计)[^，。；]{0,4}$")


@dataclass(frozen=True, eq=False)
class Partition:
    """`total` finds the name of the whole; `parts` the names of its parts.

    Where all parts of one `core` are there the list is known to be whole. `inside` says which parts belong to
    another one when that is listed too.
    """

    code: str
    kind: Kind
    total: str
    parts: Mapping[str, str]
    cores: tuple[frozenset[str], ...]
    inside: Mapping[str, str] = field(default_factory=dict)
    doubtful: str = ""  # with this name of the whole a difference proves nothing
    has_own_name: bool = False  # what bears the name of the whole is no part of it
    is_called_by_name: bool = False  # its whole may stand in an earlier paragraph, under this name only
    crosses_plans: bool = False  # planned and added amounts make up the whole

    @cached_property
    def _total(self) -> re.Pattern[str]:
        return re.compile(self.total)

    @cached_property
    def _parts(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((name, re.compile(f"(?:{pattern}){_FILLER}")) for name, pattern in self.parts.items())

    def part(self, words: str) -> str:
        """The name of the part these words speak of, or nothing. The longest name counts."""
        if _SUMMED_UP.search(words) and not re.search(r"[:：]", words):
            return ""
        found = [(match.start(), name) for name, pattern in self._parts if (match := pattern.search(words))]
        return min(found)[1] if found else ""

    def part_of(self, quantity: Quantity) -> str:
        """The same for a quantity: by the words before it, else by its label."""
        if _SUMMED_UP.search(quantity.clause) or (self.has_own_name and self.is_total(quantity.lead)):
            return ""
        return self.part(quantity.lead) or self.part(quantity.figure.label)

    def before_name(self, quantity: Quantity) -> str:
        """What its clause says before the name of the part: another unit's name, perhaps."""
        found = [match.start() for _, pattern in self._parts if (match := pattern.search(quantity.clause))]
        return _NO_NAME.sub("", quantity.clause[: min(found)]) if found else ""

    def is_total(self, words: str) -> bool:
        return self._total.search(words) is not None

    def is_doubtful(self, words: str) -> bool:
        return bool(self.doubtful) and re.search(self.doubtful, words) is not None

    def is_whole(self, names: Iterable[str]) -> bool:
        there = set(names)
        return any(core <= there for core in self.cores)


def _core(*names: str) -> frozenset[str]:
    return frozenset(names)


PARTITIONS = (
    Partition(
        "M1",
        Kind.MONEY,
        r"支出|经费|资金|预算|拨款|决算|总额|合计|收入|执行|使用|完成",
        {
            "基本支出": "基本支出",
            "项目支出": "项目支出",
            "上缴上级支出": "上缴上级支出",
            "经营支出": "经营支出",
            "对附属单位补助支出": "对附属单位补助(?:支出)?",
        },
        (_core("基本支出", "项目支出"),),
        doubtful=r"收入(?!支出)",
    ),
    Partition(
        "M1",
        Kind.MONEY,
        r"^(?!.*基本支出).*(?:支出|决算)(?:合计|总计|总额)|^(?!.*基本支出).*(?:总支出|本年支出)",
        {
            "人员经费": r"人员(?:经费|支出)",
            "公用经费": r"(?:日常)?公用(?:经费|支出)|日常公用",
            "项目支出": r"项目支出",
        },
        (_core("人员经费", "公用经费", "项目支出"),),
    ),
    Partition(
        "M2",
        Kind.MONEY,
        r"基本支出",
        {
            "人员经费": r"人员(?:经费|支出)",
            "公用经费": r"(?:日常)?公用(?:经费|支出)|日常公用",
            "工资福利支出": r"工资(?:和)?福利(?:支出)?",
            "商品和服务支出": r"商品(?:和|及|与)?服务(?:支出)?",
            "对个人和家庭的补助": r"(?:对)?个人(?:和|及|与)?家庭的?补助(?:支出)?",
            "资本性支出": r"其他资本性支出|资本性支出",
        },
        (
            _core("人员经费", "公用经费"),
            _core("工资福利支出", "商品和服务支出"),
        ),
        inside={
            "工资福利支出": "人员经费",
            "对个人和家庭的补助": "人员经费",
            "商品和服务支出": "公用经费",
            "资本性支出": "公用经费",
        },
    ),
    Partition(
        "M2",
        Kind.MONEY,
        r"人员(?:经费|支出)",
        {
            "工资福利支出": r"工资(?:和)?福利(?:支出)?",
            "对个人和家庭的补助": r"(?:对)?个人(?:和|及|与)?家庭的?补助(?:支出)?",
        },
        (_core("工资福利支出", "对个人和家庭的补助"),),
    ),
    Partition(
        "M2",
        Kind.MONEY,
        r"公用(?:经费|支出)",
        {
            "商品和服务支出": r"商品(?:和|及|与)?服务(?:支出)?",
            "资本性支出": r"其他资本性支出|资本性支出",
        },
        (_core("商品和服务支出", "资本性支出"),),
    ),
    Partition(
        "M3",
        Kind.MONEY,
        r"收入|资金来源|经费来源|总计|合计",
        {
            "财政拨款收入": r"(?<!公共预算)(?<!基金预算)(?<!经营预算)财政(?:补助|拨款)(?:补助)?|经费拨款|公共财政拨款",
            "一般公共预算收入": r"一般公共预算(?:财政)?(?:拨款)?|公共财政预算(?:拨款)?",
            "政府性基金收入": r"政府性基金(?:预算)?(?:财政)?(?:拨款)?",
            "国有资本经营收入": r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?",
            "上级补助收入": r"上级(?:财政)?补助|上级拨款",
            "事业收入": r"(?<!非)事业(?=收入)",
            "经营收入": r"(?<!资本)经营(?=收入)",
            "附属单位上缴收入": r"附属单位(?:上缴|缴款)",
            "其他收入": r"(?:其他|其它)(?:资金|收入)?",
            "年初结转结余": r"(?:年初|上年)(?:财政拨款)?(?:结转|结余)(?:和结余|及结余|结余|资金)?",
            "使用非财政拨款结余": r"(?:使用)?非财政拨款结余(?:弥补收支差额)?|用事业基金弥补收支差额",
        },
        (
            _core("财政拨款收入", "其他收入"),
            _core("一般公共预算收入", "其他收入"),
            _core("财政拨款收入", "年初结转结余"),
            _core("一般公共预算收入", "年初结转结余"),
        ),
        inside={
            "一般公共预算收入": "财政拨款收入",
            "政府性基金收入": "财政拨款收入",
            "国有资本经营收入": "财政拨款收入",
        },
    ),
    Partition(
        "M4",
        Kind.MONEY,
        r"财政拨款",
        {
            "一般公共预算财政拨款": r"(?:一般公共预算|公共财政预算)(?:财政)?(?:拨款)?",
            "政府性基金预算财政拨款": r"政府性基金(?:预算)?(?:财政)?(?:拨款)?",
            "国有资本经营预算财政拨款": r"国有资本经营(?:预算)?(?:财政)?(?:拨款)?",
        },
        (
            _core("一般公共预算财政拨款", "政府性基金预算财政拨款"),
            _core("一般公共预算财政拨款", "国有资本经营预算财政拨款"),
        ),
    ),
    Partition(
        "M5",
        Kind.MONEY,
        r"收入(?:决算)?(?:总计|总额)|总收入|收支总计",
        {
            "本年收入": r"本年(?:度)?收入",
            "使用非财政拨款结余": r"(?:使用)?非财政拨款结余(?:弥补收支差额)?|(?:用)?事业基金弥补收支差额",
            "年初结转结余": r"(?:年初|上年)(?:结转|结余)(?:和结余|及结余|结余|资金)?",
        },
        (_core("本年收入", "年初结转结余"),),
    ),
    Partition(
        "M5",
        Kind.MONEY,
        r"支出(?:决算)?(?:总计|总额)|总支出|收支总计",
        {
            "本年支出": r"本年(?:度)?支出",
            "结余分配": r"结余分配",
            "年末结转结余": r"(?:年末|结转下年|年终)(?:结转|结余)?(?:和结余|及结余|结余|资金)?",
        },
        (_core("本年支出", "年末结转结余"),),
    ),
    Partition(
        "M8",
        Kind.MONEY,
        r"调整后?(?:的)?(?:全年)?预算|全年预算|预算调整(?:为|数)",
        {
            "年初预算": r"年初(?:批复|安排|部门)?预算",
            "追加预算": r"(?:年中|中途|当年)?(?:追加|调增|调整增加|年中增加)(?:项目)?(?:预算)?",
        },
        (_core("年初预算", "追加预算"),),
        has_own_name=True,
        crosses_plans=True,
    ),
    Partition(
        "S1",
        Kind.MONEY,
        r"三公",
        {
            "因公出国（境）费": r"(?:因公)?出国(?:（境）|\(境\)|[（(]境[)）])?(?:经费|费用?)?",
            "公务用车购置及运行维护费": (
                r"(?:公务用车|公车|车辆)购置费?(?:及|和|、|与)(?:公务用车|公车)?运行(?:维护)?费?"
            ),
            "公务用车购置费": r"(?:公务用车|公车|车辆)购置(?:费|支出|经费)?",
            "公务用车运行维护费": r"(?:(?:公务用车|公车|车辆)[及和]?)?(?:运行[及和]?维护|运行|运维|维护)费?",
            "公务用车费": r"(?:公务用车|公车)(?:经费|费用?|支出)?",
            "公务接待费": r"(?:公务|国内)?接待(?:经费|费用?)?",
            "其他": r"国（境）外公务接待费",
        },
        (
            _core("公务接待费", "公务用车购置及运行维护费"),
            _core("公务接待费", "公务用车运行维护费"),
            _core("公务接待费", "公务用车费"),
        ),
        inside={
            "公务用车购置费": "公务用车购置及运行维护费",
            "公务用车运行维护费": "公务用车购置及运行维护费",
        },
        is_called_by_name=True,
    ),
    Partition(
        "S1",
        Kind.MONEY,
        r"(?:用车|公车|车辆)购置费?(?:及|和|、|与)(?:公务用车|公车)?运行(?!.*接待)",
        {
            "公务用车购置费": r"购置(?:费|支出|经费)?",
            "公务用车运行维护费": r"(?:运行维护|运行|运维)(?:费|支出|经费)?",
        },
        (_core("公务用车购置费", "公务用车运行维护费"),),
        has_own_name=True,
    ),
    Partition(
        "H1",
        Kind.COUNT,
        r"人员|职工|干部|人数|共有|现有|实有|总人",
        {
            "在职人员": r"在职(?:在编|在岗)?(?:人员|职工|干部职工|干部)?",
            "在编人员": r"(?<!在职)在编(?:人员|职工|干部职工|干部)?",
            "离退休人员": r"离退休(?:人员|干部|职工|老干部)?",
            "退休人员": r"(?<!离)退休(?:人员|干部|职工|老干部)?",
            "离休人员": r"离休(?:人员|干部|老干部)?",
            "编外人员": (
                r"编外(?:聘用|用工|合同制?)?(?:人员|职工)?|临聘(?:人员)?|聘用(?:制)?(?:人员)?"
                r"|临时(?:人员|工|聘用)|劳务派遣(?:人员)?|合同工|非在编(?:人员)?"
            ),
            "遗属": r"遗属(?:补助)?(?:人员)?",
        },
        (
            _core("在职人员", "退休人员"),
            _core("在职人员", "离退休人员"),
            _core("在职人员", "离休人员"),
            _core("在职人员", "编外人员"),
            _core("在编人员", "退休人员"),
            _core("在编人员", "离退休人员"),
            _core("在编人员", "编外人员"),
        ),
        inside={"退休人员": "离退休人员", "离休人员": "离退休人员"},
        doubtful=r"编制(?!人员)|核编|定编",  # posts are no staff
    ),
    Partition(
        "H1",
        Kind.COUNT,
        r"^(?!.*(?:编制|核编|定编)).*(?:人员|职工|干部|人数|在职|在编|实有|现有)",
        {
            "行政人员": r"(?:行政|机关|公务员)(?:编制人员|编制内人员|在编|人员|人数)?",
            "参公人员": r"(?:参公|参照公务员)(?:管理)?(?:编制人员|编制内人员|在编|人员|人数)?",
            "事业人员": r"(?:全额)?事业(?:编制人员|编制内人员|在编|人员|人数)?",
            "工勤人员": r"(?:机关)?(?:工勤|工人|后勤服务)(?:技能)?(?:编制人员|在编|人员|人数)?",
            "专业技术人员": r"(?:专业技术|专技)(?:人员|人数)?",
            "管理人员": r"管理(?:岗位)?(?:人员|人数)?",
        },
        (
            _core("行政人员", "事业人员"),
            _core("参公人员", "事业人员"),
            _core("行政人员", "工勤人员"),
            _core("事业人员", "工勤人员"),
            _core("专业技术人员", "管理人员", "工勤人员"),
        ),
    ),
    Partition(
        "H1",
        Kind.COUNT,
        r"离退休",
        {
            "离休人员": r"(?<!离)离休(?:人员|干部|老干部)?",
            "退休人员": r"(?<!离)退休(?:人员|干部|职工|老干部)?",
        },
        (_core("离休人员", "退休人员"),),
    ),
    Partition(
        "M8",
        Kind.COUNT,
        r"单位|机构",
        {
            "行政单位": r"行政(?:机关|单位|机构)",
            "参公事业单位": r"(?:参公|参照公务员法?管理的?)(?:事业)?(?:单位|机构)",
            "事业单位": r"(?<!管理的)(?<!参公)(?:其他|财政补助|公益[一二]类|全额拨款)?事业(?:单位|机构)",
        },
        (_core("行政单位", "事业单位"), _core("参公事业单位", "事业单位")),
    ),
    Partition(
        "H1",
        Kind.COUNT,
        r"人员|职工|干部|人数|人|员|学生",
        {"男": r"男(?:性|职工|同志|干部|生)?", "女": r"女(?:性|职工|同志|干部|生)?"},
        (_core("男", "女"),),
    ),
    Partition(
        "H2",
        Kind.COUNT,
        r"编制|核编|定编",
        {
            "行政编制": r"(?:机关)?行政(?:人员)?编(?:制)?",
            "非参公编制": r"非参(?:公|照公务员法?)(?:管理)?的?(?:事业)?(?:单位|人员)?编制",
            "参公编制": r"(?<!非)参(?:公|照公务员法?)(?:管理)?的?(?:事业)?(?:单位|人员)?编制",
            "事业编制": r"(?:全额|差额|全供)?(?:拨款)?事业(?:人员|单位)?编(?:制)?",
            "工勤编制": r"(?:机关)?(?:工勤|工人|后勤服务|机关后勤)(?:人员)?(?:编(?:制)?|事业编制)?",
            "政法专项编制": r"政法(?:专项)?编(?:制)?",
        },
        (
            _core("参公编制", "非参公编制"),
            _core("行政编制", "事业编制"),
            _core("行政编制", "参公编制"),
            _core("参公编制", "事业编制"),
            _core("参公编制", "工勤编制"),
            _core("行政编制", "工勤编制"),
            _core("事业编制", "工勤编制"),
            _core("政法专项编制", "事业编制"),
            _core("政法专项编制", "工勤编制"),
        ),
    ),
    Partition(
        "H5",
        Kind.MONEY,
        r"采购",
        {
            "货物采购": r"(?:政府)?(?:采购)?货物(?:类)?(?:采购)?",
            "工程采购": r"(?:政府)?(?:采购)?工程(?:类)?(?:采购)?",
            "服务采购": r"(?:政府)?(?:采购)?服务(?:类)?(?:采购)?",
        },
        (_core("货物采购", "工程采购", "服务采购"), _core("货物采购", "服务采购"), _core("货物采购", "工程采购")),
    ),
    Partition(
        "G9",
        Kind.SCORE,
        r"得分|总分|评分|自评",
        {
            "决策": r"(?:项目)?决策(?:类|指标)?(?:得分)?",
            "投入": r"投入(?:类|指标)?(?:得分)?",
            "过程": r"(?:管理)?过程(?:类|指标)?(?:得分)?|(?:预算)?管理(?:类|指标)?(?:得分)?",
            "预算执行": r"预算执行(?:率|情况)?(?:类|指标)?(?:得分)?",
            "产出": r"产出(?:类|指标)?(?:得分)?",
            "效果": r"(?:效果|效益|履职效益)(?:类|指标)?(?:得分)?",
            "满意度": r"(?:服务对象)?满意度(?:类|指标)?(?:得分)?",
        },
        (_core("过程", "产出"), _core("产出", "效果")),
    ),
)
