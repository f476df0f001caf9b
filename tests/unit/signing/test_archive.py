"""B-LTA: three tools agree on the genuine file; no forgery and no changed byte is taken for it."""

import io
import os
import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from perfapp.signing.certificate import describe
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import NoTimeProof, TimeProof
from perfapp.signing.verdict import Unreadable, Verdict, examine
from tests.unit.signing.archive_forgeries import CHANGES, IN_ONE_REVISION, OTHERS, RESTAMPED, byte_ranges
from tests.unit.signing.forgeries import FORGERIES, appended, sign_field
from tests.unit.signing.workbench import (
    AT,
    LATER,
    PLACE,
    UNIT,
    Authority,
    TimeSource,
    archive_roots,
    archived,
    authority,
    identity,
    picture,
    proof,
    report,
    seal_identity,
    time_service,
)

# `SEAL_MUTATIONS=10000 make test ARGS='tests/unit/signing/test_archive.py'` takes a quarter of an hour.
MUTATIONS = int(os.environ.get("SEAL_MUTATIONS", "300"))
OWN = {describe(seal_identity().certificate_pem).fingerprint_sha256}
REGISTER = {sha256_hex(archived())}


def judged(pdf: bytes, *, certificates: set[str] | None = None) -> Verdict | None:
    try:
        return examine(pdf, archive_roots(), at=LATER, certificates=OWN if certificates is None else certificates)
    except Unreadable:
        return None


def is_accepted(pdf: bytes) -> bool:
    verdict = judged(pdf)
    return verdict is not None and verdict.is_valid


def test_the_genuine_file_is_valid_and_says_that_its_time_is_proven() -> None:
    verdict = examine(archived(), archive_roots(), at=LATER, certificates=OWN, fields=("Seal1",))
    assert verdict.sentence == (
        f"签章有效：由{UNIT}（演示印章，不具法律效力）于2026年3月15日10:30签署，时间由可信时间戳证明，签署后文件未被改动。"
    )
    assert verdict.archived_at == AT
    assert verdict.signatures[0].time_proven


