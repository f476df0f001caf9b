"""The verdict: forgeries and damage are refused, hostile files never break it, several seals can be judged."""

import random
from datetime import timedelta

import pytest

from perfapp.core.errors import Invalid
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import press, signer_of
from perfapp.signing.verdict import LARGEST, Unreadable, Verdict, examine
from tests.unit.signing.forgeries import FORGERIES, sign_field, stranger
from tests.unit.signing.workbench import (
    AT,
    LATER,
    PLACE,
    SECOND_PLACE,
    UNIT,
    authority,
    identity,
    picture,
    report,
    seal_identity,
    sealed,
    signature_gap,
)

ROOTS = [seal_identity().root_pem]
DIGITS = "0123456789ABCDEF"
REGISTER = {sha256_hex(sealed())}


def judged(pdf: bytes) -> Verdict | None:
    """The verdict, or None where the file cannot even be read."""
    try:
        return examine(pdf, ROOTS, at=LATER)
    except Unreadable:
        return None


def test_the_genuine_file_passes_both_questions() -> None:
    assert sha256_hex(sealed()) in REGISTER
    assert examine(sealed(), ROOTS, at=LATER).is_valid


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_by_the_signature_alone(name: str) -> None:
    forged = FORGERIES[name](sealed())
    assert forged != sealed()
    assert sha256_hex(forged) not in REGISTER
    verdict = judged(forged)
    assert verdict is None or not verdict.is_valid
    assert verdict is None or verdict.sentence.startswith(("签章无效：", "没有电子签章"))


def test_a_genuine_seal_on_another_document_is_refused_by_the_register_alone() -> None:
    """The signature is good: only the register knows which documents were sealed. Hence two answers, not one."""
    other = sealed(report("另一份报告"))
    assert examine(other, ROOTS, at=LATER).is_valid
    assert sha256_hex(other) not in REGISTER


def test_of_300_changed_bytes_both_the_register_and_the_signature_refuse_every_one() -> None:
    chance = random.Random(20260315)  # noqa: S311 - a repeatable sample, no secret
    accepted = []
    for _ in range(300):
        place = chance.randrange(len(sealed()))
        damaged = bytearray(sealed())
        damaged[place] ^= chance.randrange(1, 256)
        assert sha256_hex(bytes(damaged)) not in REGISTER
        verdict = judged(bytes(damaged))
        if verdict is not None and verdict.is_valid:
            accepted.append(place)
    assert accepted == []


def test_of_300_changed_digits_of_the_signature_itself_none_is_accepted() -> None:
    """The gap is the one part of the file that the signature does not cover: padding, letter case, envelope."""
    chance = random.Random(20260316)  # noqa: S311 - a repeatable sample, no secret
    before, gap_end = signature_gap(sealed())
    places = [*range(before, before + 180), *chance.sample(range(before, gap_end), 120)]
    accepted = []
    for place in places:
        damaged = bytearray(sealed())
        damaged[place] = ord(DIGITS[(DIGITS.find(chr(damaged[place])) + 1) % 16])
        verdict = judged(bytes(damaged))
        if verdict is not None and verdict.is_valid:
            accepted.append(place - before)
    assert accepted == []


