"""印章登记: the administrator registers without a key, the keeper decides, every change has its line."""

import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.seal_flow import SealAction, SealKind, SealState
from perfapp.data import blobs, events, notices, reports, seal_uses, seals
from perfapp.services import installing, seal_register, seal_watch
from perfapp.services import reports as report_acts
from perfapp.services.making import probing
from perfapp.services.seal_register import Handed
from perfapp.signing.certificate import SealIdentity
from perfapp.signing.picture import draw_seal
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, an_issued_report, run_jobs

_number = itertools.count(1)


def fresh() -> str:
    """A name for a key: the seal folder keeps what earlier tests laid there."""
    return f"key-of-a-test-{next(_number)}"


def handed(made: SealIdentity, key_name: str) -> Handed:
    return Handed(made.certificate_pem, [made.root_pem], key_name)


def registered(unit: AUnit, **changed: object) -> int:
    """A seal whose key lies in the seal folder."""
    key_name = fresh()
    made = installing.demo_key(key_name, unit.name, years=3)
    given: dict[str, object] = {"name": f"{unit.name}公章", "kind": SealKind.OFFICIAL, "keeper_id": unit.keeper.id}
    given |= {"picture": b"", "handed": handed(made, key_name), **changed}
    return seal_register.register(unit.sysadmin, **given)  # type: ignore[arg-type]


def decide(unit: AUnit, seal_id: int, action: SealAction, reason: str = "领导批准") -> seals.SealView:
    version = seals.get(seal_id).version
    return seal_register.act(unit.keeper, seal_id, action, version=version, reason=reason, password=PASSWORD)


@contextmanager
def days_later(days: int) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(days=days)):
        yield


@pytest.mark.usefixtures("rolled_back")
def test_a_seal_is_registered_proved_enabled_stopped_and_cancelled_and_keeps_its_history() -> None:
    unit = a_unit(with_seal=False)
    seal_id = registered(unit)
    assert seals.get(seal_id).state is SealState.REGISTERED
    assert "没有启用" in seal_watch.no_seal(unit.id)
    with pytest.raises(Invalid, match="还没有证明"):
        decide(unit, seal_id, SealAction.ENABLE)
    probing.probe()
    assert decide(unit, seal_id, SealAction.ENABLE).state is SealState.ACTIVE
    assert seal_watch.no_seal(unit.id) == ""
    decide(unit, seal_id, SealAction.STOP, "印章管理员交接")
    assert "没有启用" in seal_watch.no_seal(unit.id)
    decide(unit, seal_id, SealAction.ENABLE)
    with pytest.raises(Conflict):
        decide(unit, seal_id, SealAction.CANCEL)  # in use: it is stopped first
    decide(unit, seal_id, SealAction.STOP)
    decide(unit, seal_id, SealAction.CANCEL, "单位更名")
    told = [(line.action, line.new_state, line.person_name) for line in reversed(seals.history(seal_id))]
    keeper = unit.keeper.name
    assert told == [
        ("register", "registered", unit.sysadmin.name),
        ("enable", "active", keeper),
        ("stop", "stopped", keeper),
        ("enable", "active", keeper),
        ("stop", "stopped", keeper),
        ("cancel", "cancelled", keeper),
    ]
    assert {"register_seal", "seal_enable", "seal_stop", "seal_cancel"} <= {e.action for e in events.of_unit(unit.id)}
    assert len(seals.fingerprints()) == 1  # what it sealed stays verifiable


