"""The demo: the seed's words, its people, its states, a way to its end, and that loading twice changes nothing."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.cli.demo import demo
from perfapp.core.chinese import local_time
from perfapp.core.document import dump
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.core.snapshot import section_lines
from perfapp.data import blobs, cycles, events, evidence, people, reports, sections
from perfapp.data.cycles import CycleView
from perfapp.data.sections import SectionView
from perfapp.demo import story, units
from perfapp.demo.accounts import table
from perfapp.demo.staff import CAST, PASSWORD
from perfapp.demo.texts import report_2018
from perfapp.services import accounts, drafting, freezing, installing, verifying
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.installing import FirstPerson
from tests.making import actor_of, report_act, run_jobs, section_with

SEED = Path(__file__).parents[1] / "data" / "report-2018.txt"
pytestmark = pytest.mark.usefixtures("rolled_back")
A, S = SectionAction, SectionState


def load(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(demo, ["load", *arguments])
    assert result.exit_code == 0, result.output
    return str(result.output)


def both_years() -> tuple[CycleView, CycleView]:
    """This year's cycle and last year's."""
    unit = people.unit_by_code(story.CODE)
    assert unit is not None
    this_year, last_year = cycles.of_unit(unit.id)
    return this_year, last_year


def texts(cycle_id: int) -> dict[str, SectionView]:
    return {section.title: section for section in sections.outline(cycle_id) if section.has_text}


def act(actor: Actor, section: SectionView, action: SectionAction) -> SectionView:
    section = sections.visible(actor, section.id)
    return section_acts.act(actor, section.id, action, version=section.version)


def finish(cycle_id: int) -> reports.ReportView:
    """What README has the newcomer do: five people, from the unwritten section to the seal."""
    writer, head, editor = actor_of("banshi"), actor_of("banshi.head"), actor_of("tonggao")
    unwritten = section_with(cycle_id, "results")
    text = next(section.document for section in report_2018() if section.key == "results")
    drafting.save(writer, unwritten.id, version=unwritten.version, raw=dump(text))
    for section in texts(cycle_id).values():
        if section.state is S.DRAFTING:
            act(writer, section, A.SUBMIT)
    for section in texts(cycle_id).values():
        if section.state is S.SUBMITTED:
            act(head, section, A.ENDORSE)
    for section in texts(cycle_id).values():
        if section.state is not S.ACCEPTED:
            act(editor, section, A.ACCEPT)
    report_act(editor, cycle_id, ReportAction.MERGE)
    run_jobs()
    report_act(editor, cycle_id, ReportAction.SEND)
    report_act(actor_of("fenguan"), cycle_id, ReportAction.ENDORSE)
    issued = report_act(actor_of("lingdao"), cycle_id, ReportAction.ISSUE)
    report_acts.press(actor_of("lingdao"), issued.id, ReportAction.PRESS, version=issued.version, password=PASSWORD)
    run_jobs()
    return reports.current(cycle_id)


def seed_lines() -> list[str]:
    """The seed after its cover, without white space, as this program sets it.

    一、 and （一） which it lacks are there, a heading on its own line has no full stop (GB/T 9704-2012), and
    （5） has lost the stray 是 of a former 五是.
    """
    lines = [line for raw in SEED.read_text(encoding="utf-8").splitlines() if (line := "".join(raw.split()))]
    set_so = {
        "预算单位基本情况": "一、预算单位基本情况",
        "预决算及信息公开情况。": "（一）预决算及信息公开情况",
        "（二）资金使用及绩效情况。": "（二）资金使用及绩效情况",
    }
    return [set_so.get(line, line).replace("（5）是开展", "（5）开展") for line in lines[4:]]


def test_the_newcomer_seals_the_seed_word_for_word(app: Flask) -> None:
    load(app)
    cycle, _ = both_years()
    report = finish(cycle.id)
    assert report.state is ReportState.SEALED
    frozen = freezing.load(report.snapshot_blob or "")
    drawn = [line for section in frozen.sections for line in section_lines(section, cycle.fiscal_year)]
    assert drawn == seed_lines()
    cover = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()][:2]
    assert [frozen.attachment_mark, frozen.title] == cover
    assert verifying.verify(blobs.read(report.sealed_sha256 or "")).is_genuine


def test_the_sections_stand_in_different_states_and_offices(app: Flask) -> None:
    load(app)
    cycle, _ = both_years()
    found = texts(cycle.id)
    assert Counter(section.state.value for section in found.values()) == {
        "accepted": 11,
        "finance_checked": 1,
        "head_approved": 1,
        "submitted": 1,
        "drafting": 2,
        "not_started": 1,
    }
    returned = found["下一步改进措施"]
    assert (returned.state, returned.direct_to) == (S.DRAFTING, S.HEAD_APPROVED)
    assert next(e.reason for e in events.of_section(returned.id) if e.action == "return") == story.RETURNED
    assert {title: s.owner_office_name for title, s in found.items()} == {s.title: s.office for s in report_2018()}
    assert [item.filename for item in evidence.of_section(found["预决算及信息公开情况"].id)]


def test_the_days_of_the_story_lie_in_order_in_the_past(app: Flask) -> None:
    load(app)
    cycle, last = both_years()
    assert (cycle.due["draft"] - clock.today()).days == -2
    assert (cycle.due["review"] - clock.today()).days == 1
    moments = [event.at for event in reversed(events.of_cycle(cycle.id))]
    assert moments == sorted(moments)
    assert moments[-1] < clock.now()
    days = {local_time(moment).date() for moment in moments}
    assert len(days) >= 10
    assert max(day.weekday() for day in days) < 5
    assert clock.today() - local_time(last.opened_at).date() > timedelta(days=365)


def test_last_year_is_filed_and_shown_beside_this_year(app: Flask) -> None:
    load(app)
    cycle, last = both_years()
    assert cycle.previous_id == last.id
    report = reports.current(last.id)
    assert report.state is ReportState.DELIVERED
    assert verifying.verify(blobs.read(report.sealed_sha256 or "")).is_genuine
    said = sections.contents([section.id for section in texts(last.id).values()]).values()
    assert len(said) == 8
    assert all("（演示数据）" in content.document.model_dump_json() for content in said)
    assert cycle.is_demo
    assert last.is_demo


def test_everybody_of_the_table_can_sign_in(app: Flask, client: FlaskClient) -> None:
    load(app)
    accounts.check_password(PASSWORD, tuple(part.name for part in CAST))
    assert {part.role for part in CAST} == set(Role) - {Role.BUREAU_READER, Role.BUREAU_REVIEWER}
    for part in CAST:
        assert part.login in table()
        answer = client.post("/sign-in", data={"login": part.login, "password": PASSWORD})
        assert answer.status_code == 303, part.login
        assert not answer.location.endswith("/account")
        client.delete_cookie("perfapp_session")
        assert [post.role for post in _posts(part.login)] == [part.role]


def _posts(login: str) -> tuple[people.PostView, ...]:
    person = people.person_by_login(login)
    assert person is not None
    assert not person.must_change_password
    return person.posts


def test_a_second_load_says_so_and_changes_nothing(app: Flask) -> None:
    load(app)
    cycle, _ = both_years()
    before = (events.of_unit(cycle.unit_id, limit=9999), sections.outline(cycle.id))
    assert "没有改动" in load(app)
    assert (events.of_unit(cycle.unit_id, limit=9999), sections.outline(cycle.id)) == before


def test_many_units_stand_in_every_state(app: Flask) -> None:
    assert "本次新建 10 个" in load(app, "--units", "10")
    assert "本次新建 0 个" in load(app, "--units", "10")
    states = []
    for number in range(1, 11):
        unit = people.unit_by_code(f"DEMO-{number:03}")
        assert unit is not None
        assert unit.is_demo
        [cycle] = cycles.of_unit(unit.id)
        assert len(texts(cycle.id)) == len(units.KEYS) == 12
        states.append(reports.current(cycle.id).state)
    assert Counter(states) == {
        ReportState.DRAFTING: 7,
        ReportState.REVIEWING: 1,
        ReportState.ISSUED: 1,
        ReportState.SEALED: 1,
    }
    assert actor_of("tonggao.003").unit_id != actor_of("tonggao").unit_id


def test_the_demo_never_stands_beside_a_real_unit(app: Flask) -> None:
    admin = FirstPerson("admin", "系统管理员", Role.SYSTEM_ADMIN)
    installing.install_unit("430203", "某某单位", [admin], policy=SealPolicy.KEEPER)
    result = app.test_cli_runner().invoke(demo, ["load"])
    assert result.exit_code == 1
    assert "已有正式单位" in result.output
    assert people.person_by_login("tonggao") is None


def test_half_a_story_is_named_and_not_passed_off_as_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "_tell_this_year", lambda *_: None)
    load(app)
    result = app.test_cli_runner().invoke(demo, ["load"])
    assert result.exit_code == 1
    assert "不完整" in result.output
