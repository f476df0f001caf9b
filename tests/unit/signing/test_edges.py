"""骑缝章: which pages share a seal, and what is seen at their edges."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pypdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from perfapp.core.seal_place import SealPlace
from perfapp.signing.digest import sha256_hex
from perfapp.signing.edges import MOST_PAGES, shares
from perfapp.signing.seal import press, signer_of
from tests.unit.signing.workbench import AT, identity, picture, report, sealed


@given(st.integers(2, 500))
def test_every_page_has_one_slice_and_no_impression_is_thin_or_alone(count: int) -> None:
    groups = shares(count)
    assert [page for group in groups for page in group] == list(range(count))
    assert all(2 <= len(group) <= MOST_PAGES for group in groups)
    assert max(map(len, groups)) - min(map(len, groups)) <= 1


def drawn(pdf: bytes) -> list[str]:
    """What was added to each page's drawing."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [page.get_contents().get_data().decode("latin-1").rpartition("/Artifact BMC q")[2] for page in pages]  # type: ignore[union-attr]


def test_a_single_page_has_no_seam() -> None:
    assert "/SealEdge" not in drawn(sealed(report(pages=1)))[0]
    assert all("/SealEdge Do" in slice_ for slice_ in drawn(sealed()))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm (poppler-utils)")
@pytest.mark.parametrize("pages", [2, 3, 5])
def test_the_slices_side_by_side_are_the_seal(pages: int, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed(report(pages=pages)))
    subprocess.run(["pdftoppm", "-r", "254", "-png", "sealed.pdf", "page"], cwd=tmp_path, check=True)
    width, top = 420 // pages, (2970 - 420) // 2
    whole = Image.new("RGB", (width * pages, 420), "white")
    for number, path in enumerate(sorted(tmp_path.glob("page-*.png"))):
        page = Image.open(path).convert("RGB")
        whole.paste(page.crop((2100 - width, top, 2100, top + 420)), (width * number, 0))
    expected = Image.open(io.BytesIO(picture())).convert("RGBA").resize(whole.size)
    paper = Image.new("RGBA", whole.size, "white")
    paper.alpha_composite(expected)
    assert far(whole, paper.convert("RGB")) < 0.04
    assert far(whole.transpose(Image.Transpose.FLIP_LEFT_RIGHT), paper.convert("RGB")) > 0.06


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm (poppler-utils)")
def test_a_landscape_sheet_is_sealed_at_the_edge_away_from_its_binding(tmp_path: Path) -> None:
    pdf = cast(Any, typst).compile(b'#set page(paper: "a4")\n#text(white)[a]\n#page(flipped: true, text(white)[b])')
    signer, digest = signer_of(identity()), sha256_hex(pdf)
    place = SealPlace(0, 60, 60)
    (tmp_path / "a.pdf").write_bytes(press(pdf, signer, picture(), place, at=AT, reason="", digest_expected=digest))
    subprocess.run(["pdftoppm", "-r", "100", "-f", "2", "-png", "-singlefile", "a.pdf", "a"], cwd=tmp_path, check=True)
    page = Image.open(tmp_path / "a.png").convert("RGB").rotate(90, expand=True)  # its top to the left, as it is bound
    left, top, right, bottom = ink(page)
    assert right == pytest.approx(page.width, abs=2)
    assert right - left == pytest.approx(21 / 25.4 * 100, abs=3)
    assert (top + bottom) / 2 == pytest.approx(page.height / 2, abs=2)


def far(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ by more than the smoothing of edges."""
    counts = ImageChops.difference(one, other).split()[1].histogram()
    return float(sum(counts[120:]) / (one.width * one.height))


def ink(page: Image.Image) -> tuple[int, int, int, int]:
    box = page.split()[1].point([255 if value < 128 else 0 for value in range(256)]).getbbox()
    assert box is not None
    return box
