"""A seal's life in the register, as a table: who registers, enables, stops and cancels it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from perfapp.core.flow import Facts, Flow, Step
from perfapp.core.permissions import Permission


class SealKind(StrEnum):
    OFFICIAL = "official"
    PERFORMANCE = "performance"
    FINANCE = "finance"
    OTHER = "other"


class SealState(StrEnum):
    REGISTERED = "registered"
    ACTIVE = "active"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class SealAction(StrEnum):
    REGISTER = "register"
    CHANGE = "change"
    RENEW = "renew"
    ENABLE = "enable"
    ADOPT = "adopt"
    STOP = "stop"
    CANCEL = "cancel"


class SealIs(StrEnum):
    """Conditions a seal can meet."""

    HAS_KEEPER = "has_keeper"
    RENEWED = "renewed"  # a later certificate waits to be used
    CERTIFICATE_RUNS = "certificate_runs"  # the one to be used has begun and has not ended
    KEY_FITS = "key_fits"  # the sealing worker has opened its key and proved that it belongs to the certificate


@dataclass(frozen=True, kw_only=True)
class SealFacts(Facts[SealState]):
    """What the rules need to know of a seal."""


REPORT_KINDS = (SealKind.OFFICIAL, SealKind.PERFORMANCE)
"""What a report may be sealed with, the usual one first; the others are only registered here."""

NEEDS: Mapping[str, str] = {
    SealIs.HAS_KEEPER: "印章还没有保管人，请系统管理员先指定。",
    SealIs.CERTIFICATE_RUNS: "证书不在有效期内，请系统管理员登记新的证书。",
    SealIs.KEY_FITS: "盖章服务还没有证明这枚印章的密钥能打开、与证书相配，请稍候或请系统管理员检查。",
}

S, A, P, Is = SealState, SealAction, Permission, SealIs
_STANDING = (S.REGISTERED, S.ACTIVE, S.STOPPED)
_USABLE = (Is.HAS_KEEPER, Is.CERTIFICATE_RUNS, Is.KEY_FITS)

# fmt: off
FLOW: Flow[SealState, SealAction] = Flow((
    # 系统管理员登记，见不到密钥；用与不用由保管人和主要领导定
    Step(action=A.CHANGE, source=_STANDING, target=None, permission=P.REGISTER_SEALS, needs_reason=True),
    Step(action=A.RENEW, source=_STANDING, target=None, permission=P.REGISTER_SEALS),
    Step(action=A.ENABLE, source=(S.REGISTERED, S.STOPPED), target=S.ACTIVE, permission=P.KEEP_SEALS,
         needs=_USABLE, needs_reason=True, forward=True),
    Step(action=A.ADOPT, source=(S.ACTIVE,), target=None, permission=P.KEEP_SEALS, when=(Is.RENEWED,),
         needs=_USABLE, forward=True),
    Step(action=A.STOP, source=(S.ACTIVE,), target=S.STOPPED, permission=P.KEEP_SEALS, needs_reason=True),
    Step(action=A.CANCEL, source=(S.REGISTERED, S.STOPPED), target=S.CANCELLED, permission=P.KEEP_SEALS,
         needs_reason=True),
), needs=NEEDS, subject="这枚印章")
# fmt: on
