"""The engine of both workflows: a table of steps in, a decision or a refusal out. It knows no state by name."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid
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
    once: bool = False  # each person once, as in a joint review
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
    decided_ids: Set[int] = frozenset()
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
        if step.once and actor is not None and actor.id in facts.decided_ids:
            raise Conflict("您已经办理过这一步，正在等其他人。")
        for need in step.needs:
            if need not in facts.conditions:
                raise Invalid(facts.sentences.get(need, self.needs[need]))
        if step.needs_reason and not reason.strip():
            raise Invalid("请写明理由，让对方知道为什么、改哪里。", field="reason")
        target = facts.direct_to if step.to_direct else step.target
        return Decision(action, facts.state, target or facts.state, step.covers, step.effects)

    def available(self, facts: Facts[StateT], actor: Actor) -> tuple[ActionT, ...]:
        """The actions to draw as buttons, in table order: each works, but for a reason or content still missing."""
        found: dict[ActionT, None] = {}
        for action in dict.fromkeys(step.action for step in self.steps):
            if isinstance(self._refusal(facts, action, actor), Invalid | None):
                found[action] = None
        return tuple(found)

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


def _bar(step: Step[StateT, ActionT], facts: Facts[StateT], actor: Actor | None) -> str | None:
    """Why this row is closed to this person: None if open, '' if it is simply not his, else a sentence."""
    if actor is None or step.scope is Scope.SYSTEM:
        return None if actor is None and step.scope is Scope.SYSTEM else ""
    if step.permission is None or not actor.may(step.permission):
        return ""
    own = facts.office_id is not None and actor.may_at(step.permission, facts.office_id)
    if step.scope is Scope.OWN_OFFICE and not own:
        return "这一节由其他科室负责，您不能办理。"
    if step.not_by_author and actor.id in facts.author_ids:
        return "您写过其中的内容，须由他人审核。"
    if step.not_by_approver and actor.id in facts.approver_ids:
        return "您审批过这份报告，须由他人用印。"
    if step.only_last_actor and actor.id != facts.last_actor_id:
        return "只有刚才办理这一步的人可以撤回。"
    return None
