"""A token of SoftHSM with a seal's key in it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "482913"


@dataclass(frozen=True)
class SoftToken:
    library: str
    label: str
    key_label: str


def library() -> str | None:
    """Path of SoftHSM's library, where it is installed."""
    return next((path for path in LIBRARIES if Path(path).exists()), None)


def prepare(folder: Path, count: int) -> Iterator[SoftToken]:
    """Empty tokens, all there before the library is first used: it reads once which tokens exist."""
    (folder / "tokens").mkdir()
    Path(os.environ["SOFTHSM2_CONF"]).write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    made = [SoftToken(library() or "", f"perfapp-test-{number}", "seal") for number in range(count)]
    for token in made:
        given = ("--label", token.label, "--so-pin", PIN, "--pin", PIN)
        subprocess.run(["softhsm2-util", "--module", token.library, "--init-token", "--free", *given], check=True)
    return iter(made)


def put(folder: Path, token: SoftToken, key: ec.EllipticCurvePrivateKey) -> None:
    """Bring the key into the token."""
    pem = folder / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    given = ("--token", token.label, "--label", token.key_label, "--id", "01", "--pin", PIN)
    subprocess.run(["softhsm2-util", "--module", token.library, "--import", str(pem), *given], check=True)
