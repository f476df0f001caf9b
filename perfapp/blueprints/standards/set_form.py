"""An indicator set as one form: what stands in its fields, and what the fields say as a set."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.blueprints.standards import paper_form
from perfapp.blueprints.standards.paper_form import PaperForm
from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import Definition
from perfapp.core.figures.formula_names import with_keys, with_names
from perfapp.core.scoring import rule_text
from perfapp.core.scoring.amounts import plain
from perfapp.core.scoring.indicators import Group, Heading, Indicator, IndicatorSet
from perfapp.core.scoring.measure import LAST_YEAR
from perfapp.core.scoring.target import SIGNS

MOST_ROWS = 60
MOST_HEADINGS = 12
_NAMED = re.compile(r"〔([^〔〕]*)〕")
_ROLES = {"": "一般指标", "execution": "预算执行率", "cost": "成本指标"}


def _text(label: str, most: int = 500) -> StringField:
    return StringField(label, validators=[Length(max=most, message=f"最多 {most} 字。")])


def _area(label: str, most: int = 2000) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=most, message=f"最多 {most} 字。")])


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in words.items()]


class HeadingForm(Form):
    """A 一级指标."""

    name = _text("一级指标", 60)
    weight = _text("分值", 10)


class RowForm(Form):
    """A 三级指标. A row that is to go, or has no name, is left out."""

    key = HiddenField()
    heading = _text("一级指标", 60)
    group = _text("二级指标", 60)
    name = _text("三级指标", 60)
    weight = _text("分值", 10)
    sign = SelectField("目标符号", choices=_choices({"": "没有数字目标", **SIGNS}))
    value = _text("目标值", 20)
    unit = _text("单位", 20)
    goal = _text("文字目标")
    actual = _text("取数公式")
    decimals = _text("小数位数", 2)
    kind = SelectField("计分方法", choices=_choices(rule_text.KIND_NAMES))
    rule = _area("计分办法")
    role = SelectField("性质", choices=_choices(_ROLES))
    zero = _text("这些数据都是0时计满分")
    because = _text("计满分的说明", 100)
    meaning = _area("口径")
    evidence = _text("要的佐证")
    basis = _text("依据")
    office = _text("负责科室", 60)
    goes = BooleanField("删去这个指标")


class GradeForm(Form):
    """A 等次."""

    name = _text("等次", 60)
    at_least = _text("起点", 10)


class SetForm(ChineseForm):
    """The whole set; `act` says whether it is saved or only gets another row."""

    name = _text("名称", 100)
    basis = _text("依据")
    to_be_checked = _area("使用前要核对的", 500)
    headings = FieldList(FormField(HeadingForm), max_entries=MOST_HEADINGS)
    rows = FieldList(FormField(RowForm), max_entries=MOST_ROWS)
    grades = FieldList(FormField(GradeForm), max_entries=8)
    paper = FormField(PaperForm)
    seen_version = IntegerField(validators=[InputRequired()])


def filled(content: Mapping[str, Any], definitions: Mapping[str, Definition]) -> SetForm:
    """The form with the set in it."""
    form = IndicatorSet.model_validate(content)
    names = _names(definitions)
    return SetForm(
        formdata=None,
        name=form.name,
        basis=form.basis,
        to_be_checked=form.to_be_checked,
        headings=[{"name": heading.name, "weight": plain(heading.weight)} for heading in form.headings],
        rows=[_row(heading, group, indicator, names) for heading, group, indicator in form.walk()],
        grades=[{"name": step.name, "at_least": plain(step.at_least)} for step in form.grades],
        paper=paper_form.filled(form.table, form.spending, names),
        seen_version=form.version,
    )


def add_row(form: SetForm) -> None:
    """One more indicator, empty, under the last heading."""
    if len(form.rows) >= MOST_ROWS:
        raise Invalid(f"一套指标最多 {MOST_ROWS} 个。")
    last = form.headings[-1]["name"].data if len(form.headings) else ""
    form.rows.append_entry({"heading": last, "sign": ">=", "unit": "%", "decimals": "2", "kind": "proportional"})


def add_heading(form: SetForm) -> None:
    if len(form.headings) >= MOST_HEADINGS:
        raise Invalid(f"一级指标最多 {MOST_HEADINGS} 个。")
    form.headings.append_entry({})


def said(form: SetForm, before: Mapping[str, Any], definitions: Mapping[str, Definition]) -> dict[str, Any]:
    """The set that the fields say, ready for the model; Invalid, with every row's sentence, where one cannot be read.

    What the form does not show stays as it was `before`.
    """
    wanted = [row for row in form.rows if not row["goes"].data and (row["name"].data or "").strip()]
    keys, wrong = _keys(definitions), []
    indicators: list[tuple[str, str, dict[str, Any]]] = []
    taken = {row["key"].data for row in wanted}
    for row in wanted:
        try:
            one = _said_row(row, keys, taken)
        except Invalid as refusal:
            wrong.append(f"“{row['name'].data}”：{refusal.message}")
            continue
        indicators.append(((row["heading"].data or "").strip(), (row["group"].data or "").strip(), one))
    headings = _headings(form, indicators)
    known = {heading["name"] for heading in headings}
    wrong += [
        f"“{one['name']}”的一级指标“{heading}”不在上面的一级指标里，请改成其中一个。"
        for heading, _, one in indicators
        if heading not in known
    ]
    try:
        table = paper_form.said_table(form.paper.form, keys)
        spending = paper_form.said_spending(form.paper.form, keys)
    except Invalid as refusal:
        wrong.append(refusal.message)
    if wrong:
        raise Invalid("\n".join(wrong))
    return {
        **before,
        "name": form.name.data or "",
        "basis": form.basis.data or "",
        "to_be_checked": form.to_be_checked.data or "",
        "headings": headings,
        "grades": [
            {"name": grade["name"].data, "at_least": grade["at_least"].data}
            for grade in form.grades
            if (grade["name"].data or "").strip()
        ],
        "spending": spending,
        "table": table,
    }


# --- inside -------------------------------------------------------------------------------------------------------


def _names(definitions: Mapping[str, Definition]) -> dict[str, str]:
    """The names of facts, and of their values of last year, by key."""
    names = {key: definition.name for key, definition in definitions.items()}
    return names | {f"{key}{LAST_YEAR}": f"上年{name}" for key, name in names.items()}


def _keys(definitions: Mapping[str, Definition]) -> dict[str, str]:
    keys = {f"上年{one.name}": f"{key}{LAST_YEAR}" for key, one in definitions.items()}
    return keys | {name: key for key, one in definitions.items() for name in reversed(one.names)}


def _row(heading: Heading, group: Group, indicator: Indicator, names: Mapping[str, str]) -> dict[str, Any]:
    target, exempt = indicator.target, indicator.exempt
    return {
        "key": indicator.key,
        "heading": heading.name,
        "group": group.name,
        "name": indicator.name,
        "weight": plain(indicator.weight),
        "sign": target.sign if target else "",
        "value": plain(target.value) if target else "",
        "unit": target.unit if target else "",
        "goal": indicator.goal,
        "actual": with_names(indicator.actual, names),
        "decimals": str(indicator.decimals),
        "kind": indicator.rule.kind,
        "rule": rule_text.written(indicator.rule),
        "role": indicator.role.value if indicator.role else "",
        "zero": "".join(f"〔{names.get(key, key)}〕" for key in exempt.zero) if exempt else "",
        "because": exempt.because if exempt else "",
        "meaning": indicator.meaning,
        "evidence": indicator.evidence,
        "basis": indicator.basis,
        "office": indicator.office,
    }


def _said_row(row: FormField, keys: Mapping[str, str], taken: set[str]) -> dict[str, Any]:
    """An indicator; a new one gets a key that none of `taken` has."""
    text = {name: (row[name].data or "").strip() for name in RowForm()._fields if name != "goes"}
    found: dict[str, Any] = {
        "key": text["key"] or _new_key(taken),
        "rule": rule_text.read(text["kind"], text["rule"]),
        "role": text["role"] or None,
        "actual": with_keys(text["actual"], keys).replace("( ", "(").replace(" )", ")"),
        "decimals": text["decimals"] or "2",
    }
    for name in ("name", "weight", "goal", "meaning", "evidence", "basis", "office"):
        found[name] = text[name]
    if text["sign"]:
        found["target"] = {"sign": text["sign"], "value": text["value"], "unit": text["unit"]}
    if text["zero"]:
        zero = [with_keys(f"〔{name}〕", keys) for name in _NAMED.findall(text["zero"])]
        found["exempt"] = {"zero": zero, "because": text["because"]}
    return found


def _new_key(taken: set[str]) -> str:
    number = next(number for number in range(1, len(taken) + 2) if f"indicator-{number}" not in taken)
    taken.add(f"indicator-{number}")
    return f"indicator-{number}"


def _headings(form: SetForm, indicators: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The headings in the order of the form, with groups in the order in which they first come."""
    found = []
    for heading in form.headings:
        name = (heading["name"].data or "").strip()
        if not name:
            continue
        groups: dict[str, list[dict[str, Any]]] = {}
        for under, group, one in indicators:
            if under == name:
                groups.setdefault(group, []).append(one)
        listed = [{"name": group, "indicators": members} for group, members in groups.items()]
        found.append({"name": name, "weight": (heading["weight"].data or "").strip(), "groups": listed})
    return found
