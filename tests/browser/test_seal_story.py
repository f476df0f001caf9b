"""What people see when sealing does not go by itself, and what the public sees afterwards."""

import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
from playwright.sync_api import Page, expect

from perfapp import clock
from perfapp.core.report_flow import ReportState
from perfapp.core.verify_code import grouped
from perfapp.data import reports, surroundings
from perfapp.extensions import current_settings
from perfapp.services import installing
from perfapp.services import reports as report_acts
from tests.browser.conftest import NewPage, Site
from tests.making import PASSWORD, a_sealed_report, an_issued_report, run_jobs

T = TypeVar("T")
pytestmark = pytest.mark.needs("browser")


@contextmanager
def without_time_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An address at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = replace(current_settings(), tsa_url=f"http://127.0.0.1:{probe.getsockname()[1]}/")
    with monkeypatch.context() as patch:
        patch.setattr(surroundings, "settings", lambda: away)
        yield


def aside(site: Site, act: Callable[[], T], later: timedelta = timedelta(0)) -> T:
    """In a thread of its own, as a worker is: the browser's driver holds this thread's event loop."""

    def done() -> T:
        with site.app.app_context(), clock.at(clock.now() + later):
            return act()

    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(done).result()
    site.catch_up()
    return result


def press(site: Site, page: Page, report_id: int) -> None:
    page.goto(f"{site.url}/reports/{report_id}/seal")
    page.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="盖章", exact=True).click()


def test_the_time_server_is_away_and_comes_back(site: Site, new_page: NewPage, monkeypatch: pytest.MonkeyPatch) -> None:
    report, page = aside(site, lambda: an_issued_report(site.unit, site.cycle_id)), new_page()
    site.login(page, "leader")
    press(site, page, report.id)
    with without_time_server(monkeypatch):
        assert aside(site, run_jobs) == ["queued"]
    page.goto(f"{site.url}/reports/{report.id}/seal")
    expect(page.locator("main")).to_contain_text("还没有盖章，系统会自动再试")
    expect(page.locator("main")).to_contain_text("请系统管理员检查时间戳服务")
    expect(page.locator("main")).to_contain_text("下次再试")
    page.goto(f"{site.url}/reports/{report.id}")
    expect(page.locator("main")).to_contain_text("盖章中")
    expect(page.locator("main")).to_contain_text("时间戳服务拒绝连接")
    administrator = new_page(390)
    site.login(administrator, "sysadmin")
    administrator.goto(f"{site.url}/notices")
    expect(administrator.locator("main")).to_contain_text("时间戳服务没有应答")
    page.goto(f"{site.url}/reports/{report.id}/seal")
    assert aside(site, run_jobs, timedelta(minutes=1)) == ["done"]
    expect(page.get_by_role("link", name="下载盖章的 PDF")).to_be_visible()  # by itself: nobody has pressed again
    site.catch_up()
    assert reports.get(report.id).state is ReportState.SEALED


def test_the_certificate_has_expired(site: Site, new_page: NewPage) -> None:
    report, page = aside(site, lambda: an_issued_report(site.unit, site.cycle_id)), new_page()
    with clock.at(clock.now() - timedelta(days=366 * 11)):
        installing.register_seal(site.unit.id, installing.demo_seal(site.unit.name, clock.now()))
    site.login(page, "leader")
    page.goto(f"{site.url}/reports/{report.id}/seal")
    expect(page.locator("main")).to_contain_text(re.compile("证书已于.*到期，不能盖章"))
    expect(page.locator("main")).to_contain_text("请系统管理员")
    expect(page.get_by_label("再次输入您的登录密码")).to_have_count(0)
    installing.register_seal(site.unit.id, installing.demo_seal(site.unit.name, clock.now()))
    press(site, page, report.id)
    assert aside(site, run_jobs) == ["done"]
    expect(page.get_by_role("link", name="下载盖章的 PDF")).to_be_visible()


def test_the_certificate_ends_between_the_press_and_the_seal(site: Site, new_page: NewPage) -> None:
    report, page = aside(site, lambda: an_issued_report(site.unit, site.cycle_id)), new_page()
    site.login(page, "leader")
    press(site, page, report.id)
    assert "failed" in aside(site, run_jobs, timedelta(days=366 * 11))
    page.goto(f"{site.url}/reports/{report.id}/seal")
    expect(page.locator("main")).to_contain_text("刚才没有盖成，报告仍未盖章")
    expect(page.locator("main")).to_contain_text(re.compile("印章证书已于.*过期"))
    site.catch_up()
    assert reports.get(report.id).sealed_sha256 is None


def test_void_and_replaced_on_the_public_page(site: Site, new_page: NewPage) -> None:
    first = aside(site, lambda: a_sealed_report(site.unit, site.cycle_id))
    visitor, leader = new_page(390), new_page()
    visitor.goto(f"{site.url}/verify")
    visitor.get_by_label("查验码").fill(grouped(first.verify_code or "").lower())
    visitor.get_by_role("button", name="查这份报告的状态").click()
    visitor.wait_for_url(f"{site.url}/v/{first.verify_code}")
    expect(visitor.locator(".verdict__word")).to_have_text("有效")
    site.login(leader, "leader")
    leader.goto(f"{site.url}/reports/{first.id}")
    leader.get_by_role("button", name="作废", exact=True).first.click()
    leader.locator("dialog[open]").get_by_label("理由").fill("支出数有误。")
    leader.locator("dialog[open]").get_by_role("button", name="作废").click()
    expect(leader.locator(".flashes")).to_contain_text("作废")
    visitor.reload()
    expect(visitor.locator(".verdict__word")).to_have_text("已作废")
    site.catch_up()
    voided = reports.get(first.id)
    report_acts.reissue(site.unit.editor, voided.id, version=voided.version, reason="更正支出数")
    visitor.reload()
    expect(visitor.locator(".verdict__word")).to_have_text("已作废")
    second = aside(site, lambda: a_sealed_report(site.unit, site.cycle_id))
    visitor.reload()
    expect(visitor.locator(".verdict__word")).to_have_text("已被第2版替代")
    visitor.get_by_role("link", name="看第2版的状态").click()
    visitor.wait_for_url(f"{site.url}/v/{second.verify_code}")
    expect(visitor.locator(".verdict__word")).to_have_text("有效")
