"""Named forgeries of a B-LTA file, by attackers who may ask the trusted time server for time stamps as anybody may.

RESTAMPED takes the archive time stamp off, changes the file, and stamps it anew into the field reserved for it.
"""

import io
import re
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper

from perfapp.signing.digest import sha256_hex
from perfapp.signing.issuing import demo_time
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import AuthorityStamper, TimeProof, TimeStampSource
from tests.unit.signing import workbench
from tests.unit.signing.forgeries import APPENDED, Change, appended, dictionary, page, sign_field, stranger

Forgery = Callable[[bytes], bytes]


def without_time(archived: bytes) -> bytes:
    """The file as it was after the seal, before the time stamp over it."""
    _, _, start, length = next(iter(byte_ranges(archived)))
    return archived[: start + length]


def byte_ranges(pdf: bytes) -> list[tuple[int, int, int, int]]:
    found = re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in found]


def stamped(pdf: bytes, field: str = "Time1", source: TimeStampSource | None = None) -> bytes:
    """With one more time stamp, as the bare library makes it."""
    out = io.BytesIO()
    stamper = PdfTimeStamper(
        AuthorityStamper(source or workbench.TimeSource(), workbench.archive_roots()), field_name=field
    )
    stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256", output=out)
    return out.getvalue()


class _Foreign:
    """A time stamp authority that nobody here has chosen."""

    def answer(self, query: bytes) -> bytes:
        return demo_time(workbench.AT).authority.stamp(query, workbench.AT)


def _hidden(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, hide: what covered the page's real words is emptied."""
    sheet = page(writer, 1)
    sheet[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b" "))


