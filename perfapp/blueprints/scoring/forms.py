"""Forms of filling in an indicator."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from perfapp.blueprints.chinese_form import ChineseForm

_MAX = "最多 {} 字。"
_NUMBER = [Length(max=40, message=_MAX.format(40))]
_WORDS = [Length(max=500, message=_MAX.format(500))]


class EntryForm(ChineseForm):
    """Everything that may be said of an indicator; what its rule does not ask for is not drawn."""

    actual = StringField("实际完成值", validators=_NUMBER)
    said = TextAreaField("完成情况", validators=_WORDS)
    grade = SelectField("等次", validate_choice=False)
    percent = StringField("完成比例（%）", validators=_NUMBER)
    points = StringField("评分", validators=_NUMBER)
    checks = StringField("逐项检查")  # drawn as one choice a point, named checks-0, checks-1 …; here for its errors
    deviation = TextAreaField("偏差原因及改进措施", validators=_WORDS)
    own_points = StringField("自评得分", validators=_NUMBER)
    own_reason = TextAreaField("改用自评得分的理由", validators=_WORDS)
    evidence = FileField("佐证材料")
    drops_evidence = BooleanField("不再使用现有的佐证材料")
    seen_number = IntegerField(validators=[InputRequired()])
