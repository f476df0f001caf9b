"""Forms of the calendar, of robots, and of a person's own choice."""

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.channels import CHANNELS, MODES, ROBOTS, Channel, Mode


def _number(value: str) -> int | None:
    return int(value) if value else None


class YearForm(ChineseForm):
    year = IntegerField(
        "年份", validators=[InputRequired("请填写四位年份。"), NumberRange(2000, 2100, "年份应在 2000 至 2100 之间。")]
    )
    basis = StringField(
        "依据文号", validators=[DataRequired("请填写依据文号。"), Length(max=100, message="依据文号最多 100 字。")]
    )
    text = TextAreaField(
        "通知正文", validators=[DataRequired("请粘贴通知正文。"), Length(max=5000, message="正文最多 5000 字。")]
    )


class RobotForm(ChineseForm):
    channel = SelectField(
        "平台",
        choices=[SelectChoice("", "请选择"), *(SelectChoice(one.value, CHANNELS[one]) for one in ROBOTS)],
        validators=[InputRequired("请选择平台。")],
    )
    name = StringField("名称", validators=[DataRequired("请填写名称。"), Length(max=60, message="名称最多 60 字。")])
    address = StringField(
        "机器人地址", validators=[DataRequired("请填写地址。"), Length(max=500, message="地址最多 500 个字符。")]
    )
    secret = StringField("签名密钥", validators=[Length(max=200, message="密钥最多 200 个字符。")])
    office_id = SelectField("发给哪个科室的群", coerce=_number, validators=[Optional()])
    person_id = SelectField("只发给一个人", coerce=_number, validators=[Optional()])


class ChoiceForm(ChineseForm):
    """One field a channel, named as the channel is; those the person cannot be reached on are taken out."""

    def chosen(self) -> list[tuple[Channel, Mode]]:
        return [(channel, Mode(self[channel.value].data)) for channel in Channel if channel.value in self]


for _channel, _name in CHANNELS.items():
    _modes = [SelectChoice(mode.value, words) for mode, words in MODES.items()]
    setattr(ChoiceForm, _channel.value, SelectField(_name, choices=_modes, validators=[Optional()]))
