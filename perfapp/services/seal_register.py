"""印章登记: the administrator registers seals and certificates, without ever seeing a key; keeper and leader decide."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from perfapp import clock
from perfapp.core.errors import Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.core.seal_flow import FLOW, SealAction, SealFacts, SealIs, SealKind, SealState
from perfapp.data import blobs, events, people, probes, seals
from perfapp.data.people import PersonBrief
from perfapp.data.seals import SealView
from perfapp.data.session import transaction
from perfapp.services import accounts, telling
from perfapp.signing import uploaded, uploaded_picture
from perfapp.signing.picture import draw_seal
from perfapp.signing.uploaded import SealCertificateFile

A = SealAction
KEY_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,59}")
LONGEST_NAME = 100
_KEEPERS_ACTS = frozenset({A.ENABLE, A.ADOPT, A.STOP, A.CANCEL})


@dataclass(frozen=True, slots=True)
class Handed:
    """A certificate as it was handed in: its file, those above it, and under which name the key lies."""

    certificate: bytes
    issuers: Sequence[bytes]
    key_name: str


def keepers(unit_id: int) -> tuple[PersonBrief, ...]:
    """Who may be named keeper of a seal."""
    return people.holders(unit_id, Permission.KEEP_SEALS, clock.today())


def facts(seal: SealView) -> SealFacts:
    """What the rules need to know of the seal."""
    wanted = seal.next_certificate
    probe = probes.key_of(wanted.id)
    conditions = {
        SealIs.HAS_KEEPER: seal.keeper_id is not None,
        SealIs.RENEWED: seal.waiting is not None,
        SealIs.CERTIFICATE_RUNS: wanted.runs(clock.now()),
        SealIs.KEY_FITS: probe is not None and probe.is_good,
    }
    trouble = {SealIs.KEY_FITS.value: probe.sentence} if probe is not None and probe.sentence else {}
    return SealFacts(
        state=seal.state,
        version=seal.version,
        conditions={name for name, holds in conditions.items() if holds},
        sentences=trouble,
    )


def register(actor: Actor, *, name: str, kind: SealKind, keeper_id: int | None, picture: bytes, handed: Handed) -> int:
    """Put a seal into the register, waiting to be enabled by its keeper; returns its id."""
    _demand(actor, Permission.REGISTER_SEALS)
    plain = _name(name)
    found = _checked(actor.unit_id, handed)
    unit = people.unit(actor.unit_id)
    drawn = uploaded_picture.clean(picture).png if picture else draw_seal(unit.name, demo=unit.is_demo)
    with transaction():
        people.lock_unit(actor.unit_id)
        if any(seal.name == plain and seal.state is not SealState.CANCELLED for seal in seals.of_unit(actor.unit_id)):
            raise Invalid(f"已有名为“{plain}”的印章；换证请在它自己的页面登记新证书。", "name")
        seal_id = seals.add(
            actor.unit_id,
            name=plain,
            kind=kind.value,
            keeper_id=_keeper(actor.unit_id, keeper_id),
            picture_sha256=blobs.put(drawn, "image/png"),
            is_demo=unit.is_demo,
        )
        certificate_id = _add_certificate(actor, seal_id, found, handed.key_name)
        _record(actor, seals.get(seal_id), A.REGISTER, old="", certificate_id=certificate_id)
    return seal_id


def renew(actor: Actor, seal_id: int, *, version: int, handed: Handed) -> None:
    """Register a later certificate; it waits until the sealing worker has proved its key and the keeper uses it."""
    found = _checked(actor.unit_id, handed)
    with transaction():
        seal = seals.lock(actor.unit_id, seal_id)
        FLOW.decide(facts(seal), A.RENEW, actor, version=version)
        if any(one.fingerprint_sha256 == found.fingerprint_sha256 for one in seals.certificates(seal_id)):
            raise Invalid("这份证书已经登记过，请选择新发的证书。", "certificate")
        certificate_id = _add_certificate(actor, seal_id, found, handed.key_name)
        seals.change(seal_id)
        _record(actor, seal, A.RENEW, certificate_id=certificate_id)


def change(
    actor: Actor, seal_id: int, *, version: int, name: str, keeper_id: int | None, picture: bytes, reason: str
) -> None:
    """Change the name, the keeper or the picture, with a reason."""
    plain = _name(name)
    cleaned = uploaded_picture.clean(picture).png if picture else None
    with transaction():
        seal = seals.lock(actor.unit_id, seal_id)
        FLOW.decide(facts(seal), A.CHANGE, actor, version=version, reason=reason)
        keeper = _keeper(actor.unit_id, keeper_id)
        told = _differences(seal, plain, keeper, has_picture=cleaned is not None)
        if not told:
            raise Invalid("名称、保管人和图样都没有变，不用保存。")
        kept = blobs.put(cleaned, "image/png") if cleaned else seal.picture_sha256
        seals.change(seal_id, name=plain, keeper_id=keeper, picture_sha256=kept)
        _record(actor, seals.get(seal_id), A.CHANGE, reason=f"{'；'.join(told)}。{reason.strip()}")


def act(actor: Actor, seal_id: int, action: SealAction, *, version: int, reason: str, password: str) -> SealView:
    """Enable, adopt the new certificate, stop or cancel: the keeper's or the leader's own act, with the password."""
    if action not in _KEEPERS_ACTS:
        raise Invalid("这一步要在它自己的表里办理。")
    accounts.confirm_password(actor, password)
    with transaction():
        seal = seals.lock(actor.unit_id, seal_id)
        decision = FLOW.decide(facts(seal), action, actor, version=version, reason=reason)
        used = seals.use_waiting(seal_id) if action in {A.ENABLE, A.ADOPT} else None
        seals.set_state(seal_id, decision.new)
        changed = seals.get(seal_id)
        _record(actor, changed, action, old=decision.old.value, reason=reason.strip(), certificate_id=used)
    return changed


def _checked(unit_id: int, handed: Handed) -> SealCertificateFile:
    if not KEY_NAME.fullmatch(handed.key_name):
        raise Invalid("密钥代号用小写字母、数字、横线，2 至 60 个字符，由存放密钥的人告知。", "key_name")
    if not handed.certificate:
        raise Invalid("请选择印章证书文件。", "certificate")
    found = uploaded.read(handed.certificate, handed.issuers, at=clock.now())
    unit = people.unit(unit_id)
    if plain_name(found.holder) != plain_name(unit.name):
        raise Invalid(f"证书属于“{found.holder}”，不是“{unit.name}”，不能登记。", "certificate")
    return found


def _add_certificate(actor: Actor, seal_id: int, found: SealCertificateFile, key_name: str) -> int:
    return seals.add_certificate(
        seal_id,
        certificate_pem=found.certificate_pem,
        chain_pem=found.chain_pem,
        root_pem=found.root_pem,
        fingerprint_sha256=found.fingerprint_sha256,
        begins_at=found.begins_at,
        expires_at=found.expires_at,
        key_name=key_name,
        registered_by=actor.id,
    )


def plain_name(name: str) -> str:
    """A name without what differs only in typing: spaces, full-width letters and parentheses."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _name(name: str) -> str:
    plain = name.strip()
    if not 2 <= len(plain) <= LONGEST_NAME:
        raise Invalid(f"请填写印章名称，2 至 {LONGEST_NAME} 字。", "name")
    return plain


