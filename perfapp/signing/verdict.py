"""What can be said of the seals in a PDF, by a policy stricter than the library's.

A valid verdict needs all of: exactly the expected seals; a certification that allows nothing but filling reserved
seals; the last signature covering every byte up to the end; a certificate under a given root. Whether the file is the
filed original is another question: the digest in the seal register answers it.
"""

import io
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import pem, x509
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
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import ModificationInfo, SignatureStatus
from pyhanko_certvalidator import ValidationContext

from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid
from perfapp.signing import envelope, revision
from perfapp.signing.certificate import CertificateInfo, describe
from perfapp.signing.fields import RENEWALS, SEALS, TIMES, time_of
from perfapp.signing.revocation import revoked_since

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
    archived_at: datetime | None = None  # the last archive time stamp (B-LTA): everything needed is inside
    ends_at: datetime | None = None  # until when that time stamp proves anything by itself
    path: tuple[bytes, ...] = ()  # the certificates (DER) it hangs from its root by


@dataclass(frozen=True)
class _Policy:
    """What the examiner was given: roots and lists, whose seals and which of them to expect, the moment."""

    roots: tuple[x509.Certificate, ...]
    revocation_lists: tuple[bytes, ...]
    certificates: frozenset[str] | None
    fields: tuple[str, ...] | None
    at: datetime


def examine(
    pdf: bytes,
    roots: Sequence[bytes],
    *,
    at: datetime,
    fields: Sequence[str] | None = None,
    certificates: Collection[str] | None = None,
    revocation_lists: Sequence[bytes] = (),
) -> Verdict:
    """Judge all signatures; roots are PEM. A bad file raises Unreadable, nothing else.

    `fields` names the seals that must be there, `certificates` (SHA-256) those that may have sealed; None leaves that
    to the file and the roots. Revocation lists are DER or PEM: what they revoke is refused from then on.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of examination needs a time zone")
    trusted = tuple(root for bundle in roots for root in load_certs_from_pemder_data(bundle))
    lists = tuple(pem.unarmor(item)[2] if pem.detect(item) else item for item in revocation_lists)
    _refuse_by_looks(pdf)
    policy = _Policy(
        trusted,
        lists,
        None if certificates is None else frozenset(certificates),
        None if fields is None else tuple(fields),
        at,
    )
    try:
        return _examined(pdf, policy)
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
        raise Unreadable("文件已加密，无法查验，请提供未加密的文件。", "file")
    filled = [name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)]
    if not filled:
        return Verdict((), is_valid=False, sentence="没有电子签章：文件里没有任何电子签章。")
    signatures = list(reader.embedded_signatures)
    faults = _document_faults(reader, signatures, filled, policy)
    stamps = _stamps([_Case(pdf, reader, one, policy) for one in signatures if _is_stamp(one)], signatures[-1])
    found = []
    for number, signature in enumerate(one for one in signatures if not _is_stamp(one)):
        stamp = stamps[number] if number < len(stamps) else None
        followers = signatures[signatures.index(signature) + 1 :]
        found.append(_judged(_Case(pdf, reader, signature, policy), stamp, followers))
    findings = tuple(finding for finding, _ in found)
    faults += [fault for _, own in found for fault in own] + [stamp.fault for stamp in stamps if stamp.fault]
    if faults:
        return Verdict(findings, is_valid=False, sentence=f"签章无效：{faults[0]}。")
    if not stamps:
        return Verdict(findings, is_valid=True, sentence=_good(findings, None))
    last = stamps[-1]
    return Verdict(findings, True, _good(findings, last.at), last.at, last.ends_at, last.path)


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object_type == "/DocTimeStamp")


def _document_faults(
    reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature], filled: Sequence[str], policy: _Policy
) -> list[str]:
    """What is wrong with the order of the document, whatever each signature says."""
    made = {name for name, _, _ in enumerate_sig_fields(reader)}
    seals = [name for name in filled if name in SEALS]
    expected = policy.fields or tuple(seals) or SEALS[:1]
    order = [name for seal in expected for name in (seal, time_of(seal)) if name in SEALS or TIMES[0] in made]
    order += RENEWALS[: sum(name in RENEWALS for name in filled)]
    faults = []
    if expected != SEALS[: len(expected)] or [one.field_name for one in signatures] != order:
        wanted = f"{len(order)} 个（{'、'.join(order)}）"
        faults.append(f"签章与登记不符，应有 {wanted}，实有 {len(filled)} 个（{'、'.join(map(str, filled))}）")
    if not signatures or not _certified(reader, signatures[0]):
        faults.append("文件没有锁定声明，无法证明盖章后未被改动")
    if reader.xrefs.total_revisions != 1 + len(signatures):
        faults.append("盖章后文件里又添加了内容，不是盖章时的文件")
    return faults


def _certified(reader: PdfFileReader, first: EmbeddedPdfSignature) -> bool:
    """The first seal is the author's certification and forbids all but filling in (ISO 32000-1, 12.8.2.2)."""
    claim = read_certification_data(reader)
    if claim is None or claim.permission not in (MDPPerm.NO_CHANGES, MDPPerm.FILL_FORMS):
        return False
    named, own = reader.root["/Perms"].raw_get("/DocMDP"), first.sig_field.raw_get("/V")
    return bool(named.reference == own.reference)


