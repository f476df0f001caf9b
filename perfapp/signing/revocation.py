"""Revocation lists (RFC 5280, 5): whose they are, how long they hold, whom they revoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from perfapp.core.errors import Invalid


@dataclass(frozen=True)
class RevocationList:
    """A list that its issuer has signed; moments in UTC."""

    der: bytes
    issuer: str
    issued_at: datetime
    holds_until: datetime


def read_list(data: bytes, issuers: Sequence[bytes]) -> RevocationList:
    """A list in DER or PEM, checked against its issuer's certificate (PEM); Invalid says what is wrong with it."""
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        found = x509.load_der_x509_crl(der)
    except ValueError as error:
        raise Invalid("这不是吊销列表（CRL）文件，请向发证机构索取。", "list") from error
    known = [one for bundle in issuers for one in x509.load_pem_x509_certificates(bundle)]
    if not any(one.subject == found.issuer and found.is_signature_valid(one.public_key()) for one in known):  # type: ignore[arg-type]
        raise Invalid("吊销列表不是由登记的发证机构签发的，不能采用。", "list")
    if found.next_update_utc is None:
        raise Invalid("吊销列表没有写明下次更新时间，不能采用。", "list")
    return RevocationList(der, found.issuer.rfc4514_string(), found.last_update_utc, found.next_update_utc)


def revoked_since(certificate: asn1.Certificate, lists: Sequence[bytes]) -> datetime | None:
    """Since when the certificate has been revoked by one of the lists (DER) of its issuer; None when by none."""
    moments = []
    for der in lists:
        found = x509.load_der_x509_crl(der)
        entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and found.issuer.public_bytes() == certificate.issuer.dump():
            moments.append(entry.revocation_date_utc)
    return min(moments, default=None)


def list_addresses(certificate_der: bytes) -> list[str]:
    """Where the certificate says that its revocation list can be fetched over HTTP."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    names = [name.value for point in points for name in point.full_name or ()]
    return [str(name) for name in names if str(name).startswith("http://")]


def pem_of(certificate_der: bytes) -> bytes:
    return x509.load_der_x509_certificate(certificate_der).public_bytes(Encoding.PEM)
