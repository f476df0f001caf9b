"""Time stamp authorities as they are met: RSA, RSA-PSS, P-384, under intermediates, with certificates nobody needs.

What `openssl ts` can sign is signed by it, a witness of its own; RSA-PSS, which it cannot, and tokens that are wrong on
purpose, are put together here.
"""

import hashlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
DIGESTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@cache
def key(kind: str, number: int = 0) -> Key:
    """A key of the kind; the same number gives the same key."""
    del number
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}[kind])


@dataclass(frozen=True)
class Member:
    """One certificate of a chain, with its key."""

    certificate: x509.Certificate
    key: Key = field(repr=False)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def revocation_list(self, *serials: int) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - timedelta(hours=2))
            .next_update(now + timedelta(days=30))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial in serials:
            revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(hours=1))
            builder = builder.add_revoked_certificate(revoked.build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Chain:
    """A root, an intermediate, the time stamp certificate, and what else comes along in its tokens."""

    root: Member
    middle: Member
    leaf: Member
    extra: tuple[Member, ...]

    @property
    def revocation_lists(self) -> tuple[bytes, ...]:
        return self.root.revocation_list(), self.middle.revocation_list()


@cache
def chain(kind: str, *, days: int = 3650, purpose: bool = True) -> Chain:
    """Made for this run: valid now, for so many days."""
    top = _member("测试时间根证书", key(kind, 1), None, days, authority=True)
    middle = _member("测试时间中级证书", key(kind, 2), top, days, authority=True)
    leaf = _member("测试时间戳服务", key(kind, 3), middle, days, authority=False, purpose=purpose)
    foreign = _member("无关的根证书", key("p256", 4), None, days, authority=True)
    crossed = _member("测试时间根证书", key(kind, 1), foreign, days, authority=True)  # the root, under another one
    other = _member("无关的中级证书", key("p256", 5), foreign, days, authority=True)
    return Chain(top, middle, leaf, (crossed, other, top))


def _member(name: str, own: Key, above: Member | None, days: int, *, authority: bool, purpose: bool = True) -> Member:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if not authority and purpose:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Member(builder.sign(above.key if above else own, hashes.SHA256()), own)


def _usage(*, authority: bool) -> x509.KeyUsage:
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


@dataclass(frozen=True)
class OpenSslTime:
    """`openssl ts -reply`: its own idea of a token, with every certificate it is given."""

    chain: Chain
    folder: Path
    digest: str = "sha256"
    ess: str = "sha256"  # sha1 gives ESSCertID (v1), all others ESSCertIDv2

    def answer(self, query: bytes) -> bytes:
        self._prepare()
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
        (self.folder / "query").write_bytes(query)
        run = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        if run.returncode:
            raise OSError(run.stderr.decode())
        return (self.folder / "reply").read_bytes()

    def _prepare(self) -> None:
        secret = self.chain.leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / "key.pem").write_bytes(secret)
        (self.folder / "leaf.pem").write_bytes(self.chain.leaf.pem)
        carried = (self.chain.middle, *self.chain.extra)
        (self.folder / "chain.pem").write_bytes(b"".join(one.pem for one in carried))
        (self.folder / "tsa.cnf").write_text(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = leaf.pem\ncerts = chain.pem\n"
            "signer_key = key.pem\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\naccuracy = secs:1\n"
            f"signer_digest = {self.digest}\ness_cert_id_alg = {self.ess}\ntsa_name = yes\nordering = yes\n"
        )


Fault = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class HandmadeTime:
    """A token put together here, RSA-PSS where `pss`; `spoil` changes what is signed, `shell` the rest."""

    chain: Chain
    digest: str = "sha256"
    pss: bool = False
    ess: bool = True
    spoil: Fault | None = None
    shell: Fault | None = None
    at: datetime | None = None
    signing_key: Key | None = None
    foreign_hash: bytes = b""

    def answer(self, query: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(query, strict=True)
        info = {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": asked["message_imprint"],
            "serial_number": 4711,
            "gen_time": (self.at or datetime.now(UTC)).replace(microsecond=0),
            "nonce": asked["nonce"],
        }
        if self.spoil:
            self.spoil(info)
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(tsp.TSTInfo(info).dump())})
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes) -> cms.SignedData:
        leaf = asn1.Certificate.load(self.chain.leaf.der)
        digest = algos.DigestAlgorithm({"algorithm": self.digest})
        hashed = hashlib.new(self.digest, content).digest()
        attributes = [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashed]},
        ]
        if self.ess:
            named = self.foreign_hash or hashlib.sha256(self.chain.leaf.der).digest()
            attributes.append({"type": "signing_certificate_v2", "values": [{"certs": [{"cert_hash": named}]}]})
        signed = cms.CMSAttributes(attributes)
        signer = {
            "version": "v1",
            "sid": cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number}),
            "digest_algorithm": digest,
            "signature_algorithm": self._algorithm(),
            "signed_attrs": signed,
            "signature": self._signature(signed.dump()),
        }
        carried = (self.chain.leaf, self.chain.middle, *self.chain.extra)
        data: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [asn1.Certificate.load(one.der) for one in carried],
            "signer_infos": [signer],
        }
        if self.shell:
            self.shell(data)
        return cms.SignedData(data)

    def _algorithm(self) -> dict[str, Any]:
        if not self.pss:
            kind = "ecdsa" if isinstance(self.chain.leaf.key, ec.EllipticCurvePrivateKey) else "rsa"
            return {"algorithm": f"{self.digest}_{kind}"}
        parameters = {
            "hash_algorithm": {"algorithm": self.digest},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": self.digest}},
            "salt_length": DIGESTS[self.digest]().digest_size,
        }
        return {"algorithm": "rsassa_pss", "parameters": parameters}

    def _signature(self, data: bytes) -> bytes:
        own, digest = self.signing_key or self.chain.leaf.key, DIGESTS[self.digest]()
        if isinstance(own, ec.EllipticCurvePrivateKey):
            return own.sign(data, ec.ECDSA(digest))
        scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if self.pss else padding.PKCS1v15()
        return own.sign(data, scheme, digest)
