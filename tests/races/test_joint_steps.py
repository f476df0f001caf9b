"""Several approvers of one step at once, with real commits: it is taken once, and nobody's word is lost."""

from collections import Counter
from datetime import date

from flask import Flask

from perfapp.core.errors import Conflict
from perfapp.core.joint import Mode, Rule
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.data import approvals, cycles, events, people, reports
from perfapp.data.session import transaction
from perfapp.services import reports as report_acts
from perfapp.services import step_policy
from tests.making import AUnit, a_cycle, a_merged_report, a_unit, actor_of, report_act
from tests.races.test_races import together


def deputies(unit: AUnit, count: int) -> list[Actor]:
    """So many deputy leaders besides the unit's first."""
    logins = [f"more{number}.{unit.id}" for number in range(count)]
    with transaction():
        for login in logins:
            person_id = people.add_person(unit.id, login, login, "", must_change_password=False)
            people.add_post(
                person_id, unit.id, Role.DEPUTY_LEADER, office_id=None, starts_on=date(2018, 1, 1), granted_by=None
            )
    return [unit.deputy, *(actor_of(login) for login in logins)]


def a_report_in_review(rule: Rule) -> tuple[AUnit, int, list[Actor]]:
    unit = a_unit(with_seal=False)
    who, cycle_id = deputies(unit, 2), a_cycle(unit)
    step_policy.set_rules(
        unit.editor,
        cycle_id,
        version=cycles.get(cycle_id).version,
        rules={"report.endorse": rule},
        same_person_once=False,
    )
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    return unit, cycle_id, who


def test_the_two_last_approvers_at_once_take_the_step_once(committed: Flask) -> None:
    """2 of 3: all three sign at the same moment, each again after a conflict; the report goes on exactly once."""
    _, cycle_id, who = a_report_in_review(Rule(Mode.SOME, 2))

    def endorse(number: int) -> str:
        while True:
            report = reports.current(cycle_id)
            if report.state is not ReportState.REVIEWING:
                return "too late"
            try:
                report_acts.act(who[number], report.id, ReportAction.ENDORSE, version=report.version)
            except Conflict:
                continue
            return "agreed"

    assert together(committed, endorse, crowd=3) == Counter({"agreed": 2, "too late": 1})
    report = reports.current(cycle_id)
    assert report.state is ReportState.AWAITING_ISSUE
    assert len({a.person_id for a in approvals.of_report(report.id)}) == 2
    moves = [e for e in events.of_report(report.id) if e.action == "endorse" and e.new_state != e.old_state]
    assert len(moves) == 1


def test_a_page_that_was_seen_before_the_other_signed_is_refused(committed: Flask) -> None:
    _, cycle_id, who = a_report_in_review(Rule(Mode.ALL))
    report = reports.current(cycle_id)

    def endorse(number: int) -> str:
        return report_acts.act(who[number], report.id, ReportAction.ENDORSE, version=report.version).state

    assert together(committed, endorse, crowd=3) == Counter({"reviewing": 1, "conflict": 2})
    assert len(approvals.of_report(report.id)) == 1


def test_taking_back_and_issuing_at_once_end_in_one_of_the_two(committed: Flask) -> None:
    """A reviewer takes his word back while the leader issues: the leader never issues without it."""
    unit, cycle_id, who = a_report_in_review(Rule(Mode.ALL))
    for actor in who:
        report_act(actor, cycle_id, ReportAction.ENDORSE)
    report = reports.current(cycle_id)

    def either(number: int) -> str:
        actor, action = [(who[0], ReportAction.UNDO_ENDORSE), (unit.leader, ReportAction.ISSUE)][number]
        return report_acts.act(actor, report.id, action, version=report.version).state

    ends = together(committed, either, crowd=2)
    after = reports.current(cycle_id)
    standing = [a for a in approvals.of_report(report.id) if a.stands_for(after.snapshot_sha256)]
    assert ends["conflict"] == 1
    assert (after.state is ReportState.ISSUED) == (len([a for a in standing if a.action == "endorse"]) == 3)
