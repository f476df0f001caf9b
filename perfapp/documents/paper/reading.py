"""Scans read in a process of their own: which page of the report each is, and what differs from the print."""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pypdfium2
from PIL import Image

from perfapp.core.errors import Invalid
from perfapp.core.paper import ScannedPage, read_mark
from perfapp.core.seal_place import SealPlace

DPI: Final = 200  # of the pictures that the reader gives back
SECONDS: Final = 420
MAX_RECORD_BYTES: Final = 20 << 20  # so that anybody can bring it to the verification page
SCRIPT: Final = Path(__file__).with_name("scan_pages.py")
_AROUND_SEAL_MM: Final = 8.0
_REFUSED: Final = {
    "broken": "已经损坏，或设有密码，无法打开，请重新扫描后上传。",
    "pixels": "的像素太多，请用 200 至 300 dpi 重新扫描。",
    "pages": "之前的页数已经太多，请核对是否选错了文件。",
}


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page with what was found: its differences, the scan turned upright, and the picture that shows them."""

    scanned: ScannedPage
    differences: list[dict[str, Any]]
    upright: bytes | None
    marked: bytes | None


def read_scans(printed: bytes, uploads: Sequence[tuple[str, bytes]], seal: SealPlace) -> list[ReadPage]:
    """Every page of the uploads, in order; Invalid in one sentence for a file that cannot be read."""
    with tempfile.TemporaryDirectory(prefix="perfapp-scan-") as name:
        folder = Path(name)
        names = [f"upload-{number}" for number in range(len(uploads))]
        for file, (_, data) in zip(names, uploads, strict=True):
            (folder / file).write_bytes(data)
        (folder / "printed.pdf").write_bytes(printed)
        zone = {
            "page": seal.page + 1,
            "x_mm": seal.centre_x_mm,
            "y_mm": seal.centre_y_mm,
            "radius_mm": seal.diameter_mm / 2 + _AROUND_SEAL_MM,
        }
        (folder / "task.json").write_text(json.dumps({"files": names, "prefix": "PP1-", "zones": [zone]}))
        answer = _answer(folder)
        titles = dict(zip(names, (title for title, _ in uploads), strict=True))
        if word := answer.get("refused"):
            raise Invalid(f"“{titles[answer['file']]}”{_REFUSED[word]}", field="file")
        return [_page(found, titles[found["file"]], folder) for found in answer["pages"]]


def as_record(pages: Sequence[bytes]) -> bytes:
    """The pages (JPEG), upright and in order, as one PDF; nothing is compressed a second time."""
    document = pypdfium2.PdfDocument.new()
    for data in pages:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = (side * 72 / DPI for side in picture.size)
        page = document.new_page(width, height)
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(io.BytesIO(data))
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page.insert_obj(image)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    if out.tell() > MAX_RECORD_BYTES:
        raise Invalid("扫描件合成后超过 20 MB，请用 200 dpi 重新扫描后上传。", field="file")
    return out.getvalue()


def _answer(folder: Path) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 -- our own words
            [sys.executable, "-I", str(SCRIPT), str(folder)], capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("扫描件太大，没能在规定时间内读完，请用 200 dpi 重新扫描，或分批上传。", field="file") from error
    if done.returncode:
        raise Invalid("扫描件已经损坏，或者过于复杂，无法读取，请重新扫描后上传。", field="file")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _page(found: dict[str, Any], title: str, folder: Path) -> ReadPage:
    marks = [mark for text in found["marks"] if (mark := read_mark(text)) is not None]
    return ReadPage(
        scanned=ScannedPage(title, found["number"], next(iter(marks), None)),
        differences=found["differences"],
        upright=_picture(folder, found.get("upright")),
        marked=_picture(folder, found.get("marked")),
    )


def _picture(folder: Path, name: str | None) -> bytes | None:
    return (folder / name).read_bytes() if name else None
