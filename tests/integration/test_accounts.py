"""Signing in and out: sessions that die, delays that grow, a first password that must be changed."""

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from perfapp import clock
from perfapp.app import create_app
from perfapp.blueprints import identity
from perfapp.blueprints.auth.browsers import spoken
from perfapp.blueprints.auth.routes import local_path
from perfapp.config import Settings
from perfapp.core.permissions import Role
from perfapp.data import events, people
from perfapp.services import accounts, staffing
from tests.making import PASSWORD, AUnit, a_unit

JSON = {"Accept": "application/json"}
NEW = "一句好记的新密码没有人猜得到"


@pytest.fixture
def unit(client: FlaskClient) -> AUnit:
    return a_unit(with_seal=False)


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/session/token", headers=JSON).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: FlaskClient, unit: AUnit) -> None:
    cookie = sign_in(client, unit.logins["writer"]).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Expires" not in cookie


def test_behind_https_the_cookie_is_bound_to_the_host(settings: Settings) -> None:
    app = create_app(replace(settings, secure_cookies=True))
    with app.test_request_context():
        cookie = identity.give_cookie(app.response_class(), "token").headers["Set-Cookie"]
    assert cookie.startswith("__Host-perfapp=token")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_cookie_from_before_the_sign_out_opens_nothing(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit.logins["writer"])
    stolen = client.get_cookie("perfapp_session")
    assert stolen is not None
    assert is_in(client)
    client.post("/sign-out")
    client.set_cookie("perfapp_session", stolen.value)
    assert client.get("/session/token", headers=JSON).status_code == 401
    assert client.get("/account").location.startswith("/sign-in?next=/account")


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(
    client: FlaskClient, unit: AUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    sign_in(client, unit.logins["writer"])

    def at(minutes: int) -> bool:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=minutes))
        return is_in(client)

    assert all(at(minutes) for minutes in range(50, 12 * 60, 50))
    assert not at(12 * 60 + 1)
    monkeypatch.setattr(clock, "now", lambda: start)
    sign_in(client, unit.logins["writer"])
    assert not at(61)


def test_polling_does_not_keep_a_session_awake(
    client: FlaskClient, unit: AUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    sign_in(client, unit.logins["writer"])
    for minutes in (30, 55):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        assert client.get("/session/token", headers=JSON | {"X-Poll": "1"}).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=61))
    assert not is_in(client)


def test_disabling_an_account_ends_its_sessions_at_once(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit.logins["writer"])
    staffing.disable(unit.sysadmin, unit.writer.id)
    assert not is_in(client)
    staffing.enable(unit.sysadmin, unit.writer.id)
    assert not is_in(client)
    assert sign_in(client, unit.logins["writer"]).status_code == 303


def test_every_failure_says_the_same_and_takes_the_same_time(client: FlaskClient, unit: AUnit) -> None:
    staffing.disable(unit.sysadmin, unit.deputy.id)
    wrong = {
        "unknown": [(f"nobody{n}", "wrong") for n in range(4)],
        "wrong": [(unit.logins["writer"], "wrong")] * 4,
        "disabled": [(unit.logins["deputy"], PASSWORD)] * 4,
    }
    fastest = {}
    for kind, tries in wrong.items():
        seconds = []
        for login, password in tries:
            begin = process_time()
            answer = sign_in(client, login, password)
            seconds.append(process_time() - begin)
            assert answer.status_code == 422
            assert accounts.REFUSED in answer.get_data(as_text=True)
        fastest[kind] = min(seconds)
    # without the hash of a stand-in an unknown login would answer many times faster
    assert max(fastest.values()) < 2 * min(fastest.values()), fastest


def test_what_was_typed_but_the_password_stays_on_refusal(client: FlaskClient, unit: AUnit) -> None:
    page = sign_in(client, unit.logins["writer"], "not the password", next="/cycles").get_data(as_text=True)
    assert f'value="{unit.logins["writer"]}"' in page
    assert 'value="/cycles"' in page
    assert "not the password" not in page


def test_the_wait_grows_with_the_failures_and_is_forgotten(
    client: FlaskClient, unit: AUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    login, start = unit.logins["writer"], clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    for _ in range(accounts.FREE_FAILURES + 1):
        assert sign_in(client, login, "wrong").status_code == 422
    waiting = sign_in(client, login)
    assert waiting.status_code == 429
    assert "请 3 秒后再试" in waiting.get_data(as_text=True)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=3))
    assert sign_in(client, login, "wrong").status_code == 422
    assert sign_in(client, login).status_code == 429
    assert sign_in(client, unit.logins["leader"]).status_code == 303, "others are not held up"
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=31))
    assert sign_in(client, login).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "http://evil.example/",
        "HTTPS://evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\\/evil.example",
        "//\\evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "mailto:a@example",
        "evil.example",
        "evil.example/path",
        "./x",
        "../x",
        "?next=/x",
        "#x",
        " /x",
        "\t//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "/x\x00",
        "//[::1]/",
        "/a\\b",
        "",
        None,
    ],
)
def test_a_sign_in_never_leads_to_a_foreign_site(target: str | None) -> None:
    assert local_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/cycles", "/cycles/1?a=b&c=d", "/sections/3#x", "/search?q=//x", "/中文"])
