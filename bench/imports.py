"""10,000 rows of a ledger from an .xlsx file: every step a person goes through, beside openpyxl reading the file."""

import io
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise
from statistics import median
from time import perf_counter

from flask.testing import FlaskClient
from openpyxl import load_workbook

from bench.measure import TIMES, Finding, Goal, row
from bench.pages import installed
from perfapp.data import facts, ledgers
from perfapp.running import web
from tests.integration.bookkeeping.files import mapping_page, preview_page, take, xlsx
from tests.making import PASSWORD, AUnit, a_cycle, a_unit

ROWS, ROUNDS = 10_000, 5
TARGET = "ledger:receptions"
HEADS = ("接待日期", "来访单位", "批次", "人次", "金额（元）", "陪餐人数", "公函文号", "接待地点")
STEPS = ("upload and mapping", "preview", "written, totals and all", "all steps")


def findings() -> list[Finding]:
    seconds: dict[str, list[float]] = {name: [] for name in (*STEPS, "openpyxl alone, read only")}
    with installed() as app:
        with app.app_context():
            unit = a_unit(with_seal=False)
            cycle_id = a_cycle(unit)
        client = app.test_client()
        client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
        for number in range(-1, ROUNDS):
            took = _import(client, cycle_id, _file(number))
            if number < 0:
                web.when_ready(None)  # as the server does: what is loaded by now stays out of the collector's sight
            else:
                for name, second in took.items():
                    seconds[name].append(second)
        with app.app_context():
            _check(unit, cycle_id)
    return [
        Finding(
            f"A ledger of {ROWS:,} rows from a file",
            [Goal("all steps on the server", median(seconds["all steps"]), 5, " s")],
            [TIMES, *(row(name, took) for name, took in seconds.items())],
            [
                f"Eight columns, {ROUNDS} different files after one that is not counted, each in the place of the one"
                " before; by Flask's test client on SQLite. Every step reads the file again, so that nothing but a"
                " signed name goes from one to the next. openpyxl goes through the cells and does nothing with them.",
            ],
        )
    ]


def _import(client: FlaskClient, cycle_id: int, data: bytes) -> dict[str, float]:
    times = [perf_counter()]
    page = mapping_page(client, cycle_id, "接待.xlsx", data, TARGET)
    times.append(perf_counter())
    preview = preview_page(client, cycle_id, page)
    times.append(perf_counter())
    answer = take(client, cycle_id, preview, {"how": "replace"})
    times.append(perf_counter())
    if answer.status_code != 303:
        raise RuntimeError(f"the rows were not written: {answer.status}")
    steps = [later - before for before, later in pairwise(times)]
    alone = _timed(partial(_read_alone, data))
    return dict(zip((*STEPS, "openpyxl alone, read only"), [*steps, sum(steps), alone], strict=True))


def _file(number: int) -> bytes:
    rows = [
        (
            date(2018, 1 + at % 12, 1 + at % 28),
            f"第{at}家",
            1,
            1 + at % 30,
            number + 2 + at / 100,
            2,
            f"函{at}号",
            "食堂",
        )
        for at in range(ROWS)
    ]
    return xlsx(("接待", (HEADS, *rows), ()))


def _read_alone(data: bytes) -> None:
    for _ in load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True):
        pass


def _timed(act: Callable[[], None]) -> float:
    began = perf_counter()
    act()
    return perf_counter() - began


def _check(unit: AUnit, cycle_id: int) -> None:
    """The last file's rows are there, and the facts say what they add up to."""
    count = ledgers.counts(cycle_id)[ledgers.get(unit.id, "receptions").id]
    present = facts.present_value(facts.get(unit.id, "reception-batches").id, cycle_id)
    if count != (ROWS, ROWS) or present is None or present.amount != ROWS:
        raise RuntimeError(f"{count} rows, {present}")
