"""The marked copy of two versions as PDF: figures first, then every section that changed, with legend and digests."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from perfapp.core.comparison import Comparison, Part, parts
from perfapp.core.redline.marks import LineMark
from perfapp.core.redline.tables import TableMark
from perfapp.core.redline.words import Step
from perfapp.documents.fonts import demand_glyphs
from perfapp.documents.layout import printable
from perfapp.documents.pdf import typeset

_TEMPLATE: Final = Path(__file__).with_name("redline.typ")
_WORDS: Final = {"added": "增加", "removed": "删去"}


def render_redline_pdf(comparison: Comparison, day: date, font_folder: Path | None = None) -> bytes:
    """MissingGlyph names the section with a character that no face has; `day` is the document's date."""
    found = parts(comparison)
    changed = [part for part in found if not part.is_same]
    demand_glyphs(_texts(comparison, changed), font_folder)
    data = {
        "heading": printable(f"{comparison.title}：修订对照（花脸稿）"),
        "unit_name": printable(comparison.unit_name),
        "left": _printable(comparison.left.model_dump()),
        "right": _printable(comparison.right.model_dump()),
        "summary": summary(found),
        "figures": [
            {
                "label": printable(figure.label or part.heading),
                "old": figure.old,
                "new": figure.new,
                "where": printable(" ".join(filter(None, (part.heading, figure.where)))),
            }
            for part in changed
            for figure in part.figures
        ],
        "parts": [_part(part) for part in changed],
        "same": [printable(part.heading) for part in found if part.is_same],
    }
    with tempfile.TemporaryDirectory(prefix="perfapp-redline-") as folder:
        return typeset(_TEMPLATE, data, folder, day, font_folder)


def summary(found: Iterable[Part]) -> str:
    """How much changed, in a sentence."""
    listed = list(found)
    changed, figures = sum(not part.is_same for part in listed), sum(len(part.figures) for part in listed)
    if not changed:
        return "两个版本的文字完全一样。"
    return (
        f"{changed} 处（节）有变化，其中 {figures} 个数字不同。"
        if figures
        else f"{changed} 处（节）有变化，数字没有变化。"
    )


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": [_step(step) for step in part.title],
        "note": printable(part.pair.note),
        "marks": [_line(mark) if isinstance(mark, LineMark) else _table(mark) for mark in part.marks],
    }


def _line(mark: LineMark) -> dict[str, Any]:
    steps = [_step(step) for step in mark.steps]
    return {"type": "line", "kind": mark.kind, "moved": mark.moved, "label": _step(mark.label), "steps": steps}


def _table(mark: TableMark) -> dict[str, Any]:
    return {
        "type": "table",
        "columns": mark.columns,
        "note": _table_note(mark),
        "rows": [
            {
                "kind": row.kind,
                "cells": [
                    {"kind": cell.kind, "head": cell.is_head, "steps": [_step(step) for step in cell.steps]}
                    for cell in row.cells
                ],
            }
            for row in mark.rows
        ],
    }


def _table_note(mark: TableMark) -> str:
    """表格增加 1 行、删去 1 列: what colour alone would say otherwise."""
    if mark.kind in _WORDS:
        return f"{_WORDS[mark.kind]}的表格"
    said = [
        f"{_WORDS[kind]} {count} {unit}"
        for unit, kinds in (("行", [row.kind for row in mark.rows]), ("列", list(mark.columns)))
        for kind in _WORDS
        if (count := kinds.count(kind))  # type: ignore[arg-type]
    ]
    return f"表格{'、'.join(said)}" if said else ""


def _step(step: Step) -> dict[str, Any]:
    return {"differs": step.differs, "left": printable(step.left), "right": printable(step.right)}


def _printable(words: dict[str, str]) -> dict[str, str]:
    return {name: printable(text) for name, text in words.items()}


def _texts(comparison: Comparison, changed: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for text in (comparison.title, comparison.unit_name, *comparison.left.model_dump().values()):
        yield comparison.title, text
    yield from ((comparison.title, text) for text in comparison.right.model_dump().values())
    for part in changed:
        yield part.heading, part.heading + part.pair.note
        for row in part.rows:
            yield part.heading, "".join(text for side in (row.left, row.right) for text, _ in side or ())
