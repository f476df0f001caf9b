"""The marked copy of a 30-page report, beside two others that compare its plain text character by character."""

import random
import re
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]

from bench.measure import TIMES, Act, Finding, Goal, interleaved, row
from perfapp.core.comparison import Pair, part_of
from perfapp.core.document import Block, Cell, Document, Paragraph, Row, Table, Text, plain_lines

SEED = Path(__file__).parent.parent / "tests" / "data" / "report-2018.txt"
PAGES = 30
CHARACTERS_A_PAGE = 22 * 28  # GB/T 9704-2012: lines of a page, characters of a line
ROWS, COLUMNS = 40, 6


def findings() -> list[Finding]:
    old = _report()
    kinds = {"two figures a paragraph": _edited(old), "moved and edited": _moved(_edited(old))}
    texts = {name: ("\n".join(plain_lines(old)), "\n".join(plain_lines(new))) for name, new in kinds.items()}
    rivals: dict[str, Act] = {f"redline, {name}": _ours(old, new) for name, new in kinds.items()}
    rivals |= {f"diff-match-patch, {name}": _peer(*both) for name, both in texts.items()}
    rivals |= {f"difflib, {name}": _plain(*both) for name, both in texts.items()}
    seconds = interleaved(rivals, 5)
    changed = part_of(_pair(old, kinds["two figures a paragraph"]))
    return [
        Finding(
            "Redline",
            [Goal(f"{PAGES} pages, {name}", median(seconds[f"redline, {name}"]) * 1000, 500, " ms") for name in kinds],
            [TIMES, *(row(name, took, digits=1) for name, took in seconds.items())],
            [
                f"{sum(map(len, plain_lines(old))):,} characters with a table of {ROWS} by {COLUMNS}; in the first kind"
                f" {sum(mark.kind != 'same' for mark in changed.marks)} of {len(changed.marks)} blocks changed and"
                f" {len(changed.figures)} figures are listed with their names and places.",
                "The others get the same two texts as plain characters: they know no tables, no moved paragraphs and"
                " no figures, and split numbers. diff-match-patch runs with its semantic clean-up and without its"
                " time limit.",
            ],
        )
    ]


def _report() -> Document:
    """As many pages as asked for, no two paragraphs alike, and one long table."""
    dice, lines = random.Random(2018), [line.strip() for line in SEED.read_text().splitlines() if line.strip()]  # noqa: S311 -- no secret
    texts: list[str] = []
    while sum(map(len, texts)) < PAGES * CHARACTERS_A_PAGE:
        texts += [re.sub(r"\d", lambda _: str(dice.randint(1, 9)), line) for line in lines]
    cells = [[f"第{y}项" if x == 0 else f"{dice.randint(1, 9999):,}" for x in range(COLUMNS)] for y in range(ROWS)]
    rows = tuple(Row(content=tuple(_cell(text) for text in row_)) for row_ in cells)
    return Document(content=(*(_paragraph(text) for text in texts), Table(content=rows)))


def _edited(document: Document) -> Document:
    """The first two figures of every paragraph are others, and a word of it."""
    dice = random.Random(2019)  # noqa: S311 -- no secret
    blocks: list[Block] = []
    for block in document.content:
        if isinstance(block, Paragraph):
            text = re.sub(r"\d+", lambda _: str(dice.randint(10, 99999)), _text(block), count=2)
            blocks.append(_paragraph(text.replace("管理", "治理", 1)))
        else:
            blocks.append(block)
    return Document(content=tuple(blocks))


def _moved(document: Document) -> Document:
    """A third of the report stands at its end."""
    third = len(document.content) // 3
    return Document(content=(*document.content[third:], *document.content[:third]))


def _pair(old: Document, new: Document) -> Pair:
    return Pair(key="all", heading="全文", old_heading="全文", level=1, left=old, right=new)


def _ours(old: Document, new: Document) -> Act:
    return lambda _: part_of(_pair(old, new))


def _peer(old: str, new: str) -> Act:
    peer = diff_match_patch()
    peer.Diff_Timeout = 0
    return lambda _: peer.diff_cleanupSemantic(peer.diff_main(old, new))


def _plain(old: str, new: str) -> Act:
    return lambda _: SequenceMatcher(None, old, new).get_opcodes()


def _paragraph(text: str) -> Paragraph:
    return Paragraph(content=(Text(text=text),))


def _cell(text: str) -> Cell:
    return Cell(type="tableCell", content=(_paragraph(text),))


def _text(block: Paragraph) -> str:
    return "".join(node.text for node in block.content if isinstance(node, Text))
