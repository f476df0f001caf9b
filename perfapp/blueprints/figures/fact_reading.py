"""What the page of a fact shows, read and said: months, history, formula, disputes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.figures.facts import MISSING, Reference, Sheet
from perfapp.core.figures.formula_names import with_names
from perfapp.core.figures.periods import LAST, MONTHS, YEAR, spoken_period
from perfapp.core.figures.units import from_base, printed
from perfapp.core.permissions import Actor
from perfapp.core.words import DISPUTE_ACTIONS, DISPUTE_STATES
from perfapp.data import disputes, facts
from perfapp.data.disputes import DisputeView, StepView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.services import disputes as disputing

PAGE = 50
"""Lines of the history at once."""


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the history: a value, what it reads, of when it is, and whether another has taken its place."""

    value: ValueView
    shown: str
    when: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A dispute as the page draws it."""

    dispute: DisputeView
    state: tuple[str, str]
    contested: str
    rival: str
    steps: tuple[tuple[str, StepView], ...]
    acts: tuple[tuple[str, str], ...]
    number: int  # the present value's, that a verdict speaks of
    bar: str = ""  # what must be done before the rival can be taken


def printed_value(about: FactView, value: ValueView) -> str:
    """The amount in the fact's unit; 已清空 where it was taken back."""
    definition = about.definition
    if value.amount is None:
        return "已清空"
    return printed(from_base(value.amount, definition.unit), definition.decimals) + definition.unit


def months(about: FactView, present: Mapping[str, ValueView]) -> list[tuple[str, ValueView | None, str]]:
    """Every month with its present value and what that reads."""
    return [
        (month, present.get(month), printed_value(about, present[month]) if month in present else "")
        for month in MONTHS
    ]


def history(about: FactView, years: Mapping[int, int], period: str, page: int) -> list[Past]:
    """A page of what the fact was for the period over the years, newest first; `years` by cycle."""
    values = facts.past(about.id, of_a_kind(period), offset=(page - 1) * PAGE, limit=PAGE)
    gone = facts.superseded(value.id for value in values)
    return [
        Past(
            value=value,
            shown=printed_value(about, value),
            when=spoken_when(years[value.cycle_id], value.period),
            is_present=value.id not in gone,
        )
        for value in values
    ]


def of_a_kind(period: str) -> tuple[str, ...]:
    """The periods whose values are one history: those of years, or those of one month."""
    return (period,) if period in MONTHS else (YEAR, LAST)


def spoken_when(year: int, period: str) -> str:
    """2018年, 2018年3月; what is entered as last year's number in 2018 is of 2017."""
    if period == LAST:
        return f"{year - 1}年"
    return f"{year}年" if period == YEAR else f"{year}年{spoken_period(period)}"


def formula(about: FactView, sheet: Sheet, known: Iterable[FactView]) -> tuple[str, list[tuple[FactView, str]]] | None:
    """The formula in names, and what each of its inputs amounts to."""
    if not about.definition.formula:
        return None
    by_key = {fact.key: fact for fact in known}
    inputs = [by_key[key] for key in sheet.formulas[about.key].names if key in by_key]
    shown = [(one, sheet.shown(Reference(fact=one.key))) for one in inputs]
    text = with_names(about.definition.formula, {key: fact.name for key, fact in by_key.items()})
    return text, [(one, "" if amount == MISSING else amount) for one, amount in shown]


def quarrels(found: list[DisputeView], present: Mapping[str, ValueView], who: Actor) -> list[Quarrel]:
    said = disputes.steps([one.id for one in found])
    return [
        Quarrel(
            dispute=one,
            state=DISPUTE_STATES[one.state],
            contested=disputing.spoken(one, rival=False),
            rival=disputing.spoken(one, rival=True),
            steps=tuple((_step_words(step), step) for step in said[one.id]),
            acts=tuple(
                (action.value, DISPUTE_ACTIONS[action])
                for action in disputing.available(one, who)
                if action is not DisputeAction.REPLACE or not _ledger_bar(one, present[one.period])
            ),
            number=present[one.period].number,
            bar=_ledger_bar(one, present[one.period]),
        )
        for one in found
    ]


def _ledger_bar(dispute: DisputeView, value: ValueView) -> str:
    """What comes before a verdict for the rival: nobody writes over what a ledger adds up to."""
    if not dispute.is_open or value.source_kind != "ledger" or value.amount == dispute.rival_amount:
        return ""
    return "这个数由台账汇总：要改用对方的数，请归口科室先更正台账，数值一致后再裁定。"


def _step_words(step: StepView) -> str:
    return "提出争议" if step.action == disputing.OPEN else DISPUTE_ACTIONS[DisputeAction(step.action)]
