"""What anybody may see without signing in: verification, and whether the system is up."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from perfapp import clock
from perfapp.core.report_flow import ReportAction
from perfapp.data import blobs, sign_ins
from perfapp.extensions import current_settings, db
from perfapp.services import reports as report_acts
from perfapp.services import verifying
from perfapp.signing.uploaded import der_to_pem, pem_to_der
from perfapp.signing.verdict import examine
from tests.making import a_cycle, a_merged_report, a_sealed_report, a_unit, report_act


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    """Somebody from an address of his own, who has not signed in."""
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    return client


def ask(visitor: FlaskClient, data: bytes, name: str = "报告.pdf") -> TestResponse:
    answer = visitor.post("/verify", data={"file": (io.BytesIO(data), name)})
    answer.request.environ["wsgi.input"].close()  # a large body is a file of the test client's, which forgets it
    return answer


def kept() -> set[Path]:
    return {path for path in current_settings().home.rglob("*") if path.is_file() and "sqlite" not in path.name}


def test_the_filed_original_is_genuine_and_nothing_of_it_is_shown_or_kept(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    sealed = blobs.read(report.sealed_sha256 or "")
    before = kept()
    answer = ask(visitor, sealed)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "真实，没有改动" in html
    assert "与归档原件逐字节一致" in html
    assert "签章有效" in html
    assert hashlib.sha256(sealed).hexdigest() in html
    assert "预算单位基本情况" not in html
    assert kept() == before


def test_a_changed_copy_gets_two_different_sentences(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    sealed = blobs.read(report.sealed_sha256 or "")
    html = ask(visitor, sealed + b"\n").get_data(as_text=True)
    assert "与归档原件不一致" in html
    assert "不能认定为归档的盖章报告" in html


def test_the_unsealed_pdf_is_not_genuine(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_merged_report(unit, a_cycle(unit))
    html = ask(visitor, blobs.read(report.pdf_sha256 or "")).get_data(as_text=True)
    assert "没有任何电子签章" in html


def test_a_voided_and_replaced_edition_says_so(visitor: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first = a_sealed_report(unit, cycle_id)
    voided = report_act(unit.leader, cycle_id, ReportAction.VOID, reason="数字有误")
    sealed = blobs.read(first.sealed_sha256 or "")
    assert "已于" in ask(visitor, sealed).get_data(as_text=True)
    report_acts.reissue(unit.editor, voided.id, version=voided.version, reason="更正")
    a_sealed_report(unit, cycle_id)
    html = ask(visitor, sealed).get_data(as_text=True)
    assert "已被第2版替代" in html
    assert "真实，但这一版已作废" in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "不是 PDF"),
        (b"PK\x03\x04 a zip", "不是 PDF"),
        (b"%PDF-1.7\nnothing that a reader could use", "已损坏"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(visitor: FlaskClient, data: bytes, sentence: str) -> None:
    answer = ask(visitor, data)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_no_file_and_too_large_a_file_are_refused(visitor: FlaskClient) -> None:
    assert visitor.post("/verify", data={}).status_code == 422
    answer = ask(visitor, b"%PDF-" + b"0" * verifying.MAX_BYTES)
    assert answer.status_code == 422
    assert "20 MB" in answer.get_data(as_text=True)
    assert ask(visitor, b"%PDF-" + b"0" * (2 << 20) * 11).status_code == 413


def test_one_address_cannot_ask_without_end(visitor: FlaskClient) -> None:
    answers = [ask(visitor, b"no").status_code for _ in range(verifying.FREE_VISITS + 2)]
    assert answers == [422] * verifying.FREE_VISITS + [429, 429]
    seen = sign_ins.failures(f"verify:{visitor.environ_base['REMOTE_ADDR']}")
    assert seen is not None
    assert seen.count == verifying.FREE_VISITS, "who waits is not made to wait longer"
    visitor.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert ask(visitor, b"no").status_code == 422


def test_the_page_is_open_to_everybody(visitor: FlaskClient) -> None:
    answer = visitor.get("/verify")
    assert answer.status_code == 200
    assert "不会保存" in answer.get_data(as_text=True)


def test_strangers_tools_can_be_told_whom_to_trust(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    for page in ("/verify", "/open"):
        assert 'href="/verify/roots.pem"' in visitor.get(page).get_data(as_text=True)
    answer = visitor.get("/verify/roots.pem")
    assert answer.headers["Content-Type"] == "application/x-pem-file"
    assert 'filename="perfapp.pem"' in answer.headers["Content-Disposition"]
    assert b"PRIVATE KEY" not in answer.data
    roots = [der_to_pem(one).encode() for one in pem_to_der(answer.get_data(as_text=True))]
    assert len(roots) == len(set(roots)) >= 2, "of the seal and of the time stamps"
    assert examine(blobs.read(report.sealed_sha256 or ""), roots, at=clock.now()).is_valid


def test_without_a_seal_there_is_nothing_to_trust(visitor: FlaskClient) -> None:
    answer = visitor.get("/verify/roots.pem")
    assert answer.status_code == 404
    assert "还没有登记印章" in answer.get_data(as_text=True)


def test_ready_means_that_the_database_answers(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.get("/healthz").get_json() == {"status": "ok"}
    assert visitor.get("/readyz").status_code == 200

    def broken(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "execute", broken)
        answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "数据库连不上" in answer.get_json()["message"]


def test_the_web_process_never_loads_the_typesetter(app: Flask) -> None:
    script = "import sys, perfapp.app; sys.exit(int('typst' in sys.modules))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
