"""沿用: what a section repeats is shown to its author, said by him, and counted for the leader."""

import re

import pytest
from flask.testing import FlaskClient

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.likeness import mark
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import reports, sections
from perfapp.services import reuse
from perfapp.services import sections as section_acts
from tests.integration.report_pages.reading import sign_in
from tests.making import AUnit, a_cycle, a_merged_report, a_unit, bring, run_jobs, section_with, texts, write

THEN = "2017年，公车平台共派车1980趟，平均每月165趟，保障了区四大家领导公务出行和各类重要会议用车，全年安全行驶。"
NOW = THEN.replace("2017", "2018").replace("1980", "2160").replace("165", "180")
NEW = "今年新增新能源车辆六台，建成充电桩十二个，夜间值守由两人改为一人，加班支出因此比上年减少了近三成之多。"
DUTY = "本单位主要负责区直机关办公用房、公务用车、会议和公务接待的服务保障，指导全区机关事务管理工作。"


def years(unit: AUnit) -> tuple[int, int]:
    """A section of 2018 whose text of 2017 exists, with its cycle."""
    old = a_cycle(unit, 2017)
    own = next(s for s in texts(old) if s.owner_office_id == unit.offices["办公室"])
    write(unit, own.id, THEN, DUTY)
    new = a_cycle(unit, 2018)
    return section_with(new, own.key).id, new


def test_the_author_sees_what_he_repeats_and_says_why(client: FlaskClient) -> None:
    unit = a_unit()
    section_id, _ = years(unit)
    write(unit, section_id, NOW, NEW)
    sign_in(client, unit, "writer")
    html = client.get(f"/sections/{section_id}/reuse").get_data(as_text=True)
    assert "比对了 2 段，1 段与以前的文字雷同，其中 1 段还没有说明" in html
    assert re.search(r"与 2017 年“.*?”第 1 段 \d\d% 相同，仅数字不同", html)
    assert "<del" in html
    form = {"mark": mark(NOW), "kind": "kept", "reason": "写理由"}
    refused = client.post(f"/sections/{section_id}/reuse", data=form)
    assert refused.status_code == 422
    assert "请用 4 到 200 字写明" in refused.get_data(as_text=True)
    assert ">写理由</textarea>" in refused.get_data(as_text=True)
    form["reason"] = "派车方式没有变化，只更新数字"
    assert client.post(f"/sections/{section_id}/reuse", data=form).status_code == 303
    html = client.get(f"/sections/{section_id}/reuse").get_data(as_text=True)
    assert "派车方式没有变化，只更新数字" in html
    assert "都已说明" in html
    assert client.post(f"/sections/{section_id}/reuse", data={**form, "take_back": "1"}).status_code == 303
    assert reuse.of_section(unit.writer, section_id).open_count == 1


@pytest.mark.usefixtures("rolled_back")
def test_standing_wording_is_said_once_and_known_in_later_years() -> None:
    unit = a_unit()
    section_id, _ = years(unit)
    write(unit, section_id, DUTY, NEW)
    reuse.declare(unit.writer, section_id, mark(DUTY), kind="standing", reason="三定方案规定的职责")
    later = a_cycle(unit, 2019)
    after = section_with(later, sections.get(section_id).key)
    write(unit, after.id, DUTY)
    found = reuse.of_section(unit.writer, after.id)
    assert [(line.is_standing, line.is_open) for line in found.lines] == [(True, False)]


@pytest.mark.usefixtures("rolled_back")
def test_the_rate_is_of_the_text_that_was_handed_in() -> None:
    unit = a_unit()
    section_id, cycle_id = years(unit)
    bring(unit, section_id, SectionState.SUBMITTED, NOW, NEW, DUTY)
    run_jobs()
    rate = reuse.rates(sections.outline(cycle_id))[section_id]
    assert (rate.paragraphs, rate.repeated, rate.open_count, rate.unmeasured) == (3, 2, 2, 0)
    assert rate.percent == round(100 * (len(NOW) + len(DUTY)) / (len(NOW) + len(NEW) + len(DUTY)))
    reuse.declare(unit.writer, section_id, mark(DUTY), kind="standing", reason="三定方案规定的职责")
    rate = reuse.rates(sections.outline(cycle_id))[section_id]
    assert (rate.repeated, rate.open_count) == (1, 1)
    section = sections.get(section_id)
    section_acts.act(unit.writer, section_id, SectionAction.WITHDRAW, version=section.version)
    write(unit, section_id, NEW)
    assert reuse.rates(sections.outline(cycle_id))[section_id].unmeasured == 1


