"""Revocation lists (RFC 5280, 5): whose they are, how long they hold, whom they revoke. Certificates are DER."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from perfapp.signing.certificate import describe


@dataclass(frozen=True)
class RevocationList:
    """A list that its issuer has signed; moments in UTC."""

    der: bytes
    issuer_sha256: str
    issued_at: datetime


def newest(
    certificate: bytes, issuers: Sequence[bytes], candidates: Sequence[bytes], at: datetime
) -> RevocationList | None:
    """The newest list that speaks of this certificate, holds at `at`, and is signed by one of the issuers (PEM)."""
    subject = x509.load_der_x509_certificate(certificate)
    signers = [one for one in _certificates(issuers) if issued(subject, one)]  # a later root may have the same name
    found = [crl for crl in map(_loaded, candidates) if crl is not None and _speaks(crl, subject, signers, at)]
    if not found:
        return None
    best = max(found, key=lambda crl: crl.last_update_utc)
    name = hashlib.sha256(best.issuer.public_bytes()).hexdigest()
    return RevocationList(best.public_bytes(Encoding.DER), name, best.last_update_utc)


def _speaks(
    crl: x509.CertificateRevocationList, subject: x509.Certificate, signers: Sequence[x509.Certificate], at: datetime
) -> bool:
    until = crl.next_update_utc
    return (
        crl.issuer == subject.issuer
        and until is not None
        and crl.last_update_utc <= at < until
        and any(crl.is_signature_valid(one.public_key()) for one in signers)  # type: ignore[arg-type]
    )


def under(roots: Sequence[bytes], certificates: Sequence[bytes]) -> list[bytes]:
    """Those of the certificates that hang from one of the roots (PEM), and are none themselves."""
    known, left = _certificates(roots), [x509.load_der_x509_certificate(der) for der in certificates]
    found: list[x509.Certificate] = []
    grown = True
    while grown:
        above = known + found
        new = [one for one in left if one not in above and any(issued(one, other) for other in above)]
        found += list(dict.fromkeys(new))
        grown = bool(new)
    return [one.public_bytes(Encoding.DER) for one in found]


def revoked_since(certificate: asn1.Certificate, lists: Sequence[bytes]) -> datetime | None:
    """Since when the certificate has been revoked by one of its issuer's lists (DER); None when by none."""
    moments = []
    for der in lists:
        found = x509.load_der_x509_crl(der)
        entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and found.issuer.public_bytes() == certificate.issuer.dump():
            moments.append(entry.revocation_date_utc)
    return min(moments, default=None)


def list_addresses(certificate: bytes) -> list[str]:
    """Where the certificate says that its revocation list can be fetched over HTTP."""
    try:
        extensions = x509.load_der_x509_certificate(certificate).extensions
        points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    names = [str(name.value) for point in points for name in point.full_name or ()]
    return [name for name in names if name.startswith("http://")]


def pem_of(certificate: bytes) -> bytes:
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


def end_of(certificate: bytes) -> datetime:
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc


def holder_of(certificate: bytes) -> str:
    return describe(pem_of(certificate)).holder


def _certificates(bundles: Sequence[bytes]) -> list[x509.Certificate]:
    return [one for bundle in bundles for one in x509.load_pem_x509_certificates(bundle)]


def _loaded(data: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(pem.unarmor(data)[2] if pem.detect(data) else data)
    except ValueError:
        return None


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Signed with the issuer's key and naming it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
