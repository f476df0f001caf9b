"""The layout of a 基础数据表 as one form: its title and, in one field, its rows."""

from collections.abc import Mapping
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.annexes import layout_text
from perfapp.core.annexes.base_table import BaseTable
from perfapp.core.figures.facts import Definition


def _text(label: str, most: int) -> StringField:
    return StringField(label, validators=[DataRequired("请填写。"), Length(max=most, message=f"最多 {most} 字。")])


def _area(label: str, most: int) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=most, message=f"最多 {most} 字。")])


class TableForm(ChineseForm):
    """The whole layout."""

    name = _text("名称", 100)
    basis = _text("依据", 500)
    mark = _text("附件编号", 20)
    title = _text("表题", 100)
    unit = _text("金额单位", 20)
    orientation = SelectField("纸张", choices=[SelectChoice("portrait", "竖排"), SelectChoice("landscape", "横排")])
    rows = _area("表格", 20000)
    notes = _area("表下说明", 4000)
    sign_offs = _area("签字栏", 500)
    seen_version = IntegerField(validators=[InputRequired()])


def filled(content: Mapping[str, Any], definitions: Mapping[str, Definition]) -> TableForm:
    """The form with the layout in it."""
    layout = BaseTable.model_validate(content)
    names = {key: one.name for key, one in definitions.items()}
    return TableForm(
        formdata=None,
        name=layout.name,
        basis=layout.basis,
        mark=layout.mark,
        title=layout.title,
        unit=layout.unit,
        orientation=layout.orientation,
        rows=layout_text.written(layout.rows, names, layout.words),
        notes="\n".join(layout.notes),
        sign_offs="\n".join(layout.sign_offs),
        seen_version=layout.version,
    )


def said(form: TableForm, before: Mapping[str, Any], definitions: Mapping[str, Definition]) -> dict[str, Any]:
    """The layout that the fields say; Invalid, with a sentence for each wrong row, where it is none."""
    keys = {name: key for key, one in definitions.items() for name in reversed(one.names)}
    words = {name: key for key, name in before["words"].items()}
    rows, named = layout_text.read(form.rows.data or "", keys, words)
    return {
        **before,
        "name": (form.name.data or "").strip(),
        "basis": (form.basis.data or "").strip(),
        "mark": (form.mark.data or "").strip(),
        "title": (form.title.data or "").strip(),
        "unit": (form.unit.data or "").strip(),
        "orientation": form.orientation.data,
        "columns": layout_text.width(rows),
        "rows": [[one.model_dump(mode="json") for one in row] for row in rows],
        "words": named,
        "notes": _lines(form.notes.data),
        "sign_offs": _lines(form.sign_offs.data),
    }


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
