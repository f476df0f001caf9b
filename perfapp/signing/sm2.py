"""SM2 signatures with SM3 (GB/T 32918.2, GB/T 35276) by the OpenSSL of the machine; the key never enters our memory."""

import subprocess
import tempfile
from pathlib import Path

from asn1crypto import keys

from perfapp.core.errors import Invalid

IDENTITY = "1234567812345678"  # the signer's identity that GB/T 35276 prescribes
_COMMAND = "openssl"
_TIMEOUT_SECONDS = 10
_CURVE = "1.2.156.10197.1.301"

keys.NamedCurve.register("sm2", _CURVE, 32)


class NoOpenSSL(Invalid):
    """The machine has no OpenSSL 3 with SM2."""


def make_key() -> bytes:
    """A new private key, PKCS#8 in PEM."""
    return _run(["genpkey", "-algorithm", "SM2"])


def public_key(private_key: Path) -> keys.PublicKeyInfo:
    """Of the private key in the file."""
    return keys.PublicKeyInfo.load(_run(["pkey", "-in", str(private_key), "-pubout", "-outform", "DER"]))


def sign(private_key: Path, data: bytes) -> bytes:
    """The signature (DER) with the private key in the file."""
    return _run(["dgst", "-sm3", "-sign", str(private_key), "-sigopt", f"distid:{IDENTITY}"], data)


def verifies(public: keys.PublicKeyInfo, signature: bytes, data: bytes) -> bool:
    """Whether the signature is this key's over this data."""
    with tempfile.TemporaryDirectory(prefix="perfapp-sm2-") as name:
        key, sent = Path(name) / "key.der", Path(name) / "signature"
        key.write_bytes(public.dump())
        sent.write_bytes(signature)
        files = ["-verify", str(key), "-keyform", "DER", "-signature", str(sent)]
        done = _call(["dgst", "-sm3", *files, "-sigopt", f"distid:{IDENTITY}"], data)
    return done.returncode == 0 and done.stdout.strip() == b"Verified OK"


def _run(arguments: list[str], data: bytes = b"") -> bytes:
    done = _call(arguments, data)
    if done.returncode != 0:
        raise NoOpenSSL("这台机器的 OpenSSL 不能做国密 SM2 签名，请安装 OpenSSL 3 后再试。")
    return done.stdout


def _call(arguments: list[str], data: bytes) -> "subprocess.CompletedProcess[bytes]":
    command = [_COMMAND, *arguments]
    try:
        return subprocess.run(  # noqa: S603 -- our own words and files
            command, input=data, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoOpenSSL("这台机器没有 OpenSSL 3，不能做国密 SM2 签名，请安装后再试。") from error
