"""Files that must be refused, each with its name, built here so that nothing dangerous lies in the tree."""

import io
import zipfile
from collections.abc import Callable, Mapping

from perfapp.documents.docx import render_section_docx
from tests.unit.documents import samples


def good_docx() -> bytes:
    return render_section_docx(samples.section("正常的一段。"), samples.UNIT, 2018, {})


def changed(changes: Mapping[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """The good file with parts replaced, changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_docx())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            change = changes.get(name)
            data = source.read(name)
            target.writestr(name, data if change is None else change(data) if callable(change) else change)
        for name, change in changes.items():
            if name not in source.namelist():
                target.writestr(name, change if isinstance(change, bytes) else change(b""))
    return out.getvalue()


def with_relation(kind: str, target: str) -> bytes:
    relation = (
        f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()
    return changed({"word/_rels/document.xml.rels": lambda rels: rels.replace(b"</Relationships>", relation)})


def _bomb() -> bytes:
    return changed({"word/media/image9.png": bytes(60 << 20)})


def _doctype(data: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + data.split(b"?>", 1)[1]


def _encrypted_flag(data: bytes) -> bytes:
    out = bytearray(data)
    out[6] |= 1
    central = data.rindex(b"PK\x01\x02")
    out[central + 8] |= 1
    return bytes(out)


def _many() -> bytes:
    return changed({f"word/media/{number}.txt": b"" for number in range(2100)})


def _twice() -> bytes:
    return changed({"Word/Document.xml": b"<a/>"})


def _broken_member() -> bytes:
    data = bytearray(good_docx())
    place = data.index(b"word/document.xml") + 40
    data[place : place + 60] = bytes(60)
    return bytes(data)


def _polyglot() -> bytes:
    return b"%!PS junk before\n" + good_docx()


BAD_DOCX: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "不是 Word"),
    "plain text": (lambda: "不是文档".encode(), "不是 Word"),
    "old doc or locked": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "密码"),
    "cut short": (lambda: good_docx()[:-400], "损坏"),
    "broken member": (_broken_member, "损坏"),
    "junk before": (_polyglot, "不是 Word"),
    "bare zip": (lambda: b"PK\x05\x06" + bytes(18), "不是 Word"),
    "encrypted entry": (lambda: _encrypted_flag(good_docx()), "密码"),
    "zip bomb": (_bomb, "大得不正常"),
    "too many parts": (_many, "部件超过"),
    "same name twice": (_twice, "重名"),
    "path out": (lambda: changed({"../../etc/cron.d/x": b"x"}), "指向外部"),
    "absolute path": (lambda: changed({"/etc/x.txt": b"x"}), "指向外部"),
    "doctype": (lambda: changed({"word/document.xml": _doctype}), "DTD"),
    "doctype in utf-16": (lambda: changed({"word/styles.xml": lambda d: _doctype(d).decode().encode("utf-16")}), "DTD"),
    "macro": (lambda: changed({"word/vbaProject.bin": b"x"}), "宏"),
    "macro by type": (
        lambda: changed(
            {"[Content_Types].xml": lambda d: d.replace(b"document.main+xml", b"document.macroEnabled.main+xml")}
        ),
        "宏",
    ),
    "ole object": (lambda: changed({"word/embeddings/oleObject1.bin": b"x"}), "宏"),
    "document within": (lambda: changed({"word/embeddings/inner.docx": good_docx()}), "嵌入了另一个文档"),
    "outside template": (lambda: with_relation("attachedTemplate", "http://192.0.2.1/a.dotm"), "外部"),
    "outside picture": (lambda: with_relation("image", "http://192.0.2.1/a.png"), "外部"),
    "outside frame": (lambda: with_relation("frame", "file:///etc/passwd"), "外部"),
    "no content types": (lambda: changed({"[Content_Types].xml": b"<Types/>"}), "不是 Word"),
    "broken relations": (lambda: changed({"_rels/.rels": b"<Relationships"}), "损坏"),
}
