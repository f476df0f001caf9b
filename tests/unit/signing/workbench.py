"""What the signing tests work with: a tagged archival PDF, a seal, a home-made authority, and two outside witnesses."""

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import typst
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from perfapp.core.seal_place import SealPlace
from perfapp.signing.certificate import Identity, SealIdentity, make_demo_identity, read_identity
from perfapp.signing.digest import sha256_hex
from perfapp.signing.issuing import DemoTime, demo_time
from perfapp.signing.picture import draw_seal
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import TimeProof

UNIT = "演示市机关事务服务中心"
PASSWORD = b"demo seal"
AT = datetime(2026, 3, 15, 2, 30, tzinfo=UTC)
LATER = AT + timedelta(days=30)
PLACE = SealPlace(page=0, centre_x_mm=105, centre_y_mm=200)
SECOND_PLACE = SealPlace(page=1, centre_x_mm=60, centre_y_mm=120)


@cache
def report(title: str = "部门整体支出绩效自评报告", pages: int = 3) -> bytes:
    """A tagged PDF/A-2a and PDF/UA-1 file, as the documents room makes them."""
    source = f"""
#set document(title: "{title}", date: datetime(year: 2026, month: 3, day: 15))
#set text(font: "Noto Serif SC", lang: "zh", size: 16pt)
#set page(paper: "a4", margin: 27mm)
= {title}
#for number in range(1, {pages} + 1) {{
  [第 #number 页，本年支出 1234.56 万元，预算执行率 98.7%。]
  if number < {pages} {{ pagebreak() }}
}}
"""
    fonts = Path(str(files("pylopdf_fonts_zh_cn")))
    compiled = cast(Any, typst).compile(source.encode(), font_paths=[fonts], pdf_standards=["a-2a", "ua-1"])
    assert isinstance(compiled, bytes)
    return compiled


@cache
def seal_identity() -> SealIdentity:
    return make_demo_identity(UNIT, PASSWORD, at=AT - timedelta(days=1))


@cache
def identity() -> Identity:
    return read_identity(seal_identity().pkcs12, PASSWORD, at=AT)


def fresh_seal() -> SealIdentity:
    """A seal of the same unit name under a root of the same name, made by somebody else."""
    return make_demo_identity(UNIT, PASSWORD, at=AT - timedelta(days=1))


def unlocked(seal: SealIdentity) -> Identity:
    return read_identity(seal.pkcs12, PASSWORD, at=AT)


@cache
def picture() -> bytes:
    return draw_seal(UNIT, demo=True)


@cache
def sealed(pdf: bytes | None = None, *, reserved: tuple[SealPlace, ...] = ()) -> bytes:
    pdf = report() if pdf is None else pdf
    return press(
        pdf,
        signer_of(identity()),
        picture(),
        PLACE,
        at=AT,
        reason="签发用印",
        location="演示市",
        contact="演示市机关事务服务中心办公室",
        digest_expected=sha256_hex(pdf),
        reserved=reserved,
    )


@cache
def time_service() -> DemoTime:
    return demo_time(AT - timedelta(days=2))


@dataclass(frozen=True)
class TimeSource:
    """The demo's time stamp authority without a network, its clock stopped."""

    at: datetime = AT

    def answer(self, query: bytes) -> bytes:
        return time_service().authority.stamp(query, self.at)


def proof() -> TimeProof:
    own, time = seal_identity(), time_service()
    return TimeProof(TimeSource(), (own.root_pem, time.root_pem), (own.revocation_list, time.revocation_list))


def archive_roots() -> list[bytes]:
    return [seal_identity().root_pem, time_service().root_pem]


@cache
def archived(pdf: bytes | None = None, *, reserved: tuple[SealPlace, ...] = ()) -> bytes:
    """Sealed as for real: PAdES B-LTA."""
    pdf = report() if pdf is None else pdf
    signer, digest = signer_of(identity()), sha256_hex(pdf)
    return press(
        pdf,
        signer,
        picture(),
        PLACE,
        at=AT,
        reason="签发用印",
        digest_expected=digest,
        reserved=reserved,
        time_proof=proof(),
    )


def signature_gap(pdf: bytes) -> tuple[int, int]:
    """Where the (last) signature stands in the file: offsets of `<` and just after `>`."""
    before, gap_end = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+\s*\]", pdf)[-1]
    return int(before), int(gap_end)


def openssl_accepts(pdf: bytes, root_pem: bytes, folder: Path, *, at: datetime) -> bool:
    """Ask OpenSSL, which knows no PDF: the bytes around the gap against the CMS inside it."""
    before, gap_end = signature_gap(pdf)
    (folder / "content").write_bytes(pdf[:before] + pdf[gap_end:])
    (folder / "cms").write_bytes(bytes.fromhex(pdf[before + 1 : gap_end - 1].decode()))
    (folder / "root.pem").write_bytes(root_pem)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
    command += ["-in", "cms", "-content", "content", "-CAfile", "root.pem", "-attime", str(int(at.timestamp()))]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own: it can revoke, and runs a time stamp service."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, name: str, *, at: datetime = AT, usage: x509.KeyUsage | None = None) -> Identity:
        """A seal certificate, unlocked."""
        key = ec.generate_private_key(ec.SECP256R1())
        return _identity(self._certificate(name, key.public_key(), at, usage or _usage()), key)

    def locked(self, name: str, password: bytes) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(name, key.public_key(), AT, _usage())
        return pkcs12.serialize_key_and_certificates(None, key, certificate, None, BestAvailableEncryption(password))

    def revocation_list(self, *serials: int, at: datetime = AT - timedelta(minutes=30)) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(AT - timedelta(hours=1))
            .next_update(AT + timedelta(days=60))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def time_stamps(self) -> "Clockwork":
        key = rsa.generate_private_key(65537, 2048)
        extension = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return Clockwork(self._certificate("时间戳服务", key.public_key(), AT, _usage(), extension), key)

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        at: datetime,
        usage: x509.KeyUsage,
        purpose: x509.ExtendedKeyUsage | None = None,
    ) -> x509.Certificate:
        builder = _builder(name, self.certificate.subject, at).public_key(key).add_extension(usage, critical=True)
        if purpose is not None:
            builder = builder.add_extension(purpose, critical=True)
        return builder.sign(self.key, hashes.SHA256())


class Clockwork:
    """A time stamp authority without a network: bytes in, bytes out."""

    def __init__(self, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
        self._stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            fixed_dt=AT,
        )

    def answer(self, query: bytes) -> bytes:
        response: bytes = self._stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump()
        return response


@cache
def authority(name: str = "测试发证机构") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(name, x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]), AT)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
    )
    return Authority(builder.sign(key, hashes.SHA256()), key)


def _builder(name: str, issuer: x509.Name, at: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]))
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365))
    )


def _usage(*, authority: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _identity(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Identity(certificate.public_bytes(Encoding.DER), (), secret)
