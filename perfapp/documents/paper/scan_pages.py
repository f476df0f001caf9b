"""Scans laid over the printed pages and compared with them, in a process of its own.

Strangers' files meet decoders written in C and C++ here, so they run apart: started with the path of this file and of
a folder, it reads `task.json`, `printed.pdf` and the uploads from the folder, writes its pictures there, and answers
in JSON on its output. Whatever a hostile file does to it ends with it. Nothing of ours is imported.
"""

import io
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

CPU_SECONDS: Final = 600
MEMORY_BYTES: Final = 3 << 30
DPI: Final = 200
MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 4200  # a page at 350 dpi; more is made smaller
MAX_PAGES: Final = 200
_SHOWN: Final = 0.5  # size of the marked pictures
_BLOCK: Final = 256
_TILE: Final = 12
_LEAST: Final = 10  # pixels of ink that make a difference
_ALIKE: Final = 0.86  # clean scans of any printed character stay above 0.92, a changed digit of 7 pt is below 0.81
_ALIKE_SMALL: Final = 0.5  # a point is a few pixels, and mostly noise
_SMALL: Final = 60  # pixels of a character's box
_REACH: Final = 4
_EDGE_MM: Final = 6.0
_PX: Final = DPI / 25.4
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
Gray = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Refused(Exception):
    """The file cannot be read; the word says why."""


def answer(folder: Path) -> dict[str, Any]:
    """What was found on each page of each file; with a page that belongs, its differences and pictures."""
    task = json.loads((folder / "task.json").read_text())
    printed = pypdfium2.PdfDocument((folder / "printed.pdf").read_bytes())
    pages: list[dict[str, Any]] = []
    references: dict[int, _Reference] = {}
    for name in task["files"]:
        try:
            for number, scan in enumerate(_scans(folder / name), start=1):
                if len(pages) >= MAX_PAGES:
                    return {"refused": "pages", "file": name}
                found = {"file": name, "number": number, "marks": [], "differences": []}
                marks = _marks(scan, task["prefix"])
                found["marks"] = list(marks)
                page = next((int(text.split("-")[3]) for text in marks), None)
                if page is not None and 1 <= page <= len(printed):
                    if page not in references:
                        references = {page: _Reference(printed, page, task)}
                    _compare(scan, marks, references[page], found, folder)
                pages.append(found)
        except Refused as refusal:
            return {"refused": str(refusal), "file": name}
    return {"pages": pages}


