"""No report is frozen upon a number that nobody has confirmed, wherever the number stands."""

import pytest

from perfapp.core.errors import Invalid
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction
from perfapp.data import cycles, facts, reports, sections
from perfapp.data.session import transaction
from perfapp.services import facts as fact_acts
from perfapp.services import freezing, unconfirmed
from perfapp.services import sections as section_acts
from perfapp.services.facts import Entry
from tests.integration.figures.story import figure, save, sentence
from tests.making import (
    AUnit,
    a_confirmed_value,
    a_cycle,
    a_merged_report,
    a_unit,
    a_value,
    report_act,
    section_with,
    writer_of,
)

pytestmark = pytest.mark.usefixtures("rolled_back")
SPENDING, IN_TABLE = "total-spending", "opening-budget"


def doubtful(cycle_id: int) -> tuple[str, ...]:
    return unconfirmed.names(cycles.get(cycle_id), sections.outline(cycle_id))


def two_years(unit: AUnit) -> tuple[int, int, int]:
    """Last year's cycle, this year's, and a section of this year's that says last year's spending."""
    before, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("上年总支出", figure(SPENDING, "last_year"), "。"))
    return before, cycle_id, section_id


def test_last_years_number_is_asked_of_last_year() -> None:
    unit = a_unit()
    before, cycle_id, _ = two_years(unit)
    a_value(unit, cycle_id, SPENDING, "2140.26")
    assert doubtful(cycle_id) == (), "this year's stands nowhere"
    value = a_value(unit, before, SPENDING, "2040.26")
    assert doubtful(cycle_id) == ("上年总支出",)
    fact_acts.confirm(unit.finance, value.id)
    assert doubtful(cycle_id) == ()


def test_a_first_years_number_of_last_year_counts_too() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("上年总支出", figure(SPENDING, "last_year"), "。"))
    entry = Entry("2040.26", period=facts.LAST)
    fact_acts.enter(unit.money_writer, cycle_id, SPENDING, entry, last_number=0)
    assert doubtful(cycle_id) == ("上年总支出",)


def test_words_that_do_not_print_ask_nothing() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, SPENDING, "2040.26")
    item = section_with(cycle_id, "disclosure")
    with transaction():
        sections.arrange(item.id, is_required=False)
    save(unit, item.id, sentence("总支出", figure(SPENDING), "。"))
    assert doubtful(cycle_id) == ("总支出",)
    item = sections.visible(unit.editor, item.id)
    writer, _ = writer_of(unit, item)
    section_acts.act(writer, item.id, SectionAction.DECLARE_ABSENT, version=item.version, reason="本年度没有这项工作。")
    assert doubtful(cycle_id) == ()


def test_a_number_of_the_annexes_is_confirmed_before_they_are_frozen() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    value = a_value(unit, cycle_id, IN_TABLE, "1991.04")
    with pytest.raises(Invalid, match="还没有确认：年初预算。"):
        a_merged_report(unit, cycle_id)
    fact_acts.confirm(unit.finance, value.id)
    report = a_merged_report(unit, cycle_id)
    (mark,) = freezing.load(report.snapshot_blob or "").facts
    assert (mark.key, mark.confirmed_by) == (IN_TABLE, unit.finance.name)


def test_freezing_again_asks_again() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_confirmed_value(unit, cycle_id, IN_TABLE, "1991.04")
    frozen = a_merged_report(unit, cycle_id).snapshot_sha256
    a_value(unit, cycle_id, IN_TABLE, "2991.04")
    with pytest.raises(Invalid, match="还没有确认"):
        report_act(unit.editor, cycle_id, ReportAction.COMPILE)
    assert reports.current(cycle_id).snapshot_sha256 == frozen
