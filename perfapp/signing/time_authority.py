"""A small time stamp authority (RFC 3161) for the demo and for tests: bytes in, bytes out, a key of its own.

It says 演示 in its name. Where seals are to count, an authority of the unit's choice takes its place.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

POLICY = "1.3.6.1.4.1.13762.3"  # the policy of RFC 3161's own example: it promises nothing
LARGEST_QUERY = 4096
_DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True)
class TimeAuthority:
    """An authority's certificate (DER), with the certificates above it that are not roots, and its key (PKCS#8)."""

    certificate_der: bytes
    key_der: bytes = field(repr=False)
    chain_der: tuple[bytes, ...] = ()

    def stamp(self, query: bytes, at: datetime) -> bytes:
        """The response to a query: a time stamp for `at`, or a refusal as the standard words it."""
        try:
            asked = tsp.TimeStampReq.load(query, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest, nonce, wants_certificates = imprint["hashed_message"].native, asked["nonce"], asked["cert_req"]
        except ValueError:
            return _refusal("bad_data_format")
        if _DIGEST_BYTES.get(algorithm) != len(digest):
            return _refusal("bad_alg")
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(63),
                "gen_time": at.astimezone(UTC).replace(microsecond=0),
                "accuracy": {"seconds": 1},
                **({"nonce": nonce} if nonce.native is not None else {}),
            }
        )
        token = self._signed(info.dump(), with_certificates=bool(wants_certificates.native))
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes, *, with_certificates: bool) -> cms.ContentInfo:
        certificate, digest = (
            asn1.Certificate.load(self.certificate_der),
            algos.DigestAlgorithm({"algorithm": "sha256"}),
        )
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [_sha256(content)]},
                {
                    "type": "signing_certificate_v2",
                    "values": [{"certs": [{"cert_hash": _sha256(self.certificate_der)}]}],
                },
            ]
        )
        key = load_der_private_key(self.key_der, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the authority signs with P-256")
        signer = {
            "version": "v1",
            "sid": cms.IssuerAndSerialNumber(
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
            ),
            "digest_algorithm": digest,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        given = [asn1.Certificate.load(der) for der in (self.certificate_der, *self.chain_der)]
        data = {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
            **({"certificates": given} if with_certificates else {}),
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _sha256(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SHA256())
    state.update(data)
    return state.finalize()


def _refusal(why: str) -> bytes:
    status = {"status": "rejection", "fail_info": {why}}
    return bytes(tsp.TimeStampResp({"status": status}).dump())
