"""The year's facts as one sheet, and the texts that show them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from perfapp.core.content import Content
from perfapp.core.document import Document, FigureAttrs
from perfapp.core.figures.facts import Sheet, YearFact
from perfapp.core.live_figures import figures, refreshed
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles, facts
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView
from perfapp.data.sections import SectionView

_DRAFTS = (SectionState.NOT_STARTED, SectionState.DRAFTING)


def sheet(cycle: CycleView, known: Iterable[FactView] | None = None) -> Sheet:
    """Every fact of the unit, this year and last; `known` saves reading the facts, retired ones too, again.

    A unit's first cycle has no cycle before it: there last year's numbers are entered beside this year's.
    """
    this = cycle.id
    if cycle.previous_id:
        found = facts.amounts([this, cycle.previous_id])
        now, before = found[this], found[cycle.previous_id]
    else:
        now, before = facts.amounts([this])[this], facts.amounts([this], facts.LAST)[this]
    definitions = facts.definitions(cycle.unit_id) if known is None else tuple(fact.definition for fact in known)
    return Sheet(definitions, now, before)


def showing(cycle: CycleView) -> list[tuple[CycleView, Sheet]]:
    """The years whose texts show numbers of this cycle, each with its sheet: its own, and the next, as last year's."""
    return [(year, sheet(year)) for year in (cycle, *cycles.following(cycle.id))]


def live(document: Document, present: Sheet) -> Document:
    """The text with every figure as it is now."""
    return refreshed(document, present.shown)


def as_read(section: SectionView, content: Content, present: Sheet) -> Content:
    """What a reader of the section sees: a draft shows its figures as they are now, a decided text as decided."""
    if section.state not in _DRAFTS:
        return content
    return replace(content, document=live(content.document, present))


def outdated(document: Document, present: Sheet) -> tuple[FigureAttrs, ...]:
    """The figures of a decided text that would read otherwise now: 数据已变."""
    return tuple(figure for figure in figures(document) if present.shown(figure.reference) != figure.shown)


def changed_sections(texts: Mapping[int, Content], ids: Iterable[int], present: Sheet) -> frozenset[int]:
    """Those of the sections `ids` whose decided text shows a figure that has changed since."""
    return frozenset(section_id for section_id in ids if outdated(texts[section_id].document, present))


def keys(document: Document) -> frozenset[str]:
    """The facts that the text names."""
    found = figures(document)
    return frozenset(figure.fact for figure in found) | frozenset(figure.other for figure in found if figure.other)


def rest_on(documents: Iterable[Document], present: Sheet) -> frozenset[YearFact]:
    """Every entered fact behind the figures of the texts, each with its year."""
    shown = (figure for document in documents for figure in figures(document))
    return frozenset(one for figure in shown for one in present.rests_on(figure.reference))
