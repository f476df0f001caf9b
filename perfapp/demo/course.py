"""The course of a demo: steps put down in any order and played in the order of time."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from perfapp import clock
from perfapp.core.chinese import BEIJING
from perfapp.services import time_stamping


def workday(today: date, back: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time on the working day that lies `back` working days before `today`."""
    day = today
    while back > 0:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            back -= 1
    return datetime.combine(day, time(hour, minute), BEIJING)


class Course:
    """Played by time, so that ids, versions and times of what happened agree."""

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, Callable[[], object]]] = []

    def on(self, moment: datetime, step: Callable[[], object]) -> None:
        self._steps.append((moment, step))

    def play(self) -> None:
        """Each step under the clock of its own moment, time stamps included."""
        with time_stamping.stamped_by(time_stamping.OwnTime()):
            for moment, step in sorted(self._steps, key=lambda entry: entry[0]):
                with clock.at(moment):
                    step()
