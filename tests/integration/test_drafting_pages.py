"""The page of a section over HTTP: what each person sees, what the editor's calls answer, what is never lost."""

import json
import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from perfapp.core.document import parse, plain_lines
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import events, evidence, history, sections
from perfapp.services import cycles, drafting
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_unit,
    accept_all,
    bring,
    report_act,
    run_jobs,
    section_with,
    words,
    write,
)

pytestmark = pytest.mark.usefixtures("rolled_back")
As = Callable[[str], FlaskClient]


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit()


@pytest.fixture
def cycle_id(unit: AUnit) -> int:
    return a_cycle(unit)


@pytest.fixture
def as_(rolled_back: Flask, unit: AUnit) -> As:
    """A browser in which the person with this role has signed in."""

    def signed_in(role: str, other: AUnit | None = None) -> FlaskClient:
        client = rolled_back.test_client()
        login = (other or unit).logins[role]
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return signed_in


def put(client: FlaskClient, section_id: int, version: int, raw: object) -> Any:
    return client.put(f"/sections/{section_id}/document", json={"version": version, "document": raw})


def do(client: FlaskClient, section_id: int, action: str, version: int, **more: str) -> Any:
    return client.post(f"/sections/{section_id}/act", data={"action": action, "version": str(version), **more})


def buttons(html: str) -> set[str]:
    """The acts that the page offers: as buttons, and as links that ask for a reason."""
    return set(re.findall(r'name="action" value="(\w+)"', html)) | set(re.findall(r'/act/(\w+)"', html))


def flashes(client: FlaskClient, section_id: int) -> str:
    html: str = client.get(f"/sections/{section_id}").get_data(as_text=True)
    return "".join(re.findall(r'<p class="notice__body">(.*?)</p>', html))


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def a_word(*paragraphs: str) -> bytes:
    out, word = BytesIO(), docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(out)
    return out.getvalue()


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
    for client in (as_("money_writer"), as_("money_head"), as_("editor", stranger)):  # type: ignore[call-arg]
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
        assert len(seen) <= before, seen
    assert max(counts) <= 24, counts


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


