"""The sealing worker renews archive time stamps before they end. No seal's key is touched: only time is asked for."""

from datetime import datetime

from perfapp import clock
from perfapp.core.errors import DomainError, Invalid
from perfapp.data import archives, blobs, countersigns, events, probes, reports
from perfapp.data.archives import ArchiveView
from perfapp.data.countersigns import ASKED, PRESSING
from perfapp.data.session import transaction
from perfapp.services import archive_watch, key_files, seal_watch, time_stamping, verifying
from perfapp.services.making.package import PDF
from perfapp.signing.seal import renew
from perfapp.signing.trusted_time import TimeServerAway

MOST = 300  # files of one run: the next one goes on


def renew_due() -> list[str]:
    """Look at what is new, renew what is due; returns what must be mended, in sentences."""
    key_files.demand_sealer()
    troubles: list[str] = []
    left = MOST
    for report_id, filed, known in archive_watch.pairs():
        if known is not None and known.ends_at - clock.now() > archive_watch.lead():
            continue
        if not left:
            break
        left -= 1
        try:
            _renewed(report_id, known or _looked_at(report_id, filed))
        except TimeServerAway as away:
            troubles.append(f"{away.message.rstrip('。')}，存档时间戳没有续成，过几小时再试。")
            break
        except (DomainError, OSError) as error:
            sentence = error.message if isinstance(error, DomainError) else "归档文件读不到，请检查磁盘。"
            troubles.append(f"{_name(report_id)}：{sentence}")
    troubles = list(dict.fromkeys(troubles))
    with transaction():
        probes.record(probes.WORKER, archive_watch.RENEWAL, is_good=not troubles, sentence="".join(troubles[:3]))
    return troubles


def _looked_at(report_id: int, filed: str) -> ArchiveView:
    """A file of which nothing is known yet: read its last time stamp, and keep what that proves."""
    verdict = verifying.judged(blobs.read(filed))
    if not verdict.is_valid or verdict.archived_at is None or verdict.ends_at is None:
        raise Invalid(f"归档文件没有有效的存档时间戳，不能续期，以登记的指纹为准（{verdict.sentence}）")
    with transaction():
        archives.keep(report_id, filed, stamped_at=verdict.archived_at, ends_at=verdict.ends_at)
    return ArchiveView(report_id, filed, None, verdict.archived_at, verdict.ends_at)


def _renewed(report_id: int, known: ArchiveView) -> None:
    if known.ends_at - clock.now() > archive_watch.lead():
        return
    file = blobs.read(known.pdf_sha256)
    verdict = verifying.judged(file)
    if not verdict.is_valid:
        raise Invalid(f"归档文件不能续期，以登记的指纹为准（{verdict.sentence}）")
    proof, certificates = time_stamping.renewal(verdict.path, known.ends_at)
    longer = renew(file, proof, certificates, digest_expected=known.pdf_sha256)
    proven = verifying.judged(longer)
    stamped_at, ends_at = proven.archived_at, proven.ends_at
    if not proven.is_valid or stamped_at is None or ends_at is None or ends_at <= known.ends_at:
        raise Invalid(f"续期后的文件没有通过验证，没有采用（{proven.sentence}）")
    _keep(report_id, known, longer, stamped_at, ends_at)


def _keep(report_id: int, known: ArchiveView, longer: bytes, stamped_at: datetime, ends_at: datetime) -> None:
    """Store and record it, if the file it renews still is the newest: the filed one stays as it is."""
    with transaction():
        report = reports.lock(report_id, reports.get(report_id).unit_id)
        present = archive_watch.newest(report_id, report.sealed_sha256 or "")
        seal = countersigns.of_report(report_id)
        if present != known or (seal is not None and seal.state in {ASKED, PRESSING}):
            return
        digest = blobs.put(longer, PDF)
        archives.keep(report_id, digest, stamped_at=stamped_at, ends_at=ends_at, renews_sha256=known.pdf_sha256)
        events.record(
            "renew_archive",
            actor_id=None,
            unit_id=report.unit_id,
            cycle_id=report.cycle_id,
            report_id=report_id,
            content_sha256=digest,
            details={"period": seal_watch.day(ends_at), "renews": known.pdf_sha256},
        )


def _name(report_id: int) -> str:
    report = reports.get(report_id)
    return f"{report.unit_name}《{report.title}》{report.edition_name}"
