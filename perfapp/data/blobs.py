"""The content-addressed store: a file is named by the SHA-256 of its bytes and never changes."""

import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Blob
from perfapp.extensions import current_settings, db


@dataclass(frozen=True, slots=True)
class BlobView:
    sha256: str
    size: int
    media_type: str


class DamagedBlob(Exception):
    """The bytes on disk are not the bytes that were stored."""


def put(data: bytes, media_type: str) -> str:
    """Store `data` durably (file first, then the row in the open transaction); returns its SHA-256.

    Storing the same bytes twice changes nothing; a file without a row is harmless.
    """
    digest = hashlib.sha256(data).hexdigest()
    write_file(_path(digest), data)
    insert_if_absent(Blob, sha256=digest, size=len(data), media_type=media_type, stored_at=clock.now())
    return digest


def read(sha256: str) -> bytes:
    """The bytes, checked against their name."""
    try:
        data = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("文件不存在，请联系系统管理员从备份恢复。") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedBlob(sha256)
    return data


def describe(sha256: str) -> BlobView | None:
    blob = db.session.scalar(select(Blob).where(Blob.sha256 == sha256))
    return BlobView(blob.sha256, blob.size, blob.media_type) if blob else None


def write_file(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: the file is there whole or not at all."""
    if path.exists() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        os.fchmod(descriptor, 0o640)  # web and sealing service may be two accounts of one group
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _path(digest: str) -> Path:
    return current_settings().blob_folder / digest[:2] / digest
