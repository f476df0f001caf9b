"""Laying keys into the seal folder, and who may touch it. They are opened in `making.keys`, which no web loads."""

import os
from collections.abc import Mapping

from perfapp.core.errors import Forbidden
from perfapp.data import blobs, surroundings

ES_SUFFIXES = (".es", ".es.crt", ".es.key")
"""Of a GB/T 38540 seal: the seal, its signer's certificate, its signer's key."""


def demand_sealer() -> None:
    """Raise Forbidden in every process but the sealing worker's and the commands of whoever runs the server."""
    if not surroundings.settings().opens_keys:
        raise Forbidden("这个进程不是盖章服务，不能打开印章密钥。")


def put(name: str, files: Mapping[str, bytes]) -> None:
    """Lay the files of a key into the seal folder, for the eyes of its owner only; `files` by their suffix."""
    demand_sealer()
    folder = surroundings.settings().seal_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for suffix, data in files.items():
        path = folder / f"{name}{suffix}"
        path.unlink(missing_ok=True)
        blobs.write_file(path, data)
        os.chmod(path, 0o600)


def is_there(name: str) -> bool:
    """Whether a key of this name lies in the seal folder."""
    demand_sealer()
    folder = surroundings.settings().seal_folder
    return any((folder / f"{name}{suffix}").exists() for suffix in (".p12", ".toml"))
