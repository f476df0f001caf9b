"""Pressing the seal: what comes out, what outsiders say of it, and what is refused."""

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pypdf
import pytest
from cryptography import x509
from PIL import Image, ImageChops
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from perfapp.core.errors import Invalid
from perfapp.core.seal_place import SealPlace
from perfapp.signing.certificate import Identity, make_demo_identity, read_identity
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import NoTimeProof, TimeProof, TimeServerAway
from perfapp.signing.verdict import examine
from tests.unit.signing.forgeries import FORGERIES
from tests.unit.signing.workbench import (
    AT,
    LATER,
    PASSWORD,
    PLACE,
    SECOND_PLACE,
    UNIT,
    Authority,
    authority,
    identity,
    openssl_accepts,
    picture,
    report,
    seal_identity,
    sealed,
    signature_gap,
)


def pressed(
    pdf: bytes, *, by: Identity | None = None, place: SealPlace = PLACE, proof: TimeProof | None = None
) -> bytes:
    return press(
        pdf,
        signer_of(by or identity()),
        picture(),
        place,
        at=AT,
        reason="签发用印",
        digest_expected=sha256_hex(pdf),
        time_proof=proof,
    )


def root_of(pdf: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def test_the_sealed_file_begins_with_the_document_that_was_issued() -> None:
    assert sealed()[: len(report())] == report()
    assert len(sealed()) - len(report()) < 60_000


def test_our_own_verdict_is_valid() -> None:
    verdict = examine(sealed(), [seal_identity().root_pem], at=LATER)
    assert verdict.is_valid
    assert verdict.sentence == (
        f"签章有效：由{UNIT}（演示印章，不具法律效力）于2026年3月15日10:30签署，签署后文件未被改动。"
        "签署时间为盖章系统记录，未附时间戳。"
    )
    (finding,) = verdict.signatures
    assert (finding.field, finding.holder, finding.signed_at) == ("Seal1", UNIT, AT)
    assert finding.intact
    assert finding.trusted
    assert finding.covers_whole_file
    assert not finding.time_proven


def test_openssl_accepts_the_seal_and_only_as_it_is(tmp_path: Path) -> None:
    root = seal_identity().root_pem
    assert openssl_accepts(sealed(), root, tmp_path, at=LATER)
    changed = bytearray(sealed())
    changed[1000] ^= 1
    assert not openssl_accepts(bytes(changed), root, tmp_path, at=LATER)
    assert not openssl_accepts(sealed(), authority().pem, tmp_path, at=LATER)


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs pdfsig (poppler-utils)")
def test_pdfsig_accepts_the_seal_and_only_as_it_is(tmp_path: Path) -> None:
    def said_of(pdf: bytes) -> str:
        (tmp_path / "sealed.pdf").write_bytes(pdf)
        command = ["pdfsig", "-nocert", "sealed.pdf"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    said = said_of(sealed())
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Signature Field Name: Seal1" in said
    changed = bytearray(sealed())
    changed[1000] ^= 1
    assert "Signature is Valid" not in said_of(bytes(changed))


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf")
def test_qpdf_finds_the_sealed_file_clean(tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed())
    checked = subprocess.run(["qpdf", "--check", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_seal_says_why_where_and_when_it_was_pressed() -> None:
    root = root_of(sealed())
    field = root["/AcroForm"]["/Fields"][0]
    value = field["/V"]
    assert (field["/T"], field["/TU"], value["/SubFilter"]) == ("Seal1", "单位印章", "/ETSI.CAdES.detached")
    assert (value["/Reason"], value["/Location"], value["/Name"]) == ("签发用印", "演示市", UNIT)
    assert value["/M"] == "D:20260315023000Z"
    assert root["/Perms"]["/DocMDP"]["/Reference"][0]["/TransformParams"]["/P"] == 2


def test_sealing_leaves_the_documents_own_description_and_the_host_clock_out() -> None:
    added = sealed()[len(report()) :]
    assert b"/ModDate" not in added
    assert b"/Producer" not in added
    assert b"xmpmeta" not in added


def test_the_seal_hangs_in_the_structure_tree() -> None:
    root = root_of(sealed())
    tree, field = root["/StructTreeRoot"], root["/AcroForm"]["/Fields"][0]
    numbers = tree["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    element = parents[field["/StructParent"]].get_object()
    assert element["/S"] == "/Form"
    assert element["/K"]["/Obj"]["/T"] == "Seal1"
    assert tree["/ParentTreeNextKey"] == field["/StructParent"] + 1
    assert element.indirect_reference in tree["/K"][0]["/K"]


@pytest.mark.parametrize("place", [PLACE, SealPlace(1, 50, 40, 45), SealPlace(2, 180, 270, 38)])
def test_the_seal_stands_where_it_was_told(place: SealPlace) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pressed(report(), place=place)))
    page = reader.pages[place.page]
    annotation: Any = cast(Any, page["/Annots"])[0]
    left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in annotation["/Rect"])
    height = float(page.mediabox.height) * 25.4 / 72
    assert (left + right) / 2 == pytest.approx(place.centre_x_mm, abs=0.05)
    assert height - (bottom + top) / 2 == pytest.approx(place.centre_y_mm, abs=0.05)
    assert right - left == pytest.approx(place.diameter_mm, abs=0.05)
    assert top - bottom == pytest.approx(place.diameter_mm, abs=0.05)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm (poppler-utils)")
def test_the_seal_is_seen_upright_and_the_text_shows_through(tmp_path: Path) -> None:
    def page(pdf: bytes, name: str) -> Image.Image:
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", "254", "-png", "-f", "1", "-l", "1", "-singlefile", f"{name}.pdf", name]
        subprocess.run(command, cwd=tmp_path, check=True)
        return Image.open(tmp_path / f"{name}.png").convert("RGB")

    over_text = SealPlace(0, 60, 45)
    single = report(pages=1)
    before, after = page(single, "plain"), page(pressed(single, place=over_text), "sealed")
    box = ImageChops.difference(before, after).getbbox()
    assert box == pytest.approx((390, 240, 810, 660), abs=3)  # 42 mm at 10 pixels a millimetre
    red, green, _ = cast(Any, after.crop(box).split())
    assert sum(red.histogram()[:60]) > 200  # black text, inside the seal's square
    assert red.getpixel((210, 160)) > 150  # the upper point of the star is red
    assert green.getpixel((210, 160)) < 60
    assert green.getpixel((210, 290)) > 200  # and below the star is paper


def test_a_document_other_than_the_issued_one_is_refused() -> None:
    with pytest.raises(Invalid, match="与签发时的文件不一致"):
        press(
            report(),
            signer_of(identity()),
            picture(),
            PLACE,
            at=AT,
            reason="",
            digest_expected=sha256_hex(report() + b" "),
        )


def test_an_expired_certificate_does_not_seal() -> None:
    made = make_demo_identity(UNIT, PASSWORD, at=AT - timedelta(days=800), years=1)
    with pytest.raises(Invalid, match=r"已于2025年1月.*过期，请由印章管理员更换证书"):
        pressed(report(), by=read_identity(made.pkcs12, PASSWORD))


def test_a_clock_set_back_does_not_seal() -> None:
    made = make_demo_identity(UNIT, PASSWORD, at=AT + timedelta(days=400))
    with pytest.raises(Invalid, match="请核对服务器时间"):
        pressed(report(), by=read_identity(made.pkcs12, PASSWORD))


@pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n", report()[:9000]])
def test_what_is_no_pdf_is_not_sealed(pdf: bytes) -> None:
    with pytest.raises(Invalid, match="不是可读取的 PDF"):
        pressed(pdf)


@pytest.mark.parametrize(
    "place", [SealPlace(3, 100, 100), SealPlace(0, 10, 100), SealPlace(0, 100, 290), SealPlace(0, 400, 100)]
)
def test_a_seal_off_the_page_is_refused(place: SealPlace) -> None:
    with pytest.raises(Invalid, match="不能盖章，请核对用印位置"):
        pressed(report(), place=place)


def test_a_sealed_document_is_not_sealed_again() -> None:
    with pytest.raises(Invalid, match="AcroForm"):
        pressed(sealed())


def _with(key: str, value: DictionaryObject | ArrayObject) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(report())), io.BytesIO()
    writer.root_object[NameObject(key)] = value
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/OpenAction", ArrayObject()),
        ("/AA", DictionaryObject()),
        ("/OCProperties", DictionaryObject()),
        ("/Names", DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})),
        ("/Names", DictionaryObject({NameObject("/EmbeddedFiles"): DictionaryObject()})),
    ],
)
def test_a_document_that_can_change_by_itself_is_not_sealed(key: str, value: DictionaryObject | ArrayObject) -> None:
    with pytest.raises(Invalid, match="盖章后内容可能变化"):
        pressed(_with(key, value))


