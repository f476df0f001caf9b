"""The demo's own time stamp authority: made once, kept in the folder `time`, its root put among those to be trusted.

Known to the small time server, too: it imports neither the application nor the database.
"""

import hashlib
import os
from pathlib import Path

from perfapp import clock
from perfapp.config import Settings
from perfapp.signing.issuing import demo_time
from perfapp.signing.time_authority import TimeAuthority

_CERTIFICATE, _KEY = "authority.der", "authority.key"


def authority(settings: Settings) -> TimeAuthority:
    """The authority of this installation; the first call makes it."""
    folder = settings.time_folder
    if not (folder / _KEY).exists():
        _make(folder, settings.trust_folder)
    return TimeAuthority((folder / _CERTIFICATE).read_bytes(), (folder / _KEY).read_bytes())


def _make(folder: Path, trusted: Path) -> None:
    made = demo_time(clock.now())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    trusted.mkdir(mode=0o755, parents=True, exist_ok=True)
    name = f"demo-time-{hashlib.sha256(made.root_pem).hexdigest()[:16]}"
    _write(trusted / f"{name}.pem", made.root_pem, 0o644)
    _write(trusted / f"{name}.crl", made.revocation_list, 0o644)
    _write(folder / _CERTIFICATE, made.authority.certificate_der, 0o644)
    _write(folder / _KEY, made.authority.key_der, 0o600)  # last: with it the authority is complete


def _write(path: Path, data: bytes, mode: int) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
    os.replace(beside, path)
