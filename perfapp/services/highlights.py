"""The few numbers a leader looks at before he decides: money, score, open questions, sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from perfapp.core.checking.findings import Severity
from perfapp.core.figures.facts import MISSING, Form, Reference, Sheet
from perfapp.core.scoring.amounts import points_text
from perfapp.data.cycles import CycleView
from perfapp.data.sections import SectionView
from perfapp.services import measure_opening, reuse
from perfapp.services.findings import CycleCheck
from perfapp.services.self_scores import SelfScore

SPENDING, RATE = "total-spending", "budget-execution-rate"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A number with its unit and one remark. `about` says which page tells more."""

    name: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str | None = None
    about: str = "checkup"


def of_cycle(done: CycleCheck) -> tuple[Highlight, ...]:
    """As they are now, from the examined report; what nobody has entered is left out."""
    blocking = sum(1 for one in done.judged if one.blocks)
    opened = sum(1 for one in done.judged if one.is_open)
    tone = "late" if blocking else "waiting" if opened else None
    note = f"其中阻断 {blocking} 项" if blocking else f"提示 {done.count(Severity.NOTE)} 项"
    sources = done.all_sources
    return (
        *_money(done.present),
        *_score(done.score),
        Highlight("未解释问题", str(opened), "项", note, tone),
        Highlight("有来源的数字", f"{sources.sourced}/{sources.total}", "处"),
        *_reuse(done.outline),
        *_promises(done.cycle),
    )


def _promises(cycle: CycleView) -> tuple[Highlight, ...]:
    """What became of the measures that earlier reports promised."""
    settled, count, late = measure_opening.standing(cycle)
    if not count:
        return ()
    note = f"逾期 {late} 条" if late else "都已办结" if settled == count else "其余在时限内"
    return (Highlight("上年措施办结", f"{settled}/{count}", "条", note, "late" if late else None, "measures"),)


def _reuse(outline: Sequence[SectionView]) -> tuple[Highlight, ...]:
    found = reuse.total(reuse.rates(outline).values())
    if not found.paragraphs:
        return ()
    note = f"{found.open_count} 段没有说明" if found.open_count else "雷同的都已说明" if found.repeated else ""
    tone = "waiting" if found.open_count else None
    return (Highlight("与往年雷同", str(found.percent), "%", note, tone, about="reuse"),)


def _money(present: Sheet) -> tuple[Highlight, ...]:
    found = []
    if SPENDING in present.definitions and (spent := present.shown(Reference(fact=SPENDING))) != MISSING:
        growth = present.shown(Reference(fact=SPENDING, form=Form.GROWTH))
        unit = present.definitions[SPENDING].unit
        note = "" if growth == MISSING else f"比上年{growth}"
        found.append(Highlight("总支出", spent.removesuffix(unit), unit, note, about="charts"))
    if RATE in present.definitions and (rate := present.shown(Reference(fact=RATE))) != MISSING:
        found.append(Highlight("预算执行率", rate.removesuffix("%"), "%", "总支出÷全年预算数", about="charts"))
    return tuple(found)


def _score(found: SelfScore | None) -> tuple[Highlight, ...]:
    if found is None:
        return ()
    scored = found.scored
    missing = sum(1 for line in scored.lines if not line.is_scored)
    note = f"{missing} 项还没有计分" if missing else scored.grade
    return (Highlight("自评", points_text(scored.total), "分", note, "waiting" if missing else None, "scores"),)
