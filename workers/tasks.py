"""What: thin bodies, one service call each."""

from perfapp.services import jobs, reminding
from workers.celery_app import celery_app


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
