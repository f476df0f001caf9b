"""The facts a report form brings with it, as data with its basis."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from perfapp.core.figures.facts import Definition, FactKey, check_definitions


class FactList(BaseModel):
    """A form's facts; the unit is to check names and scopes against its own books."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: FactKey
    version: int = Field(ge=1)
    name: str
    basis: str
    to_be_checked: str = ""
    facts: Annotated[tuple[Definition, ...], Field(min_length=1)]

    def checked(self) -> "FactList":
        """Itself; Invalid when a key stands twice or a formula is wrong."""
        keys = [fact.key for fact in self.facts]
        if len(keys) != len(set(keys)):
            raise ValueError("fact keys must be unique")
        check_definitions(self.facts)
        return self
