"""gunicorn's settings, for `make run` and for deployment alike: `gunicorn -c python:perfapp.running.web wsgi:app`.

No preload. typst deadlocks in a process forked from one that has compiled, so nothing of ours runs in the master.
"""

import os
from typing import Any

from perfapp.running.part import die_with_parent

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
keepalive = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 -- heartbeats must not wait for a disk
forwarded_allow_ips = "127.0.0.1"
accesslog = None  # nginx writes one; here a line per autosave would drown what matters
errorlog = "-"


def post_fork(server: Any, worker: Any) -> None:
    """A web worker must not outlive a killed master: it would keep the port."""
    die_with_parent(server.pid)
