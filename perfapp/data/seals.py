"""Seals, their certificates and their history (印章登记). Their use is in `seal_uses`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.seal_flow import REPORT_KINDS, SealAction, SealKind, SealState
from perfapp.data.models import Person, Seal, SealCertificate, SealChange
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate of a seal."""

    id: int
    seal_id: int
    state: str  # waiting, current or retired
    certificate_pem: str
    chain_pem: str
    root_pem: str
    fingerprint_sha256: str
    begins_at: datetime
    expires_at: datetime
    key_name: str
    warned_days: int | None
    es_root_pem: str
    registered_at: datetime

    def runs(self, at: datetime) -> bool:
        return self.begins_at <= at < self.expires_at


@dataclass(frozen=True, slots=True)
class SealView:
    """A seal with the certificate in use, or, before it is enabled, the one that waits."""

    id: int
    unit_id: int
    name: str
    kind: SealKind
    state: SealState
    version: int
    keeper_id: int | None
    keeper_name: str
    picture_sha256: str
    is_demo: bool
    registered_at: datetime
    certificate: CertificateView
    waiting: CertificateView | None  # registered and not yet used

    @property
    def certificate_pem(self) -> str:
        return self.certificate.certificate_pem

    @property
    def root_pem(self) -> str:
        return self.certificate.root_pem

    @property
    def fingerprint_sha256(self) -> str:
        return self.certificate.fingerprint_sha256

    @property
    def expires_at(self) -> datetime:
        return self.certificate.expires_at

    @property
    def key_name(self) -> str:
        return self.certificate.key_name

    @property
    def next_certificate(self) -> CertificateView:
        """What will be used once the seal, or the new certificate, is enabled."""
        return self.waiting or self.certificate


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One line of a seal's history."""

    action: SealAction
    old_state: str
    new_state: str
    certificate_id: int | None
    person_name: str  # empty: on the command line of the server
    reason: str
    at: datetime


def active(unit_id: int) -> SealView | None:
    """The seal that the unit's reports are sealed with: its official seal, else the one for performance reports."""
    rank = case({kind.value: place for place, kind in enumerate(REPORT_KINDS)}, value=Seal.kind)
    usable = Seal.kind.in_(tuple(kind.value for kind in REPORT_KINDS))
    found = _views(Seal.unit_id == unit_id, Seal.state == SealState.ACTIVE.value, usable, order=(rank, Seal.id.desc()))
    return found[0] if found else None


def get(seal_id: int) -> SealView:
    return _views(Seal.id == seal_id)[0]


def of_unit(unit_id: int) -> list[SealView]:
    return _views(Seal.unit_id == unit_id)


def own(unit_id: int, seal_id: int) -> SealView:
    """The unit's own seal; NotFound for any other."""
    found = _views(Seal.id == seal_id, Seal.unit_id == unit_id)
    if not found:
        raise NotFound("没有找到这枚印章。")
    return found[0]


def every() -> list[SealView]:
    """All seals that are not cancelled, of all units: for whoever watches over keys and certificates."""
    return _views(Seal.state != SealState.CANCELLED.value)


def lock(unit_id: int, seal_id: int) -> SealView:
    """The unit's own seal, kept from others until the transaction ends."""
    db.session.execute(select(Seal.id).where(Seal.id == seal_id, Seal.unit_id == unit_id).with_for_update())
    return own(unit_id, seal_id)


def certificate(certificate_id: int) -> CertificateView:
    return _certificate(db.session.get_one(SealCertificate, certificate_id))


def certificates(seal_id: int) -> list[CertificateView]:
    """Every certificate the seal ever had, newest first."""
    query = select(SealCertificate).where(SealCertificate.seal_id == seal_id).order_by(SealCertificate.id.desc())
    return [_certificate(row) for row in db.session.scalars(query)]


def history(seal_id: int) -> list[ChangeView]:
    """What happened to the seal, newest first."""
    query = (
        select(SealChange, Person.name)
        .outerjoin(Person, Person.id == SealChange.person_id)
        .where(SealChange.seal_id == seal_id)
        .order_by(SealChange.id.desc())
    )
    return [
        ChangeView(
            SealAction(row.action), row.old_state, row.new_state, row.certificate_id, name or "", row.reason, row.at
        )
        for row, name in db.session.execute(query)
    ]


def roots() -> list[str]:
    """The root certificates (PEM) of every certificate ever registered: what verification trusts."""
    return list(dict.fromkeys(db.session.scalars(select(SealCertificate.root_pem).order_by(SealCertificate.id))))


