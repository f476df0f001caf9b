"""What a check says: the relations that hold, and the findings, each with both numbers and all its places."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfapp.core.manuscript import Place


class Severity(StrEnum):
    """How much a finding weighs; the codes are those of the JSON of `flask check`."""

    ERROR = "error"  # 阻断: stops submission and sealing
    MUST_EXPLAIN = "must-explain"  # 须说明: mended, or explained in one sentence that finance accepts
    NOTE = "note"  # 提示


SEVERITY_NAMES = {Severity.ERROR: "阻断", Severity.MUST_EXPLAIN: "须说明", Severity.NOTE: "提示"}


@dataclass(frozen=True, slots=True)
class Passed:
    """A relation that was found and holds. Both sides as numbers, in the unit the message names."""

    code: str
    message: str
    left: Decimal | None
    right: Decimal | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation that fails, or something that should not be there or is missing.

    `left` is what the text says or adds up to, `right` what it should be by the other figures; None where no
    number is at issue. `places` are all the passages concerned, the one to mend first; empty for what is missing.
    `subject` names what the finding is about, so that it keeps its identity when other words change.
    """

    code: str
    severity: Severity
    message: str
    left: Decimal | None
    right: Decimal | None
    places: tuple[Place, ...]
    suggestion: str = ""
    subject: str = ""

    @property
    def fingerprint(self) -> str:
        """16 hex digits: the same for the same fault with the same numbers, wherever it has moved to."""
        said = "\x1f".join((self.code, self.subject, str(self.left), str(self.right)))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a manuscript."""

    passed: tuple[Passed, ...] = ()
    findings: tuple[Finding, ...] = ()
