"""The demo's story with separate people in separate browsers, on the whole running system: from the last unwritten
section to a sealed, verified, voided and re-issued report.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from perfapp.demo.staff import PASSWORD
from tests.running.system import System, running, surroundings

pytestmark = pytest.mark.needs("browser")
LONG = 20_000
ACCEPTED = (
    *("2.绩效情况", "设立便民服务箱", "平安社区", "推出物业管理新举措", "下一步改进措施"),
    "预决算及信息公开情况",
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """`make run` with the demo: web server, worker, clock and broker as their own processes."""
    with running(surroundings(tmp_path_factory.mktemp("demo") / "home", PERFAPP_DEMO="1")) as system:
        yield system


class Person:
    """Somebody with a browser of his own, signed in."""

    def __init__(self, browser: Browser, demo: System, login: str) -> None:
        self.context: BrowserContext = browser.new_context(locale="zh-CN", accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.address = demo.address
        self.page.goto(f"{self.address}/sign-in")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(re.compile(r"/$"))

    def take_up(self, task: str, title: str) -> None:
        """Open the task with this title from the desk."""
        self.page.goto(f"{self.address}/")
        row = self.page.locator("li", has_text=title).filter(has=self.page.get_by_role("link", name=re.compile(task)))
        row.get_by_role("link", name=re.compile(task)).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def press_warned(self, name: str) -> None:
        """Press although something is still open: the dialog says how much, and asks."""
        self.press(name)
        asked = self.page.locator("dialog[open]")
        expect(asked).to_contain_text("没有说明")
        asked.get_by_role("button", name=name, exact=True).click()

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".flashes")).to_contain_text(words, timeout=LONG)

    def type(self, words: str) -> None:
        self.page.locator("#section-text").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)
        expect(self.page.locator("#save-state")).to_contain_text("已保存", timeout=LONG)

    def send_section(self, task: str, title: str, act: str, told: str) -> None:
        self.take_up(task, title)
        self.press(act)
        self.is_told(told)

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def sign_in(browser: Browser, demo: System) -> Iterator[object]:
    people: list[Person] = []

    def as_(login: str) -> Person:
        people.append(Person(browser, demo, login))
        return people[-1]

    yield as_
    for person in people:
        person.close()


def test_from_the_last_section_to_the_second_edition(demo: System, sign_in: object, tmp_path: Path) -> None:
    assert callable(sign_in)
    writer, head, editor = sign_in("banshi"), sign_in("banshi.head"), sign_in("tonggao")
    _write_what_is_missing(writer)
    _review_with_one_return(head, writer)
    _money_goes_round_once_more(editor, sign_in("caiwu"), sign_in("caiwu.head"), sign_in("hedui"))
    for title in ACCEPTED:
        editor.send_section("去采纳", title, "采纳", "已采纳")
    leader, deputy = sign_in("lingdao"), sign_in("fenguan")
    _merge_review_and_issue(editor, deputy, leader)
    sealed = _seal_and_take_away(leader, tmp_path)
    _anybody_verifies(leader, sealed, tmp_path)
    _void_and_begin_anew(leader, editor, sealed)


def _write_what_is_missing(writer: Person) -> None:
    writer.take_up("开始填写", "2.绩效情况")
    other_window = writer.context.new_page()
    other_window.goto(writer.page.url)
    writer.type("2018年服务中心注重为民办实事，全面提升后勤服务品质。")
    other_window.locator("#section-text").click()
    other_window.keyboard.type("另一个窗口里写的。")
    settle = other_window.locator("#settle")
    expect(settle).to_be_visible(timeout=LONG)
    expect(settle).to_contain_text("全面提升后勤服务品质")
    settle.locator("[data-all=theirs]").click()
    expect(other_window.locator("#save-state")).to_contain_text("已保存", timeout=LONG)
    other_window.close()
    writer.page.reload()
    writer.press("提交")
    writer.is_told("已提交")
    writer.send_section("去修改", "下一步改进措施", "提交", "已提交")  # returned 直达: straight back to the editor
    writer.send_section("继续填写", "平安社区", "提交", "已提交")


def _review_with_one_return(head: Person, writer: Person) -> None:
    head.take_up("去审核", "2.绩效情况")
    head.page.get_by_role("link", name="退回修改").first.click()
    head.page.get_by_label("理由").fill("请补一句服务对象。")
    head.page.locator("dialog[open]").get_by_role("button", name="退回修改").click()
    head.is_told("已退回修改")
    writer.take_up("去修改", "2.绩效情况")
    expect(writer.page.locator("main")).to_contain_text("请补一句服务对象。")
    writer.type("服务对象为区直机关干部和办事群众。")
    writer.press("提交")
    writer.is_told("已提交")
    for title in ("2.绩效情况", "设立便民服务箱", "平安社区"):
        head.send_section("去审核", title, "审核通过", "审核通过")


def _money_goes_round_once_more(editor: Person, writer: Person, head: Person, finance: Person) -> None:
    editor.take_up("去采纳", "预决算及信息公开情况")
    editor.page.get_by_role("link", name="退回修改").first.click()
    editor.page.get_by_label("理由").fill("请补充决算公开日期。")
    editor.page.locator("dialog[open]").get_by_role("button", name="退回修改").click()
    editor.is_told("已退回修改")
    writer.take_up("去修改", "预决算及信息公开情况")
    writer.type("部门决算已按规定公开。")
    writer.press("提交")
    writer.is_told("已提交")
    head.send_section("去审核", "预决算及信息公开情况", "审核通过", "审核通过")
    finance.send_section("去核数", "预决算及信息公开情况", "核数通过", "核数通过")


def _merge_review_and_issue(editor: Person, deputy: Person, leader: Person) -> None:
    editor.take_up("去合稿", "2018年度")
    editor.press("合稿")
    expect(editor.page.get_by_role("link", name="Word 文件").first).to_be_visible(timeout=LONG)
    expect(editor.page.get_by_role("button", name="送审", exact=True).first).to_be_enabled(timeout=LONG)
    editor.press_warned("送审")
    editor.is_told("送审")
    deputy.take_up("去会审", "2018年度")
    deputy.page.get_by_role("textbox", name="意见 （可不填）").fill("同意。")
    deputy.press_warned("会审同意")
    deputy.is_told("会审同意")
    leader.take_up("去签发", "2018年度")
    expect(leader.page.locator("#text")).to_contain_text("服务对象为区直机关干部和办事群众。")
    leader.press_warned("同意并签发")
    leader.page.wait_for_url(re.compile(r"/seal$"))


def _seal_and_take_away(leader: Person, folder: Path) -> Path:
    leader.page.get_by_label("再次输入您的登录密码").fill("不是这个密码")
    leader.press("盖章")
    expect(leader.page.locator("main")).to_contain_text("密码不对")
    leader.page.get_by_label("再次输入您的登录密码").fill(PASSWORD)
    leader.press("盖章")
    link = leader.page.get_by_role("link", name="下载盖章的 PDF")
    expect(link).to_be_visible(timeout=LONG)
    with leader.page.expect_download() as download:
        link.click()
    sealed = folder / "sealed.pdf"
    download.value.save_as(sealed)
    assert download.value.suggested_filename.endswith(".pdf")
    return sealed


def _anybody_verifies(person: Person, sealed: Path, folder: Path) -> None:
    visitor = person.context.browser.new_page()  # type: ignore[union-attr]
    visitor.goto(f"{person.address}/verify")
    _hand_in(visitor, sealed)
    expect(visitor.locator("main")).to_contain_text("与归档原件逐字节一致")
    expect(visitor.locator("main")).to_contain_text("签章有效")
    changed = bytearray(sealed.read_bytes())
    changed[len(changed) // 2] ^= 1
    forged = folder / "changed.pdf"
    forged.write_bytes(bytes(changed))
    visitor.goto(f"{person.address}/verify")
    _hand_in(visitor, forged)
    expect(visitor.locator("main")).to_contain_text("与归档原件不一致")
    visitor.close()


def _hand_in(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    button = page.get_by_role("button", name="查验")
    if button.count():
        button.first.click()


def _void_and_begin_anew(leader: Person, editor: Person, sealed: Path) -> None:
    leader.page.get_by_role("link", name="回到报告").first.click()
    leader.press("作废")
    dialog = leader.page.locator("dialog[open]")
    dialog.get_by_label("理由").fill("支出数有误。")
    dialog.get_by_role("button", name="作废").click()
    leader.is_told("作废")
    editor.page.goto(leader.page.url)
    editor.press("重新编制")
    dialog = editor.page.locator("dialog[open]")
    dialog.get_by_label("理由").fill("更正支出数。")
    dialog.get_by_role("button", name="建立新的一版").click()
    editor.is_told("第2版")
    visitor = editor.context.browser.new_page()  # type: ignore[union-attr]
    visitor.goto(f"{editor.address}/verify")
    _hand_in(visitor, sealed)
    expect(visitor.locator("main")).to_contain_text("作废")
    visitor.close()
