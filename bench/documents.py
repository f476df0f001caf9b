"""DOCX and PDF of one report: ours, docxtpl with LibreOffice, and the bare engines."""

import re
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from bench import content, office
from bench.engines import PlainTypst, blocks, plain_docx
from bench.measure import TIMES, Act, Finding, Goal, interleaved, ratio, row
from perfapp.core.snapshot import Snapshot
from perfapp.documents.docx import render_docx
from perfapp.documents.pdf import render_pdf

OFFICE_ROUNDS = 7
ENGINE_ROUNDS = 25


def findings() -> list[Finding]:
    return [*_beside_office(), _beside_engines()]


def _beside_office() -> list[Finding]:
    program = shutil.which("soffice")
    if program is None:
        return []
    with tempfile.TemporaryDirectory(prefix="perfapp-bench-") as name:
        folder = Path(name)
        converter, template = office.Office(program, folder), office.template(folder)
        path = folder / "report.docx"
        reports = content.reports(OFFICE_ROUNDS)
        fed = {number: blocks(snapshot) for number, snapshot in reports.items()}

        def fill(number: int) -> None:
            path.write_bytes(office.filled(template, fed[number]))

        def convert(_: int) -> None:
            converter.pdf(path)

        rivals: dict[str, Act] = {
            "docxtpl, DOCX": fill,
            "soffice, PDF of it": convert,
            "perfapp, DOCX": lambda number: render_docx(reports[number], {}),
            "perfapp, PDF": lambda number: render_pdf(reports[number], {}),
        }
        seconds = interleaved(rivals, OFFICE_ROUNDS)
        pages = _same_text(path.read_bytes(), converter.pdf(path), reports[OFFICE_ROUNDS - 1])
    theirs = [sum(pair) for pair in zip(seconds["docxtpl, DOCX"], seconds["soffice, PDF of it"], strict=True)]
    ours = [sum(pair) for pair in zip(seconds["perfapp, DOCX"], seconds["perfapp, PDF"], strict=True)]
    return [
        Finding(
            "Documents beside docxtpl and LibreOffice",
            [
                Goal("DOCX and PDF, times faster", ratio(theirs, ours), 5, at_least=True),
                Goal(
                    "PDF alone, times faster",
                    ratio(seconds["soffice, PDF of it"], seconds["perfapp, PDF"]),
                    8,
                    at_least=True,
                ),
            ],
            [
                TIMES,
                *(row(name, took) for name, took in seconds.items()),
                row("docxtpl and soffice", theirs),
                row("perfapp, both", ours),
            ],
            [
                "The report of 2018 (4,852 characters) with an annex of 25 indicators in merged cells; each repetition"
                " has other words in every longer run of text, so that no cache of a typesetter helps.",
                f"Both sides print the same paragraphs and cells, checked in this run ({pages[0]} pages here,"
                f" {pages[1]} there, with the same fonts). Only ours is PDF/A-2a and PDF/UA-1.",
                "The template has our styles, page and table. LibreOffice is started for each file, as scripts do,"
                " with a warm profile; ours runs in a process that has made one report before, as a worker has.",
            ],
        )
    ]


def _same_text(their_docx: bytes, their_pdf: bytes, snapshot: Snapshot) -> tuple[int, int]:
    """Pages of our PDF and of theirs; RuntimeError when a paragraph or cell is not in all four files."""
    lines = office.lines_of(render_docx(snapshot, {}))
    if lines != office.lines_of(their_docx):
        raise RuntimeError("the two DOCX files do not say the same: the comparison would not be fair")
    pages = []
    for pdf in (render_pdf(snapshot, {}), their_pdf):
        reader = PdfReader(BytesIO(pdf))
        text = "".join(_words(re.sub(r"—\s*\d+\s*—", "", page.extract_text())) for page in reader.pages)
        lost = [line for line in lines if _words(line) not in text]
        if lost:
            raise RuntimeError(f"not in one of the PDF files: {lost[:3]}")
        pages.append(len(reader.pages))
    return pages[0], pages[1]


def _words(text: str) -> str:
    """Letters and digits: a reader of PDF files may lose punctuation that hangs in the margin."""
    return re.sub(r"\W", "", text)


def _beside_engines() -> Finding:
    plain = PlainTypst()
    reports = content.reports(ENGINE_ROUNDS)
    fed = {number: blocks(snapshot) for number, snapshot in reports.items()}
    rivals: dict[str, Act] = {
        "perfapp, PDF": lambda number: render_pdf(reports[number], {}),
        "bare typst": lambda number: plain.pdf(fed[number]),
        "perfapp, DOCX": lambda number: render_docx(reports[number], {}),
        "bare python-docx": lambda number: plain_docx(fed[number]),
    }
    seconds = interleaved(rivals, ENGINE_ROUNDS)
    ours = [sum(pair) for pair in zip(seconds["perfapp, PDF"], seconds["perfapp, DOCX"], strict=True)]
    bare = [sum(pair) for pair in zip(seconds["bare typst"], seconds["bare python-docx"], strict=True)]
    return Finding(
        "Documents beside the bare engines",
        [
            Goal("PDF beside typst, times as long", ratio(seconds["perfapp, PDF"], seconds["bare typst"]), 1.5),
            Goal(
                "DOCX beside python-docx, times as long",
                ratio(seconds["perfapp, DOCX"], seconds["bare python-docx"]),
                1.5,
            ),
            Goal("both, times as long", ratio(ours, bare), 1.5),
        ],
        [TIMES, *(row(name, took) for name, took in seconds.items())],
        [
            "typst: a straight source with the same fonts, page, blocks and PDF standards, its compiler kept warm."
            " python-docx: the same paragraphs and cells by its public interface, into our empty file with its styles.",
            "Ours starts from the snapshot, theirs from the blocks, which is the easier start. Ours also numbers,"
            " checks every glyph, sizes the columns, keeps rows whole and gives the same bytes again; theirs does not.",
        ],
    )
