"""Facts that nobody has confirmed, and what of the report rests on them: nothing is frozen upon such."""

from collections.abc import Sequence

from perfapp.core.figures.facts import Sheet, YearFact
from perfapp.data import facts, sections
from perfapp.data.cycles import CycleView
from perfapp.data.sections import SectionView
from perfapp.services import annex_tables, sheets


def names(cycle: CycleView, outline: Sequence[SectionView]) -> tuple[str, ...]:
    """Of the facts behind the texts and the annexes, those whose present value nobody has confirmed."""
    found = doubtful(cycle)
    if not found:
        return ()
    present = sheets.sheet(cycle)
    shown = _of_texts(outline, present) | annex_tables.rest_on(cycle, present)
    return tuple(
        f"上年{present.definitions[key].name}" if is_last_year else present.definitions[key].name
        for key, is_last_year in found
        if (key, is_last_year) in shown
    )


def doubtful(cycle: CycleView) -> list[YearFact]:
    """The facts whose value nobody has confirmed, each with its year: in the order of the facts, this year's first."""
    if cycle.previous_id:
        found = facts.unsure_keys([cycle.id, cycle.previous_id])
        now, before = found[cycle.id], found[cycle.previous_id]
    else:
        now, before = facts.unsure_keys([cycle.id])[cycle.id], facts.unsure_keys([cycle.id], facts.LAST)[cycle.id]
    return [(key, False) for key in now] + [(key, True) for key in before]


def _of_texts(outline: Sequence[SectionView], present: Sheet) -> frozenset[YearFact]:
    """What the printed texts rest on; one that is declared 不适用 prints none of its words."""
    written = [section.id for section in outline if section.has_text and section.absent_reason is None]
    return sheets.rest_on((text.document for text in sections.contents(written).values()), present)
