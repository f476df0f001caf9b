"""The characters and ruling lines of a PDF's pages, read by PDFium in a process of its own.

Strangers' files meet a large parser written in C++ here, so it runs apart: started with the path of this file, it takes
the PDF on its standard input and answers in JSON. Whatever a hostile file does to it ends with it, after
CPU_SECONDS or at MEMORY_BYTES at the latest. Nothing of ours is imported.
"""

import ctypes
import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

MAX_PAGES: Final = 600
MAX_CHARACTERS: Final = 2_000_000
MAX_PATHS: Final = 20_000
CPU_SECONDS: Final = 30
MEMORY_BYTES: Final = 2 << 30
_LEVEL: Final = 0.1  # radians
_THIN: Final = 3.0
_MAX_POINTS: Final = 400


def answer(data: bytes) -> dict[str, Any]:
    """`{"pages": [...]}`, or `{"refused": word}`: password, broken, pages or characters.

    A page is `{"width", "height", "text", "boxes", "rules", "is_picture"}`: boxes are x0, x1, baseline and size of
    each character, rules x0, y0, x1, y1; all in points from the lower left corner of the page as it is shown.
    """
    import pypdfium2  # noqa: PLC0415 -- only the child needs it
    import pypdfium2.raw as raw  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return {"refused": "password" if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD else "broken"}
    if len(document) > MAX_PAGES:
        return {"refused": "pages"}
    pages = []
    left = MAX_CHARACTERS
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            return {"refused": "broken"}
        pages.append(_page(page, raw))
        left -= len(pages[-1]["text"])
        page.close()
        if left < 0:
            return {"refused": "characters"}
    return {"pages": pages}


def _page(page: Any, raw: Any) -> dict[str, Any]:
    turn = _Turn(page)
    text, boxes = _characters(page, raw, turn)
    rules: list[list[float]] = []
    covered = 0.0
    for count, shape in enumerate(
        page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE), max_depth=3)
    ):
        if count > MAX_PATHS:
            rules = []
            break
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            covered += (right - left) * (top - bottom)
        else:
            rules += [turn.rule(*rule) for rule in _rules(shape, raw)]
    return {
        "width": turn.width,
        "height": turn.height,
        "text": text,
        "boxes": boxes,
        "rules": rules,
        "is_picture": covered > turn.width * turn.height / 2,
    }


class _Turn:
    """From the page's own plane to the page as it is shown."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = page.get_bbox()
        self._left, self._bottom, self._wide, self._high = left, bottom, right - left, top - bottom
        self.quarters = page.get_rotation() // 90 % 4
        is_upright = self.quarters % 2 == 0
        self.width, self.height = (self._wide, self._high) if is_upright else (self._high, self._wide)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self._left, y - self._bottom
        return ((x, y), (y, self._wide - x), (self._wide - x, self._high - y), (self._high - y, x))[self.quarters]

    def is_level(self, a: float, b: float) -> bool:
        """Whether text with this direction stands upright on the page as it is shown; a watermark leans."""
        lean = (math.atan2(b, a) - self.quarters * math.pi / 2) % math.tau
        return bool(min(lean, math.tau - lean) < _LEVEL)

    def stretch(self, box: Any, x: float, y: float) -> tuple[float, float, float, float]:
        """Left and right edge, baseline and height of a character."""
        if not self.quarters:
            return box.left - self._left, box.right - self._left, y - self._bottom, box.top - box.bottom
        (a, b), (c, d) = self.point(box.left, box.bottom), self.point(box.right, box.top)
        return min(a, c), max(a, c), self.point(x, y)[1], abs(d - b)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> list[float]:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return [round(value, 1) for value in (min(a, c), min(b, d), max(a, c), max(b, d))]


def _characters(page: Any, raw: Any, turn: _Turn) -> tuple[str, list[list[float]]]:
    held = page.get_textpage()
    handle = held.raw  # the bare pointer: a call for every property of every character adds up
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    a_box, a_matrix, an_x, a_y = (ctypes.byref(value) for value in (box, matrix, x, y))
    letters: list[str] = []
    boxes: list[list[float]] = []
    seen: set[tuple[int, int, int]] = set()
    for at in range(held.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, at)
        if code < 32 or raw.FPDFText_IsGenerated(handle, at):
            continue
        raw.FPDFText_GetMatrix(handle, at, a_matrix)
        if not turn.is_level(matrix.a, matrix.b):
            continue
        raw.FPDFText_GetLooseCharBox(handle, at, a_box)
        raw.FPDFText_GetCharOrigin(handle, at, an_x, a_y)
        x0, x1, baseline, height = turn.stretch(box, x.value, y.value)
        key = (code, round(x0), round(baseline))
        if code != 32 and key in seen:  # bold by printing twice
            continue
        seen.add(key)
        size = raw.FPDFText_GetFontSize(handle, at) * math.hypot(matrix.c, matrix.d) or height
        letters.append(chr(code) if code <= sys.maxunicode and not 0xD800 <= code < 0xE000 else "\ufffd")
        boxes.append([round(x0, 1), round(x1, 1), round(baseline, 1), round(size, 1)])
    held.close()
    return "".join(letters), boxes


def _rules(shape: Any, raw: Any) -> Iterator[tuple[float, float, float, float]]:
    """Level and upright strokes, and thin filled boxes, which are drawn for them."""
    count = raw.FPDFPath_CountSegments(shape)
    if not 2 <= count <= _MAX_POINTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape, fill, stroke)
    matrix = shape.get_matrix()
    for points in _outlines(shape, raw, count, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
            yield min(xs), min(ys), max(xs), max(ys)
        elif stroke.value:
            for (x0, y0), (x1, y1) in pairwise(points):
                if min(abs(x1 - x0), abs(y1 - y0)) <= 1:
                    yield x0, y0, x1, y1


def _outlines(shape: Any, raw: Any, count: int, matrix: Any) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(shape, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def _bound() -> None:
    """Let the system end this process when it takes too much."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 -- not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    _bound()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)
