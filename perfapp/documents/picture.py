"""Pictures made our own: decoded, turned upright, freed of hidden data, and written anew."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps

from perfapp.documents.guard import check_picture

# 156 mm at 300 dots per inch.
MAX_WIDTH_PX: Final = 1843
MAX_HEIGHT_PX: Final = 2400


def clean_picture(data: bytes) -> tuple[bytes, str]:
    """A JPEG or PNG as a fresh PNG or JPEG without EXIF, place or profile, and its media type; Invalid if broken.

    Cleaning what was cleaned gives the same PNG again.
    """
    media_type = check_picture(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            image = ImageOps.exif_transpose(opened)
            flat = _on_white(image)
    flat.thumbnail((MAX_WIDTH_PX, MAX_HEIGHT_PX), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if media_type == "image/jpeg":
        flat.save(out, "JPEG", quality=88, optimize=True)
    else:
        flat.save(out, "PNG", optimize=True)
    return out.getvalue(), media_type


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in plain RGB or grey, transparency laid on white paper."""
    if image.mode.startswith("I"):
        # 16 bits of grey: the upper eight are what paper shows.
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "1"):
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(paper, over).convert("RGB")
    return image.convert("RGB")
