"""The paper lane with separate people in separate browsers: a tampered scan goes back, a signed one ends as sealed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from perfapp.core.report_flow import ReportState
from perfapp.data import reports
from tests.browser.conftest import NewPage, Site
from tests.making import PASSWORD, an_issued_report, run_jobs
from tests.scans import Scan, as_jpeg, as_pdf, digit_changed, scanned, signed, stamped

pytestmark = pytest.mark.needs("browser")


def bring(page: Page, *files: Path) -> None:
    page.set_input_files("#scan-files", [str(file) for file in files])
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("扫描件已上传")


def kept(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_tampered_scan_goes_back_and_a_signed_one_is_sealed(site: Site, new_page: NewPage, tmp_path: Path) -> None:
    report = an_issued_report(site.unit, site.cycle_id)
    editor, leader, visitor = new_page(), new_page(), new_page()
    site.login(editor, "editor")
    site.login(leader, "leader")
    editor.goto(f"{site.url}/reports/{report.id}")
    editor.get_by_role("link", name="纸质签批").click()
    with editor.expect_download() as download:
        editor.get_by_role("link", name="下载签批件").click()
    printed = Path(download.value.path()).read_bytes()
    count = 2
    tampered = scanned(printed, [Scan(2, 180.8, 0.9, [digit_changed("2018", "6")]), Scan(1, 0.5)])
    assert len(tampered) == count

    bring(editor, kept(tmp_path, "改过.pdf", as_pdf(tampered)))
    run_jobs()
    editor.reload()
    expect(editor.locator("main")).to_contain_text("扫描件是您上传的")
    expect(editor.get_by_role("button", name="确认纸质签章件")).to_have_count(0)

    leader.goto(f"{site.url}/reports/{report.id}/paper")
    expect(leader.locator("main")).to_contain_text("有 1 页与打印件不同")
    picture = leader.locator("img.compared")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 800
    leader.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    leader.get_by_role("button", name="确认纸质签章件").click()
    expect(leader.locator("main")).to_contain_text("请逐页核对并勾选")
    leader.get_by_role("button", name="退回扫描件").click()
    leader.get_by_role("dialog").get_by_role("textbox").fill("第 2 页数字被改过")
    leader.get_by_role("dialog").get_by_role("button", name="退回", exact=True).click()
    expect(leader.locator(".flashes")).to_contain_text("已退回扫描件")

    editor.reload()
    expect(editor.locator("main")).to_contain_text("第 2 页数字被改过")
    cover, text = scanned(printed, [Scan(1, 181.0, 1.0, [stamped(105, 208), signed]), Scan(2, 90.6)])
    bring(editor, kept(tmp_path, "正文.jpg", as_jpeg(text)), kept(tmp_path, "封面.jpg", as_jpeg(cover)))
    run_jobs()

    leader.goto(f"{site.url}/reports/{report.id}/paper")
    leader.get_by_label("已核对第 1 页的不同之处").check()
    leader.get_by_label("不同之处是什么").fill("第 1 页为主要领导签名")
    leader.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    leader.get_by_role("button", name="确认纸质签章件").click()
    expect(leader.locator(".flashes")).to_contain_text("报告已盖章")
    site.catch_up()
    assert reports.get(report.id).state is ReportState.SEALED
    run_jobs()

    editor.goto(f"{site.url}/reports/{report.id}")
    expect(editor.locator("#files")).to_contain_text("流转单")
    with editor.expect_download() as download:
        editor.get_by_role("link", name="盖章的 PDF").first.click()
    sealed = kept(tmp_path, "盖章.pdf", Path(download.value.path()).read_bytes())
    visitor.goto(f"{site.url}/verify")
    visitor.set_input_files("input[type=file]", str(sealed))
    expect(visitor.locator("main")).to_contain_text("真实，没有改动")
    expect(visitor.locator("main")).to_contain_text("纸质签字盖章件的扫描件")
