"""Every word that the public can read of an edition, as it reads it: what covering is held against."""

from collections.abc import Iterator

from perfapp.core.disclosing.edition import PublicEdition
from perfapp.core.document import Document, Picture, Table, cell_text, drawn
from perfapp.core.snapshot import Annex, SnapshotSection


def wording(edition: PublicEdition) -> Iterator[str]:
    """Paragraph by paragraph, cell by cell, so that no two places read as one."""
    frozen = edition.snapshot
    yield from (frozen.title, frozen.unit_name, edition.index_number, frozen.attachment_mark)
    for section in frozen.sections:
        yield from _section(section)
    for annex in frozen.annexes:
        yield from _annex(annex)
    for entry in frozen.entries:
        yield from (entry.table, entry.group, entry.name, entry.value, entry.unit, entry.points, entry.weight)
    for kept in edition.withheld:
        yield from (kept.title, kept.reason)
    for covered in edition.redactions:
        yield from (covered.place, covered.reason, covered.basis)
    for file in edition.files:
        yield from (file.title, file.filename)


def _section(section: SnapshotSection) -> Iterator[str]:
    yield section.title
    yield section.not_applicable or ""
    if section.document is not None:
        yield from _document(section.document, section.level)


def _annex(annex: Annex) -> Iterator[str]:
    yield from (annex.mark, annex.title, *annex.above, *annex.notes, *annex.sign_offs)
    yield from _document(annex.document, 1)


def _document(document: Document, level: int) -> Iterator[str]:
    for block, runs in drawn(document, level):
        if isinstance(block, Table):
            for row in block.content:
                for cell in row.content:
                    yield from cell_text(cell).split("\n")
        elif isinstance(block, Picture):
            yield block.attrs.caption
        else:
            yield "".join(text for text, _ in runs)
