"""Forms of accounts, posts and offices."""

from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.permissions import ROLE_NAMES, Role
from perfapp.core.report_flow import SealPolicy
from perfapp.core.words import SEAL_POLICIES


class ContactForm(ChineseForm):
    name = StringField("姓名", validators=[DataRequired("请填写姓名。"), Length(max=40, message="姓名最多 40 字。")])
    phone = StringField("电话", validators=[Length(max=40, message="电话最多 40 个字符。")])
    email = StringField("邮箱", validators=[Length(max=200, message="邮箱最多 200 个字符。")])


class PersonForm(ContactForm):
    login = StringField(
        "登录名", validators=[DataRequired("请填写登录名。"), Length(max=60, message="登录名最多 60 个字符。")]
    )


def _office(value: str) -> int | None:
    return int(value) if value else None


class GrantForm(ChineseForm):
    role = SelectField(
        "职责",
        choices=[SelectChoice("", "请选择"), *(SelectChoice(role.value, name) for role, name in ROLE_NAMES.items())],
        validators=[InputRequired("请选择职责。")],
    )
    office_id = SelectField("科室", coerce=_office, validators=[Optional()])
    starts_on = DateField("开始日期", validators=[Optional()])
    ends_on = DateField("结束日期", validators=[Optional()])

    @property
    def chosen(self) -> Role:
        return Role(self.role.data)


class OfficeForm(ChineseForm):
    name = StringField(
        "科室名称", validators=[DataRequired("请填写科室名称。"), Length(max=60, message="科室名称最多 60 字。")]
    )


class PolicyForm(ChineseForm):
    policy = RadioField(
        "盖章方式",
        choices=[SelectChoice(policy.value, words) for policy, words in SEAL_POLICIES.items()],
        validators=[InputRequired("请选择盖章方式。")],
    )

    @property
    def chosen(self) -> SealPolicy:
        return SealPolicy(self.policy.data)
