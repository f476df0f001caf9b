"""Pressing the seal: it signs only what was approved, and says loudly what it refuses."""

import hashlib
from typing import Any

from perfapp import clock
from perfapp.core.errors import DomainError, Invalid
from perfapp.core.report_flow import ReportState
from perfapp.core.seal_flow import SealState
from perfapp.data import blobs, people, probes, reports, seal_uses, seals, trust
from perfapp.data.reports import ReportView
from perfapp.data.seal_uses import SealUseView
from perfapp.data.seals import CertificateView, SealView
from perfapp.data.session import transaction
from perfapp.documents.pdf import countersign_anchor, seal_anchor
from perfapp.services import countersigning, freezing, seal_watch, time_stamping, time_watch
from perfapp.services.making import keys
from perfapp.services.making.package import PDF
from perfapp.services.making.progress import Say, Transient
from perfapp.services.report_facts import missing_decisions, open_disputes
from perfapp.services.reports import record_sealed
from perfapp.signing import ses
from perfapp.signing.fields import SEALS
from perfapp.signing.seal import press
from perfapp.signing.trusted_time import TimeProof, TimeServerAway
from perfapp.signing.uploaded import pem_to_der
from perfapp.signing.verdict import examine


def press_seal(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Re-read the approval, sign, store, verify again, record. A refusal closes the register's line as failed."""
    use = seal_uses.use(payload["use_id"])
    if use.state != "intended":
        return {"sealed_sha256": use.after_sha256}
    try:
        return _pressed(use, say)
    except TimeServerAway as away:  # it comes back; until then the report stays where it is, and says why
        time_watch.keep(f"{away.message}。")
        raise Transient(f"{away.message}，报告还没有盖章。请系统管理员检查时间戳服务；", is_patient=True) from away
    except (DomainError, OSError) as error:
        sentence = error.message if isinstance(error, DomainError) else unread(error)
        refuse(use, sentence)
        raise Invalid(sentence) from error


def time_proof(certificate: CertificateView) -> TimeProof:
    """Trusted time and revocation lists for sealing under this certificate, before its key is touched."""
    der = keys.refuse_lapsed(certificate)
    return time_stamping.proof(der, pem_to_der(certificate.chain_pem), certificate.root_pem.encode())


def refuse(use: SealUseView, sentence: str) -> None:
    """Close the register's line as failed, and tell whoever must know; a line that is done stays so."""
    with transaction():
        if seal_uses.close_use(use.id, "failed", note=sentence):
            seal_watch.tell_refusal(use, sentence)


def unread(error: OSError) -> str:
    """Why the files of a key cannot be read, as a sentence."""
    why = {FileNotFoundError: "密钥文件不在", PermissionError: "系统没有读取的权限"}.get(type(error), "磁盘读写出错")
    return f"印章密钥读不到：{why}，请系统管理员检查印章目录。"


def _pressed(use: SealUseView, say: Say) -> dict[str, Any]:
    report, seal = reports.get(use.report_id), seals.get(use.seal_id)
    say(10, "正在核对签发记录")
    _demand_approved(report, use)
    pdf = blobs.read(use.before_sha256)
    certificate = usable_certificate(seal, use)
    say(20, "正在向时间戳服务取可信时间")
    proof = time_proof(certificate)
    time_watch.keep("")
    say(30, "正在读取印章")
    with keys.opened(certificate) as signer:
        say(50, "正在盖章")
        sealed = press(
            pdf,
            signer,
            blobs.read(seal.picture_sha256),
            seal_anchor(),
            at=clock.now(),
            reason=f"{use.subject}用印，登记编号 {use.number}",
            digest_expected=use.before_sha256,
            reserved=[countersign_anchor()] if countersigning.is_possible(report.unit_id) else (),
            time_proof=proof,
        )
    say(80, "正在验证盖好的文件")
    _demand_genuine(sealed, certificate, report)
    detached = signed_beside(sealed, certificate)
    with transaction():
        present, line = reports.lock(report.id, report.unit_id), seal_uses.use(use.id)
        if line.state != "intended":  # called off, and perhaps pressed anew, while this one was signed
            return {"sealed_sha256": line.after_sha256}
        _demand_approved(present, line)
        digest = stored(sealed)
        probes.record(probes.KEY, str(certificate.id), is_good=True)
        keep_beside(use, digest, detached)
        record_sealed(present, use.id, digest)
        countersigning.ask_where_demanded(present)
    return {"sealed_sha256": digest}


def usable_certificate(seal: SealView, use: SealUseView) -> CertificateView:
    """The certificate the register's line names, if the seal is still in use with it."""
    if seal.state is not SealState.ACTIVE:
        raise Invalid(f"印章“{seal.name}”已停用或注销，没有盖章。")
    if use.certificate_id != seal.certificate.id:
        raise Invalid(f"印章“{seal.name}”的证书在申请之后换过，没有盖章，请重新盖章。")
    return seal.certificate


def signed_beside(sealed: bytes, certificate: CertificateView) -> bytes | None:
    """The GB/T 38540 signature over the sealed file, judged at once; None where the seal has none."""
    key = keys.es_of(certificate)
    if key is None:
        return None
    made = ses.sign(sealed, key.eseal, key.signer_certificate, key.signer_key, at=clock.now())
    verdict = ses.judge(made, sealed, [certificate.es_root_pem])
    if not verdict.is_valid:
        raise Invalid(f"国密签章没有通过验证（{verdict.sentence}），没有盖章，请系统管理员检查。")
    return made


def keep_beside(use: SealUseView, pdf_sha256: str, detached: bytes | None) -> None:
    """Keep the signature beside the sealed file, in the open transaction."""
    if detached is not None:
        seal_uses.add_detached(use.id, pdf_sha256, blobs.put(detached, ses.MEDIA_TYPE))


def stored(sealed: bytes) -> str:
    """Keep the sealed file in the open transaction; returns its digest, read back from the disk."""
    digest = blobs.put(sealed, PDF)
    if hashlib.sha256(blobs.read(digest)).hexdigest() != hashlib.sha256(sealed).hexdigest():
        raise Invalid("盖好的文件存入后核对不一致，请检查磁盘后重试。")
    return digest


def _demand_approved(report: ReportView, use: SealUseView) -> None:
    """Compare everything that must agree: before the key is touched, and again before the seal is recorded."""
    if report.state is not ReportState.SEALING:
        raise Invalid("报告已不在盖章中，没有盖章。")
    if not report.is_compiled or report.issued_sha256 != report.snapshot_sha256:
        raise Invalid("签发的内容与现在的文件不一致，没有盖章，请退回重新签发。")
    if report.snapshot_blob is None or freezing.load(report.snapshot_blob).sha256 != report.issued_sha256:
        raise Invalid("存档的报告内容与签发记录不一致，没有盖章，请联系系统管理员。")
    missing = missing_decisions(report)
    if missing:
        raise Invalid(f"以下审批已失效，没有盖章：{'；'.join(missing[:5])}。")
    disputed = open_disputes(report)
    if disputed:
        raise Invalid(f"没有盖章：{disputed}")
    if report.pdf_sha256 != use.before_sha256:
        raise Invalid("待盖章文件与登记的文件不一致，没有盖章。")


def _demand_genuine(sealed: bytes, certificate: CertificateView, report: ReportView) -> None:
    verdict = examine(
        sealed,
        [certificate.root_pem.encode(), *trust.time_roots()],
        at=clock.now(),
        fields=SEALS[:1],
        certificates=[certificate.fingerprint_sha256],
    )
    if not verdict.is_valid or verdict.archived_at is None:
        unit = people.unit(report.unit_id).name
        raise Invalid(f"盖好的文件没有通过验证（{verdict.sentence}），{unit}的报告仍未盖章，请重试。")
