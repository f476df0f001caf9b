"""What an indicator aims at: a sign, a number and a unit."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.scoring.amounts import plain

SIGNS = {">=": "≥", "<=": "≤", "=": "="}
UnitName = Annotated[str, StringConstraints(min_length=1, max_length=20, strip_whitespace=True)]


class Target(BaseModel):
    """≥90%: `value` is in `unit`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sign: Literal[">=", "<=", "="]
    value: Annotated[Decimal, Field(max_digits=20, decimal_places=6)]
    unit: UnitName

    @property
    def amount(self) -> str:
        return plain(self.value) + self.unit

    def __str__(self) -> str:
        return ("" if self.sign == "=" else SIGNS[self.sign]) + self.amount

    def is_met(self, value: Decimal) -> bool:
        if self.sign == ">=":
            return value >= self.value
        return value <= self.value if self.sign == "<=" else value == self.value
