"""The demo unit's story: last year's report sealed and filed, this year's a day's work short of being sealed."""

import io
from datetime import date, timedelta
from functools import partial

from openpyxl import Workbook

from perfapp import clock
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import SealPolicy
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles as cycle_table
from perfapp.data import people, sections
from perfapp.demo import bureau, checkpoints, editions, figures, lending, lives, remarks, sealing
from perfapp.demo.course import Course, workday
from perfapp.demo.lives import Life
from perfapp.demo.staff import Staff, hire
from perfapp.demo.texts import report_2018
from perfapp.services import cycles, drafting, installing

S = SectionState
CODE = "DEMO2018"
NAME = "株洲市芦淞区机关事务服务中心"
YEAR = 2018
OPENED = 15  # working days ago
YEAR_OF_DAYS = timedelta(days=364)  # the same day of the week

RETURNED = "第1条问题（基本运行经费不足）没有对应的措施，请补一条，或说明理由；其余不用改。"

# Left to the newcomer: one section to write, one to hand in, one to answer, three to review, six to accept.
LIVES = {
    "basics": Life(14, S.ACCEPTED),
    "use-rules": Life(13, S.ACCEPTED),
    "washrooms": Life(12, S.ACCEPTED),
    "use-special": Life(12, S.ACCEPTED),
    "pipes": Life(11, S.ACCEPTED),
    "vehicles": Life(11, S.ACCEPTED),
    "energy": Life(10, S.ACCEPTED),
    "reception": Life(9, S.ACCEPTED),
    "offices": Life(8, S.ACCEPTED),
    "canteen": Life(8, S.ACCEPTED),
    "issues": Life(6, S.ACCEPTED),
    "disclosure": Life(5, S.FINANCE_CHECKED),
    "measures": Life(5, S.HEAD_APPROVED, returned=RETURNED),
    "property": Life(4, S.HEAD_APPROVED),
    "service-box": Life(3, S.SUBMITTED),
    "community": Life(1, S.DRAFTING),
}
LAST_STEP = "community"


def is_there() -> bool:
    """Whether the demo unit has been made, or at least begun."""
    return people.unit_by_code(CODE) is not None


def is_whole() -> bool:
    """Whether its story was told to the end."""
    unit = people.unit_by_code(CODE)
    known = cycle_table.of_unit(unit.id) if unit else []
    outline = sections.outline(known[0].id) if known and known[0].fiscal_year == YEAR else ()
    return any(s.title == _titles()[LAST_STEP] and s.state is not S.NOT_STARTED for s in outline)


def tell(password_hash: str) -> None:
    """Make the unit and tell its story up to yesterday."""
    today = clock.today()
    with clock.at(workday(today - YEAR_OF_DAYS, 30)):
        unit_id, _ = installing.install_unit(CODE, NAME, [], policy=SealPolicy.LEADER, is_demo=True)
        seal_id = sealing.add_seal(unit_id, NAME)
        staff = hire(unit_id, password_hash, clock.today())
        sealing.give_to_keeper(seal_id, staff)
        sealing.add_superior(password_hash)
        bureau_id = bureau.found(password_hash, clock.today())
        installing.supervise(CODE, bureau.CODE)
    _tell_last_year(staff, bureau_id, today - YEAR_OF_DAYS)
    _tell_this_year(staff, today)


def _tell_last_year(staff: Staff, bureau_id: int, today: date) -> None:
    texts = {section.key: section.last_year for section in report_2018() if section.last_year}
    with clock.at(workday(today, OPENED)):
        cycle_id = open_cycle(staff, YEAR - 1, today)
        keys = arrange(staff, cycle_id, {key for key, _ in texts.items()})
    with clock.at(workday(today, OPENED, 14)):
        figures.enter_last_year(staff, cycle_id)
    course = Course()
    told = {keys[key]: Life(12 - place, S.ACCEPTED) for place, key in enumerate(texts)}
    lives.tell(course, staff, cycle_id, today, {keys[key]: text for key, text in texts.items()}, told)
    editions.tell(course, staff, cycle_id, today, 1, editions.LINE)
    bureau.tell_last_year(course, staff, bureau_id, cycle_id, today)
    course.play()


def _tell_this_year(staff: Staff, today: date) -> None:
    with clock.at(workday(today, OPENED)):
        cycle_id = open_cycle(staff, YEAR, today)
        keys = arrange(staff, cycle_id, set(_titles()))
    with clock.at(workday(today, OPENED, 14)):
        figures.enter_this_year(staff, cycle_id)
        checkpoints.tell(staff, cycle_id, today)
    course = Course()
    course.on(workday(today, 9, 10), partial(bureau.tell_this_year, staff, cycle_id))
    texts = {keys[section.key]: section.document for section in report_2018()}
    lives.tell(course, staff, cycle_id, today, texts, {keys[key]: life for key, life in LIVES.items()})
    ids = {section.key: section.id for section in sections.outline(cycle_id)}
    remarks.tell(course, staff, today, measures_id=ids[keys["measures"]], vehicles_id=ids[keys["vehicles"]])
    disclosure = next(s for s in sections.outline(cycle_id) if s.key == "disclosure")
    writer = staff.one(Role.WRITER, disclosure.owner_office_name)
    course.on(workday(today, 1, 8), partial(lending.tell, staff, today))
    course.on(workday(today, LIVES["disclosure"].begun, 16), partial(_attach_accounts, writer, disclosure.id))
    course.play()


def open_cycle(staff: Staff, year: int, today: date) -> int:
    """The editor opens the cycle; writing was due two days ago, the next stage is due tomorrow."""
    stages = ("draft", "review", "check", "merge")
    days = (-2, 1, 2, 4)
    opening = cycles.Opening(
        fiscal_year=year,
        form_key="hunan-2018",
        notice_number=f"演示财绩〔{year + 1}〕1号（演示数据）",
        due={stage: today + timedelta(days=count) for stage, count in zip(stages, days, strict=True)},
        after={"joint": 2, "issue": 2, "deliver": 3},  # working days
        is_demo=True,
    )
    return cycles.open_cycle(staff.one(Role.EDITOR), opening)


def arrange(staff: Staff, cycle_id: int, wanted: set[str]) -> dict[str, str]:
    """The editor adds the wanted items and gives each section to its office; returns the cycle's keys by ours."""
    editor = staff.one(Role.EDITOR)
    keys: dict[str, str] = {}
    for text in report_2018():
        if text.key not in wanted:
            continue
        outline = sections.outline(cycle_id)
        found = next((s for s in outline if s.has_text and s.title == text.title), None)
        if found is None:
            parent = next(s for s in outline if s.key == "results")
            added = cycles.add_item(editor, parent.id, title=text.title, office_id=staff.offices[text.office])
            found = next(s for s in sections.outline(cycle_id) if s.id == added)
        elif found.owner_office_name != text.office:
            cycles.assign(editor, found.id, version=found.version, office_id=staff.offices[text.office])
        keys[text.key] = found.key
    return keys


def _attach_accounts(writer: Actor, section_id: int) -> None:
    """The figures of the section as a table that stands behind it."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise LookupError("a new workbook has no sheet")
    sheet.title = "演示数据"
    rows = (("项目", "金额（万元）"), ("年初预算", 1991.04), ("总收入", 2560.21), ("总支出", 2560.21))
    for row in (*rows, ("基本支出", 2434.62), ("项目支出", 125.59), ("上年支出", 2040.26)):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    drafting.add_evidence(writer, section_id, "部门决算主要数据（演示）.xlsx", kept.getvalue(), "演示数据")


def _titles() -> dict[str, str]:
    return {section.key: section.title for section in report_2018()}
