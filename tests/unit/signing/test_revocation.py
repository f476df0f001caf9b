"""Revocation lists: whose list is taken, fetched from where the certificate says, and kept."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from perfapp import clock
from perfapp.core.errors import Invalid
from perfapp.data import trust
from perfapp.services import outside, time_stamping
from perfapp.services.outside import Unanswered
from perfapp.signing import revocation
from tests.unit.signing.workbench import AT, authority

ADDRESS = "http://crl.example.gov.cn/ca.crl"


def certificate(*addresses: str) -> bytes:
    """Of the test's authority, saying where its list is published."""
    own = authority()
    points = [x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None) for one in addresses]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "某单位")]))
        .issuer_name(own.certificate.subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=365))
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    )
    if points:
        builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
    return builder.sign(own.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_later_authority_of_the_same_name_lends_no_list() -> None:
    """Authorities keep their name when they change their key; both are trusted for years."""
    der, own, later = certificate(), authority(), authority.__wrapped__()
    assert own.certificate.subject == later.certificate.subject
    found = revocation.newest(der, [later.pem, own.pem], [later.revocation_list(), own.revocation_list()], AT)
    assert found is not None
    assert x509.load_der_x509_crl(found.der).is_signature_valid(own.key.public_key())
    assert revocation.newest(der, [later.pem, own.pem], [later.revocation_list()], AT) is None


def test_only_the_issuers_own_list_that_holds_is_taken() -> None:
    der, own = certificate(), authority()
    genuine, strangers = own.revocation_list(), authority("另一家机构").revocation_list()
    found = revocation.newest(der, [own.pem], [b"no list", strangers, genuine], AT)
    assert found is not None
    assert found.der == genuine
    assert revocation.newest(der, [own.pem], [strangers], AT) is None
    assert revocation.newest(der, [authority("另一家机构").pem], [genuine], AT) is None
    assert revocation.newest(der, [own.pem], [genuine], AT + timedelta(days=61)) is None
    assert revocation.newest(der, [own.pem], [genuine], AT - timedelta(days=1)) is None


def test_what_hangs_from_no_root_is_left_out() -> None:
    own, other = authority(), authority("另一家机构")
    ours = certificate()
    theirs = other.issue("x").certificate_der
    assert revocation.under([own.pem], [ours, theirs]) == [ours]


def test_addresses_other_than_http_are_not_asked() -> None:
    assert revocation.list_addresses(certificate("ldap://x/", ADDRESS, "file:///etc/passwd")) == [ADDRESS]
    assert revocation.list_addresses(certificate()) == []


def test_a_list_is_fetched_where_the_certificate_says_kept_and_asked_anew_after_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, asked, kept = authority(), list[str](), list[bytes]()

    def answer(url: str, **_: object) -> bytes:
        asked.append(url)
        return own.revocation_list()

    monkeypatch.setattr(trust, "revocation_lists", lambda: list(kept))
    monkeypatch.setattr(trust, "keep_fetched", lambda _issuer, _sha256, der: kept.append(der))
    monkeypatch.setattr(outside, "ask", answer)
    der = certificate(ADDRESS)
    for later, times in ((timedelta(0), 1), (timedelta(hours=12), 1), (timedelta(days=2), 2)):
        with clock.at(AT + later):
            assert time_stamping._list(der, [own.pem]) in kept
        assert asked == [ADDRESS] * times


def test_without_a_list_nothing_is_sealed_and_an_old_one_that_holds_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(url: str, **_: object) -> bytes:
        raise Unanswered("拒绝连接")

    own, kept = authority(), list[bytes]()
    monkeypatch.setattr(trust, "revocation_lists", lambda: kept)
    monkeypatch.setattr(outside, "ask", away)
    with clock.at(AT + timedelta(days=30)):
        with pytest.raises(Invalid, match="取不到证书“某单位”的吊销列表，不能盖章，请系统管理员"):
            time_stamping._list(certificate(ADDRESS), [own.pem])
        kept.append(own.revocation_list())
        assert time_stamping._list(certificate(ADDRESS), [own.pem]) == kept[0]
