"""Until when a report has to be public: within twenty days of its approval (《预算法》第十四条)."""

from datetime import date, timedelta

DAYS = 20
BASIS = "《中华人民共和国预算法》第十四条：批复后二十日内公开"
COUNTED = "按自然日计算，周末和节假日也算在内，从批复次日起算；最后一天遇周末或节假日的，本系统不顺延，请提前公开"


def due_on(approved_on: date) -> date:
    """The last day; the day of approval itself does not count."""
    return approved_on + timedelta(days=DAYS)
