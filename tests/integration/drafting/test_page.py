"""The page of a section over HTTP: what each person sees, what a save answers, what is never lost."""

import json
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask

from perfapp.core.document import parse, plain_lines
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import sections
from perfapp.services import cycles, drafting
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.integration.drafting.calls import As, a_picture, buttons, do, flashes, put
from tests.making import (
    AUnit,
    a_unit,
    accept_all,
    bring,
    report_act,
    section_with,
    words,
    write,
)

pytestmark = pytest.mark.usefixtures("rolled_back")


# --- who sees what ------------------------------------------------------------------------------------------------


def test_the_writer_gets_the_editor_and_others_the_text(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "本单位有五个内设科室。")
    page = as_("writer").get(f"/sections/{section.id}").get_data(as_text=True)
    boot = json.loads(re.search(r'id="section-data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert boot["editable"] is True
    assert boot["version"] == section.version
    assert plain_lines(parse(boot["document"])) == ["本单位有五个内设科室。"]
    assert boot["urls"]["picture"] == f"/sections/{section.id}/pictures/{{sha256}}"
    for role in ("head", "finance", "editor", "leader"):
        page = as_(role).get(f"/sections/{section.id}").get_data(as_text=True)
        assert "section-data" not in page
        assert "本单位有五个内设科室。" in page


def test_what_is_not_yours_to_read_is_not_there(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "只给本科室看。")
    stranger = a_unit()
    for client in (as_("money_writer"), as_("money_head"), as_("editor", stranger)):
        for path in ("", "/history", f"/compare?from={section.version}", "/section.docx", "/act/return"):
            assert client.get(f"/sections/{section.id}{path}").status_code == 404, path
        assert do(client, section.id, "submit", section.version).status_code == 404
    assert put(as_("money_writer"), section.id, section.version, words("别人的")).status_code == 404
    for role in ("sysadmin", "auditor", "keeper"):
        assert as_(role).get(f"/sections/{section.id}").status_code == 403
    heading = section_with(cycle_id, "spending")
    assert as_("editor").get(f"/sections/{heading.id}").status_code == 404


def test_the_outline_leads_only_where_one_may_go(as_: As, unit: AUnit, cycle_id: int) -> None:
    own, other = section_with(cycle_id, "basics"), section_with(cycle_id, "disclosure")
    page = as_("writer").get(f"/sections/{own.id}").get_data(as_text=True)
    assert f'href="/sections/{own.id}" aria-current="page"' in page
    assert other.title in page
    assert f'href="/sections/{other.id}"' not in page
    assert f'href="/sections/{other.id}"' in as_("editor").get(f"/sections/{own.id}").get_data(as_text=True)


def test_buttons_are_those_of_the_table(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "disclosure")
    offered = {}
    for state in (SectionState.SUBMITTED, SectionState.HEAD_APPROVED, SectionState.FINANCE_CHECKED):
        section = _on(unit, section.id, state)
        for role in ("money_writer", "money_head", "finance", "editor", "leader"):
            offered[state.value, role] = buttons(as_(role).get(f"/sections/{section.id}").get_data(as_text=True))
    assert offered == {
        ("submitted", "money_writer"): {"withdraw"},
        ("submitted", "money_head"): {"endorse", "return"},
        ("submitted", "finance"): set(),
        ("submitted", "editor"): set(),
        ("submitted", "leader"): set(),
        ("head_approved", "money_writer"): set(),
        ("head_approved", "money_head"): {"undo_endorse"},
        ("head_approved", "finance"): {"check", "return"},
        ("head_approved", "editor"): set(),
        ("head_approved", "leader"): set(),
        ("finance_checked", "money_writer"): set(),
        ("finance_checked", "money_head"): set(),
        ("finance_checked", "finance"): {"undo_check", "return"},
        ("finance_checked", "editor"): {"accept", "return"},
        ("finance_checked", "leader"): set(),
    }


def _on(unit: AUnit, section_id: int, state: SectionState) -> Any:
    section = sections.visible(unit.editor, section_id)
    if section.state is SectionState.NOT_STARTED:
        return bring(unit, section_id, state)
    actor, action = {
        SectionState.HEAD_APPROVED: (unit.money_head, SectionAction.ENDORSE),
        SectionState.FINANCE_CHECKED: (unit.finance, SectionAction.CHECK),
    }[state]
    return section_acts.act(actor, section_id, action, version=section.version)


def test_the_page_says_who_is_waited_for_and_until_when(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    page = as_("editor").get(f"/sections/{section.id}").get_data(as_text=True)
    assert f"办公室负责人 {unit.head.name}审核" in page
    blank = section_with(cycle_id, "results")
    page = as_("editor").get(f"/sections/{blank.id}").get_data(as_text=True)
    assert f"办公室经办人 {unit.writer.name}编写" in page
    assert "3月1日前" in page


def test_a_page_takes_as_many_queries_however_long_the_history(
    as_: As, unit: AUnit, cycle_id: int, queries: Counting
) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "甲")
    counts = []
    for role in ("writer", "editor"):
        client = as_(role)
        client.get(f"/sections/{section.id}")
        with queries() as seen:
            client.get(f"/sections/{section.id}")
        counts.append(len(seen))
    for text in ("乙", "丙", "丁"):
        section = write(unit, section.id, text)
        drafting.add_evidence(unit.writer, section.id, f"{text}.png", a_picture())
    accept_all(unit, cycle_id)
    for role, before in zip(("writer", "editor"), counts, strict=True):
        client = as_(role)
        client.get(f"/sections/{section.id}")
        with queries() as seen:
            client.get(f"/sections/{section.id}")
        assert len(seen) <= before + 2, seen  # what a text that was handed in repeats; three versions would take three
    assert max(counts) <= 32, counts


# --- saving -------------------------------------------------------------------------------------------------------


def test_a_save_stores_the_words_and_counts_the_version(as_: As, unit: AUnit, cycle_id: int) -> None:
    section, client = section_with(cycle_id, "basics"), as_("writer")
    answer = put(client, section.id, section.version, words("第一稿。"))
    assert answer.status_code == 200
    assert answer.get_json()["version"] == sections.visible(unit.writer, section.id).version
    assert answer.get_json()["saved_at"]
    assert put(client, section.id, answer.get_json()["version"], words("第二稿。")).status_code == 200
    assert plain_lines(sections.content(section.id).document) == ["第二稿。"]


def test_an_older_version_is_told_who_saved_and_keeps_both_texts(as_: As, unit: AUnit, cycle_id: int) -> None:
    section, client = section_with(cycle_id, "basics"), as_("writer")
    drafting.save(unit.writer, section.id, version=section.version, raw=words("先存的。"))
    answer = put(client, section.id, section.version, words("后存的。"))
    assert answer.status_code == 409
    body = answer.get_json()
    assert body["saved_by"] == {"id": unit.writer.id, "name": unit.writer.name}
    assert body["saved_at"]
    assert body["state"] == "编写中"
    assert plain_lines(parse(body["document"])) == ["先存的。"]
    assert plain_lines(sections.content(section.id).document) == ["先存的。"]
    assert put(client, section.id, body["version"], words("后存的。")).status_code == 200


def test_a_section_that_was_submitted_meanwhile_says_so_and_offers_no_choice(
    as_: As, unit: AUnit, cycle_id: int
) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    answer = put(as_("writer"), section.id, section.version - 2, words("来晚了。"))
    assert answer.status_code == 409
    assert answer.get_json()["document"] is None
    assert "“已提交”，不能再改" in answer.get_json()["message"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"version": 1, "document": {"type": "doc", "content": [{"type": "video"}]}}', "第 1 段.*“video”"),
        ('{"version": 1, "document": {"type": "doc", "onclick": 1}}', "“onclick”"),
        ('{"version": 1, "document": 7}', "正文"),
        ('{"version": true, "document": {}}', "不完整"),
        ('{"version": "1", "document": {}}', "不完整"),
        ("[]", "不完整"),
        ("{", "不完整"),
        ("[" * 100_000, "不完整"),
        (b"\xff\xfe".decode("latin-1"), "不完整"),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(
    as_: As, unit: AUnit, cycle_id: int, body: str, sentence: str
) -> None:
    section = section_with(cycle_id, "basics")
    answer = as_("writer").put(
        f"/sections/{section.id}/document", data=body.encode("latin-1", "replace"), content_type="application/json"
    )
    assert answer.status_code == 422
    assert re.search(sentence, answer.get_json()["message"])
    assert sections.visible(unit.writer, section.id).version == section.version


def test_a_giant_text_is_refused_before_it_is_read(as_: As, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    answer = as_("writer").put(
        f"/sections/{section.id}/document", data=b" " * (5 << 20), content_type="application/json"
    )
    assert answer.status_code == 422
    assert "4 MB" in answer.get_json()["message"]


def test_an_ended_session_is_told_as_data(as_: As, rolled_back: Flask, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    answer = put(rolled_back.test_client(), section.id, section.version, words("还在写。"))
    assert answer.status_code == 401
    assert answer.get_json()["message"]
    rolled_back.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = put(rolled_back.test_client(), section.id, section.version, words("还在写。"))
        assert answer.status_code == 401, "a token that went with the session is an ended session, not a stale form"
    finally:
        rolled_back.config["WTF_CSRF_ENABLED"] = False


def test_nobody_saves_a_section_of_his_reviewers(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    for role in ("head", "editor", "leader"):
        assert put(as_(role), section.id, section.version, words("不该写。")).status_code == 403


# --- acts ---------------------------------------------------------------------------------------------------------


def test_after_an_act_the_next_person_is_named(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "disclosure").id, "总支出2,560.21万元。")
    path = [
        ("money_writer", "submit", f"已提交。下一步：财务室负责人 {unit.money_head.name}审核。"),
        ("money_head", "endorse", f"已审核通过。下一步：财务 {unit.finance.name}核数。"),
        ("finance", "check", f"已核数通过。下一步：统稿人 {unit.editor.name}采纳。"),
        ("editor", "accept", "已采纳。本节已办结"),
    ]
    for role, action, sentence in path:
        client = as_(role)
        answer = do(client, section.id, action, section.version)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert sentence in flashes(client, section.id)
        section = sections.visible(unit.editor, section.id)
    assert section.state is SectionState.ACCEPTED


def test_a_return_shows_its_reason_until_the_section_goes_on(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "disclosure").id, SectionState.FINANCE_CHECKED)
    answer = do(as_("editor"), section.id, "return", section.version, reason="趟次截止日期不一致", direct="1")
    assert answer.status_code == 303
    page = as_("money_writer").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "趟次截止日期不一致" in page
    assert "直接回到退回人那里" in page
    assert "改动文字会使 2 项审批失效" in page
    section = write(unit, section.id, "改好了。")
    assert "改动文字会使" not in as_("money_writer").get(f"/sections/{section.id}").get_data(as_text=True)
    assert do(as_("money_writer"), section.id, "submit", section.version).status_code == 303
    page = as_("money_writer").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "直接回到退回人那里" not in page
    assert "趟次截止日期不一致" in page, "the time line keeps every round's reason"
    assert sections.visible(unit.editor, section.id).state is SectionState.FINANCE_CHECKED


def test_a_refused_act_keeps_the_typed_reason(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    head = as_("head")
    answer = do(head, section.id, "return", section.version, reason="   ")
    assert answer.status_code == 422
    assert "请写明理由" in answer.get_data(as_text=True)
    answer = do(head, section.id, "return", section.version - 1, reason="人数与台账不一致")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "人数与台账不一致" in page
    assert f'name="version" value="{section.version}"' in page
    section_acts.act(unit.writer, section.id, SectionAction.WITHDRAW, version=section.version)
    answer = do(head, section.id, "return", section.version, reason="人数与台账不一致")
    assert answer.status_code == 409
    assert "没有发出，可以复制留用" in answer.get_data(as_text=True)
    assert "人数与台账不一致" in answer.get_data(as_text=True)


def test_what_was_not_displayed_is_not_approved(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    shown = section.version
    section_acts.act(unit.writer, section.id, SectionAction.WITHDRAW, version=section.version)
    bring(unit, section.id, SectionState.SUBMITTED, "悄悄换掉的文字。")
    answer = do(as_("head"), section.id, "endorse", shown)
    assert answer.status_code == 409
    assert "悄悄换掉的文字。" in answer.get_data(as_text=True)
    assert sections.visible(unit.editor, section.id).state is SectionState.SUBMITTED


def test_submitting_nothing_says_what_is_missing(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    client = as_("writer")
    assert "submit" in buttons(client.get(f"/sections/{section.id}").get_data(as_text=True))
    answer = do(client, section.id, "submit", section.version)
    assert answer.status_code == 422
    assert "本节还没有内容" in answer.get_data(as_text=True)


def test_not_applicable_is_a_stated_answer(as_: As, unit: AUnit, cycle_id: int) -> None:
    needed = section_with(cycle_id, "basics")
    client = as_("writer")
    assert "declare_absent" not in buttons(client.get(f"/sections/{needed.id}").get_data(as_text=True))
    answer = do(client, needed.id, "declare_absent", needed.version, reason="没有")
    assert answer.status_code == 422
    assert "必填内容" in answer.get_data(as_text=True)
    optional = _optional(unit, cycle_id)
    asking = client.get(f"/sections/{optional}/act/declare_absent")
    assert asking.status_code == 200, "the reason can be given without scripts"
    section = sections.visible(unit.writer, optional)
    assert do(client, optional, "declare_absent", section.version, reason="本年度没有接待。").status_code == 303
    page = as_("head").get(f"/sections/{optional}").get_data(as_text=True)
    assert "本单位2018年度无此项：本年度没有接待。" in page


def _optional(unit: AUnit, cycle_id: int) -> int:
    parent = section_with(cycle_id, "results")
    item = cycles.add_item(unit.editor, parent.id, title="公务接待", office_id=unit.offices["办公室"])
    from_db = sections.visible(unit.editor, item)
    sections.arrange(item, is_required=False)
    assert from_db.has_text
    return item


def test_an_act_nobody_has_is_refused_by_name(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "甲")
    client = as_("writer")
    for action in ("publish", "save", ""):
        assert do(client, section.id, action, section.version).status_code == 422
    assert do(client, section.id, "recall", section.version, reason="x").status_code == 403
    assert do(as_("head"), section.id, "submit", section.version).status_code == 403
    assert client.post(f"/sections/{section.id}/act", data={"action": "submit", "version": "x"}).status_code == 422


def test_a_locked_section_says_why(as_: As, unit: AUnit, cycle_id: int) -> None:
    accept_all(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.MERGE, dated_on=date(2019, 3, 15))
    section = section_with(cycle_id, "basics")
    page = as_("editor").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "报告已进入合稿，本节暂时锁定" in page
    assert "reopen" not in buttons(page)
