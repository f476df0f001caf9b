"""Figures lived through by an office, finance and the leader, each in a browser of his own: a number from its entry
through the sentence to the frozen text and back; a dispute; a wrong sum; the self-score.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect

from perfapp.core.document import plain_lines
from perfapp.core.section_flow import SectionState
from perfapp.data import sections
from perfapp.extensions import db
from tests.browser.conftest import NewPage, Site
from tests.integration.figures.story import figure, save, sentence
from tests.making import PASSWORD, a_confirmed_value, an_issued_report, run_jobs, section_with
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.needs("browser")
LONG = 20_000
PROJECTS = "project-spending"  # 项目支出, of the 财务室
WRONG = "年度总支出2,560.21万元，其中基本支出2,434.62万元，项目支出225.59万元。"


class Person:
    """Somebody of the unit with a browser of his own."""

    def __init__(self, site: Site, page: Page, role: str) -> None:
        self.site, self.page = site, page
        page.set_default_timeout(LONG)
        site.login(page, role)

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}")

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".flashes")).to_contain_text(words, timeout=LONG)

    def sees(self, where: str, words: str) -> None:
        expect(self.page.locator(where)).to_contain_text(words, timeout=LONG)

    def enters(self, key: str, amount: str) -> None:
        """Fill in the fact's page."""
        self.goes_to(f"/cycles/{self.site.cycle_id}/facts/{key}")
        self.page.get_by_role("textbox", name="数值").fill(amount)
        self.presses("保存")
        self.sees(".figures", amount)

    def writes(self, words: str) -> None:
        self.page.keyboard.insert_text(words)

    def puts_in(self, fact: str) -> None:
        """@, some of the name, the fact with this name, its plain value."""
        self.page.keyboard.type("@")
        expect(self.page.get_by_role("combobox")).to_be_focused(timeout=LONG)
        self.page.keyboard.insert_text(fact)
        options = self.page.locator(".picker__option")
        options.filter(has=self.page.get_by_text(fact, exact=True)).first.click()
        options.filter(has_text="数值").first.click()

    def has_saved(self) -> None:
        expect(self.page.locator("#save-state")).to_contain_text("已保存", timeout=LONG)

    def comes_back(self) -> None:
        """To the window he had left: browsers of other people, on one machine, never take the focus from it."""
        self.page.evaluate("window.dispatchEvent(new Event('focus'))")

    def opens_side(self, tab: str) -> None:
        self.page.get_by_role("tab", name=tab).click()

    def takes_away(self, link: str) -> bytes:
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=link).first.click()
        return read(download.value)


