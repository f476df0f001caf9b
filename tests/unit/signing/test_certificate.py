"""Keys and certificates: what a demo seal looks like, and what is said of a PKCS#12 that cannot be used."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from perfapp.core.errors import Invalid
from perfapp.signing.certificate import describe, make_demo_identity, read_identity
from perfapp.signing.digest import sha256_hex, sm3_hex
from tests.unit.signing.workbench import AT, PASSWORD, UNIT, authority, seal_identity


def test_the_demo_certificate_names_the_unit_and_says_that_it_is_a_demo() -> None:
    info = describe(seal_identity().certificate_pem)
    assert info.holder == UNIT
    assert f"O={UNIT}" in info.subject
    assert "演示，不具法律效力" in info.subject
    assert info.issuer == describe(seal_identity().root_pem).subject
    assert (info.not_after - info.not_before).days >= 3650
    assert len(info.fingerprint_sha256) == 64
    assert int(info.serial_hex, 16) > 0


def test_the_demo_certificate_is_for_signing_documents_only() -> None:
    certificate = x509.load_pem_x509_certificate(seal_identity().certificate_pem)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(seal_identity().root_pem))


def test_a_name_too_long_for_a_common_name_stands_in_full_as_the_organisation() -> None:
    long_name = "演示省演示市演示区演示镇人民政府农业综合服务管理中心"
    assert describe(make_demo_identity(long_name, b"x", at=AT).certificate_pem).holder == long_name


def test_secrets_are_not_printed() -> None:
    made = seal_identity()
    shown = repr(made) + repr(read_identity(made.pkcs12, PASSWORD))
    assert "key_der" not in shown
    assert "pkcs12" not in shown


def test_what_is_locked_can_be_unlocked() -> None:
    identity = read_identity(seal_identity().pkcs12, PASSWORD, at=AT)
    assert identity.certificate_pem == seal_identity().certificate_pem
    assert len(identity.chain_der) == 1


def test_a_wrong_password_is_refused() -> None:
    with pytest.raises(Invalid, match="印章密码不对") as refusal:
        read_identity(seal_identity().pkcs12, b"wrong")
    assert refusal.value.field == "password"


@pytest.mark.parametrize("container", [b"", b"hello", b"%PDF-1.7", b"0\x82", seal_identity().certificate_pem])
def test_what_is_no_pkcs12_is_refused(container: bytes) -> None:
    with pytest.raises(Invalid, match="不是 PKCS#12"):
        read_identity(container, PASSWORD)


def test_an_expired_certificate_is_refused_with_the_day() -> None:
    made = make_demo_identity(UNIT, PASSWORD, at=AT - timedelta(days=800), years=1)
    with pytest.raises(Invalid, match=r"已于2025年1月.*过期"):
        read_identity(made.pkcs12, PASSWORD, at=AT)


def test_a_certificate_of_the_future_is_refused() -> None:
    made = make_demo_identity(UNIT, PASSWORD, at=AT + timedelta(days=800))
    with pytest.raises(Invalid, match="才生效"):
        read_identity(made.pkcs12, PASSWORD, at=AT)


def test_a_container_without_a_key_is_refused() -> None:
    certificate = x509.load_pem_x509_certificate(seal_identity().certificate_pem)
    lock = BestAvailableEncryption(PASSWORD)
    container = pkcs12.serialize_key_and_certificates(b"x", None, certificate, None, lock)
    with pytest.raises(Invalid, match="没有私钥"):
        read_identity(container, PASSWORD)


def test_a_certificate_that_may_not_sign_is_refused() -> None:
    root = authority()
    lock = BestAvailableEncryption(PASSWORD)
    container = pkcs12.serialize_key_and_certificates(b"x", root.key, root.certificate, None, lock)
    with pytest.raises(Invalid, match="不可否认"):
        read_identity(container, PASSWORD)


def test_a_kind_of_key_that_readers_do_not_know_is_refused() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    container = pkcs12.serialize_key_and_certificates(b"x", key, None, None, BestAvailableEncryption(PASSWORD))
    with pytest.raises(Invalid, match=r"没有私钥或|不是 P-256"):
        read_identity(container, PASSWORD)


def test_a_real_seal_comes_from_a_certificate_authority() -> None:
    identity = read_identity(authority().locked("某单位", PASSWORD), PASSWORD, at=AT)
    assert describe(identity.certificate_pem).holder == "某单位"


@pytest.mark.parametrize("name", ["", " ", "演" * 65])
def test_a_demo_seal_needs_a_name_that_fits(name: str) -> None:
    with pytest.raises(Invalid, match="单位名称"):
        make_demo_identity(name, PASSWORD, at=AT)


def test_a_demo_seal_needs_a_password() -> None:
    with pytest.raises(Invalid, match="密码"):
        make_demo_identity(UNIT, b"", at=AT)


def test_what_is_no_certificate_cannot_be_described() -> None:
    with pytest.raises(Invalid, match="PEM"):
        describe(b"hello")


def test_digests_are_the_published_ones() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, A.1
