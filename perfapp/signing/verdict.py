"""What can be said of the seals in a PDF, by a policy stricter than the library's.

A valid verdict needs all of: exactly the expected seals; a certification that allows nothing but filling reserved
seals; the last signature covering every byte up to the end; a certificate under a given root. Whether the file is the
filed original is another question: the digest in the seal register answers it.
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import parser, pem, x509
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    read_certification_data,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid
from perfapp.signing.certificate import CertificateInfo, describe

_log = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024

_CLOCK_TOLERANCE = timedelta(minutes=5)


class Unreadable(Invalid):
    """Not a PDF that can be read: nothing can be said of its seals."""


@dataclass(frozen=True)
class SignatureFinding:
    """One signature: who, when, and what holds of it."""

    field: str
    signer: str  # subject of the certificate, RFC 4514
    holder: str  # the organisation in it
    certificate_fingerprint: str  # SHA-256, hexadecimal
    signed_at: datetime | None
    time_proven: bool  # by a trusted time stamp, not by the signer's own word
    intact: bool
    trusted: bool
    covers_whole_file: bool
    modification: str


@dataclass(frozen=True)
class Verdict:
    """The answer to "is this seal valid", with its reason in one sentence."""

    signatures: tuple[SignatureFinding, ...]
    is_valid: bool
    sentence: str


@dataclass(frozen=True)
class _Policy:
    """What the examiner was given: DER roots and lists, the fields that must be sealed, the moment of examination."""

    roots: tuple[x509.Certificate, ...]
    revocation_lists: tuple[bytes, ...]
    fields: tuple[str, ...]
    at: datetime


def examine(
    pdf: bytes,
    roots: Sequence[bytes],
    *,
    at: datetime,
    fields: Sequence[str] = ("Seal1",),
    revocation_lists: Sequence[bytes] = (),
) -> Verdict:
    """Judge all signatures; roots are PEM. A bad file raises Unreadable, nothing else.

    With revocation lists (DER or PEM) each certificate must be proven unrevoked by one of them.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of examination needs a time zone")
    trusted = tuple(root for bundle in roots for root in load_certs_from_pemder_data(bundle))
    lists = tuple(pem.unarmor(item)[2] if pem.detect(item) else item for item in revocation_lists)
    _refuse_by_looks(pdf)
    try:
        return _examined(pdf, _Policy(trusted, lists, tuple(fields), at))
    except Unreadable:
        raise
    except Exception as error:  # a hostile file may break the parser in any way; it must never break the page
        _log.warning("a PDF could not be examined", exc_info=True)
        raise Unreadable("文件已损坏，无法作为 PDF 读取，请重新取得原文件后再查验。", "file") from error


def _refuse_by_looks(pdf: bytes) -> None:
    if len(pdf) > LARGEST:
        raise Unreadable("文件超过 20 MB，无法查验，请确认选择的是盖章后的 PDF 文件。", "file")
    if not pdf.startswith(b"%PDF-"):
        raise Unreadable("这不是 PDF 文件，请选择盖章后的 PDF 文件。", "file")


def _examined(pdf: bytes, policy: _Policy) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.encrypted:
        raise Unreadable("文件已加密，无法查验，请提供未加密的 PDF 文件。", "file")
    filled = [name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)]
    if not filled:
        return Verdict((), is_valid=False, sentence="没有电子签章：文件里没有任何电子签章。")
    signatures = reader.embedded_regular_signatures
    findings, reasons = [], _document_faults(reader, signatures, filled, policy)
    for signature in signatures:
        finding, faults = _judged(pdf, reader, signature, policy, last=signature is signatures[-1])
        findings.append(finding)
        reasons.extend(faults)
    if reasons:
        return Verdict(tuple(findings), is_valid=False, sentence=f"签章无效：{reasons[0]}。")
    return Verdict(tuple(findings), is_valid=True, sentence=_good(findings))


def _document_faults(
    reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature], filled: Sequence[str], policy: _Policy
) -> list[str]:
    faults = []
    if sorted(filled) != sorted(policy.fields) or len(signatures) != len(policy.fields):
        expected = f"{len(policy.fields)} 枚（{'、'.join(policy.fields)}）"
        faults.append(f"签章与登记不符，应有 {expected}，实有 {len(filled)} 枚（{'、'.join(map(str, filled))}）")
    if not signatures or not _certified(reader, signatures[0]):
        faults.append("文件没有锁定声明，无法证明盖章后未被改动")
    return faults


def _certified(reader: PdfFileReader, first: EmbeddedPdfSignature) -> bool:
    """The first seal is the author's certification and forbids all but filling in (ISO 32000-1, 12.8.2.2)."""
    claim = read_certification_data(reader)
    if claim is None or claim.permission not in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS):
        return False
    named, own = reader.root["/Perms"].raw_get("/DocMDP"), first.sig_field.raw_get("/V")
    return bool(named.reference == own.reference)


