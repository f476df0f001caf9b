"""Test data by plain functions: a unit with its people, a cycle, sections with words in them."""

import itertools
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from unittest import mock

from perfapp import clock
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import ReportAction, SealPolicy
from perfapp.core.seal_use import USUAL
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import facts, people, reports, sections
from perfapp.data import jobs as job_table
from perfapp.data.disputes import DisputeView
from perfapp.data.fact_views import ValueView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import accounts, countersigning, cycles, drafting, installing, jobs, using
from perfapp.services import disputes as contesting
from perfapp.services import facts as figure_acts
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.signing.picture import draw_seal

PASSWORD = "correct horse battery"
_number = itertools.count(1)


@dataclass(frozen=True)
class AUnit:
    """A unit with two offices and one person for each role; `actors` by role."""

    id: int
    name: str
    offices: dict[str, int]
    logins: dict[str, str]
    actors: dict[str, Actor]

    def __getattr__(self, role: str) -> Actor:
        try:
            return self.actors[role]
        except KeyError:
            raise AttributeError(role) from None


POSTS: tuple[tuple[str, Role, str | None], ...] = (
    ("writer", Role.WRITER, "办公室"),
    ("head", Role.OFFICE_HEAD, "办公室"),
    ("money_writer", Role.WRITER, "财务室"),
    ("money_head", Role.OFFICE_HEAD, "财务室"),
    ("finance", Role.FINANCE, None),
    ("editor", Role.EDITOR, None),
    ("deputy", Role.DEPUTY_LEADER, None),
    ("leader", Role.LEADER, None),
    ("keeper", Role.SEAL_KEEPER, None),
    ("sysadmin", Role.SYSTEM_ADMIN, None),
    ("secadmin", Role.SECURITY_ADMIN, None),
    ("auditor", Role.AUDITOR, None),
)


def a_unit(policy: SealPolicy = SealPolicy.LEADER, *, with_seal: bool = True) -> AUnit:
    """A unit nobody else uses, its offices, and a person for each role with PASSWORD."""
    n = next(_number)
    name = f"某某市第{n}服务中心"
    unit_id, _ = installing.install_unit(f"T{n:05}", name, [], policy=policy)
    if with_seal:
        with mock.patch.object(installing, "draw_seal", _same_picture):
            installing.register_seal(unit_id, installing.demo_seal(name, clock.now()))
    stored = accounts.hash_password(PASSWORD)
    offices: dict[str, int] = {}
    logins: dict[str, str] = {}
    with transaction():
        for position, office in enumerate(("办公室", "财务室"), start=1):
            offices[office] = people.add_office(unit_id, office, position)
        for key, role, office_name in POSTS:
            login = f"{key}.{n}"
            person_id = people.add_person(unit_id, login, f"{key}{n}", stored, must_change_password=False)
            people.add_post(
                person_id,
                unit_id,
                role,
                office_id=offices[office_name] if office_name else None,
                starts_on=date(2018, 1, 1),
                granted_by=None,
            )
            logins[key] = login
    actors = {key: actor_of(login) for key, login in logins.items()}
    return AUnit(unit_id, name, offices, logins, actors)


@cache
def _seal_picture() -> bytes:
    return draw_seal("某某市服务中心", demo=True)


def _same_picture(_name: str, *, demo: bool) -> bytes:
    """One drawing for every unit: it takes longer than all the rest of a unit."""
    return _seal_picture() if demo else draw_seal(_name, demo=demo)


def actor_of(login: str) -> Actor:
    person = people.person_by_login(login)
    assert person is not None
    actor = people.actor(person.id, clock.today())
    assert actor is not None
    return actor


def a_cycle(unit: AUnit, year: int = 2018) -> int:
    """The year's cycle, opened from the shipped Hunan form."""
    opening = cycles.Opening(
        fiscal_year=year,
        form_key="hunan-2018",
        notice_number="测财绩〔2019〕1号",
        due={"draft": date(year + 1, 3, 1), "issue": date(year + 1, 3, 20)},
    )
    return cycles.open_cycle(unit.editor, opening)


def a_value(unit: AUnit, cycle_id: int, key: str, typed: str, /, **more: Any) -> ValueView:
    """A value of the fact, entered by a writer of the office that owns it; `more` goes into the entry."""
    fact = facts.get(unit.id, key)
    present = facts.present_value(fact.id, cycle_id, more.get("period", "year"))
    writer = unit.money_writer if fact.office_id == unit.offices["财务室"] else unit.writer
    entry = figure_acts.Entry(typed, **more)
    return figure_acts.enter(writer, cycle_id, key, entry, last_number=present.number if present else 0)


