"""A fact in a sentence: live while it is written, frozen once it is handed in, 数据已变 when it changes after."""

from decimal import Decimal

import pytest

from perfapp.core.document import plain_lines
from perfapp.core.errors import Invalid
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import cycles, events, facts, figure_uses, notices, reports, sections
from perfapp.services import facts as fact_acts
from perfapp.services import findings, freezing, sheets
from perfapp.services import ledgers as ledger_acts
from perfapp.services import sections as section_acts
from perfapp.services.facts import Entry
from tests.integration.figures.story import enter, figure, save, sentence, stored
from tests.making import AUnit, a_cycle, a_unit, accept_all, report_act, section_with

pytestmark = pytest.mark.usefixtures("rolled_back")
SPENDING = "total-spending"


def read(unit: AUnit, section_id: int) -> str:
    """The section as a reader sees it now."""
    section = sections.visible(unit.editor, section_id)
    present = sheets.sheet(cycles.get(section.cycle_id))
    return plain_lines(sheets.as_read(section, sections.content(section_id), present).document)[0]


def a_text(unit: AUnit) -> tuple[int, int]:
    """A cycle with 总支出 entered, and a section that shows it in three forms."""
    before, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    for year, typed in ((before, "2040.26"), (cycle_id, "2560.21")):
        enter(unit.money_writer, year, SPENDING, typed)
    enter(unit.money_writer, cycle_id, "basic-spending", "2434.62万元")
    section_id = section_with(cycle_id, "disclosure").id
    document = sentence(
        "总支出",
        figure(SPENDING, shown="999万元"),  # what a browser claims is not believed
        "，较上年",
        figure(SPENDING, "growth"),
        "，基本支出占",
        figure("basic-spending", "ratio", other=SPENDING),
        "。",
    )
    save(unit, section_id, document)
    return cycle_id, section_id


def marks(section_id: int) -> list[list[str]]:
    """What the section's record says of figures that changed, oldest first."""
    return [one.details["changes"] for one in reversed(events.of_section(section_id)) if one.action == "figure_changed"]


def test_last_years_number_marks_the_texts_of_the_next_year() -> None:
    unit = a_unit()
    cycle_id, section_id = a_text(unit)
    before = cycles.get(cycle_id).previous_id
    assert before is not None
    enter(unit.money_writer, before, SPENDING, "2000")
    assert marks(section_id) == [["增加25.48% → 增加28.01%"]]
    enter(unit.money_writer, before, "basic-spending", "1900")  # no sentence shows it
    assert len(marks(section_id)) == 1


def test_a_ledger_of_last_year_marks_the_texts_of_the_next_year() -> None:
    unit = a_unit()
    before, cycle_id = a_cycle(unit, 2017), a_cycle(unit, 2018)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("上年接待", figure("reception-batches", "last_year"), "。"))
    guests = {"guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1,860.50"}
    ledger_acts.add_row(unit.writer, before, "receptions", "2017-3-5", guests)
    assert marks(section_id) == [["〔未填报〕 → 1批次"]]


def test_a_draft_shows_what_the_facts_say_now() -> None:
    unit = a_unit()
    cycle_id, section_id = a_text(unit)
    assert stored(section_id) == "总支出2,560.21万元，较上年增加25.48%，基本支出占95.09%。"
    enter(unit.money_writer, cycle_id, SPENDING, "2,040.26")
    assert read(unit, section_id) == "总支出2,040.26万元，较上年持平，基本支出占119.33%。"
    told = next(event for event in events.of_section(section_id) if event.action == "figure_changed")
    assert told.details["fact"] == "总支出"
    assert told.details["changes"][0] == "2,560.21万元 → 2,040.26万元"


def test_what_is_handed_in_stays_and_says_that_the_data_have_changed() -> None:
    unit = a_unit()
    cycle_id, section_id = a_text(unit)
    section = sections.visible(unit.editor, section_id)
    section = section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=section.version)
    handed_in = section.content_sha256
    section_acts.act(unit.money_head, section_id, SectionAction.ENDORSE, version=section.version)
    enter(unit.money_writer, cycle_id, SPENDING, "2600")
    assert read(unit, section_id).startswith("总支出2,560.21万元")
    section = sections.visible(unit.editor, section_id)
    assert (section.content_sha256, section.state) == (handed_in, SectionState.HEAD_APPROVED)
    outdated = sheets.outdated(sections.content(section_id).document, sheets.sheet(cycles.get(cycle_id)))
    assert len(outdated) == 3
    codes = [one.finding.code for one in findings.of_section(unit.editor, section_id).judged]
    assert codes.count("K3") == 3
    assert any("数据已变" in notice.subject for notice in notices.of_person(unit.money_head.id))


