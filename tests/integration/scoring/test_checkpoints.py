"""绩效监控 lived through: asked for, answered on one page, handed in, taken back, answered for at the year's end."""

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Actor, Role
from perfapp.data import checkpoints as table
from perfapp.data import cycles, notices, people
from perfapp.data.session import transaction
from perfapp.services import accounts, checkpoints, facts, scoring, self_scores
from perfapp.services.scoring import Filled
from tests.integration.report_pages.reading import sign_in
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, actor_of

DUE = date(2018, 7, 15)
DOUBT = {"so_far": "完成四成", "outlook": "risk", "reason": "招标流标一次", "measure": "七月重新招标"}
FINE = {"so_far": "过半", "outlook": "reach"}


def a_checkpoint(unit: AUnit) -> tuple[int, int]:
    """A look back on half a year, and the cycle."""
    cycle_id = a_cycle(unit)
    return checkpoints.open_checkpoint(unit.editor, cycle_id, "half", DUE), cycle_id


def part(unit: AUnit, checkpoint_id: int) -> checkpoints.OfficePart:
    """The part of the 财务室."""
    return checkpoints.look(unit.money_writer, checkpoint_id).part(unit.offices["财务室"])


def all_of(unit: AUnit, checkpoint_id: int, said: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        line.indicator.key: {**said, "number": str(line.view.number if line.view else 0)}
        for line in part(unit, checkpoint_id).lines
    }


