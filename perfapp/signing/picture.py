"""The picture of a round official seal (国发〔1999〕25号): rim, star, and the unit's name around it in Song type."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from perfapp.core.errors import Invalid

RED = (200, 16, 46)  # #c8102e
SIZE = 600  # pixels across; 363 dpi on a seal of 42 mm
NAME_LENGTH = range(2, 41)

_OVERSAMPLING = 4
_FULL = SIZE * _OVERSAMPLING
_RIM = 0.024  # thickness of the rim; all figures below are shares of the diameter, as this one
_STAR = 0.165  # centre of the star to a point
_NAME_EDGE = 0.456  # centre of the seal to the heads of the name's characters
_NAME_HEIGHT = 0.122
_WIDEST_STEP = 36.0  # degrees between neighbours: a short name keeps together
_WIDEST_ARC = 284.0  # degrees a long name may take: the foot of the seal stays free
_NARROWEST = 0.52  # width to height of a condensed character; below that the height shrinks too
_COVERS = 8
_UNMAPPED = "\U0010fffe"  # a noncharacter: every font draws its .notdef for it


@dataclass(frozen=True)
class _Arc:
    """How a name is set: degrees per character, and the size of one in pixels of the large drawing."""

    step: float
    width: int
    height: int


def draw_seal(unit_name: str, *, demo: bool, inner_text: str = "", font: Path | None = None) -> bytes:
    """The seal as a transparent PNG, 600 x 600 pixels; a demo seal says 演示 under the star.

    Raises Invalid for a name that cannot be set or a character the font lacks.
    """
    name = unit_name.strip()
    if len(name) not in NAME_LENGTH:
        raise Invalid(f"印章上的单位名称应为 2 至 40 个字，现为 {len(name)} 个字，请改用单位的规范名称或规范简称。")
    if font is not None:
        return _drawn(name, [*_lines(inner_text, demo)], font)
    with as_file(files("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf") as serif:
        return _drawn(name, [*_lines(inner_text, demo)], serif)


def _lines(inner_text: str, demo: bool) -> Iterator[str]:
    if inner_text.strip():
        yield inner_text.strip()
    if demo:
        yield "演示"


def _drawn(name: str, lines: list[str], font: Path) -> bytes:
    _refuse_missing_glyphs(name + "".join(lines), font)
    ink = Image.new("L", (_FULL, _FULL), 0)  # one channel of ink: the colour is the same everywhere
    pen = ImageDraw.Draw(ink)
    _draw_rim_and_star(pen)
    _draw_name(ink, name, font)
    _draw_lines(pen, lines, font)
    return _as_png(ink.resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _draw_rim_and_star(pen: ImageDraw.ImageDraw) -> None:
    centre, margin = _FULL / 2, _FULL * 0.004
    pen.ellipse((margin, margin, _FULL - margin, _FULL - margin), outline=255, width=round(_RIM * _FULL))
    outer, inner = _STAR * _FULL, _STAR * _FULL * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for index in range(10):
        radius, angle = (inner if index % 2 else outer), math.radians(36 * index)
        points.append((centre + radius * math.sin(angle), centre - radius * math.cos(angle)))
    pen.polygon(points, fill=255)


def _arc(count: int) -> _Arc:
    """Spread short names, close up long ones: condense the characters first, then shrink them."""
    step = min(_WIDEST_STEP, _WIDEST_ARC / (count - 1))
    height = _NAME_HEIGHT
    while True:
        # Neighbours are closest at their feet, on the inner edge of the ring.
        room = 2 * (_NAME_EDGE - height) * math.sin(math.radians(step / 2)) * 0.94
        if room >= height * _NARROWEST:
            return _Arc(step, round(min(room, height) * _FULL), round(height * _FULL))
        height *= 0.98


def _draw_name(ink: Image.Image, name: str, font: Path) -> None:
    arc = _arc(len(name))
    type_face = ImageFont.truetype(font, arc.height)
    first = -arc.step * (len(name) - 1) / 2
    for index, character in enumerate(name):
        angle = first + arc.step * index
        cell = _glyph(character, type_face, arc).rotate(-angle, resample=Image.Resampling.BICUBIC, expand=True)
        turn, radius = math.radians(angle), _NAME_EDGE * _FULL - arc.height / 2
        left = round(_FULL / 2 + radius * math.sin(turn) - cell.width / 2)
        top = round(_FULL / 2 - radius * math.cos(turn) - cell.height / 2)
        ink.paste(255, (left, top), cell)


def _glyph(character: str, type_face: ImageFont.FreeTypeFont, arc: _Arc) -> Image.Image:
    """One upright character, centred in its em square, then condensed to the width it may take."""
    em = arc.height
    square = Image.new("L", (em, em), 0)
    # Only the regular weight is at hand; engraved seals are cut a little bolder.
    pen = ImageDraw.Draw(square)
    pen.text((em / 2, em / 2), character, font=type_face, fill=255, anchor="mm", stroke_width=em // 64)
    return square.resize((arc.width, em), Image.Resampling.LANCZOS)


def _draw_lines(pen: ImageDraw.ImageDraw, lines: list[str], font: Path) -> None:
    top = 0.745 if len(lines) == 1 else 0.715
    for index, line in enumerate(lines):
        size = min(0.082 if line == "演示" else 0.068, 0.42 / len(line))
        type_face = ImageFont.truetype(font, round(size * _FULL))
        place = (_FULL / 2, (top + 0.095 * index) * _FULL)
        pen.text(place, line, font=type_face, fill=255, anchor="mm", stroke_width=round(size * _FULL / 64))


def _refuse_missing_glyphs(text: str, font: Path) -> None:
    type_face = ImageFont.truetype(font, 48)
    notdef = bytes(type_face.getmask(_UNMAPPED))
    for character in text:
        if character.isspace() or not character.isprintable() or bytes(type_face.getmask(character)) == notdef:
            raise Invalid(f"印章字体里没有“{character}”（U+{ord(character):04X}），无法制作印章，请核对单位名称。")


def _as_png(ink: Image.Image) -> bytes:
    """One red in eight degrees of cover, four bits a pixel: the whole seal in 30 kB."""
    top = _COVERS - 1
    degrees = ink.point([round(value * top / 255) for value in range(256)])
    picture = Image.frombytes("P", ink.size, degrees.tobytes())
    picture.putpalette(RED * _COVERS)
    out = io.BytesIO()
    covers = bytes(round(255 * index / top) for index in range(_COVERS))
    picture.save(out, "PNG", optimize=True, bits=4, transparency=covers)
    return out.getvalue()
