"""Administrators and editors at the same moment, with real commits: what must be one stays one."""

from collections import Counter

from flask import Flask

from perfapp import clock
from perfapp.core.permissions import Permission, Role
from perfapp.data import cycles as cycle_table
from perfapp.data import people, reports, seal_uses, seals
from perfapp.data.session import transaction
from perfapp.services import cycles, staffing
from tests.making import a_cycle, a_unit, actor_of
from tests.races.test_races import CROWD, together


def test_two_administrators_cannot_end_each_other_at_once(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    with transaction():
        second = people.add_person(unit.id, "second.security", "二", "", must_change_password=False)
        people.add_post(second, unit.id, Role.SECURITY_ADMIN, office_id=None, starts_on=clock.today(), granted_by=None)
    pair = (unit.secadmin, actor_of("second.security"))
    posts = [found.posts[0].id for actor in pair if (found := people.person(actor.id))]

    ends = together(committed, lambda number: staffing.revoke(pair[number], posts[1 - number]), crowd=2)

    assert ends == {"None": 1, "conflict": 1}
    assert len(people.holders(unit.id, Permission.GRANT, clock.today())) == 1


def test_a_year_opened_twelve_times_at_once_is_one(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    opening = cycles.Opening(2018, "hunan-2018")

    ends = together(committed, lambda _: bool(cycles.open_cycle(unit.editor, opening)))

    assert ends == {"True": 1, "conflict": CROWD - 1}
    assert len(cycle_table.of_unit(unit.id)) == 1


def test_a_login_taken_by_many_at_once_is_one_persons(committed: Flask) -> None:
    """In different units, which lock nothing of each other: the database itself refuses the second."""
    units = [a_unit(with_seal=False) for _ in range(4)]

    def create(number: int) -> str:
        person = units[number].sysadmin
        with transaction():
            people.add_person(person.unit_id, "wanted", "演示", "")
        return "created"

    assert together(committed, create, crowd=4) == Counter({"created": 1, "conflict": 3})


def test_no_two_lines_of_the_register_share_a_number(committed: Flask) -> None:
    """Two years' reports of one unit are sealed at the same moment: no lock is common to them but the unit's."""
    unit = a_unit()
    found = [reports.current(a_cycle(unit, year)).id for year in (2018, 2019)]
    seal, who = seals.active(unit.id), unit.leader.id
    assert seal is not None

    def intend(number: int) -> str:
        with transaction():
            seal_uses.add_use(
                unit.id,
                seal.id,
                seal.certificate.id,
                found[number],
                subject="演示",
                purpose="演示",
                requested_by=who,
                approved_by=who,
                pressed_by=who,
                before_sha256="0" * 64,
            )
        return "written"

    assert together(committed, intend, crowd=2) == {"written": 2}
    assert [use.number for use in seal_uses.uses(unit.id)] == [2, 1]
    done = seal_uses.uses(unit.id)[0].id
    with transaction():
        seal_uses.close_use(done, "done", after_sha256="1" * 64)
    with transaction():  # an attempt that was overtaken comes late
        seal_uses.close_use(done, "failed", note="报告已不在盖章中")
    assert (seal_uses.use(done).state, seal_uses.use(done).after_sha256) == ("done", "1" * 64)
