"""DOCX with the official face names, byte for byte the same for the same snapshot."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml

from perfapp.core.snapshot import Annex, Snapshot, SnapshotSection
from perfapp.documents import docx_blocks as blocks
from perfapp.documents import layout, printed
from perfapp.documents.docx_template import NAMESPACES, W, open_template, section_xml, twips, twips_mm
from perfapp.documents.packing import same_bytes


def render_docx(snapshot: Snapshot, pictures: Mapping[str, bytes], *, draft: bool = False) -> bytes:
    """The whole report: cover, body, annexes. `pictures` is bytes by SHA-256; Invalid names a lost picture."""
    day = snapshot.dated_on or date(snapshot.fiscal_year + 1, 1, 1)
    return _Writer(printed.report(snapshot), pictures, draft).written(day)


def render_section_docx(
    section: SnapshotSection, unit_name: str, fiscal_year: int, pictures: Mapping[str, bytes]
) -> bytes:
    """One section to work on without the network; `word_import.read_docx` takes it back."""
    report = printed.section(section, unit_name, fiscal_year)
    return _Writer(report, pictures, draft=False).written(date(fiscal_year + 1, 1, 1))


def render_annex_docx(
    annex: Annex, unit_name: str, fiscal_year: int, pictures: Mapping[str, bytes], *, draft: bool = False
) -> bytes:
    """One annex as a document of its own."""
    report = printed.annex_alone(annex, unit_name)
    return _Writer(report, pictures, draft).written(date(fiscal_year + 1, 1, 1))


class _Writer:
    """Collects the body's XML and the pictures of one document."""

    def __init__(self, report: printed.PrintedReport, pictures: Mapping[str, bytes], draft: bool) -> None:
        self._report = report
        self._pictures = pictures
        self._document: DocxDocument = open_template(draft)
        self._picture_count = 0

    def written(self, day: date) -> bytes:
        """The file; `day` is the only date it knows."""
        report, document = self._report, self._document
        body = document.element.body
        references = self._references("headerReference", "footerReference")
        parts: list[str] = []
        if report.cover:
            parts.append(_cover(report))
            parts.append(blocks.gap_xml(section_xml(self._references("headerReference"))))
            parts.append(_title(report.title))
        parts.extend(self._flow(report.flow, layout.TEXT_WIDTH_MM))
        page = section_xml(references, first_number=1)
        for annex in report.annexes:
            first_number = None if parts else 1
            if parts:
                parts.append(blocks.gap_xml(page))
            parts.extend(self._annex(annex))
            page = section_xml(references, landscape=annex.landscape, first_number=first_number)
        tree = parse_xml(f"<w:body {NAMESPACES}>{''.join(parts)}{page}</w:body>")
        for child in list(body):
            body.remove(child)
        for child in list(tree):
            body.append(child)
        self._describe(day)
        out = BytesIO()
        document.save(out)
        return same_bytes(out.getvalue())

    def _references(self, *kinds: str) -> str:
        """The template's references to its header and footer parts, as XML."""
        return "".join(
            f'<w:{kind} w:type="{element.get(f"{{{W}}}type")}" r:id="{element.rId}"/>'
            for kind in kinds
            for element in self._document.sections[0]._sectPr.findall(f"{{{W}}}{kind}")
        )

    def _annex(self, annex: printed.PrintedAnnex) -> Iterable[str]:
        yield blocks.paragraph_xml("DocMark", blocks.run_xml(annex.mark))
        yield _title(annex.title, blank_before=0 if annex.landscape else 1)
        yield from self._flow(annex.flow, annex.width_mm)

    def _flow(self, flow: tuple[printed.Place, ...], width_mm: float) -> Iterable[str]:
        signed = printed.signed_table(flow)
        for number, place in enumerate(flow):
            part = place.printed
            stays = signed is not None and signed <= number < len(flow) - 1
            if isinstance(part, printed.Head):
                yield blocks.head_xml(part, bookmark=number == 0 and not self._report.cover)
            elif isinstance(part, printed.Line):
                yield blocks.line_xml(part)
            elif isinstance(part, printed.Aside):
                yield blocks.aside_xml(part, width_mm, stays=stays)
            elif isinstance(part, printed.Grid):
                yield blocks.grid_xml(part, width_mm, stays=stays)
            else:
                yield self._figure(part, place.where)

    def _figure(self, figure: printed.Figure, where: str) -> str:
        data, _, width, height = printed.picture_bytes(figure, where, self._pictures)
        relation, _ = self._document.part.get_or_add_image(BytesIO(data))
        self._picture_count += 1
        name = figure.caption or "图片"
        drawing = blocks.picture_xml(relation, self._picture_count, name, width, height)
        caption = blocks.paragraph_xml("Caption", blocks.run_xml(figure.caption)) if figure.caption else ""
        return blocks.paragraph_xml("DocPicture", drawing) + caption

    def _describe(self, day: date) -> None:
        facts = self._document.core_properties
        facts.title, facts.author, facts.last_modified_by = self._report.title, self._report.unit_name, ""
        facts.comments = facts.keywords = facts.subject = ""
        facts.revision, facts.language = 1, "zh-CN"
        facts.created = facts.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001  the library takes UTC without a zone


def _cover(report: printed.PrintedReport) -> str:
    """Mark, title, unit and date at the heights the PDF has them, by the room before each."""
    lines = layout.title_lines(report.title)
    unit = layout.COVER_UNIT_LABEL + report.unit_name
    unit_rows = -(-layout.width_em(unit) // layout.CHARACTERS_PER_LINE)
    pitch = twips(layout.PITCH_PT)
    half_title = len(lines) * twips(layout.TITLE_PITCH_PT) // 2
    top = twips_mm(layout.MARGIN_TOP_MM)
    title, unit_at, date_at = (
        twips_mm(centre)
        for centre in (layout.COVER_TITLE_CENTRE_MM, layout.COVER_UNIT_CENTRE_MM, layout.COVER_DATE_CENTRE_MM)
    )
    before_title = title - half_title - top - pitch
    before_unit = unit_at + pitch // 2 - int(unit_rows) * pitch - (title + half_title)
    return (
        blocks.paragraph_xml("DocMark", blocks.run_xml(report.mark))
        + blocks.lines_xml("Title", lines, _before(before_title, layout.TITLE_PITCH_PT))
        + blocks.paragraph_xml("DocCover", blocks.run_xml(unit), _before(before_unit))
        + blocks.paragraph_xml("DocCover", blocks.run_xml(report.date), _before(date_at - unit_at - pitch))
    )


def _before(room: int, pitch_pt: float = layout.PITCH_PT) -> str:
    return f'<w:spacing w:before="{max(0, room)}" w:line="{twips(pitch_pt)}" w:lineRule="exact"/>'


def _title(title: str, blank_before: int = 0) -> str:
    """The title on whole lines of the grid, with a blank line before the text."""
    lines = layout.title_lines(title)
    pitch = twips(layout.PITCH_PT)
    spare = max(0, (len(lines) + 1) * pitch - len(lines) * twips(layout.TITLE_PITCH_PT))
    room = (
        f'<w:spacing w:before="{spare // 2 + blank_before * pitch}" w:after="{spare - spare // 2 + pitch}" '
        f'w:line="{twips(layout.TITLE_PITCH_PT)}" w:lineRule="exact"/>'
    )
    return blocks.lines_xml("Title", lines, room)
