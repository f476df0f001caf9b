"""The ground the system stands on: its folder, its lock, its port."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO

from perfapp.running.errors import CannotRun


def prepare(home: Path) -> None:
    """Make the folder and its rooms; raises CannotRun where nothing can be written."""
    try:
        for folder in (home, home / "logs", home / "broker", home / "run"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / "run" / f"probe.{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise CannotRun(
            f"无法写入数据目录 {home}（{error.strerror}）：请改正目录权限，或用 PERFAPP_HOME 指定另一个可写目录。"
        ) from error


def lock(home: Path) -> TextIO:
    """The open lock file, to be kept open as long as the system runs; raises CannotRun where one runs already."""
    held = (home / "run" / "lock").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.seek(0)
        owner = held.read().strip() or "未知"
        held.close()
        raise CannotRun(
            f"数据目录 {home} 正被另一个运行中的系统使用（进程 {owner}）："
            "请先停止它，或用 PERFAPP_HOME 指定另一个目录。"
        ) from error
    held.truncate(0)
    held.write(str(os.getpid()))
    held.flush()
    return held


def check_port(host: str, port: int) -> None:
    """Raises CannotRun where nothing can listen on the address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise CannotRun(
            f"无法在 {host}:{port} 上监听（{getattr(error, 'strerror', None) or error}）："
            f"请停止占用该端口的程序，或换一个端口，例如 PORT={port + 1} make run。"
        ) from error
