"""The texts of the demo report, as data: words in `report-2018.yaml`, blocks here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from perfapp.core.document import Block, Document, Inline, Item, Ordinal, Paragraph, Text

ORDINAL = "〔是〕"


@dataclass(frozen=True, slots=True)
class DemoSection:
    """A heading that holds text, its owner, and what it says this year and said last year (made up, or nothing)."""

    key: str
    title: str
    office: str
    is_item: bool
    document: Document
    last_year: Document | None


@lru_cache(maxsize=1)
def report_2018() -> tuple[DemoSection, ...]:
    """The sections in printed order."""
    raw = yaml.safe_load(files("perfapp.demo").joinpath("report-2018.yaml").read_text(encoding="utf-8"))
    return tuple(
        DemoSection(
            key=entry["key"],
            title=entry["title"],
            office=entry["office"],
            is_item=entry.get("item", False),
            document=_document(entry["text"]),
            last_year=_document(entry["last_year"]) if "last_year" in entry else None,
        )
        for entry in raw["sections"]
    )


def _document(lines: Sequence[str | dict[str, str]]) -> Document:
    return Document(content=tuple(_block(line) for line in lines))


def _block(line: str | dict[str, str]) -> Block:
    return Paragraph(content=_inlines(line)) if isinstance(line, str) else Item(content=_inlines(line["item"]))


def _inlines(text: str) -> tuple[Inline, ...]:
    parts = (part for part in re.split(f"({ORDINAL})", text) if part)
    return tuple(Ordinal() if part == ORDINAL else Text(text=part) for part in parts)
