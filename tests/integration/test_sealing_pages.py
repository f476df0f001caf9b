"""Pressing the seal from its page, by either policy, and the register of its use."""

import io
import re

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.data import reports, seal_uses, seals
from perfapp.data.reports import ReportView
from perfapp.extensions import current_settings
from perfapp.services import reports as report_acts
from perfapp.services.making import seal as sealing
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_sealed_report,
    a_unit,
    an_issued_report,
    request_seal,
    run_jobs,
)


def sign_in(client: FlaskClient, unit: AUnit, role: str) -> None:
    client.post("/sign-out")
    answer = client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
    assert answer.status_code == 303


def sealing_page(client: FlaskClient, report: ReportView) -> tuple[str, dict[str, str]]:
    """The page, and what its form carries."""
    answer = client.get(f"/reports/{report.id}/seal")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200, html
    return html, dict(re.findall(r'name="(version|seen|action)" value="(\w*)"', html))


def requested(unit: AUnit) -> ReportView:
    cycle_id = a_cycle(unit)
    an_issued_report(unit, cycle_id)
    return request_seal(unit, cycle_id)


def test_the_leader_presses_with_his_password_and_sees_it_done(client: FlaskClient) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    sign_in(client, unit, "leader")
    html, form = sealing_page(client, report)
    for shown in (report.title, report.pdf_sha256 or "", unit.leader.name, "1（盖章时登记）", "第1版"):
        assert shown in html
    assert client.get(f"/reports/{report.id}/seal/picture").mimetype == "image/png"
    url = f"/reports/{report.id}/seal"
    refused = client.post(url, data=form | {"password": "wrong password"})
    assert refused.status_code == 422
    assert "密码不对" in refused.get_data(as_text=True)
    assert not seal_uses.uses(unit.id)
    answer = client.post(url, data=form | {"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, url)
    html, _ = sealing_page(client, report)
    job = re.search(r'data-job-url="(/jobs/\d+)"', html)
    assert job is not None
    assert reports.get(report.id).state is ReportState.SEALING
    run_jobs()
    assert client.get(job[1]).get_json()["state"] == "done"
    html, _ = sealing_page(client, report)
    assert "已盖章，并已重新验证" in html
    assert reports.get(report.id).state is ReportState.SEALED


@pytest.mark.parametrize("forged", [{"version": "1"}, {"seen": "0" * 64}, {"seen": ""}, {"version": ""}])
def test_what_was_not_seen_is_not_sealed(client: FlaskClient, forged: dict[str, str]) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    sign_in(client, unit, "leader")
    _, form = sealing_page(client, report)
    answer = client.post(f"/reports/{report.id}/seal", data=form | forged | {"password": PASSWORD})
    assert answer.status_code == 409
    assert not seal_uses.uses(unit.id)


def test_twelve_presses_are_one_line_in_the_register(client: FlaskClient) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    sign_in(client, unit, "leader")
    _, form = sealing_page(client, report)
    data = form | {"password": PASSWORD}
    answers = [client.post(f"/reports/{report.id}/seal", data=data).status_code for _ in range(12)]
    assert answers == [303] + [409] * 11
    assert len(seal_uses.uses(unit.id)) == 1


def test_the_keeper_presses_what_the_editor_asked_for(client: FlaskClient) -> None:
    unit = a_unit(SealPolicy.KEEPER)
    report = requested(unit)
    sign_in(client, unit, "leader")
    html, _ = sealing_page(client, report)
    assert "再次输入您的登录密码" not in html
    answer = client.post(
        f"/reports/{report.id}/seal",
        data={"version": str(report.version), "seen": report.pdf_sha256 or "", "password": PASSWORD},
    )
    assert answer.status_code == 409
    assert not seal_uses.uses(unit.id)
    sign_in(client, unit, "editor")
    assert client.get(f"/reports/{report.id}/seal").status_code == 403
    sign_in(client, unit, "keeper")
    html, form = sealing_page(client, report)
    client.post(f"/reports/{report.id}/seal", data=form | {"password": PASSWORD})
    run_jobs()
    assert reports.get(report.id).state is ReportState.SEALED
    assert seal_uses.uses(unit.id)[0].requested_by == unit.editor.name


def test_the_keeper_refuses_with_a_reason(client: FlaskClient) -> None:
    unit = a_unit(SealPolicy.KEEPER)
    report = requested(unit)
    sign_in(client, unit, "keeper")
    _, form = sealing_page(client, report)
    url = f"/reports/{report.id}/seal/refuse"
    assert client.post(url, data={"version": form["version"], "reason": " "}).status_code == 422
    assert client.post(url, data={"version": "1", "reason": "份数没有写"}).status_code == 409
    answer = client.post(url, data={"version": form["version"], "reason": "份数没有写"})
    assert answer.status_code == 303
    assert reports.get(report.id).state is ReportState.ISSUED
    sign_in(client, unit, "editor")
    assert "份数没有写" in client.get(f"/reports/{report.id}").get_data(as_text=True)


def test_a_failed_try_says_why_and_can_be_tried_again_or_given_up(client: FlaskClient) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    key = seals.active(unit.id)
    assert key is not None
    path = current_settings().seal_folder / f"{key.key_name}.p12"
    kept = path.read_bytes()
    path.unlink()
    sign_in(client, unit, "leader")
    url = f"/reports/{report.id}/seal"
    _, form = sealing_page(client, report)
    client.post(url, data=form | {"password": PASSWORD})
    run_jobs()
    html, form = sealing_page(client, report)
    assert "报告仍未盖章" in html
    assert "印章密钥读不到" in html
    assert form["action"] == "retry_seal"
    assert client.post(f"{url}/abandon", data={"version": form["version"], "reason": ""}).status_code == 422
    client.post(f"{url}/abandon", data={"version": form["version"], "reason": "先查密钥"})
    assert reports.get(report.id).state is ReportState.ISSUED
    assert seal_uses.uses(unit.id)[0].state == "abandoned"
    _, form = sealing_page(client, report)
    client.post(url, data=form | {"password": PASSWORD})
    run_jobs()
    path.write_bytes(kept)
    path.chmod(0o600)
    _, form = sealing_page(client, report)
    client.post(url, data=form | {"password": PASSWORD})
    run_jobs()
    assert reports.get(report.id).state is ReportState.SEALED
    assert [use.state for use in seal_uses.uses(unit.id)] == ["done", "abandoned", "abandoned"]


def test_a_try_that_broke_down_is_not_stuck(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "seal_anchor", lambda: 1 / 0)
        run_jobs()
    sign_in(client, unit, "leader")
    html, form = sealing_page(client, report)
    assert "系统内部错误" in html
    client.post(f"/reports/{report.id}/seal", data=form | {"password": PASSWORD})
    run_jobs()
    assert reports.get(report.id).state is ReportState.SEALED


def test_before_the_issue_there_is_nothing_to_seal_and_strangers_find_nothing(client: FlaskClient) -> None:
    unit, other = a_unit(), a_unit()
    cycle_id = a_cycle(unit)
    sign_in(client, unit, "leader")
    assert client.get(f"/reports/{reports.current(cycle_id).id}/seal").status_code == 404
    report = an_issued_report(unit, cycle_id)
    sign_in(client, other, "leader")
    for path in ("seal", "seal/picture"):
        assert client.get(f"/reports/{report.id}/{path}").status_code == 404
    for role in ("sysadmin", "auditor", "writer", "deputy"):
        sign_in(client, unit, role)
        assert client.get(f"/reports/{report.id}/seal").status_code == 403


def test_the_register_lists_every_use_and_can_be_taken_away(client: FlaskClient) -> None:
    unit = a_unit()
    sign_in(client, unit, "leader")
    assert "还没有用过印" in client.get("/seal-uses").get_data(as_text=True)
    report = a_sealed_report(unit, a_cycle(unit))
    for role in ("leader", "editor", "keeper", "auditor"):
        sign_in(client, unit, role)
        html = client.get("/seal-uses").get_data(as_text=True)
        assert report.title in html
        assert (report.sealed_sha256 or "")[:12] in html
    answer = client.get("/seal-uses.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    head, line = list(sheet.iter_rows(values_only=True))
    assert head[:3] == ("登记编号", "用印时间", "申请人")
    told = dict(zip(head, line, strict=True))
    assert (told["登记编号"], told["审批人"], told["用印人"]) == (1, unit.leader.name, unit.leader.name)
    assert report.sealed_sha256 in line
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    for role in ("writer", "sysadmin", "finance"):
        sign_in(client, unit, role)
        assert client.get("/seal-uses").status_code == 403
        assert client.get("/seal-uses.xlsx").status_code == 403
    sign_in(client, a_unit(), "leader")
    assert report.title not in client.get("/seal-uses").get_data(as_text=True)
