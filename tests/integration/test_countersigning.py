"""上级加盖: after the unit's own seal its superior's keeper presses his, into the field reserved for it."""

import io

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.report_flow import FLOW, ReportAction, ReportState
from perfapp.data import blobs, countersigns, events, notices, reports, seal_uses, seals
from perfapp.data import jobs as job_table
from perfapp.extensions import current_settings
from perfapp.services import countersigning, jobs, report_facts, verifying
from perfapp.services import reports as report_acts
from tests.making import PASSWORD, AUnit, a_cycle, a_sealed_report, a_unit


def work() -> list[str | None]:
    """Let the sealing worker do what is asked of it; sheets and messages wait for another."""
    return [jobs.run(job_id) for job_id, kind in job_table.due(clock.now()) if kind == "countersign"]


def asked() -> tuple[AUnit, AUnit, reports.ReportView]:
    """A unit whose sealed report waits for the seal of its superior."""
    unit, superior = a_unit(), a_unit()
    countersigning.set_demand(unit.id, superior.id)
    return unit, superior, a_sealed_report(unit, a_cycle(unit))


def press(superior: AUnit) -> None:
    (one,) = countersigning.waiting(superior.keeper)
    countersigning.press(
        superior.keeper,
        one.countersign.id,
        version=one.countersign.version,
        seen_sha256=one.report.sealed_sha256 or "",
        password=PASSWORD,
    )


def stands_against_delivery(unit: AUnit, report: reports.ReportView) -> str | None:
    return FLOW.obstacle(report_facts.facts(reports.get(report.id)), ReportAction.DELIVER, unit.editor)


@pytest.mark.usefixtures("rolled_back")
def test_both_seals_are_valid_and_both_registers_have_a_line() -> None:
    unit, superior, report = asked()
    assert report.state is ReportState.SEALED
    assert "加盖后才能报送" in (stands_against_delivery(unit, report) or "")
    press(superior)
    assert work() == ["done"]
    done = reports.get(report.id)
    assert done.sealed_sha256 != report.sealed_sha256
    sealed = blobs.read(done.sealed_sha256 or "")
    assert sealed.startswith(blobs.read(report.sealed_sha256 or ""))
    answer = verifying.verify(sealed)
    assert answer.is_genuine, answer.signature_sentence
    (line,) = seal_uses.uses(superior.id)
    assert (line.state, line.is_countersign, line.pressed_by) == ("done", True, superior.keeper.name)
    assert (line.before_sha256, line.after_sha256) == (report.sealed_sha256, done.sealed_sha256)
    assert [use.is_countersign for use in seal_uses.uses(unit.id)] == [False]
    assert countersigning.waiting(superior.keeper) == []
    assert stands_against_delivery(unit, report) is None


@pytest.mark.usefixtures("rolled_back")
def test_only_the_superior_is_asked_and_told() -> None:
    unit, superior, _ = asked()
    stranger = a_unit()
    (one,) = countersigning.waiting(superior.keeper)
    assert countersigning.waiting(stranger.keeper) == countersigning.waiting(unit.keeper) == []
    assert countersigning.waiting(superior.editor) == []
    for actor in (stranger.keeper, unit.keeper, unit.leader):
        with pytest.raises(NotFound):
            countersigning.read(actor, one.countersign.id)
    told = [notice.subject for notice in notices.of_person(superior.keeper.id, limit=9, offset=0)]
    assert any(subject.startswith("请您加盖") for subject in told)


@pytest.mark.usefixtures("rolled_back")
def test_what_was_not_seen_is_not_countersigned_and_a_refusal_comes_back() -> None:
    unit, superior, report = asked()
    (one,) = countersigning.waiting(superior.keeper)
    found = one.countersign
    with pytest.raises(Conflict):
        countersigning.press(superior.keeper, found.id, version=found.version, seen_sha256="0" * 64, password=PASSWORD)
    with pytest.raises(Invalid, match="密码不对"):
        countersigning.press(superior.keeper, found.id, version=found.version, seen_sha256="", password="wrong")
    countersigning.refuse(superior.keeper, found.id, version=found.version, reason="附件不全")
    assert "退回了加盖（附件不全）" in (stands_against_delivery(unit, report) or "")
    countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason="附件已补齐")
    press(superior)
    assert work() == ["done"]


