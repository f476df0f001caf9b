"""Every page of the system, for whom it is made, on a desk and on a phone: sound, readable, usable by everybody."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from perfapp.core.document import plain_lines
from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import history, reports, seals, sections
from perfapp.extensions import db
from perfapp.services import checkpoints, comparing, cycles, drafting, remarks
from perfapp.services import disputes as contesting
from perfapp.services import ledgers as keeping
from perfapp.services import sections as section_acts
from tests import services
from tests.browser.addresses import NOT_PAGES, PAGES
from tests.browser.conftest import Site
from tests.integration.after_seal.making import after_the_seal
from tests.integration.bookkeeping.files import an_import, steps
from tests.integration.remarks.making import remark
from tests.making import (
    a_cycle,
    a_dispute,
    a_merged_report,
    a_sealed_report,
    a_unit,
    a_value,
    an_issued_report,
    bring,
    report_act,
    run_jobs,
    section_with,
    texts,
    to_countersign,
    write,
)
from tests.unit.documents.samples import drawing

pytestmark = [
    pytest.mark.needs("axe", "browser"),
    # the server of the tests, unlike gunicorn, leaves a static file open when the browser goes away meanwhile
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

LONG_NAME = "二〇一八年度机关事务服务中心公务用车平台派车单汇总台账（最终稿）.png"
WIDTHS = ((1440, 900), (390, 844))


@dataclass(frozen=True)
class Prepared:
    """One unit with a report in every stage of its life, and a browser for every role."""

    site: Site
    ids: dict[str, int | str]
    page_of: Callable[[str], Page]
    troubles: list[str]


def a_years_writing(site: Site) -> dict[str, int | str]:
    """A year with sections in every state."""
    unit, cycle_id = site.unit, site.cycle_id
    office = unit.offices["办公室"]
    chosen = texts(cycle_id)[:6]
    for one in chosen:
        if one.owner_office_id != office:
            cycles.assign(unit.editor, one.id, version=one.version, office_id=office)
    empty, written, returned, submitted, accepted, direct = [one.id for one in chosen]
    write(unit, written, "本单位内设五个科室。", "在职人员41人。")
    bring(unit, returned, SectionState.SUBMITTED)
    sent = sections.visible(unit.head, returned)
    section_acts.act(unit.head, returned, SectionAction.RETURN, version=sent.version, reason="请注明截止日期。")
    bring(unit, submitted, SectionState.SUBMITTED)
    bring(unit, accepted, SectionState.ACCEPTED)
    done = bring(unit, direct, SectionState.ACCEPTED)
    section_acts.act(unit.editor, direct, SectionAction.REOPEN, version=done.version, reason="写具体些。", direct=True)
    _, picture = drawing()
    drafting.add_evidence(unit.writer, written, LONG_NAME, picture)
    preview = drafting.ask_preview(unit.writer, written)
    marked, marked_report = versions_and_remarks(site, returned)
    contested = figures_in_dispute(site)
    file = books_and_files(site)
    run_jobs()
    return {
        "file": file,
        "contested": contested,
        "empty": empty,
        "written": written,
        "returned": returned,
        "submitted": submitted,
        "accepted": accepted,
        "direct": direct,
        "preview": preview,
        "marked": marked,
        "marked_report": marked_report,
        "number": history.versions(returned)[0].number,
        "open": reports.current(cycle_id).id,
        "cycle": cycle_id,
        "group": section_with(cycle_id, "use").id,
        "person": unit.writer.id,
        "office": office,
        "money_office": unit.offices["财务室"],
        "checkpoint": checkpoints.open_checkpoint(unit.editor, cycle_id, "half", date(2030, 7, 15)),
    }


def versions_and_remarks(site: Site, section_id: int) -> tuple[int, int]:
    """A remark of every kind on the section; the jobs that make the marked copies of it and of the report."""
    unit, report = site.unit, reports.current(site.cycle_id)
    words = plain_lines(sections.content(section_id).document)[0]
    remark(unit.head, section_id, "", "全节再压缩一些。")
    asked = remark(unit.head, section_id, words, "请核对。")
    remarks.act(unit.writer, asked, RemarkAct.REPLY, "已核对。")
    settled = remark(unit.editor, section_id, words[:4], "用全称。")
    remarks.act(unit.editor, settled, RemarkAct.RESOLVE, "")
    remark(unit.head, section_id, words[:4], deed=Deed.REPLACE, replacement="别的说法")
    remark(unit.finance, section_id, words[:4], "内部意见。", audience=Audience.REVIEWERS)
    now = comparing.of_section(unit.writer, section_id, comparing.NOW, comparing.NOW)
    whole = comparing.of_reports(unit.editor, report.id, *[f"{report.id}-{comparing.NOW}"] * 2)
    return (
        comparing.ask_pdf(unit.writer, now, section_id=section_id),
        comparing.ask_pdf(unit.editor, whole, report_id=report.id),
    )


def figures_in_dispute(site: Site) -> str:
    """Values with evidence, of the year and of a month, one of them contested and answered; returns its key."""
    unit, cycle_id, key = site.unit, site.cycle_id, "vehicle-trips"
    _, picture = drawing()
    a_value(unit, cycle_id, key, "2160", evidence=(LONG_NAME, picture), evidence_page="第3页", note="截至十月底")
    a_value(unit, cycle_id, key, "216", period="03")
    a_value(unit, cycle_id, "staff-quota", "45")
    value = a_value(unit, cycle_id, key, "2162")
    dispute = a_dispute(unit, value, "2592")
    contesting.act(unit.writer, dispute.id, DisputeAction.ANSWER, version=1, reason="趟数截至十月底，不是全年。")
    return key


def books_and_files(site: Site) -> str:
    """A ledger with rows, a table read in, and another on its way: the token of its file."""
    unit, cycle_id = site.unit, site.cycle_id
    row = {"guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1860.50"}
    for month in range(1, 13):
        keeping.add_row(unit.writer, cycle_id, "receptions", f"2021-{month}-05", row)
    an_import(unit, cycle_id)
    return steps(unit, cycle_id)[0]


def everything(site: Site) -> dict[str, int | str]:
    """Besides, a year whose report is sealed, one where it is issued, one where it is under review."""
    with site.app.app_context():
        unit = site.unit
        ids = a_years_writing(site)
        years = {name: a_cycle(unit, year) for name, year in (("sealed", 2018), ("issued", 2019), ("review", 2020))}
        assert a_sealed_report(unit, years["sealed"]).state is ReportState.SEALED
        an_issued_report(unit, years["issued"])
        a_merged_report(unit, years["review"])
        report_act(unit.editor, years["review"], ReportAction.SEND)
        ids |= after_the_seal(unit, (2014, 2016))
        ids |= {"seal": seals.of_unit(unit.id)[0].id, "countersign": to_countersign(unit)}
        return ids | {name: reports.current(cycle_id).id for name, cycle_id in years.items()}


@pytest.fixture(scope="module")
def prepared(running: tuple[str, Flask], browser: Browser) -> Iterator[Prepared]:
    url, app = running
    with app.app_context():
        unit = a_unit()
        site = Site(url, app, unit, a_cycle(unit, 2021))
        with ThreadPoolExecutor(1) as own_thread:  # signing needs an event loop, and in this thread the browser's runs
            ids = own_thread.submit(everything, site).result()
        troubles: list[str] = []
        pages: dict[str, Page] = {}

        def page_of(role: str) -> Page:
            if role not in pages:
                pages[role] = page = browser.new_context(locale="zh-CN").new_page()
                page.on("pageerror", lambda error: troubles.append(str(error)))
                page.on("console", lambda entry: troubles.append(entry.text) if entry.type == "error" else None)
                if role != "nobody":
                    site.login(page, role)
            return pages[role]

        yield Prepared(site, ids, page_of, troubles)
        for page in pages.values():
            page.context.close()
        db.session.remove()


FINDINGS = """async (tags) => {
  const said = [];
  const say = (what, node) => said.push(what + (node ? ": " + node.outerHTML.slice(0, 160) : ""));
  const wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) {
    const isOut = (node) => node.getBoundingClientRect().right > wide.clientWidth + 1;
    say(`${wide.scrollWidth - wide.clientWidth} px too wide`, [...document.querySelectorAll("body *")].findLast(isOut));
  }
  const heads = [...document.querySelectorAll("h1")].filter((node) => node.checkVisibility());
  if (heads.length !== 1 || !heads[0].textContent.trim()) say(`${heads.length} h1`);
  if (!/\\S · /.test(document.title)) say(`title ${document.title}`);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => say(`id ${id} twice`));
  for (const node of document.querySelectorAll("input:not([type=hidden], [hidden]), select, textarea")) {
    if (!node.labels?.length && !node.ariaLabel) say("no label", node);
  }
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  for (const { id, nodes } of violations) {
    for (const node of nodes) said.push(`${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`);
  }
  return said;
}"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def findings(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in words."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Path(str(services.axe())).read_text())
    found: list[str] = page.evaluate(FINDINGS, TAGS)
    return found


