"""Is this file the filed original, and is its seal valid? Two questions, two sentences."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta

from perfapp import clock
from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import TooMany
from perfapp.core.report_flow import ReportState
from perfapp.data import people, reports, seals, sign_ins, trust
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.signing.verdict import examine

MAX_BYTES = 20 * 1024 * 1024
PATIENCE = timedelta(minutes=1)
FREE_VISITS = 20  # files from one address, each within a minute of the one before

for _library in ("pyhanko", "pyhanko_certvalidator"):  # strangers' signatures are no news: the verdict says it all
    logging.getLogger(_library).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said of a file. `is_genuine` needs both: filed byte for byte, and validly sealed."""

    sha256: str
    is_filed: bool
    filed_sentence: str
    is_signature_valid: bool
    signature_sentence: str
    status_sentence: str  # void or replaced, empty when the edition stands
    report: ReportView | None

    @property
    def is_genuine(self) -> bool:
        return self.is_filed and self.is_signature_valid


def count_visit(address: str) -> None:
    """Count one more file from this address; TooMany when it brings them faster than people do."""
    key = f"verify:{address}"
    seen = sign_ins.failures(key)
    if seen is not None and seen.count >= FREE_VISITS and clock.now() - seen.last_at <= PATIENCE:
        raise TooMany("查验得太频繁，请过一分钟再试。")
    with transaction():
        sign_ins.add_failure(key, clock.now(), PATIENCE)


def verify(data: bytes) -> Answer:
    """Judge a file; Invalid (422) when it cannot be read as a PDF at all. Nothing of it is kept."""
    verdict = examine(
        data,
        [*(root.encode() for root in seals.roots()), *trust.time_roots()],
        at=clock.now(),
        certificates=seals.fingerprints().keys(),
        revocation_lists=trust.revocation_lists(),
    )
    digest = hashlib.sha256(data).hexdigest()
    report = reports.with_sealed_bytes(digest)
    return Answer(
        sha256=digest,
        is_filed=report is not None,
        filed_sentence=_filed(report),
        is_signature_valid=verdict.is_valid,
        signature_sentence=verdict.sentence,
        status_sentence=_status(report) if report else "",
        report=report,
    )


def _filed(report: ReportView | None) -> str:
    if report is None:
        return "与归档原件不一致：系统里没有与这个文件逐字节相同的盖章报告。"
    unit = people.unit(report.unit_id).name
    return f"与归档原件逐字节一致：{unit}{report.fiscal_year}年度《{report.title}》{report.edition_name}。"


def _status(report: ReportView) -> str:
    successor = reports.successor(report.id)
    if report.state is not ReportState.VOIDED:
        return ""
    day = long_date(local_time(report.state_since).date())
    if successor is not None and successor.is_sealed:
        return f"注意：这一版已于{day}作废，已被{successor.edition_name}替代。"
    return f"注意：这一版已于{day}作废。"
