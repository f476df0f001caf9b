"""Until when the archive time stamps of the sealed files prove by themselves, and when they are renewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from perfapp import clock
from perfapp.core.words import Tone
from perfapp.data import archives, probes, surroundings
from perfapp.data.archives import ArchiveView

RENEWAL = "renewal"  # among the worker's findings: what stood against it the last time
URGENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """The unit's sealed files together: how many, which time stamp ends first, when the renewal begins."""

    count: int
    unknown: int  # sealed since the sealing service last looked
    ends_at: datetime | None
    due_at: datetime | None
    trouble: str

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def tone(self) -> Tone:
        if self.ends_at is not None and self.ends_at - clock.now() < URGENT:
            return Tone.LATE
        return Tone.WAITING if self.is_overdue else Tone.DONE


def lead() -> timedelta:
    """How long before its end a time stamp is renewed."""
    return timedelta(days=surroundings.settings().renew_days)


def newest(report_id: int, filed_sha256: str) -> ArchiveView | None:
    """The newest file of this edition, if it still is the filed one or a renewal of it."""
    return _current(archives.of_reports([report_id]).get(report_id), filed_sha256)


def pairs(unit_id: int | None = None) -> list[tuple[int, str, ArchiveView | None]]:
    """Each sealed report, the digest of its filed file, and what is known of its newest file."""
    found = archives.sealed_reports(unit_id)
    known = archives.of_reports([report_id for report_id, _ in found])
    return [(report_id, filed, _current(known.get(report_id), filed)) for report_id, filed in found]


def standing(unit_id: int) -> Standing | None:
    """For the page of the unit's seals; None before anything is sealed."""
    found = pairs(unit_id)
    if not found:
        return None
    ends = min((one.ends_at for _, _, one in found if one is not None), default=None)
    probe = probes.of(probes.WORKER).get(RENEWAL)
    return Standing(
        count=len(found),
        unknown=sum(one is None for _, _, one in found),
        ends_at=ends,
        due_at=ends - lead() if ends else None,
        trouble=probe.sentence if probe is not None and not probe.is_good else "",
    )


def _current(known: ArchiveView | None, filed_sha256: str) -> ArchiveView | None:
    """A renewal stands for good; what was known of a file without the superior's seal does not."""
    return known if known is not None and (known.is_renewed or known.pdf_sha256 == filed_sha256) else None
