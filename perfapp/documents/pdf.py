"""PDF by Typst: PDF/A-2a and PDF/UA-1, byte for byte the same for the same snapshot.

Never compile in a process that forks afterwards (the Celery main process, a preloading web server): a forked
child hangs for ever in its first compile. Compile only in pool children and in web workers started without preload.
"""

import ctypes
import json
import os
import sys
import tempfile
import threading
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import typst

from perfapp.core.chinese import BEIJING
from perfapp.core.seal_place import SealPlace
from perfapp.core.snapshot import Annex, Snapshot, SnapshotSection
from perfapp.documents import columns, layout, printed
from perfapp.documents.check_mark import CheckMark
from perfapp.documents.fonts import demand_glyphs, font_set
from perfapp.documents.layout import countersign_place, seal_place

__all__ = ["countersign_anchor", "render_annex_pdf", "render_pdf", "render_section_pdf", "seal_anchor", "typeset"]

# One thread per process: work is spread over processes, and each thread keeps a heap of its own.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
_STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
_BLANK_RUNS: Final = 5  # so that at most two reports are kept; one such run takes 0.03 ms
_MEASURES: Final = {
    "page_width_mm": layout.PAGE_WIDTH_MM,
    "page_height_mm": layout.PAGE_HEIGHT_MM,
    "top_mm": layout.MARGIN_TOP_MM,
    "bottom_mm": layout.MARGIN_BOTTOM_MM,
    "left_mm": layout.MARGIN_LEFT_MM,
    "right_mm": layout.MARGIN_RIGHT_MM,
    "pitch_pt": layout.PITCH_PT,
    "body_pt": layout.BODY_PT,
    "tracking_pt": layout.TRACKING_PT,
    "title_pt": layout.TITLE_PT,
    "title_pitch_pt": layout.TITLE_PITCH_PT,
    "page_number_pt": layout.PAGE_NUMBER_PT,
    "page_number_drop_mm": layout.PAGE_NUMBER_DROP_MM,
    "caption_pt": layout.CAPTION_PT,
    "cover_title_mm": layout.COVER_TITLE_CENTRE_MM,
    "cover_unit_mm": layout.COVER_UNIT_CENTRE_MM,
    "cover_date_mm": layout.COVER_DATE_CENTRE_MM,
    "aside_pt": layout.ASIDE_PT,
    "check_qr_mm": layout.CHECK_QR_MM,
    "check_foot_mm": layout.CHECK_FOOT_MM,
    "check_pt": layout.CHECK_PT,
    "draft_mark": layout.DRAFT_MARK,
    "picture_alt": "图片",
}


def render_pdf(
    snapshot: Snapshot,
    pictures: Mapping[str, bytes],
    *,
    draft: bool = False,
    check: CheckMark | None = None,
    font_folder: Path | None = None,
) -> bytes:
    """The whole report; MissingGlyph or Invalid (a lost picture) names the place. `pictures` is bytes by SHA-256.

    `check` is printed on the last page: it says where the report's state can be looked up.
    """
    day = snapshot.dated_on or date(snapshot.fiscal_year + 1, 1, 1)
    return _compiled(printed.report(snapshot), pictures, day, draft, font_folder, check)


def render_section_pdf(
    section: SnapshotSection,
    unit_name: str,
    fiscal_year: int,
    pictures: Mapping[str, bytes],
    *,
    draft: bool = True,
    font_folder: Path | None = None,
) -> bytes:
    """One section without a cover, for preview: marked as a draft unless told otherwise."""
    report = printed.section(section, unit_name, fiscal_year)
    return _compiled(report, pictures, date(fiscal_year + 1, 1, 1), draft, font_folder)


def render_annex_pdf(
    annex: Annex,
    unit_name: str,
    fiscal_year: int,
    pictures: Mapping[str, bytes],
    *,
    draft: bool = False,
    font_folder: Path | None = None,
) -> bytes:
    """One annex as a document of its own."""
    report = printed.annex_alone(annex, unit_name)
    return _compiled(report, pictures, date(fiscal_year + 1, 1, 1), draft, font_folder)


def seal_anchor() -> SealPlace:
    """Where the unit's seal belongs on a PDF of `render_pdf`."""
    return seal_place()


def countersign_anchor() -> SealPlace:
    """Where the superior's seal belongs, beside it."""
    return countersign_place()


def _compiled(
    report: printed.PrintedReport,
    pictures: Mapping[str, bytes],
    day: date,
    draft: bool,
    font_folder: Path | None,
    check: CheckMark | None = None,
) -> bytes:
    demand_glyphs(report.texts(), font_folder)
    with tempfile.TemporaryDirectory(prefix="perfapp-pdf-") as folder:
        data = _data(report, pictures, Path(folder), draft)
        data["check"] = _check(check, Path(folder)) if check else None
        return typeset(_TEMPLATE, data, folder, day, font_folder)


