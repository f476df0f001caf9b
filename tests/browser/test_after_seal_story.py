"""After the seal, each person in a browser of his own: the bureau signs, returns and passes; two gates lead to the
public, who reads with the keyboard alone; a promise is kept, confirmed, and opens next year's report.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import FilePayload, Page, expect

from perfapp.core.section_flow import SectionState
from perfapp.data import reports
from perfapp.services import measures as keeping
from tests import services
from tests.browser.conftest import NewPage, Site
from tests.integration.after_seal.making import a_bureau, a_passed
from tests.making import a_cycle, a_sealed_report, bring, run_jobs, section_with
from tests.unit.documents.samples import drawing

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]
LONG = 20_000
PHONE = "13800138000"
Out = TypeVar("Out")


def beside(site: Site, work: Callable[[], Out]) -> Out:
    """In a thread of its own: signing needs an event loop, and in this thread the browser's runs."""

    def in_context() -> Out:
        with site.app.app_context():
            return work()

    with ThreadPoolExecutor(1) as own_thread:
        return own_thread.submit(in_context).result()


class Person:
    """Somebody with a browser of his own."""

    def __init__(self, site: Site, page: Page, who: str) -> None:
        self.site, self.page = site, page
        page.set_default_timeout(LONG)
        site.login(page, who)

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}")

    def follows(self, title: str) -> None:
        """The button of the task on the desk."""
        self.goes_to("/")
        self.page.locator(".task").filter(has_text=title).get_by_role("link").last.click()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def opens(self, name: str) -> None:
        self.page.locator("summary").filter(has_text=name).first.click()

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".flashes")).to_contain_text(words, timeout=LONG)

    def sees(self, words: str, where: str = "main") -> None:
        expect(self.page.locator(where).first).to_contain_text(words, timeout=LONG)


def test_the_bureau_signs_returns_a_section_and_passes_the_next_edition(site: Site, new_page: NewPage) -> None:
    unit, cycle_id = site.unit, site.cycle_id
    bureau = beside(site, lambda: a_bureau(unit, number="71"))
    there = replace(site, unit=replace(unit, logins=bureau.logins))
    beside(site, lambda: a_sealed_report(unit, cycle_id))
    editor, reviewer = Person(site, new_page(), "editor"), Person(there, new_page(), "reviewer")

    editor.goes_to(f"/reports/{_current(site, cycle_id)}")
    editor.presses("登记报送")
    expect(editor.page.get_by_text(f"在线报送给{bureau.name}")).to_be_visible()
    editor.page.get_by_role("dialog").get_by_role("button", name="报送", exact=True).click()
    editor.sees(f"等{bureau.name}签收")

    reviewer.follows(unit.name)
    reviewer.presses("签收")
    reviewer.is_told("签收号")
    reviewer.opens("写一条审核意见")
    reviewer.page.get_by_label("意见", exact=True).fill("请说明追加预算的原因。")
    reviewer.presses("提出意见")
    reviewer.is_told("列入报送单位的整改台账")
    reviewer.opens("退回修改")
    reviewer.page.get_by_label("理由").fill("缺公开日期。")
    reviewer.presses("退回")
    reviewer.sees("请至少选一节退回")
    expect(reviewer.page.get_by_label("理由")).to_have_value("缺公开日期。")
    reviewer.page.get_by_role("checkbox").filter(visible=True).nth(1).check()
    reviewer.presses("退回")
    reviewer.sees("已退回，由第2版替代")

    editor.page.reload()
    editor.sees("财政部门已退回，由第2版接替")
    editor.goes_to("/measures")
    editor.sees("请说明追加预算的原因。")

    beside(site, lambda: a_sealed_report(unit, cycle_id))
    editor.goes_to(f"/reports/{_current(site, cycle_id)}")
    editor.presses("登记报送")
    editor.page.get_by_role("dialog").get_by_role("button", name="报送", exact=True).click()
    editor.sees("签收")
    reviewer.follows(unit.name)
    reviewer.presses("签收")
    reviewer.page.get_by_label("审核结论").fill("已补齐。")
    reviewer.presses("审核通过")
    reviewer.is_told("已审核通过")
    editor.page.reload()
    editor.sees("财政部门已审核通过")


