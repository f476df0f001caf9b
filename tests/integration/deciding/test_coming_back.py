"""Whoever comes back to a section sees what changed since he decided on it, and what that change ended."""

from flask.testing import FlaskClient

from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import sections
from perfapp.services import sections as section_acts
from tests.integration.report_pages.reading import sign_in
from tests.making import AUnit, a_cycle, a_unit, bring, section_with, write

A, S = SectionAction, SectionState
THEN = "全年保障会议 120 场，接待群众来访 36 批，公车平台派车 1980 趟。"
NOW = "全年保障会议 126 场，接待群众来访 36 批，公车平台派车 1980 趟。"
REASON = "会议场次与台账不一致，请核对。"


def returned(unit: AUnit, *paragraphs: str, direct: bool = True) -> int:
    """A section that the head approved and the editor sent back; it is handed in again with these words."""
    section = bring(unit, section_with(a_cycle(unit), "basics").id, S.HEAD_APPROVED, THEN)
    section_acts.act(unit.editor, section.id, A.RETURN, version=section.version, reason=REASON, direct=direct)
    if paragraphs:
        write(unit, section.id, *paragraphs)
    present = sections.get(section.id)
    section_acts.act(unit.writer, section.id, A.SUBMIT, version=present.version)
    return section.id


def page(client: FlaskClient, unit: AUnit, who: str, address: str) -> str:
    sign_in(client, unit, who)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_editor_sees_what_changed_since_he_returned_it(client: FlaskClient) -> None:
    unit = a_unit()
    section_id = returned(unit, NOW)
    html = page(client, unit, "editor", f"/sections/{section_id}")
    assert "退回修改以后，文字有改动" in html
    assert REASON in html
    assert "1 个数字不同" in html
    assert "花脸稿" in html
    assert "清稿" in html
    assert "因文字改动已失效" in html
    assert "审核通过" in html.split("因文字改动已失效")[1].split("</p>")[0]


def test_nobody_is_told_of_changes_that_are_not_there(client: FlaskClient) -> None:
    unit = a_unit()
    section_id = returned(unit)
    for who in ("editor", "head"):
        html = page(client, unit, who, f"/sections/{section_id}")
        assert "文字有改动" not in html
        assert "已失效，直达" not in html
    assert "科室已审" in page(client, unit, "head", f"/sections/{section_id}")


def test_a_section_that_came_straight_back_says_whose_approval_lapsed(client: FlaskClient) -> None:
    unit = a_unit()
    section_id = returned(unit, NOW)
    for who in ("editor", "head", "writer"):
        for address in (f"/sections/{section_id}", "/"):
            assert "科室审核已失效，直达统稿" in page(client, unit, who, address), (who, address)


def test_the_next_approval_ends_the_marks(client: FlaskClient) -> None:
    unit = a_unit()
    section_id = returned(unit, NOW, direct=False)
    assert "审核通过以后，文字有改动" in page(client, unit, "head", f"/sections/{section_id}")
    present = sections.get(section_id)
    section_acts.act(unit.head, section_id, A.ENDORSE, version=present.version)
    assert "文字有改动" not in page(client, unit, "head", f"/sections/{section_id}")
    assert "科室已审" in page(client, unit, "editor", f"/sections/{section_id}")
