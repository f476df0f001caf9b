"""The page: every length of the official layout as data, with its clause of GB/T 9704-2012.

PDF and DOCX are both laid out from these numbers, and so is the place of the seal on the cover.
"""

import unicodedata
from dataclasses import replace

from perfapp.core.seal_place import SealPlace

MM_PER_PT = 25.4 / 72

# 5.2.1: A4; 5.2.2: head 37 mm, binding edge 28 mm, type area 156 x 225 mm.
PAGE_WIDTH_MM = 210
PAGE_HEIGHT_MM = 297
MARGIN_TOP_MM = 37
MARGIN_LEFT_MM = 28
TEXT_WIDTH_MM = 156
TEXT_HEIGHT_MM = 225
MARGIN_RIGHT_MM = PAGE_WIDTH_MM - MARGIN_LEFT_MM - TEXT_WIDTH_MM
MARGIN_BOTTOM_MM = PAGE_HEIGHT_MM - MARGIN_TOP_MM - TEXT_HEIGHT_MM

# 5.2.3: 22 lines of 28 characters in 3号 (16 pt) fill the type area.
CHARACTERS_PER_LINE = 28
BODY_PT = 16.0
PITCH_PT = 28.95
# 28 x 16 pt is 5.8 pt wider than 156 mm: each character gives up its share.
TRACKING_PT = (TEXT_WIDTH_MM / MM_PER_PT - CHARACTERS_PER_LINE * BODY_PT) / CHARACTERS_PER_LINE

# 7.3.1: title in 2号小标宋; its lines are set a little wider than the body's.
TITLE_PT = 22.0
TITLE_PITCH_PT = 35.0
TITLE_CHARACTERS = 19

# 7.5: page number in 4号, 7 mm below the type area, one character in from the outer edge.
PAGE_NUMBER_PT = 14.0
PAGE_NUMBER_DROP_MM = 7

# The mark for checking a sealed report: at the foot of the last page, between the page numbers' places.
CHECK_QR_MM = 15.0
CHECK_FOOT_MM = 8.0
CHECK_PT = 9.0

CAPTION_PT = 12.0
# The small lines over and under the table of an annex.
ASIDE_PT = 10.5
ASIDE_PITCH_PT = 16.0
SIGN_OFF_PITCH_PT = 26.0
_SIGN_OFF_MM = 50
PICTURE_HEIGHT_MM = 180

# The cover of the report, measured from the top of the sheet to the middle of the line.
COVER_TITLE_CENTRE_MM = 112.0
COVER_UNIT_CENTRE_MM = 208.0
COVER_DATE_CENTRE_MM = 220.0
COVER_UNIT_LABEL = "单位名称（盖章）："
BLANK_DATE = "　　年　　月　　日"
DRAFT_MARK = "草稿"

SEAL_DIAMETER_MM = 42
# 7.3.5.1: unit name and date lie a little below the middle of the seal.
_SEAL_ABOVE_TEXT_MM = 3.0
_SEALS_APART_MM = 4.0


def seal_place() -> SealPlace:
    """The seal on the cover: upright, centred on unit name and date (GB/T 9704-2012, 7.3.5.1)."""
    return SealPlace(
        page=0,
        centre_x_mm=MARGIN_LEFT_MM + TEXT_WIDTH_MM / 2,
        centre_y_mm=(COVER_UNIT_CENTRE_MM + COVER_DATE_CENTRE_MM) / 2 - _SEAL_ABOVE_TEXT_MM,
        diameter_mm=SEAL_DIAMETER_MM,
    )


def countersign_place() -> SealPlace:
    """The superior's seal on the cover: beside the unit's own, neither touching nor crossing it (7.3.5.3)."""
    own = seal_place()
    return replace(own, centre_x_mm=own.centre_x_mm + SEAL_DIAMETER_MM + _SEALS_APART_MM)


_KEPT_SPACES = "\u3000\u00a0"


def printable(text: str) -> str:
    """`text` with characters that have no ink made harmless: invisible marks go, odd spaces become spaces.

    Zero-width and direction marks come with pasted text; no font draws them and some disguise what is read.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if kind in ("Zs", "Zl", "Zp") and character not in _KEPT_SPACES else character
        for character in text
        if (kind := unicodedata.category(character)) not in ("Cf", "Cc", "Cs") and not "\ufe00" <= character <= "\ufe0f"
    )


def width_em(text: str) -> float:
    """The width of `text` in characters: a Latin letter or digit takes half of one."""
    return sum(0.5 if ord(character) < 0x2000 else 1.0 for character in text)


_YEAR_GAIN_EM = 4
_NO_START = "、，。；：！？）》〉」』】〕”’·的了和与及"
_NO_END = "（《〈「『【〔“‘"


def title_lines(title: str, limit: float = TITLE_CHARACTERS) -> list[str]:
    """`title` cut into even lines of at most `limit` characters, words kept whole (7.3.1: 词意完整、排列对称)."""
    rest, lines = printable(title).strip(), []
    while rest:
        count = -(-width_em(rest) // limit)
        if count <= 1:
            lines.append(rest)
            break
        cut = _cut(rest, int(count), limit)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return lines or [""]


def _cut(text: str, count: int, limit: float) -> int:
    """Where the first of `count` lines ends: near the even share, rather before a year than inside a phrase."""
    whole = width_em(text)
    places = [
        (abs(width - whole / count) - (_YEAR_GAIN_EM if text[place].isdigit() else 0), place)
        for place in range(1, len(text))
        if (width := width_em(text[:place])) <= limit
        and whole - width <= (count - 1) * limit
        and _may_break(text[place - 1], text[place])
    ]
    return min(places)[1] if places else max(1, int(limit))


def _may_break(before: str, after: str) -> bool:
    inside_word = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    counted = (before.isdigit() and after in "年月日度") or before + after == "年度"
    return not inside_word and not counted and after not in _NO_START and before not in _NO_END


def aside_pitch(is_signed: bool) -> float:
    """In pt; a line to be signed is higher."""
    return SIGN_OFF_PITCH_PT if is_signed else ASIDE_PITCH_PT


def sign_off_lines(parts: tuple[str, ...], width_mm: float) -> list[tuple[str, ...]]:
    """The sign-offs shared out over even lines, so that each has room for a name."""
    most = max(1, int(width_mm // _SIGN_OFF_MM))
    count = -(-len(parts) // most)
    each = -(-len(parts) // count) if count else 1
    return [parts[start : start + each] for start in range(0, len(parts), each)]


def picture_mm(pixels: tuple[int, int], wanted_mm: float) -> tuple[float, float]:
    """Printed width and height of a picture, in proportion, never wider than asked nor taller than a page allows."""
    width, height = pixels
    printed = min(wanted_mm, TEXT_WIDTH_MM, PICTURE_HEIGHT_MM * width / height)
    return round(printed, 2), round(printed * height / width, 2)
