"""Files on their way to people, under their Chinese names (RFC 6266)."""

import re
from io import BytesIO
from pathlib import PurePath
from urllib.parse import quote

from flask import Response, send_file

from perfapp.documents.worksheet import MEDIA_TYPE
from perfapp.services.downloads import File


def handed_out(file: File, *, inline: bool = False) -> Response:
    """The file, kept by the browser and not opened, but for what is meant to be looked at."""
    response = send_file(
        file.data,
        mimetype=file.media_type,
        as_attachment=not inline,
        download_name=file.name,
        etag=file.etag or False,
        max_age=0,
    )
    response.headers["Content-Disposition"] = _disposition(file.name, inline=inline)
    return response


def _disposition(name: str, *, inline: bool) -> str:
    """The name itself, and before it one in ASCII for programs that read no other: perfapp-2018.pdf."""
    path = PurePath(name)
    words = re.findall(r"[A-Za-z0-9]+", path.stem)
    plain = name if name.isascii() else "-".join(["perfapp", *words]) + path.suffix
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{re.sub(r'[^A-Za-z0-9._ -]', '_', plain)}\"; filename*=UTF-8''{quote(name, safe='')}"


def workbook(name: str, data: bytes) -> Response:
    """An .xlsx file made for this answer."""
    return handed_out(File(BytesIO(data), name, MEDIA_TYPE))
