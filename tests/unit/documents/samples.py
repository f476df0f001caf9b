"""Snapshots to set: the seed report cut into its sections, a long indicator table, and small made-up ones."""

import hashlib
import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from perfapp.core.document import Document, parse
from perfapp.core.snapshot import Annex, Snapshot, SnapshotSection

SEED = Path(__file__).parents[2] / "data" / "report-2018.txt"
UNIT = "株洲市芦淞区机关事务服务中心"


def document(*blocks: dict[str, Any]) -> Document:
    return parse({"type": "doc", "content": list(blocks)})


def paragraph(text: str, kind: str = "paragraph") -> dict[str, Any]:
    """A block of `text`: **bold** is bold, and 一是, 二是 … become ordinals."""
    content: list[dict[str, Any]] = []
    for piece in re.split(r"(\*\*.+?\*\*|(?:(?<=[。，])|^)[一二三四五六七八九]是)", text):
        if piece.startswith("**"):
            content.append({"type": "text", "text": piece[2:-2], "marks": [{"type": "bold"}]})
        elif re.fullmatch(r"[一二三四五六七八九]是", piece):
            content.append({"type": "ordinal", "attrs": {"restart": False}})
        elif piece:
            content.append({"type": "text", "text": piece})
    return {"type": kind, "content": content}


def item(text: str) -> dict[str, Any]:
    return paragraph(text, "item")


def cell(
    text: str = "", *, head: bool = False, colspan: int = 1, rowspan: int = 1, align: str | None = None
) -> dict[str, Any]:
    content = [{"type": "text", "text": text}] if text else []
    return {
        "type": "tableHeader" if head else "tableCell",
        "attrs": {"colspan": colspan, "rowspan": rowspan, "align": align},
        "content": [{"type": "paragraph", "content": content}],
    }


def table(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "table", "content": [{"type": "tableRow", "content": row} for row in rows]}


def picture(digest: str, caption: str = "便民服务箱", width_mm: int = 120) -> dict[str, Any]:
    return {"type": "picture", "attrs": {"sha256": digest, "caption": caption, "width_mm": width_mm}}


def drawing(width: int = 640, height: int = 400, image_format: str = "PNG") -> tuple[str, bytes]:
    """A small picture and its SHA-256."""
    image = Image.new("RGB", (width, height), "#e8eef4")
    ImageDraw.Draw(image).rectangle((40, 40, width - 40, height - 40), outline="#345", width=6)
    out = BytesIO()
    image.save(out, image_format)
    return hashlib.sha256(out.getvalue()).hexdigest(), out.getvalue()


def section(
    text_or_document: str | Document, *, level: int = 2, title: str = "绩效情况", **more: Any
) -> SnapshotSection:
    held = document(paragraph(text_or_document)) if isinstance(text_or_document, str) else text_or_document
    return SnapshotSection(key="s", level=level, number=1, title=title, document=held, **more)


def snapshot(*sections: SnapshotSection, **more: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "attachment_mark": "附件1",
        "title": "2018年度部门整体支出绩效自评报告",
        "unit_name": UNIT,
        "fiscal_year": 2018,
        "edition": 1,
        "dated_on": date(2019, 3, 15),
        "sections": sections,
    }
    return Snapshot(**(fields | more))


def seed(**more: Any) -> Snapshot:
    """The seed report, its text as given; numbers that were typed are drawn."""
    lines = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines()]
    sections: list[SnapshotSection] = []
    blocks: list[list[dict[str, Any]]] = []
    numbers = [0, 0, 0, 0, 0]
    for text in [line for line in lines if line][4:]:
        if opened := _opened(text):
            level, title, rest = opened
            numbers[level] += 1
            numbers[level + 1 :] = [0] * (4 - level)
            key, number = f"s{len(sections)}", numbers[level]
            sections.append(SnapshotSection(key=key, level=level, number=number, title=title, run_in=bool(rest)))
            blocks.append([paragraph(rest)] if rest else [])
        else:
            typed = re.match(r"^\d\.", text)
            blocks[-1].append(item(text[typed.end() :]) if typed else paragraph(text))
    filled = (
        part.model_copy(update={"document": document(*held) if held else None})
        for part, held in zip(sections, blocks, strict=True)
    )
    return snapshot(*filled, **more)


