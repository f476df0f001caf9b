"""The year's numbers to look at: trends, execution, composition, sources. Each chart is also a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import from_base, rounded
from perfapp.core.permissions import Actor
from perfapp.data import cycles, facts, forms
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView
from perfapp.services import findings, self_scores, sheets

SPENDING, BUDGET = "total-spending", "adjusted-budget"
# wholes and their parts, by fact key; drawn where the parts are known
COMPOSITIONS = (
    ("总支出构成", "total-spending", ("basic-spending", "project-spending")),
    ("基本支出构成", "basic-spending", ("personnel-cost", "operating-cost")),
    (
        "总收入构成",
        "total-income",
        ("fiscal-grant", "business-income", "operating-income", "superior-subsidy", "other-income"),
    ),
    ("“三公”经费构成", "three-public", ("overseas-travel", "vehicle-purchase", "vehicle-running", "reception")),
)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers, None where nothing is known; a line or bars."""

    name: str
    values: tuple[Decimal | None, ...]
    line: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: `axes`, `bars` (lying) or `pie`; `note` says where its numbers come from."""

    kind: str
    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""
    max: int | None = None

    @property
    def data(self) -> dict[str, object]:
        """What the script in the page draws."""
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "labels": self.labels,
            "max": self.max,
            "series": [
                {
                    "name": one.name,
                    "values": [None if value is None else float(value) for value in one.values],
                    "line": one.line,
                    "dashed": one.dashed,
                }
                for one in self.series
            ],
        }


def trend(actor: Actor, key: str) -> Chart | None:
    """The fact over every year that the unit has on record; None where no year has a value."""
    years = list(reversed(cycles.of_unit(actor.unit_id)))
    fact = facts.get(actor.unit_id, key)
    amounts = facts.amounts([cycle.id for cycle in years])
    definitions = facts.definitions(actor.unit_id)
    values = [Sheet(definitions, amounts[cycle.id], {}).amount(key) for cycle in years]
    if all(value is None for value in values):
        return None
    labels = tuple(f"{cycle.fiscal_year}年" for cycle in years)
    series = Series(fact.name, tuple(_shown(value, fact) for value in values), line=len(years) > 2)
    return Chart("axes", f"{fact.name}历年变化", fact.definition.unit, labels, (series,), fact.definition.scope)


def of_cycle(cycle: CycleView) -> list[Chart]:
    """The charts of one year for which there are numbers."""
    present = sheets.sheet(cycle)
    compositions = (_composition(present, *one) for one in COMPOSITIONS)
    drawn = [_execution(cycle, present), *compositions, _scores(cycle, present), _sources(cycle)]
    return [chart for chart in drawn if chart is not None]


def _execution(cycle: CycleView, present: Sheet) -> Chart | None:
    """Spending by month, added up, against the year's budget and against the months gone by."""
    budget = present.amount(BUDGET) or present.amount("opening-budget")
    known = {fact.key: fact.id for fact in facts.of_unit(cycle.unit_id)}
    if not budget or SPENDING not in known:
        return None
    values = facts.present(cycle.id, period=None)
    months = [values.get((known[SPENDING], f"{month:02}")) for month in range(1, 13)]
    if not any(value is not None and value.amount is not None for value in months):
        return None
    spent: list[Decimal | None] = []
    total, last = Decimal(0), max(i for i, value in enumerate(months) if value is not None and value.amount is not None)
    for index, value in enumerate(months):
        total += value.amount if value is not None and value.amount is not None else 0
        spent.append(rounded(total / budget * 100, 2) if index <= last else None)
    time = tuple(rounded(Decimal(month * 100) / 12, 2) for month in range(1, 13))
    series = (Series("支出进度", tuple(spent), line=True), Series("时间进度", time, line=True, dashed=True))
    labels = tuple(f"{month}月" for month in range(1, 13))
    return Chart("axes", "支出进度与时间进度", "%", labels, series, "累计支出占全年预算数（调整后）的比例。")


def _composition(present: Sheet, title: str, whole: str, parts: Sequence[str]) -> Chart | None:
    found = [(key, amount) for key in parts if (amount := present.amount(key))]
    if len(found) < 2 or whole not in present.definitions:
        return None
    labels = tuple(present.definitions[key].name for key, _ in found)
    values = tuple(rounded(from_base(amount, "万元"), 2) for _, amount in found)
    return Chart("pie", title, "万元", labels, (Series(present.definitions[whole].name, values),))


def _scores(cycle: CycleView, present: Sheet) -> Chart | None:
    """The points of each level-1 indicator beside its weight."""
    if present.is_empty or forms.pinned(cycle.id, "indicators") is None:
        return None
    scored = self_scores.of_cycle(cycle).scored
    points: dict[str, Decimal] = {}
    for line in scored.lines:
        points[line.heading.name] = points.get(line.heading.name, Decimal(0)) + line.points
    weights = {line.heading.name: line.heading.weight for line in scored.lines}
    series = (Series("得分", tuple(points.values())), Series("分值", tuple(weights.values())))
    missing = sum(1 for line in scored.lines if not line.is_scored)
    note = f"还有 {missing} 项指标没有计分，按 0 分画出。" if missing else f"总分 {scored.total:f} 分，{scored.grade}。"
    return Chart("bars", "各一级指标得分", "分", tuple(points), series, note)


def _sources(cycle: CycleView) -> Chart | None:
    """How much of each office's numbers comes from facts."""
    done = findings.of_cycle(cycle)
    by_office: dict[str, list[int]] = {}
    for section in done.outline:
        if section.id in done.sources:
            count = by_office.setdefault(section.owner_office_name or "未指定科室", [0, 0])
            count[0] += done.sources[section.id].sourced
            count[1] += done.sources[section.id].total
    if not by_office:
        return None
    sourced = tuple(Decimal(one[0]) for one in by_office.values())
    typed = tuple(Decimal(one[1] - one[0]) for one in by_office.values())
    series = (Series("有来源", sourced), Series("没有来源", typed))
    return Chart("bars", "各科室正文数字的来源", "处", tuple(by_office), series, "正文里的数字，来自数据项的算有来源。")


def _shown(amount: Decimal | None, fact: FactView) -> Decimal | None:
    if amount is None:
        return None
    return rounded(from_base(amount, fact.definition.unit), fact.definition.decimals)
