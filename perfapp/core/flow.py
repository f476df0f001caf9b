"""The engine of both workflows: a table of steps in, a decision or a refusal out. It knows no state by name."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid
from perfapp.core.joint import Joint
from perfapp.core.permissions import Actor, Permission

StateT = TypeVar("StateT", bound=StrEnum)
ActionT = TypeVar("ActionT", bound=StrEnum)


class Scope(StrEnum):
    OWN_OFFICE = "own_office"
    UNIT = "unit"
    SYSTEM = "system"  # never a person's own act: the clock, a worker, or part of a larger act


class Effect(StrEnum):
    """What must follow a step; the service turns each into rows in the same transaction.

    Whose turn it is after a step is told always (`Flow.next_permissions`); these are the others who must know.
    """

    TELL_WRITERS = "tell_writers"
    TELL_HEADS = "tell_heads"
    TELL_EDITORS = "tell_editors"
    TELL_LEADERS = "tell_leaders"
    TELL_ALL = "tell_all"
    COMPILE = "compile"
    SEAL = "seal"
    NEW_EDITION = "new_edition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[StateT, ActionT]):
    """One row: who may carry out `action` from which states, and where it leads."""

    action: ActionT
    source: tuple[StateT, ...]
    target: StateT | None  # None: the state stays as it is
    permission: Permission | None  # None only with Scope.SYSTEM
    scope: Scope = Scope.UNIT
    when: tuple[str, ...] = ()  # conditions that choose this row; without them the row is not there
    needs: tuple[str, ...] = ()  # conditions that must hold; without them the act is refused with a sentence
    needs_reason: bool = False
    not_by_author: bool = False  # nobody approves what he wrote
    not_by_approver: bool = False  # nobody seals what he approved, where the unit keeps the two apart
    joint: ActionT | None = None  # belongs to a step that can be taken jointly, be passed on and be delegated
    undoes: bool = False  # takes back one's own part of the joint step, until the next person acts
    in_person: bool = False  # by whoever was asked himself: neither by a delegate nor by who was only added
    same_person: bool = (
        False  # settled by whoever took the step before on the same content, where the year's rules say so
    )
    only_last_actor: bool = False  # taken back by the one who did it, until the next person acts
    to_direct: bool = False  # leads to `Facts.direct_to`, the state it was returned from
    covers: bool = False  # an approval: the digest of the content is stored with it
    forward: bool = False  # moves the work on: whoever may do this is whom everybody waits for
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, kw_only=True)  # no slots: a generic alias cannot be called to make a frozen, slotted value
class Facts(Generic[StateT]):
    """What the rules need to know of the thing, nothing more."""

    state: StateT
    version: int
    office_id: int | None = None
    direct_to: StateT | None = None
    author_ids: Set[int] = frozenset()
    approver_ids: Set[int] = frozenset()
    joints: Mapping[str, Joint] = field(default_factory=dict)  # by the action that takes the step
    last_actor_id: int | None = None
    conditions: Set[str] = frozenset()
    sentences: Mapping[str, str] = field(default_factory=dict)  # why a needed condition does not hold


@dataclass(frozen=True, slots=True)
class Decision(Generic[StateT, ActionT]):
    action: ActionT
    old: StateT
    new: StateT
    covers: bool
    effects: tuple[Effect, ...]
    undoes: ActionT | None = None  # the step that is taken back
    is_consent: bool = False  # the word of somebody who was added (加签), not of the post
    joint: ActionT | None = None  # the joint step that the act belongs to


class Flow(Generic[StateT, ActionT]):
    """A transition table with its words, and the one way to ask it."""

    def __init__(self, steps: Iterable[Step[StateT, ActionT]], *, needs: Mapping[str, str], subject: str) -> None:
        self.steps = tuple(steps)
        self.needs = needs
        self.subject = subject

    def decide(
        self, facts: Facts[StateT], action: ActionT, actor: Actor | None, *, version: int, reason: str = ""
    ) -> Decision[StateT, ActionT]:
        """What `action` does, or why it may not be done. `actor` None is the system.

        Refusals come in a fixed order, Forbidden, Conflict, Invalid: a person without the right
        never learns the state.
        """
        rows = self._permitted(facts, action, actor)
        if version != facts.version:
            raise Conflict(f"{self.subject}在您打开之后已有变动，请刷新页面，看过新的内容再办理。")
        step = next((row for row in rows if self._applies(row, facts)), None)
        if step is None:
            raise Conflict(f"{self.subject}的状态已经变化，这一步现在不能办理，请刷新页面。")
        if actor is not None and step.joint and (step.joint == action or step.in_person):
            _demand_turn(_joint(step, facts), actor, passing=step.in_person)
        for need in step.needs:
            if need not in facts.conditions:
                raise Invalid(facts.sentences.get(need, self.needs[need]))
        if step.needs_reason and not reason.strip():
            raise Invalid("请写明理由，让对方知道为什么、改哪里。", field="reason")
        target = facts.direct_to if step.to_direct else step.target
        joint, undone = _joint(step, facts), step.joint if step.undoes else None
        if step.joint == action and actor is not None:
            target = target if joint.is_enough(joint.with_word_of(actor.seat_id, actor.id)) else facts.state
        added = actor is not None and step.joint is not None and joint.is_added(actor.seat_id)
        return Decision(
            action, facts.state, target or facts.state, step.covers, step.effects, undone, added, step.joint
        )

    def available(self, facts: Facts[StateT], actor: Actor) -> tuple[ActionT, ...]:
        """The actions to draw as buttons, in table order: each works, but for a reason or content still missing."""
        found: dict[ActionT, None] = {}
        for action in dict.fromkeys(step.action for step in self.steps):
            if isinstance(self._refusal(facts, action, actor), Invalid | None):
                found[action] = None
        return tuple(found)

    def offered(self, facts: Facts[StateT], actors: Iterable[Actor]) -> dict[ActionT, Actor]:
        """The same for one person in each of his capacities: whoever may do it himself does not do it for another."""
        capacities = [(actor, frozenset(self.available(facts, actor))) for actor in actors]
        found: dict[ActionT, Actor] = {}
        for action in dict.fromkeys(step.action for step in self.steps):
            who = next((actor for actor, actions in capacities if action in actions), None)
            if who is not None:
                found[action] = who
        return found

    def settles(self, facts: Facts[StateT], action: ActionT, actor: Actor) -> bool:
        """Whether the person would be asked for this next, and may settle it with the step before."""
        rows = [step for step in self.steps if step.action == action and step.same_person]
        return any(self._applies(step, facts) for step in rows) and self._refusal(facts, action, actor) is None

    def obstacle(self, facts: Facts[StateT], action: ActionT, actor: Actor) -> str | None:
        """The sentence that now stops a drawn button, or None."""
        refusal = self._refusal(facts, action, actor)
        return refusal.message if refusal else None

    def next_permissions(self, facts: Facts[StateT]) -> tuple[tuple[Permission, Scope], ...]:
        """Whose turn it is: the permissions that move the thing on from here."""
        rows = (step for step in self.steps if step.forward and self._applies(step, facts))
        return tuple(dict.fromkeys((row.permission, row.scope) for row in rows if row.permission is not None))

    def _refusal(self, facts: Facts[StateT], action: ActionT, actor: Actor) -> DomainError | None:
        try:
            self.decide(facts, action, actor, version=facts.version, reason="-")
        except DomainError as refusal:
            return refusal
        return None

    def _applies(self, step: Step[StateT, ActionT], facts: Facts[StateT]) -> bool:
        return facts.state in step.source and all(name in facts.conditions for name in step.when)

    def _permitted(
        self, facts: Facts[StateT], action: ActionT, actor: Actor | None
    ) -> tuple[Step[StateT, ActionT], ...]:
        rows, refusal = [], "您没有办理这一步的权限。"
        for step in self.steps:
            if step.action != action:
                continue
            why = _bar(step, facts, actor)
            if why is None:
                rows.append(step)
            elif why:
                refusal = why
        if not rows:
            raise Forbidden(refusal)
        return tuple(rows)


def _joint(step: Step[StateT, ActionT], facts: Facts[StateT]) -> Joint:
    return facts.joints.get(step.joint or "") or Joint()


def _demand_turn(joint: Joint, actor: Actor, *, passing: bool) -> None:
    """Conflict where this seat has had its say, or has to wait for another."""
    if actor.seat_id in joint.agreed and not joint.is_enough():
        raise Conflict("您已经办理过这一步，正在等其他人。")
    why = "" if passing else joint.not_yet(actor.seat_id)
    if why:
        raise Conflict(why)


def _bar(step: Step[StateT, ActionT], facts: Facts[StateT], actor: Actor | None) -> str | None:
    """Why this row is closed to this person: None if open, '' if it is simply not his, else a sentence."""
    if actor is None or step.scope is Scope.SYSTEM:
        return None if actor is None and step.scope is Scope.SYSTEM else ""
    why = _not_his(step, facts, actor)
    if why is not None:
        return why
    if step.not_by_author and facts.author_ids & {actor.id, actor.seat_id}:
        return (
            "您写过其中的内容，须由他人审核。"
            if actor.id in facts.author_ids
            else "被代理人写过其中的内容，须由他人审核。"
        )
    if step.not_by_approver and actor.id in facts.approver_ids:
        return "您审批过这份报告，须由他人用印。"
    if step.only_last_actor and actor.id != facts.last_actor_id:
        return "只有刚才办理这一步的人可以撤回。"
    return None


def _not_his(step: Step[StateT, ActionT], facts: Facts[StateT], actor: Actor) -> str | None:
    """Whether neither a post, nor a delegation, nor 加签 or 转办 gives him the row: '' or a sentence."""
    joint = _joint(step, facts) if step.joint else Joint()
    if step.undoes and actor.seat_id not in joint.agreed:
        return "只有刚才办理这一步的人可以撤回。"
    if step.joint and joint.handed_to(actor.seat_id):
        return f"您已把这一步转给{joint.handed_to(actor.seat_id)}办理；要自己办理，请先收回。"
    if step.in_person and (actor.principal or joint.is_added(actor.id)):
        return "代理人和加签人只能同意或退回，不能再转办、加签。"
    if actor.principal:
        return _not_lent(step, facts, actor, joint)
    if step.joint and joint.asks(actor.id):
        return None
    if step.permission is None or not actor.may(step.permission):
        return ""
    own = facts.office_id is not None and actor.may_at(step.permission, facts.office_id)
    return "这一节由其他科室负责，您不能办理。" if step.scope is Scope.OWN_OFFICE and not own else None


def _not_lent(step: Step[StateT, ActionT], facts: Facts[StateT], actor: Actor, joint: Joint) -> str | None:
    """The same for whoever stands in for another."""
    if not step.joint:
        return "这一步不能代理，须由本人办理。"
    if actor.id in facts.author_ids:  # neither approves his own words in another's name, nor returns them
        return "您写过其中的内容，不能代他人办理。"
    if step.undoes and joint.agreed[actor.seat_id] != actor.id:
        return "这是被代理人自己办理的，由他本人撤回。"
    office = facts.office_id if step.scope is Scope.OWN_OFFICE else None
    lends = (
        step.permission is not None and actor.principal is not None and actor.principal.lends(step.permission, office)
    )
    return None if lends else ""
