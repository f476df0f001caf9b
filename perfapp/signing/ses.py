"""A detached electronic seal signature (GB/T 38540-2020) over the bytes of a sealed PDF: made, and judged.

The maker here is a test provider: the structures and the arithmetic are the standard's, the certificates are our own.
Legal effect needs a product with the commercial cryptography certificate (商用密码产品认证).
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import core, pem, x509

from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid
from perfapp.signing import ses_form as form
from perfapp.signing import sm2
from perfapp.signing.digest import sm3_hex

MEDIA_TYPE = "application/octet-stream"
SUFFIX = ".es"
_VENDOR = "perfapp-test"
_LONGEST = 1 << 21
_WIDTH_MM = 42


@dataclass(frozen=True)
class TestSeal:
    """A seal of the test provider: the SESeal (DER), its signer's certificate and key, and the maker's root."""

    __test__ = False  # a class of ours, not one of pytest's

    eseal: bytes
    signer_certificate: bytes
    signer_key: bytes
    root_pem: str


@dataclass(frozen=True)
class SesVerdict:
    """What can be said of a detached signature beside its document."""

    is_valid: bool
    sentence: str
    seal_name: str = ""


def make_test_seal(name: str, picture_png: bytes, folder: Path, *, at: datetime, years: int = 10) -> TestSeal:
    """A root, a maker under it and a signer for a seal of this name; `folder` is private and holds keys meanwhile."""
    begin, end = at - timedelta(minutes=5), at + timedelta(days=366 * years)
    keys = {}
    for who in ("root", "maker", "signer"):
        keys[who] = folder / f"{who}.key"
        keys[who].write_bytes(sm2.make_key())
        keys[who].chmod(0o600)
    root = _issue("国密测试根证书（测试，不具法律效力）", "", keys["root"], keys["root"], begin, end, authority=True)
    root_name = root.subject
    maker = _issue(
        "国密测试制章者（测试，不具法律效力）", "", keys["maker"], keys["root"], begin, end, issuer=root_name
    )
    signer = _issue(f"{name[:14]}（测试）", name, keys["signer"], keys["root"], begin, end, issuer=root_name)
    info = form.SealInfo(
        {
            "header": {"ID": "ES", "version": form.VERSION, "Vid": _VENDOR},
            "esID": f"TEST{secrets.token_hex(8).upper()}",
            "property": {
                "type": form.ORGANISATION,
                "name": name,
                "certListType": form.CERTIFICATES,
                "certList": [signer.dump()],
                "createDate": _seconds(at),
                "validStart": _seconds(begin),
                "validEnd": _seconds(end),
            },
            "picture": {"type": "PNG", "data": picture_png, "width": _WIDTH_MM, "height": _WIDTH_MM},
        }
    )
    eseal = form.SESeal(
        {
            "eSealInfo": info,
            "cert": maker.dump(),
            "signAlgID": form.SM2_WITH_SM3,
            "signedValue": sm2.sign(keys["maker"], info.dump()),
        }
    )
    root_pem = pem.armor("CERTIFICATE", root.dump()).decode()
    return TestSeal(eseal.dump(), signer.dump(), keys["signer"].read_bytes(), root_pem)


def sign(document: bytes, eseal: bytes, signer_certificate: bytes, signer_key: Path, *, at: datetime) -> bytes:
    """The SES_Signature (DER) over the document, with the signer's key in the file."""
    to_sign = form.TbsSign(
        {
            "version": form.VERSION,
            "eseal": form.SESeal.load(eseal),
            "timeInfo": _seconds(at),
            "dataHash": bytes.fromhex(sm3_hex(document)),
            "propertyInfo": f"application/pdf;sha256={hashlib.sha256(document).hexdigest()}",
        }
    )
    made = form.SESSignature(
        {
            "toSign": to_sign,
            "cert": signer_certificate,
            "signatureAlgID": form.SM2_WITH_SM3,
            "signature": sm2.sign(signer_key, to_sign.dump()),
        }
    )
    return bytes(made.dump())


def judge(signature: bytes, document: bytes, roots: Sequence[str]) -> SesVerdict:
    """Whether the signature is genuine and over this document. Invalid when it is no SES_Signature at all."""
    found = _read(signature)
    to_sign = found["toSign"]
    eseal = to_sign["eseal"]
    name = eseal["eSealInfo"]["property"]["name"].native
    try:
        wrong = _fault(found, document, roots)
    except (ValueError, TypeError, KeyError):
        wrong = "其中的证书或密钥读不懂"
    if wrong:
        return SesVerdict(False, f"国密签章无效：{wrong}。", name)
    when = long_date(local_time(to_sign["timeInfo"].native).date())
    return SesVerdict(True, f"国密签章有效：“{name}”，签章时间{when}（测试签章，不具法律效力）。", name)


