"""代理: which steps a person may let another take for him, and what that lends."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from perfapp.core.permissions import GRANTS, Actor, Permission, Post, Principal

STEPS: Mapping[Permission, str] = {
    Permission.REVIEW: "科室审核",
    Permission.CHECK_MONEY: "财务核数",
    Permission.ACCEPT: "统稿采纳",
    Permission.REVIEW_REPORT: "领导会审",
    Permission.ISSUE: "签发",
}
"""What can be delegated. The seal is not among it: whoever holds it presses it himself."""

TAKERS: Mapping[Permission, frozenset[Permission]] = {
    Permission.REVIEW: frozenset({Permission.REVIEW, Permission.WRITE, Permission.REVIEW_REPORT, Permission.ISSUE}),
    Permission.CHECK_MONEY: frozenset({Permission.CHECK_MONEY, Permission.REVIEW_REPORT, Permission.ISSUE}),
    Permission.ACCEPT: frozenset({Permission.ACCEPT, Permission.CHECK_MONEY, Permission.REVIEW_REPORT}),
    Permission.REVIEW_REPORT: frozenset({Permission.REVIEW_REPORT, Permission.ISSUE}),
    Permission.ISSUE: frozenset({Permission.ISSUE, Permission.REVIEW_REPORT}),
}
"""Who may take a step for another, by 代理 or 转办: whoever does the like of it, or stands above."""

READING: Mapping[Permission, Permission] = {
    Permission.CHECK_MONEY: Permission.READ_DRAFTS,
    Permission.ACCEPT: Permission.READ_DRAFTS,
    Permission.REVIEW_REPORT: Permission.READ_REPORT,
    Permission.ISSUE: Permission.READ_REPORT,
}
"""What whoever takes the step must be able to read by his own posts; for 科室审核 it is the office's sections."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One delegation as it bears on a day: which steps, at one office or (None) wherever the principal holds them."""

    steps: Set[Permission]
    office_id: int | None = None


def lent(posts: Iterable[Post], scopes: Iterable[Scope]) -> frozenset[tuple[Permission, int | None]]:
    """What the scopes lend of these posts: steps with their office. What the principal lost, nobody has of him."""
    held = tuple(posts)
    return frozenset(
        (step, post.office_id)
        for scope in scopes
        for step in scope.steps
        if step in STEPS
        for post in held
        if step in GRANTS[post.role] and scope.office_id in {None, post.office_id}
    )


def acting_for(delegate: Actor, principal: Actor, scopes: Iterable[Scope]) -> Actor | None:
    """The delegate as he acts for the principal; None where nothing is lent. Delegates lend nothing on."""
    steps = lent(principal.posts, scopes)
    if not steps or principal.unit_id != delegate.unit_id or principal.id == delegate.id:
        return None
    return delegate.standing_in_for(Principal(principal.id, principal.name, steps))


def may_take(person: Actor, step: Permission, office_ids: Iterable[int]) -> bool:
    """Whether the step may be given to this person, and he could open what he is to decide."""
    return any(person.may(permission) for permission in TAKERS[step]) and can_read(person, step, office_ids)


def can_read(person: Actor, step: Permission, office_ids: Iterable[int]) -> bool:
    """Whether the person would be able to open what he is to decide."""
    if step is Permission.REVIEW:
        return person.may(Permission.READ_DRAFTS) or set(office_ids) <= person.office_ids
    return person.may(READING[step])
