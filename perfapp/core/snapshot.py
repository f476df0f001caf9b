"""A report as it stood at one moment: everything the documents print, and nothing else."""

import hashlib
import json
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from perfapp.core.chinese import long_date
from perfapp.core.document import Document, drawn, heading_label, pictures, plain_lines

_DATE_LINE = "填报日期："


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SnapshotSection(_Value):
    """One heading of the outline, with its text if it has one. `level` is 1 to 4.

    `run_in` sets the text on the heading's own line: （1）全面推进食堂改革。一是……
    """

    key: str
    level: int
    number: int
    title: str
    run_in: bool = False
    document: Document | None = None
    not_applicable: str | None = None

    @property
    def label(self) -> str:
        return heading_label(self.level, self.number)


class Annex(_Value):
    """A document that follows the report on pages of its own (附表).

    `above` are the parts of the small line over the table, from edge to edge (填报单位, 单位：万元); `notes` stand
    under it, and `sign_offs` share the last line.
    """

    mark: str
    title: str
    document: Document
    orientation: Literal["portrait", "landscape"] = "portrait"
    above: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sign_offs: tuple[str, ...] = ()

    def dated(self, day: date | None) -> Self:
        """With the report's date where the form asks for one; names and telephones are left to whoever signs."""
        if day is None:
            return self
        lines = tuple(line + long_date(day) if line.strip() == _DATE_LINE else line for line in self.sign_offs)
        return self.model_copy(update={"sign_offs": lines})


class EvidenceMark(_Value):
    """A file that stood behind a section when the report was frozen; what is approved covers it."""

    section: str  # the heading it belongs to, as printed
    filename: str
    note: str
    sha256: str
    size: int
    added_by: str
    added_at: datetime


class FactMark(_Value):
    """A fact behind the report's figures as it was when the report was frozen."""

    key: str
    name: str
    value: str  # as shown, with its unit
    scope: str
    as_of: date
    source: str  # in words
    entered_by: str
    confirmed_by: str


class ExplanationMark(_Value):
    """What the unit says of something the checks found, and who accepted it."""

    finding: str
    explanation: str
    explained_by: str
    accepted_by: str


class EntryMark(_Value):
    """One line of what the bureau's entry screen asks for: a row of the 基础数据表, or an indicator of the 自评表."""

    table: str  # the annex it stands in, by title
    code: str
    group: str
    name: str
    value: str  # without its unit; empty where there is none
    unit: str
    points: str = ""
    weight: str = ""


class ProofMark(_Value):
    """A file that stands behind one value or one indicator."""

    about: str
    kind: Literal["fact", "indicator"]
    value: str
    filename: str
    page: str
    sha256: str
    size: int


class Snapshot(_Value):
    """The report's frozen content: cover, sections in printed order, annexes, and the evidence behind them."""

    attachment_mark: str
    title: str
    unit_name: str
    fiscal_year: int
    edition: int
    dated_on: date | None
    sections: tuple[SnapshotSection, ...]
    annexes: tuple[Annex, ...] = ()
    evidence: tuple[EvidenceMark, ...] = ()
    facts: tuple[FactMark, ...] = ()
    explanations: tuple[ExplanationMark, ...] = ()
    entries: tuple[EntryMark, ...] = ()
    proofs: tuple[ProofMark, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The whole content. What older reports do not have is left out while it is empty: their digests stay."""
        raw = self.model_dump(mode="json")
        return {name: value for name, value in raw.items() if value or name not in _LATER}

    @classmethod
    def from_json(cls, raw: object) -> "Snapshot":
        return cls.model_validate(raw)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the canonical JSON: key of the documents and what approvals cover."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def picture_digests(self) -> tuple[str, ...]:
        documents = [s.document for s in self.sections if s.document] + [a.document for a in self.annexes]
        return tuple(dict.fromkeys(digest for document in documents for digest in pictures(document)))


_LATER = frozenset({"facts", "explanations", "entries", "proofs"})
NOT_APPLICABLE_TEXT = "本单位{year}年度无此项：{reason}"


def section_lines(section: SnapshotSection, fiscal_year: int) -> list[str]:
    """The section as printed, one line per paragraph, heading first: what DOCX and PDF must both say."""
    head = section.label + section.title
    if section.not_applicable is not None:
        return [head, NOT_APPLICABLE_TEXT.format(year=fiscal_year, reason=section.not_applicable)]
    if section.document is None:
        return [head]
    body = plain_lines(section.document, section.level)
    if section.run_in and body and next(iter(drawn(section.document, section.level)))[1]:
        return [f"{head}。{body[0]}", *body[1:]]
    return [head, *body]
