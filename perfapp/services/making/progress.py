"""How a job says how far it is, and how it fails so that people understand."""

from collections.abc import Callable
from typing import Any

Say = Callable[[int, str], None]
"""Report percent done and what is being done, in words."""

Handler = Callable[[dict[str, Any], Say], dict[str, Any]]
"""Does one kind of job: payload in, result out. Running it twice must change nothing."""


class Transient(Exception):
    """Failed for a reason that may pass; the job is tried again. The text is shown to people."""
