"""Press the seal: a visible PAdES signature, appended, so that the first bytes stay the document that was issued.

Baseline B-B with no time proof; with one B-T, and with revocation lists B-LT, in one revision (ETSI EN 319 142-1).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import pem, tsp
from PIL import Image, UnidentifiedImageError
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from perfapp.core.errors import DomainError, Invalid
from perfapp.core.seal_place import SealPlace
from perfapp.signing.certificate import Identity, describe, refuse_unfit
from perfapp.signing.digest import sha256_hex

FIELD_NAMES = tuple(f"Seal{number}" for number in range(1, 10))

_POINTS_PER_MM = 72 / 25.4
_ACTIVE = ("/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Collection")
_UNREADABLE = (PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class NoTimeProof(DomainError):
    """The time stamp or the proof that the certificate is not revoked could not be had; nothing was sealed."""

    status = 503


class TimeStampSource(Protocol):
    """A time stamp authority; the caller owns the network, this room only the bytes."""

    def answer(self, query: bytes) -> bytes:
        """The RFC 3161 response to a DER query; raises OSError when it cannot be had."""


@dataclass(frozen=True)
class TimeProof:
    """Where trusted time comes from, which roots it and the seal hang from (PEM), and revocation lists (DER)."""

    source: TimeStampSource
    roots: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...] = ()


def press(
    pdf: bytes,
    signer: Signer,
    picture_png: bytes,
    place: SealPlace,
    *,
    at: datetime,
    reason: str,
    digest_expected: str,
    location: str = "",
    contact: str = "",
    reserved: Sequence[SealPlace] = (),
    time_proof: TimeProof | None = None,
) -> bytes:
    """The sealed PDF, beginning with the bytes given; `reserved` places get empty fields Seal2, Seal3 … for later.

    `signer` reaches the key, wherever that lies, and knows its certificate and the chain above it. Raises Invalid for a
    document, picture, place or certificate that cannot be used, NoTimeProof without trusted time.
    """
    if at.tzinfo is None:
        raise ValueError("the moment of sealing needs a time zone")
    if sha256_hex(pdf) != digest_expected:
        raise Invalid("待盖章的文件与签发时的文件不一致（SHA-256 不同），未盖章，请重新生成文件并重新签发。")
    certificate = _certificate(signer)
    refuse_unfit(certificate, at=at)
    writer = _writer(pdf)
    _prepare_fields(writer, (place, *reserved))
    act = SignerAt(
        _metadata(certificate, at, reason, location, contact, time_proof),
        at=at,
        signer=signer,
        timestamper=_AuthorityStamper(time_proof.source) if time_proof else None,
        stamp_style=_style(picture_png),
    )
    sealed = _signed(act, writer)
    if not sealed.startswith(pdf):
        raise RuntimeError("sealing changed the document it was given")
    return sealed


def _signed(act: "SignerAt", writer: "_QuietWriter") -> bytes:
    out = io.BytesIO()
    try:
        act.sign_pdf(writer, existing_fields_only=True, output=out)
    except (TimestampRequestError, OSError) as error:
        raise NoTimeProof("时间戳服务没有给出可信时间，未盖章，请稍后重试或联系系统管理员。") from error
    except (SigningError, PathError, ValidationError) as error:
        raise NoTimeProof("印章证书或时间戳证书未通过有效性检查，未盖章，请由印章管理员核对证书和吊销列表。") from error
    return out.getvalue()


class _QuietWriter(IncrementalPdfFileWriter):
    """Leaves the document's own description alone: PDF/A wants it consistent, and the host clock stays out."""

    def _update_meta(self) -> None:
        """Write no ModDate and no producer of our own: when it was sealed is said by the seal."""


class SignerAt(PdfSigner):
    """Signs at the moment it is told, not at the moment of the host clock."""

    def __init__(self, metadata: PdfSignatureMetadata, *, at: datetime, **settings: Any) -> None:
        super().__init__(metadata, **settings)
        self._at = at

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self._at
        return session


