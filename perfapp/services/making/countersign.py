"""Pressing the superior's seal on a report that its own unit has sealed: into the field reserved for it."""

from typing import Any

from perfapp import clock
from perfapp.core.errors import DomainError, Invalid
from perfapp.core.report_flow import ReportState
from perfapp.data import blobs, countersigns, reports, seal_uses, seals, trust
from perfapp.data.countersigns import PRESSING, CountersignView
from perfapp.data.reports import ReportView
from perfapp.data.seal_uses import SealUseView
from perfapp.data.seals import CertificateView
from perfapp.data.session import transaction
from perfapp.services import countersigning
from perfapp.services.making import keys, seal
from perfapp.services.making.progress import Say, Transient
from perfapp.services.report_facts import missing_decisions
from perfapp.signing.fields import SEALS
from perfapp.signing.seal import countersign
from perfapp.signing.trusted_time import TimeServerAway
from perfapp.signing.verdict import examine


def press_countersign(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Re-read what was sealed, sign, verify both seals, store, record. A refusal lets the request wait again."""
    use = seal_uses.use(payload["use_id"])
    if use.state != "intended":
        return {"sealed_sha256": use.after_sha256}
    try:
        return _pressed(use, say)
    except TimeServerAway as away:
        raise Transient(f"{away.message}，还没有加盖。请系统管理员检查时间戳服务；", is_patient=True) from away
    except (DomainError, OSError) as error:
        sentence = error.message if isinstance(error, DomainError) else seal.unread(error)
        seal.refuse(use, sentence)
        found = countersigns.of_use(use.id)
        if found is not None and found.state == PRESSING:
            with transaction():
                countersigning.give_back(found, sentence)
        raise Invalid(sentence) from error


def _pressed(use: SealUseView, say: Say) -> dict[str, Any]:
    say(10, "正在核对已盖章的文件")
    found, report = _waiting(use)
    own = seal_uses.latest_use(report.id)
    if own is None or own.after_sha256 != use.before_sha256:
        raise Invalid("本单位的用印登记与这份文件不一致，没有加盖，请联系系统管理员。")
    held = seals.get(use.seal_id)
    certificate = seal.usable_certificate(held, use)
    say(20, "正在向时间戳服务取可信时间")
    proof = seal.time_proof(certificate)
    say(30, "正在读取印章")
    with keys.opened(certificate) as signer:
        say(50, "正在加盖")
        sealed = countersign(
            blobs.read(use.before_sha256),
            signer,
            blobs.read(held.picture_sha256),
            at=clock.now(),
            reason=f"{use.subject}上级加盖，登记编号 {use.number}",
            digest_expected=use.before_sha256,
            time_proof=proof,
        )
    say(80, "正在验证盖好的文件")
    _demand_both(sealed, seals.certificate(own.certificate_id), certificate)
    detached = seal.signed_beside(sealed, certificate)
    with transaction():
        report = reports.lock(report.id, report.unit_id)
        found, report = _waiting(use)
        digest = seal.stored(sealed)
        seal.keep_beside(use, digest, detached)
        countersigning.record_done(found, report, digest)
    return {"sealed_sha256": digest}


def _waiting(use: SealUseView) -> tuple[CountersignView, ReportView]:
    """What the register's line was written for, if everything still agrees."""
    found = countersigns.of_use(use.id)
    if found is None or found.state != PRESSING:
        raise Invalid("这件加盖事项已经变动，没有加盖。")
    report = reports.get(found.report_id)
    if report.state is not ReportState.SEALED or report.sealed_sha256 != use.before_sha256:
        raise Invalid("报告的状态或盖章文件已经变动，没有加盖。")
    if report.issued_sha256 != report.snapshot_sha256 or missing_decisions(report):
        raise Invalid("报告的审批与盖章的内容不一致，没有加盖，请联系系统管理员。")
    return found, report


def _demand_both(sealed: bytes, first: CertificateView, second: CertificateView) -> None:
    roots = [*trust.time_roots(), first.root_pem.encode(), second.root_pem.encode()]
    fingerprints = {first.fingerprint_sha256, second.fingerprint_sha256}
    verdict = examine(
        sealed,
        roots,
        at=clock.now(),
        fields=SEALS[:2],
        certificates=fingerprints,
        revocation_lists=trust.revocation_lists(),
    )
    if not verdict.is_valid or {s.certificate_fingerprint for s in verdict.signatures} != fingerprints:
        raise Invalid(f"加盖后的文件没有通过验证（{verdict.sentence}），没有加盖，请重试。")
