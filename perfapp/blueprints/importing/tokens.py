"""What goes from step to step of an import: the file by its digest, signed for the person who brought it."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor
from perfapp.services.importing import Upload

MAX_SECONDS = 24 * 3600
_LOST = "没有找到这次上传：可能已超过一天，或者不是您上传的。请重新上传文件。"


@dataclass(frozen=True, slots=True)
class Step:
    """The upload, and behind the preview how it is read and what was seen then."""

    upload: Upload
    mapping: dict[str, Any] | None = None
    seen: str = ""


def sign(actor: Actor, cycle_id: int, step: Step) -> str:
    upload = step.upload
    said = [actor.id, cycle_id, upload.target, upload.sha256, upload.filename, step.mapping, step.seen]
    return str(_serializer().dumps(said))


def opened(actor: Actor, cycle_id: int, token: str) -> Step:
    """The step behind the token; NotFound for another's, for another year's, for an old or broken one."""
    try:
        person_id, cycle, target, sha256, filename, mapping, seen = _serializer().loads(token, max_age=MAX_SECONDS)
    except (BadData, TypeError, ValueError) as error:
        raise NotFound(_LOST) from error
    if person_id != actor.id or cycle != cycle_id:
        raise NotFound(_LOST)
    return Step(Upload(target, sha256, filename), mapping, seen)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="import")
