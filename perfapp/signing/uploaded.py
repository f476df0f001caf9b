"""A certificate that somebody hands in for a seal: read, put in order, judged, and the findings said in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid

_LONGEST = 1 << 18
_LEAST_RSA_BITS = 3072


@dataclass(frozen=True)
class SealCertificateFile:
    """The certificate of a seal with its way up to the root (PEM), and what was found good in it."""

    certificate_pem: str
    chain_pem: str
    root_pem: str
    fingerprint_sha256: str
    begins_at: datetime
    expires_at: datetime
    holder: str
    sentences: tuple[str, ...]


def pem_to_der(pem: str) -> tuple[bytes, ...]:
    """Every certificate of a PEM text, in its order."""
    if not pem.strip():
        return ()
    return tuple(found.public_bytes(Encoding.DER) for found in x509.load_pem_x509_certificates(pem.encode()))


def der_to_pem(der: bytes) -> str:
    return _pem(x509.load_der_x509_certificate(der))


def read(certificate: bytes, issuers: Sequence[bytes], *, at: datetime) -> SealCertificateFile:
    """Read the certificate and the files above it; raises Invalid saying what is wrong with which."""
    own = _certificates(certificate, "certificate")
    above = [found for data in issuers for found in _certificates(data, "issuers")]
    leaf = next((one for one in own if not _is_authority(one)), None)
    if leaf is None:
        raise Invalid("这是发证机构的证书，不是印章证书：请选择发给本单位印章的那一份。", "certificate")
    way = _way_up(leaf, [*own, *above])
    sentences = (
        _usage(leaf),
        _strength(leaf),
        _period(leaf, at),
        f"由“{_common_name(way[0])}”签发，证书链完整，共 {len(way)} 级，根证书为“{_common_name(way[-1])}”。",
    )
    return SealCertificateFile(
        certificate_pem=_pem(leaf),
        chain_pem="".join(_pem(one) for one in way[:-1]),
        root_pem=_pem(way[-1]),
        fingerprint_sha256=leaf.fingerprint(hashes.SHA256()).hex(),
        begins_at=leaf.not_valid_before_utc,
        expires_at=leaf.not_valid_after_utc,
        holder=_holder(leaf),
        sentences=sentences,
    )


def _certificates(data: bytes, field: str) -> list[x509.Certificate]:
    if len(data) > _LONGEST:
        raise Invalid("证书文件太大，请核对是否选错了文件。", field)
    if b"PRIVATE KEY" in data or _is_pkcs12(data):
        raise Invalid(
            "这个文件里有私钥，不要上传到网页：请只选证书（.cer、.crt、.pem），私钥由盖章服务的管理人存放。", field
        )
    for load in (
        x509.load_pem_x509_certificates,
        lambda given: [x509.load_der_x509_certificate(given)],
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
    ):
        try:
            return list(load(data))
        except ValueError:
            continue
    raise Invalid("读不出证书，请选择发证机构给的证书文件（.cer、.crt、.pem、.p7b）。", field)


def _is_pkcs12(data: bytes) -> bool:
    """PFX begins with the version 3 (RFC 7292, 4); a certificate and a PKCS#7 file never do."""
    return data[:1] == b"\x30" and b"\x02\x01\x03" in data[2:9]


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    except ValueError as error:
        raise Invalid("证书的扩展项读不懂，请向发证机构换一份。", "certificate") from error


def _way_up(leaf: x509.Certificate, known: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """From the issuer of the certificate to the root."""
    way: list[x509.Certificate] = []
    current = leaf
    while not way or current.subject != current.issuer:
        issuer = next((one for one in known if one not in (leaf, *way) and _issued(current, one)), None)
        if issuer is None:
            missing = current.issuer.rfc4514_string()
            raise Invalid(f"缺少上级证书“{missing}”，请把发证机构的中级证书和根证书一并选上。", "issuers")
        way.append(issuer)
        current = issuer
    return way


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return _is_authority(issuer)


def _usage(leaf: x509.Certificate) -> str:
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.content_commitment:
        raise Invalid("证书没有“不可否认”用途，不能用来盖章，请向发证机构申请签章用的证书。", "certificate")
    return "密钥用途：含“不可否认”，可以盖章。"


def _strength(leaf: x509.Certificate) -> str:
    key = leaf.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1":
        return "密钥类型：P-256。"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
        return f"密钥类型：RSA {key.key_size} 位。"
    raise Invalid(f"密钥类型不能用：须为 P-256，或 RSA {_LEAST_RSA_BITS} 位以上。", "certificate")


def _period(leaf: x509.Certificate, at: datetime) -> str:
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if at > end:
        raise Invalid(f"证书已于{_day(end)}过期，请选择新的证书。", "certificate")
    words = f"有效期：{_day(begin)}至{_day(end)}"
    return f"{words}，从生效之日起才能用。" if at < begin else f"{words}，还有 {(end - at).days} 天。"


def _holder(leaf: x509.Certificate) -> str:
    kinds = (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME)
    values = [str(found.value) for kind in kinds for found in leaf.subject.get_attributes_for_oid(kind)]
    return values[0] if values else leaf.subject.rfc4514_string()


def _common_name(certificate: x509.Certificate) -> str:
    values = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(values[0].value) if values else certificate.subject.rfc4514_string()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _day(moment: datetime) -> str:
    return long_date(local_time(moment).date())
