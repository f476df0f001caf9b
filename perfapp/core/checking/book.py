"""The rule book: which rules apply, how heavy each is, and its words and tolerances. Data, with its 依据."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from perfapp.core.checking.findings import Severity


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Value):
    """One rule's entry: `code` names the function that knows how; the entry says whether, how heavy and why."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{1,2}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    severity: Severity
    basis: str = ""
    is_on: bool = True
    tolerance: Decimal | None = None
    words: tuple[str, ...] = ()  # what the rule looks for, where that is a list


class RuleBook(_Value):
    """All rules of a form. A figure within `tail` of what it should be is a rounding tail: a note, not an error."""

    key: str
    version: int = Field(ge=1)
    name: str
    basis: str
    to_be_checked: str = ""
    tail: Decimal = Decimal("0.05")
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _once(self) -> "RuleBook":
        codes = [rule.code for rule in self.rules]
        if len(codes) != len(set(codes)):
            raise ValueError("rule codes must be unique")
        return self

    def rule(self, code: str) -> Rule | None:
        """The rule if it is there and on."""
        return next((rule for rule in self.rules if rule.code == code and rule.is_on), None)
