"""What the forms of a report's page send, as values; nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request

from perfapp.blueprints import incoming
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.report_flow import ReportAction

MAX_WORDS = 1000
STALE = "页面已经过期，请刷新后再办理。"


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version and which content the person had before his eyes."""

    version: int
    sha256: str


def seen() -> Seen:
    """From the form; what is missing is a page that is out of date."""
    if "seen" not in request.form:
        raise Conflict(STALE)
    return Seen(version(), request.form["seen"])


def version() -> int:
    """The report's version on the page; what is missing or no number is a page that is out of date."""
    try:
        return int(request.form["version"])
    except (KeyError, ValueError) as error:
        raise Conflict(STALE) from error


def principal_id() -> int | None:
    """In whose place the act is done, where a delegate acts."""
    given = request.form.get("principal", "")
    if given and not given.isdecimal():
        raise Invalid("浏览器发来的内容不完整，请刷新页面后再办理。")
    return int(given) if given else None


def action() -> ReportAction:
    code = request.form.get("action", "")
    if code not in set(ReportAction):
        raise Invalid("没有这一步，请刷新页面再试。")
    return ReportAction(code)


def words(name: str, most: int = MAX_WORDS) -> str:
    """A text of at most `most` characters."""
    text = request.form.get(name, "").strip()
    if len(text) > most:
        raise Invalid(f"请写在 {most} 字以内。", field=name)
    return text


def day(name: str, label: str) -> date:
    try:
        return incoming.day(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid(f"请填写{label}，例如 2019-03-15。", field=name) from error


def ids(name: str) -> list[int]:
    """What is no number is left out, and so is what was not there to be chosen."""
    return request.form.getlist(name, type=incoming.number)


def typed() -> Mapping[str, str]:
    """Everything that was filled in, to be given back."""
    return {key: value for key, value in request.form.items() if key not in {"csrf_token", "version", "seen"}}
