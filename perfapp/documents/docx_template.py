"""The empty DOCX: styles, page numbers, draft mark. Made once per process, then only filled."""

from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from typing import Final

import docx
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.section import Section

from perfapp.documents import layout
from perfapp.documents.font_names import DOCX_NAMES

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES: Final = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_FOOTER_LINE_PT: Final = 20
_LEFTOVERS: Final = ("thumbnail", "customXml", "stylesWithEffects", "numbering", "fontTable")


def twips(pt: float) -> int:
    """Points as twentieths of a point, the unit of the format."""
    return round(pt * 20)


def twips_mm(mm: float) -> int:
    return twips(mm / layout.MM_PER_PT)


def fonts_xml(role: str, latin: str | None = None) -> str:
    """The rFonts of a role of `fonts.DOCX_NAMES`; Latin letters in Times New Roman unless another face is named."""
    ascii_name = latin or DOCX_NAMES["latin"]
    return (
        f'<w:rFonts w:ascii="{ascii_name}" w:hAnsi="{ascii_name}" w:eastAsia="{DOCX_NAMES[role]}" w:cs="{ascii_name}"/>'
    )


def open_template(draft: bool) -> DocxDocument:
    """A fresh empty document with styles, footers and, for a draft, the mark on every page."""
    return docx.Document(BytesIO(_template(draft)))


@lru_cache(maxsize=2)
def _template(draft: bool) -> bytes:
    document = docx.Document()
    _drop_leftovers(document)
    styles = document.styles.element
    for child in list(styles):
        styles.remove(child)
    for child in list(parse_xml(_STYLES)):
        styles.append(child)
    document.settings.odd_and_even_pages_header_footer = True
    _say_modern_word(document)
    section = document.sections[0]
    _set_footers(section)
    if draft:
        _set_marks(section)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _drop_leftovers(document: DocxDocument) -> None:
    """Parts of the library's own sample that say nothing here."""
    for owner in (document.part.package, document.part):
        for rel_id, relation in list(owner.rels.items()):
            if relation.reltype.rsplit("/", 1)[-1] in _LEFTOVERS:
                owner.rels.pop(rel_id)


def _say_modern_word(document: DocxDocument) -> None:
    """Without this Word opens the file in its compatibility mode of 2007."""
    settings = document.settings.element
    for compat in settings.findall(f"{{{W}}}compat"):
        for child in list(compat):
            compat.remove(child)
        compat.append(
            parse_xml(
                f'<w:compatSetting {NAMESPACES} w:name="compatibilityMode" '
                'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
            )
        )


def _set_footers(section: Section) -> None:
    """— 1 — on the outer side: right on odd pages, left on even ones (GB/T 9704-2012, 7.5)."""
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        inset = twips(layout.PAGE_NUMBER_PT)
        paragraph.getparent().replace(
            paragraph,
            parse_xml(
                f'<w:p {NAMESPACES}><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{side}="{inset}"/><w:jc w:val="{side}"/>'
                '</w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r>'
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
                '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p>'
            ),
        )


def _set_marks(section: Section) -> None:
    """草稿 across every page, as Word's own watermark."""
    for number, header in enumerate((section.header, section.even_page_header)):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]._p
        paragraph.getparent().replace(
            paragraph,
            parse_xml(
                f'<w:p {NAMESPACES}><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:pict>'
                '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
                'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
                '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
                '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
                '<v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
                f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2049 + number}" '
                'type="#_x0000_t136" style="position:absolute;width:330pt;height:150pt;rotation:320;z-index:-251658752;'
                "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
                'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#ebebeb" stroked="f">'
                f'<v:textpath style="font-family:&quot;{DOCX_NAMES["hei"]}&quot;;font-size:1pt" '
                f'string="{layout.DRAFT_MARK}"/></v:shape></w:pict></w:r></w:p>'
            ),
        )


