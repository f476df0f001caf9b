"""Press the seal: a visible PAdES signature, appended, so that the first bytes stay the document that was issued.

Baseline B-B with no time proof; with one B-T, and with revocation lists B-LTA (ETSI EN 319 142-1): what a verifier
needs stands in the seal's own revision, and the next one is the archive time stamp over it and nothing else.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, pem
from PIL import Image, UnidentifiedImageError
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, Signer, SimpleSigner
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from perfapp.core.errors import Invalid
from perfapp.core.seal_place import SealPlace
from perfapp.signing import fields
from perfapp.signing.certificate import Identity, describe, refuse_unfit
from perfapp.signing.digest import sha256_hex
from perfapp.signing.edges import press_edges
from perfapp.signing.trusted_time import AuthorityStamper, NoTimeProof, TimeProof, TimeServerAway

_DIGEST = "sha256"
_ACTIVE = ("/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Collection")


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
    _refuse_unfit(pdf, signer, digest_expected, at)
    picture = _picture(picture_png)
    writer = _plain(pdf)
    fields.prepare(writer, (place, *reserved), timed=_is_archival(time_proof))
    press_edges(writer, picture, place.diameter_mm)
    statement = _Statement(reason, location, contact)
    return _sealed(pdf, writer, _Act(signer, picture, fields.SEALS[0], at, statement, time_proof))


def countersign(
    sealed: bytes,
    signer: Signer,
    picture_png: bytes,
    *,
    at: datetime,
    reason: str,
    digest_expected: str,
    location: str = "",
    contact: str = "",
    time_proof: TimeProof | None = None,
) -> bytes:
    """One more seal, into the first field reserved for it; the sealed file stays as it is, to its last byte."""
    _refuse_unfit(sealed, signer, digest_expected, at)
    writer = _opened(sealed)
    empty = [name for name, _, _ in enumerate_sig_fields(writer.prev, filled_status=False)]
    field = next((name for name in fields.SEALS[1:] if name in empty), None)
    if field is None:
        raise Invalid("这份文件没有为上级单位预留用印位置，不能加盖，须在原盖章前预留。")
    if any(name not in empty for name in fields.RENEWALS if name in _made(writer)):
        raise Invalid("这份文件的存档时间戳已经续期，不能再加盖上级印章。")
    if _is_archival(time_proof) is not (fields.time_of(field) in empty):
        raise Invalid("这份文件原来的签章与现在的时间戳设置不一致，不能加盖，请系统管理员核对时间戳设置。")
    statement = _Statement(reason, location, contact)
    return _sealed(sealed, writer, _Act(signer, _picture(picture_png), field, at, statement, time_proof))


def renew(sealed: bytes, time_proof: TimeProof, certificates: Sequence[bytes], *, digest_expected: str) -> bytes:
    """One more time stamp over the whole file, which stays as it is; before it, what it takes to check the last one.

    `certificates` (DER) are those that the last time stamp and the new one hang from their roots by.
    """
    if sha256_hex(sealed) != digest_expected:
        raise Invalid("归档文件与登记的指纹不一致，没有续期，请联系系统管理员。")
    writer = _opened(sealed)
    empty = [name for name, _, _ in enumerate_sig_fields(writer.prev, filled_status=False)]
    field = next((name for name in fields.RENEWALS if name in empty), None)
    if field is None:
        raise Invalid("文件里没有预留续期的位置，不能续期；以后以归档登记的指纹为准。")
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[found for der in certificates for found in load_certs_from_pemder_data(der)],
        crls=[crl.CertificateList.load(der) for der in time_proof.revocation_lists],
    )
    stamper, out = AuthorityStamper(time_proof.source, time_proof.roots), io.BytesIO()
    try:
        PdfTimeStamper(stamper, field_name=field).timestamp_pdf(writer, _DIGEST, output=out)
    except TimestampRequestError as error:
        raise TimeServerAway("时间戳服务没有给出可信时间") from error
    if not out.getvalue().startswith(sealed):
        raise RuntimeError("renewing changed the document it was given")
    return out.getvalue()


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


@dataclass(frozen=True)
class _Statement:
    """What the seal says of itself."""

    reason: str
    location: str
    contact: str


@dataclass(frozen=True)
class _Act:
    """One pressing of one seal into one field."""

    signer: Signer
    picture: PdfImage
    field: str
    at: datetime
    statement: _Statement
    time_proof: TimeProof | None


def _sealed(before: bytes, writer: _QuietWriter, act: _Act) -> bytes:
    stamper = AuthorityStamper(act.time_proof.source, act.time_proof.roots) if act.time_proof else None
    pen = SignerAt(_metadata(act), at=act.at, signer=act.signer, timestamper=stamper, stamp_style=_style(act.picture))
    out = io.BytesIO()
    try:
        pen.sign_pdf(writer, existing_fields_only=True, output=out)
        if stamper is not None and _is_archival(act.time_proof):
            out = _archived(out, stamper, fields.time_of(act.field))
    except TimestampRequestError as error:
        raise TimeServerAway("时间戳服务没有给出可信时间") from error
    except (SigningError, PathError, ValidationError) as error:
        raise NoTimeProof("印章证书或时间戳证书未通过有效性检查，未盖章，请由印章管理员核对证书和吊销列表。") from error
    if not out.getvalue().startswith(before):
        raise RuntimeError("sealing changed the document it was given")
    return out.getvalue()


def _archived(signed: io.BytesIO, stamper: AuthorityStamper, field: str) -> io.BytesIO:
    """The time stamp over everything; what it takes to check it stands in the seal's revision already."""
    out = io.BytesIO()
    PdfTimeStamper(stamper, field_name=field).timestamp_pdf(_QuietWriter(signed), _DIGEST, output=out)
    return out


