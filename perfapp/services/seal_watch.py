"""What stands against sealing, weeks ahead where that is possible: certificates that end, keys and servers that fail.

Keys and time servers are tried by the sealing worker alone; here only its findings are read.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from perfapp import clock
from perfapp.core.chinese import local_time, long_date
from perfapp.core.seal_flow import REPORT_KINDS, SealState
from perfapp.core.words import Tone
from perfapp.data import events, probes, seals
from perfapp.data.probes import ProbeView
from perfapp.data.seal_uses import SealUseView
from perfapp.data.seals import CertificateView, SealView
from perfapp.services import archive_watch, telling

WARN_DAYS = (7, 30, 60)
PROBE_EVERY = timedelta(minutes=10)
PATIENCE = 3 * PROBE_EVERY


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing that will stop, or already stops, the seal."""

    tone: Tone
    title: str
    text: str
    seal_id: int | None = None


def no_seal(unit_id: int) -> str:
    """Why the unit has no seal to press now, and who mends it; '' when it has."""
    seal = seals.active(unit_id)
    if seal is None:
        known = [one for one in seals.of_unit(unit_id) if one.kind in REPORT_KINDS]
        stopped = next((one for one in reversed(known) if one.state is not SealState.CANCELLED), None)
        if stopped is None:
            return "本单位还没有登记公章，不能盖章：请系统管理员在“印章”登记。"
        return f"“{stopped.name}”没有启用，不能盖章：请印章保管人在“印章”启用。"
    return certificate_trouble(seal)


def certificate_trouble(seal: SealView) -> str:
    """Why the seal's certificate cannot be used now, and who mends it; '' when it can."""
    certificate = seal.certificate
    if certificate.runs(clock.now()):
        return ""
    mend = "请印章保管人在“印章”改用已登记的新证书。" if seal.waiting else "请系统管理员在“印章”登记新证书。"
    if certificate.expires_at <= clock.now():
        return f"“{seal.name}”的证书已于{day(certificate.expires_at)}到期，不能盖章：{mend}"
    return f"“{seal.name}”的证书自{day(certificate.begins_at)}起才生效，现在不能盖章：请核对服务器时间。"


def cautions(unit_id: int) -> list[Caution]:
    """Everything that the unit's administrator and keepers must know now, the worst first."""
    found: list[Caution] = []
    keys = probes.of(probes.KEY)
    used = [seal for seal in seals.of_unit(unit_id) if seal.state is SealState.ACTIVE]
    for seal in used:
        found += _of_certificate(seal)
        found += _of_key(seal, keys.get(str(seal.certificate.id)))
        found += _of_next(seal, keys)
    if used:
        found += _of_worker()
    found += [
        Caution(Tone.LATE, "时间戳服务没有应答，暂时不能盖章", f"{probe.sentence}（自{moment(probe.since)}起）")
        for probe in probes.of(probes.TIME_SERVER).values()
        if not probe.is_good
    ]
    found += _of_archive(unit_id)
    return sorted(found, key=lambda one: one.tone is not Tone.LATE)


def days_left(certificate: CertificateView) -> int:
    """Whole days until the certificate ends; negative after it."""
    return (certificate.expires_at - clock.now()).days


def due_warning(certificate: CertificateView) -> int | None:
    """The warning that is due of the certificate's end and has not been given: 60, 30 or 7 days."""
    due = next((days for days in WARN_DAYS if days_left(certificate) < days), None)
    if due is None or (certificate.warned_days is not None and certificate.warned_days <= due):
        return None
    return due


def tell_refusal(use: SealUseView, sentence: str) -> None:
    """A seal that was not pressed is no silence: it is in the log, and administrator and keepers are told."""
    event_id = events.record(
        "seal_refused",
        actor_id=None,
        unit_id=use.unit_id,
        report_id=use.report_id,
        reason=sentence,
        content_sha256=use.before_sha256,
        details={"seal": use.seal_name},
    )
    telling.seal_trouble(event_id, use.unit_id, subject=f"没有盖成：{use.subject}", body=sentence)


def tell(seal: SealView, subject: str, sentence: str) -> None:
    """Tell administrator and keepers of a key that fails or is mended, or a certificate that ends."""
    event_id = events.record(
        "seal_warning", actor_id=None, unit_id=seal.unit_id, reason=sentence, details={"seal": seal.name}
    )
    telling.seal_trouble(event_id, seal.unit_id, subject=subject, body=sentence)


def day(at: datetime) -> str:
    return long_date(local_time(at).date())


def moment(at: datetime) -> str:
    return f"{day(at)} {local_time(at):%H:%M}"


def _of_certificate(seal: SealView) -> list[Caution]:
    left, end = days_left(seal.certificate), day(seal.certificate.expires_at)
    if left >= max(WARN_DAYS) or seal.waiting is not None:
        return []
    mend = "请联系发证机构换证，由系统管理员登记新证书。"
    if left < 0:
        return [Caution(Tone.LATE, f"“{seal.name}”的证书已到期，不能盖章", f"{end}到期。{mend}", seal.id)]
    tone = Tone.LATE if left < min(WARN_DAYS) else Tone.WAITING
    return [Caution(tone, f"“{seal.name}”的证书还有 {left} 天到期", f"{end}到期。{mend}", seal.id)]


def _of_key(seal: SealView, probe: ProbeView | None) -> list[Caution]:
    if probe is None or probe.is_good or not seal.certificate.runs(clock.now()):
        return []
    text = f"{probe.sentence}（自{moment(probe.since)}起，修好后系统自动重试）"
    return [Caution(Tone.LATE, f"“{seal.name}”的密钥打不开，暂时不能盖章", text, seal.id)]


def _of_next(seal: SealView, keys: dict[str, ProbeView]) -> list[Caution]:
    if seal.waiting is None:
        return []
    probe = keys.get(str(seal.waiting.id))
    if probe is not None and probe.is_good:
        title = f"“{seal.name}”的新证书已核对，请保管人改用"
        return [Caution(Tone.WAITING, title, f"有效期至{day(seal.waiting.expires_at)}。", seal.id)]
    text = probe.sentence if probe else "盖章服务还没有核对，一般十分钟以内完成。"
    return [Caution(Tone.WAITING, f"“{seal.name}”的新证书还不能用", text, seal.id)]


def _of_archive(unit_id: int) -> list[Caution]:
    """Renewal goes by itself: it is told only where it is due and has not been done."""
    archive = archive_watch.standing(unit_id)
    if archive is None or archive.ends_at is None or not (archive.is_overdue and archive.trouble):
        return []
    text = f"{archive.trouble}到期后文件不能单独证明，只能以登记的指纹为准。"
    return [Caution(archive.tone, f"归档文件的存档时间戳{day(archive.ends_at)}到期，还没有续成", text)]


def _of_worker() -> list[Caution]:
    beat = probes.of(probes.WORKER).get(probes.SEALING)
    if beat is not None and clock.now() - beat.at <= PATIENCE:
        return []
    since = f"最近一次检查在{moment(beat.at)}。" if beat else "它还没有检查过密钥。"
    return [Caution(Tone.LATE, "盖章服务没有运行，暂时不能盖章", f"{since}请系统管理员启动盖章服务。")]
