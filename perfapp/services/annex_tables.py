"""The annexes of a cycle's report, made from the facts and the self-score as they are now."""

from collections.abc import Iterator

from perfapp.core.annexes.base_table import BaseTable, base_table
from perfapp.core.annexes.base_table import entries as base_entries
from perfapp.core.annexes.score_table import entries as score_entries
from perfapp.core.annexes.score_table import score_table
from perfapp.core.figures.facts import Sheet, YearFact
from perfapp.core.scoring.indicators import IndicatorSet
from perfapp.core.scoring.score import score
from perfapp.core.snapshot import Annex, EntryMark, ProofMark
from perfapp.data import blobs, facts, forms, indicators
from perfapp.data.cycles import CycleView
from perfapp.services import scoring, self_scores

BASE_TABLE, SCORE_TABLE = "base-table", "score-table"


def annexes(cycle: CycleView) -> dict[str, Annex]:
    """Those that the cycle's form has, by kind, in printed order."""
    if forms.pinned(cycle.id, "indicators") is None:
        return {}
    present = self_scores.of_cycle(cycle)
    words = scoring.words_of(present.views)
    found: dict[str, Annex] = {}
    layout = layout_of(cycle.id)
    if layout is not None:
        found[BASE_TABLE] = base_table(
            layout, present.sheet, unit_name=cycle.unit_name, fiscal_year=cycle.fiscal_year, words=words
        )
    found[SCORE_TABLE] = score_table(
        present.scored,
        present.sheet,
        unit_name=cycle.unit_name,
        fiscal_year=cycle.fiscal_year,
        goals=(words.get("goal-planned", ""), words.get("goal-reached", "")),
    )
    return found


def to_print(cycle: CycleView) -> tuple[Annex, ...]:
    """The annexes that go with the report: none as long as nobody has entered anything that stands in them."""
    found = annexes(cycle)
    return tuple(found.values()) if found and has_numbers(cycle.id) else ()


def entries(cycle: CycleView) -> tuple[EntryMark, ...]:
    """What the bureau's entry screen asks for, line by line, as the annexes print it."""
    printed = annexes(cycle) if has_numbers(cycle.id) else {}
    if not printed:
        return ()
    present, layout = self_scores.of_cycle(cycle), layout_of(cycle.id)
    words = scoring.words_of(present.views)
    lines = base_entries(layout, present.sheet, printed[BASE_TABLE].title, words) if layout is not None else ()
    return (*lines, *score_entries(present.scored, printed[SCORE_TABLE].title))


def proofs(cycle: CycleView) -> tuple[ProofMark, ...]:
    """Every file behind a present value of the year, or behind what was said of an indicator."""
    values = facts.present(cycle.id)
    found = [
        ProofMark(
            about=fact.name,
            kind="fact",
            value=value.typed,
            filename=value.evidence_filename,
            page=value.evidence_page,
            sha256=value.evidence_sha256,
            size=_size(value.evidence_sha256),
        )
        for fact in facts.of_unit(cycle.unit_id, retired=True)
        if (value := values.get((fact.id, facts.YEAR))) is not None and value.evidence_sha256
    ]
    return (*found, *_indicator_proofs(cycle))


def _indicator_proofs(cycle: CycleView) -> Iterator[ProofMark]:
    if forms.pinned(cycle.id, "indicators") is None:
        return
    present = self_scores.of_cycle(cycle)
    for line in present.scored.lines:
        view = present.views.get(line.indicator.key)
        if view is not None and view.evidence_sha256:
            yield ProofMark(
                about=line.indicator.name,
                kind="indicator",
                value=line.actual_text,
                filename=view.evidence_filename,
                page="",
                sha256=view.evidence_sha256,
                size=_size(view.evidence_sha256),
            )


def _size(sha256: str) -> int:
    found = blobs.describe(sha256)
    return found.size if found else 0


def rest_on(cycle: CycleView, present: Sheet) -> frozenset[YearFact]:
    """Every entered fact behind a cell of the annexes, each with its year."""
    pinned = forms.of_cycle(cycle.id)
    if "indicators" not in pinned:
        return frozenset()
    scored = score(IndicatorSet.model_validate(pinned["indicators"].content), present, {})
    shown = {(source.key, source.is_last_year) for line in scored.lines for source in line.sources}
    if "base-table" in pinned:
        shown |= BaseTable.model_validate(pinned["base-table"].content).shown
    return frozenset((key, is_last_year) for one, is_last_year in shown for key in present.needs(one))


def has_numbers(cycle_id: int) -> bool:
    """A fact or an indicator of the cycle has been filled in."""
    return bool(facts.present(cycle_id)) or bool(indicators.of_cycle(cycle_id))


def layout_of(cycle_id: int) -> BaseTable | None:
    """The layout of the 基础数据表 that the cycle is pinned to."""
    pinned = forms.pinned(cycle_id, "base-table")
    return BaseTable.model_validate(pinned.content) if pinned else None
