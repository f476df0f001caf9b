"""Live figures over HTTP: what the editor is told and asks for, the card of a figure, and the pages for reading."""

import re
from dataclasses import replace
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp.blueprints.drafting import checks
from perfapp.core.checking.findings import Finding, Severity
from perfapp.core.document import parse, plain_lines
from perfapp.core.figures.facts import Definition
from perfapp.core.manuscript import Place
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import sections
from perfapp.data.session import transaction
from perfapp.services import cycles, drafting, facts, findings
from perfapp.services import sections as section_acts
from perfapp.services.facts import Entry
from perfapp.services.findings import Judged
from tests.conftest import Counting
from tests.integration.drafting.calls import As, do
from tests.making import AUnit, a_unit, section_with, write

pytestmark = pytest.mark.usefixtures("rolled_back")

FACTS = (
    Definition(
        key="a-spending", name="甲类支出合计", aliases=("甲支出",), scope="决算口径", unit="万元", is_money=True
    ),
    Definition(key="a-income", name="甲类收入合计", unit="万元", is_money=True),
    Definition(key="a-surplus", name="甲类结余", unit="万元", is_money=True, formula="a-income - a-spending"),
    Definition(key="a-trips", name="甲类派车趟次", unit="趟", decimals=0),
)


@pytest.fixture
def known(unit: AUnit, cycle_id: int) -> None:
    """Four facts of the 财务室, the amounts of two of them entered, one of these confirmed."""
    for definition in FACTS:
        facts.define(unit.editor, definition, office_id=unit.offices["财务室"])
    enter(unit, cycle_id, "a-income", "2,692.36")
    spent = enter(unit, cycle_id, "a-spending", "2,560.21")
    facts.confirm(unit.finance, spent)


def enter(unit: AUnit, cycle_id: int, key: str, typed: str, last: int = 0) -> int:
    return facts.enter(unit.money_writer, cycle_id, key, Entry(typed), last_number=last).id


def asked(client: FlaskClient, address: str, **more: Any) -> dict[str, Any]:
    return cast(dict[str, Any], client.get(address, **more).get_json())


def figure(fact: str, form: str = "value", other: str | None = None) -> dict[str, Any]:
    return {"type": "figure", "attrs": {"fact": fact, "form": form, "other": other}}


def save(unit: AUnit, section_id: int, *nodes: Any) -> sections.SectionView:
    """One paragraph of words and figures as the section's text."""
    content = [{"type": "text", "text": node} if isinstance(node, str) else node for node in nodes]
    raw = {"type": "doc", "content": [{"type": "paragraph", "content": content}]}
    section = sections.visible(unit.editor, section_id)
    drafting.save(unit.writer, section_id, version=section.version, raw=raw)
    return sections.visible(unit.editor, section_id)


# --- the choice of a fact -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["甲类支出合计", "类支出合", "甲支出", "jlzc", "ＪＬＺＣ"])
@pytest.mark.usefixtures("known")
def test_a_fact_is_found_by_name_alias_and_initials(as_: As, cycle_id: int, query: str) -> None:
    section = section_with(cycle_id, "basics")
    answer = asked(as_("writer"), f"/sections/{section.id}/facts.json", query_string={"q": query})
    assert answer["facts"][0] == {
        "key": "a-spending",
        "name": "甲类支出合计",
        "shown": "2,560.21万元",
        "owner": "财务室",
        "as_of": "2018年12月31日",
        "mark": "",
        "tone": "waiting",
    }