def read(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def in_word(file: bytes) -> str:
    """The markup of the document's text; a figure is one run of it."""
    return ZipFile(BytesIO(file)).read("word/document.xml").decode()


def in_table(file: bytes) -> set[str]:
    return {str(cell.value) for row in load_workbook(BytesIO(file)).worksheets[0].iter_rows() for cell in row}


def stored(site: Site, section_id: int) -> list[str]:
    site.catch_up()
    return plain_lines(sections.content(section_id).document)


def test_a_number_from_its_entry_to_the_frozen_text_and_back(site: Site, new_page: NewPage) -> None:
    mine, others = section_with(site.cycle_id, "basics").id, section_with(site.cycle_id, "disclosure").id
    save(site.unit, others, sentence("项目支出公开为", figure(PROJECTS), "。"))
    finance, writer = Person(site, new_page(), "money_writer"), Person(site, new_page(), "writer")
    editor = Person(site, new_page(), "editor")

    finance.enters(PROJECTS, "125.59")
    _write_it_down(writer, mine)
    assert stored(site, mine)[0] == "全年项目支出125.59万元。"

    finance.enters(PROJECTS, "126.60")
    writer.comes_back()
    for place in ("#section-text > p", "#section-text td"):
        expect(writer.page.locator(place, has_text="126.60万元")).to_have_count(1, timeout=LONG)
    editor.goes_to(f"/sections/{others}")
    editor.sees(".paper", "项目支出公开为126.60万元。")
    editor.goes_to(f"/sections/{mine}")
    assert "126.60万元" in in_word(editor.takes_away("导出 Word"))
    editor.goes_to("/scoring")
    assert "126.6" in in_table(editor.takes_away("基础数据表 Excel"))
    assert "126.60" in in_word(editor.takes_away("基础数据表 Word"))
    editor.goes_to(f"/sections/{mine}")
    editor.opens_side("记录")
    editor.sees("[role=tabpanel]:visible", "改了这一节引用的“项目支出”：125.59万元 → 126.60万元")

    writer.presses("提交")
    writer.is_told("已提交")
    finance.enters(PROJECTS, "127.70")
    assert stored(site, mine)[0] == "全年项目支出126.60万元。", "what was handed in stays"
    editor.goes_to(f"/sections/{mine}")
    expect(editor.page.locator(".paper .fact", has_text="126.60万元")).to_have_count(2)
    expect(editor.page.locator(".paper .fact__mark", has_text="数据已变")).to_have_count(2)
    assert "127.70" not in editor.page.locator(".paper").inner_text()
    assert "126.60万元" in in_word(editor.takes_away("导出 Word"))
    editor.goes_to(f"/cycles/{site.cycle_id}/checkup")
    editor.sees("main", "数据已变：“项目支出”正文为126.60万元，现为127.70万元。")

    writer.presses("取回")
    writer.is_told("已取回")
    expect(writer.page.locator("#section-text")).to_contain_text("全年项目支出127.70万元。", timeout=LONG)
    writer.presses("提交")
    writer.is_told("已提交")
    assert stored(site, mine)[0] == "全年项目支出127.70万元。"
    editor.goes_to(f"/sections/{mine}")
    editor.sees(".paper", "全年项目支出127.70万元。")
    expect(editor.page.locator(".fact__mark")).to_have_count(0)
    editor.goes_to(f"/cycles/{site.cycle_id}/checkup")
    expect(editor.page.locator("main")).not_to_contain_text("数据已变", timeout=LONG)


def _write_it_down(writer: Person, section_id: int) -> None:
    """A sentence and a table, each with the figure."""
    writer.goes_to(f"/sections/{section_id}")
    writer.page.locator("#section-text").click()
    writer.writes("全年项目支出")
    writer.puts_in("项目支出")
    writer.writes("。")
    writer.page.locator("[data-tool=table]").click()
    for words in ("名称", "金额", "", "项目支出"):
        writer.writes(words)
        writer.page.keyboard.press("Tab")
    writer.puts_in("项目支出")
    for place in ("#section-text > p", "#section-text td"):
        expect(writer.page.locator(place, has_text="125.59万元")).not_to_have_count(0, timeout=LONG)
    writer.has_saved()


def test_a_dispute_stops_the_seal_until_it_is_decided(site: Site, new_page: NewPage) -> None:
    a_confirmed_value(site.unit, site.cycle_id, PROJECTS, "125.59")
    report = an_issued_report(site.unit, site.cycle_id)
    page = f"/cycles/{site.cycle_id}/facts/{PROJECTS}"
    other, owner = Person(site, new_page(), "writer"), Person(site, new_page(), "money_writer")
    finance, leader = Person(site, new_page(), "finance"), Person(site, new_page(), "leader")

    other.goes_to(page)
    other.page.get_by_text("认为这个数不对，提出争议").click()
    other.page.get_by_label("您认为应是").fill("225.59")
    other.page.get_by_label("理由").fill("漏了年底追加的100万元。")
    evidence = other.page.locator("form", has=other.page.get_by_label("您认为应是")).get_by_label("佐证材料")
    evidence.set_input_files({"name": "追加批复.png", "mimeType": "image/png", "buffer": drawing()[1]})
    other.presses("提出争议")
    other.is_told("已对“项目支出”提出争议")

    leader.goes_to(f"/reports/{report.id}/seal")
    leader.sees("main", "“项目支出”有争议还没有裁定，裁定后才能用印。")
    expect(leader.page.get_by_label("再次输入您的登录密码")).to_have_count(0)

    _decide(owner, page, "答复", "追加的100万元已列基本支出。")
    owner.sees(".timeline", "追加的100万元已列基本支出。")
    _decide(finance, page, "裁定改用", "按批复列项目支出。")
    finance.sees("main", "裁定：改用 225.59万元")
    finance.sees(".figures", "225.59万元")
    finance.sees(".table s", "125.59万元")

    leader.goes_to(f"/reports/{report.id}/seal")
    leader.page.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    leader.presses("盖章")
    expect(leader.page.get_by_label("再次输入您的登录密码")).to_have_count(0, timeout=LONG)
    _let_the_worker_work(site)
    leader.goes_to(f"/reports/{report.id}/seal")
    expect(leader.page.get_by_role("link", name="下载盖章的 PDF")).to_be_visible(timeout=LONG)


def _let_the_worker_work(site: Site) -> None:
    """In a thread of its own: signing runs an event loop, and so does the browser's driver in this one."""

    def work() -> None:
        with site.app.app_context():
            run_jobs()
            db.session.remove()

    with ThreadPoolExecutor(1) as worker:
        worker.submit(work).result()


def _decide(person: Person, page: str, act: str, reason: str) -> None:
    person.goes_to(page)
    person.presses(act)
    dialog = person.page.locator("dialog[open]")
    dialog.get_by_role("textbox").fill(reason)
    dialog.get_by_role("button", name=act, exact=True).click()
    person.is_told(f"已{act}“项目支出”的争议")


def test_a_wrong_sum_is_seen_explained_accepted_and_handed_in(site: Site, new_page: NewPage) -> None:
    section_id = section_with(site.cycle_id, "disclosure").id
    writer, finance = Person(site, new_page(), "money_writer"), Person(site, new_page(), "finance")
    writer.goes_to(f"/sections/{section_id}")
    writer.page.locator("#section-text").click()
    assert min(_seconds_until_found(writer) for _ in range(3)) <= 1.0, "the best of three on a busy machine"
    writer.presses("提交")
    writer.sees(".section-note", "体检发现须先改正或说明的问题：")
    writer.sees(".section-note", "2,660.21万元")
    site.catch_up()
    assert sections.visible(site.unit.editor, section_id).state is SectionState.DRAFTING

    finding = writer.page.locator(".check", has_text="2,660.21").first
    finding.get_by_text("说明为什么可以这样").click()
    finding.get_by_label("用一句话说明").fill("项目支出含上年结转100万元。")
    finding.get_by_role("button", name="提交说明").click()
    writer.sees(".check__said", "等财务认可")

    finance.goes_to(f"/cycles/{site.cycle_id}/checkup")
    asked = finance.page.locator(".checkup__finding", has_text="项目支出含上年结转100万元。")
    asked.get_by_role("button", name="认可", exact=True).click()
    expect(asked).to_contain_text("已认可", timeout=LONG)

    writer.comes_back()
    writer.presses("提交")
    writer.is_told("已提交")


def _seconds_until_found(writer: Person) -> float:
    """Write the wrong sum over whatever is there; how long after the save the page says so."""
    page = writer.page
    page.keyboard.press("Control+a")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok, timeout=LONG):
        writer.writes("决算已公开。")
    expect(page.locator(".check", has_text="2,660.21")).to_have_count(0, timeout=LONG)
    page.keyboard.press("Control+a")
    with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok, timeout=LONG):
        writer.writes(WRONG)
    began = time.monotonic()
    expect(page.locator(".check", has_text="2,660.21").first).to_be_visible(timeout=LONG)
    return time.monotonic() - began


