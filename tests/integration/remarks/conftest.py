"""A unit, its cycle, and a browser for each of its people."""

from tests.integration.drafting.conftest import as_, cycle_id, unit

__all__ = ["as_", "cycle_id", "unit"]