def test_the_leader_reads_on_the_report_what_repeats_earlier_years(client: FlaskClient) -> None:
    """Where from, how much, how it begins, why: what nobody explained stands first, standing wording not at all."""
    unit = a_unit()
    section_id, cycle_id = years(unit)
    bring(unit, section_id, SectionState.SUBMITTED, NOW, NEW, DUTY)
    run_jobs()
    reuse.declare(unit.writer, section_id, mark(DUTY), kind="kept", reason="三定方案规定的职责")
    lines = reuse.copied(sections.outline(cycle_id))
    assert [one.reason for one in lines] == [None, "三定方案规定的职责"]
    assert [one.passage.number for one in lines] == [1, 3]
    report = reports.current(cycle_id)
    for who in ("leader", "editor"):
        sign_in(client, unit, who)
        html = client.get(f"/reports/{report.id}").get_data(as_text=True)
        assert "与往年雷同的段落" in html
        assert lines[0].passage.sentence in html
        assert NOW[:20] in html
        assert "三定方案规定的职责" in html
    sign_in(client, unit, "writer")
    assert "与往年雷同的段落" not in client.get(f"/reports/{report.id}").get_data(as_text=True)
    reuse.declare(unit.writer, section_id, mark(DUTY), kind="standing", reason="三定方案规定的职责")
    assert len(reuse.copied(sections.outline(cycle_id))) == 1


def test_text_of_another_office_is_named_and_not_shown(client: FlaskClient) -> None:
    unit = a_unit()
    section_id, cycle_id = years(unit)
    foreign = next(s for s in texts(cycle_id) if s.owner_office_id == unit.offices["财务室"])
    secret = NEW.replace("充电桩十二个", "未公开的充电桩九个")
    write(unit, foreign.id, secret)
    write(unit, section_id, NEW)
    sign_in(client, unit, "writer")
    html = client.get(f"/sections/{section_id}/reuse").get_data(as_text=True)
    assert "财务室今年" in html
    assert "您看不到它的原文" in html
    assert "未公开的充电桩" not in html
    sign_in(client, unit, "finance")
    assert "未公开的" in client.get(f"/sections/{section_id}/reuse").get_data(as_text=True)


@pytest.mark.usefixtures("rolled_back")
def test_only_the_author_speaks_and_only_of_what_is_there() -> None:
    unit = a_unit()
    section_id, _ = years(unit)
    write(unit, section_id, NOW)
    said = {"kind": "kept", "reason": "情况没有变化"}
    with pytest.raises(Forbidden, match="经办人"):
        reuse.declare(unit.finance, section_id, mark(NOW), **said)
    with pytest.raises(NotFound):
        reuse.declare(unit.money_writer, section_id, mark(NOW), **said)
    with pytest.raises(NotFound, match="没有这个雷同的段落"):
        reuse.declare(unit.writer, section_id, mark(NEW), **said)
    with pytest.raises(Invalid, match="请选择"):
        reuse.declare(unit.writer, section_id, mark(NOW), kind="other", reason="情况没有变化")
    with pytest.raises(Conflict, match="没有说明过"):
        reuse.take_back(unit.writer, section_id, mark(NOW))


def test_after_the_merge_nothing_more_is_said_and_the_leader_sees_the_rate(client: FlaskClient) -> None:
    unit = a_unit()
    section_id, cycle_id = years(unit)
    bring(unit, section_id, SectionState.ACCEPTED, NOW, NEW)
    report = a_merged_report(unit, cycle_id)
    run_jobs()
    with pytest.raises(Conflict, match="已进入合稿"):
        reuse.declare(unit.writer, section_id, mark(NOW), kind="kept", reason="情况没有变化")
    assert reports.get(report.id).state.value == "merging"
    sign_in(client, unit, "leader")
    html = client.get(f"/cycles/{cycle_id}/reuse").get_data(as_text=True)
    assert "1 段待说明" in html


def test_what_nobody_explained_waits_on_its_writers_desk_and_is_said_before_merging(client: FlaskClient) -> None:
    unit = a_unit()
    section_id, cycle_id = years(unit)
    bring(unit, section_id, SectionState.ACCEPTED, NOW, NEW)
    run_jobs()
    sign_in(client, unit, "writer")
    desk = client.get("/").get_data(as_text=True)
    assert "1 段与往年雷同，还没有说明" in desk
    assert f'href="/sections/{section_id}/reuse"' in desk
    report = reports.current(cycle_id)
    sign_in(client, unit, "editor")
    assert "1 段与往年雷同，没有说明为什么沿用" in client.get(f"/reports/{report.id}").get_data(as_text=True)
    reuse.declare(unit.writer, section_id, mark(NOW), kind="kept", reason="派车方式没有变化，只更新数字")
    assert "段与往年雷同，没有说明为什么沿用" not in client.get(f"/reports/{report.id}").get_data(as_text=True)
    sign_in(client, unit, "writer")
    assert "段与往年雷同，还没有说明" not in client.get("/").get_data(as_text=True)


def test_after_the_merge_the_author_reads_why_he_can_say_nothing(client: FlaskClient) -> None:
    unit = a_unit()
    section_id, cycle_id = years(unit)
    bring(unit, section_id, SectionState.ACCEPTED, NOW, NEW)
    a_merged_report(unit, cycle_id)
    sign_in(client, unit, "writer")
    html = client.get(f"/sections/{section_id}/reuse").get_data(as_text=True)
    assert "现在不能说明沿用" in html
    assert "请联系统稿人退回" in html
