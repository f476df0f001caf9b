"""The periods a value is for: the year, one of its months, or the year before it."""

YEAR = "year"
LAST = "last"  # last year's number, entered in the first cycle of a unit, which has no cycle of last year
MONTHS = tuple(f"{month:02}" for month in range(1, 13))


def spoken_period(period: str) -> str:
    """全年, 上年, 3月."""
    return {YEAR: "全年", LAST: "上年"}.get(period) or f"{int(period)}月"


def of_name(name: str, period: str) -> str:
    """The fact's name for the period: 派车趟数, 派车趟数（3月）, 派车趟数（上年）."""
    return name if period == YEAR else f"{name}（{spoken_period(period)}）"