@pytest.mark.usefixtures("rolled_back")
def test_each_has_his_part_and_nobody_the_others() -> None:
    unit = a_unit(with_seal=False)
    seal_id = registered(unit)
    probing.probe()
    version = seals.get(seal_id).version
    for actor in (unit.sysadmin, unit.secadmin, unit.editor, unit.auditor):
        with pytest.raises(Forbidden):
            seal_register.act(actor, seal_id, SealAction.ENABLE, version=version, reason="要用", password=PASSWORD)
    another = fresh()
    made = installing.demo_key(another, unit.name, years=3)
    for actor in (unit.keeper, unit.leader, unit.secadmin):
        with pytest.raises(Forbidden):
            seal_register.renew(actor, seal_id, version=version, handed=handed(made, another))
    with pytest.raises(Invalid, match="密码不对"):
        seal_register.act(unit.keeper, seal_id, SealAction.ENABLE, version=version, reason="要用", password="wrong")
    with pytest.raises(Invalid, match="写明理由"):
        seal_register.act(unit.keeper, seal_id, SealAction.ENABLE, version=version, reason=" ", password=PASSWORD)
    with pytest.raises(Invalid, match="保管人应是"):
        registered(unit, name="另一枚印章", keeper_id=unit.writer.id)


@pytest.mark.usefixtures("rolled_back")
def test_a_renewed_certificate_waits_for_the_keeper_and_the_old_one_still_verifies() -> None:
    unit = a_unit(with_seal=False)
    seal_id = registered(unit)
    probing.probe()
    first = decide(unit, seal_id, SealAction.ENABLE).certificate
    second_key = fresh()
    made = installing.demo_key(second_key, unit.name, years=5)
    version = seals.get(seal_id).version
    seal_register.renew(unit.sysadmin, seal_id, version=version, handed=handed(made, second_key))
    with pytest.raises(Conflict):
        seal_register.renew(unit.sysadmin, seal_id, version=version, handed=handed(made, second_key))
    assert seals.get(seal_id).certificate.id == first.id  # the administrator alone changes nothing
    probing.probe()
    second = decide(unit, seal_id, SealAction.ADOPT).certificate
    assert (second.key_name, second.state) == (second_key, "current")
    assert [one.state for one in seals.certificates(seal_id)] == ["current", "retired"]
    assert {first.fingerprint_sha256, second.fingerprint_sha256} <= set(seals.fingerprints())
    assert len(seals.roots()) == 2


@pytest.mark.usefixtures("rolled_back")
def test_an_expired_certificate_stops_the_press_with_a_sentence_until_it_is_renewed() -> None:
    unit = a_unit(with_seal=False)
    with days_later(-366 * 3 - 10):
        seal_id = registered(unit)
        probing.probe()
        decide(unit, seal_id, SealAction.ENABLE)
    report = an_issued_report(unit, a_cycle(unit))
    with pytest.raises(Invalid, match="到期，不能盖章：请系统管理员在“印章”登记新证书"):
        report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    assert not seal_uses.uses(unit.id)
    second_key = fresh()
    made = installing.demo_key(second_key, unit.name, years=3)
    version = seals.get(seal_id).version
    seal_register.renew(unit.sysadmin, seal_id, version=version, handed=handed(made, second_key))
    assert "请印章保管人在“印章”改用" in seal_watch.no_seal(unit.id)
    probing.probe()
    decide(unit, seal_id, SealAction.ADOPT)
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    run_jobs()
    assert reports.get(report.id).state is ReportState.SEALED, seal_uses.uses(unit.id)[0].note


@pytest.mark.usefixtures("rolled_back")
def test_the_end_of_a_certificate_is_told_once_at_sixty_thirty_and_seven_days() -> None:
    unit = a_unit(with_seal=False)
    seal_id = registered(unit)
    probing.probe()
    decide(unit, seal_id, SealAction.ENABLE)
    end = seals.get(seal_id).expires_at
    counts = []
    for left in (90, 61, 59, 45, 29, 28, 6, 5):
        with clock.at(end - timedelta(days=left, hours=-1)):
            probing.probe()
            found = notices.of_person(unit.sysadmin.id, limit=99, offset=0)
            counts.append(sum(notice.subject.startswith("印章证书") for notice in found))
            titles = [one.title for one in seal_watch.cautions(unit.id)]
            assert any("天到期" in title for title in titles) is (left < 60)
    assert counts == [0, 0, 1, 1, 2, 2, 3, 3]


