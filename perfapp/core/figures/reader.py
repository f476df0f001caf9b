"""The reader: every figure of a Chinese official text, with what the words around it say. Pure."""

from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Manuscript


def read(manuscript: Manuscript) -> tuple[Figure, ...]:
    """All figures in reading order; those in tables take label and unit from the heads of their row and column."""
    return ()