def test_taking_back_and_handing_in_again_uses_the_new_number() -> None:
    unit = a_unit()
    cycle_id, section_id = a_text(unit)
    section = sections.visible(unit.editor, section_id)
    section = section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=section.version)
    enter(unit.money_writer, cycle_id, SPENDING, "2600")
    section = section_acts.act(unit.money_writer, section_id, SectionAction.WITHDRAW, version=section.version)
    section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=section.version)
    assert stored(section_id).startswith("总支出2,600.00万元")


def test_a_figure_without_a_value_cannot_be_handed_in() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("年初预算", figure("opening-budget"), "。"))
    version = sections.visible(unit.editor, section_id).version
    with pytest.raises(Invalid, match="还没有填报"):
        section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=version)
    enter(unit.money_writer, cycle_id, "opening-budget", "1991.04")
    section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=version)


def test_a_figure_of_an_unknown_fact_becomes_the_words_it_showed() -> None:
    unit = a_unit()
    section_id = section_with(a_cycle(unit), "disclosure").id
    save(unit, section_id, sentence("共", figure("no-such-fact", shown="12个"), "。"))
    assert stored(section_id) == "共12个。"
    assert figure_uses.uses(sections.visible(unit.editor, section_id).cycle_id) == {}


def test_unconfirmed_figures_stop_the_merging_and_are_frozen_once_confirmed() -> None:
    unit = a_unit()
    cycle_id, section_id = a_text(unit)
    accept_all_but_figures(unit, cycle_id, section_id)
    with pytest.raises(Invalid, match="还没有确认：总支出、基本支出、上年总支出"):
        report_act(unit.editor, cycle_id, ReportAction.MERGE)
    before = cycles.get(cycle_id).previous_id or 0
    for value in (*facts.present(cycle_id).values(), *facts.present(before).values()):
        fact_acts.confirm(unit.finance, value.id)
    report = report_act(unit.editor, cycle_id, ReportAction.MERGE)
    frozen = freezing.load(report.snapshot_blob or "")
    marks = {mark.key: mark for mark in frozen.facts}
    assert marks[SPENDING].value == "2,560.21万元"
    assert marks[SPENDING].confirmed_by == unit.finance.name
    enter(unit.money_writer, cycle_id, SPENDING, "1")
    again = reports.current(cycle_id)
    assert freezing.load(again.snapshot_blob or "") == frozen


def test_a_first_year_takes_last_years_numbers_beside_its_own() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    enter(unit.money_writer, cycle_id, SPENDING, "2560.21")
    entry = Entry("2040.26", period=facts.LAST)
    fact_acts.enter(unit.money_writer, cycle_id, SPENDING, entry, last_number=0)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("较上年", figure(SPENDING, "last_year"), figure(SPENDING, "growth"), "。"))
    assert stored(section_id) == "较上年2,040.26万元增加25.48%。"
    following = a_cycle(unit, 2019)
    with pytest.raises(Invalid, match="2018年度"):
        fact_acts.enter(unit.money_writer, following, SPENDING, entry, last_number=0)


def accept_all_but_figures(unit: AUnit, cycle_id: int, section_id: int) -> None:
    section = sections.visible(unit.editor, section_id)
    line = (
        (unit.money_writer, SectionAction.SUBMIT),
        (unit.money_head, SectionAction.ENDORSE),
        (unit.finance, SectionAction.CHECK),
        (unit.editor, SectionAction.ACCEPT),
    )
    for actor, action in line:
        section = section_acts.act(actor, section_id, action, version=section.version)
    accept_all(unit, cycle_id)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("2560.21", "25602100"),
        ("2,560.21", "25602100"),
        ("２，５６０．２１", "25602100"),
        ("2 560.21 万元", "25602100"),
        ("25602134.56元", "25602134.56"),
        ("0.256021亿元", "25602100"),
    ],
)
def test_amounts_are_exact_on_both_databases(typed: str, yuan: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    assert enter(unit.money_writer, cycle_id, SPENDING, typed).amount == Decimal(yuan)
    assert sheets.sheet(cycles.get(cycle_id)).amount(SPENDING) == Decimal(yuan)
