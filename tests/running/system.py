"""The whole system as its own processes, the way a person starts it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
START_SECONDS = 90.0
READY = "按 Ctrl-C 停止"


def free_port() -> int:
    """Free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """An environment in which only this test's wishes count."""
    ours = ("PERFAPP_", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "PORT", "HOST", "PYTEST_", "COV_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**plain, "PERFAPP_HOME": str(home), "PORT": str(free_port()), **more}


def refused(env: dict[str, str]) -> str:
    """What a start says that must not succeed."""
    run = subprocess.run(
        [sys.executable, "-m", "perfapp.running"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stderr.strip()


class System:
    """A running `make run`, seen from outside."""

    def __init__(self, env: dict[str, str]) -> None:
        self.home = Path(env["PERFAPP_HOME"])
        self.address = f"http://127.0.0.1:{env['PORT']}"
        self._out = (self.home.parent / f"{self.home.name}.out").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "perfapp.running"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        """All it has said so far."""
        return Path(self._out.name).read_text()

    def await_ready(self) -> None:
        """Until it says so itself."""
        await_that(lambda: READY in self.output or self.process.poll() is not None, START_SECONDS)
        assert READY in self.output, self.output

    def parts(self) -> dict[str, int]:
        """Name to process id of the children."""
        words = {
            "gunicorn": "web",
            "worker@": "worker",
            "seal@": "seal",
            "workers.clock": "beat",
            "unixsocket": "broker",
        }
        found = {}
        for pid in living(self.home):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            for word, name in words.items():
                if parent == self.process.pid and word in line:
                    found[name] = pid
        return found

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Exit status."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        """Whatever the test has left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._out.close()


@contextmanager
def running(env: dict[str, str]) -> Iterator[System]:
    """A system that is ready."""
    system = System(env)
    try:
        system.await_ready()
        yield system
    finally:
        system.close()


def living(home: Path) -> list[int]:
    """Processes that work for this home, except the test itself."""
    mark = f"PERFAPP_HOME={home}".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0") and int(environ.parent.name) != os.getpid():
                found.append(int(environ.parent.name))
        except OSError:
            continue  # ended while we looked, or not ours to see
    return found


def await_that(happens: object, seconds: float) -> None:
    """Until the condition holds; fails after so long."""
    assert callable(happens)
    end = monotonic() + seconds
    while not happens():
        assert monotonic() < end, "waited in vain"
        sleep(0.02)


def main() -> None:
    """`python -m tests.running.system`: start the demo once with this interpreter, and stop it."""
    with (
        TemporaryDirectory(prefix="perfapp-") as folder,
        running(surroundings(Path(folder) / "home", PERFAPP_DEMO="1")) as system,
    ):
        status = system.end()
    sys.exit(status)


if __name__ == "__main__":
    main()