@dataclass(frozen=True)
class _Case:
    """One signature before the examiner."""

    pdf: bytes
    reader: PdfFileReader
    signature: EmbeddedPdfSignature
    policy: _Policy

    def context(self, moment: datetime, *, strictly: bool) -> ValidationContext:
        """`strictly` asks for proof that no certificate was revoked; otherwise its lack is passed over."""
        settings: dict[str, Any] = {
            "trust_roots": list(self.policy.roots),
            "crls": list(self.policy.revocation_lists),
            "allow_fetching": False,
            "revocation_mode": "require" if strictly else "soft-fail",
            "moment": moment,
        }
        try:
            return DocumentSecurityStore.read_dss(self.reader).as_validation_context(settings)
        except NoDSSFoundError:
            return ValidationContext(**settings)

    def is_plain(self, status: SignatureStatus) -> bool:
        """Without a path there is no trust either, and that is said."""
        path = status.validation_path
        known = {one.dump() for one in path.iter_certs(include_root=True)} if path is not None else None
        return envelope.is_plain(self.pdf, self.signature, known)

    def covers_whole(self, status: ModificationInfo) -> bool:
        return status.coverage == SignatureCoverageLevel.ENTIRE_FILE and envelope.reaches_end(self.pdf, self.signature)


@dataclass(frozen=True)
class _Stamp:
    """An archive time stamp: the moment it proves, or what is wrong with it."""

    at: datetime
    fault: str = ""
    ends_at: datetime | None = None
    path: tuple[bytes, ...] = ()


def _stamps(cases: Sequence[_Case], last: EmbeddedPdfSignature) -> list[_Stamp]:
    """The archive time stamps in order: the last one must hold now, each before it when the next one was made."""
    found: list[_Stamp] = []
    for case in reversed(cases):
        found.insert(0, _stamped(case, found[0].at if found else None, is_last=case.signature is last))
    return found


def _stamped(case: _Case, followed_at: datetime | None, *, is_last: bool) -> _Stamp:
    """A time stamp over the file so far, by a trusted authority; its revision adds nothing but itself."""
    now = case.policy.at
    context = case.context(min(followed_at or now, now), strictly=followed_at is not None)
    status = validate_pdf_timestamp(case.signature, context)
    whole = case.covers_whole(status) if is_last else status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    if not (status.intact and status.valid and case.is_plain(status)):
        return _Stamp(status.timestamp, "存档时间戳之后文件被改动过")
    is_renewal = case.signature.field_name in RENEWALS
    if not whole or not revision.adds_only_itself(case.reader, case.signature, with_proof=is_renewal):
        return _Stamp(status.timestamp, "盖章后文件里又添加了内容，存档时间戳没有覆盖整个文件")
    expires = status.signing_cert.not_valid_after
    if not status.trusted and followed_at is None and now > expires:
        return _Stamp(
            status.timestamp, f"时间戳证书已于{_moment(expires)}过期，签章已不能单独证明，请以与归档原件的比对为准"
        )
    if not status.trusted or status.timestamp > min(followed_at or now, now) + _CLOCK_TOLERANCE:
        return _Stamp(status.timestamp, "存档时间戳不是可信的时间戳")
    path = list(status.validation_path.iter_certs(include_root=False)) if status.validation_path else []
    ends_at = min((one.not_valid_after for one in path), default=expires)
    return _Stamp(status.timestamp, ends_at=ends_at, path=tuple(one.dump() for one in path))