class _AuthorityStamper(TimeStamper):
    """Speaks to the library's asynchronous face with the caller's plain source."""

    def __init__(self, source: TimeStampSource) -> None:
        TimeStamper.__init__(self)
        self._source = source

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            return tsp.TimeStampResp.load(self._source.answer(req.dump()), strict=True)
        except ValueError as error:
            raise TimestampRequestError("the answer is no RFC 3161 response") from error


def signer_of(identity: Identity) -> Signer:
    """The signer of a seal whose unlocked key is in memory."""
    chain = SimpleCertificateStore()
    for der in identity.chain_der:
        chain.register_multiple(load_certs_from_pemder_data(der))
    (certificate,) = load_certs_from_pemder_data(identity.certificate_der)
    return SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(identity.key_der, passphrase=None),
        cert_registry=chain,
        embed_roots=False,  # verifiers bring their own roots; a root inside would be bytes nobody vouches for
    )


def _certificate(signer: Signer) -> bytes:
    if signer.signing_cert is None:
        raise Invalid("印章没有证书，未盖章，请系统管理员重新登记印章。")
    return bytes(signer.signing_cert.dump())


def _metadata(
    certificate: bytes, at: datetime, reason: str, location: str, contact: str, time_proof: TimeProof | None
) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=FIELD_NAMES[0],
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,  # a later seal may fill its reserved field, nothing else may change
        name=describe(pem.armor("CERTIFICATE", certificate)).holder,
        reason=reason,
        location=location or None,
        contact_info=contact or None,
        validation_context=_context(time_proof, at) if time_proof else None,
        embed_validation_info=bool(time_proof and time_proof.revocation_lists),
        dss_settings=DSSContentSettings(
            include_vri=False,
            placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,  # so that nothing follows the signature
        ),
    )


def _context(time_proof: TimeProof, at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[root for given in time_proof.roots for root in load_certs_from_pemder_data(given)],
        crls=list(time_proof.revocation_lists),
        allow_fetching=False,
        revocation_mode="require" if time_proof.revocation_lists else "soft-fail",
        moment=at,
    )


def _style(picture_png: bytes) -> StaticStampStyle:
    try:
        picture = Image.open(io.BytesIO(picture_png), formats=["PNG"]).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("印章图片不是可读取的 PNG 图片，请重新制作印章图片。") from error
    return StaticStampStyle(
        border_width=0,
        background=PdfImage(picture, name="Seal"),
        background_opacity=1.0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
        ),
    )


def _writer(pdf: bytes) -> _QuietWriter:
    """Open the document for appending, if it is plain enough to vouch for."""
    try:
        writer = _QuietWriter(io.BytesIO(pdf))
        encrypted = writer.prev.encrypted
        active = [key for key in _ACTIVE if key in writer.root]
        names = _value(writer.root, "/Names", {})
        active += [key for key in ("/JavaScript", "/EmbeddedFiles") if key in names]
    except _UNREADABLE as error:
        raise Invalid("待盖章的文件不是可读取的 PDF，未盖章，请重新生成文件。") from error
    if encrypted:
        raise Invalid("待盖章的 PDF 已加密，未盖章，请提供未加密的文件。")
    if active:
        raise Invalid(f"待盖章的 PDF 含有表单、脚本、图层或附件（{'、'.join(active)}），盖章后内容可能变化，未盖章。")
    return writer


def _prepare_fields(writer: IncrementalPdfFileWriter, places: Sequence[SealPlace]) -> None:
    """All fields before the first seal: a field added later would break it (DocMDP)."""
    if len(places) > len(FIELD_NAMES):
        raise Invalid(f"一份文件最多预留 {len(FIELD_NAMES)} 枚印章。")
    for name, place in zip(FIELD_NAMES, places, strict=False):
        page_ref, box = _box(writer, place)
        append_signature_field(
            writer,
            SigFieldSpec(name, on_page=place.page, box=box, readable_field_name="单位印章"),  # type: ignore[arg-type]
        )
        _tag(writer, writer.root["/AcroForm"]["/Fields"].raw_get(-1), page_ref)


