"""What the page of an office sends while it is filled, and what it is told."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Request

from perfapp import clock
from perfapp.blueprints.incoming import kept
from perfapp.core.errors import Invalid
from perfapp.services.checkpoints import Line, OfficePart

BROKEN = "浏览器发来的内容不完整，没有保存。您填的还在页面上，请再保存一次。"
MAX_BYTES = 1024 * 1024
FIELDS = ("so_far", "outlook", "reason", "measure")
Numbers = dict[str, int]
Typed = dict[str, dict[str, str]]


def version(part: OfficePart) -> str:
    """The number of every answer the page shows, as one value that the page sends back."""
    return json.dumps({line.indicator.key: line.number for line in part.lines})


def posted(request: Request) -> tuple[Numbers, Typed]:
    """The numbers a page stands on, and the answers it changed, each with its number; Invalid for anything else."""
    request.max_content_length = MAX_BYTES
    body = _loaded(request.get_data())
    document = body.get("document") if isinstance(body, dict) else None
    numbers = _numbers(body.get("version")) if isinstance(body, dict) else None
    if numbers is None or not isinstance(document, dict):
        raise Invalid(BROKEN)
    typed: Typed = {}
    for key, fields in document.items():
        if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
            raise Invalid(BROKEN)
        said = {name: kept(text).replace("\r\n", "\n") for name, text in fields.items() if name in FIELDS}
        typed[key] = {**said, "number": str(numbers.get(key, 0))}
    return numbers, typed


def saved(before: Numbers, typed: Typed, now: Mapping[str, int]) -> dict[str, Any]:
    """What was sent stands at its new number; what was not sent is on the page as it was read."""
    numbers = {**before, **{key: now[key] for key in typed if key in now}}
    return {"version": json.dumps(numbers), "saved_at": clock.now().isoformat(), "message": "已保存。"}


def overtaken(message: str, theirs: Sequence[Line]) -> dict[str, Any]:
    """The answers of somebody else, for the page to show beside this person's."""
    return {"message": message, "theirs": [_told(line) for line in theirs]}


def _told(line: Line) -> dict[str, Any]:
    answer, view = line.answer, line.view
    return {
        "key": line.indicator.key,
        "name": line.indicator.name,
        "number": line.number,
        "who": view.person_name if view else "",
        "at": view.at.isoformat() if view else None,
        "answer": {
            "so_far": answer.so_far,
            "outlook": answer.outlook.value if answer.outlook else "",
            "reason": answer.reason,
            "measure": answer.measure,
        },
        "outlook_called": answer.outlook.called if answer.outlook else "",
    }


def _numbers(raw: object) -> Numbers | None:
    found = _loaded(raw) if isinstance(raw, str) else None
    good = isinstance(found, dict) and all(type(number) is int and number >= 0 for number in found.values())
    return found if good else None


def _loaded(raw: str | bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
