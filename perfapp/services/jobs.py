"""Run a job: claim, work outside any transaction, finish. And the sweep that leaves nothing lying."""

import logging
from datetime import timedelta
from typing import Any

from perfapp import clock, sending
from perfapp.core.errors import DomainError
from perfapp.data import jobs
from perfapp.data.jobs import Claim
from perfapp.data.session import transaction
from perfapp.services.making.compile import compile_report, preview_report
from perfapp.services.making.mail import send_letter
from perfapp.services.making.progress import Handler, Transient
from perfapp.services.making.repetition import measure_repetition
from perfapp.services.making.seal import press_seal

LEASE = timedelta(seconds=30)  # renewed while the work goes on
MAX_ATTEMPTS = 5
HANDLERS: dict[str, Handler] = {
    "compile": compile_report,
    "preview": preview_report,
    "seal": press_seal,
    "email": send_letter,
    "repetition": measure_repetition,
}

log = logging.getLogger(__name__)


def run(job_id: int) -> str | None:
    """How the job ended ('done', 'queued' again, 'failed', 'superseded'), or None when it was not to be done."""
    with transaction():
        claim = jobs.claim(job_id, clock.now(), LEASE)
    if claim is None:
        return None
    with jobs.kept(claim, LEASE):
        state, result, error = _attempt(claim)
    now = clock.now()
    with transaction():
        kept = jobs.finish(
            claim,
            state=state,
            now=now,
            result=result,
            error=error,
            run_after=now + timedelta(seconds=2**claim.attempt) if state == "queued" else None,
        )
    return state if kept else "superseded"


def sweep() -> int:
    """Send again every job that is due and not running; returns how many."""
    waiting = jobs.due(clock.now())
    for job_id, kind in waiting:
        sending.send_job(job_id, jobs.queue_of(kind))
    return len(waiting)


def release() -> int:
    """Give up every lease: for the start of the only worker there is. Returns how many jobs are free again."""
    with transaction():
        return jobs.release_all(clock.now())


def _attempt(claim: Claim) -> tuple[str, dict[str, Any], str]:
    if claim.attempt > MAX_ATTEMPTS:
        return "failed", {}, f"处理程序连续中断了 {MAX_ATTEMPTS} 次，已停止自动重试，请联系系统管理员查看日志。"

    def say(percent: int, step: str) -> None:
        with transaction():
            jobs.report_progress(claim, percent, step)

    try:
        return "done", HANDLERS[claim.kind](claim.payload, say), ""
    except Transient as error:
        return ("failed" if claim.attempt >= MAX_ATTEMPTS else "queued"), {}, str(error)
    except DomainError as error:
        return "failed", {}, error.message
    except Exception:  # the outcome is recorded on the job, where people look, and in the log, where operators do
        log.exception("job %s (%s) failed", claim.id, claim.kind)
        return "failed", {}, "系统内部错误，已记入日志，请重试；再次失败请联系系统管理员。"
