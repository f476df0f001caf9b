"""One command starts everything and stops everything."""

import os
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from tests.running.system import System, await_that, free_port, living, refused, running, surroundings


def test_it_starts_answers_and_stops_and_starts_again(tmp_path: Path) -> None:
    env = surroundings(tmp_path / "home", PERFAPP_DEMO="1")
    for _ in ("first", "second"):
        with running(env) as system:
            assert system.address in system.output
            with urllib.request.urlopen(f"{system.address}/healthz") as answer:  # noqa: S310 -- our own address
                assert answer.status == 200
            assert set(system.parts()) == {"web", "worker", "seal", "beat", "broker"}
            assert system.end() == 0
            assert living(system.home) == []
    accounts = (tmp_path / "home" / "demo-accounts.txt").read_text().splitlines()
    assert accounts[0] in system.output


@pytest.mark.parametrize("part", ["web", "worker", "seal", "beat", "broker"])
def test_when_a_part_dies_all_stop(tmp_path: Path, part: str) -> None:
    with running(surroundings(tmp_path / "home")) as system:
        os.kill(system.parts()[part], signal.SIGKILL)
        assert system.process.wait(timeout=30) == 1
        assert living(system.home) == []
        assert "被信号 9 终止" in system.output
        assert str(system.home / "logs" / f"{part}.log") in system.output


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    env = surroundings(tmp_path / "home")
    with running(env) as system:
        assert len(living(system.home)) >= 10
        system.end(signal.SIGKILL)
        await_that(lambda: living(system.home) == [], 10)
    with running(env) as again:
        assert again.end(signal.SIGTERM) == 0


def test_ctrl_c_during_the_start_leaves_nothing(tmp_path: Path) -> None:
    system = System(surroundings(tmp_path / "home"))
    try:
        await_that(lambda: (system.home / "logs" / "migrate.log").exists(), 30)
        assert system.end() == 0
        assert living(system.home) == []
    finally:
        system.close()


def test_a_home_too_deep_for_a_socket_works(tmp_path: Path) -> None:
    with running(surroundings(tmp_path / ("d" * 120))) as system:
        assert system.end() == 0


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(surroundings(tmp_path / "home", PORT=str(port)))
    assert said.startswith(f"无法在 127.0.0.1:{port} 上监听")
    assert "\n" not in said


def test_a_second_start_in_the_same_home_is_one_sentence(tmp_path: Path) -> None:
    env = surroundings(tmp_path / "home")
    with running(env) as system:
        said = refused({**env, "PORT": str(free_port())})
        assert f"进程 {system.process.pid}" in said
        assert "\n" not in said
        assert system.end() == 0


def test_an_unusable_home_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(surroundings(tmp_path / "file" / "home"))
    assert "PERFAPP_HOME" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:{port}/nowhere"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:{port}/0"),
    ],
)
def test_an_unreachable_service_is_one_sentence(tmp_path: Path, name: str, address: str) -> None:
    said = refused(surroundings(tmp_path / "home", **{name: address.format(port=free_port())}))
    assert said.startswith("连接不上")
    assert name in said
    assert "\n" not in said
    assert "secret" not in said
    assert living(tmp_path / "home") == []


def test_a_broken_database_file_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "other.sqlite3").write_bytes(b"not a database, but long enough to be read as one" * 40)
    said = refused(surroundings(home, DATABASE_URL=f"sqlite:///{home / 'other.sqlite3'}"))
    assert said.startswith(f"打不开数据库文件 {home / 'other.sqlite3'}")
    assert living(home) == []
