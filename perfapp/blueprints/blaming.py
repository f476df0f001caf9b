"""Puts a refusal where the person can mend it: beside the field it speaks of."""

from flask_wtf import FlaskForm

from perfapp.core.errors import DomainError, Invalid


def blame(form: FlaskForm, refusal: DomainError) -> str:
    """Add the sentence to its field; returns it where it concerns no field of this form, else an empty string."""
    field = refusal.field if isinstance(refusal, Invalid) else None
    if field is None or field not in form:
        return refusal.message
    form[field].errors = (*form[field].errors, refusal.message)
    return ""
