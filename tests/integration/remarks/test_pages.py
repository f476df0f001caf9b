"""Remarks as pages show and take them; and what is for reviewers only, which nothing tells a writer."""

import json
import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest

from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.core.section_flow import SectionAction
from perfapp.data import reports
from perfapp.services import remarks
from perfapp.services import sections as section_acts
from tests.integration.drafting.calls import As
from tests.integration.remarks.making import TEXT, a_section, now, remark, shown
from tests.making import AUnit, run_jobs

SECRET, ANSWER = "乌有暗语", "子虚回话"
DATA = {"quoted": "2,160趟", "block": "0", "row": "", "start": "8", "end": "14", "words": "与台账不符。"}


def text_of(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page))


def told_by(data: bytes) -> str:
    """Every word of an answer, those inside an Office file too."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with ZipFile(BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_what_is_for_reviewers_reaches_no_writer_by_any_way(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    remarks.act(unit.finance, remark_id, RemarkAct.REPLY, ANSWER)
    remark(unit.finance, section.id, "180趟", "公开的话")
    run_jobs()
    paths = (
        "/",
        "/notices",
        "/progress",
        f"/progress/cycles/{cycle_id}/timeline",
        f"/progress/cycles/{cycle_id}/timeline?section={section.id}",
        f"/progress/cycles/{cycle_id}.xlsx",
        f"/sections/{section.id}",
        f"/sections/{section.id}/live.json",
        f"/sections/{section.id}/remarks",
        f"/sections/{section.id}/history?all=1",
        f"/sections/{section.id}/compare?from=now",
        f"/sections/{section.id}/section.docx",
        f"/sections/{section.id}/act/declare_absent",
        f"/cycles/{cycle_id}/checkup",
    )
    reader, writer = as_("head"), as_("writer")
    seen = reader.get(f"/sections/{section.id}").get_data(as_text=True)
    assert SECRET in seen
    assert ANSWER in seen, "the test can fail: a reviewer does see it"
    for path in paths:
        answer = writer.get(path)
        assert answer.status_code < 400, path
        for word in (SECRET, ANSWER, "只给审核人看"):
            assert word not in told_by(answer.get_data()), path
    page = writer.get(f"/sections/{section.id}").get_data(as_text=True)
    assert "公开的话" in page
    assert f"remark-{remark_id}" not in page
    for data in ({"action": "reply", "words": "x"}, {"action": "resolve"}, {"action": "accept", "seen": "2,160趟"}):
        assert writer.post(f"/remarks/{remark_id}/act", data=data).status_code == 404


def test_nor_by_way_of_a_refusal_or_another_post(unit: AUnit, cycle_id: int, as_: As) -> None:
    """A refused form draws the remarks again: those of whoever sent it."""
    section = a_section(unit, cycle_id)
    remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    answer = as_("writer").post(f"/sections/{section.id}/remarks", data=DATA | {"words": " "})
    assert answer.status_code == 422
    assert SECRET not in answer.get_data(as_text=True)
    answer = as_("writer").post(f"/sections/{section.id}/remarks", data=DATA | {"audience": "reviewers"})
    assert answer.status_code == 403
    assert SECRET not in answer.get_data(as_text=True)


def test_the_log_keeps_that_there_was_one_but_not_its_words(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    log = as_("auditor").get("/log").get_data(as_text=True)
    assert "写了一条只给审核人看的批注" in log
    assert SECRET not in log


def test_a_remark_is_made_read_and_answered_without_a_script(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    head, writer = as_("head"), as_("writer")
    answer = head.post(f"/sections/{section.id}/remarks", data=DATA | {"from": "remarks"})
    (one,) = shown(unit.writer, section.id)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/sections/{section.id}/remarks#remark-{one.remark.id}")
    page = text_of(writer.get(f"/sections/{section.id}/remarks").get_data(as_text=True))
    assert "请您答复" in page
    assert "与台账不符。" in page
    assert "批注 1 条，1 条等您处理" in text_of(writer.get("/").get_data(as_text=True))
    assert "批注 1 条" in text_of(as_("editor").get("/progress").get_data(as_text=True))
    refused = writer.post(f"/remarks/{one.remark.id}/act", data={"action": "reply", "words": "长" * 1001})
    assert refused.status_code == 422
    assert "长" * 1001 in refused.get_data(as_text=True), "nothing typed is lost"
    assert writer.post(f"/remarks/{one.remark.id}/act", data={"action": "reply", "words": "已改。"}).status_code == 303
    assert "已改。" in head.get(f"/sections/{section.id}").get_data(as_text=True)


def test_what_was_typed_is_given_back(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    gone = DATA | {"quoted": "没有的文字", "words": "我写了很久的意见", "deed": "replace", "replacement": "新的文字"}
    answer = as_("head").post(f"/sections/{section.id}/remarks", data=gone)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for words in ("没有的文字", "我写了很久的意见", "新的文字", "本节现在没有这些文字"):
        assert words in page


def test_the_page_tells_the_script_where_the_words_stand(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    remark(unit.head, section.id, "已经完成")
    page = as_("writer").get(f"/sections/{section.id}").get_data(as_text=True)
    found = re.search(r"<script type=\"application/json\" data-remark-places>(.*?)</script>", page, re.S)
    assert found is not None
    (place,) = json.loads(found.group(1))
    assert (place["block"], place["row"], place["start"], place["end"], place["text"]) == (1, None, 6, 10, "已经完成")


def test_words_of_people_are_data(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id, "支出<b>两千</b>万元。")
    remark(
        unit.head, section.id, "<b>两千</b>", "</script><script>alert(1)</script>", deed=Deed.REPLACE, replacement="<i>"
    )
    page = as_("writer").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<i>" not in page


def test_a_leader_remarks_on_the_report_and_comes_back_to_it(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    report = reports.current(cycle_id)
    leader = as_("leader")
    answer = leader.post(
        f"/reports/{report.id}/remarks", data=DATA | {"section": str(section.id), "report": str(report.id)}
    )
    (one,) = shown(unit.writer, section.id)
    assert answer.location.endswith(f"/reports/{report.id}#remark-{one.remark.id}")
    page = leader.get(f"/reports/{report.id}").get_data(as_text=True)
    assert "与台账不符。" in page
    assert f"section-{section.key}" in page
    assert leader.post(f"/reports/{report.id}/remarks", data=DATA).status_code == 422
    assert as_("writer").post(f"/reports/{report.id}/remarks", data=DATA | {"section": "1"}).status_code == 403


def test_the_rounds_of_returns_are_counted_and_their_reasons_stay(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id, handed_in=True)
    for reason in ("第一次的理由。", "第二次的理由。"):
        version = now(unit, section.id).version
        section_acts.act(unit.head, section.id, SectionAction.RETURN, version=version, reason=reason)
        again = now(unit, section.id).version
        section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=again)
    for path in (f"/sections/{section.id}", f"/progress/cycles/{cycle_id}/timeline?section={section.id}"):
        page = text_of(as_("writer").get(path).get_data(as_text=True))
        assert page.index("第 2 轮退回") < page.index("第 1 轮退回")
        assert "第一次的理由。" in page
        assert "第二次的理由。" in page
    notices = text_of(as_("writer").get("/notices").get_data(as_text=True))
    assert "第一次的理由。" in notices
    assert "第二次的理由。" in notices


@pytest.mark.parametrize("role", ["keeper", "auditor", "sysadmin", "money_writer"])
def test_who_has_no_part_in_the_section_finds_nothing(unit: AUnit, cycle_id: int, as_: As, role: str) -> None:
    section = a_section(unit, cycle_id, *TEXT)
    remark(unit.head, section.id, "2,160趟", SECRET)
    client = as_(role)
    for answer in (
        client.get(f"/sections/{section.id}/remarks"),
        client.post(f"/sections/{section.id}/remarks", data=DATA),
    ):
        assert answer.status_code in (403, 404)
        assert SECRET not in answer.get_data(as_text=True)


def test_what_is_for_reviewers_lies_on_their_desks_until_it_is_settled(unit: AUnit, cycle_id: int, as_: As) -> None:
    """Nobody's turn, and before all of them; on no writer's desk, not even as a number."""
    section = a_section(unit, cycle_id)
    before = as_("writer").get("/").get_data(as_text=True)
    remark_id = remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    for who in ("head", "finance", "editor", "deputy", "leader"):
        page = text_of(as_(who).get("/").get_data(as_text=True))
        assert "1 条只给审核人看" in page, who
        assert SECRET not in page
    after = as_("writer").get("/").get_data(as_text=True)
    assert text_of(after) == text_of(before)
    remarks.act(unit.finance, remark_id, RemarkAct.RESOLVE, "")
    assert "只给审核人看" not in as_("leader").get("/").get_data(as_text=True)


def test_an_open_page_is_told_what_its_reader_may_see(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    report = reports.current(cycle_id)
    addresses = dict.fromkeys(("writer", "head"), f"/sections/{section.id}/remarks.json")
    first = {who: as_(who).get(address).get_json() for who, address in addresses.items()}
    remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    told = {who: as_(who).get(address).get_json() for who, address in addresses.items()}
    assert told["writer"] == first["writer"]
    assert told["head"]["stamp"] != first["head"]["stamp"]
    assert SECRET in told["head"]["html"]
    assert told["head"]["stamp"] in as_("head").get(f"/sections/{section.id}").get_data(as_text=True)
    whole = as_("leader").get(f"/reports/{report.id}/remarks.json").get_json()
    assert SECRET in whole["html"]
    assert whole["stamp"] in as_("leader").get(f"/reports/{report.id}").get_data(as_text=True)
    assert as_("writer").get(f"/reports/{report.id}/remarks.json").status_code == 403
