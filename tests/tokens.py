"""A token of SoftHSM with a seal's key in it."""

import os
import subprocess
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


def make(folder: Path, key: ec.EllipticCurvePrivateKey) -> SoftToken:
    """A new token that holds the key; SOFTHSM2_CONF must already point into `folder`."""
    (folder / "tokens").mkdir()
    Path(os.environ["SOFTHSM2_CONF"]).write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    found = SoftToken(library() or "", "perfapp-test", "seal")
    pem = folder / "key.pem"
    pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    tool = ("softhsm2-util", "--module", found.library)
    subprocess.run([*tool, "--init-token", "--free", "--label", found.label, "--so-pin", PIN, "--pin", PIN], check=True)
    put = ("--import", str(pem), "--token", found.label, "--label", found.key_label, "--id", "01", "--pin", PIN)
    subprocess.run([*tool, *put], check=True)
    return found
