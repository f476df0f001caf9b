"""A rule book as one form: each rule on or off, its weight, its tolerance and its words."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.checking.book import RuleBook
from perfapp.core.checking.findings import SEVERITY_NAMES
from perfapp.core.errors import Invalid
from perfapp.core.scoring.amounts import plain

_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
TOLERANCE_UNITS: Mapping[str, str] = {
    "P5": "%（变动幅度）",
    "P6": "%（超出预算）",
    "E1": "%（执行率）",
    "Z4": "%（完成率）",
    "Z6": "%（得分率之差）",
    "Z7": "%（结余率）",
}
"""What the tolerance of a rule is counted in; the others have none."""
_WORDS = re.compile(r"[、，,;；\s]+")


class OneRuleForm(Form):
    """One rule; its code and name are not changed here."""

    code = HiddenField()
    is_on = BooleanField("启用")
    severity = SelectField("轻重", choices=[SelectChoice(one.value, name) for one, name in SEVERITY_NAMES.items()])
    tolerance = StringField("容差", validators=[Length(max=20, message="最多 20 字。")])
    words = StringField("用词", validators=[Length(max=2000, message="最多 2000 字。")])


class BookForm(ChineseForm):
    """The whole book."""

    rules = FieldList(FormField(OneRuleForm), max_entries=200)
    tail = StringField("尾差（万元）", validators=[Length(max=20, message="最多 20 字。")])
    seen_version = IntegerField(validators=[InputRequired()])


def filled(content: Mapping[str, Any]) -> BookForm:
    """The form with the book in it."""
    book = RuleBook.model_validate(content)
    rules = [
        {
            "code": rule.code,
            "is_on": rule.is_on,
            "severity": rule.severity.value,
            "tolerance": "" if rule.tolerance is None else plain(rule.tolerance),
            "words": "、".join(rule.words),
        }
        for rule in book.rules
    ]
    return BookForm(formdata=None, rules=rules, tail=plain(book.tail), seen_version=book.version)


def said(form: BookForm, before: Mapping[str, Any]) -> dict[str, Any]:
    """The book that the fields say; Invalid names the rule whose tolerance is no number."""
    typed = {row["code"].data: row for row in form.rules}
    return {
        **before,
        "tail": _number("尾差", form.tail.data) or "0",
        "rules": [_rule(rule, typed[rule["code"]]) if rule["code"] in typed else rule for rule in before["rules"]],
    }


def _rule(rule: Mapping[str, Any], row: FormField) -> dict[str, Any]:
    return {
        **rule,
        "is_on": row["is_on"].data,
        "severity": row["severity"].data,
        "tolerance": _number(f"规则{rule['code']}的容差", row["tolerance"].data),
        "words": [word for word in _WORDS.split(row["words"].data or "") if word],
    }


def _number(what: str, typed: str | None) -> str | None:
    text = (typed or "").strip()
    if text and not _NUMBER.fullmatch(text):
        raise Invalid(f"{what}“{text[:20]}”不是数字，请填写如 0.05 的数。")
    return text or None