def _replaced_font(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, replace: the same codes draw other characters."""
    fonts = page(writer, 1)["/Resources"]["/Font"]
    name = next(iter(fonts))
    fonts[name] = writer.add_object(
        dictionary(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/ZapfDingbats"))
    )
    writer.update_container(fonts)


def _other_tree(writer: IncrementalPdfFileWriter) -> None:
    """Shadow attack, hide and replace: the catalog now leads to another tree of pages."""
    sheet = dictionary(
        Type=pdf_name("/Page"), MediaBox=generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)])
    )
    sheet_ref = writer.add_object(sheet)
    tree = dictionary(Type=pdf_name("/Pages"), Count=generic.NumberObject(1), Kids=generic.ArrayObject([sheet_ref]))
    sheet[pdf_name("/Parent")] = tree_ref = writer.add_object(tree)
    writer.root[pdf_name("/Pages")] = tree_ref
    writer.update_root()


def _edges_off(writer: IncrementalPdfFileWriter) -> None:
    """The slices of the seal at the edges are drawn no more."""
    contents = page(writer, 1)["/Contents"]
    contents.pop()
    writer.update_container(contents)


def _picture_swapped(writer: IncrementalPdfFileWriter) -> None:
    images = page(writer, 0)["/Resources"]["/XObject"]
    images[pdf_name("/SealEdge")] = writer.add_object(
        generic.StreamObject(dictionary(Subtype=pdf_name("/Form")), stream_data=b"")
    )
    writer.update_container(images)


def _validation_emptied(writer: IncrementalPdfFileWriter) -> None:
    store = writer.root["/DSS"]
    store[pdf_name("/CRLs")] = generic.ArrayObject()
    writer.update_container(store)


def _validation_enriched(writer: IncrementalPdfFileWriter) -> None:
    store = writer.root["/DSS"]
    more = generic.StreamObject(stream_data=workbench.authority().revocation_list())
    store["/CRLs"].append(writer.add_object(more))
    writer.update_container(store["/CRLs"])


def _pages_swapped(writer: IncrementalPdfFileWriter) -> None:
    kids = writer.root["/Pages"]["/Kids"]
    kids[0], kids[1] = kids.raw_get(1), kids.raw_get(0)
    writer.update_container(kids)


def _page_turned(writer: IncrementalPdfFileWriter) -> None:
    page(writer, 1)[pdf_name("/Rotate")] = generic.NumberObject(180)


def _page_cropped(writer: IncrementalPdfFileWriter) -> None:
    page(writer, 1)[pdf_name("/CropBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 200, 200)])


def _spoken_text(writer: IncrementalPdfFileWriter) -> None:
    """What a screen reader says, not what is seen."""
    element = writer.root["/StructTreeRoot"]["/K"][0]
    element[pdf_name("/ActualText")] = generic.TextStringObject("本年支出 0 万元")
    writer.update_container(element)


def _value(writer: IncrementalPdfFileWriter) -> Any:
    value = writer.root["/AcroForm"]["/Fields"][0]["/V"]
    writer.update_container(value)
    return value


def _reason(writer: IncrementalPdfFileWriter) -> None:
    _value(writer)[pdf_name("/Reason")] = generic.TextStringObject("另有用途")


def _date(writer: IncrementalPdfFileWriter) -> None:
    _value(writer)[pdf_name("/M")] = generic.TextStringObject("D:20200101000000Z")


def _permission(writer: IncrementalPdfFileWriter) -> None:
    """From form filling to comments."""
    parameters = _value(writer)["/Reference"][0]["/TransformParams"]
    parameters[pdf_name("/P")] = generic.NumberObject(3)
    writer.update_container(parameters)


def _filled_form(writer: IncrementalPdfFileWriter) -> None:
    """A form field over the sum, with a look of its own: filling in is what the certification allows."""
    look = generic.StreamObject(
        dictionary(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form")), stream_data=b"1 g 0 0 300 60 re f"
    )
    look[pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 300, 60)])
    field = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Widget"),
        FT=pdf_name("/Tx"),
        T=generic.TextStringObject("sum"),
        V=generic.TextStringObject("0"),
        Rect=generic.ArrayObject([generic.NumberObject(n) for n in (80, 600, 380, 660)]),
        AP=dictionary(N=writer.add_object(look)),
    )
    reference = writer.add_object(field)
    writer.root["/AcroForm"]["/Fields"].append(reference)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])
    writer.register_annotation(writer.find_page_for_modification(1)[0], reference)


def _link(writer: IncrementalPdfFileWriter) -> None:
    link = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/Link"),
        Rect=generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)]),
        A=dictionary(S=pdf_name("/URI"), URI=generic.TextStringObject("http://elsewhere.example/")),
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(link))


def _resaved(writer: IncrementalPdfFileWriter) -> None:
    """Saved again without a change, as many programs do."""
    writer.update_root()


CHANGES: dict[str, Change] = {
    **APPENDED,
    "shadow: hide": _hidden,
    "shadow: replace a font": _replaced_font,
    "shadow: hide and replace": _other_tree,
    "edge slices removed": _edges_off,
    "edge slices swapped": _picture_swapped,
    "validation data emptied": _validation_emptied,
    "validation data added": _validation_enriched,
    "pages swapped": _pages_swapped,
    "page turned": _page_turned,
    "page cropped": _page_cropped,
    "spoken text changed": _spoken_text,
    "reason changed": _reason,
    "date changed": _date,
    "certification loosened": _permission,
    "form field over the sum": _filled_form,
    "link over the page": _link,
    "saved again": _resaved,
}


def _restamped(change: Change) -> Forgery:
    return lambda archived: stamped(appended(change)(without_time(archived)))


RESTAMPED: dict[str, Forgery] = {name: _restamped(change) for name, change in CHANGES.items()}


def _in_one_revision(change: Change) -> Forgery:
    def forge(archived: bytes) -> bytes:
        writer, out = IncrementalPdfFileWriter(io.BytesIO(without_time(archived))), io.BytesIO()
        change(writer)
        stamper = PdfTimeStamper(
            AuthorityStamper(workbench.TimeSource(), workbench.archive_roots()), field_name="Time1"
        )
        stamper.timestamp_pdf(writer, "sha256", output=out)
        return out.getvalue()

    return forge


def _time_field_in_sight(writer: IncrementalPdfFileWriter) -> None:
    """The time stamp's own field, drawn over the text with a picture that is in the file already."""
    fields = writer.root["/AcroForm"]["/Fields"]
    field = next(one.get_object() for one in fields if one.get_object()["/T"] == "Time1")
    field[pdf_name("/Rect")] = generic.ArrayObject([generic.NumberObject(n) for n in (80, 500, 400, 700)])
    field[pdf_name("/AP")] = fields[0]["/AP"]
    writer.update_container(field)


IN_ONE_REVISION: dict[str, Forgery] = {
    name: _in_one_revision(change)
    for name, change in {**CHANGES, "time stamp's field drawn over the text": _time_field_in_sight}.items()
}


class _InPlaceOf(IncrementalPdfFileWriter):
    """Writes the time stamp itself under the number of an object that the file has already."""

    victim: generic.Reference

    def add_object(self, obj: Any, *given: Any, **more: Any) -> Any:
        if not isinstance(obj, generic.DictionaryObject) or obj.get("/Type") != "/DocTimeStamp":
            return super().add_object(obj, *given, **more)
        self.objects[(self.victim.generation, self.victim.idnum)] = obj
        obj.container_ref = generic.Reference(self.victim.idnum, self.victim.generation, self)
        return generic.IndirectObject(self.victim.idnum, self.victim.generation, self)


def stamped_over_a_page(pdf: bytes, field: str = "Time1") -> bytes:
    """The last page's words are gone: their object is now the time stamp."""
    writer, out = _InPlaceOf(io.BytesIO(pdf)), io.BytesIO()
    contents = page(writer, 2).raw_get("/Contents")
    last = contents.get_object()
    writer.victim = (last.raw_get(0) if isinstance(last, generic.ArrayObject) else contents).reference
    stamper = PdfTimeStamper(AuthorityStamper(workbench.TimeSource(), workbench.archive_roots()), field_name=field)
    stamper.timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


def _sealed_by(signer: Any, proof: TimeProof) -> bytes:
    pdf = workbench.report()
    return press(
        pdf,
        signer_of(signer),
        workbench.picture(),
        workbench.PLACE,
        at=workbench.AT,
        reason="",
        digest_expected=sha256_hex(pdf),
        time_proof=proof,
    )


def _same_name_authority(_: bytes) -> bytes:
    other = workbench.fresh_seal()
    time = workbench.time_service()
    proof = TimeProof(
        workbench.TimeSource(), (other.root_pem, time.root_pem), (other.revocation_list, time.revocation_list)
    )
    return _sealed_by(workbench.unlocked(other), proof)


def _without_own_stamp(archived: bytes) -> bytes:
    """A seal of the genuine key that says itself when it was pressed, under an archive time stamp."""
    return stamped(workbench.sealed(), "Time1")


def _time_of_another_file(archived: bytes) -> bytes:
    """The genuine archive time stamp of another file, in this file's gap."""
    other = workbench.archived(workbench.report("另一份报告"))
    (_, _, _, _), (_, a, b, _) = byte_ranges(archived)
    (_, _, _, _), (_, c, d, _) = byte_ranges(other)
    token = other[c + 1 : d - 1].rstrip(b"0").ljust(b - a - 2, b"0")[: b - a - 2]
    return archived[: a + 1] + token + archived[b - 1 :]


def _linearized(archived: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(archived)
        subprocess.run(["qpdf", "--linearize", source, target], check=True, capture_output=True)
        return target.read_bytes()


def _key_misspelt(key: bytes, wrong: bytes) -> Forgery:
    """Universal signature forgery: the entry is there under another name, or says nothing."""

    def forge(archived: bytes) -> bytes:
        place = archived.rindex(key)
        return archived[:place] + wrong.ljust(len(key)) + archived[place + len(key) :]

    return forge


OTHERS: dict[str, Forgery] = {
    "rolled back to before the archive time stamp": without_time,
    "rolled back to the issued document": lambda archived: archived[: len(workbench.report())],
    "archive time stamp of a foreign authority": lambda archived: stamped(without_time(archived), source=_Foreign()),
    "archive time stamp of tomorrow": lambda archived: stamped(
        without_time(archived), source=workbench.TimeSource(workbench.LATER + timedelta(days=1))
    ),
    "archive time stamp in a field of its own": lambda archived: stamped(without_time(archived), "Later"),
    "one more archive time stamp": lambda archived: stamped(archived, "Time2"),
    "archive time stamp in place of a page": lambda archived: stamped_over_a_page(without_time(archived)),
    "renewal in place of a page": lambda archived: stamped_over_a_page(archived, "Renewal1"),
    "archive time stamp of another file": _time_of_another_file,
    "archive time stamp over a seal without one": _without_own_stamp,
    "same-name fake authority, with time stamps": _same_name_authority,
    "second signature by a stranger, stamped": lambda archived: stamped(
        sign_field(without_time(archived), "Seal2", stranger(), new=True), "Time1"
    ),
    "rewritten by qpdf, linearized": _linearized,
    "the file twice": lambda archived: archived + archived,
    "byte range misspelt": _key_misspelt(b"/ByteRange", b"/ByteRangX"),
    "contents misspelt": _key_misspelt(b"/Contents", b"/ContentX"),
    "type of the time stamp misspelt": _key_misspelt(b"/DocTimeStamp", b"/DocTimeStamq"),
    "filter of the time stamp misspelt": _key_misspelt(b"/ETSI.RFC3161", b"/ETSI.RFC3162"),
}
