"""Where a fact stands in a year, in one word."""

from enum import StrEnum

from perfapp.core.figures.facts import Definition


class FactState(StrEnum):
    EMPTY = "empty"  # nobody has entered it yet
    WAITING = "waiting"  # entered, to be confirmed
    CONFIRMED = "confirmed"
    FORMULA = "formula"  # worked out from others


def fact_state(definition: Definition, *, has_value: bool, is_confirmed: bool) -> FactState:
    """The state of a fact from its present value; a total of a ledger is confirmed like what is typed."""
    if definition.formula:
        return FactState.FORMULA
    if not has_value:
        return FactState.EMPTY
    return FactState.CONFIRMED if is_confirmed else FactState.WAITING
