"""The first unit, its administrators and its seal: what a fresh installation needs before anybody can sign in."""

import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from perfapp import clock
from perfapp.core.chinese import local_time, long_date
from perfapp.core.errors import Invalid, NotFound
from perfapp.core.permissions import Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.core.seal_flow import SealAction, SealState
from perfapp.core.words import SEAL_POLICIES
from perfapp.data import blobs, deliveries, events, people, probes, seals, trust
from perfapp.data.people import UnitView
from perfapp.data.session import transaction
from perfapp.services import accounts, key_files, staffing
from perfapp.services.seal_register import KEY_NAME, plain_name
from perfapp.signing import ses
from perfapp.signing.certificate import SealIdentity, describe, make_demo_identity, read_identity, refuse_foreign_root
from perfapp.signing.digest import sha256_hex
from perfapp.signing.picture import draw_seal
from perfapp.signing.uploaded import der_to_pem


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """An administrator to be made: his login, name and role; the password is made here and shown once."""

    login: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class SealFiles:
    """A seal as files of the seal folder and rows of the register."""

    pkcs12: bytes
    password: bytes
    root_pem: bytes
    is_demo: bool
    revocation_list: bytes = b""  # of the root (DER), where nobody publishes it


def install_unit(
    code: str,
    name: str,
    admins: list[FirstPerson],
    *,
    policy: SealPolicy,
    is_demo: bool = False,
    kind: UnitKind = UnitKind.BUDGET,
) -> tuple[int, dict[str, str]]:
    """Make the unit and its administrators; returns the unit's id and one-time passwords by login."""
    if not code.strip() or not name.strip():
        raise Invalid("单位编码和单位名称都要填写。")
    if len(code.strip()) > 40 or len(name.strip()) > 100:
        raise Invalid("单位编码最多 40 个字符，单位名称最多 100 字，请核对。")
    admins = [
        FirstPerson(staffing.check_login(admin.login), staffing.check_name(admin.name), admin.role) for admin in admins
    ]
    passwords = {admin.login: accounts.one_time_password() for admin in admins}
    if len(passwords) < len(admins):
        raise Invalid("三员须分立：三位管理员的登录名不能相同。")
    hashes = {login: accounts.hash_password(password) for login, password in passwords.items()}
    with transaction():
        if people.unit_by_code(code.strip()) is not None:
            raise Invalid(f"预算单位编码 {code.strip()} 的单位已经存在；要再装一个单位，请换一个编码。")
        unit_id = people.add_unit(code.strip(), name.strip(), seal_policy=policy, is_demo=is_demo, kind=kind)
        for admin in admins:
            if people.person_by_login(admin.login) is not None:
                raise Invalid(f"登录名 {admin.login} 已被使用，请换一个。")
            person_id = people.add_person(unit_id, admin.login, admin.name, hashes[admin.login])
            people.add_post(person_id, unit_id, admin.role, office_id=None, starts_on=clock.today(), granted_by=None)
        events.record("install_unit", actor_id=None, unit_id=unit_id, details={"unit": name.strip()})
    return unit_id, passwords


def unit_with_code(code: str) -> UnitView:
    found = people.unit_by_code(code.strip())
    if found is None:
        raise NotFound(f"没有预算单位编码为 {code.strip()} 的单位，请核对编码，或先运行 setup 建立单位。")
    return found


def supervise(unit_code: str, bureau_code: str) -> None:
    """From now on the budget unit delivers online to this bureau."""
    unit, bureau = unit_with_code(unit_code), unit_with_code(bureau_code)
    if unit.kind is not UnitKind.BUDGET:
        raise Invalid(f"{unit.name}是财政部门，不是预算单位。")
    if bureau.kind is not UnitKind.BUREAU:
        raise Invalid(f"{bureau.name}不是财政部门；建立财政部门请运行 setup-bureau。")
    with transaction():
        deliveries.supervise(unit.id, bureau.id)
        events.record("supervise", actor_id=None, unit_id=unit.id, details={"unit": bureau.name})


def set_seal_policy(unit_id: int, policy: SealPolicy) -> None:
    """Say who presses the unit's seal, from the command line of whoever runs the server."""
    with transaction():
        people.set_seal_policy(unit_id, policy)
        events.record("set_seal_policy", actor_id=None, unit_id=unit_id, details={"policy": SEAL_POLICIES[policy]})


