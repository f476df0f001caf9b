"""What a submitted text repeats of earlier ones."""

from typing import Any

from perfapp.services import reuse
from perfapp.services.making.progress import Say


def measure_repetition(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Compare the section's present text with earlier years and other offices."""
    say(20, "正在与往年逐段比对")
    return {"repeated": reuse.measure(payload["section_id"])}
