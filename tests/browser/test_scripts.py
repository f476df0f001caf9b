"""The small scripts of the pages: what they add to a page that works without them."""

import json
import re
from time import monotonic

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionState
from perfapp.data import evidence, jobs, looks
from perfapp.services import drafting
from tests.browser.conftest import NewPage, Site
from tests.making import a_merged_report, an_issued_report, bring, report_act, section_with
from tests.unit.documents.samples import drawing

pytestmark = [
    pytest.mark.needs("browser"),
    # the server of the tests, unlike gunicorn, leaves a static file open when the browser goes away meanwhile
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]
MEGABYTE = 1 << 20
JOB = re.compile(r"/jobs/\d+$")


def a_file(name: str, megabytes: int) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-" + bytes(megabytes * MEGABYTE)}


def opened(page: Page, site: Site, role: str, address: str) -> Page:
    site.login(page, role)
    page.goto(site.url + address)
    return page


def answers(page: Page, *states: dict[str, object]) -> list[dict[str, str]]:
    """Let the job's address tell these states, one an ask, the last for ever; the list grows by the asks' headers."""
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        state = states[min(len(asked), len(states) - 1)]
        asked.append(route.request.headers)
        route.fulfill(content_type="application/json", body=json.dumps({"attempt": 1, "result_url": None} | state))

    page.route(JOB, answer)
    return asked


def a_preview(site: Site) -> str:
    """The address of the page that waits for a section's PDF; nobody makes it here."""
    section = bring(site.unit, section_with(site.cycle_id, "basics").id, SectionState.DRAFTING)
    return f"/sections/{section.id}/preview/{drafting.ask_preview(site.unit.writer, section.id)}"


def test_a_job_is_drawn_until_it_is_done_and_the_page_goes_on(site: Site, new_page: NewPage) -> None:
    address = a_preview(site)
    page = new_page()
    asked = answers(
        page,
        {"state": "running", "progress": 40, "message": "正在排版"},
        {"state": "running", "progress": 40, "message": "正在排版", "attempt": 2},
        {"state": "done", "progress": 100, "message": "已生成"},
    )
    page.route(
        "**/previews/*.pdf",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body="<h1>预览文件</h1>"),
    )
    opened(page, site, "writer", address)
    expect(page.locator("[data-job-percent]")).to_have_text("40%")
    expect(page.locator("progress")).to_have_js_property("value", 40)
    expect(page.locator("[data-job-message]")).to_have_text("正在排版（第 2 次）")
    expect(page.get_by_role("heading", name="预览文件")).to_be_visible()
    assert {headers["x-poll"] for headers in asked} == {"1"}, "who only waits may be signed out in time"
    assert len(asked) == 3


def test_a_job_that_failed_says_why_and_can_be_tried_again(site: Site, new_page: NewPage) -> None:
    address = a_preview(site)
    page = new_page()
    asked = answers(page, {"state": "failed", "progress": 40, "message": "第 3 段的“㛃”没有字形。"})
    opened(page, site, "writer", address)
    expect(page.locator("[data-job-message]")).to_have_text("第 3 段的“㛃”没有字形。")
    retry = page.locator("[data-job-retry]").get_by_role("button")
    expect(retry).to_be_visible()
    seen = len(asked)
    retry.click()
    page.wait_for_url(re.compile(r"/preview/\d+$"))
    site.catch_up()
    assert seen == 1, "a job that failed is not asked for again"
    job = jobs.get(int(page.url.split("/")[-1]))
    assert job is not None
    assert job.state == "queued"


def test_a_job_out_of_reach_is_asked_for_again(site: Site, new_page: NewPage) -> None:
    address = a_preview(site)
    page = new_page()
    tries: list[int] = []

    def answer(route: Route) -> None:
        tries.append(1)
        if len(tries) == 1:
            return route.abort()
        body = json.dumps({"state": "running", "progress": 70, "message": "快好了", "attempt": 1, "result_url": None})
        return route.fulfill(content_type="application/json", body=body)

    page.route(JOB, answer)
    opened(page, site, "writer", address)
    expect(page.locator("[data-job-message]")).to_have_text("快好了", timeout=8000)


def test_an_act_that_takes_something_away_asks_first(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    drafting.add_evidence(site.unit.writer, section_id, "台账.png", drawing()[1])
    page = opened(new_page(), site, "writer", f"/sections/{section_id}")
    page.locator("#section-side-files-tab").click()
    remove = page.get_by_role("button", name="移除")
    remove.click()
    dialog = page.get_by_role("dialog", name="移除")
    expect(dialog).to_contain_text("“台账.png”将从本节移除")
    dialog.get_by_role("button", name="取消").click()
    expect(dialog).to_have_count(0)
    site.catch_up()
    assert len(evidence.of_section(section_id)) == 1
    remove.click()
    dialog.get_by_role("button", name="移除").click()
    expect(page.locator(".flashes")).to_contain_text("台账.png")
    site.catch_up()
    assert evidence.of_section(section_id) == []


def under_review(site: Site) -> int:
    a_merged_report(site.unit, site.cycle_id)
    return report_act(site.unit.editor, site.cycle_id, ReportAction.SEND).id


def test_a_refused_reason_is_still_there(site: Site, new_page: NewPage) -> None:
    page = opened(new_page(), site, "deputy", f"/reports/{under_review(site)}")
    page.get_by_role("button", name="退回修改").first.click()
    dialog = page.locator("dialog#send-back")
    dialog.get_by_label("理由").fill("支出数与决算表不一致，请核对。")
    dialog.get_by_role("button", name="退回", exact=True).click()
    expect(dialog.locator(".notice")).to_contain_text("节")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("理由")).to_have_value("支出数与决算表不一致，请核对。")