@pytest.mark.parametrize(
    ("pdf", "sentence"),
    [
        (b"", "这不是 PDF 文件"),
        (b"PK\x03\x04", "这不是 PDF 文件"),
        (b"%PDF-1.7\n", "文件已损坏"),
        (b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF", "文件已损坏"),
        (b"%PDF-1.7\n1 0 obj<</A 1 0 R>>endobj\ntrailer<</Root 1 0 R/Size 2>>startxref\n9\n%%EOF", "文件已损坏"),
        (b"%PDF-" + b"0" * LARGEST, "超过 20 MB"),
    ],
    ids=["empty", "zip", "head only", "deep nesting", "loop", "too large"],
)
def test_what_cannot_be_read_is_said_to_be_unreadable(pdf: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence) as refusal:
        examine(pdf, ROOTS, at=LATER)
    assert isinstance(refusal.value, Invalid)


def test_an_encrypted_file_is_said_to_be_encrypted() -> None:
    with pytest.raises(Unreadable, match="已加密"):
        examine(FORGERIES["encrypted"](sealed()), ROOTS, at=LATER)


def test_torn_and_shuffled_files_never_break_the_examiner() -> None:
    chance = random.Random(20260317)  # noqa: S311 - a repeatable sample, no secret
    for _ in range(60):
        one, two = sorted(chance.sample(range(len(sealed())), 2))
        verdict = judged(sealed()[:one] + sealed()[two:])
        assert verdict is None or not verdict.is_valid


def test_a_file_without_a_seal_has_a_verdict_too() -> None:
    verdict = examine(report(), ROOTS, at=LATER)
    assert (verdict.is_valid, verdict.signatures) == (False, ())
    assert "没有电子签章" in verdict.sentence


@pytest.mark.parametrize(
    ("forgery", "sentence"),
    [
        ("overlay", "盖章后文件里又添加了内容"),
        ("junk after the end", "盖章后文件里又添加了内容"),
        ("same-name fake authority", "不是由本单位认可的发证机构签发"),
        ("sealed without certification", "没有锁定声明"),
        ("certified, but comments allowed", "没有锁定声明"),
        ("sneaky second signature", "盖章后文件里又添加了内容"),
        ("sealed in another field", "实有 1 个（Stamp）"),
        ("signature of another document", "被改动过"),
        ("padding used", "被改动过"),
    ],
)
def test_the_sentence_says_why(forgery: str, sentence: str) -> None:
    verdict = examine(FORGERIES[forgery](sealed()), ROOTS, at=LATER)
    assert sentence in verdict.sentence


def test_no_root_no_trust() -> None:
    assert "不是由本单位认可的发证机构" in examine(sealed(), [], at=LATER).sentence
    assert "不是由本单位认可的发证机构" in examine(sealed(), [authority().pem], at=LATER).sentence


def test_time_matters() -> None:
    assert "过期" in examine(sealed(), ROOTS, at=AT + timedelta(days=4000)).sentence
    assert "才生效" in examine(sealed(), ROOTS, at=AT - timedelta(days=4000)).sentence
    assert "晚于查验时间" in examine(sealed(), ROOTS, at=AT - timedelta(hours=1)).sentence


def test_a_second_seal_fills_the_field_that_was_reserved_for_it() -> None:
    """Several seals need no other design: fields before the first seal, then only filling in."""
    once = sealed(reserved=(SECOND_PLACE,))
    assert examine(once, ROOTS, at=LATER).is_valid
    superior = authority().issue("上级单位", at=AT)
    twice = sign_field(once, "Seal2", superior)
    roots = [*ROOTS, authority().pem]
    verdict = examine(twice, roots, at=LATER, fields=("Seal1", "Seal2"))
    assert verdict.is_valid, verdict.sentence
    assert [finding.holder for finding in verdict.signatures] == [UNIT, "上级单位"]
    assert [finding.covers_whole_file for finding in verdict.signatures] == [False, True]
    unexpected = examine(twice, roots, at=LATER, fields=("Seal1",))
    assert "应有 1 个（Seal1），实有 2 个（Seal1、Seal2）" in unexpected.sentence
    assert not examine(once, roots, at=LATER, fields=("Seal1", "Seal2")).is_valid  # the second is missing
    by_stranger = sign_field(once, "Seal2", stranger())
    assert not examine(by_stranger, roots, at=LATER, fields=("Seal1", "Seal2")).is_valid


def test_a_change_between_two_seals_is_refused() -> None:
    once = sealed(reserved=(SECOND_PLACE,))
    twice = sign_field(FORGERIES["overlay"](once), "Seal2", authority().issue("上级单位"))
    verdict = examine(twice, [*ROOTS, authority().pem], at=LATER, fields=("Seal1", "Seal2"))
    assert not verdict.is_valid
    assert "又添加了内容" in verdict.sentence


def test_pressing_twice_gives_two_valid_files() -> None:
    again = press(
        report(), signer_of(identity()), picture(), PLACE, at=AT, reason="", digest_expected=sha256_hex(report())
    )
    assert examine(again, ROOTS, at=LATER).is_valid