def _read(signature: bytes) -> form.SESSignature:
    try:
        if len(signature) > _LONGEST:
            raise ValueError("too long")
        found: form.SESSignature = form.SESSignature.load(signature, strict=True)
        found.native  # noqa: B018 -- reads every field, so that a wrong one is found here
        if found.dump(force=True) != signature:  # one meaning, one form (DER)
            raise ValueError("not DER")
        return found
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        raise Invalid("这不是国密电子签章文件（GB/T 38540），请选择报告页下载的 .es 文件。", "signature") from error


def _fault(found: form.SESSignature, document: bytes, roots: Sequence[str]) -> str:
    """The first of the standard's tests that fails, in its order; '' when none does."""
    to_sign = found["toSign"]
    eseal = to_sign["eseal"]
    info = eseal["eSealInfo"]
    signer, maker = x509.Certificate.load(found["cert"].native), x509.Certificate.load(eseal["cert"].native)
    when, held = to_sign["timeInfo"].native, info["property"]
    header = (info["header"]["ID"].native, info["header"]["version"].native, to_sign["version"].native)
    tests = (
        (lambda: header == ("ES", form.VERSION, form.VERSION), "格式或版本不对"),
        (
            lambda: {found["signatureAlgID"].dotted, eseal["signAlgID"].dotted} == {form.SM2_WITH_SM3},
            "算法不是 SM2、SM3",
        ),
        (lambda: sm2.verifies(signer.public_key, found["signature"].native, to_sign.dump()), "签名值不对，内容被改过"),
        (lambda: found["cert"].native in [one.native for one in held["certList"]], "签章人不在印章的证书名单里"),
        (lambda: sm2.verifies(maker.public_key, eseal["signedValue"].native, info.dump()), "印章被改过"),
        (lambda: held["validStart"].native <= when <= held["validEnd"].native, "签章时印章不在有效期内"),
        (
            lambda: any(_stands(maker, root, when) and _stands(signer, root, when) for root in roots),
            "证书不是本系统登记的",
        ),
        (lambda: to_sign["dataHash"].native == bytes.fromhex(sm3_hex(document)), "与这份文件不相配，原文杂凑不符"),
    )
    return next((sentence for test, sentence in tests if not test()), "")


def _stands(certificate: x509.Certificate, root_pem: str, when: datetime) -> bool:
    """Issued under this root, and both ran at that moment."""
    _, _, der = pem.unarmor(root_pem.encode())
    root = x509.Certificate.load(der)
    runs = all(one.not_valid_before <= when <= one.not_valid_after for one in (certificate, root))
    return (
        runs
        and certificate.issuer == root.subject
        and sm2.verifies(root.public_key, certificate.signature, certificate["tbs_certificate"].dump())
    )


def _issue(
    common_name: str,
    organisation: str,
    key: Path,
    issuer_key: Path,
    begin: datetime,
    end: datetime,
    *,
    issuer: x509.Name | None = None,
    authority: bool = False,
) -> x509.Certificate:
    """A certificate (GB/T 20518, X.509 v3) for the key, signed with the issuer's."""
    named = {"country_name": "CN", "common_name": common_name}
    if organisation:
        named["organization_name"] = organisation
    subject = x509.Name.build(named)
    usage = {"key_cert_sign", "crl_sign"} if authority else {"digital_signature", "non_repudiation"}
    algorithm = {"algorithm": form.SM2_WITH_SM3}
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": int.from_bytes(secrets.token_bytes(16), "big") >> 1,
            "signature": algorithm,
            "issuer": issuer or subject,
            "validity": {"not_before": _time(begin), "not_after": _time(end)},
            "subject": subject,
            "subject_public_key_info": sm2.public_key(key),
            "extensions": [
                {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": authority}},
                {"extn_id": "key_usage", "critical": True, "extn_value": usage},
            ],
        }
    )
    return x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": algorithm,
            "signature_value": sm2.sign(issuer_key, body.dump()),
        }
    )


def _time(moment: datetime) -> x509.Time:
    return x509.Time({"utc_time": core.UTCTime(_seconds(moment))})


def _seconds(moment: datetime) -> datetime:
    """A moment as ASN.1 keeps it here: UTC, whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0)
