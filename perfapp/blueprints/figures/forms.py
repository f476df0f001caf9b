"""Forms of entering, contesting and defining facts."""

import re

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.words import DISPUTE_ACTIONS

_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
_MAX = "最多 {} 字。"
_SURE = "这个数没有错，照样保存"


class ValueForm(ChineseForm):
    """A value for the year or a month; left empty it takes the present one back."""

    amount = StringField("数值", validators=[Length(max=40, message=_MAX.format(40))])
    unit = SelectField("单位")
    as_of = DateField("截止日期", validators=[Optional()], render_kw={"max": "2100-12-31"})
    note = StringField("说明", validators=[Length(max=200, message=_MAX.format(200))])
    evidence = FileField("佐证材料")
    evidence_page = StringField("页码或位置", validators=[Length(max=40, message=_MAX.format(40))])
    is_sure = BooleanField(_SURE)
    period = HiddenField()
    last_number = IntegerField(validators=[InputRequired()])


class ContestForm(ChineseForm):
    """A rival value with its reason."""

    amount = StringField(
        "您认为应是", validators=[DataRequired("请填写您认为对的数值。"), Length(max=40, message=_MAX.format(40))]
    )
    unit = SelectField("单位")
    reason = TextAreaField(
        "理由", validators=[DataRequired("请写明理由和依据。"), Length(max=1000, message=_MAX.format(1000))]
    )
    evidence = FileField("佐证材料")
    is_sure = BooleanField(_SURE)
    value_id = IntegerField(validators=[InputRequired(), NumberRange(0, 2**31 - 1)])


class DisputeForm(ChineseForm):
    """A step in a dispute."""

    action = RadioField(
        "办理", choices=[SelectChoice(action.value, words) for action, words in DISPUTE_ACTIONS.items()]
    )
    reason = TextAreaField("理由", validators=[Length(max=1000, message=_MAX.format(1000))])
    version = IntegerField(validators=[InputRequired()])
    last_number = IntegerField(validators=[Optional()])

    def chosen(self) -> DisputeAction:
        return DisputeAction(self.action.data)


def _office(value: str) -> int | None:
    return int(value) if value else None


def _is_key(_: ChineseForm, field: Field) -> None:
    if not _KEY.fullmatch((field.data or "").strip()):
        raise ValidationError("编码用小写字母开头，只含小写字母、数字和短横线，例如 vehicle-trips。")


class DefinitionForm(ChineseForm):
    """What a fact is."""

    name = StringField("名称", validators=[DataRequired("请填写名称。"), Length(max=80, message=_MAX.format(80))])
    aliases = StringField("别名", validators=[Length(max=300, message=_MAX.format(300))])
    group = StringField("分组", validators=[Length(max=60, message=_MAX.format(60))])
    scope = TextAreaField("口径", validators=[Length(max=500, message=_MAX.format(500))])
    unit = StringField("单位", validators=[DataRequired("请填写单位。"), Length(max=20, message=_MAX.format(20))])
    decimals = IntegerField(
        "小数位数", validators=[InputRequired("请填写小数位数。"), NumberRange(0, 6, "小数位数是 0 至 6。")]
    )
    is_money = BooleanField("资金数据，由财务确认")
    office_id = SelectField("归口科室", coerce=_office, validators=[Optional()])
    formula = StringField("公式", validators=[Length(max=400, message=_MAX.format(400))])

    def alias_list(self) -> tuple[str, ...]:
        """The aliases, each once, in order."""
        found = (part.strip() for part in re.split(r"[、，,;；\n]", self.aliases.data or ""))
        return tuple(dict.fromkeys(filter(None, found)))


class NewDefinitionForm(DefinitionForm):
    key = StringField(
        "编码", validators=[DataRequired("请填写编码。"), _is_key], filters=[lambda text: (text or "").strip()]
    )


class ChangedDefinitionForm(DefinitionForm):
    version = IntegerField(validators=[InputRequired()])


class RetireForm(ChineseForm):
    version = IntegerField(validators=[InputRequired()])
    retired = BooleanField()
