"""The mark for checking: on the last page alone, legible to a telephone, the same for the same code."""

import io

import pypdf
import pypdfium2
import pytest
import zxingcpp

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
