"""A bureau's people see what was delivered to them and nothing else: marker words of two units never cross."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from perfapp.core.errors import DomainError
from perfapp.core.section_flow import SectionState
from perfapp.data import blobs, events, evidence, notices, reports
from perfapp.services import disclosing, drafting
from tests.integration.after_seal.making import ABureau, a_bureau, a_delivery, judge
from tests.integration.drafting.calls import a_picture, a_word
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, bring, section_with, write

MINE, THEIRS, DRAFT, INSIDE = "甲单位定稿标记", "乙单位定稿标记", "新版草稿标记", "会审意见标记"
OPEN = frozenset({"static", "public", "auth"})
"""Areas that are for everybody and show nothing of a report."""


@dataclass(frozen=True)
class World:
    bureau: ABureau
    unit: AUnit
    other: AUnit
    ids: dict[str, int | str]


@pytest.fixture
def world(rolled_back: Flask) -> World:
    """Two bureaus with a unit each: delivered, one returned, so that a new draft exists beside what was delivered."""
    unit, other = a_unit(), a_unit()
    bureau, elsewhere = a_bureau(unit), a_bureau(other, number="2")
    cycle_id, other_cycle = a_cycle(unit), a_cycle(other)
    bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED, MINE)
    bring(other, section_with(other_cycle, "basics").id, SectionState.ACCEPTED, THEIRS)
    delivery, foreign = a_delivery(unit, bureau, cycle_id), a_delivery(other, elsewhere, other_cycle)
    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "send_back", reason="请改。", headings=["basics"])
    write(unit, section_with(cycle_id, "basics").id, DRAFT)
    begun = disclosing.begin(other.editor, foreign.report_id)
    return World(
        bureau,
        unit,
        other,
        {
            "delivery_id": foreign.id,
            "own_delivery": delivery.id,
            "report_id": reports.current(cycle_id).id,
            "section_id": section_with(cycle_id, "basics").id,
            "cycle_id": cycle_id,
            "disclosure_id": begun.id,
            "index_number": begun.index_number,
        },
    )


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"login": login, "password": PASSWORD}).status_code == 303
    return client


def addresses(app: Flask, ids: dict[str, int | str]) -> Iterator[str]:
    """Every page of the system, with the ids of what is not the bureau's."""
    adapter = app.url_map.bind("localhost")
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for rule in rules:
        if rule.endpoint.split(".")[0] in OPEN:
            continue
        known = {name: ids.get(name, 1) for name in rule.arguments}
        filled = {name: "0" * 64 if name == "sha256" else value for name, value in known.items()}
        filled |= dict.fromkeys(rule.arguments & {"extension", "ending"}, "xlsx")
        yield adapter.build(rule.endpoint, {name: _fit(rule, name, value) for name, value in filled.items()})


def _fit(rule: Rule, name: str, value: int | str) -> int | str:
    """A number where the address takes one."""
    takes_number = f"int:{name}>" in rule.rule
    return value if isinstance(value, int) or not takes_number else 1


@pytest.mark.parametrize("who", ["reader", "reviewer"])
def test_no_page_shows_a_word_that_was_not_delivered_here(rolled_back: Flask, world: World, who: str) -> None:
    client = signed_in(rolled_back, world.bureau.logins[who])
    seen = 0
    for address in addresses(rolled_back, world.ids):
        with client.get(address) as answer:
            assert answer.status_code < 500, address
            seen += answer.status_code == 200
            for marker in (THEIRS, DRAFT, INSIDE):
                assert marker not in answer.get_data(as_text=False).decode("utf-8", "replace"), (address, marker)
            if "/deliveries/" in address:
                assert answer.status_code == 404, address
    assert seen >= 3  # its own list, desk and notices at least


def test_what_was_delivered_is_read_whole(rolled_back: Flask, world: World) -> None:
    client = signed_in(rolled_back, world.bureau.logins["reader"])
    page = client.get(f"/deliveries/{world.ids['own_delivery']}")
    assert page.status_code == 200
    assert MINE in page.text
    assert "已退回，由第2版替代" in page.text
    assert world.unit.leader.name in page.text
    assert DRAFT not in page.text
    assert client.get("/deliveries").text.count(world.unit.name) >= 1
    assert world.other.name not in client.get("/deliveries").text


def test_the_reader_changes_nothing(rolled_back: Flask, world: World) -> None:
    client = signed_in(rolled_back, world.bureau.logins["reader"])
    for act in ("receive", "accept", "return", "comments"):
        answer = client.post(f"/deliveries/{world.ids['own_delivery']}/{act}", data={"version": "1", "text": "意见"})
        assert answer.status_code == 403, act


def test_the_unit_reads_no_page_of_the_bureau(rolled_back: Flask, world: World) -> None:
    client = signed_in(rolled_back, world.unit.logins["leader"])
    assert client.get("/deliveries").status_code == 403
    assert client.get(f"/deliveries/{world.ids['own_delivery']}").status_code == 403


def test_notices_to_the_bureau_tell_nothing_of_other_units(world: World) -> None:
    for person in (world.bureau.reader, world.bureau.reviewer):
        told = " ".join(notice.subject + notice.body for notice in notices.of_person(person.id))
        assert world.other.name not in told


def test_another_units_disclosure_is_not_there(world: World) -> None:
    disclosure_id = int(world.ids["disclosure_id"])
    for actor in (world.unit.editor, world.unit.leader, world.bureau.reviewer):
        with pytest.raises(DomainError):
            disclosing.read(actor, disclosure_id)


def test_the_bureau_opens_the_evidence_of_what_was_delivered_and_every_look_is_logged(rolled_back: Flask) -> None:
    """Frozen bytes, also after the file was taken off the section; nothing of a draft, of an image, of another unit."""
    unit, other = a_unit(), a_unit()
    bureau, elsewhere = a_bureau(unit), a_bureau(other, number="2")
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    drafting.add_evidence(unit.writer, section.id, "编制批复.png", a_picture())
    (kept,) = evidence.of_section(section.id)
    delivery = a_delivery(unit, bureau, cycle_id)
    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "send_back", reason="请改。", headings=["basics"])
    drafting.remove_evidence(unit.writer, section.id, kept.id)
    drafting.add_evidence(unit.writer, section.id, "后补.docx", a_word("后补"))
    (later,) = evidence.of_section(section.id)

    client, address = signed_in(rolled_back, bureau.logins["reader"]), f"/deliveries/{delivery.id}"
    page = client.get(address).text
    assert "编制批复.png" in page
    assert "后补.docx" not in page
    answer = client.get(f"{address}/evidence/{kept.sha256}")
    assert (answer.status_code, answer.data) == (200, blobs.read(kept.sha256))
    sealed = reports.get(delivery.report_id).sealed_sha256
    for not_there in (later.sha256, sealed, "0" * 64):
        assert client.get(f"{address}/evidence/{not_there}").status_code == 404
    stranger = signed_in(rolled_back, elsewhere.logins["reader"])
    assert stranger.get(f"{address}/evidence/{kept.sha256}").status_code == 404
    assert signed_in(rolled_back, unit.logins["leader"]).get(f"{address}/evidence/{kept.sha256}").status_code == 403
    for unit_id in (unit.id, bureau.id):
        looks = [one for one in events.of_unit(unit_id) if one.action == "open_evidence"]
        assert [(one.actor_name, one.content_sha256) for one in looks] == [(bureau.reader.name, kept.sha256)]
