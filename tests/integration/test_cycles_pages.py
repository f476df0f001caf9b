"""Arranging the year's task in the browser: opening, dates, the outline, and what is refused."""

import io
import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import cycles, events, people, sections
from perfapp.data.session import transaction
from perfapp.services import cycles as arranging
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.making import PASSWORD, AUnit, a_cycle, a_merged_report, a_unit, bring, section_with, write
from tests.unit.documents.samples import drawing

OPENING = {
    "fiscal_year": "2018",
    "period_from": "2018-01-01",
    "period_to": "2018-12-31",
    "form_key": "hunan-2018",
    "notice_number": "测财绩〔2019〕1号",
    "draft": "2019-03-01",
}


@pytest.fixture
def unit(client: FlaskClient) -> AUnit:
    unit = a_unit(with_seal=False)
    sign_in(client, unit, "editor")
    return unit


def sign_in(client: FlaskClient, unit: AUnit, who: str) -> None:
    client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD})


def outline_of(cycle_id: int) -> list[str]:
    return [section.heading for section in sections.outline(cycle_id)]


def test_the_first_cycle_is_opened_from_a_form(client: FlaskClient, unit: AUnit) -> None:
    assert "还没有年度任务" in client.get("/cycles").get_data(as_text=True)
    page = client.get("/cycles/new").get_data(as_text=True)
    assert "湘财绩〔2015〕15号" in page
    assert "请对照本年度通知核对" in page
    answer = client.post("/cycles/new", data=OPENING)
    cycle = cycles.of_unit(unit.id)[0]
    assert (answer.status_code, answer.location) == (303, f"/cycles/{cycle.id}")
    assert cycle.due == {"draft": date(2019, 3, 1)}
    page = client.get(answer.location).get_data(as_text=True)
    assert "章节按报告格式生成" in page
    assert "严格资金使用管理" in page
    assert cycle.title in client.get("/cycles").get_data(as_text=True)


def test_what_was_typed_stays_when_the_opening_is_refused(client: FlaskClient, unit: AUnit) -> None:
    backwards = client.post("/cycles/new", data=OPENING | {"issue": "2019-02-01"})
    page = backwards.get_data(as_text=True)
    assert backwards.status_code == 422
    assert "“签发盖章”的截止日期早于“编写提交”" in page
    assert "测财绩〔2019〕1号" in page
    a_cycle(unit)
    again = client.post("/cycles/new", data=OPENING)
    assert again.status_code == 409
    assert "2018年度的任务已经开过" in again.get_data(as_text=True)


def test_last_years_outline_rolls_forward_and_the_page_says_so(client: FlaskClient, unit: AUnit) -> None:
    first = a_cycle(unit)
    results = section_with(first, "results")
    add = client.post(
        f"/cycles/{first}/sections/{results.id}/add", data={"title": "公务用车", "office_id": unit.offices["财务室"]}
    )
    assert add.status_code == 303
    assert "从 2018 年度复制" in client.get("/cycles/new").get_data(as_text=True)
    dates = {"fiscal_year": "2019", "period_from": "2019-01-01", "period_to": "2019-12-31", "draft": ""}
    answer = client.post("/cycles/new", data=OPENING | dates)
    second = cycles.of_unit(unit.id)[0]
    assert second.fiscal_year == 2019
    assert "沿用了2018年度的章节结构和负责科室" in client.get(answer.location).get_data(as_text=True)
    assert outline_of(second.id) == outline_of(first)
    assert sections.outline(second.id)[-1].state is SectionState.NOT_STARTED


