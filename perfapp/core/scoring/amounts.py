"""How points and plain numbers are written in a sentence."""

from decimal import Decimal

from perfapp.core.figures.units import rounded

POINT_DECIMALS = 2
"""Points are kept and added with two decimals, so that the column adds up as printed."""


def plain(amount: Decimal) -> str:
    """Without needless zeros: 20.00 is 20, 0.50 is 0.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_points(amount: Decimal) -> Decimal:
    return rounded(amount, POINT_DECIMALS)


def points_text(amount: Decimal) -> str:
    """Points as people write them: 5, 3.5, 8.73."""
    return plain(in_points(amount))
