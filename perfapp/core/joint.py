"""One step that several people may take together: whom it asks, who has agreed, and when that is enough."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    ALL = "all"  # 会签: everybody who is asked
    ANY = "any"  # 或签: whoever comes first
    SOME = "some"  # a number of them


@dataclass(frozen=True, slots=True)
class Rule:
    """How many of those who are asked must agree; `least` counts with `SOME` only."""

    mode: Mode = Mode.ANY
    least: int = 1

    def needed(self, asked: int) -> int:
        """How many of so many."""
        return asked if self.mode is Mode.ALL else min(self.least if self.mode is Mode.SOME else 1, asked)


class Kind(StrEnum):
    """How somebody else came to the step."""

    BEFORE = "before"  # 前加签: he agrees first, then whoever asked him
    AFTER = "after"  # 后加签: he agrees once whoever asked him has
    INSTEAD = "instead"  # 转办: he acts in the other's place


@dataclass(frozen=True, slots=True)
class Referral:
    """加签 or 转办: one person brought another to the step, with a reason."""

    id: int
    kind: Kind
    by_id: int
    by_name: str
    to_id: int
    to_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The step as it stands. A seat is whoever is asked; the hand is who signed for it, himself or a delegate."""

    rule: Rule = Rule()
    seats: Set[int] = frozenset()  # whom the step asks by their posts
    agreed: Mapping[int, int] = field(default_factory=dict)  # seat to hand
    referrals: tuple[Referral, ...] = ()
    floor: int = 1  # without anybody to ask, a section still waits for one

    def asks(self, person_id: int) -> bool:
        """Whether somebody brought this person to the step, whatever his posts."""
        return any(one.to_id == person_id for one in self.referrals)

    def is_added(self, person_id: int) -> bool:
        """Whether he was added (加签): he agrees or returns, and brings nobody else."""
        return person_id in self._added

    def handed_to(self, seat: int) -> str:
        """To whom this seat was handed on, '' where it was not."""
        return next((one.to_name for one in self.referrals if one.kind is Kind.INSTEAD and one.by_id == seat), "")

    def is_enough(self, agreed: Mapping[int, int] | None = None) -> bool:
        """Whether the step is taken: enough of those asked have agreed, and everybody who was added."""
        given = self.agreed if agreed is None else agreed
        return self._seats_are_enough(given) and self._added <= given.keys()

    def with_word_of(self, seat: int, hand: int) -> dict[int, int]:
        return {**self.agreed, seat: hand}

    def not_yet(self, seat: int) -> str:
        """Why this seat has to wait for another, as a sentence; '' when it is its turn."""
        first = [one.to_name for one in self.referrals if self._comes_before(one, seat)]
        if first:
            return f"您请{'、'.join(first)}先看，同意后再由您办理；不等了，可以先收回。"
        after = [one for one in self.referrals if one.kind is Kind.AFTER and one.to_id == seat]
        if after and not self._seats_are_enough(self.agreed) and not any(o.by_id in self.agreed for o in after):
            return f"{after[0].by_name}还没有办理，他同意以后再由您看。"
        return ""

    def awaited(self) -> frozenset[int]:
        """Who may act now and has not."""
        if self.is_enough():
            return frozenset()
        left = frozenset() if self._seats_are_enough(self.agreed) else self.in_turn - self.agreed.keys()
        waiting = left | (self._added - self.agreed.keys())
        return frozenset(seat for seat in waiting if not self.not_yet(seat))

    @property
    def in_turn(self) -> frozenset[int]:
        """Whom the step asks after every 转办."""
        handed = [one for one in self.referrals if one.kind is Kind.INSTEAD]
        return (frozenset(self.seats) - {one.by_id for one in handed} | {one.to_id for one in handed}) - {
            one.by_id for one in handed
        }

    @property
    def needed(self) -> int:
        return max(self.floor, self.rule.needed(len(self.in_turn)))

    def signed(self, agreed: Mapping[int, int]) -> int:
        """How many of those asked have signed; whoever signed for two counts once."""
        return len({hand for seat, hand in agreed.items() if seat not in self._added})

    @property
    def _added(self) -> frozenset[int]:
        return frozenset(one.to_id for one in self.referrals if one.kind is not Kind.INSTEAD)

    def _seats_are_enough(self, agreed: Mapping[int, int]) -> bool:
        if self.rule.mode is Mode.ALL and not self.in_turn <= agreed.keys():
            return False
        return self.signed(agreed) >= (self.floor if self.rule.mode is Mode.ALL else self.needed)

    def _comes_before(self, one: Referral, seat: int) -> bool:
        return one.kind is Kind.BEFORE and one.by_id == seat and one.to_id not in self.agreed
