"""gunicorn's settings, for `make run` and for deployment alike: `gunicorn -c python:perfapp.running.web wsgi:app`.

The application is loaded before the fork, so that the workers share its memory. That is safe because nothing in the
web compiles: typst deadlocks in a process forked from one that has, and a test keeps it out of the web processes.
"""

import gc
import os
from typing import Any

from perfapp.config import Settings
from perfapp.running.part import die_with_parent

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
keepalive = 5
preload_app = True
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 -- heartbeats must not wait for a disk
forwarded_allow_ips = "127.0.0.1"
accesslog = None  # nginx writes one; here a line per autosave would drown what matters
errorlog = "-"


def when_ready(server: Any) -> None:
    """What is loaded by now stays: out of the collector's sight, its pages are not copied in the workers."""
    gc.collect()
    gc.freeze()
    settings = Settings.from_env(os.environ)
    if not settings.demo and os.access(settings.seal_folder, os.R_OK):
        server.log.warning(
            "网页服务能读到印章目录 %s：请按 deploy/README.md 让盖章服务用自己的账号。", settings.seal_folder
        )


def post_fork(server: Any, worker: Any) -> None:
    """A web worker must not outlive a killed master: it would keep the port."""
    die_with_parent(server.pid)
