"""A time server's answer, judged and cut down to what is kept (RFC 3161, 2.4.2).

Authorities put into a token whatever they have at hand. No signature covers that part, so it is cut down to the
signer's certificate and those between it and a trusted root: all that is kept is needed, and no byte of it can change.
"""

from collections.abc import Sequence

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509

from perfapp.signing.revocation import issued

_GRANTED = ("granted", "granted_with_mods")
_MOST = 12  # certificates that one token may bring
_KEPT = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")


def judged(query: tsp.TimeStampReq, answer: bytes, roots: Sequence[bytes]) -> tsp.TimeStampResp:
    """The answer to this query with a token in its plain form; ValueError where it is none. Roots are PEM."""
    response = tsp.TimeStampResp.load(answer, strict=True)
    if response["status"]["status"].native not in _GRANTED:
        return response  # the library words the refusal
    token = response["time_stamp_token"]
    info = token["content"]["encap_content_info"]["content"].parsed
    if info["nonce"].native is None or info["nonce"].native != query["nonce"].native:
        raise ValueError("the token is for another query")
    asked, given = query["message_imprint"], info["message_imprint"]
    if asked["hashed_message"].native != given["hashed_message"].native:
        raise ValueError("the token is of another file")
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": _plain(token, roots)})


def _plain(token: cms.ContentInfo, roots: Sequence[bytes]) -> cms.ContentInfo:
    data = token["content"]
    (signer,) = data["signer_infos"]
    kept = cms.SignerInfo({name: signer[name] for name in _KEPT})
    plain = {
        "version": data["version"],
        "digest_algorithms": [signer["digest_algorithm"]],
        "encap_content_info": data["encap_content_info"],
        "certificates": _path(data, signer, roots),
        "signer_infos": [kept],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(plain)})


def _path(data: cms.SignedData, signer: cms.SignerInfo, roots: Sequence[bytes]) -> list[asn1.Certificate]:
    """The signer's certificate and, nearest first, the shortest way from it to a root."""
    carried = {} if isinstance(data["certificates"], core.Void) else _loaded(data["certificates"])
    leaf = next((der for der, one in carried.items() if _is_named(asn1.Certificate.load(der), signer)), None)
    if leaf is None:
        raise ValueError("the token does not carry its signer's certificate")
    trusted = [one for bundle in roots for one in x509.load_pem_x509_certificates(bundle)]
    ways, seen = [[leaf]], {leaf}
    for way in ways:  # grows while it is walked: the shorter ways come first
        last = carried[way[-1]]
        if any(issued(last, root) for root in trusted):
            return [asn1.Certificate.load(der) for der in way]
        above = [der for der, one in carried.items() if der not in seen and issued(last, one)]
        seen.update(above)
        ways += [[*way, der] for der in above]
    return [asn1.Certificate.load(leaf)]  # nobody trusted vouches for it, and that is said where it is asked


def _loaded(certificates: cms.CertificateSet) -> dict[bytes, x509.Certificate]:
    found = [choice.chosen.dump() for choice in certificates if choice.name == "certificate"]
    return {der: x509.load_der_x509_certificate(der) for der in found[:_MOST]}


def _is_named(certificate: asn1.Certificate, signer: cms.SignerInfo) -> bool:
    named = signer["sid"].chosen
    if not isinstance(named, cms.IssuerAndSerialNumber):
        return bool(named.native == certificate.key_identifier)
    is_issuer: bool = named["issuer"] == certificate.issuer
    return is_issuer and bool(named["serial_number"].native == certificate.serial_number)
