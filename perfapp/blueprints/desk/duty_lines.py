"""How what follows the seal is said on the desk, among everything else that waits."""

from collections.abc import Iterable

from perfapp.blueprints.standing_words import Line, spoken_term, term_tone
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
        due=spoken_term(duty.days_left, duty.due_on),
        due_tone=term_tone(duty.days_left),
        holders=(),
        role="",
        since="",
        urged="",
    )
    return line, f"{duty.fiscal_year}年度" if several else "", duty.deed, duty.path


def by_urgency(rows: Iterable[tuple[int | None, Row]]) -> list[Row]:
    """The earliest date first, what has none last; otherwise as given."""
    return [row for _, row in sorted(rows, key=lambda entry: (entry[0] is None, entry[0] or 0))]
