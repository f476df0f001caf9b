"""Office packages with fixed dates and a fixed order of parts: the same content gives the same bytes."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FIRST_PARTS: Final = ("[Content_Types].xml", "_rels/.rels")


def same_bytes(data: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """The package packed anew, the content types first as readers expect them; `replaced` parts take new bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name not in _FIRST_PARTS, name)):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            target.writestr(entry, (replaced or {}).get(name) or source.read(name), compresslevel=6)
    return out.getvalue()
