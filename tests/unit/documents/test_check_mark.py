"""The mark for checking: on the last page alone, legible to a telephone, the same for the same code."""

import io
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp

from perfapp.config import Settings
from perfapp.documents.check_mark import CheckMark
from perfapp.documents.pdf import render_pdf
from tests.unit.documents.samples import indicators, seed

CODE = "7K3M9QX20ABCDEFG"
ADDRESS = "https://jixiao.example.gov.cn"


def sheets(mark: CheckMark | None, *, landscape: bool = False) -> bytes:
    annex = indicators()
    annex = annex.model_copy(update={"orientation": "landscape" if landscape else "portrait"})
    return render_pdf(seed(annexes=(annex,)), {}, check=mark)


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("landscape", [False, True])
def test_the_last_page_alone_leads_to_the_state(landscape: bool) -> None:
    pdf = sheets(CheckMark(CODE, ADDRESS + "/"), landscape=landscape)
    assert ["7K3M-9QX2-0ABC-DEFG" in text for text in texts(pdf)] == [False] * (len(texts(pdf)) - 1) + [True]
    assert f"{ADDRESS}/verify" in texts(pdf)[-1]
    document = pypdfium2.PdfDocument(pdf)
    seen = [zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil()) for page in document]
    assert [code.text for codes in seen for code in codes] == [f"{ADDRESS}/v/{CODE}"]
    assert len(seen[-1]) == 1
    document.close()


def test_without_a_public_address_the_code_stands_alone() -> None:
    pdf = sheets(CheckMark(CODE))
    assert "7K3M-9QX2-0ABC-DEFG" in texts(pdf)[-1]
    assert "http" not in texts(pdf)[-1]
    assert CheckMark(CODE).address == ""


def test_same_code_same_bytes_and_a_draft_has_none() -> None:
    mark = CheckMark(CODE, ADDRESS)
    assert sheets(mark) == sheets(mark)
    assert sheets(mark) != sheets(CheckMark("0" * 16, ADDRESS))
    assert "查验码" not in "".join(texts(sheets(None)))


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({"PERFAPP_DEMO": "1", "PORT": "5303"}, "http://127.0.0.1:5303"),
        ({"PERFAPP_DEMO": "1", "HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),  # noqa: S104 -- no address to be reached by
        ({"PERFAPP_DEMO": "1", "PERFAPP_PUBLIC_URL": ADDRESS}, ADDRESS),
        ({"PORT": "5303"}, None),
    ],
)
def test_the_demo_prints_its_own_address_and_a_real_installation_only_what_it_was_given(
    given: dict[str, str], printed: str | None, tmp_path: Path
) -> None:
    settings = Settings.from_env({"PERFAPP_HOME": str(tmp_path / "home"), **given})
    assert settings.printed_url == printed
