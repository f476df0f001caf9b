"""Measures as one line each, for pages of other areas."""

from dataclasses import dataclass

from perfapp import clock
from perfapp.core.measures.flow import MeasureState
from perfapp.core.words import MEASURE_STATES, Tone
from perfapp.data.cycles import CycleView
from perfapp.data.measures import MeasureView
from perfapp.data.sections import SectionView
from perfapp.services import measure_opening


@dataclass(frozen=True, slots=True)
class MeasureLine:
    id: int
    text: str
    office: str
    word: str
    tone: str
    is_done: bool


def standing_of(measure: MeasureView) -> tuple[str, Tone]:
    """逾期 comes before any other word."""
    if measure.is_late(clock.today()):
        return "逾期", Tone.LATE
    return MEASURE_STATES[measure.state]


def of_section(section: SectionView, cycle: CycleView) -> list[MeasureLine]:
    """The earlier years' measures where the section is about measures."""
    return [_line(one) for one in measure_opening.of_section(section, cycle)]


def _line(measure: MeasureView) -> MeasureLine:
    word, tone = standing_of(measure)
    is_done = measure.state in {MeasureState.DONE, MeasureState.DROPPED}
    return MeasureLine(measure.id, measure.text, measure.office_name, word, tone.value, is_done)