def es_roots() -> list[str]:
    """The same for GB/T 38540 seals."""
    query = select(SealCertificate.es_root_pem).where(SealCertificate.es_root_pem != "").order_by(SealCertificate.id)
    return list(dict.fromkeys(db.session.scalars(query)))


def fingerprints() -> dict[str, str]:
    """Certificate fingerprint to seal name, of every certificate ever registered."""
    query = select(SealCertificate.fingerprint_sha256, Seal.name).join(Seal, Seal.id == SealCertificate.seal_id)
    return {row.fingerprint_sha256: row.name for row in db.session.execute(query)}


def add(unit_id: int, **values: Any) -> int:
    row = Seal(unit_id=unit_id, registered_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def change(seal_id: int, **values: Any) -> None:
    """Write new values; whoever had the page open before must look again."""
    row = db.session.get_one(Seal, seal_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    db.session.flush()


def set_state(seal_id: int, state: SealState) -> None:
    change(seal_id, state=state.value)


def add_certificate(seal_id: int, **values: Any) -> int:
    """Register one more; it waits until somebody decides to use it. An earlier one that still waits gives way."""
    for row in _rows(seal_id, "waiting"):
        row.state = "retired"
    row = SealCertificate(seal_id=seal_id, registered_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def use_waiting(seal_id: int) -> int | None:
    """Use the certificate that waits, if one does: the present one retires. Returns the id of the new one."""
    waiting = _rows(seal_id, "waiting")
    if not waiting:
        return None
    for row in _rows(seal_id, "current"):
        row.state = "retired"
    waiting[0].state = "current"
    db.session.flush()
    return waiting[0].id


def set_warned(certificate_id: int, days: int) -> None:
    db.session.get_one(SealCertificate, certificate_id).warned_days = days
    db.session.flush()


def set_es_root(certificate_id: int, root_pem: str) -> None:
    db.session.get_one(SealCertificate, certificate_id).es_root_pem = root_pem
    db.session.flush()


def add_change(seal_id: int, action: SealAction, **values: Any) -> None:
    db.session.add(SealChange(seal_id=seal_id, action=action.value, at=clock.now(), **values))
    db.session.flush()


def _rows(seal_id: int, state: str) -> Sequence[SealCertificate]:
    query = select(SealCertificate).where(SealCertificate.seal_id == seal_id, SealCertificate.state == state)
    return db.session.scalars(query).all()


def _views(*conditions: ColumnElement[bool], order: tuple[Any, ...] = ()) -> list[SealView]:
    keeper = aliased(Person)
    query = (
        select(Seal, keeper.name)
        .outerjoin(keeper, keeper.id == Seal.keeper_id)
        .where(*conditions)
        .order_by(*(order or (Seal.id,)))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).all()
    held: dict[int, list[CertificateView]] = {}
    ids = [seal.id for seal, _ in found]
    wanted = select(SealCertificate).where(SealCertificate.seal_id.in_(ids)).order_by(SealCertificate.id.desc())
    for row in db.session.scalars(wanted.execution_options(populate_existing=True)) if ids else ():
        held.setdefault(row.seal_id, []).append(_certificate(row))
    return [_view(seal, name, held[seal.id]) for seal, name in found]


def _view(row: Seal, keeper_name: str | None, held: list[CertificateView]) -> SealView:
    waiting = next((one for one in held if one.state == "waiting"), None)
    current = next((one for one in held if one.state == "current"), None)
    return SealView(
        id=row.id,
        unit_id=row.unit_id,
        name=row.name,
        kind=SealKind(row.kind),
        state=SealState(row.state),
        version=row.version,
        keeper_id=row.keeper_id,
        keeper_name=keeper_name or "",
        picture_sha256=row.picture_sha256,
        is_demo=row.is_demo,
        registered_at=row.registered_at,
        certificate=current or waiting or held[0],
        waiting=waiting,
    )


def _certificate(row: SealCertificate) -> CertificateView:
    return CertificateView(
        id=row.id,
        seal_id=row.seal_id,
        state=row.state,
        certificate_pem=row.certificate_pem,
        chain_pem=row.chain_pem,
        root_pem=row.root_pem,
        fingerprint_sha256=row.fingerprint_sha256,
        begins_at=row.begins_at,
        expires_at=row.expires_at,
        key_name=row.key_name,
        warned_days=row.warned_days,
        es_root_pem=row.es_root_pem,
        registered_at=row.registered_at,
    )