def test_a_score_follows_its_facts_and_an_own_score_stands_beside_it(site: Site, new_page: NewPage) -> None:
    writer, head = Person(site, new_page(), "money_writer"), Person(site, new_page(), "money_head")
    leader = Person(site, new_page(), "leader")
    indicator = f"/cycles/{site.cycle_id}/scoring/indicators/budget-control"
    writer.enters("opening-budget", "1,991.04")
    writer.enters("budget-added", "569.17")
    leader.goes_to(indicator)
    leader.sees("[aria-label=得分]", "得2分，扣3分：追加预算569.17万元÷年初预算1,991.04万元。")
    writer.enters("budget-added", "100.00")
    leader.goes_to(indicator)
    leader.sees("[aria-label=得分]", "得4分，扣1分：追加预算100.00万元÷年初预算1,991.04万元。")

    writer.goes_to(indicator)
    writer.page.get_by_text("改用自评得分", exact=True).click()
    writer.page.locator("#own_points").fill("5")
    writer.page.get_by_label("改用自评得分的理由").fill("追加的是政策性增资。")
    writer.presses("保存")
    writer.sees("[aria-label=得分]", "系统 4 分 / 自评 5 分（待科室负责人同意）")
    head.goes_to(indicator)
    head.presses("同意自评得分")
    head.page.locator("dialog[open]").get_by_role("button", name="同意自评得分").click()
    expect(head.page.get_by_role("button", name="同意自评得分")).to_have_count(0, timeout=LONG)
    leader.goes_to("/scoring")
    row = leader.page.locator("#indicators tr", has_text="预算控制率")
    expect(row).to_contain_text("系统 4 分 / 自评 5 分", timeout=LONG)
    expect(row).not_to_contain_text("待科室负责人同意")
