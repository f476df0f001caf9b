"""A superior's seal as a second signature: into the field reserved for it, and nowhere else."""

from datetime import timedelta
from functools import cache

import pytest

from perfapp.core.errors import Invalid
from perfapp.signing.certificate import Identity, describe
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import countersign, signer_of
from perfapp.signing.trusted_time import TimeProof
from perfapp.signing.verdict import Verdict, examine
from tests.unit.signing.archive_forgeries import CHANGES, byte_ranges, stamped
from tests.unit.signing.forgeries import appended, sign_field, stranger
from tests.unit.signing.workbench import (
    AT,
    LATER,
    SECOND_PLACE,
    UNIT,
    TimeSource,
    archive_roots,
    archived,
    authority,
    picture,
    report,
    seal_identity,
    sealed,
    time_service,
)

NEXT_DAY = AT + timedelta(days=1)
BOTH = ("Seal1", "Seal2")


@cache
def superior() -> Identity:
    return authority().issue("上级单位", at=AT)


def roots() -> list[bytes]:
    return [*archive_roots(), authority().pem]


def countersigned(file: bytes, *, time_proof: TimeProof | None) -> bytes:
    return countersign(
        file,
        signer_of(superior()),
        picture(),
        at=NEXT_DAY,
        reason="上级审核用印",
        digest_expected=sha256_hex(file),
        time_proof=time_proof,
    )


def own_proof() -> TimeProof:
    lists = (authority().revocation_list(), time_service().revocation_list)
    return TimeProof(TimeSource(NEXT_DAY), (authority().pem, time_service().root_pem), lists)


@cache
def twice() -> bytes:
    return countersigned(archived(reserved=(SECOND_PLACE,)), time_proof=own_proof())


def judged(file: bytes, fields: tuple[str, ...] | None = BOTH) -> Verdict:
    own = {describe(pem).fingerprint_sha256 for pem in (seal_identity().certificate_pem, superior().certificate_pem)}
    return examine(file, roots(), at=LATER, fields=fields, certificates=own)


def test_both_seals_are_valid_and_named_in_order() -> None:
    verdict = judged(twice())
    assert verdict.is_valid, verdict.sentence
    assert [finding.holder for finding in verdict.signatures] == [UNIT, "上级单位"]
    assert [finding.signed_at for finding in verdict.signatures] == [AT, NEXT_DAY]
    assert all(finding.time_proven for finding in verdict.signatures)
    assert verdict.archived_at == NEXT_DAY
    assert (
        f"由{UNIT}（演示印章，不具法律效力）于2026年3月15日10:30签署，由上级单位于2026年3月16日10:30签署"
        in verdict.sentence
    )
    assert judged(twice(), None).is_valid


def test_the_file_the_unit_sealed_stays_to_its_last_byte_and_is_valid_alone() -> None:
    once = archived(reserved=(SECOND_PLACE,))
    assert twice().startswith(once)
    assert judged(once, ("Seal1",)).is_valid
    assert "应有 4 个（Seal1、Time1、Seal2、Time2），实有 2 个" in judged(once).sentence
    assert "应有 2 个（Seal1、Time1），实有 4 个" in judged(twice(), ("Seal1",)).sentence


def test_without_a_reserved_place_there_is_no_countersigning() -> None:
    with pytest.raises(Invalid, match="没有为上级单位预留用印位置"):
        countersigned(archived(), time_proof=own_proof())
    with pytest.raises(Invalid, match="没有为上级单位预留用印位置"):
        countersigned(twice(), time_proof=own_proof())
    with pytest.raises(Invalid, match="没有为上级单位预留用印位置"):
        countersigned(report(), time_proof=own_proof())


def test_time_stamps_are_for_all_seals_or_for_none() -> None:
    with pytest.raises(Invalid, match="时间戳设置不一致"):
        countersigned(archived(reserved=(SECOND_PLACE,)), time_proof=None)
    with pytest.raises(Invalid, match="时间戳设置不一致"):
        countersigned(sealed(reserved=(SECOND_PLACE,)), time_proof=own_proof())
    assert judged(countersigned(sealed(reserved=(SECOND_PLACE,)), time_proof=None)).is_valid


def test_another_file_than_the_one_agreed_to_is_refused() -> None:
    once = archived(reserved=(SECOND_PLACE,))
    with pytest.raises(Invalid, match="与签发时的文件不一致"):
        countersign(
            once, signer_of(superior()), picture(), at=NEXT_DAY, reason="", digest_expected=sha256_hex(once + b" ")
        )


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_between_the_seals_is_refused_however_well_the_second_is_made(name: str) -> None:
    """Whoever may countersign could be handed a changed file: his good seal does not make it good."""
    changed = appended(CHANGES[name])(archived(reserved=(SECOND_PLACE,)))
    try:
        forged = countersigned(changed, time_proof=own_proof())
    except Invalid:
        return  # not even that
    assert not judged(forged).is_valid


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_after_both_seals_is_refused(name: str) -> None:
    forged = appended(CHANGES[name])(twice())
    assert not judged(forged).is_valid


def test_a_stranger_in_the_reserved_field_is_refused() -> None:
    once = archived(reserved=(SECOND_PLACE,))
    forged = stamped(sign_field(once, "Seal2", stranger()), "Time2")
    assert not judged(forged).is_valid
    assert not judged(forged, None).is_valid


def test_rolled_back_between_second_seal_and_its_time_stamp() -> None:
    _, _, (_, _, start, length), _ = byte_ranges(twice())
    assert not judged(twice()[: start + length]).is_valid
    assert not judged(twice()[: start + length], None).is_valid
