"""The picture of a seal that somebody hands in: decoded, freed of its paper and of hidden data, written anew."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageChops, UnidentifiedImageError

from perfapp.core.errors import Invalid

SIZE = 600  # pixels across, as the drawn seals have
_LEAST, _MOST = 200, 4000
_LONGEST = 5 << 20
_SQUARE = 1.05
_INK = 0.005  # at least this share of the picture is ink
_COLOURS = 64


@dataclass(frozen=True)
class SealPicture:
    """A transparent PNG of 600 x 600 pixels, and what was done to make it so."""

    png: bytes
    sentences: tuple[str, ...]


def clean(data: bytes) -> SealPicture:
    """The picture as the seal will show it; raises Invalid saying what another one must be like."""
    image = _decoded(data)
    width, height = image.size
    if not (min(image.size) >= _LEAST and max(image.size) <= _MOST):
        raise Invalid(f"印章图样应为 {_LEAST} 至 {_MOST} 像素见方，这张是 {width} x {height}。", "picture")
    if max(image.size) > min(image.size) * _SQUARE:
        raise Invalid(f"印章图样应为正方形，印章居中，这张是 {width} x {height}，请裁好再选。", "picture")
    had_paper = image.getchannel("A").getextrema() == (255, 255)
    if had_paper:
        image.putalpha(_ink(image))
    image = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    covered = sum(image.getchannel("A").histogram()[128:]) / SIZE**2
    if covered < _INK:
        raise Invalid("图样里几乎没有印迹，请选择清晰的印章图样。", "picture")
    out = io.BytesIO()
    image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    done = "白底已去掉，" if had_paper else ""
    return SealPicture(out.getvalue(), (f"图样：{done}已重新生成为 {SIZE} x {SIZE} 像素的透明 PNG。",))


def _decoded(data: bytes) -> Image.Image:
    if len(data) > _LONGEST:
        raise Invalid("印章图样太大，请选 5 MB 以内的 PNG 图片。", "picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=["PNG"]).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise Invalid("印章图样不是可读取的 PNG 图片，请另存为 PNG 再选。", "picture") from error


def _ink(image: Image.Image) -> Image.Image:
    """How far each pixel is from white paper: its cover of ink."""
    red, green, blue, _ = image.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return ImageChops.invert(darkest).point(lambda cover: min(255, cover * 5 // 4) if cover > 12 else 0)
