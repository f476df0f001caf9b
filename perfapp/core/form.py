"""A report form as data: the outline a cycle starts from, with guidance and its legal basis."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormSection(_Value):
    """One heading of the form.

    `office` is a hint of who owns it, matched against the names of a unit's offices; `takes_items` lets the
    editor add items below; `run_in` prints heading and text as one paragraph.
    """

    key: Key
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    has_text: bool = True
    holds_money: bool = False
    required: bool = True
    run_in: bool = False
    takes_items: bool = False
    office: str = ""
    guidance: str = ""
    children: tuple["FormSection", ...] = ()


class Form(_Value):
    """A form of one place and year. `basis` is the document it follows; a unit is to check it against its notice."""

    key: Key
    version: int = Field(ge=1)
    name: str
    place: str
    basis: str
    to_be_checked: str = ""
    attachment_mark: str = ""
    title: str
    sections: tuple[FormSection, ...]

    @model_validator(mode="after")
    def _fits(self) -> "Form":
        keys = [section.key for _, section in self.walk()]
        if len(keys) != len(set(keys)):
            raise ValueError("section keys must be unique")
        if any(level > 4 for level, _ in self.walk()):
            raise ValueError("an outline has at most four levels")
        return self

    def walk(self) -> Iterator[tuple[int, FormSection]]:
        """Every section with its level, in printed order."""

        def below(level: int, sections: tuple[FormSection, ...]) -> Iterator[tuple[int, FormSection]]:
            for section in sections:
                yield level, section
                yield from below(level + 1, section.children)

        return below(1, self.sections)

    def title_for(self, year: int) -> str:
        return self.title.replace("{year}", str(year))
