"""One child process of the supervisor: its own process group, its own log, never outliving the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from perfapp.running.errors import CannotRun

PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).parents[2]
LOG_LIMIT_BYTES = 5 * 1024 * 1024
TAIL_LINES = 12


def die_with_parent(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when its parent dies, even by kill -9. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # it died before we could ask
            os.kill(os.getpid(), how)


class Part:
    """A child process from its start to its end."""

    def __init__(self, name: str, label: str, command: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self.name, self.label, self.log = name, label, log
        rotate(log)
        parent = os.getpid()
        # SIGKILL when the supervisor is killed: jobs and transactions are built to survive it, and a part that takes
        # its time to stop would still hold the port or the lock of the next start.
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 -- our own words
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=dict(env),
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, and it stops the parts in order
                preexec_fn=lambda: begin(parent),  # safe: the supervisor has one thread
            )

    @property
    def status(self) -> int | None:
        """Exit status, None while it runs; negative: the signal that ended it."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        """SIGTERM to the process itself: a master stops its own children in order."""
        with suppress(ProcessLookupError):
            self.process.terminate()

    def end(self, grace: float) -> None:
        """Wait for it, at most `grace` seconds, then kill what is left of its whole group."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(grace, 0))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def failure(self) -> CannotRun:
        """One sentence on how it ended, and the end of its log."""
        status = self.status
        how = f"被信号 {-status} 终止" if status is not None and status < 0 else f"退出，状态 {status}"
        return CannotRun(f"{self.label}意外结束（{how}），系统已全部停止。日志 {self.log} 的末尾：\n{tail(self.log)}")


def begin(parent: int) -> None:
    """In the child, before it becomes the part: the supervisor blocks signals to wait for them, the part must not."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    die_with_parent(parent)


def rotate(log: Path) -> None:
    """Keep one older file when the log has grown large."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def tail(log: Path) -> str:
    """The last lines, indented."""
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join(f"    {line}" for line in lines)