def a_confirmed_value(unit: AUnit, cycle_id: int, key: str, typed: str, /, **more: Any) -> ValueView:
    """Besides, confirmed by whose word it takes."""
    value = a_value(unit, cycle_id, key, typed, **more)
    fact = facts.get(unit.id, key)
    head = unit.money_head if fact.office_id == unit.offices["财务室"] else unit.head
    figure_acts.confirm(unit.finance if fact.definition.is_money else head, value.id)
    return facts.value(unit.id, value.id)[1]


def a_dispute(unit: AUnit, value: ValueView, rival: str, *, by: Actor | None = None) -> DisputeView:
    """The value contested, by the editor where nobody is named."""
    return contesting.contest(by or unit.editor, value.id, contesting.Contest(rival, "与批复文件不一致。"))


def words(*paragraphs: str) -> dict[str, object]:
    """A document of plain paragraphs, as the editor in the browser sends it."""
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs],
    }


def writer_of(unit: AUnit, section: SectionView) -> tuple[Actor, Actor]:
    """Who writes and who heads the office that owns the section."""
    if section.owner_office_id == unit.offices["财务室"]:
        return unit.money_writer, unit.money_head
    return unit.writer, unit.head


def texts(cycle_id: int) -> list[SectionView]:
    return [section for section in sections.outline(cycle_id) if section.has_text]


def section_with(cycle_id: int, key: str) -> SectionView:
    return next(section for section in sections.outline(cycle_id) if section.key == key)


def write(unit: AUnit, section_id: int, *paragraphs: str) -> SectionView:
    section = sections.visible(unit.editor, section_id)
    writer, _ = writer_of(unit, section)
    drafting.save(writer, section_id, version=section.version, raw=words(*paragraphs))
    return sections.visible(unit.editor, section_id)


def bring(unit: AUnit, section_id: int, state: SectionState, *paragraphs: str) -> SectionView:
    """Write the section and take it on until it is in `state`."""
    section = write(unit, section_id, *(paragraphs or ("二〇一八年各项工作已按计划完成。",)))
    writer, head = writer_of(unit, section)
    path: list[tuple[Actor, SectionAction]] = [(writer, SectionAction.SUBMIT), (head, SectionAction.ENDORSE)]
    if section.holds_money:
        path.append((unit.finance, SectionAction.CHECK))
    path.append((unit.editor, SectionAction.ACCEPT))
    for actor, action in path:
        if section.state is state:
            break
        section = section_acts.act(actor, section_id, action, version=section.version)
    assert section.state is state
    return section


def accept_all(unit: AUnit, cycle_id: int) -> None:
    for section in texts(cycle_id):
        if section.state is not SectionState.ACCEPTED:
            bring(unit, section.id, SectionState.ACCEPTED, f"{section.title}：已按计划完成。")


def report_act(actor: Actor, cycle_id: int, action: ReportAction, **more: object) -> reports.ReportView:
    report = reports.current(cycle_id)
    return report_acts.act(actor, report.id, action, version=report.version, **more)  # type: ignore[arg-type]


def request_seal(unit: AUnit, cycle_id: int) -> reports.ReportView:
    """The editor asks the keeper for the seal."""
    report = reports.current(cycle_id)
    return using.request_seal(unit.editor, report.id, version=report.version, wanted=USUAL)


def run_jobs() -> list[str | None]:
    """Do every waiting job here and now, as a worker would."""
    return [jobs.run(job_id) for job_id, _ in job_table.due(clock.now())]


def a_merged_report(unit: AUnit, cycle_id: int) -> reports.ReportView:
    accept_all(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.MERGE, dated_on=date(2019, 3, 15))
    run_jobs()
    return reports.current(cycle_id)


def an_issued_report(unit: AUnit, cycle_id: int) -> reports.ReportView:
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    return report_act(unit.leader, cycle_id, ReportAction.ISSUE)


def to_countersign(superior: AUnit) -> int:
    """What waits for the seal of this unit: the sealed report of one below it."""
    below = a_unit()
    countersigning.set_demand(below.id, superior.id)
    a_sealed_report(below, a_cycle(below))
    return countersigning.waiting(superior.keeper)[0].countersign.id


def a_sealed_report(unit: AUnit, cycle_id: int) -> reports.ReportView:
    report = an_issued_report(unit, cycle_id)
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    run_jobs()
    return reports.current(cycle_id)
