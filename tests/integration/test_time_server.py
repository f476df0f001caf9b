"""The time server away, hung, babbling, and back: nothing is sealed without trusted time, and people know why."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp import clock, own_time
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.data import jobs as job_table
from perfapp.data import reports, seal_uses, surroundings
from perfapp.extensions import current_settings
from perfapp.services import jobs, outside
from perfapp.services import reports as report_acts
from perfapp.services.outside import Unanswered
from tests.integration.report_pages.reading import sign_in
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, an_issued_report, run_jobs
from tests.time_server import time_server


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit()


@contextmanager
def with_time_at(url: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings = replace(current_settings(), tsa_url=url)
    with monkeypatch.context() as patch:
        patch.setattr(surroundings, "settings", lambda: settings)
        yield


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def answering(reply: bytes, *, hang: bool = False) -> Iterator[str]:
    """A server that says something else, or nothing more after its first bytes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def serve() -> None:
            try:
                while True:
                    line, _ = listener.accept()
                    line.settimeout(5)
                    line.recv(10_000)
                    line.sendall(reply)
                    while hang and line.recv(1000):
                        continue
                    line.close()
            except OSError:
                return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(6)


def pressed(unit: AUnit) -> reports.ReportView:
    report = an_issued_report(unit, a_cycle(unit))
    return report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)


def test_away_the_report_waits_and_is_sealed_once_the_server_is_back(
    unit: AUnit, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, port = pressed(unit), closed_port()
    sign_in(client, unit, "leader")
    with with_time_at(f"http://127.0.0.1:{port}/", monkeypatch):
        pauses = []
        for _ in range(12):
            assert run_jobs() == ["queued"]
            use = seal_uses.latest_use(report.id)
            assert use is not None
            assert use.state == "intended"
            job = job_table.find("seal", f"use:{use.id}")
            assert job is not None
            pauses.append(job.run_after - clock.now())
            monkeypatch.setattr(clock, "now", lambda later=job.run_after: later)
        assert pauses == sorted(pauses)
        assert timedelta(seconds=1) < pauses[0] < timedelta(seconds=3)
        assert pauses[-1] == timedelta(minutes=10)
        assert reports.get(report.id).state is ReportState.SEALING
    html = client.get(f"/reports/{report.id}/seal").get_data(as_text=True)
    assert "还没有盖章，系统会自动再试" in html
    assert "时间戳服务拒绝连接，报告还没有盖章。请系统管理员检查时间戳服务" in html
    assert "下次再试" in html
    assert "时间戳服务拒绝连接" in client.get(f"/reports/{report.id}").get_data(as_text=True)
    assert "时间戳服务没有应答" in notices_of(client, unit, "sysadmin")
    assert run_jobs() == ["done"]
    assert reports.get(report.id).state is ReportState.SEALED
    assert "时间戳服务已恢复" in notices_of(client, unit, "sysadmin")


def notices_of(client: FlaskClient, unit: AUnit, role: str) -> str:
    sign_in(client, unit, role)
    return client.get("/notices").get_data(as_text=True)


def test_whoever_does_not_want_to_wait_calls_it_off(
    unit: AUnit, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = pressed(unit)
    with with_time_at(f"http://127.0.0.1:{closed_port()}/", monkeypatch):
        run_jobs()
    present = reports.get(report.id)
    report_acts.act(unit.leader, report.id, ReportAction.ABANDON_SEAL, version=present.version, reason="改天再盖")
    job = next(one for one in job_table.due(clock.now() + timedelta(hours=1)))
    with clock.at(clock.now() + timedelta(hours=1)):
        assert jobs.run(job[0]) == "done"
    assert reports.get(report.id).state is ReportState.ISSUED
    assert reports.get(report.id).sealed_sha256 is None


def test_without_an_address_sealing_is_refused_with_who_mends_it(unit: AUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    report = pressed(unit)
    with with_time_at(None, monkeypatch):
        assert run_jobs() == ["failed"]
    use = seal_uses.latest_use(report.id)
    assert use is not None
    assert "没有设置时间戳服务的地址（PERFAPP_TSA_URL），不能盖章，请系统管理员设置" in use.note


@pytest.mark.parametrize(
    ("reply", "hang", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", False, "时间戳服务没有给出时间戳"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", False, "时间戳服务回答了 503"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + b"0" * 999_999, False, "时间戳服务回答太长"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhel", True, "时间戳服务没有在时限内答完"),
        (b"", True, "时间戳服务没有在时限内应答"),
    ],
    ids=["babbling", "busy", "flooding", "hung in the middle", "hung from the start"],
)
def test_a_server_that_gives_no_time_stamp(
    unit: AUnit, reply: bytes, hang: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = pressed(unit)
    monkeypatch.setattr(outside, "SECONDS", 0.5)
    with answering(reply, hang=hang) as url, with_time_at(url, monkeypatch):
        assert run_jobs() == ["queued"]
    use = seal_uses.latest_use(report.id)
    assert use is not None
    job = job_table.find("seal", f"use:{use.id}")
    assert job is not None
    assert said in job.error


def test_a_stranger_behind_the_address_is_not_waited_for(
    unit: AUnit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    report = pressed(unit)
    stranger = own_time.authority(replace(current_settings(), home=tmp_path))
    with time_server(stranger) as url, with_time_at(url, monkeypatch):
        assert run_jobs() == ["failed"]
    use = seal_uses.latest_use(report.id)
    assert use is not None
    assert "时间戳服务的证书不是由登记的根证书签发的" in use.note


def test_one_byte_a_second_is_no_answer() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def drip() -> None:
            line, _ = listener.accept()
            try:
                while True:
                    line.sendall(b"H")
                    line.settimeout(0.1)
                    try:
                        line.recv(10_000)
                    except TimeoutError:
                        continue
            except OSError:
                line.close()

        thread = Thread(target=drip, daemon=True)
        thread.start()
        with pytest.raises(Unanswered):
            outside.ask(f"http://127.0.0.1:{listener.getsockname()[1]}/", most=100, seconds=0.6)
        thread.join(5)
    assert not thread.is_alive()