def _refuse_unfit(pdf: bytes, signer: Signer, digest_expected: str, at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("the moment of sealing needs a time zone")
    if sha256_hex(pdf) != digest_expected:
        raise Invalid("待盖章的文件与签发时的文件不一致（SHA-256 不同），未盖章，请重新生成文件并重新签发。")
    if signer.signing_cert is None:
        raise Invalid("印章没有证书，未盖章，请系统管理员重新登记印章。")
    refuse_unfit(signer.signing_cert.dump(), at=at)


def _is_archival(time_proof: TimeProof | None) -> bool:
    return time_proof is not None and bool(time_proof.revocation_lists)


def _metadata(act: _Act) -> PdfSignatureMetadata:
    said, certificate = act.statement, act.signer.signing_cert
    return PdfSignatureMetadata(
        field_name=act.field,
        md_algorithm=_DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=act.field == fields.SEALS[0],
        docmdp_permissions=MDPPerm.FILL_FORMS,  # a later seal may fill its reserved field, nothing else may change
        name=describe(pem.armor("CERTIFICATE", certificate.dump() if certificate else b"")).holder,
        reason=said.reason,
        location=said.location or None,
        contact_info=said.contact or None,
        validation_context=act.time_proof.context(act.at) if act.time_proof else None,
        embed_validation_info=_is_archival(act.time_proof),
        dss_settings=DSSContentSettings(
            include_vri=False,
            placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,  # so that the seal covers it
        ),
    )


def _picture(picture_png: bytes) -> PdfImage:
    try:
        picture = Image.open(io.BytesIO(picture_png), formats=["PNG"]).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("印章图片不是可读取的 PNG 图片，请重新制作印章图片。") from error
    return PdfImage(picture, name="Seal")


def _style(picture: PdfImage) -> StaticStampStyle:
    return StaticStampStyle(
        border_width=0,
        background=picture,
        background_opacity=1.0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
        ),
    )


def _made(writer: _QuietWriter) -> list[str]:
    return [name for name, _, _ in enumerate_sig_fields(writer.prev)]


def _opened(pdf: bytes) -> _QuietWriter:
    try:
        writer = _QuietWriter(io.BytesIO(pdf))
        encrypted = writer.prev.encrypted
    except fields.UNREADABLE as error:
        raise Invalid("待盖章的文件不是可读取的 PDF，未盖章，请重新生成文件。") from error
    if encrypted:
        raise Invalid("待盖章的 PDF 已加密，未盖章，请提供未加密的文件。")
    return writer


def _plain(pdf: bytes) -> _QuietWriter:
    """Open the document for appending, if it is plain enough to vouch for."""
    writer = _opened(pdf)
    try:
        active = [key for key in _ACTIVE if key in writer.root]
        names = fields.value(writer.root, "/Names", {})
        active += [key for key in ("/JavaScript", "/EmbeddedFiles") if key in names]
        revisions = writer.prev.xrefs.total_revisions
    except fields.UNREADABLE as error:
        raise Invalid("待盖章的文件不是可读取的 PDF，未盖章，请重新生成文件。") from error
    if active:
        raise Invalid(f"待盖章的 PDF 含有表单、脚本、图层或附件（{'、'.join(active)}），盖章后内容可能变化，未盖章。")
    if revisions != 1:
        raise Invalid("待盖章的 PDF 生成后又被追加过内容，可能藏有别的文本，未盖章，请重新生成文件。")
    return writer