def _judged(
    pdf: bytes, reader: PdfFileReader, signature: EmbeddedPdfSignature, policy: _Policy, *, last: bool
) -> tuple[SignatureFinding, list[str]]:
    status = _status(reader, signature, policy)
    certificate = describe(pem.armor("CERTIFICATE", status.signing_cert.dump()))
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None
    intact = status.intact and status.valid and _gap_is_plain(pdf, signature) and _envelope_is_plain(signature)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _reaches_end(pdf, signature)
    unchanged = whole if last else status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and bool(status.docmdp_ok)
    finding = SignatureFinding(
        field=signature.field_name,
        signer=certificate.subject,
        holder=certificate.holder,
        certificate_fingerprint=certificate.fingerprint_sha256,
        signed_at=stamped or status.signer_reported_dt,
        time_proven=stamped is not None,
        intact=intact,
        trusted=status.trusted,
        covers_whole_file=whole,
        modification="签章后文件未被改动" if intact and unchanged else "签章后文件被改动过",
    )
    faults = []
    if not intact:
        faults.append("文件内容或签章数据在盖章后被改动过")
    if not unchanged:
        faults.append("盖章后文件里又添加了内容，签章没有覆盖整个文件")
    if not status.trusted:
        faults.append(_trust_fault(status, certificate, policy.at))
    if stamp is not None and stamped is None:
        faults.append("所附时间戳不是可信的时间戳")
    faults.extend(_time_faults(finding, certificate.not_before, certificate.not_after, policy.at))
    if not faults and not status.bottom_line:
        faults.append("签章不符合签章规范")
    return finding, faults


def _status(reader: PdfFileReader, signature: EmbeddedPdfSignature, policy: _Policy) -> PdfSignatureStatus:
    """Judge at the moment of examination; under a trusted time stamp the signer's certificate, at the stamped time."""
    status = validate_pdf_signature(signature, _context(reader, policy, policy.at), _context(reader, policy, policy.at))
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.trusted and stamp.timestamp <= policy.at):
        return status
    return validate_pdf_signature(
        signature, _context(reader, policy, stamp.timestamp), _context(reader, policy, policy.at)
    )


def _context(reader: PdfFileReader, policy: _Policy, moment: datetime) -> ValidationContext:
    settings: dict[str, Any] = {
        "trust_roots": list(policy.roots),
        "crls": list(policy.revocation_lists),
        "allow_fetching": False,
        "revocation_mode": "require" if policy.revocation_lists else "soft-fail",
        "moment": moment,
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except NoDSSFoundError:
        return ValidationContext(**settings)


def _reaches_end(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Four plain numbers, from the first byte to the last, with one gap."""
    start, before, gap_end, after = (int(number) for number in signature.byte_range)
    return start == 0 and 0 < before < gap_end and gap_end + after == len(pdf)


def _gap_is_plain(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The gap holds one hexadecimal string in one case: the signature the parser saw, then nothing but zeros."""
    _, before, gap_end, _ = (int(number) for number in signature.byte_range)
    gap = pdf[before:gap_end]
    digits, content = gap[1:-1], signature.pkcs7_content
    if gap[:1] != b"<" or gap[-1:] != b">" or digits not in (content.hex().encode(), content.hex().upper().encode()):
        return False
    end = parser.peek(content)
    inside = parser.parse(content[:end])[4]  # type and content, and nothing after them that a parser would pass over
    kind = parser.peek(inside)
    return kind + parser.peek(inside[kind:]) == len(inside) and not any(content[end:])


def _envelope_is_plain(signature: EmbeddedPdfSignature) -> bool:
    """The few bytes of a CMS envelope that no signature protects have their one usual form (RFC 5652, 5.1, 5.3)."""
    envelope, signer = signature.signed_data, signature.signer_info
    digest = signer["digest_algorithm"]
    return bool(
        envelope["version"].dump() == signer["version"].dump() == b"\x02\x01\x01"
        and envelope["digest_algorithms"].contents == digest.dump()
        and digest["parameters"].dump() in (b"", b"\x05\x00")
    )


def _trust_fault(status: PdfSignatureStatus, certificate: CertificateInfo, at: datetime) -> str:
    problem = getattr(status.trust_problem_indic, "name", "")
    if status.revoked:
        return "签章证书已被吊销"
    if problem in ("NO_CERTIFICATE_CHAIN_FOUND", ""):
        return "签章证书不是由本单位认可的发证机构签发的"
    if at > certificate.not_after:
        return f"签章证书已于{_moment(certificate.not_after)}过期，又没有可信时间戳证明签署时仍然有效"
    if at < certificate.not_before:
        return f"签章证书自{_moment(certificate.not_before)}起才生效"
    return "签章证书未通过有效性检查"


def _time_faults(finding: SignatureFinding, begin: datetime, end: datetime, at: datetime) -> list[str]:
    if finding.signed_at is None:
        return ["签章没有签署时间"]
    if finding.signed_at > at + _CLOCK_TOLERANCE:
        return [f"签署时间（{_moment(finding.signed_at)}）晚于查验时间"]
    if not begin <= finding.signed_at <= end:
        return [f"签署时间（{_moment(finding.signed_at)}）不在签章证书有效期内"]
    return []


def _good(findings: Sequence[SignatureFinding]) -> str:
    seals = "，".join(f"由{_who(finding)}于{_moment(finding.signed_at)}签署" for finding in findings)
    proof = "" if all(finding.time_proven for finding in findings) else "签署时间为盖章系统记录，未附时间戳。"
    return f"签章有效：{seals}，签署后文件未被改动。{proof}"


def _who(finding: SignatureFinding) -> str:
    return f"{finding.holder}（演示印章，不具法律效力）" if "演示" in finding.signer else finding.holder


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "未知时间"
    local = local_time(moment)
    return f"{long_date(local.date())}{local:%H:%M}"