def test_the_offices_are_told_once_and_the_day_can_be_moved(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, cycle_id = a_checkpoint(unit)
    told = [one.subject for one in notices.of_person(unit.writer.id, limit=9, offset=0)]
    assert told[0] == "请您填报：2018年半年绩效监控"
    again = checkpoints.open_checkpoint(unit.editor, cycle_id, "half", date(2018, 7, 20))
    assert again == checkpoint_id
    assert table.visible(unit.id, checkpoint_id).due_on == date(2018, 7, 20)
    assert [one.subject for one in notices.of_person(unit.writer.id, limit=9, offset=0)] == told


@pytest.mark.parametrize(
    ("period", "due", "sentence"),
    [("half", date(2018, 6, 29), "不能早于半年末"), ("year", DUE, "请选择"), ("", DUE, "请选择")],
)
def test_what_cannot_be_asked_is_said(rolled_back: Flask, period: str, due: date, sentence: str) -> None:
    unit = a_unit(with_seal=False)
    with pytest.raises(Invalid, match=sentence):
        checkpoints.open_checkpoint(unit.editor, a_cycle(unit), period, due)


def test_the_months_so_far_are_filled_in(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, cycle_id = a_checkpoint(unit)
    facts.enter(unit.money_writer, cycle_id, "opening-budget", facts.Entry("1000"), last_number=0)
    for month in range(1, 7):
        entry = facts.Entry("80", period=f"{month:02}")
        facts.enter(unit.money_writer, cycle_id, "total-spending", entry, last_number=0)
    sentence = checkpoints.look(unit.leader, checkpoint_id).pace.sentence
    assert sentence == "时间已过 50%，预算支出 48.00%，慢于时间进度 2.00 个百分点。"


def test_answers_are_kept_and_handed_in_only_whole(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    office = unit.offices["财务室"]
    first = part(unit, checkpoint_id).lines[0].indicator.key
    kept = {first: {**DOUBT, "measure": "", "number": "0"}}
    checkpoints.fill(unit.money_writer, checkpoint_id, office, kept, hand_in=False)
    assert part(unit, checkpoint_id).lines[0].answer.so_far == "完成四成"
    with pytest.raises(Conflict, match="有人填过"):
        checkpoints.fill(unit.money_writer, checkpoint_id, office, {first: {**FINE, "number": "0"}}, hand_in=False)
    with pytest.raises(Invalid, match="措施"):
        checkpoints.fill(
            unit.money_writer, checkpoint_id, office, {first: {**DOUBT, "measure": "", "number": "1"}}, hand_in=True
        )
    checkpoints.fill(unit.money_writer, checkpoint_id, office, all_of(unit, checkpoint_id, DOUBT), hand_in=True)
    assert part(unit, checkpoint_id).handed_in is not None
    with pytest.raises(Conflict, match="请先取回"):
        checkpoints.fill(unit.money_writer, checkpoint_id, office, all_of(unit, checkpoint_id, FINE), hand_in=False)
    checkpoints.take_back(unit.money_writer, checkpoint_id, office)
    checkpoints.fill(unit.money_writer, checkpoint_id, office, all_of(unit, checkpoint_id, FINE), hand_in=True)
    assert not part(unit, checkpoint_id).doubted


def test_only_the_office_itself_answers(rolled_back: Flask) -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    checkpoint_id, cycle_id = a_checkpoint(unit)
    office = unit.offices["财务室"]
    with pytest.raises(Forbidden, match="财务室的经办人"):
        checkpoints.fill(unit.writer, checkpoint_id, office, {}, hand_in=False)
    with pytest.raises(Forbidden, match="统稿人"):
        checkpoints.open_checkpoint(unit.writer, cycle_id, "q1", DUE)
    with pytest.raises(NotFound):
        checkpoints.look(other.editor, checkpoint_id)


def test_what_was_in_doubt_is_answered_at_the_years_end(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, cycle_id = a_checkpoint(unit)
    checkpoints.fill(
        unit.money_writer, checkpoint_id, unit.offices["财务室"], all_of(unit, checkpoint_id, DOUBT), hand_in=True
    )
    cycle = cycles.get(cycle_id)
    asked = [one for one in self_scores.of_cycle(cycle).doubts if one.code == "Z8"]
    assert len(asked) == len(part(unit, checkpoint_id).lines)
    assert "半年监控时预计有风险（招标流标一次），年终没有说明结果" in asked[0].message
    scoring.fill(
        unit.money_writer, cycle_id, asked[0].subject, Filled(deviation="八月完成招标，年底前交付"), last_number=0
    )
    left = [one.subject for one in self_scores.of_cycle(cycle).doubts if one.code == "Z8"]
    assert left == [one.subject for one in asked[1:]]


def test_the_page_keeps_what_was_typed_when_it_refuses(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    key = part(unit, checkpoint_id).lines[0].indicator.key
    sign_in(client, unit, "money_writer")
    address = f"/checkpoints/{checkpoint_id}/offices/{unit.offices['财务室']}"
    assert address in client.get("/").get_data(as_text=True)
    typed = {f"{key}.so_far": "写了一半的话", f"{key}.outlook": "risk", f"{key}.number": "0"}
    refused = client.post(address, data={**typed, "hand_in": "1"})
    assert refused.status_code == 422
    assert 'value="写了一半的话"' in refused.get_data(as_text=True)
    assert "您填的内容都还在下面" in refused.get_data(as_text=True)
    assert client.post(address, data={**typed, "save": "1"}).status_code == 303
    assert "写了一半的话" in client.get(address).get_data(as_text=True)
    checkpoints.fill(
        unit.money_writer, checkpoint_id, unit.offices["财务室"], all_of(unit, checkpoint_id, FINE), hand_in=True
    )
    assert address not in client.get("/").get_data(as_text=True)
    assert "2018年半年绩效监控" in client.get("/checkpoints").get_data(as_text=True)
    assert "1/2" in client.get(f"/checkpoints/{checkpoint_id}").get_data(as_text=True)


def test_what_a_person_judges_is_told_in_words(client: FlaskClient) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    sign_in(client, unit, "money_writer")
    html = client.get(f"/checkpoints/{checkpoint_id}/offices/{unit.offices['财务室']}").get_data(as_text=True)
    judged = {line.indicator.key: line.indicator.is_judged for line in part(unit, checkpoint_id).lines}
    assert set(judged.values()) == {True, False}
    for key, in_words in judged.items():
        tag = re.search(rf'<(input|textarea)[^>]*name="{re.escape(key)}\.so_far"', html)
        assert tag is not None
        assert tag[1] == ("textarea" if in_words else "input"), key


def save(client: FlaskClient, address: str, version: str, said: dict[str, dict[str, str]]) -> TestResponse:
    return client.put(f"{address}/answers", json={"version": version, "document": said})


def told(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.get_json()
    return found


def second_writer(unit: AUnit) -> Actor:
    """Another writer of the 财务室."""
    with transaction():
        person_id = people.add_person(
            unit.id, f"second.{unit.id}", "钱二", accounts.hash_password(PASSWORD), must_change_password=False
        )
        office, since = unit.offices["财务室"], date(2018, 1, 1)
        people.add_post(person_id, unit.id, Role.WRITER, office_id=office, starts_on=since, granted_by=None)
    unit.logins["second"] = f"second.{unit.id}"
    return actor_of(unit.logins["second"])


def test_the_page_saves_itself_and_two_people_fill_it_together(client: FlaskClient) -> None:
    """Only what was touched is sent: the second does not undo the first, and what both touched is a conflict."""
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    address = f"/checkpoints/{checkpoint_id}/offices/{unit.offices['财务室']}"
    first, other = (line.indicator.key for line in part(unit, checkpoint_id).lines[:2])
    second = second_writer(unit)
    sign_in(client, unit, "money_writer")
    opened = html.unescape(re.search(r'data-answers="([^"]*)"', client.get(address).text)[1])  # type: ignore[index]

    saved = save(client, address, opened, {first: DOUBT})
    assert (saved.status_code, json.loads(told(saved)["version"])[first]) == (200, 1)
    checkpoints.fill(second, checkpoint_id, unit.offices["财务室"], {other: {**FINE, "number": "0"}}, hand_in=False)
    again = save(client, address, told(saved)["version"], {first: {**DOUBT, "so_far": "完成五成"}})
    assert again.status_code == 200
    assert json.loads(told(again)["version"])[other] == 0  # the page still shows what it was opened with
    answers = {line.indicator.key: line.answer.so_far for line in part(unit, checkpoint_id).lines}
    assert (answers[first], answers[other]) == ("完成五成", "过半")

    refused = save(client, address, told(again)["version"], {other: {**FINE, "so_far": "我填的"}})
    assert refused.status_code == 409
    (theirs,) = told(refused)["theirs"]
    assert (theirs["key"], theirs["who"], theirs["answer"]["so_far"], theirs["number"]) == (other, "钱二", "过半", 1)
    settled = json.dumps({**json.loads(told(again)["version"]), other: theirs["number"]})
    assert save(client, address, settled, {other: {**FINE, "so_far": "我填的"}}).status_code == 200
    page = client.get(address).text
    assert "以前填的" in page
    assert "过半" in page


def test_a_form_without_the_script_keeps_both_peoples_words(client: FlaskClient) -> None:
    """What was only left standing does not undo another's answer; what both typed is shown side by side."""
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    office = unit.offices["财务室"]
    address = f"/checkpoints/{checkpoint_id}/offices/{office}"
    first, other = (line.indicator.key for line in part(unit, checkpoint_id).lines[:2])
    second = second_writer(unit)
    checkpoints.fill(second, checkpoint_id, office, {other: {**FINE, "number": "0"}}, hand_in=False)
    sign_in(client, unit, "money_writer")
    sent = {f"{first}.so_far": "完成四成", f"{first}.number": "0", f"{other}.so_far": "", f"{other}.number": "0"}
    assert client.post(address, data=sent).status_code == 303
    assert part(unit, checkpoint_id).lines[1].answer.so_far == "过半"
    mine = {f"{other}.so_far": "我填的", f"{other}.outlook": "reach", f"{other}.number": "0"}
    refused = client.post(address, data=mine)
    assert refused.status_code == 409
    for said in ("钱二", "过半", "我填的", "再保存一次"):
        assert said in refused.text
    assert client.post(address, data={**mine, f"{other}.number": "1"}).status_code == 303
    assert part(unit, checkpoint_id).lines[1].answer.so_far == "我填的"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"version": "{}"}',
        b'{"version": 1, "document": {}}',
        b'{"version": "[]", "document": {}}',
        b'{"version": "{}", "document": {"efficiency": 1}}',
        b'{"version": "{\\"a\\": -1}", "document": {}}',
    ],
)
def test_a_broken_save_is_a_sentence(client: FlaskClient, body: bytes) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    sign_in(client, unit, "money_writer")
    address = f"/checkpoints/{checkpoint_id}/offices/{unit.offices['财务室']}/answers"
    assert client.put(address, data=body, content_type="application/json").status_code == 422


def test_an_empty_form_names_every_gap_at_once_and_quotes_nothing_twice(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    checkpoint_id, _ = a_checkpoint(unit)
    names = [line.indicator.name for line in part(unit, checkpoint_id).lines]
    with pytest.raises(Invalid) as refused:
        checkpoints.fill(
            unit.money_writer, checkpoint_id, unit.offices["财务室"], all_of(unit, checkpoint_id, {}), hand_in=True
        )
    assert f"还差 {len(names)} 项" in refused.value.message
    assert all(name in refused.value.message for name in names)
    assert "““" not in refused.value.message
