"""A fresh installation: no account at all, then a unit with three administrators, then its seal."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.report_flow import SealPolicy
from perfapp.data import events, people, seals
from perfapp.services import installing
from perfapp.signing.certificate import make_demo_identity

PIN = "123456"
UNIT = ("--code", "430203001", "--name", "某某区服务中心")
ADMINS = ("--system-admin", "xitong:甲", "--security-admin", "anquan:乙", "--auditor", "shenji：丙")


def run(app: Flask, *arguments: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments), input=typed)


def seal_files(folder: Path, name: str, password: str = PIN, *, years_ago: int = 0) -> tuple[str, ...]:
    made = make_demo_identity(name, password.encode(), at=clock.now() - timedelta(days=366 * years_ago))
    (folder / "seal.p12").write_bytes(made.pkcs12)
    (folder / "root.pem").write_bytes(made.root_pem)
    return "--seal", str(folder / "seal.p12"), "--seal-root", str(folder / "root.pem")


def test_before_the_setup_nobody_can_sign_in_and_the_page_says_what_to_do(client: FlaskClient) -> None:
    front = client.get("/")
    assert (front.status_code, front.location) == (302, "/sign-in?next=/")
    page = client.get("/sign-in").get_data(as_text=True)
    assert "flask --app wsgi setup" in page
    assert 'name="password"' not in page
    refused = client.post("/sign-in", data={"login": "admin", "password": "admin"})
    assert refused.status_code == 422


def test_setup_makes_the_unit_and_administrators_who_must_change_their_passwords(client: FlaskClient) -> None:
    result = run(client.application, "setup", *UNIT, *ADMINS)
    assert result.exit_code == 0, result.output
    unit = people.unit_by_code("430203001")
    assert unit is not None
    assert unit.seal_policy is SealPolicy.KEEPER
    password = next(line.split()[-1] for line in result.output.splitlines() if "xitong" in line)
    assert client.post("/sign-in", data={"login": "xitong", "password": password}).location == "/account"
    assert [post.title for post in people.persons(unit.id)[2].posts] == ["审计员"]
    assert events.of_unit(unit.id)[-1].action == "install_unit"
    assert password not in str(events.of_unit(unit.id))


def test_setup_asks_for_what_is_not_given(rolled_back: Flask) -> None:
    result = run(rolled_back, "setup", typed="A1\n某某中心\nx1:甲\na1:乙\ns1:丙\n")
    assert result.exit_code == 0, result.output
    assert "单位全称（与印章一致）" in result.output
    assert people.unit_by_code("A1") is not None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((*UNIT, *ADMINS), "预算单位编码 430203001 的单位已经存在；要再装一个单位，请换一个编码"),
        (("--code", "2", "--name", "另一单位", *ADMINS), "登录名 xitong 已被使用"),
        (("--code", "2", "--name", " ", *ADMINS), "都要填写"),
        (("--code", "2", "--name", "乙", *ADMINS[:4], "--auditor", "没有冒号"), "审计员请写成“登录名:姓名”"),
        (("--code", "2", "--name", "乙", *ADMINS[:4], "--auditor", "a b:丙"), "登录名用 2 到 60 个"),
        (("--code", "2", "--name", "乙", *ADMINS[:4], "--auditor", "ANQUAN:丙"), "登录名不能相同"),
        (("--code", "2", "--name", "乙", *ADMINS, "--seal", "/nowhere.p12"), "--seal-root"),
    ],
)
def test_a_setup_that_cannot_be_is_refused_in_one_sentence(
    rolled_back: Flask, given: tuple[str, ...], sentence: str
) -> None:
    run(rolled_back, "setup", *UNIT, *ADMINS)
    before = people.unit_by_code("2")
    result = run(rolled_back, "setup", *given)
    assert result.exit_code == 1
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert before is people.unit_by_code("2") is None


def test_a_second_unit_is_installed_beside_the_first(rolled_back: Flask) -> None:
    run(rolled_back, "setup", *UNIT, *ADMINS)
    others = ("--system-admin", "x2:甲", "--security-admin", "a2:乙", "--auditor", "s2:丙")
    assert run(rolled_back, "setup", "--code", "2", "--name", "另一单位", *others, "--demo-seal").exit_code == 0
    second = people.unit_by_code("2")
    assert second is not None
    seal = seals.active(second.id)
    assert seal is not None
    assert seal.is_demo


def test_a_real_seal_is_registered_and_the_older_one_stopped(
    rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rolled_back, "setup", *UNIT, *ADMINS)
    unit = people.unit_by_code("430203001")
    assert unit is not None
    typed = run(rolled_back, "setup-seal", "--unit", unit.code, *seal_files(tmp_path, unit.name), typed="123456\n")
    assert typed.exit_code == 0, typed.output
    assert "印章已登记，证书有效期至" in typed.output
    assert PIN not in typed.output
    monkeypatch.setenv("PERFAPP_SEAL_PASSWORD", "from-the-script")
    files = seal_files(tmp_path, unit.name, "from-the-script")
    assert run(rolled_back, "setup-seal", "--unit", unit.code, *files).exit_code == 0
    assert [seal.state for seal in seals.of_unit(unit.id)] == ["stopped", "active"]
    assert not any(seal.is_demo for seal in seals.of_unit(unit.id))


def test_a_seal_that_does_not_fit_is_refused_and_nothing_is_registered(
    rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rolled_back, "setup", *UNIT, *ADMINS)
    unit = people.unit_by_code("430203001")
    assert unit is not None
    other, old = tmp_path / "other", tmp_path / "old"
    other.mkdir()
    old.mkdir()
    files, foreign = seal_files(tmp_path, unit.name), seal_files(other, "另一单位")
    cases = [
        (files, "wrong", "印章密码不对"),
        (foreign, PIN, "印章证书属于“另一单位”，不是“某某区服务中心”"),
        ((*files[:3], foreign[3]), PIN, "不是由给出的根证书签发的"),
        ((*files[:3], files[1]), PIN, "根证书不是 PEM 格式"),
        (("--seal", str(tmp_path / "none.p12"), *files[2:]), PIN, "文件读不到"),
        (("--seal", files[3], *files[2:]), PIN, "这不是 PKCS#12 印章文件"),
        (seal_files(old, unit.name, years_ago=11), PIN, "过期"),
    ]
    for given, password, sentence in cases:
        monkeypatch.setenv("PERFAPP_SEAL_PASSWORD", password)
        result = run(rolled_back, "setup-seal", "--unit", unit.code, *given)
        assert result.exit_code == 1, sentence
        assert sentence in result.output
    assert seals.of_unit(unit.id) == []
    assert "没有预算单位编码为 9 的单位" in run(rolled_back, "setup-seal", "--unit", "9", *files).output


def test_a_seal_that_does_not_fit_stops_the_setup_before_the_unit_is_made(
    rolled_back: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERFAPP_SEAL_PASSWORD", PIN)
    result = run(rolled_back, "setup", *UNIT, *ADMINS, *seal_files(tmp_path, "另一单位"))
    assert result.exit_code == 1
    assert not people.any_unit()


def test_the_seal_policy_is_changed_and_recorded(rolled_back: Flask) -> None:
    run(rolled_back, "setup", *UNIT, *ADMINS)
    result = run(rolled_back, "seal-policy", "--unit", "430203001", "leader")
    assert "主要领导签发后自己盖章" in result.output
    unit = installing.unit_with_code("430203001")
    assert unit.seal_policy is SealPolicy.LEADER
    assert events.of_unit(unit.id, limit=1)[0].action == "set_seal_policy"
    assert run(rolled_back, "seal-policy", "--unit", "430203001", "anybody").exit_code == 2
