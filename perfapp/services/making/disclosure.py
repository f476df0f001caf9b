"""The public's PDF where it differs from the sealed original: made of the covered report, and it says so."""

from typing import Any

from perfapp.data import blobs, disclosures, surroundings
from perfapp.data.session import transaction
from perfapp.documents.pdf import render_pdf
from perfapp.services import disclosing
from perfapp.services.making.progress import Say

PDF = "application/pdf"


def make_public_pdf(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Make it, and hang it on the disclosure if that still has this content."""
    unit_id, disclosure_id = int(payload["unit_id"]), int(payload["disclosure_id"])
    view = disclosures.get(unit_id, disclosure_id)
    edition = disclosing.load(view)
    say(20, "正在生成公开件 PDF")
    found = {digest: blobs.read(digest) for digest in edition.snapshot.picture_digests}
    pdf = render_pdf(edition.snapshot, found, font_folder=surroundings.settings().font_folder)
    say(90, "正在保存")
    with transaction():
        digest = blobs.put(pdf, PDF)
        present = disclosures.lock(unit_id, disclosure_id)
        if present.content_sha256 == edition.sha256 and present.pdf_sha256 is None:
            disclosures.write(disclosure_id, pdf_sha256=digest)
    return {"pdf_sha256": digest}
