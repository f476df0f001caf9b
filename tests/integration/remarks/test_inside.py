"""What reviewers say among themselves, asked for by everybody else at every address of the system."""

from collections.abc import Iterator
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.core.section_flow import SectionAction
from perfapp.data import history, reports
from perfapp.services import remarks
from perfapp.services import sections as section_acts
from tests.integration.after_seal.making import a_bureau
from tests.integration.after_seal.test_isolation import addresses
from tests.integration.drafting.calls import As
from tests.integration.remarks.making import TEXT, a_section, now, remark, write
from tests.integration.remarks.test_pages import told_by
from tests.making import AUnit, a_cycle, a_unit, run_jobs

SECRET, ANSWER = "乌有暗语", "子虚回话"
OUTSIDERS = ("writer", "money_writer", "money_head", "keeper", "sysadmin", "secadmin", "auditor", "reader", "reviewer")


def words_of(data: bytes) -> str:
    """Every word of an answer, also inside an Office file or a PDF."""
    if data.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    return told_by(data)


def said_inside(unit: AUnit, cycle_id: int) -> dict[str, int | str]:
    """A section with a remark for reviewers and an answer to it; two versions compared as PDF; the report previewed."""
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "2,160趟", SECRET, audience=Audience.REVIEWERS)
    remarks.act(unit.finance, remark_id, RemarkAct.REPLY, ANSWER)
    write(unit.writer, section.id, TEXT[0].replace("2,160", "2,610"), TEXT[1])
    section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=now(unit, section.id).version)
    return {
        "cycle_id": cycle_id,
        "section_id": section.id,
        "report_id": reports.current(cycle_id).id,
        "remark_id": remark_id,
        "number": history.versions(section.id, with_autosaves=True)[-1].number,
        "office_id": unit.offices["办公室"],
    }


def compared(client: FlaskClient, section_id: int, first: int | str) -> int:
    asked = client.post(f"/sections/{section_id}/compare/pdf", data={"from": str(first), "to": "now"})
    assert asked.status_code == 303
    return int(asked.location.rsplit("/", 1)[1])


def pages(app: Flask, ids: dict[str, int | str]) -> Iterator[str]:
    yield from addresses(app, ids)
    yield f"/sections/{ids['section_id']}/compare?from={ids['number']}"
    yield f"/progress/cycles/{ids['cycle_id']}/timeline?section={ids['section_id']}"


@pytest.mark.parametrize("who", [*OUTSIDERS, "stranger", "strange_leader"])
def test_nobody_else_reads_it_at_any_address(rolled_back: Flask, unit: AUnit, as_: As, who: str) -> None:
    cycle_id, other = a_cycle(unit), a_unit()
    unit.logins.update(a_bureau(unit).logins)
    ids = said_inside(unit, cycle_id)
    ids["job_id"] = compared(as_("head"), int(ids["section_id"]), ids["number"])
    run_jobs()
    seen = as_("head").get(f"/sections/{ids['section_id']}/remarks.json").get_json()["html"]
    assert SECRET in seen, "the test can fail: a reviewer does see it"
    pdf = words_of(as_("head").get(f"/previews/{ids['job_id']}.pdf").get_data())
    assert "2,610" in pdf
    assert SECRET not in pdf
    client = as_(
        {"stranger": "writer", "strange_leader": "leader"}.get(who, who), other if who.startswith("strang") else None
    )
    tried = 0
    for address in pages(rolled_back, ids):
        with client.get(address) as answer:
            assert answer.status_code < 500, address
            tried += 1
            for word in (SECRET, ANSWER):
                assert word not in words_of(answer.get_data()), (who, address)
                assert word.encode("unicode_escape") not in answer.get_data(), (who, address)
    assert tried > 100


def test_nor_does_he_do_anything_about_it(unit: AUnit, as_: As) -> None:
    ids = said_inside(unit, a_cycle(unit))
    unit.logins.update(a_bureau(unit).logins)
    other = a_unit()
    remark_id = ids["remark_id"]
    for who in OUTSIDERS:
        for action in RemarkAct:
            sent = as_(who).post(f"/remarks/{remark_id}/act", data={"action": action.value, "words": "试试"})
            assert sent.status_code in (403, 404), (who, action)
            assert SECRET not in sent.text
    for who in ("head", "leader", "editor"):
        assert as_(who, other).post(f"/remarks/{remark_id}/act", data={"action": "resolve"}).status_code == 404
    for who in ("money_writer", "money_head", "keeper"):
        new = {"words": "试试", "audience": "reviewers"}
        assert as_(who).post(f"/sections/{ids['section_id']}/remarks", data=new).status_code in (403, 404), who
