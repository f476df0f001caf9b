"""What: thin bodies, one service call each."""

import logging
import os
from pathlib import Path

from perfapp.services import jobs, reminding
from perfapp.services.making import probing, renewing
from workers.celery_app import celery_app

logger = logging.getLogger(__name__)


@celery_app.task(name="perfapp.run_job")
def run_job(job_id: int) -> None:
    """Do the job, if it is still to be done."""
    jobs.run(job_id)


@celery_app.task(name="perfapp.sweep")
def sweep() -> None:
    """Send again what is due and not running."""
    jobs.sweep()


@celery_app.task(name="perfapp.remind")
def remind() -> None:
    """Remind everybody of what is due; told once a day, however often it runs."""
    reminding.remind()


@celery_app.task(name="perfapp.renew")
def renew() -> None:
    """In the sealing worker: renew the archive time stamps that end soon."""
    for sentence in renewing.renew_due():
        logger.warning("%s", sentence)


@celery_app.task(name="perfapp.probe")
def probe() -> None:
    """In the sealing worker: try every key and time server, say what must be mended; the first time, also be ready."""
    sentences = probing.probe()
    for sentence in sentences:
        logger.warning("%s", sentence)
    ready = os.environ.get("PERFAPP_READY_FILE")
    if ready and not Path(ready).exists():
        fresh = Path(f"{ready}.new")
        fresh.write_text("\n".join(sentences))
        fresh.replace(ready)  # there whole or not at all: the supervisor waits for it
