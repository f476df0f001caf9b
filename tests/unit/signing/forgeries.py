"""Named ways to pass off something else as the sealed document; each takes the sealed bytes and gives forged ones."""

import io
import re
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from perfapp.signing.certificate import Identity, make_demo_identity, read_identity
from perfapp.signing.digest import sha256_hex
from perfapp.signing.seal import SignerAt, press, signer_of
from tests.unit.signing import workbench

Forgery = Callable[[bytes], bytes]
Change = Callable[[IncrementalPdfFileWriter], None]


def appended(change: Change) -> Forgery:
    def forge(sealed: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        assert out.getvalue() != sealed
        return out.getvalue()

    return forge


def dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def page(writer: IncrementalPdfFileWriter, index: int = 0) -> Any:
    page = writer.find_page_for_modification(index)[0].get_object()
    writer.update_container(page)
    return page


def _overlay(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"q 1 1 1 rg 80 600 300 60 re f Q")
    writer.add_stream_to_page(1, writer.add_object(stream))


def _annotation(writer: IncrementalPdfFileWriter) -> None:
    note = dictionary(
        Type=pdf_name("/Annot"),
        Subtype=pdf_name("/FreeText"),
        Rect=generic.ArrayObject([generic.NumberObject(n) for n in (80, 600, 300, 660)]),
        Contents=generic.TextStringObject("本年支出 0 万元"),
        DA=generic.TextStringObject("/Helv 12 Tf"),
    )
    writer.register_annotation(writer.find_page_for_modification(1)[0], writer.add_object(note))


def _replaced_page(writer: IncrementalPdfFileWriter) -> None:
    page(writer, 1)[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))


def _removed_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) - 1)
    pages["/Kids"].pop()
    writer.update_container(pages)


def _script(writer: IncrementalPdfFileWriter) -> None:
    script = dictionary(S=pdf_name("/JavaScript"), JS=generic.TextStringObject("app.alert(1)"))
    writer.root[pdf_name("/OpenAction")] = writer.add_object(script)
    writer.update_root()


def _layer(writer: IncrementalPdfFileWriter) -> None:
    layer = writer.add_object(dictionary(Type=pdf_name("/OCG"), Name=generic.TextStringObject("hidden")))
    settings = dictionary(OCGs=generic.ArrayObject([layer]), D=dictionary(OFF=generic.ArrayObject([layer])))
    writer.root[pdf_name("/OCProperties")] = settings
    writer.update_root()


def _attachment(writer: IncrementalPdfFileWriter) -> None:
    names = generic.ArrayObject([generic.TextStringObject("a.txt"), writer.add_object(dictionary(F=pdf_name("/a")))])
    writer.root[pdf_name("/Names")] = dictionary(EmbeddedFiles=dictionary(Names=names))
    writer.update_root()


def _field(writer: IncrementalPdfFileWriter) -> Any:
    field = writer.root["/AcroForm"]["/Fields"][0]
    writer.update_container(field)
    return field


def _other_picture(writer: IncrementalPdfFileWriter) -> None:
    look = generic.StreamObject(
        dictionary(Type=pdf_name("/XObject"), Subtype=pdf_name("/Form")), stream_data=b"1 0 0 rg 0 0 119 119 re f"
    )
    look[pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 119, 119)])
    _field(writer)[pdf_name("/AP")] = dictionary(N=writer.add_object(look))


def _moved_seal(writer: IncrementalPdfFileWriter) -> None:
    _field(writer)[pdf_name("/Rect")] = generic.ArrayObject([generic.FloatObject(n) for n in (300, 30, 419, 149)])


def _text_field(writer: IncrementalPdfFileWriter) -> None:
    field = dictionary(FT=pdf_name("/Tx"), T=generic.TextStringObject("sum"), V=generic.TextStringObject("0"))
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(writer.add_object(field))
    writer.update_container(fields)


