"""What the sealing worker found when it last tried a key or a time server."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from perfapp import clock
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Probe
from perfapp.extensions import db

KEY, TIME_SERVER, WORKER = "key", "time_server", "worker"
SEALING = "seal"  # the worker that probes: its own sign of life


@dataclass(frozen=True, slots=True)
class ProbeView:
    kind: str
    target: str
    is_good: bool
    sentence: str
    since: datetime
    at: datetime


def record(kind: str, target: str, *, is_good: bool, sentence: str = "") -> bool:
    """Keep the finding; returns whether it is another one than before."""
    now = clock.now()
    # the first finding is news only if it is bad: written as good before, it becomes so below
    insert_if_absent(Probe, kind=kind, target=target, is_good=True, sentence="", since=now, at=now)
    row = db.session.scalars(select(Probe).where(Probe.kind == kind, Probe.target == target).with_for_update()).one()
    has_changed = row.is_good != is_good
    row.since = now if has_changed else row.since
    row.is_good, row.sentence, row.at = is_good, sentence, now
    db.session.flush()
    return has_changed


def of(kind: str) -> dict[str, ProbeView]:
    """The findings of one kind, by what was tried."""
    rows = db.session.scalars(select(Probe).where(Probe.kind == kind).execution_options(populate_existing=True))
    return {row.target: ProbeView(row.kind, row.target, row.is_good, row.sentence, row.since, row.at) for row in rows}


def key_of(certificate_id: int) -> ProbeView | None:
    """What is known of the key behind a certificate."""
    return of(KEY).get(str(certificate_id))
