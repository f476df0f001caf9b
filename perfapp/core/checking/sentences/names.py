"""The amounts of a report by what they are called, so that one sentence may speak of what another prints."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfapp.core.checking.case import Case
from perfapp.core.checking.sentences.prose import Basis, Quantity, prose
from perfapp.core.figures.figure import Kind

_NOISE = re.compile(
    r"[的为了\s“”\"、，：:（）()]|20\d\d年|本年度?|当年|全年|年度|决算数据|决算数?|实际|完成|部门|单位|总计|总额|总|合计|共计|金?额|数$"
)
_SHORTEST = 3  # characters that a name must have to tell one thing from another
_SAYS_LITTLE = re.compile(r"(?:支出|收入|年初|全年|调整后?)?(?:预算|决算|执行)数?|支出|收入")
_SPENT = re.compile(r"支出$|收入$|执行|支付")
_PLANNED = re.compile(r"预算(?:数|总额|总计|合计)?$")
_PLAN = re.compile(r"(?:年初|全年)?(?:预算|决算)数?$")
_SOME = re.compile(r"项目|基本|人员|公用|专项|其他|事业|经营|上级|采购|接待|培训|会议|维护|购置")
_SPENDING = re.compile(r"(?:(?:年初|全年)?(?:支出|预算|决算|执行|安排|合计|总计|总额|总)数?)+$")


@dataclass(frozen=True)
class Names:
    """Every plain amount of the prose, by its name without fillers (年份, 决算数, 总 …), and by what it is of."""

    by_core: Mapping[str, Sequence[Quantity]]
    by_thing: Mapping[str, Sequence[Quantity]]

    @cached_property
    def totals(self) -> tuple[Quantity, ...]:
        """What is called 收入总计, 支出总计."""
        listed = (q for listed in self.by_core.values() for q in listed)
        return tuple(q for q in listed if q.figure.kind is Kind.MONEY and "总计" in q.name)

    def of(self, name: str) -> list[Quantity]:
        """The amounts called so; where none is, those of which one name ends with the other."""
        wanted = core(name)
        if not wanted:
            return []
        exact = self.by_core.get(wanted) or self.by_core.get(_PLAN.sub("", wanted), ())
        if exact:
            return [q for q in exact if q.name == name or q.name.startswith(name)] or list(exact)
        return [q for other, listed in self.by_core.items() if other and means(wanted, other) for q in listed]

    def same_thing(self, quantity: Quantity) -> list[Quantity]:
        """The other amounts of the same thing, planned or spent, this year's or another's."""
        wanted = thing(quantity)
        if len(wanted) < _SHORTEST:
            return []
        exact = self.by_thing.get(wanted, ())
        longer = [q for other, listed in self.by_thing.items() if other.endswith(wanted) for q in listed]
        return [q for q in exact or longer if q is not quantity]


def names(case: Case) -> Names:
    by_core: dict[str, list[Quantity]] = {}
    by_thing: dict[str, list[Quantity]] = {}
    for quantity in (q for paragraph in case.once(prose) for q in paragraph.quantities if q.is_amount):
        by_core.setdefault(core(quantity.name), []).append(quantity)
        by_thing.setdefault(thing(quantity), []).append(quantity)
    return Names(by_core, by_thing)


def core(name: str) -> str:
    """A name without what reports add or leave out at will."""
    return _NOISE.sub("", name)


def thing(quantity: Quantity) -> str:
    """What the money is for, whether planned or spent: 公务接待费 of 公务接待费支出决算."""
    says_little = quantity.figure.subject and _SAYS_LITTLE.fullmatch(quantity.name)
    name = core(quantity.figure.subject if says_little else quantity.name)
    short = _SPENDING.sub("", name)
    return short if len(short) >= _SHORTEST else _PLAN.sub("", name)


def is_planned(quantity: Quantity) -> bool:
    """Is it a budget, by its own words or by those of the list it stands in?"""
    if quantity.basis is Basis.UNSAID:
        return _PLANNED.search(quantity.figure.subject) is not None and not _SPENT.search(quantity.name)
    return quantity.basis in (Basis.BUDGET, Basis.ADJUSTED)


def means(wanted: str, name: str) -> bool:
    """May these two cores be the same thing? One ends with the other, and is not much shorter.

    项目支出预算 is no 支出总预算: what is told of some of the money is not told of all of it.
    """
    if name.endswith(wanted) and _SOME.search(name[: -len(wanted)]):
        return False
    return name.endswith(wanted) or (wanted.endswith(name) and len(name) * 2 >= len(wanted))
