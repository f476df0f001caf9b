"""The delivery package: files and a manifest that names each by its digest. The same files give the same bytes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from perfapp.core.errors import Invalid
from perfapp.documents.bundle import safe_name

MANIFEST: Final = "manifest.json"
FORMAT: Final = "perfapp-delivery-1"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the zip's own clock says nothing
_MOST_FILES: Final = 200
_MOST_BYTES: Final = 400 << 20
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the package: what it is, its name for people, its bytes."""

    role: str
    name: str
    data: bytes


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListedFile(_Value):
    path: str
    role: str
    size: int = Field(ge=0)
    sha256: Digest


class ReportFacts(_Value):
    """Which report it is: enough to find it again, here and at the bureau."""

    unit_code: str
    unit: str
    fiscal_year: int
    title: str
    edition: int
    content_sha256: Digest
    sealed_sha256: Digest


class Manifest(_Value):
    format: Literal["perfapp-delivery-1"]
    report: ReportFacts
    files: tuple[ListedFile, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A package held against its own manifest: `faults` says, in sentences, what does not agree."""

    manifest: Manifest | None
    faults: tuple[str, ...]
    sealed_pdf: bytes | None


def write_package(facts: ReportFacts, parts: Sequence[Part]) -> bytes:
    """The package with its manifest first, then the files in the order given."""
    named = [(f"{number:02} {safe_name(part.name)}", part) for number, part in enumerate(parts, start=1)]
    listed = tuple(
        ListedFile(path=path, role=part.role, size=len(part.data), sha256=_digest(part.data)) for path, part in named
    )
    manifest = Manifest(format=FORMAT, report=facts, files=listed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        _add(package, MANIFEST, json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=2).encode())
        for path, part in named:
            _add(package, path, part.data)
    return out.getvalue()


def check_package(data: bytes) -> Checked:
    """Hold every file against the manifest; Invalid when it is no package at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked(package)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid("这不是报送数据包，或者文件已经损坏。") from error


def _checked(package: zipfile.ZipFile) -> Checked:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise Invalid("数据包里的文件太多或太大，不是本系统生成的报送数据包。")
    if MANIFEST not in names:
        raise Invalid("数据包里没有清单（manifest.json），不是本系统生成的报送数据包。")
    try:
        manifest = Manifest.model_validate_json(package.read(MANIFEST))
    except ValidationError as error:
        raise Invalid("数据包的清单读不懂，可能被改动过。") from error
    faults = [f"文件“{name}”出现了不止一次。" for name in dict.fromkeys(names) if names.count(name) > 1]
    listed = {file.path for file in manifest.files} | {MANIFEST}
    faults += [f"多出了清单里没有的文件“{name}”。" for name in names if name not in listed]
    faults += [fault for file in manifest.files if (fault := _fault(package, file, names))]
    wanted = manifest.report.sealed_sha256
    at = next((file.path for file in manifest.files if file.sha256 == wanted and file.path in names), None)
    sealed = package.read(at) if at is not None else None
    if sealed is None:
        faults.append("数据包里没有清单所说的盖章报告。")
    return Checked(manifest, tuple(faults), sealed)


def _fault(package: zipfile.ZipFile, file: ListedFile, names: Sequence[str]) -> str:
    """What is wrong with a listed file, as a sentence; '' when it is as listed."""
    if file.path not in names:
        return f"缺少清单里的文件“{file.path}”。"
    found = package.read(file.path)
    if _digest(found) != file.sha256 or len(found) != file.size:
        return f"文件“{file.path}”的内容与清单不一致。"
    return ""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _add(package: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    package.writestr(entry, data)
