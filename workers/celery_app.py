"""Builds the worker: the same application, with Celery around it.

`celery --app workers.celery_app worker --queues work,notify`, and for the seals, with PERFAPP_OPENS_KEYS=1,
`celery --app workers.celery_app worker --queues seal --concurrency 1`
"""

import os
from pathlib import Path

from celery import Celery, Task
from celery.signals import worker_process_init, worker_ready

from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.running.part import die_with_parent
from perfapp.sending import broker_url
from perfapp.services import jobs

SOFT_LIMIT_SECONDS = 480
HARD_LIMIT_SECONDS = 540  # work that hangs is killed; its lease is renewed no more, and another worker takes it up

settings = Settings.from_env(os.environ)
flask_app = create_app(settings)


class AppTask(Task):
    """A task inside the application's context."""

    abstract = True

    def __call__(self, *args: object, **kwargs: object) -> object:
        with flask_app.app_context():
            return self.run(*args, **kwargs)


celery_app = Celery(
    "perfapp",
    broker=broker_url(settings.redis_url or "redis://127.0.0.1:6379/0"),
    task_cls=AppTask,
    include=["workers.tasks"],
)
celery_app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    # Early acknowledgement: the job table and not the broker decides whether a job runs (again).
    task_acks_late=False,
    task_ignore_result=True,
    task_default_queue="work",
    task_soft_time_limit=SOFT_LIMIT_SECONDS,
    task_time_limit=HARD_LIMIT_SECONDS,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    timezone="Asia/Shanghai",
)


@worker_process_init.connect
def bind_child(**_: object) -> None:
    """A child at work must not outlive a killed worker: its job will be claimed by the next one."""
    die_with_parent(os.getppid())


@worker_ready.connect
def report_ready(**_: object) -> None:
    """Take up at once what a stop or a kill left behind; tell the supervisor."""
    if os.environ.get("PERFAPP_ONLY_WORKER"):
        with flask_app.app_context():
            jobs.release()
    if settings.opens_keys:
        celery_app.send_task("perfapp.probe", queue="seal", expires=60)  # it is ready once every key has been tried
        celery_app.send_task("perfapp.renew", queue="seal", expires=600)
        return
    celery_app.send_task("perfapp.sweep", queue="work", expires=60)
    ready = os.environ.get("PERFAPP_READY_FILE")
    if ready:
        Path(ready).touch()