def _title(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(dictionary(Title=generic.TextStringObject("另一份报告")))


def _uncertified(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def _signature_taken_out(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/AcroForm"]
    del writer.root["/Perms"]
    writer.update_root()


def _signature_hidden(writer: IncrementalPdfFileWriter) -> None:
    del _field(writer)["/V"]


def stranger() -> Identity:
    """A seal of the same unit name under a root of the same name, made by somebody else."""
    made = make_demo_identity(workbench.UNIT, b"x", at=workbench.AT - timedelta(days=1))
    return read_identity(made.pkcs12, b"x", at=workbench.AT)


def sign_field(pdf: bytes, field: str, identity: Identity, *, new: bool = False, certify: bool = False) -> bytes:
    """Sign with the bare library, as a stranger would, in a new field or in a reserved one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if new:
        append_signature_field(writer, SigFieldSpec(field, on_page=0, box=(20, 20, 120, 120)))
    (certificate,) = load_certs_from_pemder_data(identity.certificate_der)
    key = load_private_key_from_pemder_data(identity.key_der, passphrase=None)
    signer = SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.ANNOTATE,
    )
    out = io.BytesIO()
    SignerAt(metadata, at=workbench.AT, signer=signer).sign_pdf(writer, existing_fields_only=True, output=out)
    return out.getvalue()


def _sneaky_second_signature(sealed: bytes) -> bytes:
    return sign_field(sealed, "Seal2", stranger(), new=True)


def _fake_authority(sealed: bytes) -> bytes:
    pdf = workbench.report()
    digest = sha256_hex(pdf)
    return press(
        pdf,
        signer_of(stranger()),
        workbench.picture(),
        workbench.PLACE,
        at=workbench.AT,
        reason="",
        digest_expected=digest,
    )


def _no_certification(sealed: bytes) -> bytes:
    return sign_field(workbench.report(), "Seal1", workbench.identity(), new=True)


def _lax_certification(sealed: bytes) -> bytes:
    return sign_field(workbench.report(), "Seal1", workbench.identity(), new=True, certify=True)


def _other_field_name(sealed: bytes) -> bytes:
    return sign_field(workbench.report(), "Stamp", workbench.identity(), new=True, certify=True)


def _transplanted(sealed: bytes) -> bytes:
    """The genuine signature, set into the gap of another document sealed by a stranger."""
    pdf = workbench.report("另一份报告")
    other = press(
        pdf,
        signer_of(stranger()),
        workbench.picture(),
        workbench.PLACE,
        at=workbench.AT,
        reason="",
        digest_expected=sha256_hex(pdf),
    )
    (start, end), (from_, to) = workbench.signature_gap(other), workbench.signature_gap(sealed)
    genuine = sealed[from_ + 1 : to - 1].rstrip(b"0").ljust(end - start - 2, b"0")
    return other[: start + 1] + genuine[: end - start - 2] + other[end - 1 :]


def _rewritten_by_qpdf(sealed: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(sealed)
        subprocess.run(["qpdf", "--object-streams=generate", source, target], check=True, capture_output=True)
        return target.read_bytes()


def _rewritten_by_pypdf(sealed: bytes) -> bytes:
    out = io.BytesIO()
    pypdf.PdfWriter(clone_from=io.BytesIO(sealed)).write(out)
    return out.getvalue()


def _encrypted(sealed: bytes) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(sealed)), io.BytesIO()
    writer.encrypt("x", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def _range(sealed: bytes, change: Callable[[int, int, int], tuple[int, int, int]]) -> bytes:
    """Rewrite the byte range in place, at the same length."""
    found = list(re.finditer(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\s*\]", sealed))[-1]
    text = "/ByteRange [0 {} {} {}".format(*change(*(int(group) for group in found.groups())))
    return sealed[: found.start()] + (text.ljust(len(found[0]) - 1) + "]").encode() + sealed[found.end() :]


def _gap_widened(sealed: bytes) -> bytes:
    return _range(sealed, lambda before, end, after: (before, end + 40, after - 40))


def _range_cut_short(sealed: bytes) -> bytes:
    return _range(sealed, lambda before, end, after: (before, end, after - 10))


def _bytes_in_gap(sealed: bytes) -> bytes:
    """Comment bytes between the signature string and the signed rest, hidden in a widened gap."""
    _, end = workbench.signature_gap(sealed)
    return _range(sealed[:end] + b"%evil\n" + sealed[end:], lambda before, gap, after: (before, gap + 6, after))


def _in_gap(content: Callable[[bytes], bytes]) -> Forgery:
    def forge(sealed: bytes) -> bytes:
        start, end = workbench.signature_gap(sealed)
        changed = content(sealed[start + 1 : end - 1])
        assert len(changed) == end - start - 2
        return sealed[: start + 1] + changed + sealed[end - 1 :]

    return forge


APPENDED: dict[str, Change] = {
    "overlay": _overlay,
    "annotation": _annotation,
    "page replaced": _replaced_page,
    "page removed": _removed_page,
    "script on opening": _script,
    "hidden layer": _layer,
    "attachment": _attachment,
    "other seal picture": _other_picture,
    "seal moved": _moved_seal,
    "form field added": _text_field,
    "title changed": _title,
    "certification removed": _uncertified,
    "form removed": _signature_taken_out,
    "signature value removed": _signature_hidden,
}
FORGERIES: dict[str, Forgery] = {
    **{name: appended(change) for name, change in APPENDED.items()},
    "sneaky second signature": _sneaky_second_signature,
    "same-name fake authority": _fake_authority,
    "sealed without certification": _no_certification,
    "certified, but comments allowed": _lax_certification,
    "sealed in another field": _other_field_name,
    "signature of another document": _transplanted,
    "rewritten by qpdf": _rewritten_by_qpdf,
    "rewritten by pypdf": _rewritten_by_pypdf,
    "encrypted": _encrypted,
    "rolled back to the unsigned document": lambda sealed: sealed[: len(workbench.report())],
    "junk after the end": lambda sealed: sealed + b"junk\n",
    "one line break after the end": lambda sealed: sealed + b"\n",
    "last byte cut off": lambda sealed: sealed[:-1],
    "truncated": lambda sealed: sealed[: len(sealed) * 2 // 3],
    "unsigned document appended": lambda sealed: sealed + workbench.report(),
    "appended to another document": lambda sealed: workbench.report("另一份报告") + sealed,
    "junk before the head": lambda sealed: b"junk\n" + sealed,
    "gap widened": _gap_widened,
    "range cut short": _range_cut_short,
    "bytes in the gap": _bytes_in_gap,
    "signature of zeros": _in_gap(lambda digits: b"0" * len(digits)),
    "padding used": _in_gap(lambda digits: digits[:-8] + b"deadbeef"),
    "letters of another case": _in_gap(lambda digits: digits[:200].swapcase() + digits[200:]),
}
