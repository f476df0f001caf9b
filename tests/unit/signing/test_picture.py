"""The seal's picture: round, red, see-through, the name upright at the top and all of it on the ring."""

import io
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from perfapp.core.errors import Invalid
from perfapp.signing.picture import RED, SIZE, draw_seal

NAMES = [
    "国家税务局",
    "演示市演示区机关事务服务中心",
    "演示省演示市演示区演示镇人民政府农业综合服务管理中心",
    "演" * 40,
]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")


def ink(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """Share of a box (in shares of the diameter) that is covered."""
    box = picture.getchannel("A").crop((left * SIZE, top * SIZE, right * SIZE, bottom * SIZE))
    return sum(box.tobytes()) / 255 / (box.width * box.height)


@pytest.mark.parametrize("name", NAMES, ids=len)
def test_a_seal_is_small_round_red_and_transparent(name: str) -> None:
    png = draw_seal(name, demo=True, inner_text="绩效评价专用章")
    picture = opened(png)
    assert len(png) <= 30_000
    assert picture.size == (SIZE, SIZE)
    assert {colour[:3] for _, colour in cast(Any, picture.getcolors(SIZE * SIZE)) if colour[3]} == {RED}
    assert picture.getpixel((0, 0)) == (*RED, 0)  # the corner
    assert picture.getpixel((SIZE // 2, SIZE // 2)) == (*RED, 255)  # the heart of the star
    assert ink(picture, 0.49, 0.005, 0.51, 0.02) > 0.9  # the rim, above
    assert ink(picture, 0.49, 0.98, 0.51, 0.995) > 0.9  # and below


@pytest.mark.parametrize("name", NAMES, ids=len)
def test_the_name_stays_between_star_and_rim(name: str) -> None:
    alpha = opened(draw_seal(name, demo=False)).getchannel("A")
    for index, value in enumerate(alpha.tobytes()):
        y, x = divmod(index, SIZE)
        radius = ((x + 0.5 - SIZE / 2) ** 2 + (y + 0.5 - SIZE / 2) ** 2) ** 0.5 / SIZE
        if 0.18 < radius < 0.30 or 0.463 < radius < 0.468:
            assert value == 0, f"ink between the rings at {x}, {y}"


def test_the_name_is_even_about_the_middle() -> None:
    mirror_name = "中田中田中田中"  # characters that are their own mirror image, nearly
    alpha = opened(draw_seal(mirror_name, demo=False)).getchannel("A")
    flipped = alpha.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    differing = sum(abs(a - b) for a, b in zip(alpha.tobytes(), flipped.tobytes(), strict=True)) / sum(alpha.tobytes())
    assert differing < 0.25


def test_only_the_demo_seal_says_so_under_the_star() -> None:
    under_the_star = (0.40, 0.69, 0.60, 0.80)
    assert ink(opened(draw_seal("国家税务局", demo=True)), *under_the_star) > 0.1
    assert ink(opened(draw_seal("国家税务局", demo=False)), *under_the_star) == 0


def test_a_character_that_the_font_lacks_is_named() -> None:
    with pytest.raises(Invalid, match=r"“\U0001F600”（U\+1F600）"):
        draw_seal("演示\U0001f600中心", demo=True)


@pytest.mark.parametrize("name", ["", "局", "演" * 41, "演示 中心"])
def test_a_name_that_cannot_be_set_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="单位名称"):
        draw_seal(name, demo=True)


def test_another_font_may_be_given() -> None:
    with pytest.raises(OSError, match="resource"):
        draw_seal("国家税务局", demo=True, font=Path("/nowhere.otf"))