@pytest.mark.usefixtures("known")
def test_what_nobody_confirmed_or_entered_says_so(as_: As, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    answer = asked(as_("writer"), f"/sections/{section.id}/facts.json?q=甲类")
    marks = {fact["key"]: (fact["shown"], fact["mark"]) for fact in answer["facts"]}
    assert marks["a-income"] == ("2,692.36万元", "未确认")
    assert marks["a-surplus"] == ("132.15万元", "未确认"), "as sure as its least sure input"
    assert marks["a-trips"] == ("〔未填报〕", "未填报")


@pytest.mark.usefixtures("known")
def test_each_form_shows_what_will_stand_there(as_: As, cycle_id: int) -> None:
    section = section_with(cycle_id, "basics")
    address = f"/sections/{section.id}/facts.json?key=a-spending"
    (fact,) = asked(as_("writer"), address)["facts"]
    assert {form["form"]: form["shown"] for form in fact["forms"]} == {
        "value": "2,560.21万元",
        "last_year": "〔未填报〕",
        "ratio": "",
        "growth": "〔未填报〕",
        "change": "〔未填报〕",
    }
    assert fact["forms"][0]["reference"]["decimals"] is None
    (fact,) = asked(as_("writer"), f"{address}&unit=元&decimals=0")["facts"]
    assert fact["forms"][0]["shown"] == "25,602,100元"
    assert fact["forms"][0]["reference"] | {"unit": "元", "decimals": 0} == fact["forms"][0]["reference"]
    wholes = asked(as_("writer"), f"/sections/{section.id}/facts.json?q=甲类&part=a-spending")["facts"]
    assert {one["key"]: one["ratio"]["shown"] for one in wholes} == {"a-income": "95.09%", "a-surplus": "1,937.35%"}


@pytest.mark.parametrize(
    ("query", "status"), [("key=nothing", 404), ("part=nothing", 404), ("key=a-spending&unit=人", 422)]
)
@pytest.mark.usefixtures("known")
def test_what_is_no_fact_is_refused_in_a_sentence(as_: As, cycle_id: int, query: str, status: int) -> None:
    section = section_with(cycle_id, "basics")
    accept = {"Accept": "application/json"}
    answer = as_("writer").get(f"/sections/{section.id}/facts.json?{query}", headers=accept)
    assert answer.status_code == status
    assert re.search("[\u4e00-\u9fff]{4}", cast(Any, answer.json)["message"])


def test_a_long_list_is_cut_and_takes_the_same_queries(as_: As, unit: AUnit, cycle_id: int, queries: Counting) -> None:
    section = section_with(cycle_id, "basics")
    client, address = as_("writer"), f"/sections/{section.id}/facts.json?q=乙类"
    client.get(address)
    counts = []
    for upto in (3, 30):
        for number in range(0 if upto == 3 else 3, upto):
            define = Definition(key=f"b-{number}", name=f"乙类第{number}项", unit="人", decimals=0)
            facts.define(unit.editor, define, office_id=unit.offices["财务室"])
        with queries() as seen:
            answer = asked(client, address)
        counts.append((len(seen), len(answer["facts"])))
    assert counts[0][0] == counts[1][0]
    assert [found for _, found in counts] == [3, 12]
    assert "共 30 项" in answer["message"]


# --- what an open text is told ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
def test_an_open_text_is_told_what_its_figures_are_now(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = save(
        unit, section_with(cycle_id, "basics").id, "支出", figure("a-spending"), "，结余", figure("a-surplus")
    )
    client = as_("writer")
    told = asked(client, f"/sections/{section.id}/live.json")
    assert told["version"] == section.version
    assert [(one["reference"]["fact"], one["shown"], one["is_confirmed"]) for one in told["figures"]] == [
        ("a-spending", "2,560.21万元", True),
        ("a-surplus", "132.15万元", False),
    ]
    enter(unit, cycle_id, "a-spending", "2,600", last=1)
    told = asked(client, f"/sections/{section.id}/live.json")
    assert [one["shown"] for one in told["figures"]] == ["2,600.00万元", "92.36万元"]


@pytest.mark.usefixtures("known")
def test_last_year_of_the_first_year_is_looked_at_too(as_: As, unit: AUnit, cycle_id: int) -> None:
    """There is no cycle before it: last year's numbers stand beside this year's, and want confirming as well."""
    before = facts.enter(unit.money_writer, cycle_id, "a-spending", Entry("2,040.26", period="last"), last_number=0)
    shown = [figure("a-spending", form) for form in ("value", "last_year", "growth")]
    section = save(unit, section_with(cycle_id, "basics").id, *shown)
    client, address = as_("writer"), f"/sections/{section.id}/live.json"
    card = f"/cycles/{cycle_id}/facts/a-spending/card?form=last_year"

    def sure() -> list[bool]:
        return [one["is_confirmed"] for one in asked(client, address)["figures"]]

    assert sure() == [True, False, False]
    assert "还没有人确认" in client.get(card).get_data(as_text=True)
    facts.confirm(unit.finance, before.id)
    assert sure() == [True, True, True]
    assert "还没有人确认" not in client.get(card).get_data(as_text=True)


def test_a_number_that_nobody_writes_there_is_left_alone(as_: As, unit: AUnit, cycle_id: int) -> None:
    """A title, and the reason of 不适用, are printed, but are no text of the section: nothing in them can be linked."""
    parent, office_id = section_with(cycle_id, "results"), unit.offices["办公室"]
    item = cycles.add_item(unit.editor, parent.id, title="支出2,560.21万元、惠及300人", office_id=office_id)
    with transaction():
        sections.arrange(item, is_required=False)
    section, reason = sections.visible(unit.editor, item), "本年只有3人，没有这项支出。"
    section_acts.act(unit.writer, item, SectionAction.DECLARE_ABSENT, version=section.version, reason=reason)
    told = asked(as_("writer"), f"/sections/{section.id}/live.json")
    assert (told["unsourced"], told["offers"], told["sources"]["total"]) == ([], [], 0)


def test_a_finding_in_a_heading_leads_to_its_section(as_: As, unit: AUnit, cycle_id: int) -> None:
    section, other = section_with(cycle_id, "basics"), section_with(cycle_id, "disclosure")
    places = findings.of_section(unit.writer, section.id).text.manuscript.lines
    lines = {line.section_id: line for line in places if line.section_id in (section.id, other.id)}
    said = Finding("T1", Severity.NOTE, "标题", None, None, tuple(Place(line.number, 0, 2) for line in lines.values()))
    done = findings.of_section(unit.writer, section.id)
    told = replace(done, judged=(Judged(said, None, (section.id, other.id)),))
    with as_("writer").application.test_request_context():
        (check,) = checks.of_section(unit.editor, section, done.outline, told)
    here, there = sorted(check.places, key=lambda place: place.section_id != section.id)
    assert (here.heading, here.block, here.url) == ("本节（标题）", None, "#main")
    assert (there.heading, there.url) == (f"{other.heading}（标题）", f"/sections/{other.id}#main")


@pytest.mark.usefixtures("known")
def test_an_equal_number_is_offered_at_its_place(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "概况。", "全年甲类支出合计2,560.21万元，另有3人。")
    told = asked(as_("writer"), f"/sections/{section.id}/live.json")
    (offer,) = [one for one in told["offers"] if one["reference"]["fact"] == "a-spending"]
    line = plain_lines(sections.content(section.id).document)[offer["block"]]
    assert line[offer["start"] : offer["end"]] == offer["text"] == "2,560.21万元"
    assert (offer["block"], offer["row"], offer["name"]) == (1, None, "甲类支出合计")
    assert told["sources"] == {"total": 2, "sourced": 0, "sentence": "2 处数字，都没有来源"}
    assert [one["text"] for one in told["unsourced"]] == ["2,560.21万元", "3人"]


def test_a_finding_names_its_place_and_its_panel_is_drawn(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "全年派车2,160趟，平均每月216趟。")
    told = asked(as_("writer"), f"/sections/{section.id}/live.json")
    finding = next(one for one in told["findings"] if any("216" in place["quoted"] for place in one["places"]))
    assert finding["severity"] in {"error", "must-explain", "note"}
    for place in finding["places"]:
        line = plain_lines(sections.content(section.id).document)[place["block"]]
        assert (place["section_id"], line[place["start"] : place["end"]]) == (section.id, place["quoted"])
    assert f'id="finding-{finding["fingerprint"]}"' in told["panel"]
    assert told["count"] == sum(1 for one in told["findings"] if one["is_open"])
    reader = as_("editor").get(f"/sections/{section.id}").get_data(as_text=True)
    assert f'id="finding-{finding["fingerprint"]}"' in reader, "who reads the section sees the same panel"


# --- the card -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
def test_the_card_tells_where_a_figure_comes_from(as_: As, unit: AUnit, cycle_id: int) -> None:
    card = as_("head").get(f"/cycles/{cycle_id}/facts/a-spending/card?shown=2,500.00万元").get_data(as_text=True)
    for words in (
        "甲类支出合计",
        "2,500.00万元",
        "数据已变：现为 <b>2,560.21万元</b>",
        "决算口径",
        "2018年12月31日",
        "财务室",
    ):
        assert words in card, words
    assert unit.money_writer.name in card
    assert unit.finance.name in card
    assert "手工填报" in card
    assert f'href="/cycles/{cycle_id}/facts/a-spending"' in card
    card = as_("head").get(f"/cycles/{cycle_id}/facts/a-surplus/card").get_data(as_text=True)
    assert "〔甲类收入合计〕 - 〔甲类支出合计〕" in card
    assert "2,692.36万元" in card
    assert "数据已变" not in card


@pytest.mark.usefixtures("known")
def test_the_card_of_a_share_shows_both_numbers(as_: As, cycle_id: int) -> None:
    address = f"/cycles/{cycle_id}/facts/a-spending/card?form=ratio&other=a-income"
    card = as_("head").get(address).get_data(as_text=True)
    for words in ("95.09%", "“甲类支出合计”占“甲类收入合计”的比例", "2,560.21万元", "2,692.36万元", "尚未确认"):
        assert words in card, words


@pytest.mark.usefixtures("known")
def test_a_card_is_for_the_unit_and_for_who_may_read_figures(as_: As, cycle_id: int) -> None:
    address = f"/cycles/{cycle_id}/facts/a-spending/card"
    stranger = a_unit()
    assert as_("editor", stranger).get(address).status_code == 404
    for role in ("keeper", "sysadmin", "secadmin", "auditor"):
        assert as_(role).get(address).status_code == 403
    client = as_("writer")
    assert client.get(f"/cycles/{cycle_id}/facts/nothing/card").status_code == 404
    assert client.get(f"{address}?form=ratio&other=nothing").status_code == 404
    for bad in ("form=x", "other=9", "decimals=99", f"unit={'长' * 30}"):
        assert client.get(f"{address}?{bad}").status_code == 422, bad
    assert "&lt;script" in client.get(f"{address}?shown=<script>").get_data(as_text=True)


@pytest.mark.usefixtures("known")
def test_what_is_not_yours_to_read_answers_nothing(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = write(unit, section_with(cycle_id, "basics").id, "只给本科室看。")
    for client in (as_("money_writer"), as_("editor", a_unit())):
        for path in ("live.json", "facts.json"):
            assert client.get(f"/sections/{section.id}/{path}").status_code == 404
    for path in ("live.json", "facts.json"):
        assert as_("auditor").get(f"/sections/{section.id}/{path}").status_code == 403


# --- pages for reading --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("known")
def test_a_decided_text_keeps_its_figures_and_says_that_they_changed(as_: As, unit: AUnit, cycle_id: int) -> None:
    section = save(unit, section_with(cycle_id, "basics").id, "单位职责已履行，支出", figure("a-spending"), "。")
    assert do(as_("writer"), section.id, "submit", section.version).status_code == 303
    address = f"/sections/{section.id}"
    before = as_("head").get(address).get_data(as_text=True)
    chip = re.search(r'<a class="fact"\s+href="([^"]*)"\s+data-fact="a-spending"[^>]*>([^<]*)</a>', before)
    assert chip is not None
    assert chip.groups() == (f"/cycles/{cycle_id}/facts/a-spending", "2,560.21万元")
    assert "1 处数字，1 处有来源" in before
    assert "数据已变" not in before
    enter(unit, cycle_id, "a-spending", "2,600", last=1)
    after = as_("head").get(address).get_data(as_text=True)
    assert "2,560.21万元</a>" in after
    assert "数据已变" in after
    assert sections.visible(unit.editor, section.id).state is SectionState.SUBMITTED
    assert plain_lines(sections.content(section.id).document) == ["单位职责已履行，支出2,560.21万元。"]


def test_a_figure_of_no_fact_of_ours_is_stored_as_its_words(unit: AUnit, cycle_id: int, rolled_back: Flask) -> None:
    foreign = {"type": "figure", "attrs": {"fact": "unknown", "shown": "9万元"}}
    section = save(unit, section_with(cycle_id, "basics").id, "支出", foreign)
    stored = sections.content(section.id).document
    assert plain_lines(stored) == ["支出9万元"]
    assert stored == parse(stored.model_dump())
