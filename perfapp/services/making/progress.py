"""How a job says how far it is, and how it fails so that people understand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

Say = Callable[[int, str], None]
"""Report percent done and what is being done, in words."""

Handler = Callable[[dict[str, Any], Say], dict[str, Any]]
"""Does one kind of job: payload in, result out. Running it twice must change nothing."""


class Transient(Exception):
    """Failed for a reason that may pass; the job is tried again. The text is shown to people.

    `wait` is how long to leave it alone; without it the pause doubles from two seconds on. Who `is_patient` tries for
    as long as it takes: what he waits for comes back, and people can see him waiting and call him off.
    """

    def __init__(self, message: str, wait: timedelta | None = None, *, is_patient: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.is_patient = is_patient
