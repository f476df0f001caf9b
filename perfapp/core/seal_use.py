"""What a use of the seal is asked for (用印申请)."""

from dataclasses import dataclass

from perfapp.core.errors import Invalid

MOST_COPIES = 999
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """The reason, how many copies, to whom."""

    purpose: str
    copies: int
    recipient: str


USUAL = Wanted("部门整体支出绩效自评报告盖章报送", 1, "本级财政部门")
"""What such a report is nearly always sealed for."""


def checked(wanted: Wanted) -> Wanted:
    """The same without stray spaces; Invalid naming the field that will not do."""
    purpose, recipient = wanted.purpose.strip(), wanted.recipient.strip()
    if not purpose or len(purpose) > LONGEST:
        raise Invalid(f"请写明用印事由，最多 {LONGEST} 字。", "purpose")
    if not 1 <= wanted.copies <= MOST_COPIES:
        raise Invalid(f"份数请填 1 到 {MOST_COPIES}。", "copies")
    if not recipient or len(recipient) > LONGEST:
        raise Invalid(f"请写明盖章后交给谁，最多 {LONGEST} 字。", "recipient")
    return Wanted(purpose, wanted.copies, recipient)