@pytest.mark.usefixtures("rolled_back")
def test_a_key_that_is_away_leaves_the_request_waiting_and_says_why() -> None:
    _, superior, report = asked()
    seal = seals.active(superior.id)
    assert seal is not None
    key = current_settings().seal_folder / f"{seal.key_name}.p12"
    away = key.rename(key.with_suffix(".away"))
    press(superior)
    assert work() == ["failed"]
    (one,) = countersigning.waiting(superior.keeper)
    assert (one.countersign.state, "密钥文件不在" in one.countersign.note) == (countersigns.ASKED, True)
    assert reports.get(report.id).sealed_sha256 == report.sealed_sha256
    away.rename(key)
    press(superior)
    assert work() == ["done"]
    assert [use.state for use in seal_uses.uses(superior.id)] == ["done", "failed"]


@pytest.mark.usefixtures("rolled_back")
def test_a_report_that_was_voided_meanwhile_is_not_countersigned() -> None:
    unit, superior, report = asked()
    press(superior)
    version = reports.get(report.id).version
    report_acts.act(unit.leader, report.id, ReportAction.VOID, version=version, reason="数据有误")
    assert work() == ["failed"]
    assert reports.get(report.id).sealed_sha256 == report.sealed_sha256


def test_the_keeper_presses_on_his_page(client: FlaskClient) -> None:
    _, superior, report = asked()
    client.post("/sign-in", data={"login": superior.logins["keeper"], "password": PASSWORD})
    assert "请您加盖印章" in client.get("/").get_data(as_text=True)
    (one,) = countersigning.waiting(superior.keeper)
    url = f"/countersigns/{one.countersign.id}"
    assert "下级单位的签章有效" in client.get(url).get_data(as_text=True)
    assert client.get(f"{url}/report.pdf").data == blobs.read(report.sealed_sha256 or "")
    form = {"version": str(one.countersign.version), "seen": report.sealed_sha256 or ""}
    assert client.post(url, data={**form, "password": "wrong"}).status_code == 422
    assert client.post(f"{url}/refuse", data={"version": form["version"], "reason": " "}).status_code == 422
    assert client.post(url, data={**form, "password": PASSWORD}).status_code == 303
    assert work() == ["done"]
    assert "已加盖，并已重新验证" in client.get(url).get_data(as_text=True)


WHY = "按主管部门要求，报送前加盖印章"


def sealed() -> tuple[AUnit, AUnit, reports.ReportView]:
    """A unit whose report is sealed, and another that it may ask; no rule asks by itself."""
    superior, unit = a_unit(), a_unit()
    return unit, superior, a_sealed_report(unit, a_cycle(unit))


@pytest.mark.usefixtures("rolled_back")
def test_the_editor_asks_whom_he_chooses_and_says_why() -> None:
    unit, superior, report = sealed()
    assert stands_against_delivery(unit, report) is None
    for actor in (unit.writer, unit.keeper, unit.sysadmin):
        with pytest.raises(Forbidden):
            countersigning.ask(actor, report.id, superior_id=superior.id, reason=WHY)
    with pytest.raises(NotFound):
        countersigning.ask(superior.editor, report.id, superior_id=superior.id, reason=WHY)
    for superior_id, reason, field in ((superior.id, " ", "reason"), (unit.id, WHY, "superior_id")):
        with pytest.raises(Invalid) as refusal:
            countersigning.ask(unit.editor, report.id, superior_id=superior_id, reason=reason)
        assert refusal.value.field == field
    countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason=WHY)
    with pytest.raises(Conflict, match="等对方办理"):
        countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason=WHY)
    (one,) = countersigning.waiting(superior.keeper)
    assert (one.countersign.reason, one.countersign.asked_by) == (WHY, unit.editor.name)
    told = notices.of_person(superior.keeper.id, limit=9, offset=0)
    assert any(WHY in notice.body for notice in told)
    assert "加盖后才能报送" in (stands_against_delivery(unit, report) or "")
    line = [event for event in events.of_report(report.id) if event.action == "countersign"]
    assert [(event.reason, event.actor_name) for event in line] == [(WHY, unit.editor.name)]
    press(superior)
    assert work() == ["done"]
    assert stands_against_delivery(unit, report) is None
    (line_of_use,) = seal_uses.uses(superior.id)
    assert line_of_use.requested_by == unit.editor.name
    assert verifying.verify(blobs.read(reports.get(report.id).sealed_sha256 or "")).is_genuine


