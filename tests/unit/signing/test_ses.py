"""The detached GB/T 38540 signature: OpenSSL agrees with it, and nothing that was changed is accepted."""

import random
import subprocess
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import pem

from perfapp.core.errors import Invalid
from perfapp.signing import ses, sm2
from perfapp.signing import ses_form as form
from perfapp.signing.digest import sm3_hex
from perfapp.signing.picture import draw_seal
from tests.unit.signing.workbench import AT

NAME = "某某区机关事务服务中心"
DOCUMENT = b"%PDF-1.7\n" + bytes(range(256)) * 8
pytestmark = pytest.mark.needs("openssl")

DISTID = f"distid:{sm2.IDENTITY}"


@cache
def seal() -> ses.TestSeal:
    folder = Path(tempfile.mkdtemp())
    made = ses.make_test_seal(NAME, draw_seal(NAME, demo=True), folder, at=AT - timedelta(days=1))
    (folder / "kept.key").write_bytes(made.signer_key)
    _places["key"] = folder / "kept.key"
    return made


_places: dict[str, Path] = {}


@cache
def signature() -> bytes:
    made = seal()
    return ses.sign(DOCUMENT, made.eseal, made.signer_certificate, _places["key"], at=AT)


def judged(data: bytes, document: bytes = DOCUMENT) -> ses.SesVerdict:
    return ses.judge(data, document, [seal().root_pem])


def openssl(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_genuine_signature_is_valid_and_says_that_it_is_a_test() -> None:
    verdict = judged(signature())
    assert verdict.is_valid
    assert verdict.seal_name == NAME
    assert "不具法律效力" in verdict.sentence


def test_openssl_verifies_signature_seal_and_certificates(tmp_path: Path) -> None:
    found = form.SESSignature.load(signature())
    parts = {
        "signed": (found["toSign"].dump(), found["signature"].native, found["cert"].native),
        "seal": (
            found["toSign"]["eseal"]["eSealInfo"].dump(),
            found["toSign"]["eseal"]["signedValue"].native,
            found["toSign"]["eseal"]["cert"].native,
        ),
    }
    root = tmp_path / "root.pem"
    root.write_text(seal().root_pem)
    for name, (data, value, certificate) in parts.items():
        (tmp_path / f"{name}.bin").write_bytes(data)
        (tmp_path / f"{name}.sig").write_bytes(value)
        (tmp_path / f"{name}.pem").write_bytes(pem.armor("CERTIFICATE", certificate))
        issued = openssl(
            "verify", "-vfyopt", DISTID, "-CAfile", root, "-attime", str(int(AT.timestamp())), tmp_path / f"{name}.pem"
        )
        assert issued.returncode == 0, issued.stderr
        key = openssl("x509", "-in", tmp_path / f"{name}.pem", "-pubkey", "-noout")
        (tmp_path / f"{name}.pub").write_text(key.stdout)
        key_and_value = ("-verify", tmp_path / f"{name}.pub", "-signature", tmp_path / f"{name}.sig")
        said = openssl("dgst", "-sm3", *key_and_value, "-sigopt", DISTID, tmp_path / f"{name}.bin")
        assert said.stdout.strip() == "Verified OK", said.stderr
        other = openssl("dgst", "-sm3", *key_and_value, "-sigopt", "distid:another", tmp_path / f"{name}.bin")
        assert other.returncode != 0
    (tmp_path / "document").write_bytes(DOCUMENT)
    digest = openssl("dgst", "-sm3", tmp_path / "document").stdout.split()[-1]
    assert digest == sm3_hex(DOCUMENT) == found["toSign"]["dataHash"].native.hex()


def test_another_document_and_an_unknown_root_are_refused() -> None:
    assert "原文杂凑不符" in judged(signature(), DOCUMENT + b" ").sentence
    assert "不是本系统登记的" in ses.judge(signature(), DOCUMENT, []).sentence


def test_no_changed_byte_is_accepted() -> None:
    dice, genuine = random.Random(38540), signature()  # noqa: S311 -- changes, no secrets
    small = len(genuine) - len(draw_seal(NAME, demo=True))
    for turn in range(200):
        # as often in the few bytes of the structures as in the many of the picture
        place = (
            dice.randrange(len(genuine))
            if turn % 2
            else dice.choice((dice.randrange(600), -dice.randrange(1, small // 2)))
        )
        changed = bytearray(genuine)
        changed[place] ^= 1 << dice.randrange(8)
        try:
            assert not judged(bytes(changed)).is_valid, place
        except Invalid:
            continue


@pytest.mark.parametrize("data", [b"", b"no DER", b"\x30\x00", DOCUMENT], ids=["empty", "text", "bare", "pdf"])
def test_what_is_no_signature_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Invalid, match="这不是国密电子签章文件"):
        judged(data)


def test_what_follows_the_signature_is_not_ignored() -> None:
    with pytest.raises(Invalid):
        judged(signature() + b"\x00")


def test_a_signature_outside_the_seals_validity_is_refused() -> None:
    made = seal()
    late = ses.sign(DOCUMENT, made.eseal, made.signer_certificate, _places["key"], at=AT + timedelta(days=366 * 11))
    assert "不在有效期内" in judged(late).sentence


def test_a_signer_who_is_not_in_the_seals_list_is_refused(tmp_path: Path) -> None:
    other = ses.make_test_seal(NAME, draw_seal(NAME, demo=True), tmp_path, at=AT - timedelta(days=1))
    (tmp_path / "other.key").write_bytes(other.signer_key)
    mixed = ses.sign(DOCUMENT, seal().eseal, other.signer_certificate, tmp_path / "other.key", at=AT)
    assert "不在印章的证书名单里" in ses.judge(mixed, DOCUMENT, [seal().root_pem, other.root_pem]).sentence
