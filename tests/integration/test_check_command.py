"""`flask check FILE [--json]`: its statuses, its JSON, and the same answer for every kind of file."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from perfapp.core.checking.check import check
from perfapp.data.rules import rule_book
from perfapp.documents.docx import render_docx
from perfapp.documents.manuscripts.reading import read_manuscript
from perfapp.documents.pdf import render_pdf
from perfapp.services.checking import as_json, check_file, exact, workbook
from tests.unit.documents import samples
from tests.unit.documents.manuscripts import files

WRONG = "全年支出100.00万元，其中基本支出60.00万元，项目支出45.00万元。"


def run(app: Flask, path: Path, *options: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["check", str(path), *options])
    return result.exit_code, result.stdout, result.stderr


def kept(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_finding_above_a_note_is_told_and_ends_with_1(app: Flask, tmp_path: Path) -> None:
    status, out, _ = run(app, kept(tmp_path, "报告.txt", WRONG.encode()))
    assert status == 1
    assert "【阻断】" in out or "【须说明】" in out
    assert "第 1 行" in out
    assert "105" in out


def test_the_lines_are_counted_as_the_places_count_them(app: Flask, tmp_path: Path) -> None:
    _, out, _ = run(app, kept(tmp_path, "报告.txt", b"\n\n" + WRONG.encode()))
    assert "报告.txt：3 行，其中有文字的 1 行" in out
    assert "第 3 行" in out


_HUGE = "9" * 5_000
HOSTILE = {
    "digits": f"收入{_HUGE}万元。",
    "wide digits": f"收入{'９' * 5_000}万元，占{'９' * 5_000}%。",
    "decimals": f"收入1.{_HUGE}万元，比上年增长{_HUGE}倍。",
    "separators": f"收入{'9,' * 3_000}9.5万元。",
    "numerals": f"收入一{'亿' * 3_000}元，共{'九' * 5_000}人，百分之{'九' * 5_000}。",
    "ordinals": f"第{_HUGE}章 项目\n（{_HUGE}）收入\n{_HUGE}、支出\n{_HUGE}年{_HUGE}月{_HUGE}日",
    "cells": f"|项目|金额|\n|---|---|\n|收入|{_HUGE}|\n|支出|{_HUGE}|\n|合计|{_HUGE}|",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_number_nobody_can_mean_is_skipped(app: Flask, tmp_path: Path, text: str) -> None:
    manuscript, checkup = check_file("报告.md", text.encode())
    assert checkup.broken == ()
    assert workbook(manuscript, checkup)
    status, out, _ = run(app, kept(tmp_path, "报告.md", text.encode()), "--json")
    assert status in (0, 1)
    assert all(abs(Decimal(str(one["value"] or 0))) < 10**24 for one in json.loads(out)["figures"])


def test_the_json_is_one_object_whose_places_hold(app: Flask) -> None:
    status, out, _ = run(app, samples.SEED, "--json")
    answer = json.loads(out)
    lines = samples.SEED.read_text(encoding="utf-8").split("\n")
    assert status == 1
    assert set(answer) == {"figures", "passed", "findings"}
    assert all({"text", "value", "unit", "label", "place"} <= set(figure) for figure in answer["figures"])
    keys = {"code", "message", "left", "right", "places"}
    assert all(keys <= set(passed) for passed in answer["passed"])
    assert all(keys | {"severity"} <= set(finding) for finding in answer["findings"])
    assert {finding["severity"] for finding in answer["findings"]} <= {"error", "must-explain", "note"}
    for figure in answer["figures"]:
        place = figure["place"]
        assert lines[place["paragraph"] - 1][place["start"] : place["end"]] == figure["text"]
    for said in [*answer["passed"], *answer["findings"]]:
        for place in said["places"]:
            assert 0 <= place["start"] < place["end"] <= len(lines[place["paragraph"] - 1])


def test_nothing_above_a_note_ends_with_0(app: Flask, tmp_path: Path) -> None:
    book = files.workbook(("表", [("项目", "金额"), ("基本支出", 60), ("项目支出", 40), ("合计", 100)]))
    path = kept(tmp_path, "表.xlsx", files.bytes_of(book))
    status, out, _ = run(app, path, "--json")
    assert [finding for finding in json.loads(out)["findings"] if finding["severity"] != "note"] == []
    assert status == 0
    assert run(app, path)[0] == 0


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("报告.docx", lambda: b"junk", "不是 .docx"),
        ("报告.doc", lambda: b"junk", "另存为 .docx"),
        ("报告.pdf", lambda: b"%PDF-1.4 junk", "损坏"),
        ("报告.txt", lambda: b"", "空文件"),
    ],
)
def test_what_cannot_be_read_ends_with_2(
    app: Flask, tmp_path: Path, name: str, data: Callable[[], bytes], word: str
) -> None:
    path = kept(tmp_path, name, data())
    assert run(app, path) == (2, "", run(app, path)[2])
    status, out, err = run(app, path, "--json")
    assert status == 2
    assert word in err
    assert json.loads(out) == {"error": err.strip()}


def test_a_missing_file_and_a_folder_end_with_2(app: Flask, tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        status, _, err = run(app, path)
        assert status == 2
        assert "读不到" in err


@pytest.mark.parametrize(
    ("amount", "number"),
    [
        (None, None),
        (Decimal("2560.21"), 2560.21),
        (Decimal("100.00"), 100),
        (Decimal("123456789012345678901"), 123456789012345678901),
        (Decimal("1234567890123456.789"), "1234567890123456.789"),
    ],
)
def test_a_number_loses_no_digit(amount: Decimal | None, number: object) -> None:
    assert exact(amount) == number
    assert json.loads(json.dumps(exact(amount))) == number


def squeezed(answer: dict[str, Any], lines: dict[int, str]) -> dict[str, Any]:
    """The answer with the words at each place instead of its numbers: what stays when spaces and pages move."""

    def words(place: dict[str, int]) -> str:
        return "".join(lines[place["paragraph"]][place["start"] : place["end"]].split())

    return {
        "figures": [(figure["value"], figure["unit"], words(figure["place"])) for figure in answer["figures"]],
        "passed": [(one["code"], one["left"], one["right"], [*map(words, one["places"])]) for one in answer["passed"]],
        "findings": [
            (one["code"], one["severity"], one["left"], one["right"], [*map(words, one["places"])])
            for one in answer["findings"]
        ],
    }


def test_the_same_report_gives_the_same_answer_as_text_word_and_pdf() -> None:
    """One report, set by our own typesetter, in Word, and as bare lines."""
    snapshot = samples.seed()
    word = read_manuscript("报告.docx", render_docx(snapshot, {}))
    text = "\n".join(line.text for line in word.lines)
    read = {
        "docx": word,
        "pdf": read_manuscript("报告.pdf", render_pdf(snapshot, {})),
        "txt": read_manuscript("报告.txt", text.encode("gb18030")),
        "plain docx": read_manuscript("报告.docx", files.word(text.split("\n"))),
    }
    answers = {
        name: squeezed(
            as_json(check(manuscript, rule_book())),
            {line.number: line.text for line in manuscript.lines},
        )
        for name, manuscript in read.items()
    }
    for name, answer in answers.items():
        assert answer == answers["docx"], name
