"""Board, desk and what follows the seal say in one sentence who acts next."""

from datetime import timedelta

from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.measures.flow import MeasureAction
from perfapp.core.section_flow import SectionState
from perfapp.data import measures
from perfapp.services import disclosing
from perfapp.services import measures as keeping
from perfapp.services.measures import Assignment
from tests.integration.after_seal.making import a_bureau, a_passed
from tests.integration.tracking.reading import due_on, get
from tests.making import a_cycle, a_unit, bring, section_with
from tests.unit.documents.samples import drawing


def test_the_board_names_who_is_next_and_what_is_late_first(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=30, review=-2)
    bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    page = get(client, unit, "leader", "/progress")
    assert f"接下来轮到 {unit.head.name}" in page
    assert "1 件，其中逾期 1 件；" in page
    client.post("/sign-out")
    assert "接下来轮到" in get(client, unit, "writer", "/")  # what he has handed in waits for the head
    assert "没有人能办" not in get(client, unit, "editor", "/")  # the report waits for its sections
    client.post("/sign-out")
    assert "接下来轮到" not in get(client, unit, "sysadmin", "/progress")  # numbers only


def test_what_follows_the_seal_says_who_is_next(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    view = disclosing.begin(unit.editor, a_passed(unit, a_bureau(unit), cycle_id).report_id)
    assert f"接下来由 {unit.editor.name}" in get(client, unit, "leader", f"/disclosures/{view.id}")
    (measure_id,) = keeping.enter(unit.editor, cycle_id, ["印发操作手册"])
    page = client.get(f"/measures/{measure_id}").get_data(as_text=True)
    assert f"现在由 <b>{unit.editor.name}" in page  # who gives it to an office
    wanted = Assignment(unit.offices["办公室"], unit.writer.id, clock.today() + timedelta(days=9), "已印发")
    keeping.assign(unit.editor, measure_id, wanted, version=measures.get(unit.id, measure_id).version)
    assert f"现在由 <b>{unit.writer.name}" in client.get(f"/measures/{measure_id}").get_data(as_text=True)
    version = measures.get(unit.id, measure_id).version
    proof = ("手册.png", drawing()[1])
    keeping.act(unit.writer, measure_id, MeasureAction.CLAIM, version=version, text="已印发。", evidence=proof)
    assert unit.leader.name in client.get(f"/measures/{measure_id}").get_data(as_text=True).split("</header>")[1]