def test_items_are_added_moved_and_removed_and_numbers_follow(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    results = section_with(cycle_id, "results")
    base = f"/cycles/{cycle_id}/sections"
    for title in ("食堂改革", "公务用车", "办公用房"):
        client.post(f"{base}/{results.id}/add", data={"title": title, "office_id": unit.offices["办公室"]})

    def items() -> dict[str, sections.SectionView]:
        return {s.title: s for s in sections.outline(cycle_id) if s.parent_id == results.id}

    last = items()["办公用房"]
    answer = client.post(f"{base}/{last.id}/move", data={"direction": "up", "version": last.version})
    assert answer.location.endswith(f"#section-{last.id}")
    assert [s.heading for s in items().values()] == ["（1）食堂改革", "（2）办公用房", "（3）公务用车"]
    first = items()["食堂改革"]
    client.post(f"{base}/{first.id}/remove", data={"version": first.version})
    assert [s.heading for s in items().values()] == ["（1）办公用房", "（2）公务用车"]
    assert "已删除“食堂改革”" in client.get(f"/cycles/{cycle_id}").get_data(as_text=True)
    assert client.get(f"{base}/{first.id}/edit").status_code == 404
    assert {"add_item", "move", "remove_item"} <= {event.action for event in events.of_cycle(cycle_id)}


def test_a_section_is_given_to_another_office_with_new_words(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    basics = section_with(cycle_id, "basics")
    address = f"/cycles/{cycle_id}/sections/{basics.id}/edit"
    change = {
        "title": "单位基本情况",
        "guidance": "写明职责。",
        "office_id": str(unit.offices["财务室"]),
        "holds_money": "y",
        "version": str(basics.version),
    }
    assert client.post(address, data=change).status_code == 303
    after = section_with(cycle_id, "basics")
    assert (after.heading, after.owner_office_name, after.holds_money) == ("一、单位基本情况", "财务室", True)
    assert not after.is_required
    seen = {(event.action, event.reason) for event in events.of_section(basics.id)}
    assert {("assign", "由财务室负责"), ("rename", f"{basics.title} → 单位基本情况")} <= seen
    stale = client.post(address, data=change | {"title": "又一个标题"})
    assert stale.status_code == 409
    page = stale.get_data(as_text=True)
    assert "已有变动" in page
    assert "又一个标题" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page) or re.search(
        r'value="(\d+)"[^>]*name="version"', page
    )
    assert version
    assert client.post(address, data=change | {"title": "又一个标题", "version": version[1]}).status_code == 303


def test_no_section_goes_to_another_units_or_a_closed_office(client: FlaskClient, unit: AUnit) -> None:
    other = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    basics = section_with(cycle_id, "basics")
    address = f"/cycles/{cycle_id}/sections/{basics.id}/edit"
    change = {"title": basics.title, "version": str(basics.version), "is_required": "y"}
    for office_id in (other.offices["办公室"], 10**6, ""):
        assert client.post(address, data=change | {"office_id": str(office_id)}).status_code == 422
    with transaction():
        people.close_office(unit.id, unit.offices["财务室"], clock.today())
    closed = client.post(address, data=change | {"office_id": str(unit.offices["财务室"])})
    assert closed.status_code == 422
    assert section_with(cycle_id, "basics").owner_office_id == unit.offices["办公室"]
    page = client.get(f"/cycles/{cycle_id}").get_data(as_text=True)
    assert "财务室已撤销，请改派" in page
    assert "还没有可用的负责科室" in page


def test_a_section_under_review_and_a_merged_report_are_left_alone(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    basics = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    form = {"title": "换个标题", "office_id": str(basics.owner_office_id), "version": str(basics.version)}
    assert "退回后可改" in client.get(f"/cycles/{cycle_id}").get_data(as_text=True)
    refused = client.post(f"/cycles/{cycle_id}/sections/{basics.id}/edit", data=form)
    assert refused.status_code == 409
    assert "要调整请先退回" in refused.get_data(as_text=True)
    section_acts.act(unit.writer, basics.id, SectionAction.WITHDRAW, version=basics.version)
    a_merged_report(unit, cycle_id)
    page = client.get(f"/cycles/{cycle_id}").get_data(as_text=True)
    assert "提纲已锁定" in page
    assert "/edit" not in page.split('id="outline"')[1]
    results = section_with(cycle_id, "results")
    late = client.post(
        f"/cycles/{cycle_id}/sections/{results.id}/add",
        data={"title": "迟到的一项", "office_id": unit.offices["办公室"]},
    )
    assert late.status_code == 409
    assert "报告已合稿" in late.get_data(as_text=True)


def test_a_begun_item_and_a_prescribed_heading_stay(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    basics, results = section_with(cycle_id, "basics"), section_with(cycle_id, "results")
    base = f"/cycles/{cycle_id}/sections"
    client.post(f"{base}/{results.id}/add", data={"title": "食堂改革", "office_id": unit.offices["办公室"]})
    item = write(unit, _child(cycle_id, results.id).id, "已写。")
    for section, words in ((item, "已经有内容"), (basics, "报告格式规定")):
        answer = client.post(f"{base}/{section.id}/remove", data={"version": section.version}, follow_redirects=True)
        assert words in answer.get_data(as_text=True)
    answer = client.post(f"{base}/{basics.id}/move", data={"direction": "down", "version": basics.version})
    assert outline_of(cycle_id)[0] == basics.heading
    assert answer.status_code == 422


def test_dates_and_the_notice(client: FlaskClient, unit: AUnit) -> None:
    cycle_id = a_cycle(unit)
    cycle = cycles.visible(unit.editor, cycle_id)
    form = {"title": cycle.title, "notice_number": "新文号", "version": str(cycle.version), "deliver": "2019-04-01"}
    form |= {"remind_before": "3", "escalate_after": ""}
    assert client.post(f"/cycles/{cycle_id}/edit", data=form).status_code == 303
    assert cycles.visible(unit.editor, cycle_id).due == {"deliver": date(2019, 4, 1)}
    assert client.post(f"/cycles/{cycle_id}/edit", data=form).status_code == 409
    assert client.get(f"/cycles/{cycle_id}/notice").status_code == 404
    png = b"\x89PNG\r\n\x1a\n" + b"broken"
    bad = client.post(f"/cycles/{cycle_id}/notice", data={"file": (io.BytesIO(png), "通知.png")})
    assert bad.status_code == 422
    _, sound = drawing()
    client.post(f"/cycles/{cycle_id}/notice", data={"file": (io.BytesIO(sound), "关于绩效自评的通知.png")})
    sign_in(client, unit, "writer")
    got = client.get(f"/cycles/{cycle_id}/notice")
    assert got.data == sound
    assert "attachment" in got.headers["Content-Disposition"]
    assert {"change_cycle", "attach_notice"} <= {event.action for event in events.of_cycle(cycle_id)}


def test_another_units_cycle_is_not_there_and_others_do_not_arrange(client: FlaskClient, unit: AUnit) -> None:
    other = a_unit(with_seal=False)
    foreign = a_cycle(other)
    section = sections.outline(foreign)[0]
    for path in (f"/cycles/{foreign}", f"/cycles/{foreign}/edit", f"/cycles/{foreign}/sections/{section.id}/edit"):
        assert client.get(path).status_code == 404
    mine = a_cycle(unit)
    assert client.get(f"/cycles/{mine}/sections/{section.id}/edit").status_code == 404
    answer = client.post(f"/cycles/{mine}/sections/{section.id}/move", data={"direction": "up", "version": "1"})
    assert answer.status_code == 404
    sign_in(client, unit, "leader")
    assert client.get(f"/cycles/{mine}").status_code == 403


def test_the_page_of_a_long_outline_costs_as_many_queries_as_a_short_one(
    client: FlaskClient, unit: AUnit, queries: Counting
) -> None:
    cycle_id = a_cycle(unit)
    with queries() as short:
        client.get(f"/cycles/{cycle_id}")
    results = section_with(cycle_id, "results")
    for number in range(20):
        data = {"title": f"第{number}项工作", "office_id": unit.offices["办公室"]}
        client.post(f"/cycles/{cycle_id}/sections/{results.id}/add", data=data)
    with queries() as long:
        client.get(f"/cycles/{cycle_id}")
    assert len(long) <= len(short)


def _child(cycle_id: int, parent_id: int) -> sections.SectionView:
    return next(section for section in sections.outline(cycle_id) if section.parent_id == parent_id)


def test_the_period_is_the_year_unless_said_and_never_outside_it(client: FlaskClient, unit: AUnit) -> None:
    form = {**OPENING, "fiscal_year": "2019", "period_from": "2018-01-01", "period_to": "2019-12-31"}
    answer = client.post("/cycles/new", data=form)
    assert answer.status_code == 422
    assert "报告期应在 2019 年之内" in answer.get_data(as_text=True)
    assert client.post("/cycles/new", data={**form, "period_from": "", "period_to": ""}).status_code == 303
    cycle = cycles.of_unit(unit.id)[0]
    assert (cycle.period_from, cycle.period_to) == (date(2019, 1, 1), date(2019, 12, 31))
    assert 'value="2020"' in client.get("/cycles/new").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("（11）新建一个分项", "新建一个分项"),
        ("(3) 节能", "节能"),
        ("十一、其他", "其他"),
        ("2.绩效情况", "绩效情况"),
        ("③设备", "设备"),
        ("2018年重点工作", "2018年重点工作"),
        ("1.5度限额", "1.5度限额"),
    ],
)
def test_a_typed_number_is_taken_off(unit: AUnit, typed: str, kept: str) -> None:
    parent = section_with(a_cycle(unit), "results")
    made = arranging.add_item(unit.editor, parent.id, title=typed, office_id=unit.offices["办公室"])
    assert sections.visible(unit.editor, made).title == kept