def test_an_encrypted_document_is_not_sealed() -> None:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(report())), io.BytesIO()
    writer.encrypt("x", algorithm="AES-256")
    writer.write(out)
    with pytest.raises(Invalid, match=r"加密|不是可读取"):
        pressed(out.getvalue())


def test_a_turned_page_is_not_sealed() -> None:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(report())), io.BytesIO()
    writer.pages[0].rotate(90)
    writer.write(out)
    with pytest.raises(Invalid, match="旋转"):
        pressed(out.getvalue())


def test_a_broken_picture_is_refused() -> None:
    with pytest.raises(Invalid, match="印章图片"):
        press(report(), signer_of(identity()), b"no png", PLACE, at=AT, reason="", digest_expected=sha256_hex(report()))


def test_a_document_with_a_past_is_not_sealed() -> None:
    """What was appended may hold another text, to be brought out after the seal (shadow attack)."""
    with pytest.raises(Invalid, match="又被追加过内容"):
        pressed(FORGERIES["overlay"](report()))


def test_an_untagged_document_is_sealed_as_it_is() -> None:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    assert examine(pressed(out.getvalue()), [seal_identity().root_pem], at=LATER).is_valid


def test_a_key_of_an_outside_authority_seals_as_well(tmp_path: Path) -> None:
    result = pressed(report(), by=authority().issue("某单位"))
    assert examine(result, [authority().pem], at=LATER).is_valid
    assert openssl_accepts(result, authority().pem, tmp_path, at=LATER)