def test_openssl_accepts_seal_and_time_stamps_and_knows_no_pdf(tmp_path: Path) -> None:
    """The seal by `cms`, the archive time stamp by `ts`, both with the revocation lists in force."""
    (_, a, b, c), (_, d, e, f) = byte_ranges(archived())
    pdf = archived()
    (tmp_path / "roots.pem").write_bytes(b"".join(archive_roots()))
    for name, der in (("seal", seal_identity().revocation_list), ("time", time_service().revocation_list)):
        (tmp_path / f"{name}.crl").write_bytes(der)
        armour = ["openssl", "crl", "-inform", "DER", "-in", f"{name}.crl", "-out", f"{name}.crl.pem"]
        subprocess.run(armour, cwd=tmp_path, check=True)
    lists = b"".join((tmp_path / f"{name}.crl.pem").read_bytes() for name in ("seal", "time"))
    (tmp_path / "trust.pem").write_bytes((tmp_path / "roots.pem").read_bytes() + lists)
    (tmp_path / "seal").write_bytes(pdf[:a] + pdf[b : b + c])
    (tmp_path / "file").write_bytes(pdf[:d] + pdf[e : e + f])
    (tmp_path / "seal.cms").write_bytes(bytes.fromhex(pdf[a + 1 : b - 1].decode()))
    (tmp_path / "file.token").write_bytes(bytes.fromhex(pdf[d + 1 : e - 1].rstrip(b"0").decode() + "0" * 8)[:-3])
    at = ["-attime", str(int(LATER.timestamp()))]
    sealed = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-crl_check_all"]
    sealed += ["-in", "seal.cms", "-content", "seal", "-CAfile", "trust.pem", "-out", os.devnull, *at]
    timed = ["openssl", "ts", "-verify", "-data", "file", "-in", "file.token", "-token_in", "-CAfile", "roots.pem", *at]
    for command in (sealed, timed):
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
    (tmp_path / "seal").write_bytes(b"%" + pdf[1:a] + pdf[b : b + c - 1] + b"x")
    assert subprocess.run(sealed, cwd=tmp_path, capture_output=True, check=False).returncode != 0
    (tmp_path / "file").write_bytes(pdf[:d] + pdf[e : e + f - 1] + b"x")
    assert subprocess.run(timed, cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs pdfsig (poppler-utils)")
def test_pdfsig_finds_the_seal_valid_and_the_time_stamp_over_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(archived())
    command = ["pdfsig", "-nocert", "sealed.pdf"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    seal, _, time = said.partition("Signature #2")
    assert "Signature is Valid" in seal
    assert "Signature Field Name: Seal1" in seal
    assert "Signature Field Name: Time1" in time
    assert "Total document signed" in time


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf")
def test_qpdf_finds_the_file_clean(tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(archived())
    checked = subprocess.run(["qpdf", "--check", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


CORPUS = (
    {f"{name}, of the archived file": forge for name, forge in FORGERIES.items()}
    | {f"{name}, appended": appended(change) for name, change in CHANGES.items()}
    | {f"{name}, stamped anew": forge for name, forge in RESTAMPED.items()}
    | {f"{name}, with the time stamp": forge for name, forge in IN_ONE_REVISION.items()}
    | OTHERS
)


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(CHANGES) + len(OTHERS) + len(FORGERIES) >= 60
    assert len(CORPUS) >= 130


@pytest.mark.parametrize("name", CORPUS)
def test_a_forgery_is_refused_by_the_signatures_alone(name: str) -> None:
    forged = CORPUS[name](archived())
    assert forged != archived()
    assert sha256_hex(forged) not in REGISTER
    assert not is_accepted(forged)


def test_of_many_changed_bytes_none_is_accepted() -> None:
    chance = random.Random(20260315)  # noqa: S311 - a repeatable sample, no secret
    genuine, accepted = archived(), []
    for number in range(MUTATIONS):
        damaged = bytearray(genuine)
        kind, place = number % 4, chance.randrange(len(genuine))
        if kind == 0:  # one bit
            damaged[place] ^= 1 << chance.randrange(8)
        elif kind == 1:  # one byte
            damaged[place] ^= chance.randrange(1, 256)
        elif kind == 2:  # a hole
            del damaged[place : place + chance.randrange(1, 60)]
        else:  # a stretch from elsewhere, or twice
            other = chance.randrange(len(genuine))
            damaged[place : place + 20] = genuine[other : other + 20]
        if bytes(damaged) == genuine:
            continue
        assert sha256_hex(bytes(damaged)) not in REGISTER
        if is_accepted(bytes(damaged)):
            accepted.append((kind, place))
    assert accepted == []


def test_of_many_changed_digits_of_the_last_time_stamp_none_is_accepted() -> None:
    """No signature covers the last one; its form alone keeps every digit in place."""
    chance = random.Random(20260316)  # noqa: S311 - a repeatable sample, no secret
    _, (_, start, end, _) = byte_ranges(archived())
    places = [*range(start, start + 180), *chance.sample(range(start, end), min(MUTATIONS, end - start))]
    accepted = []
    for place in places:
        damaged = bytearray(archived())
        digits = b"0123456789abcdef".replace(bytes([damaged[place]]), b"")
        damaged[place] = chance.choice(digits)
        if is_accepted(bytes(damaged)):
            accepted.append(place - start)
    assert accepted == []


def test_what_only_the_register_can_refuse() -> None:
    """The signatures are good and true: another document under the genuine key, another time stamp of the same hour."""
    other = archived(report("另一份报告"))
    again = press(
        report(),
        signer_of(identity()),
        picture(),
        PLACE,
        at=AT,
        reason="",
        digest_expected=sha256_hex(report()),
        time_proof=proof(),
    )
    for file in (other, again):
        assert is_accepted(file)
        assert sha256_hex(file) not in REGISTER


def proof_under(own: Authority, *lists: bytes, at_time: TimeSource | None = None) -> TimeProof:
    time = time_service()
    return TimeProof(at_time or TimeSource(), (own.pem, time.root_pem), (*lists, time.revocation_list))


def sealed_under(own: Authority, name: str, *lists: bytes, days_before: int = 0) -> tuple[bytes, str]:
    """A report sealed by somebody under that authority, and his certificate's fingerprint."""
    seal = own.issue(name, at=AT - timedelta(days=days_before))
    sealed = press(
        report(),
        signer_of(seal),
        picture(),
        PLACE,
        at=AT,
        reason="",
        digest_expected=sha256_hex(report()),
        time_proof=proof_under(own, *lists),
    )
    return sealed, describe(seal.certificate_pem).fingerprint_sha256


def test_a_certificate_of_the_same_authority_that_is_not_registered_is_refused() -> None:
    own = authority()
    sealed, fingerprint = sealed_under(own, "别的单位", own.revocation_list())
    roots = [own.pem, time_service().root_pem]
    assert examine(sealed, roots, at=LATER, certificates={fingerprint}).is_valid
    verdict = examine(sealed, roots, at=LATER, certificates=OWN)
    assert verdict.sentence == "签章无效：签章证书（别的单位）没有在本系统登记。"


def test_another_units_valid_seal_names_that_unit() -> None:
    own = authority()
    sealed, fingerprint = sealed_under(own, "别的单位", own.revocation_list())
    verdict = examine(sealed, [own.pem, time_service().root_pem], at=LATER, certificates=OWN | {fingerprint})
    assert "由别的单位于" in verdict.sentence
    assert sha256_hex(sealed) not in REGISTER


def test_revoked_later_stays_valid_and_revoked_before_does_not() -> None:
    own = authority()
    sealed, fingerprint = sealed_under(own, "某单位", own.revocation_list())
    serial = _serial(sealed_under(own, "x", own.revocation_list())[0])
    roots = [own.pem, time_service().root_pem]
    before = own.revocation_list(_serial(sealed))  # half an hour before the seal
    after = own.revocation_list(_serial(sealed), at=AT + timedelta(days=2))
    assert not examine(sealed, roots, at=LATER, revocation_lists=[before], certificates={fingerprint}).is_valid
    assert examine(sealed, roots, at=LATER, revocation_lists=[after], certificates={fingerprint}).is_valid
    assert examine(sealed, roots, at=LATER, revocation_lists=[own.revocation_list(serial)]).is_valid


def test_a_revoked_certificate_does_not_seal() -> None:
    own = authority()
    seal = own.issue("某单位")
    revoked = own.revocation_list(x509.load_der_x509_certificate(seal.certificate_der).serial_number)
    with pytest.raises(NoTimeProof, match="未盖章"):
        press(
            report(),
            signer_of(seal),
            picture(),
            PLACE,
            at=AT,
            reason="",
            digest_expected=sha256_hex(report()),
            time_proof=proof_under(own, revoked),
        )


def test_a_certificate_that_had_expired_when_it_sealed_is_refused() -> None:
    """Signed by the bare library, which asks no calendar; the time stamp tells."""
    own = authority()
    expired = own.issue("某单位", at=AT - timedelta(days=400))
    forged = sign_field(report(), "Seal1", expired, new=True, certify=True)
    verdict = examine(forged, [own.pem], at=LATER)
    assert not verdict.is_valid
    assert "过期" in verdict.sentence or "有效期" in verdict.sentence or "锁定" in verdict.sentence


def test_the_proof_outlives_the_seals_certificate_but_not_the_time_servers() -> None:
    own = authority()
    sealed, _ = sealed_under(own, "某单位", own.revocation_list(), days_before=360)  # ends in five days
    roots = [own.pem, time_service().root_pem]
    assert examine(sealed, roots, at=AT + timedelta(days=300)).is_valid
    assert "时间戳证书已于" in examine(archived(), archive_roots(), at=AT + timedelta(days=366 * 20)).sentence


def _serial(sealed: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures[0].signer_cert.serial_number)