@pytest.mark.usefixtures("rolled_back")
def test_what_the_editor_asked_for_he_takes_back_and_what_a_rule_asks_for_he_does_not() -> None:
    unit, superior, report = sealed()
    countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason=WHY)
    (one,) = countersigning.waiting(superior.keeper)
    with pytest.raises(Conflict):
        countersigning.withdraw(unit.editor, report.id, version=one.countersign.version + 1)
    countersigning.withdraw(unit.editor, report.id, version=one.countersign.version)
    assert countersigning.waiting(superior.keeper) == []
    assert stands_against_delivery(unit, report) is None
    with pytest.raises(Conflict):
        press_one(superior, one)
    countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason="还是需要")
    assert len(countersigning.waiting(superior.keeper)) == 1
    ruled, _, its_report = asked()
    found = countersigns.of_report(its_report.id)
    assert found is not None
    with pytest.raises(Conflict):
        countersigning.withdraw(ruled.editor, its_report.id, version=found.version)


def press_one(superior: AUnit, one: countersigning.Waiting) -> None:
    seen = one.report.sealed_sha256 or ""
    found = one.countersign
    countersigning.press(superior.keeper, found.id, version=found.version, seen_sha256=seen, password=PASSWORD)


@pytest.mark.usefixtures("rolled_back")
def test_the_once_sealed_file_stays_known_and_genuine() -> None:
    unit, superior, report = sealed()
    once = blobs.read(report.sealed_sha256 or "")
    assert verifying.verify(once).superseded == ""
    countersigning.ask(unit.editor, report.id, superior_id=superior.id, reason=WHY)
    press(superior)
    work()
    answer = verifying.verify(once)
    assert answer.is_genuine
    assert answer.is_filed
    assert "已由加盖上级印章的版本接替" in answer.superseded
    assert answer.state is not None
    assert answer.state.report.id == report.id
    twice = verifying.verify(blobs.read(reports.get(report.id).sealed_sha256 or ""))
    assert (twice.is_genuine, twice.superseded) == (True, "")
    damaged = bytearray(once)
    damaged[len(once) // 2] ^= 1
    assert not verifying.verify(bytes(damaged)).is_genuine
    assert not verifying.verify(once + b"\n").is_genuine


def test_the_editor_asks_on_a_page_and_anybody_sees_that_the_first_file_was_succeeded(client: FlaskClient) -> None:
    unit, superior, report = sealed()
    once = blobs.read(report.sealed_sha256 or "")
    client.post("/sign-in", data={"login": unit.logins["editor"], "password": PASSWORD})
    url = f"/reports/{report.id}/countersign"
    assert url in client.get(f"/reports/{report.id}").get_data(as_text=True)
    assert superior.name in client.get(url).get_data(as_text=True)
    refused = client.post(url, data={"superior_id": str(superior.id), "reason": ""})
    assert refused.status_code == 422
    assert "请写明请上级加盖的理由" in refused.get_data(as_text=True)
    for odd in ("", "x", "999999999999", "-1", "²"):
        assert client.post(url, data={"superior_id": odd, "reason": WHY}).status_code == 422
    assert client.post(url, data={"superior_id": str(superior.id), "reason": WHY}).status_code == 303
    page = client.get(f"/reports/{report.id}").get_data(as_text=True)
    assert "等上级加盖" in page
    assert f"还要等{superior.name}加盖印章" in page
    assert WHY in page
    assert "撤回请求" in client.get(url).get_data(as_text=True)
    press(superior)
    work()
    done = reports.get(report.id)
    html = client.post(
        "/verify", data={"file": (io.BytesIO(once), "a.pdf")}, content_type="multipart/form-data"
    ).get_data(as_text=True)
    assert "真实，但已由加盖上级印章的版本接替" in html
    assert f"/v/{done.verify_code}" in html
