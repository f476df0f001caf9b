"""A certificate authority of our own, for the demo: a root, what it issues, and its revocation list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from perfapp.signing.time_authority import TimeAuthority

MARK = "演示，不具法律效力"
SEALS: tuple[x509.ObjectIdentifier, ...] = ()
TIME_STAMPS = (ExtendedKeyUsageOID.TIME_STAMPING,)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key (P-256, SHA-256)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_der(self) -> bytes:
        return self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


class Root(Issued):
    """It issues; its key is forgotten with the object."""

    def issue(
        self, named: Sequence[str], purposes: Sequence[x509.ObjectIdentifier], begin: datetime, end: datetime
    ) -> Issued:
        """A certificate for sealing, or for the purposes named."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = (
            _builder(_name(*named), key, begin, end)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(authority=False), critical=True)
            .add_extension(issuer_key, critical=False)
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=True)
        return Issued(builder.sign(self.key, hashes.SHA256()), key)

    def empty_list(self, begin: datetime, end: datetime) -> bytes:
        """A revocation list (DER) that names nobody and holds as long as the root."""
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(begin)
            .next_update(end)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(issuer_key, critical=False)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class DemoTime:
    """A time stamp authority for the demo, its root (PEM) and the root's revocation list (DER)."""

    authority: TimeAuthority
    root_pem: bytes
    revocation_list: bytes


def demo_time(at: datetime, *, years: int = 20) -> DemoTime:
    """A time stamp authority under a root of its own, both saying that they are for show; valid in the past, too."""
    begin, end = at - timedelta(days=366 * years), at + timedelta(days=366 * years)
    above = root(("演示时间戳服务", f"时间戳演示根证书（{MARK}）", "时间戳演示根证书"), begin, end)
    own = above.issue(("演示时间戳服务", f"时间戳（{MARK}）", "时间戳服务（演示）"), TIME_STAMPS, begin, end)
    return DemoTime(TimeAuthority(own.der, own.key_der), above.pem, above.empty_list(begin, end))


def root(named: Sequence[str], begin: datetime, end: datetime) -> Root:
    """A new self-signed root; `named` is organisation, department and common name."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _name(*named)
    builder = (
        _builder(name, key, begin, end)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
    )
    return Root(builder.sign(key, hashes.SHA256()), key)


def _name(organisation: str, department: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, department),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,  # "non-repudiation": what a seal promises, and what verifiers demand
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
