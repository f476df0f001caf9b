"""How what follows the seal is said on the desk, among everything else that waits."""

from collections.abc import Iterable
from datetime import date

from perfapp.blueprints.standing_words import Line, spoken_term, term_tone
from perfapp.core.deadlines import Term
from perfapp.services.duties import Duty

Row = tuple[Line, str, str, str]


def duty_row(duty: Duty, *, several: bool) -> Row:
    """The line, its year where there are several, the words of its button and where that leads."""
    line = Line(
        title=duty.title,
        url=duty.path,
        state=duty.state,
        tone=duty.tone,
        why=duty.why,
        due=spoken_term(duty.term),
        due_tone=term_tone(duty.term),
        holders=(),
        role="",
        since="",
        urged="",
    )
    return line, f"{duty.fiscal_year}年度" if several else "", duty.deed, duty.path


def by_urgency(rows: Iterable[tuple[Term | None, Row]]) -> list[Row]:
    """The earliest date first, what has none last; otherwise as given."""
    return [row for _, row in sorted(rows, key=lambda entry: entry[0].due_on if entry[0] else date.max)]
