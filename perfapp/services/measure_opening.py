"""Last year's measures at the head of this year's part on measures: shown, and put into the text on request."""

from perfapp import clock
from perfapp.core.document import dump
from perfapp.core.errors import Conflict
from perfapp.core.measures.flow import MeasureState
from perfapp.core.measures.opening import Carried, with_opening
from perfapp.core.measures.suggest import promises
from perfapp.core.permissions import Actor
from perfapp.data import cycles, sections
from perfapp.data.cycles import CycleView
from perfapp.data.measures import MeasureView
from perfapp.data.sections import SectionView
from perfapp.services import drafting
from perfapp.services.measures import last_years, late_words

_SETTLED = frozenset({MeasureState.DONE, MeasureState.DROPPED})


def of_section(section: SectionView, cycle: CycleView) -> list[MeasureView]:
    """The earlier years' measures where the section is about measures, as they are now; else nothing."""
    return last_years(cycle) if promises(section.title) else []


def open_with(actor: Actor, section_id: int) -> None:
    """Put the list with its present state before the text, in the place of an older one. Nothing else is touched."""
    section = sections.visible(actor, section_id)
    listed = of_section(section, cycles.get(section.cycle_id))
    if not listed:
        raise Conflict("以前年度没有列入台账的措施，不用写落实情况。")
    text = sections.contents([section_id])[section_id].document
    document = with_opening(text, [_carried(one) for one in listed])
    drafting.save(actor, section_id, version=section.version, raw=dump(document))


def standing(cycle: CycleView) -> tuple[int, int, int]:
    """Of the earlier years' measures: how many are settled, how many there are, how many are late."""
    listed, today = last_years(cycle), clock.today()
    settled = sum(one.state in _SETTLED for one in listed)
    return settled, len(listed), sum(one.is_late(today) for one in listed)


def _carried(measure: MeasureView) -> Carried:
    due = measure.due_on
    return Carried(
        text=measure.text,
        office=measure.office_name or "未定",
        due=f"{due.year}年{due.month}月{due.day}日" if due else "未定",
        state=late_words(measure, clock.today()),
        is_done=measure.state in _SETTLED,
    )
