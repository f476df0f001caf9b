"""Is this file the filed original, and is its seal valid? Two questions, two sentences."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from perfapp import clock
from perfapp.core import verify_code
from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid, NotFound, TooMany
from perfapp.core.report_flow import ReportState
from perfapp.data import archives, blobs, people, reports, seal_uses, seals, sign_ins, trust
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import archive_watch
from perfapp.signing.digest import sm3_hex
from perfapp.signing.uploaded import der_to_pem, pem_to_der
from perfapp.signing.verdict import Verdict, examine


class Force(StrEnum):
    """The public state of a sealed report."""

    VALID = "valid"
    VOIDED = "voided"
    REPLACED = "replaced"


MAX_BYTES = 20 * 1024 * 1024
_ON_PAPER = (
    "这是纸质签字盖章件的扫描件：章盖在纸上，文件里没有电子签名，以与归档的扫描件逐字节一致为准；原件在本单位存档。"
)
PATIENCE = timedelta(minutes=1)
FREE_MISTAKES = 10  # codes that do not exist, from one address, each within a minute of the one before
FREE_VISITS = 20  # files from one address, each within a minute of the one before

for _library in ("pyhanko", "pyhanko_certvalidator"):  # strangers' signatures are no news: the verdict says it all
    logging.getLogger(_library).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class PublicState:
    """What anybody may know of a sealed report: no more than its cover, its seal and its force."""

    report: ReportView
    force: Force
    sealed_at: datetime | None
    since: datetime  # of the present state
    replaced_by: ReportView | None

    @property
    def word(self) -> str:
        if self.replaced_by is not None:
            return f"已被{self.replaced_by.edition_name}替代"
        return "有效" if self.force is Force.VALID else "已作废"


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said of a file. `is_genuine` needs both: filed byte for byte, and validly sealed."""

    sha256: str
    sm3: str
    is_filed: bool
    filed_sentence: str
    is_signature_valid: bool
    signature_sentence: str
    is_on_paper: bool  # filed as a scan: signed and sealed by hand, so that the file itself bears no signature
    state: PublicState | None
    superseded: str = ""  # what became of this file of the edition
    is_older: bool = False  # a file with one more seal has taken its place

    @property
    def is_genuine(self) -> bool:
        return self.is_filed and (self.is_signature_valid or self.is_on_paper)

    @property
    def status_sentence(self) -> str:
        """Void or replaced; empty when the edition stands."""
        if self.state is None or self.state.force is Force.VALID:
            return ""
        if self.state.report.state is not ReportState.VOIDED:
            return f"注意：这一版被退回修改，{self.state.word}。"
        sentence = f"注意：这一版已于{long_date(local_time(self.state.since).date())}作废"
        return sentence + (f"，{self.state.word}。" if self.state.replaced_by else "。")


def count_visit(address: str) -> None:
    """Count one more file from this address; TooMany when it brings them faster than people do."""
    _refuse_hurry(f"verify:{address}", FREE_VISITS)
    _count(f"verify:{address}")


def look_up(typed: str, address: str) -> PublicState:
    """The state of the report that bears this code; NotFound for any other, and TooMany after some of those."""
    if not typed.strip():
        raise Invalid("请输入报告末页的查验码。", field="code")
    key = f"code:{address}"
    _refuse_hurry(key, FREE_MISTAKES)
    code = verify_code.read(typed)
    report = reports.sealed_with_code(code) if code else None
    if report is None:
        _count(key)
        raise NotFound("没有找到这个查验码对应的盖章报告，请对照报告末页核对。")
    return state_of(report)


def state_of(report: ReportView) -> PublicState:
    """What anybody may know of a sealed report."""
    use = seal_uses.latest_use(report.id)
    successor = _successor(report)
    force = Force.VALID
    if report.state is ReportState.VOIDED:
        force = Force.VOIDED if successor is None else Force.REPLACED
    elif successor is not None:  # the bureau returned it: it was never void, and is replaced all the same
        force = Force.REPLACED
    return PublicState(report, force, use.done_at if use else None, report.state_since, successor)


