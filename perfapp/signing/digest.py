"""The two fingerprints of a filed document: SHA-256 everywhere, SM3 for those who ask for the national algorithm."""

import hashlib

from cryptography.hazmat.primitives import hashes


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sm3_hex(data: bytes) -> str:
    """SM3 (GB/T 32905-2016) as 64 lower-case hexadecimal digits."""
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize().hex()
