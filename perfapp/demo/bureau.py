"""The demo's finance bureau: its people, the unit it supervises, and what it said of last year's report."""

import io
from datetime import date, timedelta
from functools import partial

from PIL import Image

from perfapp.core.disclosing.flow import DisclosureAction
from perfapp.core.measures.flow import MeasureAction
from perfapp.core.permissions import ROLE_NAMES, Actor, Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.data import cycles, disclosures, events, explanations, people, reports
from perfapp.data import measures as measure_table
from perfapp.data.session import transaction
from perfapp.demo.course import Course, workday
from perfapp.demo.staff import Staff
from perfapp.services import delivered, delivering, disclosing, findings, installing, measures
from perfapp.services.measures import Assignment

CODE, NAME = "DEMOCZJ", "株洲市芦淞区财政局（演示）"
CAST = (("czcha", "何查阅", Role.BUREAU_READER), ("czshen", "吕审核", Role.BUREAU_REVIEWER))
FIRST_PHONE = 8601
CLEARED = "逐节看过，不涉及国家秘密、工作秘密和个人隐私，可以公开（演示）。"
OPINION = "报告要素齐全，数据与决算一致，审核通过（演示）。"
COMMENT = "预算执行中追加较多，请在年中做一次绩效回顾并说明原因（演示）。"
NOT_YET = "要等区里的数据平台上线才能开始，已列入明年计划（演示）。"
PROOFS = ("两项工作都有记录可查", "各科室收到通知并执行", "操作手册印发到各科室", "数据平台里能查到当月数据")


def found(password_hash: str, today: date) -> int:
    """Make the bureau with a reader and a reviewer; returns its unit id."""
    unit_id, _ = installing.install_unit(CODE, NAME, [], policy=SealPolicy.LEADER, is_demo=True, kind=UnitKind.BUREAU)
    with transaction():
        for number, (login, name, role) in enumerate(CAST, start=FIRST_PHONE):
            person_id = people.add_person(
                unit_id, login, name, password_hash, phone=str(number), must_change_password=False
            )
            people.add_post(person_id, unit_id, role, office_id=None, starts_on=today, granted_by=None)
            details: dict[str, object] = {"person": name, "role": ROLE_NAMES[role]}
            events.record("grant", actor_id=None, unit_id=unit_id, details=details)
    return unit_id


def tell_last_year(course: Course, staff: Staff, bureau_id: int, cycle_id: int, today: date) -> None:
    """Last year's report: signed for, passed with a comment, made public; its measures taken up."""
    for hour, step in enumerate((_sign_and_pass, _publish, _take_up), start=15):
        course.on(workday(today, 1, hour, 30), partial(step, staff, bureau_id, cycle_id))


def tell_this_year(staff: Staff, cycle_id: int) -> None:
    """A year on, one of last year's measures is done and confirmed, the others are under way, some of them late.

    Nobody has touched the last one: the pre-flight asked why, the editor said it, finance took it.
    """
    mine = [one for one in measure_table.of_unit(staff.unit_id) if one.cycle_id != cycle_id and one.office_id]
    doers = {one.id: _doer(staff, one.office_name) for one in mine}
    proof = ("操作手册印发记录（演示）.png", _picture())
    for number, one in enumerate(sorted(mine, key=lambda measure: measure.id)):
        if number == 0:
            measures.act(
                doers[one.id],
                one.id,
                MeasureAction.CLAIM,
                version=one.version,
                text="已按措施办完（演示）。",
                evidence=proof,
            )
            claimed = measure_table.get(staff.unit_id, one.id)
            measures.act(staff.one(Role.EDITOR), one.id, MeasureAction.CONFIRM, version=claimed.version)
        elif number < len(mine) - 1:
            text = "已开过一次协调会，正在收集各科室意见（演示）。"
            measures.act(doers[one.id], one.id, MeasureAction.PROGRESS, version=one.version, text=text)
    _explain_the_untouched(staff, cycle_id)


def _explain_the_untouched(staff: Staff, cycle_id: int) -> None:
    for one in measures.untouched(cycles.get(cycle_id)):
        findings.explain(staff.one(Role.EDITOR), cycle_id, one.fingerprint, NOT_YET)
        said = explanations.of_cycle(cycle_id)[one.fingerprint]
        findings.answer(staff.one(Role.FINANCE), said.id, accept=True)


def _sign_and_pass(staff: Staff, bureau_id: int, cycle_id: int) -> None:
    reviewer = _person(bureau_id, "czshen")
    row = next(row for row in delivered.listed(reviewer) if row.report.cycle_id == cycle_id)
    delivering.receive(reviewer, row.delivery.id, version=row.report.version)
    delivering.comment(reviewer, row.delivery.id, heading="", text=COMMENT)
    report = reports.get(row.report.id)
    delivering.accept(reviewer, row.delivery.id, version=report.version, opinion=OPINION)


def _publish(staff: Staff, bureau_id: int, cycle_id: int) -> None:
    view = disclosing.begin(staff.one(Role.EDITOR), reports.current(cycle_id).id)
    line = (
        (Role.EDITOR, DisclosureAction.SUBMIT, ""),
        (Role.DEPUTY_LEADER, DisclosureAction.CLEAR, CLEARED),
        (Role.LEADER, DisclosureAction.APPROVE, ""),
        (Role.EDITOR, DisclosureAction.PUBLISH, ""),
    )
    for role, action, reason in line:
        view = disclosures.get(staff.unit_id, view.id)
        disclosing.act(
            staff.one(role), view.id, action, version=view.version, seen_sha256=view.content_sha256, reason=reason
        )


def _take_up(staff: Staff, bureau_id: int, cycle_id: int) -> None:
    """The editor puts the promises into the list and gives each to an office, due before this year's report."""
    editor = staff.one(Role.EDITOR)
    texts = measures.suggestions(editor, cycle_id)
    if texts:
        measures.enter(editor, cycle_id, texts)
    offices = list(staff.offices.values())
    for number, one in enumerate(measure_table.of_cycle(cycle_id)):
        due = one.state_since.date() + timedelta(days=280 + 30 * number)
        proof = PROOFS[number % len(PROOFS)]
        wanted = Assignment(offices[number % len(offices)], None, due, proof)
        measures.assign(editor, one.id, wanted, version=one.version)


def _doer(staff: Staff, office: str) -> Actor:
    return staff.one(Role.WRITER, office)


def _person(bureau_id: int, login: str) -> Actor:
    person = people.person_by_login(login)
    actor = people.actor(person.id, person.posts[0].starts_on) if person is not None else None
    if actor is None or actor.unit_id != bureau_id:
        raise LookupError(f"no {login} at the demo's bureau")
    return actor


def _picture() -> bytes:
    """A small picture that says that it is a demo."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "#f4f2ec").save(out, "PNG")
    return out.getvalue()
