"""The bytes of a signature that no signature protects: each must have its one usual form, so that none can change."""

from collections.abc import Collection

from asn1crypto import algos, cms, core, parser, x509
from pyhanko.sign.validation import EmbeddedPdfSignature

_ABSENT_OR_NULL = (b"", b"\x05\x00")
_VERSIONS = {"data": 1, "tst_info": 3}  # RFC 5652, 5.1
_CERTIFICATE_NAMED = ("signing_certificate", "signing_certificate_v2")
_UNSIGNED = {"data": {"signature_time_stamp_token"}, "tst_info": set[str]()}


def reaches_end(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Four plain numbers, from the first byte to the last, with one gap."""
    start, before, gap_end, after = (int(number) for number in signature.byte_range)
    return start == 0 and 0 < before < gap_end and gap_end + after == len(pdf)


def is_plain(pdf: bytes, signature: EmbeddedPdfSignature, path: Collection[bytes] | None) -> bool:
    """`path` is the DER of every certificate that the verdict rests on: an envelope carries no other."""
    carries = {choice.chosen.dump() for choice in signature.signed_data["certificates"]}
    return _gap_is_plain(pdf, signature) and _shell_is_plain(signature) and (path is None or carries <= set(path))


def _gap_is_plain(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The gap holds one hexadecimal string in one case: the signature the parser saw, then nothing but zeros."""
    _, before, gap_end, _ = (int(number) for number in signature.byte_range)
    gap = pdf[before:gap_end]
    digits, content = gap[1:-1], signature.pkcs7_content
    if gap[:1] != b"<" or gap[-1:] != b">" or digits not in (content.hex().encode(), content.hex().upper().encode()):
        return False
    end = parser.peek(content)
    inside = parser.parse(content[:end])[4]  # type and content, and nothing after them that a parser would pass over
    kind = parser.peek(inside)
    return kind + parser.peek(inside[kind:]) == len(inside) and not any(content[end:])


def _shell_is_plain(signature: EmbeddedPdfSignature) -> bool:
    """Versions, algorithms and what hangs beside the signature (RFC 5652, 5.1 and 5.3)."""
    envelope, signer = signature.signed_data, signature.signer_info
    digest, kind = signer["digest_algorithm"], envelope["encap_content_info"]["content_type"].native
    extra = signer["unsigned_attrs"]
    names = [attribute["type"].native for attribute in extra] if isinstance(extra, cms.CMSAttributes) else []
    return bool(
        kind in _VERSIONS
        and envelope["version"].dump() == bytes((2, 1, _VERSIONS[kind]))
        and signer["version"].dump() == b"\x02\x01\x01"
        and _names(signer, signature.signer_cert)
        and envelope["digest_algorithms"].contents == digest.dump()
        and digest["parameters"].dump() in _ABSENT_OR_NULL
        and _parameters_are_plain(signer["signature_algorithm"], digest["algorithm"].native)
        and (kind != "tst_info" or _names_its_certificate(signer))
        and envelope["crls"].dump() == b""
        and len(names) == len(set(names))
        and set(names) <= _UNSIGNED[kind]
    )


def _parameters_are_plain(algorithm: algos.SignedDigestAlgorithm, digest: str) -> bool:
    """None; or for RSA-PSS (RFC 4055, 3.1) one digest all through, in one of the forms that are in use."""
    parameters = algorithm["parameters"]
    if algorithm["algorithm"].native != "rsassa_pss":
        return parameters.dump() in _ABSENT_OR_NULL
    if not isinstance(parameters, algos.RSASSAPSSParams):
        return False
    length = parameters["salt_length"].native
    return parameters.dump() in [_pss(digest, null, length) for null in ({}, {"parameters": core.Null()})]


def _pss(digest: str, null: dict[str, core.Null], salt_length: int) -> bytes:
    used = {"algorithm": digest, **null}
    mask = {"algorithm": "mgf1", "parameters": used}
    plain = {"hash_algorithm": used, "mask_gen_algorithm": mask, "salt_length": salt_length}
    return bytes(algos.RSASSAPSSParams(plain).dump())


def _names_its_certificate(signer: cms.SignerInfo) -> bool:
    """Inside what is signed (RFC 3161, 2.4.2; RFC 5816); the library checks what it says."""
    return any(attribute["type"].native in _CERTIFICATE_NAMED for attribute in signer["signed_attrs"])


def _names(signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    """The signer is named to the letter as in his certificate: names are otherwise compared without regard to case."""
    named = signer["sid"].chosen
    return bool(
        isinstance(named, cms.IssuerAndSerialNumber)
        and named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].dump() == certificate["tbs_certificate"]["serial_number"].dump()
    )