def proof_of(trusted: Authority, *lists: bytes) -> TimeProof:
    return TimeProof(trusted.time_stamps(), (trusted.pem,), lists)


def test_with_a_time_stamp_the_time_is_proven_and_outlives_the_certificate() -> None:
    """PAdES B-T."""
    result = pressed(report(), by=authority().issue("某单位", at=AT - timedelta(days=364)), proof=proof_of(authority()))
    verdict = examine(result, [authority().pem], at=AT + timedelta(days=20))  # the seal expired two weeks ago
    assert verdict.is_valid, verdict.sentence
    assert verdict.signatures[0].time_proven
    assert "未附时间戳" not in verdict.sentence
    without = pressed(report(), by=authority().issue("某单位", at=AT - timedelta(days=364)))
    assert "过期，又没有可信时间戳" in examine(without, [authority().pem], at=AT + timedelta(days=20)).sentence


def test_with_revocation_lists_the_proof_is_inside_and_an_archive_time_stamp_over_it() -> None:
    """PAdES B-LTA."""
    result = pressed(
        report(), by=authority().issue("某单位"), proof=proof_of(authority(), authority().revocation_list())
    )
    assert root_of(result)["/DSS"]["/CRLs"]
    verdict = examine(result, [authority().pem], at=LATER)
    assert verdict.is_valid, verdict.sentence
    assert "时间由可信时间戳证明" in verdict.sentence
    assert verdict.archived_at == AT
    assert not verdict.signatures[0].covers_whole_file  # the time stamp over it does


def test_a_revoked_certificate_does_not_seal_with_revocation_lists() -> None:
    seal = authority().issue("某单位")
    revoked = authority().revocation_list(_serial(seal))
    with pytest.raises(NoTimeProof, match="未盖章"):
        pressed(report(), by=seal, proof=proof_of(authority(), revoked))


def test_a_revoked_certificate_is_found_out_by_the_examiner() -> None:
    seal = authority().issue("某单位")
    revoked = authority().revocation_list(_serial(seal))
    verdict = examine(pressed(report(), by=seal), [authority().pem], at=LATER, revocation_lists=[revoked])
    assert verdict.sentence == "签章无效：签章证书已被吊销。"


def _serial(seal: Identity) -> int:
    return x509.load_der_x509_certificate(seal.certificate_der).serial_number


class Silent:
    def answer(self, query: bytes) -> bytes:
        raise OSError("no route")


class Babbling:
    def answer(self, query: bytes) -> bytes:
        return b"<html>busy</html>"


@pytest.mark.parametrize("source", [Silent(), Babbling()])
def test_without_the_time_stamp_that_was_asked_for_nothing_is_sealed(source: Silent | Babbling) -> None:
    with pytest.raises(TimeServerAway, match="时间戳服务没有给出可信时间"):
        pressed(report(), by=authority().issue("某单位"), proof=TimeProof(source, (authority().pem,)))


def test_a_time_stamp_from_a_stranger_is_not_taken() -> None:
    stranger = authority("另一家机构")
    with pytest.raises(NoTimeProof, match="未通过有效性检查"):
        pressed(report(), by=authority().issue("某单位"), proof=TimeProof(stranger.time_stamps(), (authority().pem,)))


def test_the_gap_has_room_and_is_padded_with_zeros() -> None:
    before, gap_end = signature_gap(sealed(reserved=(SECOND_PLACE,)))
    assert sealed(reserved=(SECOND_PLACE,))[gap_end - 9 : gap_end] == b"00000000>"
    assert gap_end - before > 2_000
