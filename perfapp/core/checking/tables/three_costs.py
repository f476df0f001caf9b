"""T6: 三公经费 = 因公出国 + 公务用车（购置 + 运行维护）+ 公务接待, whichever way the table lies."""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge
from perfapp.core.checking.tables.reading import blocks

_TOTAL, _ABROAD, _CARS, _BUYING, _RUNNING, _GUESTS = (
    "三公经费合计",
    "因公出国（境）费",
    "公务用车费",
    "购置费",
    "运行维护费",
    "公务接待费",
)


def three_costs(case: Case, rule: Rule) -> Verdict:
    """Both sums in every row or column of amounts that has all their members."""
    judge = Judge(rule, case.book.tail)
    for grid in blocks(case):
        for line in (*_down(grid), *_across(grid)):
            _judge(judge, line, grid.unit)
    return judge.verdict()


def _judge(judge: Judge, line: Mapping[str, Amount], money: str) -> None:
    if {_CARS, _BUYING, _RUNNING} <= line.keys():
        judge.sum("公务用车购置及运行维护费", line[_CARS], (line[_BUYING], line[_RUNNING]), money)
    cars = (_CARS,) if _CARS in line else (_BUYING, _RUNNING)
    if _TOTAL in line and {_ABROAD, _GUESTS, *cars} <= line.keys():
        judge.sum(_TOTAL, line[_TOTAL], tuple(line[name] for name in (_ABROAD, *cars, _GUESTS)), money)


def _name(words: str) -> str:
    """Which of the six it is; empty for anything else. 小计 and 合计 mean what stands above them."""
    if re.search(r"人数|人次|批次|团组|数量|保有|辆|率|占", words):
        return ""
    own = words.rsplit(" ", 1)[-1]
    if "出国" in own:
        return _ABROAD
    if "接待" in own:
        return "" if re.search(r"国内|[境国][)）]?外|外事|外宾", own) else _GUESTS
    if "车" in words or re.fullmatch(r"(?:其中[：:])?(?:购置|运行)\S*费\S*", own):
        buys, runs = "购置" in own, "运行" in own or "运维" in own
        return _CARS if buys == runs else _BUYING if buys else _RUNNING
    return _TOTAL if "三公" in own or own.endswith("合计") else ""


def _down(grid: Grid) -> Iterator[Mapping[str, Amount]]:
    """Items in rows: one line for each column of amounts. A name that comes twice makes a table of another kind."""
    for part in grid.parts:
        named = [(name, item) for item in part.items if (name := _name(item.bare_label))]
        names = [name for name, _ in named]
        if len(set(names)) == len(names) and _GUESTS in names:
            for column in part.columns:
                yield {name: found for name, item in named if (found := item.amounts.get(column))}


def _across(grid: Grid) -> Iterator[Mapping[str, Amount]]:
    """Items in columns, 预算数 and 决算数 side by side: each group of heads has its total first."""
    heads = [(column, _name(head)) for column, head in enumerate(grid.heads)]
    starts = [column for column, name in heads if name == _TOTAL]
    for _, group in groupby(heads, key=lambda head: sum(1 for start in starts if start <= head[0])):
        columns = {name: column for column, name in group if name}
        if {_TOTAL, _GUESTS} <= columns.keys():
            for row in range(grid.body, grid.rows):
                yield {name: found for name, column in columns.items() if (found := grid.amount(row, column))}
