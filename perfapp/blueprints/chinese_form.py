"""The form every form is made from: what its fields say by themselves is said in Chinese."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms.i18n import get_translations

_SENTENCES = get_translations(["zh"])


class ChineseForm(FlaskForm):
    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _SENTENCES