def check_seal(files: SealFiles, unit_name: str) -> str:
    """Refuse a seal that cannot be unlocked, has expired, is another unit's or another root's.

    Returns the certificate's last day in words.
    """
    identity = read_identity(files.pkcs12, files.password, at=clock.now())
    info = describe(identity.certificate_pem)
    if plain_name(info.holder) != plain_name(unit_name):
        raise Invalid(f"印章证书属于“{info.holder}”，不是“{unit_name.strip()}”，不能登记；请核对单位全称或更换证书。")
    refuse_foreign_root(identity, files.root_pem)
    return long_date(local_time(info.not_after).date())


def register_seal(unit_id: int, files: SealFiles) -> int:
    """Put the key into the seal folder and the unit's official seal into the register, at once in use.

    For whoever runs the server: the same person holds the key and the certificate here. An older official seal is
    stopped, its certificate kept for verification.
    """
    identity = read_identity(files.pkcs12, files.password, at=clock.now())
    info = describe(identity.certificate_pem)
    unit = people.unit(unit_id)
    key_name = f"seal-{info.fingerprint_sha256[:16]}"
    key_files.put(key_name, {".p12": files.pkcs12, ".password": files.password})
    if files.revocation_list:
        trust.keep_list(sha256_hex(files.revocation_list), files.revocation_list)
    picture = draw_seal(unit.name, demo=files.is_demo)
    with transaction():
        old = seals.active(unit_id)
        if old is not None:
            seals.set_state(old.id, SealState.STOPPED)
            seals.add_change(
                old.id,
                SealAction.STOP,
                old_state=SealState.ACTIVE,
                new_state=SealState.STOPPED,
                reason="登记了新的印章",
            )
        seal_id = seals.add(
            unit_id,
            name=f"{unit.name}{'（演示章）' if files.is_demo else ''}",
            state=SealState.ACTIVE.value,
            picture_sha256=blobs.put(picture, "image/png"),
            is_demo=files.is_demo,
        )
        certificate_id = seals.add_certificate(
            seal_id,
            state="current",
            certificate_pem=identity.certificate_pem.decode(),
            chain_pem="".join(der_to_pem(der) for der in identity.chain_der),
            root_pem=files.root_pem.decode(),
            fingerprint_sha256=info.fingerprint_sha256,
            begins_at=info.not_before,
            expires_at=info.not_after,
            key_name=key_name,
        )
        seals.add_change(seal_id, SealAction.REGISTER, new_state=SealState.ACTIVE, certificate_id=certificate_id)
        probes.record(probes.KEY, str(certificate_id), is_good=True)
        events.record("register_seal", actor_id=None, unit_id=unit_id, details={"seal": unit.name})
    return seal_id


def lay_key(name: str, container: bytes, password: bytes) -> None:
    """Put a PKCS#12 into the seal folder under a name of its own; what is there is never written over."""
    if not KEY_NAME.fullmatch(name):
        raise Invalid("密钥代号用小写字母、数字、横线，2 至 60 个字符。")
    read_identity(container, password, at=clock.now())
    if key_files.is_there(name):
        raise Invalid(f"印章目录里已有代号 {name} 的密钥，请换一个代号。")
    key_files.put(name, {".p12": container, ".password": password})


def demo_key(name: str, unit_name: str, *, years: int) -> SealIdentity:
    """A self-made key in the seal folder and its certificate for the register: for trying, never for real use."""
    password = secrets.token_urlsafe(24).encode()
    made = make_demo_identity(unit_name, password, at=clock.now(), years=years)
    lay_key(name, made.pkcs12, password)
    trust.keep_list(sha256_hex(made.revocation_list), made.revocation_list)
    return made


def add_test_es(seal_id: int) -> None:
    """Give the seal a GB/T 38540 seal of the test provider beside its certificate: it signs without legal effect."""
    seal = seals.get(seal_id)
    with tempfile.TemporaryDirectory(prefix="perfapp-es-") as folder:  # private to us, and gone with the maker's key
        made = ses.make_test_seal(seal.name, blobs.read(seal.picture_sha256), Path(folder), at=clock.now())
    files = (made.eseal, made.signer_certificate, made.signer_key)
    key_files.put(seal.key_name, dict(zip(key_files.ES_SUFFIXES, files, strict=True)))
    with transaction():
        seals.set_es_root(seal.certificate.id, made.root_pem)
        events.record("add_test_es", actor_id=None, unit_id=seal.unit_id, details={"seal": seal.name})


def demo_seal(unit_name: str, at: datetime) -> SealFiles:
    """A self-made seal that says 演示: for trying, never for real use."""
    password = secrets.token_urlsafe(24).encode()
    made = make_demo_identity(unit_name, password, at=at)
    return SealFiles(made.pkcs12, password, made.root_pem, is_demo=True, revocation_list=made.revocation_list)
