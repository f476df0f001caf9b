"""Tells the worker that a job waits. The only way from the application to the broker.

A message is a hint, the job table is the truth: a message that cannot be sent is logged and forgotten, and the sweep
sends it again. So nothing here waits long, tries twice or raises.
"""

import logging
from time import monotonic
from typing import Literal

from celery import Celery
from kombu.exceptions import OperationalError

Queue = Literal["work", "seal", "notify"]

RUN_JOB = "perfapp.run_job"
TIMEOUT_SECONDS = 1.0
SILENCE_SECONDS = 5.0  # after a failure: a dead broker must not cost every request its timeout

logger = logging.getLogger(__name__)


def broker_url(redis_url: str) -> str:
    """Celery's spelling of a Redis address: redis-py says unix://PATH, kombu says redis+socket://PATH."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://")
    return redis_url


class Sender:
    """Publishes tasks by name; the tasks themselves are never imported."""

    def __init__(self) -> None:
        self._celery: Celery | None = None
        self._silent_until = 0.0

    def configure(self, redis_url: str | None) -> None:
        """Without an address nothing is sent: commands and tests need no broker."""
        self._silent_until = 0.0
        self._celery = None
        if redis_url:
            self._celery = Celery("perfapp", broker=broker_url(redis_url), set_as_current=False)
            self._celery.conf.update(
                task_serializer="json",
                task_ignore_result=True,
                broker_transport_options={
                    "socket_connect_timeout": TIMEOUT_SECONDS,
                    "socket_timeout": TIMEOUT_SECONDS,
                    "retry_on_timeout": False,
                    "max_retries": 0,
                },
            )

    def send_job(self, job_id: int, queue: Queue = "work") -> bool:
        """Whether the broker took the message."""
        if self._celery is None or monotonic() < self._silent_until:
            return False
        try:
            self._celery.send_task(RUN_JOB, (job_id,), queue=queue, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            self._silent_until = monotonic() + SILENCE_SECONDS
            logger.warning("broker unreachable, job %s waits for the sweep: %s", job_id, error)
            return False
        return True


sender = Sender()
send_job = sender.send_job
