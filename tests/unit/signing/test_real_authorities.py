"""Tokens of time stamp authorities as they are met: taken when they are good, refused when they are not."""

import io
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from perfapp.signing import revocation
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import NoTimeProof, TimeProof, TimeStampSource, certificates_of
from perfapp.signing.verdict import Unreadable, examine
from tests.unit.signing.archive_forgeries import byte_ranges
from tests.unit.signing.real_authorities import Chain, HandmadeTime, OpenSslTime, chain, key
from tests.unit.signing.workbench import PLACE, identity, picture, report, seal_identity

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def roots_of(own: Chain) -> tuple[bytes, bytes]:
    return seal_identity().root_pem, own.root.pem


def sealed_by(source: TimeStampSource, own: Chain, lists: tuple[bytes, ...] | None = None) -> bytes:
    """As the sealing worker does it: only lists for the certificates that hang from a root."""
    given = own.revocation_lists if lists is None else lists
    time_proof = TimeProof(source, roots_of(own), (seal_identity().revocation_list, *given))
    return press(
        report(),
        signer_of(identity()),
        picture(),
        PLACE,
        at=datetime.now(UTC),
        reason="",
        digest_expected=sha256_hex(report()),
        time_proof=time_proof,
    )


def sentence_of(file: bytes, own: Chain, *, days: int = 30) -> str:
    """'' for a good one."""
    try:
        verdict = examine(file, roots_of(own), at=datetime.now(UTC) + timedelta(days=days))
    except Unreadable as refusal:
        return refusal.message
    return "" if verdict.is_valid and verdict.archived_at is not None else verdict.sentence


KINDS = [
    ("rsa", "sha256", "sha256"),
    ("rsa", "sha512", "sha256"),
    ("rsa", "sha256", "sha1"),
    ("p256", "sha256", "sha256"),
    ("p256", "sha384", "sha1"),
    ("p384", "sha384", "sha384"),
    ("p384", "sha512", "sha512"),
]


@needs_openssl
@pytest.mark.parametrize(("kind", "digest", "ess"), KINDS)
def test_a_token_of_openssl_with_certificates_nobody_needs_is_taken(
    kind: str, digest: str, ess: str, tmp_path: Path
) -> None:
    own = chain(kind)
    file = sealed_by(OpenSslTime(own, tmp_path, digest, ess), own)
    assert sentence_of(file, own) == ""
    refuse_small_changes(file, own)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_token_signed_with_rsa_pss_is_taken(digest: str) -> None:
    own = chain("rsa")
    file = sealed_by(HandmadeTime(own, digest, pss=True), own)
    assert sentence_of(file, own) == ""
    refuse_small_changes(file, own)


def refuse_small_changes(file: bytes, own: Chain) -> None:
    """The last token is covered by no signature: its head, its certificates and its tail stay as they are."""
    chance = random.Random(7)  # noqa: S311 - a repeatable sample, no secret
    _, (_, start, end, _) = byte_ranges(file)
    used = start + 1 + len(file[start + 1 : end - 1].rstrip(b"0"))
    places = [*range(start, start + 120, 7), *range(used - 700, used, 31), *chance.sample(range(start, used), 20)]
    taken = []
    for place in places:
        damaged = bytearray(file)
        damaged[place] = chance.choice(b"0123456789abcdef".replace(bytes([damaged[place]]), b""))
        if not sentence_of(bytes(damaged), own):
            taken.append(place - start)
    assert taken == []


def test_only_the_path_to_the_root_is_kept_of_what_comes_along() -> None:
    own = chain("rsa")
    kept = certificates_of(HandmadeTime(own), roots_of(own))
    assert set(kept) == {own.leaf.der, own.middle.der}
    assert set(revocation.under([own.root.pem], kept)) == set(kept)
    file = sealed_by(HandmadeTime(own), own)
    (stamp,) = PdfFileReader(io.BytesIO(file)).embedded_timestamp_signatures
    assert {choice.chosen.dump() for choice in stamp.signed_data["certificates"]} == set(kept)


def test_a_time_server_under_a_foreign_root_is_refused() -> None:
    own, foreign = chain("p256"), chain("p384")
    with pytest.raises(NoTimeProof):
        sealed_by(HandmadeTime(foreign, "sha384"), own, foreign.revocation_lists)


def test_a_revoked_time_server_is_refused() -> None:
    own = chain("p256")
    revoked = own.middle.revocation_list(own.leaf.certificate.serial_number)
    with pytest.raises(NoTimeProof):
        sealed_by(HandmadeTime(own), own, (own.root.revocation_list(), revoked))


def test_a_certificate_for_other_purposes_stamps_no_time() -> None:
    own = chain("p256", purpose=False)
    with pytest.raises(NoTimeProof):
        sealed_by(HandmadeTime(own), own)


def _another_imprint(info: dict[str, Any]) -> None:
    info["message_imprint"] = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}


def _another_nonce(info: dict[str, Any]) -> None:
    info["nonce"] = 1


def _two_signers(data: dict[str, Any]) -> None:
    data["signer_infos"] = data["signer_infos"] * 2


def _no_certificates(data: dict[str, Any]) -> None:
    del data["certificates"]


def _wrong_salt(data: dict[str, Any]) -> None:
    data["signer_infos"][0]["signature_algorithm"]["parameters"]["salt_length"] = 20


RSA, EC = chain("rsa"), chain("p256")
FORGERIES: dict[str, tuple[HandmadeTime, Chain]] = {
    "of another file": (HandmadeTime(EC, spoil=_another_imprint), EC),
    "for another question": (HandmadeTime(EC, spoil=_another_nonce), EC),
    "signed by somebody else": (HandmadeTime(EC, signing_key=key("p256", 99)), EC),
    "signed by somebody else, RSA-PSS": (HandmadeTime(RSA, pss=True, signing_key=key("rsa", 99)), RSA),
    "that does not name its certificate": (HandmadeTime(EC, ess=False), EC),
    "that names another certificate": (HandmadeTime(EC, foreign_hash=bytes(32)), EC),
    "over SHA-1": (HandmadeTime(RSA, "sha1"), RSA),
    "over SHA-1, RSA-PSS": (HandmadeTime(RSA, "sha1", pss=True), RSA),
    "with two signers": (HandmadeTime(EC, shell=_two_signers), EC),
    "without its certificate": (HandmadeTime(EC, shell=_no_certificates), EC),
    "with the wrong salt": (HandmadeTime(RSA, pss=True, shell=_wrong_salt), RSA),
    "of next year": (HandmadeTime(EC, at=datetime.now(UTC) + timedelta(days=365)), EC),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_token_that_is_wrong_seals_nothing_or_is_refused(name: str) -> None:
    source, own = FORGERIES[name]
    try:
        file = sealed_by(source, own)
    except NoTimeProof:
        return
    assert sentence_of(file, own) != ""