def _opened(text: str) -> tuple[int, str, str] | None:
    """Level, title and run-in text if `text` opens a section; the seed lost its first 一、 and （一）."""
    if text == "预算单位基本情况" or re.match(r"^[二三]、", text):
        return 1, re.sub(r"^[二三]、", "", text), ""
    if text == "预决算及信息公开情况。" or re.match(r"^（[一二]）", text):
        return 2, re.sub(r"^（[一二]）", "", text).rstrip("。"), ""
    if text in ("1.资金使用", "2.绩效情况"):
        return 3, text[2:], ""
    if found := re.match(r"^（\d+）([^。]+)。(.*)$", text):
        return 4, found[1], found[2]
    return None


_INDICATORS = {
    ("产出指标", "数量指标"): [
        ("机关食堂提质改造面积", "≥850平方米", "862平方米"),
        ("设置便民服务箱数量", "2个", "2个"),
        ("加装社区LED照明灯", "8盏", "8盏"),
        ("物业季度考核次数", "4次", "4次"),
        ("消防培训次数", "8次", "8次"),
        ("会务培训次数", "12次", "12次"),
        ("接待来宾批次", "≤12批次", "9批次"),
    ],
    ("产出指标", "质量指标"): [
        ("食堂改造验收合格率", "100%", "100%"),
        ("公务用车安全事故率", "0", "0"),
        ("办公用房整改到位率", "100%", "98.6%"),
        ("便民服务箱配备完好率", "≥95%", "97%"),
    ],
    ("产出指标", "时效指标"): [
        ("食堂改造完成时限", "2018年8月31日前", "2018年8月20日"),
        ("季度考核按时完成率", "100%", "100%"),
        ("预算执行进度", "≥90%", "87.26%"),
    ],
    ("产出指标", "成本指标"): [
        ("机关运转专项支出", "≤1,658.78万元", "1,447.45万元"),
        ("“三公”经费变动率", "≤0", "-3.2%"),
        ("预算控制率", "≤100%", "95.09%"),
    ],
    ("效益指标", "经济效益指标"): [("公务用车节约经费", "≥15万元", "18.40万元")],
    ("效益指标", "社会效益指标"): [("服务机关单位数量", "≥31家", "31家"), ("便民建议采纳率", "≥60%", "68.5%")],
    ("效益指标", "生态效益指标"): [("单位建筑面积能耗下降率", "≥2%", "2.3%"), ("节水器具普及率", "100%", "100%")],
    ("效益指标", "可持续影响指标"): [("内部管理制度健全性", "健全", "基本健全")],
    ("满意度指标", "服务对象满意度指标"): [
        ("区直机关干部满意度", "≥90%", "94.7%"),
        ("来院办事群众满意度", "≥90%", "92.1%"),
    ],
}
_HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
_WHY = {
    "98.6%": "个别单位搬迁延后，已于2019年1月整改到位",
    "87.26%": "机关食堂改造项目部分质保金按合同约定于次年支付，导致预算执行进度未达目标值",
    "基本健全": "绩效管理制度尚在完善",
}


def indicators(orientation: str = "portrait") -> Annex:
    """25 indicators (made up), first and second level merged down the rows."""
    rows = [[cell(head, head=True) for head in _HEADS]]
    firsts = [first for first, _ in _INDICATORS]
    sizes = {first: sum(len(v) for (f, _), v in _INDICATORS.items() if f == first) for first in firsts}
    seen: set[str] = set()
    for (first, second), entries in _INDICATORS.items():
        for number, (name, target, value) in enumerate(entries):
            row = []
            if first not in seen:
                row.append(cell(first, rowspan=sizes[first]))
                seen.add(first)
            if number == 0:
                row.append(cell(second, rowspan=len(entries)))
            score = "3.5" if value in _WHY else "4.0"
            row += [cell(text) for text in (name, target, value, "4.0", score, _WHY.get(value, ""))]
            rows.append(row)
    return Annex(mark="附表", title="部门整体支出绩效自评表", document=document(table(*rows)), orientation=orientation)  # type: ignore[arg-type]
