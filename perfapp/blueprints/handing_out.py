"""Files on their way to people, under their Chinese names (RFC 6266)."""

from io import BytesIO

from flask import Response, send_file

from perfapp.documents.worksheet import MEDIA_TYPE
from perfapp.services.downloads import File


def handed_out(file: File, *, inline: bool = False) -> Response:
    """The file, kept by the browser and not opened, but for what is meant to be looked at."""
    return send_file(
        file.data,
        mimetype=file.media_type,
        as_attachment=not inline,
        download_name=file.name,
        etag=file.etag or False,
        max_age=0,
    )


def workbook(name: str, data: bytes) -> Response:
    """An .xlsx file made for this answer."""
    return handed_out(File(BytesIO(data), name, MEDIA_TYPE))
