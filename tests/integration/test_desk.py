"""The desk: it lists what a person can do now, and only that."""

import re

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import notices, reports, sections
from perfapp.data.session import transaction
from perfapp.services import cycles, drafting
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_merged_report,
    a_sealed_report,
    a_unit,
    accept_all,
    an_issued_report,
    bring,
    report_act,
    section_with,
    texts,
    words,
    write,
)


def unread(person_id: int) -> int:
    return sum(not notice.is_read for notice in notices.of_person(person_id))


def sign_in(client: FlaskClient, unit: AUnit, role: str) -> None:
    answer = client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
    assert answer.status_code == 303


def desk_of(client: FlaskClient, unit: AUnit, role: str) -> str:
    sign_in(client, unit, role)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def tasks(page: str) -> dict[str, tuple[str, str]]:
    """Title -> (words of the button, where it leads), of the list of what is to be done; figures are counted apart."""
    whole = page.split('aria-label="要办的事"')[1].split("</section>")[0]
    rows = whole.split('<li class="task">')[1:]
    found = {}
    for row in rows:
        title = re.search(r'task__title"><a href="[^"]*">([^<]*)<', row)
        button = re.search(r'task__act">\s*<a [^>]*href="([^"]*)">([^<]*)<', row)
        assert title
        assert button
        if button[1].startswith("/figures"):
            continue
        found[title[1]] = (button[2].strip(), button[1])
    return found


def add_sections(unit: AUnit, cycle_id: int, count: int, title: str = "新增工作") -> None:
    """More items, all of the 办公室."""
    parent = section_with(cycle_id, "results")
    with transaction():
        for number in range(count):
            sections.add(
                cycle_id,
                unit.id,
                key=f"more-{number}",
                parent_id=parent.id,
                level=4,
                position=100 + number,
                title=f"{title}{number}",
                owner_office_id=unit.offices["办公室"],
            )


def test_a_writer_sees_what_his_office_has_to_write(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    page = desk_of(client, unit, "writer")
    basics = section_with(cycle_id, "basics")
    own = {s.heading for s in texts(cycle_id) if s.owner_office_id == unit.offices["办公室"]}
    assert set(tasks(page)) == own
    assert tasks(page)[basics.heading] == ("开始填写", f"/sections/{basics.id}")
    assert f"您有 {len(own) + 1} 件事要办" in page  # and the figures of his office
    assert "逾期" in page  # the term was in 2019
    assert "预决算及信息公开情况" not in page  # another office's


def test_what_was_returned_comes_with_its_reason(client: FlaskClient) -> None:
    unit = a_unit()
    section = bring(unit, section_with(a_cycle(unit), "results").id, SectionState.SUBMITTED)
    section_acts.act(
        unit.head, section.id, SectionAction.RETURN, version=section.version, reason="截止日期不一致\n第二行是细节"
    )
    page = desk_of(client, unit, "writer")
    assert next(iter(tasks(page))) == section.heading  # before what is only due on the same day
    assert tasks(page)[section.heading][0] == "去修改"
    assert f"{unit.head.name}退回：截止日期不一致" in page
    assert "第二行是细节" not in page
    assert re.search("原期限[0-9]+月[0-9]+日已过", page), "returned today, its date long past: not late at once"
    html = client.get(f"/sections/{section.id}").get_data(as_text=True)
    assert "原期限" in html
    assert "已逾期" not in html


def test_the_work_goes_from_desk_to_desk(client: FlaskClient) -> None:
    unit = a_unit()
    section = bring(unit, section_with(a_cycle(unit), "disclosure").id, SectionState.SUBMITTED)
    steps = [
        ("money_head", "去审核", SectionAction.ENDORSE),
        ("finance", "去核数", SectionAction.CHECK),
        ("editor", "去采纳", SectionAction.ACCEPT),
    ]
    for role, deed, action in steps:
        page = desk_of(client, unit, role)
        assert tasks(page)[section.heading] == (deed, f"/sections/{section.id}")
        waiting = desk_of(client, unit, "money_writer")
        assert section.heading not in tasks(waiting)
        assert unit.actors[role].name in waiting.split("等别人办的", 1)[1]
        section = section_acts.act(unit.actors[role], section.id, action, version=section.version)
        assert (
            section.heading not in desk_of(client, unit, role).split('aria-label="要办的事"')[1].split("</section>")[0]
        )
    assert "已完成 1 件" in desk_of(client, unit, "money_writer")


def test_nobody_is_asked_to_review_what_he_wrote(client: FlaskClient) -> None:
    unit = a_unit()
    section = write(unit, section_with(a_cycle(unit), "basics").id, "甲")
    with transaction():
        sections.write_content(section.id, sections.content(section.id), author_id=unit.head.id, kind="named")
    section = sections.visible(unit.editor, section.id)
    section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=section.version)
    assert "去审核" not in desk_of(client, unit, "head")
    assert "没有可以办理的科室负责人" in desk_of(client, unit, "writer")


