"""The public state of a sealed report, found by the code on its last page or by its file."""

import re
import secrets
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core import verify_code
from perfapp.core.report_flow import ReportAction
from perfapp.data import reports
from perfapp.services import reports as report_acts
from perfapp.services import verifying
from tests.making import a_cycle, a_merged_report, a_sealed_report, a_unit, report_act


@pytest.fixture
def visitor(client: FlaskClient) -> FlaskClient:
    client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    return client


def shown(html: str) -> dict[str, str]:
    """Names and values on the page."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html))


def page(visitor: FlaskClient, code: str) -> str:
    answer = visitor.get(f"/v/{code}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_code_leads_to_the_state_and_to_nothing_of_the_content(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    html = page(visitor, report.verify_code or "")
    facts = shown(html)
    assert facts["状态"] == "有效"
    assert (facts["单位"], facts["名称"], facts["版次"]) == (unit.name, report.title, "第1版")
    assert facts["成文日期"] == "2019年3月15日"
    assert facts["查验码"] == verify_code.grouped(report.verify_code or "")
    assert report.sealed_sha256 is not None
    assert report.sealed_sha256 in html
    assert "预算单位基本情况" not in html
    assert unit.leader.name not in html


def test_void_and_replaced_are_said_with_the_way_to_the_valid_edition(visitor: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first = a_sealed_report(unit, cycle_id)
    voided = report_act(unit.leader, cycle_id, ReportAction.VOID, reason="数字有误")
    html = page(visitor, first.verify_code or "")
    assert shown(html)["状态"] == "已作废"
    assert "数字有误" not in html
    report_acts.reissue(unit.editor, voided.id, version=voided.version, reason="更正")
    assert shown(page(visitor, first.verify_code or ""))["状态"] == "已作废"
    second = a_sealed_report(unit, cycle_id)
    html = page(visitor, first.verify_code or "")
    assert shown(html)["状态"] == "已被第2版替代"
    assert f'href="/v/{second.verify_code}"' in html
    assert shown(page(visitor, second.verify_code or ""))["状态"] == "有效"


def test_a_typed_code_may_be_grouped_in_any_case_and_mistaken_for_letters(visitor: FlaskClient) -> None:
    unit = a_unit()
    code = a_sealed_report(unit, a_cycle(unit)).verify_code or ""
    typed = verify_code.grouped(code).lower().replace("0", "o").replace("1", "l")
    answer = visitor.get("/verify/code", query_string={"code": f" {typed} "})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/v/{code}"


def test_a_report_that_is_not_sealed_yet_is_not_there(visitor: FlaskClient) -> None:
    unit = a_unit()
    report = a_merged_report(unit, a_cycle(unit))
    assert report.verify_code is not None
    unknown = visitor.get("/v/" + "0" * 16)
    known = visitor.get(f"/v/{report.verify_code}")
    assert known.status_code == unknown.status_code == 404
    assert known.get_data(as_text=True).replace(report.verify_code, "0" * 16) == unknown.get_data(as_text=True)


@pytest.mark.parametrize("code", ["x", "!" * 16, "一二三四五六七八九十一二三四五六", "0" * 200, "U" * 16])
def test_what_is_no_code_is_refused_alike(visitor: FlaskClient, code: str) -> None:
    answer = visitor.get(f"/v/{code}")
    assert answer.status_code == 404
    assert "没有找到这个查验码" in answer.get_data(as_text=True)


def test_codes_cannot_be_tried_without_end(visitor: FlaskClient) -> None:
    def tried() -> int:
        return visitor.get(f"/v/{verify_code.encoded(secrets.token_bytes(10))}").status_code

    assert [tried() for _ in range(verifying.FREE_MISTAKES + 2)] == [404] * verifying.FREE_MISTAKES + [429, 429]
    visitor.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    assert tried() == 404


def test_right_codes_are_not_counted(visitor: FlaskClient) -> None:
    unit = a_unit()
    code = a_sealed_report(unit, a_cycle(unit)).verify_code or ""
    assert {visitor.get(f"/v/{code}").status_code for _ in range(verifying.FREE_MISTAKES + 5)} == {200}


def test_an_edition_keeps_its_code_and_no_two_share_one(visitor: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first = a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.UNMERGE)
    with clock.at(clock.now() + timedelta(days=1)):
        again = a_merged_report(unit, cycle_id)
    assert again.verify_code == first.verify_code == reports.get(first.id).verify_code
    other = a_unit()
    assert a_merged_report(other, a_cycle(other)).verify_code != first.verify_code
