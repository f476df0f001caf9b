"""Pressing the seal: the only place that opens the key, and it signs only what was approved."""

import hashlib
from typing import Any

from perfapp import clock
from perfapp.core.errors import DomainError, Invalid
from perfapp.core.report_flow import ReportState
from perfapp.data import blobs, people, reports, seals, surroundings
from perfapp.data.reports import ReportView
from perfapp.data.seals import SealUseView, SealView
from perfapp.data.session import transaction
from perfapp.documents.pdf import seal_anchor
from perfapp.services import freezing
from perfapp.services.making.package import PDF
from perfapp.services.making.progress import Say
from perfapp.services.report_facts import missing_decisions
from perfapp.services.reports import record_sealed
from perfapp.signing.certificate import read_identity
from perfapp.signing.seal import press, signer_of
from perfapp.signing.verdict import examine


def press_seal(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Re-read the approval, sign, store, verify again, record. A refusal closes the register's line as failed."""
    use = seals.use(payload["use_id"])
    if use.state != "intended":
        return {"sealed_sha256": use.after_sha256}
    try:
        return _pressed(use, say)
    except (DomainError, OSError) as error:
        sentence = error.message if isinstance(error, DomainError) else _unread(error)
        with transaction():
            seals.close_use(use.id, "failed", note=sentence)
        raise Invalid(sentence) from error


def _unread(error: OSError) -> str:
    why = {FileNotFoundError: "密钥文件不在", PermissionError: "系统没有读取的权限"}.get(type(error), "磁盘读写出错")
    return f"印章密钥读不到：{why}，请系统管理员检查印章目录。"


def _pressed(use: SealUseView, say: Say) -> dict[str, Any]:
    report, seal = reports.get(use.report_id), seals.get(use.seal_id)
    say(10, "正在核对签发记录")
    pdf = _approved_bytes(report, use)
    say(30, "正在读取印章")
    folder = surroundings.settings().seal_folder
    password = (folder / f"{seal.key_name}.password").read_bytes().strip()
    now = clock.now()
    identity = read_identity((folder / f"{seal.key_name}.p12").read_bytes(), password, at=now)
    say(50, "正在盖章")
    sealed = press(
        pdf,
        signer_of(identity),
        blobs.read(seal.picture_sha256),
        seal_anchor(),
        at=now,
        reason=f"{use.subject}用印，登记编号 {use.number}",
        digest_expected=use.before_sha256,
    )
    say(80, "正在验证盖好的文件")
    _demand_genuine(sealed, seal, report)
    with transaction():
        present = reports.lock(report.id, report.unit_id)
        if present.state is not ReportState.SEALING or present.sealed_sha256 is not None:
            return {"sealed_sha256": present.sealed_sha256}
        digest = blobs.put(sealed, PDF)
        if hashlib.sha256(blobs.read(digest)).hexdigest() != hashlib.sha256(sealed).hexdigest():
            raise Invalid("盖好的文件存入后核对不一致，请检查磁盘后重试。")
        record_sealed(present, use.id, digest)
    return {"sealed_sha256": digest}


def _approved_bytes(report: ReportView, use: SealUseView) -> bytes:
    """The PDF that was issued, once everything that must agree has been compared."""
    if report.state is not ReportState.SEALING:
        raise Invalid("报告已不在盖章中，没有盖章。")
    if not report.is_compiled or report.issued_sha256 != report.snapshot_sha256:
        raise Invalid("签发的内容与现在的文件不一致，没有盖章，请退回重新签发。")
    if report.snapshot_blob is None or freezing.load(report.snapshot_blob).sha256 != report.issued_sha256:
        raise Invalid("存档的报告内容与签发记录不一致，没有盖章，请联系系统管理员。")
    missing = missing_decisions(report)
    if missing:
        raise Invalid(f"以下审批已失效，没有盖章：{'；'.join(missing[:5])}。")
    if report.pdf_sha256 != use.before_sha256:
        raise Invalid("待盖章文件与登记的文件不一致，没有盖章。")
    return blobs.read(use.before_sha256)


def _demand_genuine(sealed: bytes, seal: SealView, report: ReportView) -> None:
    verdict = examine(sealed, [seal.root_pem.encode()], at=clock.now())
    own = [s for s in verdict.signatures if s.certificate_fingerprint == seal.fingerprint_sha256]
    if not verdict.is_valid or not own:
        unit = people.unit(report.unit_id).name
        raise Invalid(f"盖好的文件没有通过验证（{verdict.sentence}），{unit}的报告仍未盖章，请重试。")
