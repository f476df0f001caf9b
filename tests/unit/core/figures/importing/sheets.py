"""Sheets as the tests write them down: rows of words and numbers, merges as B2:C3."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl.utils.cell import range_boundaries

from perfapp.core.figures.importing.mapping import ImportRules
from perfapp.core.spreadsheet import Cell, CellKind, Grid, Workbook
from perfapp.data import catalog

Written = str | int | float | None

FINAL_ACCOUNTS: Sequence[Sequence[Written]] = (
    ("收入支出决算总表",),
    ("", "", "", "", "", "财决01表"),
    ("编制单位：某单位", "", "", "", "", "单位：万元"),
    ("收入", "", "", "支出", "", ""),
    ("项目", "行次", "金额", "项目", "行次", "金额"),
    ("栏次", "", "1", "栏次", "", "2"),
    ("一、财政拨款收入", 1, 2559.7, "一、一般公共服务支出", 29, 2560.21),
    ("二、上级补助收入", 2, None, "二、外交支出", 30, None),
    ("三、事业收入", 3, 0, "三、国防支出", 31, None),
    ("六、其他收入", 6, 0.51, "", 34, None),
    ("本年收入合计", 7, 2560.21, "本年支出合计", 50, 2560.21),
    ("年初结转和结余", 9, 0, "年末结转和结余", 52, 0),
    ("总计", 11, 2560.21, "总计", 53, 2560.21),
)
FINAL_ACCOUNTS_MERGES = ("A1:F1", "A4:C4", "D4:F4")
THREE_COSTS: Sequence[Sequence[Written]] = (
    ("2018年度“三公”经费支出决算表",),
    (*[""] * 11, "单位：万元"),
    ("2018年度预算数", *[""] * 5, "2018年度决算数", *[""] * 5),
    ("合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费") * 2,
    ("", "", "小计", "公务用车购置费", "公务用车运行费", "") * 2,
    (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    (76, 0, 70, 0, 70, 6, 71.5, 0, 67.3, 0, 67.3, 4.2),
)
THREE_COSTS_MERGES = (
    *("A1:L1", "A3:F3", "G3:L3", "A4:A5", "B4:B5", "C4:E4", "F4:F5", "G4:G5", "H4:H5", "I4:K4", "L4:L5"),
)
BASE_TABLE: Sequence[Sequence[Written]] = (
    ("附件2",),
    ("2018年度部门整体支出绩效评价基础数据表",),
    ("单位：万元",),
    ("财政供养人员情况", "编制数", "", "2018年实际在职人数", "", "控制率", ""),
    ("", 24, "", 23, "", "95.83%", ""),
    ("经费控制情况", "2017年决算数", "", "2018年预算数", "", "2018年决算数", ""),
    ("三公经费", 72.52, "", 76, "", 71.5, ""),
    ("1.公务用车购置和维护经费", 68.4, "", 70, "", 67.3, ""),
    ("其中：公车购置", 0, "", 0, "", 0, ""),
    ("　　　公车运行维护", 68.4, "", 70, "", 67.3, ""),
    ("3.公务接待", 4.12, "", 6, "", 4.2, ""),
    ("政府采购金额", "—", "", 98, "", 90, ""),
    ("部门整体支出预算调整", "—", "", 1991.04, "", 569.17, ""),
    ("楼堂馆所控制情况\n（2018年完工项目）", "批复规模\n（平方米）", "实际规模\n（平方米）", "规模控制率",
     "预算投资\n（万元）", "实际投资\n（万元）", "投资概算\n控制率"),
    ("", 120, 118.5, "", 30, 29.5, ""),
    ("厉行节约保障措施", "严格执行中央八项规定"),
)  # fmt: skip
BASE_TABLE_MERGES = (
    *("A2:G2", "A4:A5", "B4:C4", "D4:E4", "F4:G4", "B5:C5", "D5:E5", "F5:G5", "A14:A15"),
    *(f"{left}{row}:{right}{row}" for row in range(6, 14) for left, right in ("BC", "DE", "FG")),
)
BUDGET: Sequence[Sequence[Written]] = (
    ("2018年部门预算收支总表",),
    ("单位：元",),
    ("收入", "", "支出", ""),
    ("项目", "金额", "项目", "金额"),
    ("一般公共预算拨款", 19910400, "一、基本支出", 18000000),
    ("", "", "二、项目支出", 1910400),
    ("收入总计", 19910400, "支出总计", 19910400),
)
BUDGET_MERGES = ("A3:B3", "C3:D3")


def grid(name: str, rows: Sequence[Sequence[Written]], merges: Iterable[str] = ()) -> Grid:
    cells = {
        (row, column): cell(value)
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value not in (None, "")
    }
    covered = {}
    for merge in merges:
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(merge))
        places = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        covered.update(dict.fromkeys(places[1:], (top, left)))
    return Grid(name, cells, covered)


def cell(value: Written) -> Cell:
    if isinstance(value, int | float):
        return Cell(str(value), CellKind.NUMBER, number=Decimal(str(value)))
    return Cell(value or "")


def book(
    name: str, rows: Sequence[Sequence[Written]], merges: Iterable[str] = (), *, is_typed: bool = True
) -> Workbook:
    return Workbook((grid(name, rows, merges),), is_typed=is_typed)


def rules() -> ImportRules:
    part = next(part for part in catalog.shipped_parts("hunan-2018") if part.part == "imports")
    return ImportRules.model_validate(part.content)


DEFINITIONS = {fact.key: fact for fact in catalog.fact_list("hunan-2018").content.facts}