def test_what_was_before_the_eyes_for_three_seconds_was_seen(site: Site, new_page: NewPage) -> None:
    report_id = under_review(site)
    page = new_page(height=1400)
    site.login(page, "leader")
    began = monotonic()
    with page.expect_request(re.compile(rf"/reports/{report_id}/seen")) as told:
        page.goto(f"{site.url}/reports/{report_id}")
    assert monotonic() - began >= 3
    response = told.value.response()
    assert response is not None
    assert response.ok
    site.catch_up()
    assert looks.last(site.unit.leader.id, site.cycle_id) is not None


def test_whoever_reads_the_text_has_seen_the_report(site: Site, new_page: NewPage) -> None:
    report_id = under_review(site)
    page = new_page(height=500)
    site.login(page, "leader")
    with page.expect_request(re.compile(rf"/reports/{report_id}/seen")):
        page.goto(f"{site.url}/reports/{report_id}#text")
        expect(page.locator("#changes")).not_to_be_in_viewport()


def test_rows_are_filtered_by_every_word(site: Site, new_page: NewPage) -> None:
    page = opened(new_page(), site, "sysadmin", "/people")
    rows = page.locator("tbody tr:visible")
    everybody = rows.count()
    words = page.get_by_role("searchbox")
    words.fill("办公室  经办人")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(site.unit.writer.name)
    words.fill("没有这个人")
    expect(page.locator("tr[data-none]")).to_be_visible()
    words.fill("")
    expect(rows).to_have_count(everybody)


def test_files_too_large_are_refused_before_they_are_sent(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = opened(new_page(), site, "writer", f"/sections/{section_id}")
    page.locator("#section-side-files-tab").click()
    chosen, error = page.locator("#evidence"), page.locator("#evidence-error")
    chosen.set_input_files([a_file("账册.pdf", 21)])
    expect(error).to_have_text("“账册.pdf”有 21.0 MB，每个文件最多 20 MB。")
    chosen.set_input_files([a_file(f"第{number}月.pdf", 1) for number in range(1, 7)])
    expect(error).to_have_text("选了 6 个文件，一次最多 5 个，请分几次上传。")
    expect(chosen).to_have_js_property("value", "")
    chosen.set_input_files([a_file("上半年.pdf", 1), a_file("下半年.pdf", 1)])
    expect(error).to_be_hidden()
    expect(page.locator("[data-drop-name]")).to_have_text("上半年.pdf、下半年.pdf")


def test_a_dropped_file_is_taken(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site.url}/verify")
    page.locator("[data-drop]").evaluate(
        """(zone) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["%PDF-"], "报告.pdf", { type: "application/pdf" }));
          zone.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("alert")).to_contain_text("文件已损坏")


def test_large_type_stays_from_page_to_page(site: Site, new_page: NewPage) -> None:
    page = opened(new_page(), site, "writer", "/")
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="大字").click()
    page.goto(f"{site.url}/reports")
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(size) == before * 1.25
    page.get_by_role("button", name="大字").click()
    page.goto(f"{site.url}/")
    assert page.evaluate(size) == before


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()"))


def test_menus_and_panels_are_worked_by_keyboard(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = opened(new_page(width=390, height=844), site, "writer", f"/sections/{section_id}")
    page.keyboard.press("Tab")
    assert focused(page) == "跳到正文"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#nav")).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "待办"
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    assert focused(page) == "菜单"
    page.get_by_role("button", name="我的账号").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert focused(page) == "账号与密码"
    page.keyboard.press("Escape")
    expect(page.locator("#person")).to_be_hidden()
    page.locator(".outline-more summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="目录")).to_be_visible()
    page.locator("#section-side-guide-tab").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#section-side-last")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#section-side-log")).to_be_visible()
    expect(page.locator("#section-side-last")).to_be_hidden()


def test_a_second_click_sends_nothing(site: Site, new_page: NewPage) -> None:
    section = bring(site.unit, section_with(site.cycle_id, "basics").id, SectionState.SUBMITTED)
    page = opened(new_page(), site, "head", f"/sections/{section.id}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="审核通过").first.dblclick()
    expect(page.locator(".flashes")).to_contain_text("已审核通过")
    assert len(sent) == 1


def test_a_password_is_copied_with_one_click(site: Site, new_page: NewPage) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, site, "sysadmin", f"/people/{site.unit.writer.id}")
    page.get_by_role("button", name="重置密码").click()
    page.locator("dialog[open]").get_by_role("button", name="重置密码").click()
    button = page.locator("[data-copy]")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".once code").inner_text()
    expect(button).to_have_text("复制", timeout=4000)


def test_the_state_in_the_bar_follows_the_first_save(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "basics").id
    page = opened(new_page(), site, "writer", f"/sections/{section_id}")
    state = page.locator("[data-section-state]")
    expect(state).to_have_text("未开始")
    page.locator("#section-text").click()
    page.keyboard.type("本单位内设五个科室。")
    expect(page.locator("#save-state")).to_contain_text("已保存", timeout=6000)
    expect(state).to_have_text("编写中")
    page.reload()
    expect(state).to_have_text("编写中")


def test_a_report_is_at_home_under_reports_while_it_is_sealed(site: Site, new_page: NewPage) -> None:
    report = an_issued_report(site.unit, site.cycle_id)
    page = opened(new_page(), site, "leader", f"/reports/{report.id}/seal")
    expect(page.locator(".nav [aria-current]")).to_have_text("报告")