def _scans(path: Path) -> Iterator[Image.Image]:
    data = path.read_bytes()
    if data.startswith(b"%PDF-"):
        yield from _pdf_scans(data)
        return
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            yield _bearable(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("broken") from error


def _pdf_scans(data: bytes) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(data)
        for number in range(min(len(document), MAX_PAGES + 1)):
            page = document[number]
            scale = min(DPI / 72, MAX_SIDE / max(*page.get_size(), 1))
            yield _bearable(page.render(scale=scale).to_pil())
            page.close()
    except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
        raise Refused("broken") from error


def _bearable(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MAX_PIXELS:
        raise Refused("pixels")
    found = picture.convert("RGB")
    if max(found.size) > MAX_SIDE:
        found.thumbnail((MAX_SIDE, MAX_SIDE))
    return found


def _marks(picture: Image.Image, prefix: str) -> dict[str, list[tuple[float, float]]]:
    """The corners of each of our QR codes, in its own order; a coarse scan is looked at enlarged as well."""
    gray = picture.convert("L")
    for scale in (1, 2):
        if scale * max(gray.size) > 2 * MAX_SIDE:
            break
        looked_at = gray if scale == 1 else gray.resize((gray.width * scale, gray.height * scale))
        found = {}
        for code in zxingcpp.read_barcodes(looked_at, formats=_QR):
            if code.text.startswith(prefix) and code.text not in found:
                place = code.position
                corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
                found[code.text] = [(corner.x / scale, corner.y / scale) for corner in corners]
        if len(found) >= 2 or (found and scale == 2):
            return found
    return found


class _Reference:
    """A printed page as it was sent to the printer, with the places that are not compared."""

    def __init__(self, printed: Any, page: int, task: dict[str, Any]) -> None:
        self.page = page
        picture = printed[page - 1].render(scale=DPI / 72).to_pil()
        self.marks = _marks(picture, task["prefix"])
        self.picture = picture.convert("RGB")
        self.characters = list(_characters(printed[page - 1]))
        gray = np.asarray(picture.convert("L"))
        self.strong: Mask = gray < 140
        self.near: Mask = _grown(gray < 225, 2)
        self.ignored: Mask = np.zeros(gray.shape, dtype=bool)
        edge = round(_EDGE_MM * _PX)
        self.ignored[:edge], self.ignored[-edge:] = True, True
        self.ignored[:, :edge], self.ignored[:, -edge:] = True, True
        for corners in self.marks.values():
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            self.ignored[
                max(0, int(min(ys)) - 12) : int(max(ys)) + 12, max(0, int(min(xs)) - 12) : int(max(xs)) + 12
            ] = True
        for zone in task["zones"]:
            if zone["page"] == page:
                ys2, xs2 = np.ogrid[: gray.shape[0], : gray.shape[1]]
                away = (xs2 - zone["x_mm"] * _PX) ** 2 + (ys2 - zone["y_mm"] * _PX) ** 2
                self.ignored |= away <= (zone["radius_mm"] * _PX) ** 2


def _compare(
    scan: Image.Image,
    marks: dict[str, list[tuple[float, float]]],
    reference: _Reference,
    found: dict[str, Any],
    folder: Path,
) -> None:
    shared = [text for text in marks if text in reference.marks]
    if not shared:
        return
    here = np.array([point for text in shared for point in reference.marks[text]])
    there = np.array([point for text in shared for point in marks[text]])
    fit = _affine(here, there)
    found["turn"] = round(math.degrees(math.atan2(fit[1][0], fit[0][0])) / 90) % 4
    laid = _laid_over(scan, fit, reference)
    spots, shifts = _shifts(laid, reference, reach=24 if len(shared) > 1 else 60)
    if len(spots) >= 6:
        fit = _refined(fit, spots, shifts)
        laid = _laid_over(scan, fit, reference)
    boxes = _differences(laid, reference) + _changed(laid, reference)
    found["differences"] = boxes
    found["upright"] = f"upright-{found['file']}-{found['number']}.jpg"
    scan.rotate(90 * found["turn"], expand=True).save(folder / found["upright"], quality=85, dpi=(DPI, DPI))
    if boxes:
        found["marked"] = f"marked-{found['file']}-{found['number']}.png"
        _marked(reference.picture, laid, boxes).save(folder / found["marked"])


def _affine(here: Any, there: Any) -> Any:
    """The 2 x 3 map from the printed page to the scan, by least squares."""
    ones = np.hstack([here, np.ones((len(here), 1))])
    return np.linalg.lstsq(ones, there, rcond=None)[0].T


def _laid_over(scan: Image.Image, fit: Any, reference: _Reference) -> Image.Image:
    """The scan as it lies on the printed page; beyond its edges it is white."""
    size = reference.picture.size
    return scan.transform(
        size, Image.Transform.AFFINE, tuple(fit.ravel()), Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
    )


def _ink(laid: Image.Image) -> tuple[Mask, Mask]:
    """Strong and faint ink of a scan, after its own light: red ink is not ink here, for a seal may stand anywhere."""
    colours = np.asarray(laid).astype(np.int16)
    gray = np.asarray(laid.convert("L")).astype(np.float32)
    red = (colours[..., 0] - np.maximum(colours[..., 1], colours[..., 2]) > 45) & (colours[..., 0] > 110)
    small = laid.convert("L").resize((max(1, laid.width // 16), max(1, laid.height // 16)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3)).resize(laid.size)
    even = gray * 255 / np.maximum(np.asarray(paper).astype(np.float32), 60)
    return (even < 118) & ~red, (even < 190)


def _shifts(laid: Image.Image, reference: _Reference, reach: int) -> tuple[Any, Any]:
    """Block by block, how far the scan lies from the print: the peak of their correlation."""
    strong, _ = _ink(laid)
    spots, shifts = [], []
    for top, left in _blocks(strong.shape):
        one = reference.strong[top : top + _BLOCK, left : left + _BLOCK]
        if one.sum() < 400:
            continue
        moved = _shift_of(one, strong[top : top + _BLOCK, left : left + _BLOCK], reach)
        if moved is not None:
            spots.append((left + _BLOCK / 2, top + _BLOCK / 2))
            shifts.append(moved)
    return np.array(spots), np.array(shifts)


def _shift_of(one: Mask, other: Mask, reach: int) -> tuple[int, int] | None:
    if other.sum() < 200:
        return None
    product = np.fft.rfft2(other.astype(np.float32)) * np.conj(np.fft.rfft2(one.astype(np.float32)))
    likeness = np.fft.irfft2(product, s=one.shape)
    likeness = np.roll(likeness, (reach, reach), axis=(0, 1))[: 2 * reach + 1, : 2 * reach + 1]
    down, across = np.unravel_index(int(np.argmax(likeness)), likeness.shape)
    if likeness[down, across] < 0.35 * one.sum():
        return None
    return int(across) - reach, int(down) - reach


def _refined(fit: Any, spots: Any, shifts: Any) -> Any:
    """The map anew from the blocks that agree with one another."""
    away = np.abs(shifts - np.median(shifts, axis=0)).max(axis=1)
    kept = away <= np.median(away) + 6
    here = spots[kept]
    there = np.hstack([here + shifts[kept], np.ones((len(here), 1))]) @ fit.T
    return _affine(here, there) if kept.sum() >= 6 else fit


def _blocks(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for top in range(0, shape[0], _BLOCK):
        for left in range(0, shape[1], _BLOCK):
            yield min(top, max(0, shape[0] - _BLOCK)), min(left, max(0, shape[1] - _BLOCK))


def _differences(laid: Image.Image, reference: _Reference) -> list[dict[str, Any]]:
    """Where ink has come or gone, in millimetres of the page, each with its kind."""
    strong, faint = _ink(laid)
    extra = np.zeros(strong.shape, dtype=bool)
    missing = np.zeros(strong.shape, dtype=bool)
    last = (0, 0)
    for top, left in _blocks(strong.shape):
        window = (slice(top, top + _BLOCK), slice(left, left + _BLOCK))
        one = reference.strong[window]
        last = (_shift_of(one, strong[window], 8) or last) if one.sum() >= 400 else (0, 0)
        across, down = last
        here, there = (
            np.roll(strong[window], (-down, -across), (0, 1)),
            np.roll(faint[window], (-down, -across), (0, 1)),
        )
        extra[window] = here & ~reference.near[window]
        missing[window] = one & ~_grown(there, 2)
    return _boxes(_steady(extra) & ~reference.ignored, "extra") + _boxes(
        _steady(missing) & ~reference.ignored, "missing"
    )


def _characters(page: Any) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """Every printed character with its box in pixels."""
    text, height = page.get_textpage(), page.get_height()
    for at in range(text.count_chars()):
        character = text.get_text_range(at, 1)
        if not character.strip():
            continue
        left, bottom, right, top = text.get_charbox(at)
        box = (left, height - top, right, height - bottom)
        x0, y0, x1, y1 = (round(side * DPI / 72) for side in box)
        if x1 - x0 > 1 and y1 - y0 > 1:
            yield character, (x0, y0, x1, y1)


def _changed(laid: Image.Image, reference: _Reference) -> list[dict[str, Any]]:
    """Printed characters that look otherwise on the scan, neighbours taken together: a digit in a table is small."""
    print_ = np.asarray(reference.picture.convert("L").filter(ImageFilter.GaussianBlur(1))).astype(np.float32)
    colours = np.asarray(laid.filter(ImageFilter.GaussianBlur(0.5))).astype(np.int16)
    red = (colours[..., 0] - np.maximum(colours[..., 1], colours[..., 2]) > 45) & (colours[..., 0] > 110)
    scan = np.asarray(laid.convert("L").filter(ImageFilter.GaussianBlur(0.5))).astype(np.float32)
    scan = np.where(red, np.float32(255), scan)
    runs: list[tuple[str, list[int]]] = []
    for character, (x0, y0, x1, y1) in reference.characters:
        if reference.ignored[y0:y1, x0:x1].any() or min(x0, y0) <= _REACH + 1:
            continue
        one = print_[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1]
        other = scan[y0 - 1 - _REACH : y1 + 1 + _REACH, x0 - 1 - _REACH : x1 + 1 + _REACH]
        least = _ALIKE_SMALL if (x1 - x0) * (y1 - y0) < _SMALL or min(x1 - x0, y1 - y0) < 6 else _ALIKE
        if one.std() < 8 or _likeness(one, other) >= least:
            continue
        if runs and abs(runs[-1][1][1] - y0) < 12 and -4 <= x0 - runs[-1][1][2] < 12:
            text, box = runs[-1]
            runs[-1] = (text + character, [box[0], min(box[1], y0), x1, max(box[3], y1)])
        else:
            runs.append((character, [x0, y0, x1, y1]))
    return [{"kind": "changed", "text": text, "box_mm": [round(side / _PX, 1) for side in box]} for text, box in runs]


def _likeness(one: Gray, other: Gray) -> float:
    """The best normalised correlation of `one` with any part of `other` of its size."""
    if other.shape[0] < one.shape[0] or other.shape[1] < one.shape[1]:
        return 1.0
    parts = np.lib.stride_tricks.sliding_window_view(other, one.shape)
    flat = parts.reshape(parts.shape[0] * parts.shape[1], -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    own = (one - one.mean()).ravel()
    norm = np.sqrt((flat**2).sum(axis=1)) * math.sqrt(float((own**2).sum())) + 1e-3
    return float((flat @ own / norm).max())


def _grown(mask: Mask, by: int) -> Mask:
    picture = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(picture.filter(ImageFilter.MaxFilter(2 * by + 1))) > 127


def _steady(mask: Mask) -> Mask:
    """Without specks: a pixel counts that has at least three others around it."""
    padded = np.pad(mask.astype(np.uint8), 1)
    around = sum(
        padded[1 + down : padded.shape[0] - 1 + down, 1 + across : padded.shape[1] - 1 + across]
        for down in (-1, 0, 1)
        for across in (-1, 0, 1)
    )
    return mask & (around >= 4)


def _boxes(mask: Mask, kind: str) -> list[dict[str, Any]]:
    """Neighbouring tiles with enough ink, as rectangles."""
    rows, columns = mask.shape[0] // _TILE, mask.shape[1] // _TILE
    tiles = mask[: rows * _TILE, : columns * _TILE].reshape(rows, _TILE, columns, _TILE).sum(axis=(1, 3))
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(tiles >= 3), strict=True)}
    found = []
    while left:
        group, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            group.add((row, column))
            near = {(row + down, column + across) for down in (-2, -1, 0, 1, 2) for across in (-2, -1, 0, 1, 2)} & left
            left -= near
            edge += near
        if sum(tiles[spot] for spot in group) < _LEAST:
            continue
        ys, xs = [row for row, _ in group], [column for _, column in group]
        box = (min(xs) * _TILE, min(ys) * _TILE, (max(xs) + 1) * _TILE, (max(ys) + 1) * _TILE)
        found.append({"kind": kind, "box_mm": [round(side / _PX, 1) for side in box]})
    return found


def _marked(printed: Image.Image, laid: Image.Image, boxes: list[dict[str, Any]]) -> Image.Image:
    """The printed page and the scan side by side, the differences framed in both."""
    sides = []
    for picture in (printed, laid):
        framed = picture.copy()
        draw = ImageDraw.Draw(framed)
        for box in boxes:
            x0, y0, x1, y1 = (side * _PX for side in box["box_mm"])
            colour = (20, 80, 180) if box["kind"] == "extra" else (200, 30, 30)
            draw.rectangle((x0 - 8, y0 - 8, x1 + 8, y1 + 8), outline=colour, width=4)
        sides.append(framed.resize((round(framed.width * _SHOWN), round(framed.height * _SHOWN))))
    both = Image.new("RGB", (sides[0].width * 2 + 12, sides[0].height), (120, 120, 120))
    both.paste(sides[0], (0, 0))
    both.paste(sides[1], (sides[0].width + 12, 0))
    return both


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
    json.dump(answer(Path(sys.argv[1])), sys.stdout)
