"""What people say of an indicator: a typed value, answers, a judgement, reasons, evidence, and a score of their own."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.scoring.rules import MAX_LISTED, Percent, Points

Said = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnScore(_Value):
    """A score set by hand against the system's: it counts once the office head has consented."""

    points: Points
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    is_consented: bool = False


class Entry(_Value):
    """All that is filled in for one indicator. `actual` is in the indicator's unit; `said` is the result in words."""

    actual: Annotated[Decimal, Field(max_digits=20, decimal_places=6)] | None = None
    said: Said = ""
    checks: Annotated[tuple[bool | None, ...], Field(max_length=MAX_LISTED)] = ()
    grade: Said = ""
    percent: Percent | None = None
    points: Points | None = None
    deviation: Said = ""  # 偏差原因及改进措施; also why a target was passed by far
    evidence: Annotated[tuple[str, ...], Field(max_length=50)] = ()
    own: OwnScore | None = None


NOTHING = Entry()
