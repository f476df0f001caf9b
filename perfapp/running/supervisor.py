"""Starts the parts in order, watches them, stops them all when one dies or a person says so."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic

from perfapp.config import Settings
from perfapp.running import broker, ground, schema
from perfapp.running.errors import CannotRun
from perfapp.running.part import ROOT, Part

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
POLL_SECONDS = 0.05
STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED = STOPPING | {signal.SIGCHLD}
SQLITE = "sqlite:///"


class Stopped(Exception):
    """A person asked the system to stop."""


class Supervisor:
    """One run of the whole system."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.home.resolve()
        self.parts: list[Part] = []
        self.env = {
            **os.environ,
            "PERFAPP_HOME": str(self.home),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",  # glibc otherwise keeps one pool of memory for every thread
        }
        self.env.pop("PERFAPP_OPENS_KEYS", None)  # for the sealing worker alone, whatever the terminal says

    def run(self) -> int:
        """0 when a person stopped it; raises CannotRun when it could not start or a part died."""
        ground.prepare(self.home)
        with ground.lock(self.home):
            ground.check_port(self.settings.host, self.settings.port)
            signal.signal(signal.SIGCHLD, lambda *_: None)  # ignored signals could not be waited for
            signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
            try:
                self._start()
                self._announce()
                while True:
                    self._pause(None)
            except Stopped:
                say("正在停止 …")
                return 0
            finally:
                self._stop()
                say("已全部停止。")

    def _start(self) -> None:
        say(f"数据目录 {self.home}，正在启动 …")
        revision = self._revision()
        if not self.settings.redis_url:
            self._start_broker()
        if not schema.is_current(self.home, revision):
            self._complete("migrate", "数据库升级", python("flask", "--app", "wsgi", "db", "upgrade"))
            schema.keep(self.home, self._revision())
        if self.settings.demo and (not revision or not self._accounts.exists()):
            say("首次启动，正在装入演示数据 …")
            self._complete("demo", "装入演示数据", python("flask", "--app", "wsgi", "demo", "load"))
        if self.settings.demo and not self.settings.tsa_url:
            self._start_time_server()
        self._start_web()
        for ready in self._ready_files:
            ready.unlink(missing_ok=True)
        self._start_workers()
        self._await(
            lambda: all(ready.exists() for ready in self._ready_files) and self._is_healthy(), "网页服务或后台任务"
        )

    def _start_broker(self) -> None:
        listen_on = broker.socket_path(self.home)
        listen_on.unlink(missing_ok=True)  # left by a kill; the lock says that nobody uses it
        self._begin("broker", "消息队列", broker.command(self.home, listen_on))
        self._await(lambda: broker.answers(listen_on), "消息队列")
        self.env["REDIS_URL"] = f"unix://{listen_on}"
        self.env["PERFAPP_ONLY_WORKER"] = "1"  # a private broker has one worker: what an earlier one held is free

    def _start_time_server(self) -> None:
        """The demo's own, on any free port of the loopback; for real an authority of the unit's choice is set."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._begin("time", "时间戳服务", python("workers.time_server", str(port)))
        self.env["PERFAPP_TSA_URL"] = f"http://127.0.0.1:{port}/"

    def _start_web(self) -> None:
        bind = f"{self.settings.host}:{self.settings.port}"
        command = ("gunicorn", "--config", "python:perfapp.running.web", "--bind", bind, "wsgi:app")
        self._begin("web", "网页服务", python(*command))

    def _start_workers(self) -> None:
        """Documents and notices in one process, the seals in another: only that one may open their keys."""
        celery = ("celery", "--quiet", "--app")
        beat = ("workers.clock", "beat", "--schedule", str(self.home / "run" / "beat"), "--pidfile=")
        for name, label, queues, more in (
            ("worker", "后台任务", "work,notify", {}),
            ("seal", "盖章服务", "seal", {"PERFAPP_OPENS_KEYS": "1"}),
        ):
            worker = ("workers.celery_app", "worker", "--hostname", f"{name}@%h", "--queues", queues)
            alone = ("--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat")
            ready = {"PERFAPP_READY_FILE": str(self._ready_file(name))}
            self._begin(name, label, python(*celery, *worker, *alone, "--loglevel", "WARNING"), {**more, **ready})
        self._begin("beat", "定时任务", python(*celery, *beat, "--loglevel", "WARNING"))

    def _ready_file(self, name: str) -> Path:
        return self.home / "run" / f"{name}.ready"

    @property
    def _ready_files(self) -> tuple[Path, ...]:
        return self._ready_file("worker"), self._ready_file("seal")

    def _begin(self, name: str, label: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> Part:
        part = Part(name, label, command, self.home / "logs" / f"{name}.log", {**self.env, **(more or {})})
        self.parts.append(part)
        return part

    def _complete(self, name: str, label: str, command: Sequence[str]) -> None:
        """Run a part to its end."""
        step = self._begin(name, label, command)
        while step.status is None:
            self._pause(None, but=step)
        if step.status != 0:
            raise step.failure()
        self.parts.remove(step)

    def _await(self, happened: Callable[[], bool], label: str) -> None:
        deadline = monotonic() + START_SECONDS
        while not happened():
            if monotonic() > deadline:
                raise CannotRun(f"{label}在 {START_SECONDS:.0f} 秒内没有就绪，请看 {self.home / 'logs'} 下的日志。")
            self._pause(POLL_SECONDS)

    def _pause(self, seconds: float | None, but: Part | None = None) -> None:
        """Until a signal comes, or for so long; raises Stopped, or CannotRun when a part other than `but` has died."""
        got = signal.sigwaitinfo(WATCHED) if seconds is None else signal.sigtimedwait(WATCHED, seconds)
        if got and got.si_signo in STOPPING:
            raise Stopped
        for part in self.parts:
            if part is not but and part.status is not None:
                raise part.failure()

    def _stop(self) -> None:
        """Everything in order, the broker last; a second signal cuts the grace short."""
        users = [part for part in self.parts if part.name != "broker"]
        for part in users:
            part.ask_to_stop()
        deadline = monotonic() + GRACE_SECONDS
        while any(part.status is None for part in users) and monotonic() < deadline:
            got = signal.sigtimedwait(WATCHED, POLL_SECONDS)
            if got and got.si_signo in STOPPING:
                break
        for part in users:
            part.end(0)
        for part in self.parts:
            part.ask_to_stop()
            part.end(GRACE_SECONDS)

    def _revision(self) -> str:
        """Of the schema, empty where there is none yet. Also makes sure that database and broker answer."""
        url = self.settings.database_url
        if url.startswith(SQLITE) and not self.settings.redis_url:
            return schema.sqlite_revision(Path(url.removeprefix(SQLITE)))
        knock = subprocess.run(  # noqa: S603 -- our own words
            python("perfapp.running.knock"), cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        if knock.returncode != 0:
            raise CannotRun(knock.stderr.strip())
        return knock.stdout.strip()

    def _is_healthy(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.settings.host, self.settings.host)  # noqa: S104 -- compared
        with closing(http.client.HTTPConnection(host, self.settings.port, timeout=2)) as line:
            try:
                line.request("GET", "/healthz")
                return line.getresponse().status == http.HTTPStatus.OK
            except OSError:
                return False

    @property
    def _accounts(self) -> Path:
        return self.home / "demo-accounts.txt"

    def _announce(self) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.settings.host, self.settings.host)  # noqa: S104 -- compared
        say(f"\n系统已就绪：http://{host}:{self.settings.port}")
        if self.settings.demo and self._accounts.exists():
            say(self._accounts.read_text().rstrip())
        for sentence in self._ready_file("seal").read_text().splitlines():
            say(f"请注意：{sentence}")
        say("\n按 Ctrl-C 停止。")


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module in this same Python."""
    return [sys.executable, "-m", module, *arguments]


def say(line: str) -> None:
    """To the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
