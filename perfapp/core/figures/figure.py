"""A figure that the reader found in a text."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from perfapp.core.manuscript import Place


class Kind(StrEnum):
    MONEY = "money"
    PERCENT = "percent"
    POINTS = "points"  # 百分点
    COUNT = "count"  # 人, 个, 次, 趟 …
    MEASURE = "measure"  # 平方米, 公里, 千瓦时, 吨 …
    SCORE = "score"  # 分
    DATE = "date"  # a day, month or year; `value` is the year, month or day number that was printed last
    DURATION = "duration"  # 4个月, 三年
    FREQUENCY = "frequency"  # 每两月一次
    LABEL = "label"  # not a quantity: 文号, 科目编码, 附件1, 序号, 电话 …
    NUMBER = "number"  # a bare number without unit


class Role(StrEnum):
    """What the number says of its subject."""

    AMOUNT = "amount"
    SHARE = "share"  # 占…的95.09%
    GROWTH = "growth"  # 较上年增加25.48%
    CHANGE = "change"  # 较上年增加519.95万元
    RATE = "rate"  # 执行率, 完成率, 控制率, 满意度
    AVERAGE = "average"  # 平均每月216趟


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what the words around it say. `value` is as printed; `unit` is the unit's usual name.

    `direction` is +1 for 增加, -1 for 减少, 0 for 持平 and None where nothing is said; a change keeps `value`
    positive. `of` is the whole of a share or the basis of a growth (上年, 年初预算). `decimals` are the digits
    printed after the point: a printed number stands for everything that rounds to it.
    """

    text: str
    value: Decimal | None
    unit: str
    kind: Kind
    place: Place
    label: str = ""
    subject: str = ""
    role: Role = Role.AMOUNT
    direction: int | None = None
    of: str = ""
    qualifiers: tuple[str, ...] = ()  # 约, 近, 余, 多, 左右, 以上, 截止当前 …
    year: int | None = None
    location: str = ""
    decimals: int = 0
    day: date | None = None  # of a full date
    month: int | None = None
    basis: tuple[str, ...] = field(default=())  # comparison words as read: 较上年, 同比, 比预算 …
    row_head: str = ""  # of a figure in a table: what its row and its column are headed
    column_head: str = ""

    @property
    def is_rough(self) -> bool:
        return any(word in _ROUGH for word in self.qualifiers)


_ROUGH = frozenset({"约", "大约", "大概", "近", "将近", "余", "多", "左右", "上下"}) | frozenset(
    {"以上", "以下", "超", "超过", "逾", "不足"}
)