def _box(writer: IncrementalPdfFileWriter, place: SealPlace) -> tuple[generic.IndirectObject, tuple[float, ...]]:
    """The page and the seal's square on it, in points from the lower left corner."""
    try:
        page_ref = writer.find_page_for_modification(place.page)[0]
        page = page_ref.get_object()
        visible = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox")
        left, bottom, right, top = (float(edge) for edge in visible)
        turned = int(_inherited(page, "/Rotate") or 0) % 360
    except _UNREADABLE as error:
        raise Invalid(f"文件没有第 {place.page + 1} 页或该页无法读取，不能盖章，请核对用印位置。") from error
    if turned:
        raise Invalid(f"第 {place.page + 1} 页是旋转过的页面，不能盖章，请重新生成文件。")
    x, y = left + place.centre_x_mm * _POINTS_PER_MM, top - place.centre_y_mm * _POINTS_PER_MM
    half = place.diameter_mm * _POINTS_PER_MM / 2
    if not (left <= x - half and x + half <= right and bottom <= y - half and y + half <= top):
        raise Invalid(f"印章会超出第 {place.page + 1} 页的边缘，不能盖章，请核对用印位置。")
    return page_ref, (x - half, y - half, x + half, y + half)


def _inherited(page: Any, key: str) -> Any:
    while page is not None:
        if key in page:
            return page[key]
        page = _value(page, "/Parent")
    return None


def _value(dictionary: generic.DictionaryObject, key: str, otherwise: Any = None) -> Any:
    """What stands under a key, references followed: the library's own get() leaves them as they are."""
    try:
        return dictionary[key]
    except KeyError:
        return otherwise


def _tag(writer: IncrementalPdfFileWriter, field_ref: generic.IndirectObject, page_ref: generic.IndirectObject) -> None:
    """Hang the seal into the structure tree of a tagged document (PDF/UA-1, 7.18.4); untagged ones are left alone."""
    tree = _value(writer.root, "/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree or "/K" not in tree:
        return
    kids = tree["/K"]
    top_ref = kids.raw_get(0) if isinstance(kids, generic.ArrayObject) else tree.raw_get("/K")
    top, key = top_ref.get_object(), _next_key(tree)
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): top_ref,
                pdf_name("/Pg"): page_ref,
                pdf_name("/Alt"): generic.TextStringObject("单位印章"),
                pdf_name("/K"): generic.DictionaryObject(
                    {pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): field_ref, pdf_name("/Pg"): page_ref}
                ),
            }
        )
    )
    _append_kid(writer, top, element)
    _append_number(writer, tree["/ParentTree"], key, element)
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(tree)
    field_ref.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)


def _append_kid(
    writer: IncrementalPdfFileWriter, parent: generic.DictionaryObject, element: generic.IndirectObject
) -> None:
    kids = _value(parent, "/K", generic.ArrayObject())
    if not isinstance(kids, generic.ArrayObject):
        kids = generic.ArrayObject([parent.raw_get("/K")])
    parent[pdf_name("/K")] = generic.ArrayObject([*(kids.raw_get(index) for index in range(len(kids))), element])
    writer.update_container(parent)


def _next_key(tree: generic.DictionaryObject) -> int:
    if "/ParentTreeNextKey" in tree:
        return int(tree["/ParentTreeNextKey"])
    return max((int(key) for key in _leaf(tree["/ParentTree"])["/Nums"][::2]), default=-1) + 1


def _leaf(node: generic.DictionaryObject) -> generic.DictionaryObject:
    """The last leaf of a number tree (ISO 32000-1, 7.9.7): the highest keys live there."""
    while "/Kids" in node:
        node = node["/Kids"][-1]
    return node


def _append_number(
    writer: IncrementalPdfFileWriter, node: generic.DictionaryObject, key: int, element: generic.IndirectObject
) -> None:
    while True:
        if "/Limits" in node:
            node[pdf_name("/Limits")] = generic.ArrayObject([node["/Limits"][0], generic.NumberObject(key)])
            writer.update_container(node)
        if "/Kids" not in node:
            break
        node = node["/Kids"][-1]
    node["/Nums"].extend([generic.NumberObject(key), element])
    writer.update_container(node["/Nums"])
