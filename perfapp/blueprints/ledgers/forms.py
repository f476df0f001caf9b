"""The entry form of a ledger, made from its columns."""

from collections.abc import Iterator, Mapping

from wtforms import Form, SelectField, StringField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm

from perfapp.core.errors import Invalid
from perfapp.core.figures.ledgers import MAX_TEXT, Column, ColumnKind, LedgerForm
from perfapp.services.ledger_export import head

DAY = "happened_on"
"""The name of the date's field; keys of columns have no underscore."""

_NUMBER_LENGTH = 40


class RowForm:
    """A row as it is typed. What it means, `core.figures.ledgers` decides; here nothing is judged."""

    def __init__(self, form: LedgerForm, year: int, typed: Mapping[str, str]) -> None:
        fields = {DAY: _day(form, year), **{column.key: _field(column) for column in form.columns}}
        self._form = BaseForm(fields, meta=Form.Meta())
        self._form.process(data={name: typed.get(name, "") for name in fields})
        self.refusal = ""

    def __iter__(self) -> Iterator[Field]:
        """The fields, the date's first."""
        yield from self._form

    @property
    def typed(self) -> dict[str, str]:
        return {name: str(value or "") for name, value in self._form.data.items()}

    def blame(self, refusal: Invalid) -> None:
        """Put the sentence at its field, or over the form where it has none here."""
        if refusal.field is not None and refusal.field in self._form:
            self._form[refusal.field].errors = (refusal.message,)
        else:
            self.refusal = refusal.message


def _day(form: LedgerForm, year: int) -> Field:
    if form.by_month:
        months = [SelectChoice(f"{year}-{month:02}", f"{year}年{month}月") for month in range(1, 13)]
        return SelectField(form.date_name, choices=[SelectChoice("", "请选择"), *months], validate_choice=False)
    return StringField(form.date_name, render_kw={"type": "date", "min": f"{year}-01-01", "max": f"{year}-12-31"})


def _field(column: Column) -> Field:
    if column.kind is ColumnKind.CHOICE:
        choices = [SelectChoice("", "请选择"), *(SelectChoice(one, one) for one in column.choices)]
        return SelectField(column.name, choices=choices, validate_choice=False)
    if column.kind is ColumnKind.NUMBER:
        numeric = {"inputmode": "decimal", "maxlength": _NUMBER_LENGTH, "autocomplete": "off"}
        return StringField(head(column), render_kw=numeric)
    return StringField(column.name, render_kw={"maxlength": MAX_TEXT})
