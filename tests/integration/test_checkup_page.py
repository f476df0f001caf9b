"""The page 体检: a file in, findings beside the text, downloads in the page, nothing kept."""

import io
import json
import re
from base64 import b64decode

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from perfapp.blueprints.checking import text
from perfapp.blueprints.checking.text import TextLine, shown
from perfapp.core.checking.findings import Finding, Severity
from perfapp.core.manuscript import Place, of_lines
from tests.making import PASSWORD, a_unit
from tests.unit.documents import samples
from tests.unit.documents.manuscripts import files


@pytest.fixture
def writer(rolled_back: Flask) -> FlaskClient:
    unit = a_unit(with_seal=False)
    client = rolled_back.test_client()
    client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    return client


def send(client: FlaskClient, name: str, data: bytes) -> TestResponse:
    return client.post("/checkup", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def finding(*places: Place, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("T1", severity, "两数不符。", None, None, places)


def test_the_empty_page_says_what_to_do(writer: FlaskClient) -> None:
    page = writer.get("/checkup").get_data(as_text=True)
    assert "把报告拖到这里" in page
    assert 'href="/checkup" aria-current="page"' in page or re.search(r'aria-current="page"[^>]*>\s*体检', page)


def test_every_link_of_a_finding_leads_to_a_passage_on_the_page(writer: FlaskClient) -> None:
    answer = send(writer, "报告.docx", files.word(samples.SEED.read_text(encoding="utf-8").split("\n")))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    links = set(re.findall(r'href="#(p\d+-\d+|line-\d+|finding-\d+)"', page))
    ids = re.findall(r'id="(p\d+-\d+|line-\d+|finding-\d+)"', page)
    assert links
    assert links <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_downloads_hold_the_whole_answer(writer: FlaskClient) -> None:
    page = send(writer, "报告.txt", "全年支出100万元，其中基本支出60万元，项目支出45万元。".encode()).get_data(
        as_text=True
    )
    xlsx, found = (b64decode(code) for code in re.findall(r'href="data:[^"]*;base64,([^"]+)"', page))
    answer = json.loads(found)
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    assert book.sheetnames == ["问题", "成立的勾稽", "数字"]
    assert book["问题"].max_row == len(answer["findings"]) + 1
    assert book["数字"].max_row == len(answer["figures"]) + 1 > 3
    assert answer["findings"][0]["message"] in page
    assert book["问题"]["C2"].value == answer["findings"][0]["message"]


def test_a_hostile_text_is_shown_and_does_nothing(writer: FlaskClient) -> None:
    words = "<script>alert(1)</script>{{ 7*7 }}=HYPERLINK(1)，全年支出100万元，其中基本支出60万元，项目支出45万元。"
    page = send(writer, "<b>报告</b>.txt", words.encode()).get_data(as_text=True)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [("报告.docx", b"junk", "不是 .docx"), ("报告.exe", b"MZ", "只接受"), ("a.txt", b"", "空文件")],
)
def test_a_refusal_stands_above_the_form(writer: FlaskClient, name: str, data: bytes, word: str) -> None:
    answer = send(writer, name, data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert word in page
    assert "把报告拖到这里" in page


def test_no_file_at_all_is_asked_for(writer: FlaskClient) -> None:
    answer = writer.post("/checkup", data={})
    assert answer.status_code == 422
    assert "请先选择" in answer.get_data(as_text=True)


def test_passages_that_overlap_are_cut_and_the_heavier_comes_first() -> None:
    manuscript = of_lines(["全年支出100万元。"])
    first, second = Place(1, 2, 9), Place(1, 4, 10)
    held = shown(manuscript, [finding(first), finding(second, severity=Severity.NOTE)])
    (line,) = held.blocks
    assert isinstance(line, TextLine)
    assert [(one.text, one.finding, one.tone) for one in line.segments] == [
        ("全年", 0, ""),
        ("支出", 1, "late"),
        ("100万元", 1, "late"),
        ("。", 2, "active"),
    ]
    assert held.anchors == {first: "p1-2", second: "p1-4"}


def test_of_a_book_only_the_lines_in_question_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_CHARACTERS", 10)
    held = shown(of_lines(["甲" * 20, "乙支出5万元", "丙"]), [finding(Place(2, 3, 6))])
    assert not held.is_whole
    assert [block.number for block in held.blocks if isinstance(block, TextLine)] == [2]
