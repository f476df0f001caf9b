"""Pressing the seal and judging a sealed file, beside what the library alone takes."""

import asyncio
import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto.keys import PrivateKeyInfo
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader

from bench import content
from bench.measure import TIMES, Act, Finding, Goal, interleaved, row
from perfapp.core.snapshot import Snapshot
from perfapp.data.blobs import write_file
from perfapp.documents.pdf import render_pdf, seal_anchor
from perfapp.services.time_stamping import TimeServer
from perfapp.signing.certificate import Identity, make_demo_identity, read_identity
from perfapp.signing.digest import sha256_hex
from perfapp.signing.issuing import demo_time
from perfapp.signing.picture import draw_seal
from perfapp.signing.seal import press, signer_of
from perfapp.signing.trusted_time import TimeProof
from perfapp.signing.verdict import examine
from tests.time_server import time_server
from tests.unit.documents.samples import UNIT

ROUNDS = 15
PAGES = 20
PASSWORD = b"only for this bench"


def findings() -> list[Finding]:
    now = datetime.now(UTC)
    made, time = make_demo_identity(UNIT, PASSWORD, at=now), demo_time(now)
    roots, picture = [made.root_pem, time.root_pem], draw_seal(UNIT, demo=True)
    pdfs = [render_pdf(_long_report(number), {}) for number in range(ROUNDS + 1)]
    own = read_identity(made.pkcs12, PASSWORD, at=now)
    with time_server(time.authority) as address, tempfile.TemporaryDirectory(prefix="pb-") as folder:
        proof = TimeProof(
            TimeServer(address), (made.root_pem, time.root_pem), (made.revocation_list, time.revocation_list)
        )

        def sealed(number: int, time_proof: TimeProof | None = proof) -> bytes:
            signer = signer_of(read_identity(made.pkcs12, PASSWORD, at=now))
            pdf, at = pdfs[number], datetime.now(UTC)
            digest = sha256_hex(pdf)
            return press(
                pdf, signer, picture, seal_anchor(), at=at, reason="用印", digest_expected=digest, time_proof=time_proof
            )

        files = [sealed(number) for number in range(ROUNDS + 1)]

        def whole(number: int) -> None:
            path, data = Path(folder) / f"{number}.pdf", sealed(number)
            write_file(path, data)
            if not examine(path.read_bytes(), roots, at=datetime.now(UTC)).is_valid:
                raise RuntimeError("the seal does not hold")

        rivals: dict[str, Act] = {
            "press, B-LTA": sealed,
            "press, B-LTA, store durably, verify": whole,
            "press without time stamps, B-B": lambda number: sealed(number, None),
            "bare pyHanko signature": lambda number: _bare_signature(pdfs[number], own),
            "verify": lambda number: examine(files[number], roots, at=datetime.now(UTC)),
            "bare pyHanko validation": lambda number: _bare_validation(files[number], made.root_pem),
        }
        seconds = interleaved(rivals, ROUNDS)
    worst = [sorted(seconds[name])[-1] for name in ("press, B-LTA, store durably, verify", "verify")]
    pages = len(PdfReader(io.BytesIO(pdfs[0])).pages)
    return [
        Finding(
            "Seal and verify",
            [
                Goal("pages of the report", pages, PAGES, at_least=True),
                Goal("press with archive time stamp, store and verify, slowest", worst[0], 1.5, " s"),
                Goal("verify, slowest", worst[1] * 1000, 200, " ms"),
            ],
            [TIMES, *(row(name, took) for name, took in seconds.items())],
            [
                f"{pages} pages, a P-256 certificate under a root of its own, three time stamps over HTTP from the"
                " demo's time server on the same machine, revocation lists inside. Press opens the PKCS#12 each time,"
                " checks the digest, draws the seal over the edges of all pages, places and tags it, allows no change.",
                "The bare signature has no picture, no tag, no time stamp and no checks; the bare validation judges one"
                " signature and not what was appended, the certified permissions or the form around it.",
            ],
        )
    ]


def _long_report(number: int) -> Snapshot:
    """The sample with its annex three times over."""
    sample = content.report(number)
    return sample.model_copy(update={"annexes": sample.annexes * 5})


def _bare_signature(pdf: bytes, identity: Identity) -> bytes:
    certificate = next(iter(load_certs_from_pemder_data(identity.certificate_der)))
    key: PrivateKeyInfo = load_private_key_from_pemder_data(identity.key_der, passphrase=None)
    signer = SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=SimpleCertificateStore())
    field = SigFieldSpec("Seal1")
    out = io.BytesIO()
    stamp = PdfSigner(PdfSignatureMetadata(field_name="Seal1", md_algorithm="sha256"), signer, new_field_spec=field)
    stamp.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def _bare_validation(pdf: bytes, root: bytes) -> None:
    context = ValidationContext(trust_roots=list(load_certs_from_pemder_data(root)), allow_fetching=False)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[0]
    status = asyncio.run(async_validate_pdf_signature(signature, signer_validation_context=context))
    if not status.intact:
        raise RuntimeError("the signature is not intact")
