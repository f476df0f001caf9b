"""What the page of one seal shows."""

from dataclasses import dataclass
from typing import Any

from perfapp import clock
from perfapp.blueprints.page import spoken_moment
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Actor
from perfapp.core.seal_flow import FLOW, SealAction, SealState
from perfapp.core.words import SEAL_ACTIONS, SEAL_STATES, Tone
from perfapp.data import probes, seals
from perfapp.data.probes import ProbeView
from perfapp.data.seals import CertificateView, ChangeView, SealView
from perfapp.services import seal_register, seal_watch
from perfapp.signing import uploaded

A = SealAction
DECISIONS = (A.ENABLE, A.ADOPT, A.STOP, A.CANCEL)
_TONES = {
    A.REGISTER: Tone.ACTIVE,
    A.CHANGE: Tone.IDLE,
    A.RENEW: Tone.ACTIVE,
    A.ENABLE: Tone.DONE,
    A.ADOPT: Tone.DONE,
    A.STOP: Tone.LATE,
    A.CANCEL: Tone.VOID,
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate with what can be said of it."""

    view: CertificateView
    word: str
    tone: Tone
    sentences: tuple[str, ...]
    probe: ProbeView | None

    @property
    def left(self) -> int:
        return seal_watch.days_left(self.view)


@dataclass(frozen=True, slots=True)
class Decision:
    """An act the keeper is offered, and what now stops it."""

    action: str
    label: str
    obstacle: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class SealPage:
    seal: SealView
    certificates: list[Certificate]
    decisions: list[Decision]
    may_register: bool
    history: list[dict[str, Any]]
    next_word: str  # whose turn it is


def read(actor: Actor, seal_id: int) -> SealPage:
    """The page as this person sees it."""
    seal = seals.own(actor.unit_id, seal_id)
    known = seal_register.facts(seal)
    available = FLOW.available(known, actor)
    found = probes.of(probes.KEY)
    return SealPage(
        seal=seal,
        certificates=[_certificate(one, found.get(str(one.id))) for one in seals.certificates(seal_id)],
        decisions=[
            Decision(action.value, SEAL_ACTIONS[action], FLOW.obstacle(known, action, actor) or "", _asks(action))
            for action in DECISIONS
            if action in available
        ],
        may_register=A.CHANGE in available,
        history=[_line(change) for change in seals.history(seal_id)],
        next_word=_next(seal),
    )


def _asks(action: SealAction) -> bool:
    return any(step.needs_reason for step in FLOW.steps if step.action is action)


def _certificate(view: CertificateView, probe: ProbeView | None) -> Certificate:
    word, tone = {
        "waiting": ("待启用", Tone.WAITING),
        "current": ("使用中", Tone.DONE),
        "retired": ("已换下，留作查验", Tone.IDLE),
    }[view.state]
    if view.state != "retired" and not view.runs(clock.now()):
        word, tone = ("已到期", Tone.LATE) if view.expires_at <= clock.now() else ("还没有生效", Tone.WAITING)
    return Certificate(view, word, tone, _sentences(view), probe)


def _sentences(view: CertificateView) -> tuple[str, ...]:
    issuers = [pem.encode() for pem in (view.chain_pem, view.root_pem) if pem]
    try:
        return uploaded.read(view.certificate_pem.encode(), issuers, at=clock.now()).sentences
    except Invalid as refusal:
        return (refusal.message,)


def _next(seal: SealView) -> str:
    if seal.state in {SealState.REGISTERED, SealState.STOPPED} or seal.waiting:
        return seal.keeper_name or "系统管理员（先指定保管人）"
    return ""


def _line(change: ChangeView) -> dict[str, Any]:
    return {
        "who": change.person_name or "服务器管理人（命令行）",
        "what": SEAL_ACTIONS[change.action] + _moved(change),
        "when": spoken_moment(change.at),
        "iso": change.at.isoformat(),
        "reason": change.reason,
        "tone": _TONES[change.action].value,
    }


def _moved(change: ChangeView) -> str:
    if change.action is A.REGISTER and change.new_state == SealState.ACTIVE:
        return "，同时启用"  # on the server, where whoever registers it holds the key as well
    if not change.old_state or change.old_state == change.new_state:
        return ""
    old, new = SEAL_STATES[SealState(change.old_state)][0], SEAL_STATES[SealState(change.new_state)][0]
    return f"，由“{old}”转为“{new}”"