def _keeper(unit_id: int, person_id: int | None) -> int | None:
    if person_id is None:
        return None
    if person_id not in {person.id for person in keepers(unit_id)}:
        raise Invalid("保管人应是印章管理员或主要领导，请重新选择。", "keeper_id")
    return person_id


def _differences(seal: SealView, name: str, keeper_id: int | None, *, has_picture: bool) -> list[str]:
    told = [f"名称由“{seal.name}”改为“{name}”"] if name != seal.name else []
    if keeper_id != seal.keeper_id:
        names = people.names([keeper_id])
        new = names[keeper_id] if keeper_id else "未指定"
        told.append(f"保管人由{seal.keeper_name or '未指定'}改为{new}")
    return told + (["换了图样"] if has_picture else [])


def _record(
    actor: Actor,
    seal: SealView,
    action: SealAction,
    *,
    old: str | None = None,
    reason: str = "",
    certificate_id: int | None = None,
) -> None:
    before = seal.state.value if old is None else old
    seals.add_change(
        seal.id,
        action,
        old_state=before,
        new_state=seal.state.value,
        person_id=actor.id,
        reason=reason,
        certificate_id=certificate_id,
    )
    code = "register_seal" if action is A.REGISTER else f"seal_{action.value}"
    event_id = events.record(
        code,
        actor_id=actor.id,
        unit_id=actor.unit_id,
        old_state=before,
        new_state=seal.state.value,
        reason=reason,
        details={"seal": seal.name},
    )
    telling.of_seal(event_id, seal, facts(seal), by=actor, action=action, reason=reason)


def _demand(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden("您没有办理这一步的权限。")
