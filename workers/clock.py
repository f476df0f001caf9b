"""When: the tasks that run by the clock, known by name only, so that beat stays a small process.

`celery --app workers.clock beat`, exactly one of it.
"""

import os

from celery import Celery
from celery.schedules import crontab

from perfapp.config import Settings
from perfapp.sending import broker_url

SWEEP_SECONDS = 10.0
PROBE_SECONDS = 600.0
RENEW_AT = crontab(hour="*/6", minute=40)
REMIND_AT = crontab(hour=8, minute=30)  # before the day's work, on the office wall's clock

clock = Celery("perfapp", broker=broker_url(Settings.from_env(os.environ).redis_url or "redis://127.0.0.1:6379/0"))
clock.conf.update(
    task_serializer="json",
    task_ignore_result=True,
    timezone="Asia/Shanghai",
    broker_connection_retry_on_startup=True,
    beat_schedule={
        "sweep": {
            "task": "perfapp.sweep",
            "schedule": SWEEP_SECONDS,
            # a sweep that nobody took in time is worth nothing: the next one does the same
            "options": {"queue": "work", "expires": SWEEP_SECONDS},
        },
        "probe": {
            "task": "perfapp.probe",
            "schedule": PROBE_SECONDS,
            "options": {"queue": "seal", "expires": PROBE_SECONDS},
        },
        "renew": {
            "task": "perfapp.renew",
            "schedule": RENEW_AT,
            "options": {"queue": "seal", "expires": 6 * 3600},
        },
        "remind": {
            "task": "perfapp.remind",
            "schedule": REMIND_AT,
            # a worker that was away in the morning still reminds in the afternoon, and never at night
            "options": {"queue": "notify", "expires": 8 * 3600},
        },
    },
)