@pytest.mark.parametrize(("role", "address"), PAGES, ids=[f"{role} {address}" for role, address in PAGES])
def test_a_page_is_sound_and_usable(prepared: Prepared, role: str, address: str) -> None:
    page = prepared.page_of(role)
    prepared.troubles.clear()
    found: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(prepared.site.url + address.format(**prepared.ids), wait_until="load")
        assert answer is not None
        assert answer.status == 200, address
        found += [f"{width}: {what}" for what in findings(page)]
        found += [f"{width}: {what}" for what in what_opens(page)]
    assert found + prepared.troubles == []


def what_opens(page: Page) -> list[str]:
    """The findings in what is closed at first: dialogs, folded parts, the panels beside a section."""
    found: list[str] = []
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    if page.locator("main details").count():
        found += findings(page)
    for name in page.evaluate("[...document.querySelectorAll('dialog:not([open])')].map((one) => one.id)"):
        page.evaluate("(id) => document.getElementById(id).showModal()", name)
        found += [f"#{name}: {what}" for what in findings(page)]
        page.keyboard.press("Escape")
    for tab in page.locator("[role=tab]").all()[1:]:
        tab.click()
        found += findings(page)
    return found


def test_the_preview_of_an_import_is_sound(prepared: Prepared) -> None:
    """It answers a form, so it has no address of its own."""
    page = prepared.page_of("money_writer")
    prepared.troubles.clear()
    found: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(prepared.site.url + "/cycles/{cycle}/imports/mapping?file={file}".format(**prepared.ids))
        page.get_by_role("button", name="预览").click()
        page.get_by_role("heading", name="预览", level=1).wait_for()
        found += [f"{width}: {what}" for what in findings(page)]
    assert found + prepared.troubles == []


def test_every_page_is_in_the_table(prepared: Prepared) -> None:
    adapter = prepared.site.app.url_map.bind("localhost")
    here = {adapter.match(re.sub(r"\{\w+\}", "1", address.split("?")[0]))[0] for _, address in PAGES}
    rules = prepared.site.app.url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if "GET" in (rule.methods or ()) and not NOT_PAGES.search(rule.endpoint)}
    assert pages - here == set()


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("writer", "/no-such-page", 404),
        ("nobody", "/no-such-page", 404),
        ("writer", "/sections/9999999", 404),
        ("writer", "/people", 403),
    ],
)
def test_a_refusal_is_a_page_like_the_others(prepared: Prepared, role: str, address: str, status: int) -> None:
    page = prepared.page_of(role)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(prepared.site.url + address)
        assert answer is not None
        assert answer.status == status
        assert findings(page) == []


TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("role", "address"), PAGES, ids=[f"{role} {address}" for role, address in PAGES])
def test_large_type_fits_small_screens(prepared: Prepared, role: str, address: str) -> None:
    page = prepared.page_of(role)
    page.goto(prepared.site.url + address.format(**prepared.ids))
    page.evaluate("document.documentElement.dataset.type = 'large'")
    for width in (360, 768, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, width
