"""The page 体检: a file in, the answer on the same page; nothing of it is kept."""

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.blueprints.checking.text import TONES, Shown, shown
from perfapp.blueprints.incoming import file_name
from perfapp.core.checking.check import Checkup
from perfapp.core.checking.findings import SEVERITY_NAMES, Finding, Severity
from perfapp.core.errors import DomainError, Invalid
from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Manuscript, Place
from perfapp.core.permissions import Permission
from perfapp.documents.worksheet import MEDIA_TYPE
from perfapp.services import checking

blueprint = Blueprint("checking", __name__)

MAX_FIGURES: Final = 1_000
_AROUND: Final = 12


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity, each with its number on the page."""

    name: str
    tone: str
    findings: tuple[tuple[int, Finding], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the page shows of one file."""

    name: str
    manuscript: Manuscript
    checkup: Checkup
    shown: Shown
    workbook: str
    json: str

    @property
    def stem(self) -> str:
        return self.name.rsplit(".", 1)[0]

    @property
    def counts(self) -> list[dict[str, str | int]]:
        counted: list[dict[str, str | int]] = [
            {"name": name, "value": self.checkup.count(severity)} for severity, name in SEVERITY_NAMES.items()
        ]
        return [
            *counted,
            {"name": "成立的关系", "value": len(self.checkup.passed)},
            {"name": "读到的数字", "value": len(self.checkup.figures)},
        ]

    @property
    def groups(self) -> list[Group]:
        numbered = list(enumerate(self.checkup.findings, start=1))
        groups = [
            Group(SEVERITY_NAMES[level], TONES[level], tuple(one for one in numbered if one[1].severity is level))
            for level in Severity
        ]
        return [group for group in groups if group.findings]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return self.checkup.figures[:MAX_FIGURES]

    def links(self, places: tuple[Place, ...]) -> list[tuple[int, str, str]]:
        """Line, words and anchor of each passage that is shown."""
        found: dict[str, tuple[int, str, str]] = {}
        for place in places:
            if anchor := self.shown.anchors.get(place):
                found.setdefault(anchor, (place.line, " ".join(self.manuscript.quoted(place).split()), anchor))
        return list(found.values())

    def around(self, figure: Figure) -> tuple[str, str, str]:
        """A few words before a figure, the figure, and after."""
        text = self.manuscript.line(figure.place.line).text.replace("\t", " ")
        start, end = figure.place.start, figure.place.end
        return text[max(0, start - _AROUND) : start].lstrip(), text[start:end], text[end : end + _AROUND].rstrip()


@blueprint.get("/checkup")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    return _page(200)


@blueprint.post("/checkup")
@requires(Permission.SIGN_IN)
def check_do() -> ResponseReturnValue:
    upload = request.files.get("file")
    try:
        if upload is None or not upload.filename:
            raise Invalid("请先选择要体检的报告。", field="file")
        name = file_name(upload)
        with upload.stream as stream:  # a large one is a nameless file on disk, gone with this line
            data = stream.read(checking.MAX_BYTES + 1)
        manuscript, checkup = checking.check_file(name, data)
    except DomainError as refusal:
        return _page(refusal.status, refusal=refusal.message)
    return _page(200, answer=_answer(name, manuscript, checkup))


def _answer(name: str, manuscript: Manuscript, checkup: Checkup) -> Answer:
    return Answer(
        name=name,
        manuscript=manuscript,
        checkup=checkup,
        shown=shown(manuscript, checkup.findings),
        workbook=_link(MEDIA_TYPE, checking.workbook(manuscript, checkup)),
        json=_link("application/json", json.dumps(checking.as_json(checkup), ensure_ascii=False, indent=1).encode()),
    )


def _link(media_type: str, data: bytes) -> str:
    """The file inside the address itself: it can be saved from the page, and the server keeps nothing."""
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def _page(status: int, *, answer: Answer | None = None, refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "checking/checkup.html",
        answer=answer,
        refusal=refusal,
        max_bytes=checking.MAX_BYTES,
        accept=",".join(f".{ending}" for ending in checking.ENDINGS),
    )
    return page, status
