"""What a use of the seal is asked for, as the forms send it."""

from collections.abc import Mapping

from flask import request

from perfapp.blueprints import incoming
from perfapp.core.errors import Invalid
from perfapp.core.seal_use import MOST_COPIES, Wanted


def wanted() -> Wanted:
    """From the form; Invalid naming the field that holds no number."""
    try:
        copies = incoming.number(request.form.get("copies", ""))
    except ValueError as error:
        raise Invalid(f"份数请填 1 到 {MOST_COPIES}。", "copies") from error
    return Wanted(request.form.get("purpose", ""), copies, request.form.get("recipient", ""))


def typed(otherwise: Wanted) -> Mapping[str, str]:
    """What was filled in, or what is usual."""
    usual = {"purpose": otherwise.purpose, "copies": str(otherwise.copies), "recipient": otherwise.recipient}
    return {name: request.form.get(name, value) for name, value in usual.items()}