def typeset(template: Path, data: dict[str, Any], folder: str, day: date, font_folder: Path | None) -> bytes:
    """The PDF of a template of ours; `data` is all it knows, `folder` holds the pictures that `data` names."""
    compiler = _compiler(os.getpid(), threading.get_ident(), font_folder)
    compiled = compiler.compile(
        input=template.read_bytes(),
        root=folder,
        format="pdf",
        sys_inputs={"data": json.dumps(data | {"families": font_set(font_folder).families}, ensure_ascii=False)},
        pdf_standards=_STANDARDS,
        timestamp=datetime(day.year, day.month, day.day, tzinfo=BEIJING),
    )
    _give_back_memory(compiler)
    if not isinstance(compiled, bytes):
        raise TypeError("the typesetter gave no single PDF")
    return compiled


# As with the fonts, the process id is part of the key; the thread too, for a compiler serves one call at a time.
@lru_cache(maxsize=16)
def _compiler(_process: int, _thread: int, font_folder: Path | None) -> typst.Compiler:
    return typst.Compiler(font_paths=font_set(font_folder).index, ignore_system_fonts=True)


def _give_back_memory(compiler: typst.Compiler) -> None:
    """Let go of what was set, then of the freed memory: without either a worker child grows by 100 MB.

    The typesetter keeps 7 MB of every report for ten more runs, in the hope of setting the same text again.
    """
    for _ in range(_BLANK_RUNS):
        compiler.compile(input=b"", format="svg")
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _data(report: printed.PrintedReport, pictures: Mapping[str, bytes], folder: Path, draft: bool) -> dict[str, Any]:
    cover = {"mark": report.mark, "unit": layout.COVER_UNIT_LABEL + report.unit_name, "date": report.date}
    return {
        "title": report.title,
        "title_lines": layout.title_lines(report.title),
        "unit_name": report.unit_name,
        "draft": draft,
        "measures": _MEASURES,
        "cover": cover if report.cover else None,
        "flow": _parts(report.flow, layout.TEXT_WIDTH_MM, pictures, folder),
        "annexes": [
            {
                "mark": annex.mark,
                "title_lines": layout.title_lines(annex.title),
                "landscape": annex.landscape,
                "flow": _parts(annex.flow, annex.width_mm, pictures, folder),
            }
            for annex in report.annexes
        ],
    }


def _check(mark: CheckMark, folder: Path) -> dict[str, Any]:
    if mark.address:
        (folder / "check.svg").write_bytes(mark.picture())
    return {"lines": mark.lines(), "path": "/check.svg" if mark.address else None}


def _parts(
    flow: tuple[printed.Place, ...], width_mm: float, pictures: Mapping[str, bytes], folder: Path
) -> list[dict[str, Any]]:
    """The parts in order; the last table and the lines under it are one part where rows can stay with them."""
    parts = [_part(place, width_mm, pictures, folder) for place in flow]
    table = printed.signed_table(flow)
    if table is None:
        return parts
    return [*parts[:table], {"kind": "signed", "grid": parts[table], "asides": parts[table + 1 :]}]


def _part(place: printed.Place, width_mm: float, pictures: Mapping[str, bytes], folder: Path) -> dict[str, Any]:
    part = place.printed
    if isinstance(part, printed.Head):
        return {"kind": "head", "level": part.level, "depth": part.depth, "text": part.text}
    if isinstance(part, printed.Line):
        return {"kind": "line", "lead": part.lead, "lead_level": part.lead_level, "runs": part.runs}
    if isinstance(part, printed.Aside):
        return {
            "kind": "aside",
            "parts": part.parts,
            "to_edges": part.to_edges,
            "pitch_pt": layout.aside_pitch(part.is_signed),
        }
    if isinstance(part, printed.Grid):
        return _grid(part, width_mm)
    data, ending, width, height = printed.picture_bytes(part, place.where, pictures)
    name = f"{part.sha256}.{ending}"
    (folder / name).write_bytes(data)
    return {"kind": "figure", "path": f"/{name}", "caption": part.caption, "width_mm": width, "height_mm": height}


def _grid(grid: printed.Grid, width_mm: float) -> dict[str, Any]:
    setting = columns.setting(grid, width_mm)
    return {
        "kind": "grid",
        "size_pt": setting.size_pt,
        "spread": columns.LINE_SPREAD,
        "padding_mm": columns.CELL_PADDING_MM,
        "widths_mm": setting.widths_mm,
        "head_count": grid.head_count,
        "compact": grid.is_compact,
        "cells": [
            {
                "x": cell.x,
                "y": y,
                "lines": cell.lines,
                "colspan": cell.colspan,
                "rowspan": cell.rowspan,
                "head": cell.head,
                "align": cell.align,
                # A cell over several rows may be parted between them.
                "whole": cell.rowspan == 1 and columns.keeps_whole(cell, setting),
            }
            for y, row in enumerate(grid.rows)
            for cell in row
        ],
    }