def png(size: tuple[int, int] = (800, 800), *, red: bool = True) -> bytes:
    image = Image.new("RGB", size, "white")
    if red:
        image.paste((200, 20, 40), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.usefixtures("rolled_back")
def test_what_cannot_be_a_seal_is_refused_with_its_field_and_sentence() -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    key = fresh()
    good, foreign = installing.demo_key(key, unit.name, years=3), installing.demo_key(fresh(), other.name, years=3)
    cases: list[tuple[dict[str, object], str, str]] = [
        ({"handed": Handed(good.pkcs12, [good.root_pem], key)}, "certificate", "这个文件里有私钥，不要上传"),
        ({"handed": Handed(b"no certificate", [good.root_pem], key)}, "certificate", "读不出证书"),
        ({"handed": Handed(b"", [], key)}, "certificate", "请选择印章证书"),
        ({"handed": Handed(good.root_pem, [], key)}, "certificate", "这是发证机构的证书"),
        ({"handed": Handed(good.certificate_pem, [foreign.root_pem], key)}, "issuers", "缺少上级证书"),
        ({"handed": Handed(good.certificate_pem, [good.pkcs12], key)}, "issuers", "这个文件里有私钥"),
        ({"handed": handed(foreign, key)}, "certificate", f"证书属于“{other.name}”"),
        ({"handed": handed(good, "../../etc/passwd")}, "key_name", "密钥代号用小写字母"),
        ({"picture": b"GIF89a"}, "picture", "不是可读取的 PNG"),
        ({"picture": png((100, 100))}, "picture", "200 至 4000 像素"),
        ({"picture": png((800, 400))}, "picture", "应为正方形"),
        ({"picture": png(red=False)}, "picture", "几乎没有印迹"),
        ({"name": "章"}, "name", "请填写印章名称"),
    ]
    for changed, field, sentence in cases:
        given: dict[str, object] = {"name": "公章", "kind": SealKind.OFFICIAL, "keeper_id": None, "picture": b""}
        given |= {"handed": handed(good, key), **changed}
        with pytest.raises(Invalid, match=sentence) as refused:
            seal_register.register(unit.sysadmin, **given)  # type: ignore[arg-type]
        assert refused.value.field == field, sentence
    with days_later(366 * 4), pytest.raises(Invalid, match="过期"):
        seal_register.register(
            unit.sysadmin, name="公章", kind=SealKind.OFFICIAL, keeper_id=None, picture=b"", handed=handed(good, key)
        )
    assert seals.of_unit(unit.id) == []


@pytest.mark.usefixtures("rolled_back")
def test_a_picture_is_written_anew_without_its_paper() -> None:
    unit = a_unit(with_seal=False)
    seal = seals.get(registered(unit, picture=png()))
    kept = Image.open(io.BytesIO(blobs.read(seal.picture_sha256)))
    assert (kept.format, kept.size) == ("PNG", (600, 600))
    clear = kept.convert("RGBA")
    assert clear.getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert clear.getpixel((200, 200))[3] >= 250  # type: ignore[index]


def sign_in(client: FlaskClient, unit: AUnit, role: str) -> None:
    client.post("/sign-out")
    assert client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD}).status_code == 303


