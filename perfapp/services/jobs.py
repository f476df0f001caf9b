"""Run a job: claim, work outside any transaction, finish. And the sweep that leaves nothing lying."""

import logging
from datetime import timedelta
from typing import Any

from perfapp import clock, sending
from perfapp.core.errors import DomainError
from perfapp.data import jobs, surroundings
from perfapp.data.jobs import Claim
from perfapp.data.session import transaction
from perfapp.services.making.circulation import make_circulation
from perfapp.services.making.compile import compile_report, preview_report
from perfapp.services.making.countersign import press_countersign
from perfapp.services.making.disclosure import make_public_pdf
from perfapp.services.making.message import send_message
from perfapp.services.making.paper import read_scan
from perfapp.services.making.progress import Handler, Transient
from perfapp.services.making.repetition import measure_repetition
from perfapp.services.making.seal import press_seal

LEASE = timedelta(seconds=30)  # renewed while the work goes on
MAX_ATTEMPTS = 5
LONGEST_PAUSE = timedelta(minutes=10)
HANDLERS: dict[str, Handler] = {
    "compile": compile_report,
    "preview": preview_report,
    "seal": press_seal,
    "countersign": press_countersign,
    "circulation": make_circulation,
    "message": send_message,
    "paper": read_scan,
    "repetition": measure_repetition,
    "disclose": make_public_pdf,
}

log = logging.getLogger(__name__)


def run(job_id: int) -> str | None:
    """How the job ended ('done', 'queued' again, 'failed', 'superseded'), or None when it was not to be done.

    What needs a seal's key is left to the sealing worker, whoever else is told of it.
    """
    asked = jobs.get(job_id)
    if asked is None or (jobs.needs_key(asked.kind) and not surroundings.settings().opens_keys):
        return None
    with transaction():
        claim = jobs.claim(job_id, clock.now(), LEASE)
    if claim is None:
        return None
    with jobs.kept(claim, LEASE):
        state, result, error, wait = _attempt(claim)
    now = clock.now()
    with transaction():
        kept = jobs.finish(
            claim,
            state=state,
            now=now,
            result=result,
            error=error,
            run_after=now + wait if wait is not None and state == "queued" else None,
        )
    return state if kept else "superseded"


def sweep() -> int:
    """Send again every job that is due and not running; returns how many."""
    waiting = jobs.due(clock.now())
    for job_id, kind in waiting:
        sending.send_job(job_id, jobs.queue_of(kind))
    return len(waiting)


def release() -> int:
    """Give up every lease of this worker's kinds of jobs: for the start of the only one there is of it."""
    with transaction():
        return jobs.release_all(clock.now(), with_key=surroundings.settings().opens_keys)


def _pause(claim: Claim) -> timedelta:
    """Doubled with every attempt, from two seconds to ten minutes."""
    return min(timedelta(seconds=2 ** min(claim.attempt, 20)), LONGEST_PAUSE)


def _attempt(claim: Claim) -> tuple[str, dict[str, Any], str, timedelta | None]:
    if claim.lost >= MAX_ATTEMPTS:
        return "failed", {}, f"处理程序连续中断了 {MAX_ATTEMPTS} 次，已停止自动重试，请联系系统管理员查看日志。", None

    def say(percent: int, step: str) -> None:
        with transaction():
            jobs.report_progress(claim, percent, step)

    try:
        return "done", HANDLERS[claim.kind](claim.payload, say), "", None
    except Transient as error:
        is_last = claim.attempt >= MAX_ATTEMPTS and not error.is_patient
        return ("failed" if is_last else "queued"), {}, str(error), error.wait or _pause(claim)
    except DomainError as error:
        return "failed", {}, error.message, None
    except Exception:  # the outcome is recorded on the job, where people look, and in the log, where operators do
        log.exception("job %s (%s) failed", claim.id, claim.kind)
        return "failed", {}, "系统内部错误，已记入日志，请重试；再次失败请联系系统管理员。", None
