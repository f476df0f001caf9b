"""Workers killed before, while and after they hand a message over: every message is seen at most once, none is lost."""

import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.integration.gateway import Gateway, a_gateway
from tests.running.system import ROOT, surroundings

MESSAGES = 40
KILLS = 12
PREPARE = f"""
import os
from datetime import date
from flask_migrate import upgrade
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.core.channels import Channel
from perfapp.data import cycles
from perfapp.data.session import transaction
from perfapp.services import channels, posting
from tests.making import a_cycle, a_unit
app = create_app(Settings.from_env(os.environ))
with app.app_context():
    upgrade()
    unit = a_unit(with_seal=False)
    cycle = a_cycle(unit)
    for person in (unit.head, unit.writer, unit.money_writer, None):
        channels.add_robot(unit.sysadmin, channels.NewRobot(
            Channel.WECOM, "群", os.environ["GATEWAY"], person_id=person.id if person else None))
    for number in range({MESSAGES}):
        with transaction():
            posting.each(number, [unit.head.id], subject=f"第{{number}}件", body="", path="/")
    with transaction():
        cycles.set_dates(cycle, {{"draft": date(2019, 3, 18)}})
"""
WORK = """
import os
from perfapp import clock
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.data import jobs as table
from perfapp.services import jobs
app = create_app(Settings.from_env(os.environ))
with app.app_context():
    jobs.release()
    while waiting := [job_id for job_id, kind in table.due(clock.now()) if kind == "message"]:
        jobs.run(waiting[0])
"""
REMIND = """
import os
from datetime import UTC, datetime
from perfapp import clock
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.services import jobs, reminding
app = create_app(Settings.from_env(os.environ))
with app.app_context(), clock.at(datetime(2019, 3, 18, 0, 30, tzinfo=UTC)):
    reminding.remind()
    jobs.sweep()
"""


def python(code: str, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env)


def states(home: Path) -> Counter[str]:
    connection = sqlite3.connect(f"file:{home / 'perfapp.sqlite3'}?mode=ro", uri=True, timeout=20)
    try:
        return Counter(state for (state,) in connection.execute("SELECT state FROM outgoing"))
    finally:
        connection.close()


def kill_at(gateway: Gateway, request: int, worker: "subprocess.Popen[bytes]", *, before_answer: bool) -> None:
    """Kill the worker when the so-manieth message has come in: before it is answered, or once it has been."""
    seen = len(gateway.got)

    def strike(*, answered: bool) -> None:
        if len(gateway.got) - seen >= request and answered is not before_answer:
            worker.send_signal(signal.SIGKILL)

    gateway.watch = strike


def test_messages_are_counted_over_kills(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_gateway() as gateway:
        env = surroundings(home, PERFAPP_WEBHOOK_HOSTS=gateway.host, GATEWAY=f"http://{gateway.host}/send?key=a")
        assert python(PREPARE, env).wait(timeout=120) == 0
        for number in range(KILLS):
            worker = python(WORK, env)
            kill_at(gateway, 1 + number % 3, worker, before_answer=number % 2 == 0)
            assert worker.wait(timeout=120) == -signal.SIGKILL
        gateway.watch = None
        assert python(WORK, env).wait(timeout=120) == 0
        counted, ended = Counter(gateway.texts), states(home)
    assert set(counted.values()) == {1}  # never twice
    assert ended.keys() <= {"sent", "unknown"}
    assert sum(ended.values()) == MESSAGES  # never lost
    assert ended["unknown"] <= KILLS
    assert ended["unknown"] >= KILLS // 2  # killed before the answer: said to be unknown, and not sent again
    assert ended["sent"] <= len(counted) <= MESSAGES


def test_two_clocks_and_two_sweeps_make_one_digest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with a_gateway() as gateway:
        env = surroundings(home, PERFAPP_WEBHOOK_HOSTS=gateway.host, GATEWAY=f"http://{gateway.host}/send?key=a")
        assert python(PREPARE, env).wait(timeout=120) == 0
        assert python(WORK, env).wait(timeout=120) == 0
        before = len(gateway.got)
        clocks = [python(REMIND, env) for _ in range(3)]
        assert [clock.wait(timeout=120) for clock in clocks] == [0, 0, 0]
        workers = [python(WORK, env) for _ in range(2)]
        assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
        digests = gateway.texts[before:]
    assert len(digests) == len(set(digests))
    heads = Counter(text.partition("：")[0] for text in digests)
    assert heads == {"到期提醒": 2, "全单位": 1}  # the two writers, and the group once