def test_the_pages_register_renew_change_and_enable(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    first_key, second_key = fresh(), fresh()
    made = installing.demo_key(first_key, unit.name, years=3)
    sign_in(client, unit, "sysadmin")
    assert "还没有登记印章" in client.get("/seals").get_data(as_text=True)
    assert client.get("/seals/new").status_code == 200
    form = {"name": f"{unit.name}公章", "kind": "official", "keeper_id": str(unit.keeper.id), "key_name": first_key}
    files = {"certificate": (io.BytesIO(made.pkcs12), "seal.p12")}
    refused = client.post("/seals", data={**form, **files})
    assert refused.status_code == 422
    assert "这个文件里有私钥，不要上传" in refused.get_data(as_text=True)
    assert f'value="{unit.name}公章"' in refused.get_data(as_text=True)  # nothing typed is lost
    assert client.post("/seals", data={**form, "name": ""}).status_code == 422

    def uploads(identity: SealIdentity) -> dict[str, tuple[io.BytesIO, str]]:
        return {
            "certificate": (io.BytesIO(identity.certificate_pem), "seal.pem"),
            "issuers": (io.BytesIO(identity.root_pem), "root.pem"),
        }

    picture = {"picture": (io.BytesIO(draw_seal(unit.name, demo=False)), "seal.png")}
    answer = client.post("/seals", data={**form, **uploads(made), **picture})
    assert answer.status_code == 303
    url = answer.location
    html = client.get(url).get_data(as_text=True)
    for shown in ("含“不可否认”，可以盖章", "密钥类型：P-256", "证书链完整", "盖章服务还没有核对", "待启用"):
        assert shown in html
    assert client.get(f"{url}/picture").mimetype == "image/png"
    probing.probe()
    sign_in(client, unit, "keeper")
    assert "密钥：盖章服务已打开，与证书相配" in client.get(url).get_data(as_text=True)
    decision = {"version": "1", "action": "enable", "reason": "主要领导批准", "password": PASSWORD}
    for wrong in ({"password": "wrong"}, {"reason": ""}, {"version": "x"}, {"version": "9"}, {"action": "register"}):
        assert client.post(f"{url}/decide", data={**decision, **wrong}).status_code in {409, 422}, wrong
    assert client.post(f"{url}/decide", data=decision).status_code == 303
    assert client.post(f"{url}/change", data={"version": "2"}).status_code == 403
    sign_in(client, unit, "sysadmin")
    changes = {"version": "2", "name": f"{unit.name}公章（新）", "keeper_id": str(unit.leader.id), "reason": "交接"}
    assert client.post(f"{url}/change", data={**changes, "reason": ""}).status_code == 422
    assert client.post(f"{url}/change", data=changes).status_code == 303
    assert client.post(f"{url}/change", data=changes).status_code == 409
    assert "保管人由keeper" in client.get(url).get_data(as_text=True)
    later = installing.demo_key(second_key, unit.name, years=5)
    renewal = {"version": "3", "key_name": second_key}
    assert client.post(f"{url}/certificates", data={"version": "3", "key_name": ""}).status_code == 422
    assert client.post(f"{url}/certificates", data={**renewal, **uploads(made)}).status_code == 422  # the same again
    assert client.post(f"{url}/certificates", data={**renewal, **uploads(later)}).status_code == 303
    assert "新证书还不能用" in client.get("/").get_data(as_text=True)
    assert client.post(f"{url}/decide", data=decision).status_code == 403


def test_another_units_seal_is_not_there(client: FlaskClient) -> None:
    unit, other = a_unit(), a_unit()
    seal = seals.active(other.id)
    assert seal is not None
    sign_in(client, unit, "sysadmin")
    for path in (f"/seals/{seal.id}", f"/seals/{seal.id}/picture"):
        assert client.get(path).status_code == 404
    data = {"version": "1", "name": "别人的章", "keeper_id": "", "reason": "x", "key_name": "some-key"}
    for path in ("change", "certificates"):
        assert client.post(f"/seals/{seal.id}/{path}", data=data).status_code in {404, 422}
    assert seals.get(seal.id).version == 1


def test_the_page_says_that_a_seal_of_the_command_line_is_in_use_at_once(client: FlaskClient) -> None:
    unit = a_unit()
    client.post("/sign-in", data={"login": unit.logins["keeper"], "password": PASSWORD})
    assert "登记，同时启用" in client.get(f"/seals/{seals.of_unit(unit.id)[0].id}").get_data(as_text=True)