def _judged(
    case: _Case, archive: _Stamp | None, followers: Sequence[EmbeddedPdfSignature]
) -> tuple[SignatureFinding, list[str]]:
    # Time stamps alone are known to add nothing but themselves: the library need not compare the whole document.
    alone = archive is not None and all(_is_stamp(one) for one in followers)
    status = _status(case, archive, compare=not alone)
    certificate = describe(pem.armor("CERTIFICATE", status.signing_cert.dump()))
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.valid and stamp.intact and stamp.trusted else None
    intact = bool(status.intact and status.valid and case.is_plain(status))
    whole = case.covers_whole(status)
    unchanged = whole
    if followers:
        unchanged = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and (alone or bool(status.docmdp_ok))
    finding = SignatureFinding(
        field=case.signature.field_name,
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
    faults.extend(_certificate_faults(case.policy, status, certificate, finding))
    if (stamp is not None or archive is not None) and stamped is None:
        faults.append("所附时间戳不是可信的时间戳")
    faults.extend(_time_faults(finding, certificate.not_before, certificate.not_after, case.policy.at))
    if not faults and not (status.seed_value_ok if alone else status.bottom_line):
        faults.append("签章不符合签章规范")
    return finding, faults


def _status(case: _Case, archive: _Stamp | None, *, compare: bool) -> PdfSignatureStatus:
    """Judge at the moment that is proven: by the archive time stamp, by the seal's own, else that of examination."""
    at = case.policy.at
    if archive is not None:
        then = min(archive.at, at)
        seal, time = case.context(then, strictly=True), case.context(then, strictly=True)
        return validate_pdf_signature(case.signature, seal, time, skip_diff=not compare)
    status = validate_pdf_signature(case.signature, case.context(at, strictly=False), case.context(at, strictly=False))
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.trusted and stamp.timestamp <= at):
        return status
    return validate_pdf_signature(
        case.signature, case.context(stamp.timestamp, strictly=False), case.context(at, strictly=False)
    )


def _certificate_faults(
    policy: _Policy, status: PdfSignatureStatus, certificate: CertificateInfo, finding: SignatureFinding
) -> list[str]:
    if not status.trusted:
        return [_trust_fault(status, certificate, policy.at)]
    if policy.certificates is not None and certificate.fingerprint_sha256 not in policy.certificates:
        return [f"签章证书（{certificate.holder}）没有在本系统登记"]
    revoked_at = revoked_since(status.signing_cert, policy.revocation_lists)
    if revoked_at is not None and not (finding.time_proven and finding.signed_at and finding.signed_at < revoked_at):
        return ["签章证书已被吊销"]
    return []


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


def _good(findings: Sequence[SignatureFinding], archived_at: datetime | None) -> str:
    seals = "，".join(f"由{_who(finding)}于{_moment(finding.signed_at)}签署" for finding in findings)
    if archived_at is not None:
        return f"签章有效：{seals}，时间由可信时间戳证明，签署后文件未被改动。"
    proof = "" if all(finding.time_proven for finding in findings) else "签署时间为盖章系统记录，未附时间戳。"
    return f"签章有效：{seals}，签署后文件未被改动。{proof}"


def _who(finding: SignatureFinding) -> str:
    return f"{finding.holder}（演示印章，不具法律效力）" if "演示" in finding.signer else finding.holder


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return "未知时间"
    local = local_time(moment)
    return f"{long_date(local.date())}{local:%H:%M}"
