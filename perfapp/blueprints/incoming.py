"""What comes in from browsers, made fit for the rooms below: numbers a database holds, characters that can be kept."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import IntegerConverter

from perfapp.core.errors import NotFound
from perfapp.data.cycles import CycleView

MAX_NUMBER = 2**31 - 1
MAX_PAGE = 10**6
MAX_FILE_NAME = 200
FILE_BYTES = 20 * 1024 * 1024
FILES_AT_ONCE = 5
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What nobody types and no PDF, Word file or PostgreSQL column takes; it comes along when text is pasted."""


class Values(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address, without the characters that cannot be kept."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(name, kept(value) if isinstance(value, str) else value) for name, value in pairs])


class KeptRequest(Request):
    parameter_storage_class = Values

    def get_json(self, *_: Any, **__: Any) -> Any:
        """No form of ours is sent as JSON, and forms would take it unread; the editor's call reads its own."""
        raise UnsupportedMediaType


class IdConverter(IntegerConverter):
    """`<int:…>` in an address: what no column can hold is no address of ours."""

    regex = r"\d{1,10}"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": MAX_NUMBER, **options})


def init_app(app: Flask) -> None:
    """Before the areas are registered: their addresses are read with the converter that is known then."""
    app.request_class = KeptRequest
    app.url_map.converters["int"] = IdConverter


def allow_several_files() -> None:
    """Evidence comes in several files at once, each within its own limit; every other request holds one."""
    if request.endpoint in {"drafting.add_evidence", "paper.upload"}:
        request.max_content_length = (FILES_AT_ONCE * FILE_BYTES) + 1024 * 1024


def chosen_cycle(known: Sequence[CycleView]) -> CycleView:
    """Of the unit's cycles, newest first, the one that the address asks for, else the newest."""
    wanted = request.args.get("cycle", type=number)
    if wanted is None:
        return known[0]
    found = next((cycle for cycle in known if cycle.id == wanted), None)
    if found is None:
        raise NotFound("没有找到这个年度任务。")
    return found


def kept(text: str) -> str:
    return _UNKEPT.sub("", text)


def number(text: str) -> int:
    """The number a column can hold; ValueError for anything else. Made for `request.args.get(…, type=number)`."""
    found = int(text) if len(text) <= 11 else None
    if found is None or not -MAX_NUMBER <= found <= MAX_NUMBER:
        raise ValueError("no number a column can hold")
    return found


def day(text: str) -> date:
    """The day in any time zone a calendar has; ValueError for anything else."""
    found = date.fromisoformat(text)
    if not date(1900, 1, 1) <= found <= date(2999, 12, 31):
        raise ValueError("no day anybody means")
    return found


def page() -> int:
    """The page of a list that the address asks for, from 1."""
    return min(max(1, request.args.get("page", 1, type=number)), MAX_PAGE)


def file_name(file: FileStorage) -> str:
    """The file's own name, without the folders some browsers send along; a long one is cut before its ending."""
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(ch for ch in name if ch.isprintable()).strip()
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_FILE_NAME or not dot:
        return name[:MAX_FILE_NAME]
    return (stem[: max(0, MAX_FILE_NAME - 1 - len(ending))] + dot + ending)[:MAX_FILE_NAME]