@pytest.mark.needs("axe")
def test_two_gates_lead_to_a_page_that_the_keyboard_reads(site: Site, new_page: NewPage) -> None:
    unit, cycle_id = site.unit, site.cycle_id

    def delivered() -> int:
        bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED, f"联系人手机{PHONE}。")
        return a_passed(unit, a_bureau(unit, number="72"), cycle_id).report_id

    report_id = beside(site, delivered)
    editor, deputy, leader = (Person(site, new_page(), who) for who in ("editor", "deputy", "leader"))
    editor.goes_to(f"/reports/{report_id}")
    editor.presses("准备公开")
    editor.sees("疑似个人信息（1 处）")
    editor.page.get_by_label("遮盖", exact=True).check()
    editor.presses("保存公开方案")
    editor.is_told("公开方案已保存")
    beside(site, run_jobs)
    editor.page.reload()
    editor.sees("与盖章原件的差别：1 处")
    editor.presses("提交保密审查")
    editor.is_told("提交保密审查")
    deputy.follows("公开：")
    deputy.page.get_by_role("textbox", name="意见").fill("不涉及国家秘密和个人隐私。")
    deputy.presses("保密审查通过")
    leader.follows("公开：")
    leader.presses("审签同意公开")
    leader.is_told("审签同意公开")
    editor.follows("公开：")
    editor.presses("公开")
    editor.page.get_by_role("dialog").get_by_role("button").filter(has_text="确定").or_(
        editor.page.get_by_role("dialog").get_by_role("button", name="公开", exact=True)
    ).first.click()
    editor.is_told("公开地址")

    for width in (1440, 390):
        public = new_page(width=width)
        public.goto(f"{site.url}/open")
        _by_keyboard(public, "部门整体支出绩效自评报告")
        expect(public.locator("h1")).to_contain_text("绩效自评报告")
        expect(public.locator(".doc").first).to_contain_text("■■■")
        assert PHONE not in public.content()
        assert _violations(public) == []
        public.goto(f"{site.url}/open")
        assert _violations(public) == []


def test_a_promise_is_kept_and_opens_next_years_part(site: Site, new_page: NewPage) -> None:
    unit, cycle_id = site.unit, site.cycle_id

    def promised() -> int:
        bring(
            unit, section_with(cycle_id, "measures").id, SectionState.ACCEPTED, "一是印发操作手册；二是每月核对数据。"
        )
        return section_with(a_cycle(unit, 2019), "measures").id

    next_year = beside(site, promised)
    editor, writer = Person(site, new_page(), "editor"), Person(site, new_page(), "writer")
    editor.goes_to(f"/measures?cycle={cycle_id}")
    editor.presses("列入台账")
    editor.is_told("已列入 2 条")
    editor.page.get_by_role("link", name="印发操作手册").click()
    editor.page.get_by_label("责任科室").select_option(label="办公室")
    editor.page.get_by_label("完成时限").fill("2030-06-30")
    editor.page.get_by_label("完成标志").fill("手册发到各科室")
    editor.presses("保存")
    editor.is_told("已定由办公室办理")

    writer.follows("整改：印发操作手册")
    writer.opens("已经完成，报请确认")
    writer.page.get_by_label("完成情况").fill("已印发。")
    writer.presses("报完成")
    writer.sees("佐证材料")
    expect(writer.page.get_by_label("完成情况")).to_have_value("已印发。")
    writer.page.locator("#evidence-claim").set_input_files(
        files=[FilePayload(name="印发记录.png", mimeType="image/png", buffer=drawing()[1])]
    )
    writer.presses("报完成")
    writer.is_told("报完成")
    editor.follows("整改：印发操作手册")
    editor.presses("确认完成")
    editor.is_told("确认完成")

    money = Person(site, new_page(), "money_writer")
    money.goes_to(f"/sections/{next_year}")
    money.sees("2 条，办结 1 条")
    money.presses("把落实情况表放在开头")
    money.is_told("落实情况表已放在正文开头")
    money.sees("共2条，已完成1条")
    assert [one.text for one in beside(site, lambda: keeping.list_of(unit.editor))]


def _current(site: Site, cycle_id: int) -> int:
    site.catch_up()
    return reports.current(cycle_id).id


def _by_keyboard(page: Page, title: str) -> None:
    """Tab to the report's link and open it; on the way the first stop is the skip link."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(40):
        page.keyboard.press("Tab")
        if title in page.evaluate("document.activeElement.textContent") and page.evaluate(
            "document.activeElement.matches('.task a')"
        ):
            break
    else:
        pytest.fail("the keyboard does not reach the report")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.rstrip("/").count("/open/") == 1)


def _violations(page: Page) -> list[str]:
    page.evaluate(Path(str(services.axe())).read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    return list(found)
