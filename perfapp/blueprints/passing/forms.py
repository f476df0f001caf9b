"""Forms of 加签, 转办 and 代理, and what the ticked lines of the desk send."""

from flask import request
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.delegation import STEPS
from perfapp.core.errors import Invalid
from perfapp.core.joint import Kind
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction
from perfapp.services.bulk import Item

KINDS = {
    Kind.BEFORE: "在我之前：他同意以后，再由我办理",
    Kind.AFTER: "在我之后：我同意以后，还要他同意",
}


def _number(value: str) -> int | None:
    return int(value) if value else None


class PassForm(ChineseForm):
    """加签 asks before or after; 转办 does not."""

    kind = RadioField("什么时候看", choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()])
    person = SelectField("请谁", id="asked-person", coerce=_number, validators=[InputRequired("请选一位。")])
    reason = TextAreaField(
        "理由", validators=[DataRequired("请写明理由。"), Length(max=1000, message="理由最多 1000 字。")]
    )
    version = IntegerField(validators=[InputRequired()])
    seen = StringField(validators=[Length(max=64)])


class DelegationForm(ChineseForm):
    steps = SelectMultipleField(
        "代理哪些步骤",
        choices=[SelectChoice(step.value, words) for step, words in STEPS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("请至少选一步。")],
    )
    to_id = SelectField("委托给", coerce=_number, validators=[InputRequired("请选代理人。")])
    office_id = SelectField("限于科室", coerce=_number, validators=[Optional()])
    starts_on = DateField("从", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("到", validators=[InputRequired("请填写结束日期。")])
    reason = StringField("事由", validators=[Length(max=200, message="事由最多 200 字。")])

    @property
    def chosen(self) -> tuple[Permission, ...]:
        return tuple(Permission(step) for step in self.steps.data or ())


def value_of(item: Item) -> str:
    """A ticked line as its box sends it."""
    kind, number = ("section", item.section_id) if item.section_id is not None else ("report", item.report_id)
    return ":".join(map(str, (kind, number, item.action, item.version, item.seen_sha256, item.principal_id or "")))


def items() -> list[Item]:
    """The ticked lines; Invalid for what no page of ours sends."""
    return [_item(value) for value in request.form.getlist("item")]


def _item(value: str) -> Item:
    try:
        kind, number, action, version, seen, principal = value.split(":")
        is_section = {"section": True, "report": False}[kind]
        return Item(
            section_id=int(number) if is_section else None,
            report_id=None if is_section else int(number),
            action=SectionAction(action) if is_section else ReportAction(action),
            version=int(version),
            seen_sha256=seen,
            principal_id=int(principal) if principal else None,
        )
    except (ValueError, KeyError) as error:
        raise Invalid("页面已经过期，请刷新后再勾选。") from error