# --- pictures -----------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_to_the_readers_of_its_section_only(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    answer = as_("writer").post(f"/sections/{section.id}/pictures", data={"file": (BytesIO(a_picture()), "图.png")})
    assert answer.status_code == 201
    sha256 = answer.get_json()["sha256"]
    shown = as_("editor").get(f"/sections/{section.id}/pictures/{sha256}")
    assert shown.status_code == 200
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in shown.headers.get("Content-Disposition", "")
    etag = shown.headers["ETag"]
    again = as_("editor").get(f"/sections/{section.id}/pictures/{sha256}", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert as_("money_writer").get(f"/sections/{section.id}/pictures/{sha256}").status_code == 404
    other = section_with(cycle_id, "results")
    assert as_("editor").get(f"/sections/{other.id}/pictures/{sha256}").status_code == 404
    answer = as_("writer").post(f"/sections/{section.id}/pictures", data={"file": (BytesIO(b"GIF89a"), "图.png")})
    assert answer.status_code == 422
    assert "图.png" in answer.get_json()["message"]


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


# --- history ------------------------------------------------------------------------------------------------------


def test_history_separates_milestones_from_autosaves(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED, "第一稿。")
    client = as_("writer")
    short = client.get(f"/sections/{section.id}/history").get_data(as_text=True)
    long = client.get(f"/sections/{section.id}/history?all=1").get_data(as_text=True)
    assert "· 自动保存" not in short
    assert "· 自动保存" in long
    assert short.count("与现在相同") == 1
    assert long.count("与现在相同") == 2


def test_two_versions_are_compared_paragraph_by_paragraph(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "派车2,160趟。", "共同的一段。")
    first = history.versions(section.id, with_autosaves=True)[0].number
    write(unit, section.id, "派车2,592趟。", "共同的一段。")
    page = as_("editor").get(f"/sections/{section.id}/compare?from={first}").get_data(as_text=True)
    assert re.search(r"<del>.*?2,160</del>", page)
    assert re.search(r"<ins>.*?2,592</ins>", page)
    assert "1 段没有变化" in page
    client = as_("editor")
    assert client.get(f"/sections/{section.id}/compare").status_code == 404
    assert client.get(f"/sections/{section.id}/compare?from=99999").status_code == 404
    assert client.get(f"/sections/{section.id}/compare?from=abc").status_code == 404


def test_an_old_version_comes_back_and_nothing_goes_away(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "旧稿。")
    first = history.versions(section.id, with_autosaves=True)[0].number
    section = write(unit, section.id, "新稿。")
    client = as_("writer")
    url = f"/sections/{section.id}/restore"
    stale = client.post(url, data={"version": str(section.version - 1), "number": str(first)})
    assert stale.status_code == 409
    assert "没有恢复" in stale.get_data(as_text=True)
    assert client.post(url, data={"version": str(section.version), "number": str(first)}).status_code == 303
    assert plain_lines(sections.content(section.id).document) == ["旧稿。"]
    kept = [
        plain_lines(sections.version_document(section.id, v.number))
        for v in history.versions(section.id, with_autosaves=True)
    ]
    assert ["新稿。"] in kept
    assert as_("head").post(url, data={"version": "1", "number": "1"}).status_code == 403


def test_a_version_gets_a_name(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "会前稿。")
    number = history.versions(section.id, with_autosaves=True)[0].number
    client = as_("writer")
    url = f"/sections/{section.id}/versions/{number}/name"
    refused = client.post(url, data={"label": "名" * 101})
    assert refused.status_code == 422
    assert "名" * 101 in refused.get_data(as_text=True)
    assert client.post(url, data={"label": "局务会前"}).status_code == 303
    assert "局务会前" in client.get(f"/sections/{section.id}/history").get_data(as_text=True)


def test_last_year_stands_beside(as_: As, unit: AUnit, cycle_id: int) -> None:
    last = write(unit, section_with(cycle_id, "basics").id, "上年的写法。")
    sha256 = drafting.add_picture(unit.writer, last.id, "图.png", a_picture())
    raw = words("上年的写法。")
    raw["content"] = [*raw["content"], {"type": "picture", "attrs": {"sha256": sha256}}]  # type: ignore[misc]
    drafting.save(unit.writer, last.id, version=last.version, raw=raw)
    now = section_with(a_cycle(unit, 2019), "basics")
    page = as_("writer").get(f"/sections/{now.id}").get_data(as_text=True)
    assert "上年的写法。" in page
    assert "2018年度" in page
    assert as_("writer").get(f"/sections/{last.id}/pictures/{sha256}").status_code == 200
    assert f"/sections/{last.id}/pictures/{sha256}" in page, "its pictures are those of last year's section"


# --- Word and PDF -------------------------------------------------------------------------------------------------


def test_a_section_leaves_as_word_and_comes_back(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "本单位在职人员41人。", "内设五个科室。")
    client = as_("writer")
    answer = client.get(f"/sections/{section.id}/section.docx")
    assert answer.status_code == 200
    assert "filename*=UTF-8''2018" in answer.headers["Content-Disposition"]
    section = write(unit, section.id, "改过了。")
    url = f"/sections/{section.id}/import"
    back = {"version": str(section.version), "file": (BytesIO(answer.data), "本节.docx")}
    assert client.post(url, data=back).status_code == 303
    assert plain_lines(sections.content(section.id).document)[-2:] == ["本单位在职人员41人。", "内设五个科室。"]
    assert "已从“本节.docx”导入" in flashes(client, section.id)


def test_an_import_never_writes_over_a_newer_text(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "别人刚存的。")
    client = as_("writer")
    data = {"version": str(section.version - 1), "file": (BytesIO(a_word("外面改的。")), "本节.docx")}
    answer = client.post(f"/sections/{section.id}/import", data=data)
    assert answer.status_code == 409
    assert plain_lines(sections.content(section.id).document) == ["别人刚存的。"]
    for file in (BytesIO(b"not a word file"), BytesIO(b"")):
        data = {"version": str(section.version), "file": (file, "本节.docx")}
        answer = client.post(f"/sections/{section.id}/import", data=data)
        assert answer.status_code == 422
    assert client.post(f"/sections/{section.id}/import", data={"version": str(section.version)}).status_code == 422


def test_a_preview_is_a_job_that_its_readers_can_follow(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "本单位在职人员41人。")
    client = as_("writer")
    answer = client.post(f"/sections/{section.id}/preview")
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    job_id = int(answer.location.rsplit("/", 1)[1])
    assert f'data-job-url="/jobs/{job_id}"' in page
    assert client.post(f"/sections/{section.id}/preview").location == answer.location, "asked twice is one job"
    run_jobs()
    assert client.get(f"/jobs/{job_id}").get_json()["state"] == "done"
    pdf = client.get(f"/previews/{job_id}.pdf")
    assert pdf.data.startswith(b"%PDF-")
    stranger = as_("money_writer")
    assert stranger.get(f"/jobs/{job_id}").status_code == 404
    assert stranger.get(f"/previews/{job_id}.pdf").status_code == 404
    assert stranger.get(answer.location).status_code == 404


# --- evidence -----------------------------------------------------------------------------------------------------


def test_evidence_is_kept_shown_and_taken_away(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    client = as_("writer")
    url = f"/sections/{section.id}/evidence"
    two = [(BytesIO(a_picture()), "材料/人事台账.png"), (BytesIO(a_word("通知")), "通知.docx")]
    assert client.post(url, data={"file": two}).status_code == 303
    names = [file.filename for file in evidence.of_section(section.id)]
    assert names == ["人事台账.png", "通知.docx"]
    first = evidence.of_section(section.id)[0]
    taken = as_("editor").get(f"{url}/{first.id}")
    assert taken.data == a_picture()
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert "%E4%BA%BA%E4%BA%8B" in taken.headers["Content-Disposition"]
    assert as_("money_writer").get(f"{url}/{first.id}").status_code == 404
    assert as_("head").post(f"{url}/{first.id}/remove").status_code == 403
    assert client.post(f"{url}/{first.id}/remove").status_code == 303
    assert [file.filename for file in evidence.of_section(section.id)] == ["通知.docx"]
    assert client.get(f"{url}/{first.id}").status_code == 404
    told = [event.reason for event in events.of_section(section.id) if event.action == "remove_evidence"]
    assert told == ["人事台账.png"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("程序.exe", b"MZ"),
        ("假.pdf", b"hello"),
        ("假.png", b"%PDF-1.4"),
        ("空.pdf", b""),
        ("旧.doc", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_the_good_one_kept(
    as_: As, unit: AUnit, cycle_id: int, name: str, data: bytes
) -> None:
    section = section_with(cycle_id, "basics")
    files = [(BytesIO(a_picture()), "好.png"), (BytesIO(data), name)]
    answer = as_("writer").post(f"/sections/{section.id}/evidence", data={"file": files})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "已上传 1 份" in page
    assert [file.filename for file in evidence.of_section(section.id)] == ["好.png"]
    assert "没有办成" in page


def test_evidence_is_closed_with_its_section(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    answer = as_("writer").post(f"/sections/{section.id}/evidence", data={"file": (BytesIO(a_picture()), "晚.png")})
    assert answer.status_code in {409, 303}
    assert evidence.of_section(section.id) == []
