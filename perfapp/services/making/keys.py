"""Where the seals' keys are opened. The sealing worker alone does; every other process is refused here.

A key is found in the seal folder by its name: NAME.p12 with NAME.password (PKCS#12), or NAME.toml, which says where
else it lies: `provider = "pkcs11"` (library, token, key, pin_file) or `"service"` (url, key, secret_file, ca_file).
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyhanko.sign.signers import Signer

from perfapp import clock
from perfapp.core.errors import Invalid
from perfapp.data import surroundings
from perfapp.data.seals import CertificateView
from perfapp.services import key_files
from perfapp.services.key_files import demand_sealer
from perfapp.services.making import signing_service
from perfapp.signing.certificate import read_identity, refuse_unfit
from perfapp.signing.seal import signer_of
from perfapp.signing.signers import Held, ServiceSigner, Token, prove, token_signer
from perfapp.signing.uploaded import pem_to_der

PROVIDERS = {"pkcs12": "PKCS#12 文件", "pkcs11": "密码设备（PKCS#11）", "service": "外部签名服务"}


@contextmanager
def opened(certificate: CertificateView) -> Iterator[Signer]:
    """The signer behind a certificate, proved to belong to it. Invalid or OSError where it cannot be had."""
    demand_sealer()
    der = refuse_lapsed(certificate)
    held = Held(der, pem_to_der(certificate.chain_pem))
    folder = _folder()
    settings = folder / f"{certificate.key_name}.toml"
    if not settings.exists():
        signer = _from_pkcs12(folder / certificate.key_name, held)
        prove(signer, der)
        yield signer
        return
    with _from_settings(settings, held) as signer:
        prove(signer, der)
        yield signer


def refuse_lapsed(certificate: CertificateView) -> bytes:
    """The certificate as DER, if it may seal now."""
    (der,) = pem_to_der(certificate.certificate_pem)
    refuse_unfit(der, at=clock.now())
    return der


def provider_of(certificate: CertificateView) -> str:
    """Where the key lies, in words."""
    demand_sealer()
    settings = _folder() / f"{certificate.key_name}.toml"
    return PROVIDERS.get(str(_read(settings).get("provider")) if settings.exists() else "pkcs12", "")


@dataclass(frozen=True, slots=True)
class EsKey:
    """A GB/T 38540 seal of the test provider: the seal and its signer's certificate (DER), and where the key lies."""

    eseal: bytes
    signer_certificate: bytes
    signer_key: Path


def es_of(certificate: CertificateView) -> EsKey | None:
    """The GB/T 38540 seal that goes with a certificate, where one was made."""
    demand_sealer()
    if not certificate.es_root_pem:
        return None
    stem = _folder() / certificate.key_name
    eseal, signer, key = (stem.with_name(f"{stem.name}{suffix}") for suffix in key_files.ES_SUFFIXES)
    read_private(key)  # only that it is ours alone; OpenSSL reads it
    return EsKey(eseal.read_bytes(), signer.read_bytes(), key)


def read_private(path: Path) -> bytes:
    """A file that nobody but its owner may read; Invalid where others may."""
    data = path.read_bytes()
    if path.stat().st_mode & 0o077:
        raise Invalid(f"密钥文件 {path.name} 其他用户也能读，请改为 0600 后再试。")
    return data


def _folder() -> Path:
    folder = surroundings.settings().seal_folder
    if folder.stat().st_mode & 0o077:
        raise Invalid(f"印章目录 {folder} 其他用户也能进入，请改为 0700 后再试。")
    return folder


def _from_pkcs12(stem: Path, held: Held) -> Signer:
    password = read_private(stem.with_name(f"{stem.name}.password")).strip()
    identity = read_identity(read_private(stem.with_name(f"{stem.name}.p12")), password)
    return signer_of(replace(identity, certificate_der=held.certificate_der, chain_der=held.chain_der))


@contextmanager
def _from_settings(path: Path, held: Held) -> Iterator[Signer]:
    given = _read(path)
    try:
        if given.get("provider") == "pkcs11":
            pin = read_private(path.parent / given["pin_file"]).decode().strip()
            with token_signer(held, Token(given["library"], given["token"], pin, given["key"])) as signer:
                yield signer
            return
        if given.get("provider") == "service":
            yield ServiceSigner(held, signing_service.asker(given, read_private(path.parent / given["secret_file"])))
            return
    except KeyError as error:
        raise Invalid(f"密钥设置 {path.name} 缺少 {error.args[0]} 一项，请补上后再试。") from error
    raise Invalid(f"密钥设置 {path.name} 的 provider 应为 pkcs11 或 service。")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_private(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"密钥设置 {path.name} 的写法不对（{error}）。") from error