def test_a_sign_in_leads_on_within_the_house(target: str) -> None:
    assert local_path(target) == target


def test_after_signing_in_the_wanted_page_opens(client: FlaskClient, unit: AUnit) -> None:
    refused = client.get("/cycles?year=2018")
    assert refused.location == "/sign-in?next=/cycles?year%3D2018"
    assert sign_in(client, unit.logins["editor"], next="/cycles?year=2018").location == "/cycles?year=2018"
    assert client.get("/sign-in?next=//evil.example").location == "/"


def test_a_first_password_must_be_changed_before_anything_else(client: FlaskClient, unit: AUnit) -> None:
    person_id, password = staffing.create_person(unit.sysadmin, login="neu", name="新来的")
    staffing.grant(unit.secadmin, person_id, staffing.Grant(Role.EDITOR))
    assert sign_in(client, "neu", password).location == "/account"
    for path in ("/", "/cycles", "/people", "/log", "/nowhere", "/sign-in"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (303, "/account"), path
    assert client.post("/cycles/new", data={}).location == "/account"
    assert client.get("/cycles", headers=JSON).status_code == 403
    with client.get("/static/app.css") as style:
        assert style.status_code == 200
    page = client.get("/account").get_data(as_text=True)
    assert "请先修改初始密码" in page
    weak = client.post("/account/password", data={"current": password, "new": "新来的新来的新来的新来的", "again": "x"})
    assert weak.status_code == 422
    done = client.post("/account/password", data={"current": password, "new": NEW, "again": NEW})
    assert (done.status_code, done.location) == (303, "/")
    assert client.get("/cycles").status_code == 200
    client.post("/sign-out")
    assert sign_in(client, "neu", password).status_code == 422


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", NEW, NEW, "当前密码不对"),
        (PASSWORD, PASSWORD, PASSWORD, "不能和当前密码相同"),
        (PASSWORD, "太短了", "太短了", "至少 12 个字符"),
        (PASSWORD, "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "太容易被猜到"),
        (PASSWORD, "my password is long", "my password is long", "太容易被猜到"),
        (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一致"),
        (PASSWORD, "长" * 60 + "abcdefgh" * 10, "长" * 60 + "abcdefgh" * 10, "不能超过 128"),
    ],
)
def test_a_bad_new_password_is_refused_beside_its_field(
    client: FlaskClient, unit: AUnit, current: str, new: str, again: str, sentence: str
) -> None:
    sign_in(client, unit.logins["writer"])
    answer = client.post("/account/password", data={"current": current, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_other_devices_are_listed_and_can_be_signed_out(rolled_back: Flask, client: FlaskClient, unit: AUnit) -> None:
    other = rolled_back.test_client()
    other.post(
        "/sign-in",
        data={"login": unit.logins["writer"], "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"},
    )
    sign_in(client, unit.logins["writer"])
    page = client.get("/account").get_data(as_text=True)
    assert "Chrome 浏览器 · Windows 电脑" in page
    assert client.post("/account/sessions/end").status_code == 303
    assert not is_in(other)
    assert is_in(client)
    assert "退出其他设备" not in client.get("/account").get_data(as_text=True)
    assert events.of_unit(unit.id, limit=1)[0].action == "end_sessions"


def test_an_account_without_a_post_can_only_look_after_itself(client: FlaskClient, unit: AUnit) -> None:
    _, password = staffing.create_person(unit.sysadmin, login="ohne", name="无职")
    sign_in(client, "ohne", password)
    client.post("/account/password", data={"current": password, "new": NEW, "again": NEW})
    assert client.get("/account").status_code == 200
    assert client.get("/people").status_code == 403


def test_what_a_browser_says_of_itself_in_words() -> None:
    assert spoken("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0") == "火狐浏览器 · Linux 电脑"
    assert spoken("curl/8") == "其他程序"


def test_the_login_counts_without_regard_to_width_and_case(client: FlaskClient, unit: AUnit) -> None:
    wide = unit.logins["writer"].upper().replace(".", "．")
    assert sign_in(client, f"  {wide} ").status_code == 303


def test_failed_and_successful_sign_ins_are_in_the_units_log(client: FlaskClient, unit: AUnit) -> None:
    sign_in(client, unit.logins["writer"], "wrong")
    sign_in(client, unit.logins["writer"])
    client.post("/sign-out")
    assert [event.action for event in events.of_unit(unit.id, limit=3)] == ["sign_out", "sign_in", "sign_in_refused"]


def test_passwords_are_kept_as_argon2id(client: FlaskClient, unit: AUnit) -> None:
    assert people.password_hash(unit.writer.id).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
