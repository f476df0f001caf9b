"""Many demo units in every state of a cycle, for trying under load and for pictures."""

from dataclasses import dataclass

from perfapp import clock
from perfapp.core.document import Document
from perfapp.core.report_flow import ReportAction, SealPolicy
from perfapp.core.section_flow import SectionState
from perfapp.data import people
from perfapp.demo import editions, lives
from perfapp.demo.course import Course, workday
from perfapp.demo.lives import Life
from perfapp.demo.staff import hire
from perfapp.demo.story import OPENED, YEAR, arrange, open_cycle
from perfapp.demo.texts import report_2018
from perfapp.services import installing

S = SectionState
KEYS = (
    *("basics", "disclosure", "use-rules", "use-special", "results", "canteen"),
    *("pipes", "vehicles", "property", "energy", "issues", "measures"),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a unit has come: the state each section stands in (in turn), and what was done with the report."""

    states: tuple[SectionState, ...]
    report: tuple[ReportAction, ...] = ()


_ALL = (S.ACCEPTED,)
PROGRESS = (
    Progress((S.NOT_STARTED,)),
    Progress((S.DRAFTING, S.NOT_STARTED, S.NOT_STARTED)),
    Progress((S.DRAFTING, S.SUBMITTED, S.NOT_STARTED, S.DRAFTING)),
    Progress((S.HEAD_APPROVED, S.DRAFTING, S.SUBMITTED, S.ACCEPTED)),
    Progress((S.ACCEPTED, S.SUBMITTED, S.ACCEPTED, S.HEAD_APPROVED)),
    Progress((S.ACCEPTED, S.ACCEPTED, S.ACCEPTED, S.DRAFTING)),
    Progress(_ALL),
    Progress(_ALL, editions.LINE[:2]),
    Progress(_ALL, editions.LINE[:4]),
    Progress(_ALL, editions.LINE[:5]),
)
"""The tenth part of the units each: opened, begun … all accepted, in review, issued, sealed."""


def add_units(count: int, password_hash: str) -> int:
    """Make the units 001 to `count` that are not there yet; returns how many were made."""
    made = 0
    for number in range(1, count + 1):
        if people.unit_by_code(f"DEMO-{number:03}") is None:
            _add(number, password_hash)
            made += 1
    return made


def unit_name(number: int) -> str:
    return f"演示单位{number:03}服务中心"


def _add(number: int, password_hash: str) -> None:
    today, progress, name = clock.today(), PROGRESS[(number - 1) % len(PROGRESS)], unit_name(number)
    with clock.at(workday(today, OPENED, 8)):
        unit_id, _ = installing.install_unit(f"DEMO-{number:03}", name, [], policy=SealPolicy.LEADER, is_demo=True)
        if progress.report:
            installing.register_seal(unit_id, installing.demo_seal(name, clock.now()))
        staff = hire(unit_id, password_hash, clock.today(), f".{number:03}")
    with clock.at(workday(today, OPENED)):
        cycle_id = open_cycle(staff, YEAR, today)
        keys = arrange(staff, cycle_id, set(KEYS))
    course = Course()
    lives.tell(course, staff, cycle_id, today, _texts(keys), _lives(progress, keys, number))
    editions.tell(course, staff, cycle_id, today, 1, progress.report)
    course.play()


def _texts(keys: dict[str, str]) -> dict[str, Document]:
    return {keys[section.key]: section.document for section in report_2018() if section.key in keys}


def _lives(progress: Progress, keys: dict[str, str], number: int) -> dict[str, Life]:
    """Begun on different days, so that the units' charts differ."""
    told: dict[str, Life] = {}
    for place, key in enumerate(KEYS):
        state = progress.states[place % len(progress.states)]
        if state is not S.NOT_STARTED:
            told[keys[key]] = Life(6 + (place * 3 + number) % 8, state, in_one_go=True)
    return told
