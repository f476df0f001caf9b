"""A Word file taken apart: paragraphs with their runs, numbers and pictures, and what had to be left behind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from docx.document import Document as DocxDocument
from docx.oxml.ns import qn

from perfapp.core.document import Run
from perfapp.core.errors import Invalid
from perfapp.documents.docx_blocks import EMU_PER_MM, SECTION_BOOKMARK
from perfapp.documents.picture import clean_picture

Element = Any
"""An lxml element; the library gives it no type worth having."""

LEFT_BEHIND: Final = {
    "look": "字体、字号、颜色等格式没有导入，由系统统一排版。",
    "heading": "没有编号的标题已改为加粗的段落。",
    "deeper": "下一级编号保留为文字，没有转成自动编号。",
    "renumbered": "原文编号不连续，已由系统按顺序重新编号。",
    "bullet": "项目符号没有导入，文字保留为普通段落。",
    "contents": "目录没有导入。",
    "field": "域（自动更新的内容）已改为当时显示的文字。",
    "link": "超链接只保留了文字。",
    "footnote": "脚注和尾注没有导入。",
    "comment": "批注没有导入。",
    "revision": "修订已按接受处理，删除的文字没有导入。",
    "textbox": "文本框没有导入，其中的文字请手工补上。",
    "shape": "图形、图表或嵌入对象没有导入。",
    "picture": "有图片的格式不能识别，没有导入，请另存为 PNG 或 JPG 后插入。",
    "cell_picture": "表格中的图片没有导入。",
    "nested": "表格中的表格已改为文字。",
    "formula": "公式没有导入，请手工补上。",
    "symbol": "特殊符号字体的字符没有导入，请手工补上。",
    "margin": "页眉和页脚没有导入。",
}
"""Everything import can leave behind, in the order in which it is told."""

_LOOKS: Final = frozenset(
    qn(f"w:{name}") for name in ("rFonts", "color", "sz", "u", "i", "highlight", "strike", "shd", "vertAlign", "em")
)
_THROUGH: Final = frozenset(qn(f"w:{name}") for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml"))
_TELLING: Final = {
    qn("w:footnoteReference"): "footnote",
    qn("w:endnoteReference"): "footnote",
    qn("w:commentReference"): "comment",
    qn("w:del"): "revision",
    qn("w:moveFrom"): "revision",
    qn("w:object"): "shape",
    qn("w:sym"): "symbol",
    qn("w:instrText"): "field",
    qn("w:fldSimple"): "field",
    qn("w:hyperlink"): "link",
    qn("m:oMath"): "formula",
    qn("m:oMathPara"): "formula",
}
_CHARACTERS: Final = {qn("w:t"): "", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
_WALKED: Final = frozenset((qn("w:fldSimple"), qn("w:hyperlink")))


@dataclass(frozen=True, slots=True)
class FoundPicture:
    data: bytes
    width_mm: int


@dataclass(slots=True)
class FoundParagraph:
    """A paragraph as Word holds it; a forced line end starts the next of `lines`."""

    lines: list[list[Run]] = field(default_factory=lambda: [[]])
    pictures: list[FoundPicture] = field(default_factory=list)
    style: str = ""
    number: tuple[str, int] | None = None
    align: str | None = None
    is_heading: bool = False
    is_section_heading: bool = False


class WordSource:
    """One opened file; `left` collects the keys of LEFT_BEHIND that were met."""

    def __init__(self, document: DocxDocument) -> None:
        self._document = document
        self.left: set[str] = set()
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        self._look_at_margins()

    def body(self) -> Iterator[Element]:
        """The paragraphs and tables of the body, content controls opened."""
        yield from _flat(self._document.element.body)

    def told(self) -> tuple[str, ...]:
        return tuple(sentence for key, sentence in LEFT_BEHIND.items() if key in self.left)

    def paragraph(self, element: Element) -> FoundParagraph:
        found = FoundParagraph()
        held = element.find(qn("w:pPr"))
        style_id = _value(held, "w:pStyle") or ""
        found.style = self._style_name(style_id)
        found.number = self._number(held, style_id)
        found.align = {"center": "center", "right": "right", "end": "right", "left": "left", "start": "left"}.get(
            _value(held, "w:jc") or ""
        )
        found.is_heading = found.style.startswith(("heading", "标题", "title"))
        for mark in element.iter(qn("w:bookmarkStart")):
            found.is_section_heading |= mark.get(qn("w:name")) == SECTION_BOOKMARK
        self._walk(element, found)
        return found

    def numbering_level(self, number: tuple[str, int]) -> tuple[str, str] | None:
        """Number format and pattern of a list level, such as ("decimal", "%1."), or None if the list is unknown."""
        part = next(
            (r.target_part for r in self._document.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        root = getattr(part, "element", None)
        if root is None:
            return None
        number_id, depth = number
        chosen = next((e for e in root.iter(qn("w:num")) if e.get(qn("w:numId")) == number_id), None)
        wanted = _value(chosen, "w:abstractNumId")
        for abstract in root.iter(qn("w:abstractNum")):
            if abstract.get(qn("w:abstractNumId")) == wanted:
                for level in abstract.iter(qn("w:lvl")):
                    if level.get(qn("w:ilvl")) == str(depth):
                        return _value(level, "w:numFmt") or "decimal", _value(level, "w:lvlText") or ""
        return None

    # --- inside ---

    def _style_name(self, style_id: str) -> str:
        return (_value(self._styles.get(style_id), "w:name") or style_id).lower()

    def _number(self, held: Element, style_id: str) -> tuple[str, int] | None:
        numbered = None if held is None else held.find(qn("w:numPr"))
        if numbered is None:
            style = self._styles.get(style_id)
            numbered = None if style is None else style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number_id = _value(numbered, "w:numId")
        if number_id in (None, "0"):
            return None
        depth = _value(numbered, "w:ilvl") or "0"
        return str(number_id), int(depth) if depth.isdigit() else 0

    def _walk(self, element: Element, found: FoundParagraph) -> None:
        for child in element:
            if child.tag in _TELLING:
                self.left.add(_TELLING[child.tag])
            if child.tag == qn("w:r"):
                self._run(child, found)
            elif child.tag in _THROUGH or child.tag in _WALKED:
                self._walk(child, found)

    def _run(self, run: Element, found: FoundParagraph) -> None:
        held = run.find(qn("w:rPr"))
        bold = False
        if held is not None:
            mark = held.find(qn("w:b"))
            bold = mark is not None and mark.get(qn("w:val")) not in ("0", "false", "off")
            if any(child.tag in _LOOKS for child in held):
                self.left.add("look")
        for child in run:
            self._run_child(child, bold, found)

    def _run_child(self, child: Element, bold: bool, found: FoundParagraph) -> None:
        tag = child.tag
        if tag in _TELLING:
            self.left.add(_TELLING[tag])
        if tag in _CHARACTERS:
            found.lines[-1].append((_CHARACTERS[tag] or child.text or "", bold))
        elif tag in (qn("w:br"), qn("w:cr")):
            found.lines.append([])
        elif tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")):
            self._drawing(child, found)
        elif tag == "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent":
            # The first choice is the modern drawing; the fallback repeats it in the old form.
            for drawing in list(child[0]) if len(child) else []:
                self._drawing(drawing, found)

    def _drawing(self, drawing: Element, found: FoundParagraph) -> None:
        if next(drawing.iter(qn("w:txbxContent")), None) is not None:
            self.left.add("textbox")
            return
        embed = next((blip.get(qn("r:embed")) for blip in drawing.iter(qn("a:blip"))), None)
        if embed is None:
            embed = next(
                (image.get(qn("r:id")) for image in drawing.iter("{urn:schemas-microsoft-com:vml}imagedata")), None
            )
        part = self._document.part.related_parts.get(embed) if embed else None
        if part is None:
            self.left.add("shape")
            return
        try:
            data, _ = clean_picture(part.blob)
        except Invalid:
            self.left.add("picture")
            return
        extent = next(drawing.iter(qn("wp:extent")), None)
        wide = (extent.get("cx") or "") if extent is not None else ""
        width = round(int(wide) / EMU_PER_MM) if wide.isdigit() else 120
        found.pictures.append(FoundPicture(data, max(20, min(156, width))))

    def _look_at_margins(self) -> None:
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(("/header", "/footer")):
                continue
            element = getattr(relation.target_part, "element", None)
            texts = "" if element is None else "".join(t.text or "" for t in element.iter(qn("w:t")))
            # A page number alone is no loss: every document gets its own.
            if texts.strip(" -—–0123456789第页共/\u3000"):
                self.left.add("margin")


def _flat(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _THROUGH:
            yield from _flat(child)


def children_flat(parent: Element, tag: str) -> Iterator[Element]:
    """The children called `tag` (such as w:tr), content controls opened."""
    for child in parent:
        if child.tag == qn(tag):
            yield child
        elif child.tag in _THROUGH:
            yield from children_flat(child, tag)


def blocks_of(cell: Element) -> Iterator[Element]:
    """The paragraphs and tables of a table cell."""
    yield from _flat(cell)


def _value(parent: Element, tag: str) -> str | None:
    found = None if parent is None else parent.find(qn(tag))
    return None if found is None else found.get(qn("w:val"))