def section_xml(references: str, *, landscape: bool = False, first_number: int | None = None) -> str:
    """A sectPr: the A4 page with its margins, `references` to header and footer parts, and the line grid."""
    top, right, bottom, left = (
        (layout.MARGIN_LEFT_MM, layout.MARGIN_TOP_MM, layout.MARGIN_RIGHT_MM, layout.MARGIN_BOTTOM_MM)
        if landscape
        else (layout.MARGIN_TOP_MM, layout.MARGIN_RIGHT_MM, layout.MARGIN_BOTTOM_MM, layout.MARGIN_LEFT_MM)
    )
    width, height = twips_mm(layout.PAGE_WIDTH_MM), twips_mm(layout.PAGE_HEIGHT_MM)
    size = f'w:w="{height}" w:h="{width}" w:orient="landscape"' if landscape else f'w:w="{width}" w:h="{height}"'
    footer = twips_mm(bottom - layout.PAGE_NUMBER_DROP_MM) - twips(_FOOTER_LINE_PT)
    start = "" if first_number is None else f'<w:pgNumType w:start="{first_number}"/>'
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz {size}/>'
        f'<w:pgMar w:top="{twips_mm(top)}" w:right="{twips_mm(right)}" w:bottom="{twips_mm(bottom)}" '
        f'w:left="{twips_mm(left)}" w:header="{twips_mm(15)}" w:footer="{footer}" w:gutter="0"/>{start}'
        f'<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="{twips(layout.PITCH_PT)}"/></w:sectPr>'
    )


def _styles() -> Iterator[str]:
    pitch, title_pitch = twips(layout.PITCH_PT), twips(layout.TITLE_PITCH_PT)
    two = '<w:ind w:firstLineChars="200" w:firstLine="630"/>'
    # Spacing -5 (a quarter of a point) makes 28 characters fill 156 mm.
    yield (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts_xml("fang")}<w:color w:val="000000"/><w:spacing w:val="-5"/>'
        '<w:kern w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr>"
        f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )
    # Some readers take paragraph switches from the style only, not from the defaults.
    yield (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/></w:pPr></w:style>'
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
    hei, kai = DOCX_NAMES["hei"], DOCX_NAMES["kai"]
    yield _style("DocBody", "公文正文", two)
    yield _style("DocItem", "公文编号段", two)
    for level, face in enumerate((fonts_xml("hei", hei), fonts_xml("kai", kai), "", ""), start=1):
        yield _style(
            f"Heading{level}",
            f"heading {level}",
            f'<w:keepNext/>{two}<w:outlineLvl w:val="{level - 1}"/>',
            face,
            "DocBody",
        )
    title_face = (
        fonts_xml("title", DOCX_NAMES["title"]) + '<w:spacing w:val="0"/><w:sz w:val="44"/><w:szCs w:val="44"/>'
    )
    yield _style(
        "Title",
        "Title",
        f'<w:snapToGrid w:val="0"/><w:spacing w:line="{title_pitch}" w:lineRule="exact"/><w:jc w:val="center"/>',
        title_face,
        "DocBody",
    )
    yield _style("DocMark", "附件标识", '<w:snapToGrid w:val="0"/><w:jc w:val="left"/>', fonts_xml("hei", hei))
    yield _style("DocCover", "封面文字", '<w:snapToGrid w:val="0"/><w:jc w:val="center"/>')
    yield _style("DocGap", "间隔", '<w:snapToGrid w:val="0"/><w:spacing w:line="120" w:lineRule="exact"/>')
    small = '<w:spacing w:val="0"/><w:sz w:val="{0}"/><w:szCs w:val="{0}"/>'
    for style, name, role in (("TableText", "表格文字", "song"), ("TableHead", "表格表头", "hei")):
        pattern = '<w:snapToGrid w:val="0"/><w:spacing w:line="300" w:lineRule="exact"/><w:jc w:val="left"/>'
        yield _style(style, name, pattern, fonts_xml(role) + small.format(21))
    yield _style(
        "DocAside",
        "表格附注",
        f'<w:snapToGrid w:val="0"/><w:spacing w:line="{twips(layout.ASIDE_PITCH_PT)}" w:lineRule="exact"/>'
        '<w:jc w:val="left"/>',
        fonts_xml("song") + small.format(round(layout.ASIDE_PT * 2)),
    )
    yield _style(
        "DocPicture",
        "图片",
        '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>',
    )
    caption = small.format(round(layout.CAPTION_PT * 2))
    yield _style(
        "Caption", "caption", '<w:snapToGrid w:val="0"/><w:spacing w:after="120"/><w:jc w:val="center"/>', caption
    )
    line = f'<w:snapToGrid w:val="0"/><w:spacing w:line="{twips(_FOOTER_LINE_PT)}" w:lineRule="exact"/>'
    song = fonts_xml("song", DOCX_NAMES["song"]) + small.format(round(layout.PAGE_NUMBER_PT * 2))
    yield _style("Header", "header", line, song)
    yield _style("Footer", "footer", line, song)


def _style(style_id: str, name: str, paragraph: str, run: str = "", following: str = "") -> str:
    after = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>{after}'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_STYLES: Final = f"<w:styles {NAMESPACES}>{''.join(_styles())}</w:styles>"
