"""Forms of opening a cycle and of arranging its outline."""

from datetime import date

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.deadlines import LONGEST
from perfapp.core.words import STAGES

_DATE = "请写成年月日，例如 2019-03-15。"


class StageDates(ChineseForm):
    """For each stage an optional date, or the working days after the stage before; named as the stages are."""

    def due(self) -> dict[str, date]:
        return {stage: self[stage].data for stage in STAGES if self[stage].data}

    def after(self) -> dict[str, int]:
        counted = [stage for stage in STAGES if f"{stage}_after" in self and self[f"{stage}_after"].data is not None]
        return {stage: self[f"{stage}_after"].data for stage in counted}

    def stage_fields(self) -> list[tuple[DateField, IntegerField | None]]:
        first, *later = STAGES
        return [(self[first], None), *((self[stage], self[f"{stage}_after"]) for stage in later)]


for _stage, _name in STAGES.items():
    setattr(StageDates, _stage, DateField(_name, validators=[Optional()], render_kw={"max": "2100-12-31"}))
for _stage, _name in list(STAGES.items())[1:]:
    _count = NumberRange(1, LONGEST, f"“{_name}”的工作日数应在 1 至 {LONGEST} 之间。")
    setattr(StageDates, f"{_stage}_after", IntegerField("或上一阶段后几个工作日", validators=[Optional(), _count]))


class PeriodForm(StageDates):
    """The period reported on; left empty it is the whole year."""

    period_from = DateField("报告期自", validators=[Optional()])
    period_to = DateField("报告期至", validators=[Optional()])


class OpeningForm(PeriodForm):
    fiscal_year = IntegerField(
        "预算年度",
        validators=[InputRequired("请填写四位年份。"), NumberRange(2000, 2100, "预算年度应在 2000 至 2100 之间。")],
    )
    form_key = RadioField("报告格式", validators=[InputRequired("请选择报告格式。")])
    notice_number = StringField("依据文号", validators=[Length(max=100, message="依据文号最多 100 字。")])


class CycleForm(PeriodForm):
    title = StringField(
        "报告标题", validators=[DataRequired("请填写报告标题。"), Length(max=200, message="报告标题最多 200 字。")]
    )
    notice_number = StringField("依据文号", validators=[Length(max=100, message="依据文号最多 100 字。")])
    remind_before = IntegerField(
        "截止前几个工作日开始提醒",
        validators=[
            InputRequired("请填写天数，0 是只在当天提醒。"),
            NumberRange(0, LONGEST, f"应在 0 至 {LONGEST} 之间。"),
        ],
    )
    escalate_after = IntegerField(
        "逾期几个工作日报告上一级",
        validators=[Optional(), NumberRange(1, LONGEST, f"应在 1 至 {LONGEST} 之间；不报告的请空着。")],
    )
    version = IntegerField(validators=[InputRequired()])


def _office(value: str) -> int | None:
    return int(value) if value else None


class ItemForm(ChineseForm):
    """A new item below a heading."""

    title = StringField("标题", validators=[DataRequired("请填写标题。"), Length(max=200, message="标题最多 200 字。")])
    office_id = SelectField("负责科室", coerce=_office, validators=[InputRequired("请选择负责科室。")])
    holds_money = BooleanField("含资金数据，须财务核数")


class HeadingForm(ChineseForm):
    """A heading that only groups."""

    title = StringField("标题", validators=[DataRequired("请填写标题。"), Length(max=200, message="标题最多 200 字。")])
    guidance = TextAreaField("填写说明", validators=[Length(max=2000, message="填写说明最多 2000 字。")])
    version = IntegerField(validators=[InputRequired()])


class SectionForm(HeadingForm):
    """A section with text."""

    office_id = SelectField("负责科室", coerce=_office, validators=[InputRequired("请选择负责科室。")])
    is_required = BooleanField("必填，不能填“不适用”")
    holds_money = BooleanField("含资金数据，须财务核数")


class StepForm(ChineseForm):
    """Which version the person was looking at."""

    version = IntegerField(validators=[InputRequired()])


def show_current_version(form: ChineseForm, version: int) -> None:
    """A refused form keeps what was typed; saved once more, it is meant for what is there now."""
    form.version.data, form.version.raw_data = version, None
