"""Scans as a scanner makes them: a printed page turned, crooked, uneven and noisy; signed, stamped, tampered with."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = Path(__file__).parents[1] / "perfapp" / "documents" / "fonts" / "FandolFang-GB2312.otf"
DPI = 200
Change = Callable[[ImageDraw.ImageDraw, Any], None]
"""Draws on the page before it is scanned; also given the page of the printed PDF."""


@dataclass(frozen=True)
class Scan:
    """How one page (from 1) is scanned: turned by so many degrees, smaller or larger, with what drawn on it."""

    page: int
    turn: float = 0.0
    size: float = 1.0
    changes: Sequence[Change] = ()


def signed(draw: ImageDraw.ImageDraw, page: Any) -> None:
    """A signature in dark blue on blank paper."""
    x, y = round(40 / 25.4 * DPI), round(250 / 25.4 * DPI)
    strokes = [(x + 9 * step, y + (35 if step % 2 else -30) + 4 * step) for step in range(9)]
    draw.line(strokes, fill=(25, 30, 90), width=6, joint="curve")


def stamped(x_mm: float, y_mm: float) -> Change:
    """A round red seal."""

    def draw_it(draw: ImageDraw.ImageDraw, page: Any) -> None:
        x, y, radius = (length / 25.4 * DPI for length in (x_mm, y_mm, 21.0))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(214, 40, 45), width=9)
        face = ImageFont.truetype(str(FONT), 70)
        draw.text((x, y), "专用章", fill=(214, 40, 45), font=face, anchor="mm")

    return draw_it


def digit_changed(number: str, digit: str) -> Change:
    """The last digit of this number, where it first stands on the page, painted over with another."""

    def draw_it(draw: ImageDraw.ImageDraw, page: Any) -> None:
        text, high = page.get_textpage(), page.get_height() * DPI / 72
        letters = [text.get_text_range(n, 1) for n in range(text.count_chars())]
        at = "".join(letters).index(number) + len(number) - 1
        left, bottom, right, top = (side * DPI / 72 for side in text.get_charbox(at))
        draw.rectangle((left - 1, high - top - 1, right + 1, high - bottom + 1), fill="white")
        face = ImageFont.truetype(str(FONT), round((top - bottom) * 1.4))
        middle = ((left + right) / 2, high - (top + bottom) / 2)
        draw.text(middle, digit, fill=(15, 15, 15), font=face, anchor="mm")

    return draw_it


def scanned(printed: bytes, wanted: Sequence[Scan], seed: int = 1) -> list[Image.Image]:
    """The pictures a scanner would give, with its noise and its uneven light."""
    document, noise = pypdfium2.PdfDocument(printed), np.random.default_rng(seed)
    return [_picture(document, scan, noise) for scan in wanted]


def as_pdf(pictures: Sequence[Image.Image]) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=list(pictures[1:]))
    return out.getvalue()


def as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _picture(document: Any, scan: Scan, noise: np.random.Generator) -> Image.Image:
    page = document[scan.page - 1]
    picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
    for change in scan.changes:
        change(ImageDraw.Draw(picture), page)
    bicubic = Image.Resampling.BICUBIC
    picture = picture.rotate(scan.turn, expand=True, fillcolor=(250, 250, 250), resample=bicubic)
    picture = picture.resize((round(picture.width * scan.size), round(picture.height * scan.size)), bicubic)
    seen = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7))).astype(np.float32)
    light = np.linspace(0.88, 1.0, seen.shape[1])[None, :, None]
    return Image.fromarray(np.clip(seen * light + noise.normal(0, 6, seen.shape), 0, 255).astype(np.uint8))
