"""Evidence files as one zip: a folder a section, a list for people (CSV) and one for programs (JSON)."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from typing import IO, Final

from perfapp.core.chinese import local_time
from perfapp.core.snapshot import EvidenceMark

MANIFEST: Final = "manifest.json"
LIST: Final = "清单.csv"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the zip's own clock says nothing: the same files give the same bytes
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_RESERVED: Final = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_LONGEST: Final = 80


def write_bundle(
    out: IO[bytes],
    files: Sequence[EvidenceMark],
    read: Callable[[str], bytes],
    *,
    title: str,
    unit: str,
    edition: int,
) -> None:
    """Write the zip to `out`; `read` gives the bytes of a digest. One file is in memory at a time."""
    paths = _paths(files)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for path, file in zip(paths, files, strict=True):
            _add(package, path, read(file.sha256))
        _add(package, MANIFEST, _manifest(paths, files, title=title, unit=unit, edition=edition))
        _add(package, LIST, _list(paths, files))


def safe_name(name: str) -> str:
    """`name` as one path component that every system can hold: no separators, no device names, no hidden marks."""
    clean = _UNSAFE.sub("", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if dot and stem and len(ending) <= 10:
        clean = f"{stem.strip(' .')[: _LONGEST - len(ending) - 1]}.{ending}"
    clean = clean[:_LONGEST].strip(" .") or "未命名"
    return f"_{clean}" if _RESERVED.match(clean) else clean


def _paths(files: Sequence[EvidenceMark]) -> list[str]:
    """Numbered folders and files: unique whatever the names are, and sorted as printed."""
    folders = {section: number for number, section in enumerate(dict.fromkeys(f.section for f in files), start=1)}
    counts: dict[str, int] = {}
    paths = []
    for file in files:
        counts[file.section] = counts.get(file.section, 0) + 1
        folder = f"{folders[file.section]:02} {safe_name(file.section)}"
        paths.append(f"{folder}/{counts[file.section]:02} {safe_name(file.filename)}")
    return paths


def _manifest(paths: Sequence[str], files: Sequence[EvidenceMark], *, title: str, unit: str, edition: int) -> bytes:
    listed = [
        {
            "path": path,
            "section": file.section,
            "filename": file.filename,
            "note": file.note,
            "sha256": file.sha256,
            "size": file.size,
            "added_by": file.added_by,
            "added_at": file.added_at.isoformat(),
        }
        for path, file in zip(paths, files, strict=True)
    ]
    manifest = {"unit": unit, "title": title, "edition": edition, "files": listed}
    return json.dumps(manifest, ensure_ascii=False, indent=2).encode()


def _list(paths: Sequence[str], files: Sequence[EvidenceMark]) -> bytes:
    """The list for a spreadsheet program: with a mark of UTF-8, and nothing that it would calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["序号", "章节", "文件", "说明", "大小（字节）", "SHA-256", "上传人", "上传时间"])
    for number, (path, file) in enumerate(zip(paths, files, strict=True), start=1):
        when = f"{local_time(file.added_at):%Y-%m-%d %H:%M}"
        cells = [file.section, path, file.note, str(file.size), file.sha256, file.added_by, when]
        writer.writerow([str(number), *map(_plain, cells)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _add(package: zipfile.ZipFile, path: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    package.writestr(entry, data)
