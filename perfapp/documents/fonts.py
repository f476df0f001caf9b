"""The faces of the documents: which ones, where they lie, and which characters none of them can draw.

The official faces (仿宋_GB2312, 方正小标宋 …) may not be redistributed. An administrator who has them puts them
into the font folder, and they are used first; otherwise the shipped faces stand in for them.
"""

import gc
import os
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from perfapp.core.errors import Invalid
from perfapp.documents.layout import printable

SHIPPED = Path(__file__).parent / "fonts"

OFFICIAL: Mapping[str, tuple[str, ...]] = {
    "fang": ("FangSong_GB2312", "FangSong", "STFangsong"),
    "kai": ("KaiTi_GB2312", "KaiTi", "STKaiti"),
    "hei": ("SimHei", "STHeiti"),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "song": ("SimSun", "NSimSun", "STSong"),
    "latin": ("Times New Roman",),
}
"""English family names (the only ones the typesetter matches) of the official faces, best first."""

STAND_IN: Mapping[str, tuple[str, ...]] = {
    "fang": ("FandolFang R", "Noto Serif SC"),
    "kai": ("FandolKai", "Noto Serif SC"),
    "hei": ("Noto Sans SC", "Noto Serif SC"),
    "title": ("Noto Serif CJK SC", "Noto Serif SC"),
    "song": ("Noto Serif SC",),
    "latin": ("Noto Serif SC",),
}


class MissingGlyph(Invalid):
    """No face has these characters; `characters` holds them, `place` says where they stand."""

    def __init__(self, characters: frozenset[str], place: str) -> None:
        self.characters = characters
        self.place = place
        shown = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in sorted(characters)[:10])
        super().__init__(
            f"“{place}”中的{shown}没有字体可以打印，文件没有生成。"
            "请改用其他写法，或请系统管理员把含有这个字的字体放入字体目录。"
        )


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces of one process: the typesetter's own index, families per role, and every character they can draw."""

    index: typst.Fonts
    families: Mapping[str, tuple[str, ...]]
    characters: frozenset[int]


def font_set(font_folder: Path | None = None) -> FontSet:
    """The faces at hand, read once per process and folder."""
    return _font_set(os.getpid(), None if font_folder is None else Path(font_folder))


def missing_characters(texts: Iterable[str], font_folder: Path | None = None) -> set[str]:
    """The characters of `texts` that no face at hand can draw."""
    known = font_set(font_folder).characters
    used: set[str] = set()
    for text in texts:
        used.update(text)
    return {
        character for character in printable("".join(used)) if ord(character) not in known and not character.isspace()
    }


def demand_glyphs(places: Iterable[tuple[str, str]], font_folder: Path | None = None) -> None:
    """MissingGlyph for the first (place, text) with a character that cannot be drawn; U+3000 and spaces always can."""
    known = font_set(font_folder).characters
    for place, text in places:
        lacking = {character for character in set(text) if ord(character) not in known and not _inkless(character)}
        if lacking:
            raise MissingGlyph(frozenset(lacking), place)


def _inkless(character: str) -> bool:
    return unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf") or "\ufe00" <= character <= "\ufe0f"


# The process id is part of the key: a typesetter's index made before a fork must not be used after it.
@lru_cache(maxsize=4)
def _font_set(_process: int, font_folder: Path | None) -> FontSet:
    folders = [SHIPPED, pylopdf_fonts_zh_cn.serif_path().parent]
    if font_folder is not None:
        folders.insert(0, font_folder)
    index = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    faces = index.fonts()
    at_hand = set(index.families())
    shipped = {family for families in STAND_IN.values() for family in families}
    # Whatever else the administrator added comes last: it serves the rare characters that all others lack.
    added = sorted(at_hand - shipped)
    families = {
        role: tuple(
            dict.fromkeys(
                [name for name in OFFICIAL[role] if name in at_hand] + list(STAND_IN[role]) + ["Noto Sans SC"] + added
            )
        )
        for role in STAND_IN
    }
    characters: set[int] = set()
    for path, number in sorted({(face.path, face.index) for face in faces if face.path}):
        characters |= _characters(path, number)
    return FontSet(index, families, frozenset(characters))


def _characters(path: str, number: int) -> set[int]:
    try:
        with TTFont(path, fontNumber=number, lazy=True) as font:
            characters = set(font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise Invalid(f"字体文件“{Path(path).name}”无法读取，请系统管理员从字体目录中移走它。") from error
    # The parsed font is 10 MB of objects in a circle; a worker child lives with a bounded memory.
    gc.collect()
    return characters
