"""Signers whose key is not in our memory: a token behind PKCS#11, and a service that signs digests."""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from perfapp.core.errors import Invalid

_LONGEST_SIGNATURE = 72  # bytes of a P-256 signature in DER


@dataclass(frozen=True)
class Held:
    """The certificate a signer signs under, and what stands between it and its root, both DER."""

    certificate_der: bytes
    chain_der: tuple[bytes, ...] = ()

    def certificate(self) -> asn1_x509.Certificate:
        (found,) = load_certs_from_pemder_data(self.certificate_der)
        return found

    def chain(self) -> list[asn1_x509.Certificate]:
        return [found for der in self.chain_der for found in load_certs_from_pemder_data(der)]


@dataclass(frozen=True)
class Token:
    """A key in a token (密码机、UKey): the maker's library, the token's and the key's labels, the PIN."""

    library: str
    label: str
    pin: str
    key_label: str


class ServiceSigner(Signer):
    """Hands the digest to somebody who has the key. P-256 only: what comes back is checked before it is used."""

    def __init__(self, held: Held, ask: Callable[[bytes], bytes]) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(held.chain())
        super().__init__(signing_cert=held.certificate(), cert_registry=registry, embed_roots=False)
        self._ask = ask
        self._key = x509.load_der_x509_certificate(held.certificate_der).public_key()
        if not isinstance(self._key, ec.EllipticCurvePublicKey) or self._key.curve.name != "secp256r1":
            raise Invalid("外部签名服务的证书不是 P-256 证书，系统不能使用，请更换印章证书。")

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(_LONGEST_SIGNATURE)
        if digest_algorithm.lower() != "sha256":
            raise Invalid("外部签名服务只签 SHA-256 摘要。")
        signature = self._ask(hashlib.sha256(data).digest())
        _verify(self._key, signature, data, "外部签名服务交回的签名与印章证书不相配，没有盖章，请联系服务方。")
        return signature


@contextmanager
def token_signer(held: Held, token: Token) -> Iterator[Signer]:
    """A signer in an open session with the token; needs the package of requirements-pkcs11.txt."""
    try:
        pkcs11: Any = import_module("pyhanko.sign.pkcs11")
        errors: Any = import_module("pkcs11.exceptions")
    except ImportError as error:
        raise Invalid("没有安装 PKCS#11 组件，请在盖章服务所在机器安装 requirements-pkcs11.txt 中的包。") from error
    try:
        wanted = TokenCriteria(label=token.label)
        with pkcs11.open_pkcs11_session(token.library, token_criteria=wanted, user_pin=token.pin) as session:
            signer = pkcs11.PKCS11Signer(
                session,
                signing_cert=held.certificate(),
                ca_chain=held.chain(),
                key_label=token.key_label,
                embed_roots=False,
                use_raw_mechanism=True,  # every token knows raw ECDSA, not every one hashes itself
            )
            yield signer
    except errors.PinIncorrect as error:
        raise Invalid("密码设备的口令不对，请核对口令文件；多次输错设备会锁死。") from error
    except (errors.PKCS11Error, pkcs11.PKCS11Error) as error:
        raise Invalid(f"密码设备“{token.label}”打不开或没有密钥“{token.key_label}”（{_name(error)}）。") from error


def prove(signer: Signer, certificate_der: bytes) -> None:
    """Sign a random challenge and check it with the certificate: the key opens, and belongs to it. Invalid if not."""
    challenge = os.urandom(32)
    signature = asyncio.run(signer.async_sign_raw(challenge, "sha256"))
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    _verify(key, signature, challenge, "密钥与登记的证书不相配，不能用来盖章，请核对密钥和证书。")


def _verify(key: Any, signature: bytes, data: bytes, sentence: str) -> None:
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Invalid(sentence) from error


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__
