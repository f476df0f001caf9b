"""A section's history, pictures, Word files, preview and evidence over HTTP."""

import re
from io import BytesIO

import pytest

from perfapp.core.document import plain_lines
from perfapp.core.section_flow import SectionState
from perfapp.data import events, evidence, history, sections
from perfapp.services import drafting
from tests.integration.drafting.calls import As, a_picture, a_word, flashes
from tests.making import (
    AUnit,
    a_cycle,
    bring,
    run_jobs,
    section_with,
    words,
    write,
)

pytestmark = pytest.mark.usefixtures("rolled_back")


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
