"""Renewal: a later time stamp over the whole file, before the last one ends, and nothing hidden with it."""

import os
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pytest

from perfapp.core.errors import Invalid
from perfapp.signing.digest import sha256_hex
from perfapp.signing.issuing import DemoTime, demo_time
from perfapp.signing.seal import countersign, renew, signer_of
from perfapp.signing.trusted_time import TimeProof
from perfapp.signing.verdict import Verdict, examine
from tests.unit.signing.archive_forgeries import CHANGES, byte_ranges
from tests.unit.signing.forgeries import FORGERIES, appended
from tests.unit.signing.test_countersign import NEXT_DAY, countersigned, own_proof, superior
from tests.unit.signing.workbench import (
    AT,
    SECOND_PLACE,
    archive_roots,
    archived,
    authority,
    picture,
    time_service,
)

YEARS = 366
MUTATIONS = int(os.environ.get("SEAL_MUTATIONS", "200"))
THEN = AT + timedelta(days=19 * YEARS)  # the first time server's certificate ends a year later
MUCH_LATER = AT + timedelta(days=30 * YEARS)


@cache
def next_service() -> DemoTime:
    return demo_time(THEN - timedelta(days=YEARS))


@dataclass(frozen=True)
class NextSource:
    at: datetime = THEN

    def answer(self, query: bytes) -> bytes:
        return next_service().authority.stamp(query, self.at)


def next_proof(at: datetime = THEN) -> TimeProof:
    lists = (time_service().revocation_list, next_service().revocation_list)
    return TimeProof(NextSource(at), (time_service().root_pem, next_service().root_pem), lists)


PATH = (time_service().authority.certificate_der, next_service().authority.certificate_der)


def renewed_once(file: bytes, at: datetime = THEN) -> bytes:
    return renew(file, next_proof(at), PATH, digest_expected=sha256_hex(file))


@cache
def renewed() -> bytes:
    return renewed_once(archived())


def roots() -> list[bytes]:
    return [*archive_roots(), next_service().root_pem, authority().pem]


def judged(file: bytes, at: datetime = MUCH_LATER) -> Verdict:
    return examine(file, roots(), at=at)


def test_a_renewed_file_begins_with_the_old_one_and_outlives_its_time_server() -> None:
    assert renewed().startswith(archived())
    assert not judged(archived()).is_valid
    verdict = judged(renewed())
    assert verdict.is_valid, verdict.sentence
    assert verdict.archived_at == THEN
    assert verdict.ends_at is not None
    assert verdict.ends_at > MUCH_LATER
    assert set(verdict.path) == {next_service().authority.certificate_der}
    assert "时间由可信时间戳证明" in verdict.sentence
    assert verdict.signatures[0].signed_at == AT


def test_it_can_be_renewed_again_and_again_as_long_as_there_is_a_place() -> None:
    file = archived()
    for number in range(9):
        file = renewed_once(file, THEN + timedelta(days=number))
        assert judged(file).is_valid
    with pytest.raises(Invalid, match="没有预留续期的位置"):
        renewed_once(file)


def test_a_countersigned_file_is_renewed_and_a_renewed_one_is_not_countersigned() -> None:
    both = countersigned(archived(reserved=(SECOND_PLACE,)), time_proof=own_proof())
    file = renewed_once(both)
    assert judged(file).is_valid
    assert [one.field for one in judged(file).signatures] == ["Seal1", "Seal2"]
    early = renewed_once(archived(reserved=(SECOND_PLACE,)))
    with pytest.raises(Invalid, match="已经续期"):
        countersign(
            early,
            signer_of(superior()),
            picture(),
            at=NEXT_DAY,
            reason="",
            digest_expected=sha256_hex(early),
            time_proof=own_proof(),
        )


def test_a_time_stamp_that_had_ended_when_it_was_renewed_proves_nothing() -> None:
    late = AT + timedelta(days=21 * YEARS)
    assert not judged(renewed_once(archived(), late)).is_valid


def test_another_file_than_the_registered_one_is_not_renewed() -> None:
    with pytest.raises(Invalid, match="不一致"):
        renew(archived(), next_proof(), PATH, digest_expected="0" * 64)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_hidden_before_the_renewal_is_refused(name: str) -> None:
    forged = appended(CHANGES[name])(archived())
    try:
        file = renewed_once(forged)
    except Exception:  # noqa: BLE001 - what the library will not even stamp is no forgery
        return
    assert not judged(file, THEN + timedelta(days=1)).is_valid


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_after_the_renewal_is_refused(name: str) -> None:
    assert not judged(appended(CHANGES[name])(renewed()), THEN + timedelta(days=1)).is_valid


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_of_the_renewed_file_is_refused(name: str) -> None:
    try:
        assert not judged(FORGERIES[name](renewed()), THEN + timedelta(days=1)).is_valid
    except Invalid:
        return


def test_changed_digits_of_the_last_time_stamp_are_refused() -> None:
    *_, (_, start, end, _) = byte_ranges(renewed())
    taken = []
    for place in range(start, end, 61):
        damaged = bytearray(renewed())
        damaged[place] = ord("3") if damaged[place] != ord("3") else ord("7")
        try:
            taken += [place] if judged(bytes(damaged)).is_valid else []
        except Invalid:
            continue
    assert taken == []


@cache
def everything() -> bytes:
    """Two seals, three archive time stamps."""
    return renewed_once(countersigned(archived(reserved=(SECOND_PLACE,)), time_proof=own_proof()))


def test_of_many_changed_bytes_of_a_countersigned_and_renewed_file_none_is_accepted() -> None:
    chance = random.Random(20260317)  # noqa: S311 - a repeatable sample, no secret
    genuine, taken = everything(), []
    assert judged(genuine).is_valid
    for number in range(MUTATIONS):
        damaged, place = bytearray(genuine), chance.randrange(len(genuine))
        if number % 4 == 0:  # one bit
            damaged[place] ^= 1 << chance.randrange(8)
        elif number % 4 == 1:  # one byte
            damaged[place] ^= chance.randrange(1, 256)
        elif number % 4 == 2:  # a hole
            del damaged[place : place + chance.randrange(1, 60)]
        else:  # a stretch from elsewhere, or twice
            other = chance.randrange(len(genuine))
            damaged[place : place + 20] = genuine[other : other + 20]
        try:
            if bytes(damaged) != genuine and judged(bytes(damaged)).is_valid:
                taken.append((number % 4, place))
        except Invalid:
            continue
    assert taken == []