def _successor(report: ReportView) -> ReportView | None:
    """The latest sealed edition after this one."""
    found, current = None, reports.successor(report.id)
    while current is not None:
        found = current if current.is_sealed else found
        current = reports.successor(current.id)
    return found


def _refuse_hurry(key: str, free: int) -> None:
    seen = sign_ins.failures(key)
    if seen is not None and seen.count >= free and clock.now() - seen.last_at <= PATIENCE:
        raise TooMany("查验得太频繁，请过一分钟再试。")


def _count(key: str) -> None:
    with transaction():
        sign_ins.add_failure(key, clock.now(), PATIENCE)


def verify(data: bytes) -> Answer:
    """Judge a file; Invalid (422) when it cannot be read as a PDF at all. Nothing of it is kept."""
    verdict = judged(data)
    digest = hashlib.sha256(data).hexdigest()
    report = reports.with_sealed_bytes(digest) or _once(digest)
    later = _later(report, digest) if report else None
    if later is not None and not verdict.is_valid and blobs.read(later.sha256).startswith(data):
        verdict = judged(blobs.read(later.sha256))  # it begins with this file: what it proves, it proves of this one
    is_on_paper = report is not None and report.is_on_paper
    return Answer(
        sha256=digest,
        sm3=sm3_hex(data),
        is_filed=report is not None,
        filed_sentence=_filed(report, later),
        is_signature_valid=verdict.is_valid,
        signature_sentence=_ON_PAPER if is_on_paper else verdict.sentence,
        is_on_paper=is_on_paper,
        state=state_of(report) if report else None,
        superseded=later.words if later else "",
        is_older=later is not None and later.is_countersigned,
    )


def trusted_roots() -> str:
    """The roots of seals and time stamps as PEM, for strangers' tools; NotFound where nothing can be sealed yet.

    Each file is read and only its certificates are written, whatever else lies in it.
    """
    sealing = [one for pem in seals.roots() for one in pem_to_der(pem)]
    if not sealing:
        raise NotFound("系统里还没有登记印章，没有根证书可以下载。")
    timing = [one for pem in trust.time_roots() for one in _readable(pem)]
    return "".join(der_to_pem(one) for one in dict.fromkeys([*sealing, *timing]))


def _readable(pem: bytes) -> tuple[bytes, ...]:
    """A file of the trust folder that holds no certificate is for the start-up check to tell, not for the public."""
    try:
        return pem_to_der(pem.decode())
    except ValueError:
        return ()


@dataclass(frozen=True, slots=True)
class _Later:
    """The file of the same edition that took the place of an earlier one."""

    sha256: str
    words: str
    is_countersigned: bool


def judged(data: bytes) -> Verdict:
    """The signatures alone, by everything this installation trusts."""
    return examine(
        data,
        [*(root.encode() for root in seals.roots()), *trust.time_roots()],
        at=clock.now(),
        certificates=seals.fingerprints().keys(),
        revocation_lists=trust.revocation_lists(),
    )


def _once(digest: str) -> ReportView | None:
    """The report of which this was a sealed file before, or is a renewed one."""
    report_id = archives.report_with(digest)
    report = reports.get(report_id) if report_id is not None else None
    return report if report is not None and report.is_sealed else None


def _later(report: ReportView, digest: str) -> _Later | None:
    filed = report.sealed_sha256 or ""
    newest = archive_watch.newest(report.id, filed)
    if archives.is_earlier_use(report.id, digest) and digest != filed:
        return _Later(newest.pdf_sha256 if newest else filed, "已由加盖上级印章的版本接替", is_countersigned=True)
    if newest is not None and newest.is_renewed and newest.pdf_sha256 != digest:
        return _Later(newest.pdf_sha256, "归档文件已续存档时间戳", is_countersigned=False)
    return None


def _filed(report: ReportView | None, later: _Later | None) -> str:
    if report is None:
        return "与归档原件不一致：系统里没有与这个文件逐字节相同的盖章报告。"
    unit = people.unit(report.unit_id).name
    named = f"{unit}{report.fiscal_year}年度《{report.title}》{report.edition_name}"
    if later is not None and later.is_countersigned:
        return f"与归档的一份文件逐字节一致：{named}在加盖上级印章之前的文件。"
    return f"与归档原件逐字节一致：{named}。"
