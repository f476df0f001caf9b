"""The job table: ask once, claim once, finish once. The table is the truth; a broker message is only a hint."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from sqlalchemy import and_, case, or_, select, update

from perfapp import clock, sending
from perfapp.core.errors import Conflict
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Job
from perfapp.data.session import after_commit, transaction
from perfapp.extensions import db, in_this_application

_QUEUES: dict[str, sending.Queue] = {"seal": "seal", "countersign": "seal", "message": "notify"}


def queue_of(kind: str) -> sending.Queue:
    return _QUEUES.get(kind, "work")


def needs_key(kind: str) -> bool:
    """Whether only the sealing worker can do it."""
    return queue_of(kind) == "seal"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in our hands: the attempt number proves that it is still ours when we finish."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    lost: int = 0


@dataclass(frozen=True, slots=True)
class JobView:
    id: int
    kind: str
    state: str
    attempt: int
    progress: int
    step: str
    error: str
    run_after: datetime
    unit_id: int | None
    payload: dict[str, Any]
    result: dict[str, Any]
    asked_at: datetime
    finished_at: datetime | None


def ask(kind: str, key: str, payload: dict[str, Any], *, unit_id: int | None = None, anew: bool = False) -> int:
    """Ask for the work, in the open transaction; returns the job's id.

    The same (kind, key) asked twice is one job; one that failed is put back in the queue, and with `anew` one that
    is done: what it made has been replaced since.
    """
    now = clock.now()
    row = {"kind": kind, "key": key, "unit_id": unit_id, "payload": payload, "run_after": now, "asked_at": now}
    insert_if_absent(Job, **row, state="queued", attempt=0, lost=0, progress=0, step="", error="", result={})
    job = db.session.scalars(select(Job).where(Job.kind == kind, Job.key == key).with_for_update()).one()
    if job.state == "failed" or (anew and job.state == "done"):
        job.state, job.attempt, job.lost, job.progress, job.step = "queued", 0, 0, 0, ""
        job.error, job.run_after, job.asked_at, job.finished_at = "", now, now, None
    db.session.flush()
    job_id = job.id
    if job.state == "queued":
        after_commit(lambda: _send(job_id, kind))
    return job_id


def claim(job_id: int, now: datetime, lease: timedelta) -> Claim | None:
    """Take the job for `lease`; None when it is done, unknown, not due, or in other hands."""
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id, _due(now))
        .values(
            state="running",
            attempt=Job.attempt + 1,
            lost=Job.lost + case((Job.state == "running", 1), else_=0),
            lease_until=now + lease,
            progress=0,
            step="",
        )
        .returning(Job.id, Job.kind, Job.payload, Job.attempt, Job.lost)
    ).first()
    return Claim(taken.id, taken.kind, taken.payload, taken.attempt, taken.lost) if taken else None


@contextmanager
def kept(claim: Claim, lease: timedelta) -> Iterator[None]:
    """Renew the lease from a thread while the work goes on: a dead worker is noticed within one lease."""
    stop = Event()

    def renew() -> None:
        while not stop.wait(lease.total_seconds() / 3):
            with suppress(Conflict), transaction():  # a busy database is asked again at the next turn
                db.session.execute(
                    update(Job)
                    .where(Job.id == claim.id, Job.attempt == claim.attempt, Job.state == "running")
                    .values(lease_until=clock.now() + lease)
                )
            db.session.remove()

    thread = Thread(target=in_this_application(renew), name=f"lease-{claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def report_progress(claim: Claim, percent: int, step: str) -> None:
    """Say how far the work is, in words; nothing happens when a later attempt has taken over."""
    db.session.execute(
        update(Job).where(Job.id == claim.id, Job.attempt == claim.attempt).values(progress=percent, step=step)
    )


def finish(
    claim: Claim,
    *,
    state: str,
    now: datetime,
    result: dict[str, Any] | None = None,
    error: str = "",
    run_after: datetime | None = None,
) -> bool:
    """Close this attempt; False when a later attempt has taken over (its answer counts, not ours)."""
    values: dict[str, Any] = {"state": state, "result": result or {}, "error": error, "lease_until": None}
    values["finished_at"] = now if state in {"done", "failed"} else None
    if state == "done":
        values["progress"] = 100
    if run_after is not None:
        values["run_after"] = run_after
    done = db.session.execute(
        update(Job)
        .where(Job.id == claim.id, Job.attempt == claim.attempt, Job.state == "running")
        .values(values)
        .returning(Job.id)
    ).scalar()
    return done is not None


def release_all(now: datetime, *, with_key: bool) -> int:
    """Let every lease of the jobs that need a key, or of the others, end now; returns how many there were."""
    sealing = Job.kind.in_([kind for kind in _QUEUES if needs_key(kind)])
    held = (Job.state == "running", Job.lease_until >= now, sealing if with_key else ~sealing)
    result: Any = db.session.execute(update(Job).where(*held).values(lease_until=now - timedelta(seconds=1)))
    return int(result.rowcount)


def due(now: datetime, limit: int = 200) -> list[tuple[int, str]]:
    """Id and kind of jobs that should be running and are not: queued and due, or with a lease that is over."""
    query = select(Job.id, Job.kind).where(_due(now)).order_by(Job.run_after, Job.id).limit(limit)
    return [(row.id, row.kind) for row in db.session.execute(query)]


def get(job_id: int) -> JobView | None:
    job = db.session.get(Job, job_id)
    return _view(job) if job else None


def find(kind: str, key: str) -> JobView | None:
    job = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key))
    return _view(job) if job else None


def _send(job_id: int, kind: str) -> None:
    sending.send_job(job_id, queue_of(kind))


def _due(now: datetime) -> Any:
    return or_(
        and_(Job.state == "queued", Job.run_after <= now),
        and_(Job.state == "running", Job.lease_until < now),
    )


def _view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        state=job.state,
        attempt=job.attempt,
        progress=job.progress,
        step=job.step,
        error=job.error,
        run_after=job.run_after,
        unit_id=job.unit_id,
        payload=job.payload,
        result=job.result,
        asked_at=job.asked_at,
        finished_at=job.finished_at,
    )
