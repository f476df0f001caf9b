"""What anybody may see: verification of a file, and whether the system is up."""

import hashlib
import io

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import public
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.incoming import file_name
from perfapp.core.errors import DomainError, Invalid
from perfapp.data import surroundings
from perfapp.services import verifying
from perfapp.services.downloads import File

blueprint = Blueprint("public", __name__)
_PEM = "application/x-pem-file"


@blueprint.get("/verify")
@public
def verify() -> ResponseReturnValue:
    return _page(200)


@blueprint.post("/verify")
@public
def verify_do() -> ResponseReturnValue:
    """Two answers about the file; nothing of it is kept."""
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("请先选择要查验的 PDF 文件。", field="file")
        verifying.count_visit(request.remote_addr or "")
        with upload.stream as stream:  # a large one is a nameless file on disk, gone with this line
            data = stream.read(verifying.MAX_BYTES + 1)
        answer = verifying.verify(data)
    except DomainError as refusal:
        return _page(refusal.status, refusal=refusal.message)
    return _page(200, answer=answer, filename=file_name(upload))


@blueprint.get("/verify/code")
@public
def code() -> ResponseReturnValue:
    """The code somebody typed: on to the state's own address."""
    typed = request.args.get("code", "")
    try:
        state = verifying.look_up(typed, request.remote_addr or "")
    except DomainError as refusal:
        return _page(refusal.status, code=typed, code_refusal=refusal.message)
    return redirect(url_for("public.state", code=state.report.verify_code), code=303)


@blueprint.get("/verify/roots.pem")
@public
def roots() -> ResponseReturnValue:
    """What other tools have to trust before they can judge a seal of ours: certificates, no keys."""
    pem = verifying.trusted_roots().encode()
    return handed_out(File(io.BytesIO(pem), "电子印章根证书.pem", _PEM, hashlib.sha256(pem).hexdigest()))


@blueprint.get("/v/<code>")
@public
def state(code: str) -> ResponseReturnValue:
    """The public state of a sealed report: where the QR code on its last page leads."""
    try:
        found = verifying.look_up(code, request.remote_addr or "")
    except DomainError as refusal:
        return _page(refusal.status, code=code, code_refusal=refusal.message)
    return render_template("public/state.html", state=found)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Alive: the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready: the database answers, too."""
    if surroundings.is_database_reachable():
        return {"status": "ok"}
    return {"status": "unavailable", "message": "数据库连不上，请稍后再试。"}, 503


def _page(
    status: int,
    *,
    answer: verifying.Answer | None = None,
    filename: str = "",
    refusal: str = "",
    code: str = "",
    code_refusal: str = "",
) -> ResponseReturnValue:
    page = render_template(
        "public/verify.html",
        answer=answer,
        filename=filename,
        refusal=refusal,
        code=code[:64],
        code_refusal=code_refusal,
        max_bytes=verifying.MAX_BYTES,
    )
    return page, status
