"""The morning's digest: to whom, when, and who hears of what lies."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from perfapp import clock
from perfapp.core.channels import Channel, Mode
from perfapp.core.deadlines import Reminding
from perfapp.core.section_flow import SectionState
from perfapp.data import calendars, channels, cycles, events, notices, outbox, people
from perfapp.data.session import transaction
from perfapp.extensions import current_settings, keep_settings
from perfapp.services import reminding
from tests.integration.tracking.reading import due_on
from tests.making import AUnit, a_cycle, a_sealed_report, a_unit, bring, section_with, texts

MONDAY = datetime(2019, 3, 18, 0, 30, tzinfo=UTC)  # half past eight on the office wall; an ordinary week
pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def monday(rolled_back: Flask) -> Iterator[None]:
    with clock.at(MONDAY):
        yield


def remind_on(moment: datetime) -> int:
    with clock.at(moment):
        return reminding.remind()


def told(unit: AUnit) -> set[str]:
    """Who has a digest in the system's own notices."""
    return {
        role
        for role, actor in unit.actors.items()
        if any("到期提醒" in notice.subject for notice in notices.of_person(actor.id))
    }


def digest_of(person_id: int) -> notices.NoticeView:
    return next(notice for notice in notices.of_person(person_id) if "到期提醒" in notice.subject)


def remember(cycle_id: int, rules: Reminding) -> None:
    with transaction():
        cycles.change(cycle_id, remind_before=rules.before, escalate_after=rules.escalate_after)


def test_one_digest_a_person_and_day() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-1, review=3, merge=4)
    for key, state in (("results", SectionState.SUBMITTED), ("issues", SectionState.HEAD_APPROVED)):
        bring(unit, section_with(cycle_id, key).id, state)
    assert (reminding.remind(), reminding.remind()) == (3, 0)
    assert told(unit) == {"writer", "money_writer", "head"}  # what is due in four working days is not yet said
    digest = digest_of(unit.writer.id)
    own = [s for s in texts(cycle_id) if s.owner_office_id == unit.offices["办公室"] and s.key != "results"]
    assert digest.subject == f"到期提醒：{len(own)} 件事等您办理，其中 {len(own)} 件已逾期"
    assert all(section.heading in digest.body for section in own)
    assert "现在轮到您" in digest.body
    assert "（还有 3 个工作日）" in digest_of(unit.head.id).body
    before = notices.count(unit.writer.id)
    assert remind_on(MONDAY + timedelta(days=1)) == 4  # and the editor, for whom three are left now
    assert notices.count(unit.writer.id) == before + 1


def test_nothing_due_nobody_reminded() -> None:
    unit, other = a_unit(), a_unit()
    due_on(a_cycle(unit), draft=30)
    sealed = a_cycle(other)
    a_sealed_report(other, sealed)
    due_on(sealed, draft=-30)  # no date for what is still to be done
    assert reminding.remind() == 0
    assert told(unit) | told(other) == set()
    assert not [event for event in events.of_unit(unit.id) if event.action == "remind"]


def test_who_has_no_post_any_more_is_not_reminded() -> None:
    unit = a_unit()
    due_on(a_cycle(unit), draft=0)
    with transaction():
        people.change_person(unit.writer.id, disabled_at=clock.now())
    reminding.remind()
    assert told(unit) == {"money_writer"}


def test_holidays_are_quiet_and_worked_sundays_are_not() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with transaction():
        cycles.set_dates(cycle_id, {"draft": date(2019, 4, 30)})
    assert remind_on(datetime(2019, 5, 1, 0, 30, tzinfo=UTC)) == 0
    assert remind_on(datetime(2019, 4, 27, 0, 30, tzinfo=UTC)) == 0  # a free Saturday
    assert remind_on(datetime(2019, 4, 28, 0, 30, tzinfo=UTC)) == 2  # a Sunday worked for 劳动节
    assert "（还有 2 个工作日）" in digest_of(unit.writer.id).body


def test_a_cycle_says_itself_how_early_it_reminds() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=4)  # Friday
    assert reminding.remind() == 0
    remember(cycle_id, Reminding(before=4, escalate_after=None))
    assert reminding.remind() == 2


