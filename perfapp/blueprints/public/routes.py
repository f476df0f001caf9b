"""What anybody may see: verification of a file, and whether the system is up."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import public
from perfapp.blueprints.incoming import file_name
from perfapp.core.errors import DomainError, Invalid
from perfapp.data import surroundings
from perfapp.services import verifying

blueprint = Blueprint("public", __name__)


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
    status: int, *, answer: verifying.Answer | None = None, filename: str = "", refusal: str = ""
) -> ResponseReturnValue:
    page = render_template(
        "public/verify.html", answer=answer, filename=filename, refusal=refusal, max_bytes=verifying.MAX_BYTES
    )
    return page, status
