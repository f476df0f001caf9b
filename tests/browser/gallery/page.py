"""Renders the gallery page from the components, with made-up demo values."""

from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from wtforms import (
    BooleanField,
    DecimalField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    widgets,
)

from perfapp.core.document import Cell, Document, drawn, parse
from tests.browser.gallery import HERE, TEMPLATES


def _text(value: str, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": value, **({"marks": [{"type": "bold"}]} if bold else {})}


def _cell(kind: str, value: str, align: str | None = None) -> dict[str, Any]:
    return {"type": kind, "attrs": {"align": align}, "content": [{"type": "paragraph", "content": [_text(value)]}]}


INTRODUCTION = (
    "我中心为区政府直属事业单位，内设办公室、财务室、公务用车服务中心等5个科室，编制32人。"
    "2018年，派车2,160趟，平均每月216趟，全年无安全责任事故。"
)
ORDINAL = {"type": "ordinal"}
HEADING = _text("规范公务用车平台管理。", bold=True)
SAMPLE: dict[str, Any] = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [_text(INTRODUCTION)]},
        {"type": "item", "content": [HEADING, ORDINAL, _text("严格派车审批，"), ORDINAL, _text("定点维修保养。")]},
        {
            "type": "table",
            "content": [
                {"type": "tableRow", "content": [_cell("tableHeader", "项目"), _cell("tableHeader", "金额（万元）")]},
                {
                    "type": "tableRow",
                    "content": [_cell("tableCell", "基本支出"), _cell("tableCell", "1,204.50", "right")],
                },
            ],
        },
    ],
}


class GalleryForm(Form):
    """One field of every kind, some of them wrong."""

    reason = TextAreaField("退回理由")
    office = SelectField("科室", choices=[("1", "办公室"), ("2", "财务室")])
    amount = DecimalField("金额（万元）")
    mode = RadioField(
        "改好以后", choices=[("again", "所有步骤重走一遍"), ("direct", "直接回到我这里")], default="again"
    )
    many = SelectMultipleField(
        "退回哪些章节",
        choices=[("6", "（6）规范公务用车平台管理"), ("9", "（9）办公用房清理整改")],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    agree = BooleanField("以后都用这个办法")


def render() -> str:
    """The page as HTML; its files are expected under static/."""
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE), FileSystemLoader(TEMPLATES)]),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
    )
    form = GalleryForm()
    form.reason.errors = ["请写明理由：哪一处、怎样改。"]
    return environment.get_template("gallery.html").render(
        asset=lambda path: f"/static/{path}",
        csrf_token=lambda: "token",
        get_flashed_messages=lambda with_categories: [("done", "已保存。"), ("late", "有一处需要改正：金额应为数字。")],
        viewer=_viewer(),
        form=form,
        page_url=lambda key: f"#page-{key}",
        points=[(f"5月{day}日", count) for day, count in enumerate((0, 0, 1, 1, 3, 4, 4, 6, 7, 7, 9, 10), start=1)],
        rows=_rows(),
        blocks=list(drawn(parse(SAMPLE), 2)),
        cell_blocks=_cell_blocks,
    )


def _cell_blocks(cell: Cell) -> Any:
    return drawn(Document(content=cell.content), 4)


def _viewer() -> SimpleNamespace:
    return SimpleNamespace(
        name="王某（演示）",
        unit_name="株洲市芦淞区机关事务服务中心",
        office_name="办公室",
        year_label="2018年度",
        nav=[
            ("待办", "#", True),
            ("编写", "#", False),
            ("报告", "#", False),
            ("进度", "#", False),
            ("用印登记", "#", False),
        ],
        unread_count=3,
        home_url="/",
        notices_url="#",
        account_url="#",
        sign_out_url="#",
    )


def _rows() -> list[dict[str, Any]]:
    same = [("我中心为区政府直属事业单位。", False)]
    return [
        {"kind": "same", "left": same, "right": same},
        {"kind": "same", "left": same, "right": same},
        {
            "kind": "changed",
            "left": [("2018年，派车", False), ("2,160", True), ("趟，平均每月216趟。", False)],
            "right": [("2018年，派车", False), ("2,592", True), ("趟，平均每月216趟。", False)],
        },
        {"kind": "added", "left": None, "right": [("车辆全部安装定位，实行定点维修。", True)]},
        {"kind": "same", "left": same, "right": same},
    ]