def test_what_lies_is_reported_rung_by_rung_and_each_rung_once() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=0)
    heard: dict[int, set[str]] = {}
    for day in range(1, 12):  # rungs are three working days: 21 March, 26 March, 29 March
        before = {role: notices.count(actor.id) for role, actor in unit.actors.items()}
        remind_on(MONDAY + timedelta(days=day))
        late = {role for role, actor in unit.actors.items() if notices.count(actor.id) > before[role]}
        if above := late - {"writer", "money_writer"}:
            heard[day] = above
    assert heard == {3: {"head", "money_head"}, 8: {"deputy", "editor"}, 11: {"leader"}}
    digest = digest_of(unit.head.id)
    assert "逾期未办，请您督促" in digest.subject
    assert section_with(cycle_id, "disclosure").heading not in digest.body  # another office's
    escalations = [
        event for event in events.of_section(section_with(cycle_id, "basics").id) if event.action == "escalate"
    ]
    assert [set(event.details["names"]) for event in escalations] == [
        {unit.leader.name},
        {unit.editor.name, unit.deputy.name},
        {unit.head.name},
    ]


def test_superiors_hear_nothing_where_the_cycle_says_so() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=0)
    remember(cycle_id, Reminding(before=3, escalate_after=None))
    for day in (3, 8, 11):
        remind_on(MONDAY + timedelta(days=day))
    assert told(unit) == {"writer", "money_writer"}


@pytest.fixture
def with_mail(rolled_back: Flask) -> Iterator[None]:
    before = current_settings()

    keep_settings(
        rolled_back,
        dataclasses.replace(before, smtp_url="smtp://127.0.0.1:1", public_url="https://perf.example.cn"),
    )
    yield
    keep_settings(rolled_back, before)


@pytest.mark.usefixtures("with_mail")
def test_a_person_who_wants_one_message_a_day_gets_one_with_all_in_it() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with transaction():
        for actor in (unit.head, unit.writer):
            people.change_person(actor.id, email=f"{actor.id}@example.cn")
        channels.choose(unit.head.id, Channel.EMAIL, Mode.DIGEST)
        channels.choose(unit.writer.id, Channel.EMAIL, Mode.OFF)
    with clock.at(MONDAY - timedelta(hours=1)):
        bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    assert outbox.recent(unit.id) == []  # neither the one who waits for the digest nor the one who wants nothing
    due_on(cycle_id, draft=0, review=1)
    reminding.remind()
    reminding.remind()
    (message,) = outbox.recent(unit.id)
    assert (message.channel, message.to) == (Channel.EMAIL, unit.head.name)
    assert message.subject == "到期提醒：1 件事等您办理；1 条新消息"
    with transaction():
        parcel = outbox.begin(message.id)
    assert parcel is not None
    section = section_with(cycle_id, "results")
    assert f"https://perf.example.cn/sections/{section.id}" in parcel.body
    assert f"请您审核：{section.heading}" in parcel.body


def test_groups_hear_of_titles_and_of_no_person() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-1)
    for office_id in (None, unit.offices["财务室"]):
        with transaction():
            channels.add_robot(
                unit.id,
                Channel.WECOM,
                name="群",
                address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
                secret="",
                office_id=office_id,
                person_id=None,
                added_by=unit.sysadmin.id,
            )
    reminding.remind()
    whole, office = sorted(outbox.recent(unit.id), key=lambda message: message.id)
    assert office.subject.startswith("财务室：")
    with transaction():
        bodies = [parcel.body for message in (whole, office) if (parcel := outbox.begin(message.id))]
    assert "【办公室】" in bodies[0]
    assert section_with(cycle_id, "basics").heading not in bodies[1]
    for actor in unit.actors.values():
        assert not any(actor.name in body for body in bodies)


def test_years_are_added_beside_those_that_ship() -> None:
    unit = a_unit()
    assert {year.year for year, is_added in calendars.years(unit.id) if is_added} == set()
    assert calendars.of_unit(unit.id).unknown([date(2019, 1, 2)]) == []
