"""The peer that most offices would build: a Word template filled by docxtpl, made a PDF by LibreOffice."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import docx
import pylopdf_fonts_zh_cn
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate  # type: ignore[import-untyped]

from bench.engines import Block
from perfapp.documents import docx_blocks, font_names, fonts
from perfapp.documents.docx_template import NAMESPACES, open_template, section_xml

WIDTHS_MM = (14, 16, 26, 24, 24, 12, 12, 28)


def template(folder: Path) -> Path:
    """A template with the same styles, page and table, its text and loops in docxtpl's own marks."""
    document = open_template(draft=False)
    body = document.element.body
    references = "".join(
        f'<w:footerReference w:type="{element.get(qn("w:type"))}" r:id="{element.rId}"/>'
        for element in document.sections[0]._sectPr.findall(qn("w:footerReference"))
    )
    parts = [
        _marked("DocMark", "{{ mark }}"),
        _marked("Title", "{{ title }}"),
        _marked("DocCover", "{{ unit }}"),
        _marked("DocCover", "{{ date }}"),
        docx_blocks.gap_xml(section_xml("")),
        _marked("Title", "{{ title }}"),
        *_flow_marks("flow"),
        _marked("DocBody", "{%p for annex in annexes %}"),
        docx_blocks.gap_xml(section_xml(references, first_number=1)),
        _marked("DocMark", "{{ annex.mark }}"),
        _marked("Title", "{{ annex.title }}"),
        *_flow_marks("annex.flow"),
        _marked("DocBody", "{%p endfor %}"),
    ]
    tree = parse_xml(f"<w:body {NAMESPACES}>{''.join(parts)}{section_xml(references)}</w:body>")
    for child in list(body):
        body.remove(child)
    body.extend(list(tree))
    path = folder / "template.docx"
    document.save(str(path))
    return path


def _marked(style: str, text: str) -> str:
    return docx_blocks.paragraph_xml(style, docx_blocks.run_xml(text))


def _flow_marks(name: str) -> Iterator[str]:
    yield _marked("DocBody", f"{{%p for b in {name} %}}")
    for level in (1, 2, 3, 4):
        yield _marked("DocBody", f"{{%p if b.kind == 'head' and b.level == {level} %}}")
        yield _marked(f"Heading{level}", "{{ b.text }}")
        yield _marked("DocBody", "{%p endif %}")
    yield _marked("DocBody", "{%p if b.kind == 'line' %}")
    yield _marked("DocBody", "{{ b.lead }}{{ b.text }}")
    yield _marked("DocBody", "{%p endif %}")
    yield _marked("DocBody", "{%p if b.kind == 'grid' %}")
    yield _table_marks()
    yield _marked("DocBody", "{%p endif %}")
    yield _marked("DocBody", "{%p endfor %}")


def _table_marks() -> str:
    """Head row, a loop of rows, and where a cell reaches down, the merge as the row says it."""
    edge = docx_blocks._EDGE
    widths = [round(width * 1440 / 25.4) for width in WIDTHS_MM]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)

    def cells(style: str, name: str, merge: bool) -> str:
        made = ""
        for x, width in enumerate(widths):
            down = f'<w:vMerge w:val="{{{{ r.merge{x} }}}}"/>' if merge and x < 2 else ""
            text = docx_blocks.paragraph_xml(style, docx_blocks.run_xml(f"{{{{ {name}[{x}] }}}}"))
            made += f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{down}</w:tcPr>{text}</w:tc>'
        return made

    def loop(mark: str) -> str:
        text = _marked("TableText", mark)
        return f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{len(WIDTHS_MM)}"/></w:tcPr>{text}</w:tc></w:tr>'

    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cells('TableHead', 'b.head', False)}</w:tr>"
        f"{loop('{%tr for r in b.rows %}')}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells('TableText', 'r.texts', True)}</w:tr>"
        f"{loop('{%tr endfor %}')}</w:tbl>{docx_blocks.gap_xml()}"
    )


def filled(template_path: Path, content: Block) -> bytes:
    """The template with the content in it."""
    document = DocxTemplate(template_path)
    document.render(_for_template(content), autoescape=True)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _for_template(content: Block) -> Block:
    return content | {
        "flow": [_template_block(block) for block in content["flow"]],
        "annexes": [a | {"flow": [_template_block(block) for block in a["flow"]]} for a in content["annexes"]],
    }


def _template_block(block: Block) -> Block:
    if block["kind"] == "line":
        return block | {"text": "".join(text for text, _ in block["runs"])}
    if block["kind"] == "head":
        return block
    rows: list[Block] = []
    for cell in block["cells"]:
        while len(rows) <= cell["y"]:
            rows.append({"texts": [""] * block["columns"], "merge0": "continue", "merge1": "continue"})
        rows[cell["y"]]["texts"][cell["x"]] = cell["text"]
        rows[cell["y"]][f"merge{cell['x']}"] = "restart"
    return {"kind": "grid", "head": rows[0]["texts"], "rows": rows[1:]}


class Office:
    """LibreOffice as a converter, with a profile that is warm and the very fonts that we use."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        names = "".join(
            f"<alias binding='same'><family>{name}</family><prefer><family>{fonts.STAND_IN[role][0]}</family></prefer>"
            "</alias>"
            for role, name in font_names.DOCX_NAMES.items()
        )
        settings = folder / "fonts.conf"
        folders = f"<dir>{fonts.SHIPPED}</dir><dir>{pylopdf_fonts_zh_cn.serif_path().parent}</dir>"
        head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        cache = f"<cachedir>{folder / 'cache'}</cachedir>"
        settings.write_text(f"{head}<fontconfig>{folders}{cache}{names}</fontconfig>", encoding="utf-8")
        self._env: Mapping[str, str] = {**os.environ, "FONTCONFIG_FILE": str(settings), "HOME": str(folder)}

    def pdf(self, docx_path: Path) -> bytes:
        """`soffice --convert-to pdf`, one process a file, as scripts call it."""
        subprocess.run(
            [
                self._program,
                f"-env:UserInstallation=file://{self._folder / 'profile'}",
                *("--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(self._folder), str(docx_path)),
            ],
            env=self._env,
            check=True,
            capture_output=True,
            timeout=60,
        )
        return (self._folder / docx_path.with_suffix(".pdf").name).read_bytes()


def lines_of(data: bytes) -> list[str]:
    """Every paragraph of a DOCX with characters in it, tables too, in the order of the file."""
    body = docx.Document(BytesIO(data)).element.body
    lines = ("".join(node.text or "" for node in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))
    return [line for line in lines if line]
