"""The form that asks the offices to look back."""

from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.checkpoints import Period
from perfapp.core.errors import Invalid


class OpenForm(ChineseForm):
    period = SelectField(
        "监控到", choices=[SelectChoice(one.value, f"{one.called}末") for one in Period], default=Period.HALF.value
    )
    due_on = DateField("填报期限", validators=[InputRequired("请填写填报期限。")], render_kw={"max": "2100-12-31"})

    def blame(self, refusal: Invalid) -> None:
        """Put the sentence at its field, or at the day where it has none here."""
        field = self.period if refusal.field == "period" else self.due_on
        field.errors = (refusal.message,)
