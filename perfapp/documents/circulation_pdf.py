"""The 流转单 as PDF."""

import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from perfapp.core.circulation import Circulation
from perfapp.documents.fonts import demand_glyphs
from perfapp.documents.layout import printable
from perfapp.documents.pdf import typeset

_TEMPLATE: Final = Path(__file__).with_name("circulation.typ")


def render_circulation_pdf(sheet: Circulation, day: date, font_folder: Path | None = None) -> bytes:
    """MissingGlyph names a character that no face has; `day` is the document's date."""
    heading = f"{sheet.title}流转单"
    entries = [_printable(asdict(entry)) for entry in sheet.entries]
    facts = [[printable(name), printable(value)] for name, value in sheet.facts]
    texts = [*(value for pair in facts for value in pair), sheet.title, sheet.unit_name]
    texts += [value for entry in entries for value in entry.values() if isinstance(value, str)]
    demand_glyphs([(heading, text) for text in texts], font_folder)
    data = {
        "heading": printable(heading),
        "subtitle": printable(f"{sheet.unit_name}《{sheet.title}》{sheet.edition}"),
        "unit_name": printable(sheet.unit_name),
        "facts": facts,
        "entries": entries,
        "head": asdict(sheet.head),
        "command": sheet.command,
    }
    with tempfile.TemporaryDirectory(prefix="perfapp-circulation-") as folder:
        return typeset(_TEMPLATE, data, folder, day, font_folder)


def _printable(words: dict[str, Any]) -> dict[str, Any]:
    return {name: printable(text) if isinstance(text, str) else text for name, text in words.items()}