def test_the_editor_merges_only_when_all_is_accepted(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    page = desk_of(client, unit, "editor")
    assert "去合稿" not in page
    assert "还没有采纳" in page.split("等别人办的", 1)[1]
    accept_all(unit, cycle_id)
    report = reports.current(cycle_id)
    assert list(tasks(desk_of(client, unit, "editor")).values()) == [("去合稿", f"/reports/{report.id}")]


def test_a_merged_report_leaves_nothing_for_the_offices(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    parent = section_with(cycle_id, "results")
    cycles.add_item(unit.editor, parent.id, title="可以不写的一节", office_id=unit.offices["办公室"])
    optional = next(s for s in texts(cycle_id) if s.title == "可以不写的一节")
    with transaction():
        sections.arrange(optional.id, is_required=False)
    for section in texts(cycle_id):
        if section.id != optional.id:
            bring(unit, section.id, SectionState.ACCEPTED)
    assert optional.title in str(list(tasks(desk_of(client, unit, "writer"))))
    report_act(unit.editor, cycle_id, ReportAction.MERGE)
    page = desk_of(client, unit, "writer")
    assert "现在没有要您办的事" in page
    assert optional.title not in page


def test_leaders_have_one_button_for_the_report(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_merged_report(unit, cycle_id)
    assert [*tasks(desk_of(client, unit, "editor")).values()] == [("去送审", f"/reports/{report.id}")]
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    assert [*tasks(desk_of(client, unit, "deputy")).values()] == [("去会审", f"/reports/{report.id}")]
    assert unit.deputy.name in desk_of(client, unit, "leader").split("等别人办的", 1)[1]
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    assert "去会审" not in desk_of(client, unit, "deputy")
    assert [*tasks(desk_of(client, unit, "leader")).values()] == [("去签发", f"/reports/{report.id}")]
    report_act(unit.leader, cycle_id, ReportAction.ISSUE)
    assert [*tasks(desk_of(client, unit, "leader")).values()] == [("去盖章", f"/reports/{report.id}/seal")]


def test_without_a_seal_the_leader_is_told_what_to_mend(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    an_issued_report(unit, a_cycle(unit))
    page = desk_of(client, unit, "leader")
    assert "本单位还没有登记公章，不能盖章" in page.split('aria-label="要办的事"')[1].split("</section>")[0]


def test_a_sealed_report_waits_to_be_delivered(client: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    for role in ("editor", "finance"):
        assert ("去报送", f"/reports/{report.id}") in tasks(desk_of(client, unit, role)).values()
    assert "现在没有要您办的事" in desk_of(client, unit, "writer")


@pytest.mark.parametrize(
    ("role", "words_shown", "endpoint"),
    [
        ("editor", "开一个年度任务", "cycles.new"),
        ("sysadmin", "去人员管理", "admin.people"),
        ("secadmin", "去人员管理", "admin.people"),
        ("auditor", "看日志", "admin.log"),
        ("keeper", "看用印登记", "sealing.uses"),
        ("writer", "由统稿人开始后", None),
    ],
)
def test_an_empty_desk_says_where_to_go(
    rolled_back: Flask, client: FlaskClient, role: str, words_shown: str, endpoint: str | None
) -> None:
    page = desk_of(client, a_unit(), role)
    assert words_shown in page
    if endpoint:
        with rolled_back.test_request_context():
            address = url_for(endpoint)
        assert f'href="{address}">{words_shown}' in page


@pytest.mark.parametrize("role", ["writer", "head", "finance", "editor", "leader", "sysadmin"])
def test_ten_times_the_sections_cost_no_query_more(client: FlaskClient, queries: Counting, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    add_sections(unit, cycle_id, 12 - len(texts(cycle_id)))
    sign_in(client, unit, role)
    client.get("/")
    with queries() as few:
        client.get("/")
    with transaction():
        for number in range(108):
            sections.add(
                cycle_id,
                unit.id,
                key=f"many-{number}",
                parent_id=section_with(cycle_id, "results").id,
                level=4,
                position=500 + number,
                title=f"工作{number}",
                owner_office_id=unit.offices["办公室"],
            )
    for section in texts(cycle_id)[:6]:
        bring(unit, section.id, SectionState.SUBMITTED)
    assert len(texts(cycle_id)) == 120
    client.get("/")
    with queries() as many:
        assert client.get("/").status_code == 200
    assert len(many) == len(few), "\n".join(many)


def test_another_unit_is_not_there(client: FlaskClient) -> None:
    other, unit = a_unit(), a_unit()
    a_cycle(unit)
    theirs = a_cycle(other)
    add_sections(other, theirs, 2, "外单位标记")
    bring(other, section_with(theirs, "basics").id, SectionState.SUBMITTED)
    for role in unit.logins:
        page = desk_of(client, unit, role)
        assert "外单位标记" not in page
        assert not any(name in page for name in (other.name, other.writer.name + "<"))


def test_notices_are_read_by_a_click_and_not_by_looking(client: FlaskClient) -> None:
    unit = a_unit()
    section = bring(unit, section_with(a_cycle(unit), "basics").id, SectionState.SUBMITTED)
    sign_in(client, unit, "head")
    for _ in range(2):
        page = client.get("/notices").get_data(as_text=True)
        assert "请您审核" in page
        assert "未读" in page
    assert unread(unit.head.id) == 1
    notice = notices.of_person(unit.head.id)[0]
    answer = client.post(f"/notices/{notice.id}/read", data={"open": "1"})
    assert (answer.status_code, answer.location) == (303, f"/sections/{section.id}")
    assert unread(unit.head.id) == 0


def test_all_notices_at_once_and_nobody_elses(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    for key in ("basics", "results"):
        bring(unit, section_with(cycle_id, key).id, SectionState.SUBMITTED)
    theirs = notices.of_person(unit.head.id)[0]
    sign_in(client, unit, "writer")
    assert client.post(f"/notices/{theirs.id}/read").status_code == 404
    client.post("/notices/read")
    assert unread(unit.head.id) == 2
    sign_in(client, unit, "head")
    assert client.post("/notices/read").status_code == 303
    assert unread(unit.head.id) == 0


def test_many_notices_come_in_pages(client: FlaskClient) -> None:
    unit = a_unit()
    section = section_with(a_cycle(unit), "basics")
    for number in range(51):
        section = sections.visible(unit.editor, section.id)
        drafting.save(unit.writer, section.id, version=section.version, raw=words(f"第{number}稿"))
        section = sections.visible(unit.editor, section.id)
        section = section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=section.version)
        section_acts.act(unit.writer, section.id, SectionAction.WITHDRAW, version=section.version)
    total = notices.count(unit.head.id)
    assert total >= 51
    sign_in(client, unit, "head")
    assert client.get("/notices").get_data(as_text=True).count('class="task"') == 50
    assert client.get("/notices?page=2").get_data(as_text=True).count('class="task"') == total - 50
    assert client.get("/notices?page=9").status_code == 404
