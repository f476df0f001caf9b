"""The seal's key and certificate: a home-made one for the demo, a PKCS#12 from a certificate authority for real."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid
from perfapp.signing import issuing

_LONGEST_COMMON_NAME = 64  # bytes in UTF-8; above that the library refuses it (RFC 5280, ub-common-name)
_LONGEST_PKCS12 = 1 << 20
_PKCS12_VERSION = b"\x02\x01\x03"  # PFX ::= SEQUENCE { version INTEGER (3), ... }, RFC 7292, 4
_PKCS7_OID = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"


@dataclass(frozen=True)
class SealIdentity:
    """A new seal: the locked PKCS#12, its certificate, the root that verifiers must be given, the root's list (DER)."""

    pkcs12: bytes = field(repr=False)
    certificate_pem: bytes
    root_pem: bytes
    revocation_list: bytes


@dataclass(frozen=True)
class Identity:
    """An unlocked seal, kept in memory for one use: DER of the certificate, its issuers, and the PKCS#8 key."""

    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    key_der: bytes = field(repr=False)

    @property
    def certificate_pem(self) -> bytes:
        return x509.load_der_x509_certificate(self.certificate_der).public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class CertificateInfo:
    """What people want to know of a certificate; names as RFC 4514 strings, moments in UTC."""

    subject: str
    issuer: str
    holder: str  # the organisation, else the common name
    serial_hex: str
    not_before: datetime
    not_after: datetime
    fingerprint_sha256: str


def make_demo_identity(unit_name: str, password: bytes, *, at: datetime, years: int = 10) -> SealIdentity:
    """A root of its own and a seal certificate under it (P-256, SHA-256), both saying that they are for show."""
    name = unit_name.strip()
    if not 1 <= len(name) <= 64:
        raise Invalid(f"单位名称应为 1 至 64 个字，现为 {len(name)} 个字。", "unit_name")
    if not password:
        raise Invalid("印章密码不能为空。", "password")
    begin, end = at - timedelta(minutes=5), at + timedelta(days=366 * years)
    root = issuing.root((name, f"电子印章演示根证书（{issuing.MARK}）", "电子印章演示根证书"), begin, end)
    common_name = f"{name}（演示）"
    if len(common_name.encode()) > _LONGEST_COMMON_NAME:
        common_name = "单位电子印章（演示）"
    seal = root.issue((name, f"电子印章（{issuing.MARK}）", common_name), issuing.SEALS, begin, end)
    locked = pkcs12.serialize_key_and_certificates(
        f"{name}电子印章（演示）".encode(),
        seal.key,
        seal.certificate,
        [root.certificate],
        BestAvailableEncryption(password),
    )
    return SealIdentity(locked, seal.pem, root.pem, root.empty_list(begin, end))


def read_identity(container: bytes, password: bytes, *, at: datetime | None = None) -> Identity:
    """Unlock a PKCS#12 and check that it can seal, at a moment if one is given; raises Invalid saying what is wrong."""
    if not _looks_like_pkcs12(container):
        raise Invalid("这不是 PKCS#12 印章文件（.p12、.pfx），请选择发证机构给出的印章文件。", "pkcs12")
    try:
        found = pkcs12.load_pkcs12(container, password)
    except UnsupportedAlgorithm as error:
        raise Invalid("印章文件使用了系统不支持的算法，请向发证机构索取 P-256 或 RSA 证书。", "pkcs12") from error
    except ValueError as error:
        raise Invalid("印章密码不对，或印章文件已损坏，请重新输入密码。", "password") from error
    certificate, key = found.cert, found.key
    if key is None or certificate is None:
        raise Invalid("印章文件里没有私钥或与私钥相配的证书，不能用来盖章，请重新导出带私钥的印章文件。", "pkcs12")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Invalid("印章私钥不是 P-256 或 RSA 类型，系统不能使用，请更换印章证书。", "pkcs12")
    if key.public_key() != certificate.certificate.public_key():
        raise Invalid("印章文件里的私钥与证书不相配，不能用来盖章，请重新导出印章文件。", "pkcs12")
    identity = Identity(
        certificate.certificate.public_bytes(Encoding.DER),
        tuple(other.certificate.public_bytes(Encoding.DER) for other in found.additional_certs),
        key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )
    refuse_unfit(identity.certificate_der, at=at)
    return identity


def _looks_like_pkcs12(container: bytes) -> bool:
    head = container[:64]
    return (
        len(container) <= _LONGEST_PKCS12 and head[:1] == b"\x30" and _PKCS12_VERSION in head[:9] and _PKCS7_OID in head
    )


def refuse_unfit(certificate_der: bytes, *, at: datetime | None = None) -> None:
    """Raise Invalid if the certificate may not sign documents, or not at that moment."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        usage = None
    if usage is None or not usage.content_commitment:
        raise Invalid("印章证书没有“不可否认”用途，不能用来盖章，请更换印章证书。", "pkcs12")
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at is not None and at > end:
        raise Invalid(f"印章证书已于{_day(end)}过期，请由印章管理员更换证书后再盖章。", "pkcs12")
    if at is not None and at < begin:
        raise Invalid(f"印章证书自{_day(begin)}起才生效，现在不能盖章，请核对服务器时间。", "pkcs12")


def refuse_foreign_root(identity: Identity, root_pem: bytes) -> None:
    """Raise Invalid unless the certificate was issued under this root, directly or through its own chain."""
    try:
        root = x509.load_pem_x509_certificate(root_pem)
    except ValueError as error:
        raise Invalid("根证书不是 PEM 格式，请选择以 BEGIN CERTIFICATE 开头的文件。", "root") from error
    known = [root, *(x509.load_der_x509_certificate(der) for der in identity.chain_der)]
    current = x509.load_der_x509_certificate(identity.certificate_der)
    for _ in range(len(known) + 1):
        if current == root:
            return
        issuer = next((other for other in known if other != current and _issued(current, other)), None)
        if issuer is None:
            break
        current = issuer
    raise Invalid("印章证书不是由给出的根证书签发的，请向发证机构索取对应的根证书。", "root")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _day(moment: datetime) -> str:
    return long_date(local_time(moment).date())


def describe(certificate_pem: bytes) -> CertificateInfo:
    """Read a certificate in PEM; raises Invalid if it is none."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        return CertificateInfo(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            holder=_holder(certificate.subject),
            serial_hex=f"{certificate.serial_number:x}",
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        )
    except ValueError as error:
        raise Invalid("这不是 PEM 格式的证书，请选择以 BEGIN CERTIFICATE 开头的文件。", "certificate") from error


def _holder(subject: x509.Name) -> str:
    kinds: Sequence[x509.ObjectIdentifier] = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    values = [str(found.value) for kind in kinds for found in subject.get_attributes_for_oid(kind)]
    return values[0] if values else subject.rfc4514_string()
