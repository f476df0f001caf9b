"""What verification trusts beside the seals' own roots: roots of time stamp authorities, and revocation lists.

They are files of the folder `trust`: `*.pem` are roots of time stamp authorities, `*.crl` lists in DER or PEM.
Whoever runs the server puts them there; lists that were fetched are kept in `trust/fetched`.
"""

from pathlib import Path

from perfapp.data import blobs, surroundings

_LARGEST = 32 << 20


def time_roots() -> list[bytes]:
    """PEM of every trusted root of a time stamp authority."""
    return _read("*.pem")


def revocation_lists() -> list[bytes]:
    """Every list, as it was put there or fetched."""
    return _read("*.crl") + _read("fetched/*.crl")


def keep_root(sha256: str, pem: bytes) -> None:
    """Trust a time stamp authority from now on."""
    blobs.write_file(_folder() / f"{sha256}.pem", pem)


def keep_list(sha256: str, der: bytes) -> None:
    blobs.write_file(_folder() / f"{sha256}.crl", der)


def keep_fetched(issuer: str, sha256: str, der: bytes) -> None:
    """Keep an issuer's newest list in place of the one before."""
    folder = _folder() / "fetched"
    blobs.write_file(folder / f"{issuer}-{sha256}.crl", der)
    for path in folder.glob(f"{issuer}-*.crl"):
        if path.name != f"{issuer}-{sha256}.crl":
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return surroundings.settings().trust_folder


def _read(pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(_folder().glob(pattern)) if path.stat().st_size <= _LARGEST]
