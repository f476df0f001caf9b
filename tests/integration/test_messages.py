"""Messages through group robots: at most once, never to another place, and a failure is seen and sent again."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.channels import Channel, Mode, Outcome
from perfapp.core.errors import Forbidden, Invalid, NotFound
from perfapp.core.section_flow import SectionAction
from perfapp.data import channels, outbox
from perfapp.data import jobs as job_table
from perfapp.data.outbox import OutgoingView
from perfapp.data.session import transaction
from perfapp.extensions import current_settings, keep_settings
from perfapp.services import channels as acts
from perfapp.services import jobs, posting
from perfapp.services import sections as section_acts
from perfapp.services.channels import NewRobot
from tests.integration.gateway import Gateway, a_gateway
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, section_with, write

KEY = "/cgi-bin/webhook/send?key=secret-key"


@pytest.fixture
def gateway(rolled_back: Flask) -> Iterator[Gateway]:
    before = current_settings()
    with a_gateway() as gateway:
        keep_settings(rolled_back, dataclasses.replace(before, webhook_hosts=frozenset({gateway.host})))
        yield gateway
    keep_settings(rolled_back, before)


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit(with_seal=False)


def a_robot(unit: AUnit, gateway: Gateway, channel: Channel = Channel.WECOM, secret: str = "") -> int:
    """Of the head alone."""
    new = NewRobot(channel, "提醒", f"http://{gateway.host}{KEY}", secret, person_id=unit.head.id)
    return acts.add_robot(unit.sysadmin, new)


def submit_one(unit: AUnit) -> str:
    section = write(unit, section_with(a_cycle(unit), "basics").id, "正文。")
    return section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=section.version).heading


def send() -> list[str | None]:
    """Run what is due of the outbox."""
    return [jobs.run(job_id) for job_id, kind in job_table.due(clock.now()) if kind == "message"]


def only(unit: AUnit) -> OutgoingView:
    (message,) = outbox.troubled(unit.id) + outbox.recent(unit.id)
    return message


@pytest.mark.parametrize(("channel", "secret"), [(Channel.WECOM, ""), (Channel.DINGTALK, "s"), (Channel.FEISHU, "s")])
def test_the_one_whose_turn_it_is_is_told_once(unit: AUnit, gateway: Gateway, channel: Channel, secret: str) -> None:
    a_robot(unit, gateway, channel, secret)
    if channel is Channel.FEISHU:
        gateway.answers = [(200, b'{"code":0,"msg":"success"}', "")]
    heading = submit_one(unit)
    assert send() == ["done"]
    assert send() == []
    (text,) = gateway.texts
    assert f"请您审核：{heading}" in text
    assert only(unit).state is Outcome.SENT
    path, content = gateway.got[0]
    assert ("sign" in path, "sign" in content) == (channel is Channel.DINGTALK, channel is Channel.FEISHU)


@pytest.mark.parametrize(
    ("answer", "job", "state", "said"),
    [
        (
            (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', ""),
            "failed",
            Outcome.FAILED,
            "invalid webhook url",
        ),
        ((200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', ""), "queued", Outcome.WAITING, "稍后自动重试"),
        ((404, b"", ""), "failed", Outcome.FAILED, "HTTP 404"),
        ((503, b"", ""), "queued", Outcome.WAITING, "稍后自动重试"),
        ((500, b"", ""), "done", Outcome.UNKNOWN, "不能确定"),
        ((200, b"<html>", ""), "done", Outcome.UNKNOWN, "读不懂"),
        (None, "done", Outcome.UNKNOWN, "没有答复"),
    ],
)
def test_what_the_platform_answers_decides(
    unit: AUnit, gateway: Gateway, answer: tuple[int, bytes, str] | None, job: str, state: Outcome, said: str
) -> None:
    a_robot(unit, gateway)
    submit_one(unit)
    gateway.answers = [answer]
    assert send() == [job]
    assert (only(unit).state, len(gateway.got)) == (state, 1)
    assert said in only(unit).error


def test_a_redirect_is_not_followed(unit: AUnit, gateway: Gateway) -> None:
    with a_gateway() as elsewhere:
        a_robot(unit, gateway)
        submit_one(unit)
        gateway.answers = [(307, b"", f"http://{elsewhere.host}/inside")]
        assert send() == ["failed"]
        assert elsewhere.got == []
    assert "转向别处" in only(unit).error


def test_a_gateway_that_is_away_is_tried_again_later_and_later(unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)
    submit_one(unit)
    gateway.close()
    moment, pauses = clock.now(), []
    for _ in range(4):
        with clock.at(moment):
            assert send() == ["queued"]
            for minutes in range(1, 200):
                with clock.at(moment + timedelta(minutes=minutes, seconds=1)):
                    if [kind for _, kind in job_table.due(clock.now()) if kind == "message"]:
                        break
        pauses.append(minutes)
        moment += timedelta(minutes=minutes, seconds=1)
    assert pauses == [1, 5, 30, 120]
    with clock.at(moment):
        assert send() == ["failed"]
        assert only(unit).state is Outcome.FAILED
        assert "试了 5 次" in only(unit).error


def test_a_host_taken_off_the_list_is_not_posted_to(unit: AUnit, gateway: Gateway, rolled_back: Flask) -> None:
    a_robot(unit, gateway)
    submit_one(unit)
    keep_settings(rolled_back, dataclasses.replace(current_settings(), webhook_hosts=frozenset()))
    assert send() == ["failed"]
    assert gateway.got == []


def test_broken_off_between_sending_and_noting_is_not_sent_again(unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)
    submit_one(unit)
    with transaction():
        assert outbox.begin(only(unit).id) is not None  # and here the worker was killed
    assert send() == ["done"]
    assert (only(unit).state, gateway.got) == (Outcome.UNKNOWN, [])
    assert "可能已经发出，也可能没有" in only(unit).error


def test_sent_again_by_the_administrator_it_says_so(client: FlaskClient, unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)
    heading = submit_one(unit)
    gateway.answers = [None]
    assert send() == ["done"]
    client.post("/sign-in", data={"login": unit.logins["sysadmin"], "password": PASSWORD})
    page = client.get("/messages").get_data(as_text=True)
    assert "可能已发出" in page
    assert "secret-key" not in page
    answer = client.post(f"/messages/{only(unit).id}/again", follow_redirects=True)
    assert "对方可能收到两次" in answer.get_data(as_text=True)
    assert send() == ["done"]
    assert [text.startswith("（重发）") for text in gateway.texts] == [False, True]
    assert all(heading in text for text in gateway.texts)
    assert client.post(f"/messages/{only(unit).id}/again").status_code == 404  # it has arrived
    assert outbox.troubled(unit.id) == []


def test_the_same_occasion_day_and_channel_is_one_row(unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)
    for _ in range(3):
        with transaction():
            posting.each(7, [unit.head.id], subject="一次", body="", path="/")
    assert send() == ["done"]
    assert len(gateway.got) == 1


def test_what_is_rolled_back_is_never_sent(unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)

    def refused() -> None:
        with transaction():
            posting.each(7, [unit.head.id], subject="没有发生", body="", path="/")
            raise Forbidden("不办了。")

    with pytest.raises(Forbidden):
        refused()
    assert send() == []


def test_each_person_decides_how_he_is_told(client: FlaskClient, unit: AUnit, gateway: Gateway) -> None:
    a_robot(unit, gateway)
    client.post("/sign-in", data={"login": unit.logins["head"], "password": PASSWORD})
    assert "企业微信" in client.get("/account/channels").get_data(as_text=True)
    assert client.post("/account/channels", data={"wecom": "off"}).status_code == 303
    assert acts.own(unit.head) == [(Channel.WECOM, Mode.OFF)]
    submit_one(unit)
    assert send() == []
    assert client.post("/account/channels", data={"wecom": "shout"}).status_code == 422


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a", "应以 https:// 开头"),
        ("https://qyapi.weixin.qq.com.evil.example/send", "不是企业微信的官方地址"),
        ("https://qyapi.weixin.qq.com@evil.example/send", "应以 https:// 开头"),
        ("https://127.0.0.1/send", "PERFAPP_WEBHOOK_HOSTS"),
        ("http://169.254.169.254/latest", "PERFAPP_WEBHOOK_HOSTS"),
        ("https://oapi.dingtalk.com/robot/send", "不是企业微信的官方地址"),
        ("file:///etc/passwd", "应以 https:// 开头"),
        ("gopher://qyapi.weixin.qq.com/", "应以 https:// 开头"),
        ("https://qyapi.weixin.qq.com:99999/", "应以 https:// 开头"),
        ("https://qyapi.weixin.qq.com:8443/", "不是企业微信的官方地址"),
    ],
)
def test_only_the_platform_and_listed_hosts_are_taken(unit: AUnit, address: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        acts.add_robot(unit.sysadmin, NewRobot(Channel.WECOM, "群", address))
    assert refusal.value.field == "address"


def test_robots_belong_to_the_units_administrator(unit: AUnit, gateway: Gateway) -> None:
    robot_id, other = a_robot(unit, gateway), a_unit(with_seal=False)
    with pytest.raises(NotFound):
        acts.remove_robot(other.sysadmin, robot_id)
    with pytest.raises(Forbidden):
        acts.remove_robot(unit.editor, robot_id)
    with pytest.raises(Invalid):
        acts.add_robot(unit.sysadmin, NewRobot(Channel.WECOM, "群", f"http://{gateway.host}", person_id=other.head.id))
    acts.try_robot(unit.sysadmin, robot_id)
    assert send() == ["done"]
    assert "已经接通" in gateway.texts[0]
    acts.remove_robot(unit.sysadmin, robot_id)
    assert channels.robots(unit.id) == []
