"""Views of the desk area: what waits for me, and what I was told."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.desk.bulk_lines import bulk_lines, for_whom
from perfapp.blueprints.desk.duty_lines import Row, by_urgency, duty_row
from perfapp.blueprints.desk.figure_lines import figure_line
from perfapp.blueprints.standing_words import Line, report_line, section_line, who_next
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar
from perfapp.data import notices as notice_table
from perfapp.data.cycles import CycleView
from perfapp.services import countersigning, duties, seal_watch
from perfapp.services import desk as desk_service
from perfapp.services.desk import Desk, FigureTask, RemarkTask, SectionTask, Task, Waiting
from perfapp.services.remarks import Counted
from perfapp.services.seal_watch import Caution

blueprint = Blueprint("desk", __name__)

PAGE = 50
SHOWN = 8
"""Rows of others' work that are shown before the rest is folded away."""


@blueprint.get("/")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    desk = desk_service.desk(actor())
    several = len(desk.cycles) > 1
    return render_template(
        "desk/index.html",
        tasks=_tasks(actor(), desk, several=several),
        waiting=[_waiting(item, desk.remarks, several=several) for item in desk.waiting],
        shown=SHOWN,
        following=who_next(item.section or item.report for item in desk.waiting),
        bulk=bulk_lines(desk.tasks, desk.remarks),
        done=[section_line(item) for item in desk.done],
        delivered=desk.delivered,
        cycles=[_cycle_words(cycle, desk.calendar) for cycle in desk.cycles],
        advice=_advice(actor(), desk),
        cautions=_cautions(actor()),
        countersigns=countersigning.waiting(actor()),
    )


@blueprint.get("/notices")
@requires(Permission.SIGN_IN)
def notices() -> ResponseReturnValue:
    page = incoming.page()
    total = notice_table.count(actor().id)
    found = notice_table.of_person(actor().id, limit=PAGE, offset=(page - 1) * PAGE)
    if page > 1 and not found:
        raise NotFound("没有这一页。")
    return render_template(
        "desk/notices.html",
        notices=[(notice, _place(notice)) for notice in found],
        page=page,
        page_count=-(-total // PAGE),
        total=total,
    )


@blueprint.post("/notices/read")
@requires(Permission.SIGN_IN)
def read_all() -> ResponseReturnValue:
    desk_service.read_notice(actor(), None)
    flash("全部标为已读。", "done")
    return redirect(url_for("desk.notices"), code=303)


@blueprint.post("/notices/<int:notice_id>/read")
@requires(Permission.SIGN_IN)
def read(notice_id: int) -> ResponseReturnValue:
    """Mark it read and go where it points; a list stays where it was."""
    notice = desk_service.read_notice(actor(), notice_id)
    place = _place(notice) if notice is not None and "open" in request.form else None
    return redirect(place or url_for("desk.notices"), code=303)


def _cautions(person: Actor) -> list[Caution]:
    """What stands against sealing, for those who can mend it."""
    mends = person.may(Permission.REGISTER_SEALS) or person.may(Permission.KEEP_SEALS)
    return seal_watch.cautions(person.unit_id) if mends else []


def _place(notice: notice_table.NoticeView) -> str | None:
    """Where the thing is that the notice tells of."""
    if notice.section_id is not None:
        return f"/sections/{notice.section_id}"
    if notice.report_id is not None:
        return f"/reports/{notice.report_id}"
    if notice.cycle_id is not None and notice.fact_key:
        return url_for("figures.fact", cycle_id=notice.cycle_id, key=notice.fact_key)
    return notice.place or (url_for("desk.index") if notice.is_task else None)


def _tasks(person: Actor, desk: Desk, *, several: bool) -> list[Row]:
    """The reports' own steps and what follows the seal, by urgency."""
    rows = [(task.term, _task(task, desk.remarks, several=several)) for task in desk.tasks]
    rows += [(duty.term, duty_row(duty, several=several)) for duty in duties.of_person(person)]
    return by_urgency(rows)


def _task(task: Task, counts: Mapping[int, Counted], *, several: bool) -> tuple[Line, str, str, str]:
    """The line, its year where there are several, the words of its button and where that leads."""
    year = f"{task.cycle.fiscal_year}年度" if several else ""
    if isinstance(task, FigureTask):
        line, deed = figure_line(task)
        return line, year, deed, line.url
    if isinstance(task, SectionTask):
        line = section_line(task.standing, counts.get(task.standing.section.id))
        return line, year, task.deed + for_whom(task), line.url
    if isinstance(task, RemarkTask):
        line = section_line(task.standing, counts.get(task.standing.section.id))
        return line, year, "看批注", f"{line.url}#section-side-remarks"
    line = report_line(task.standing)
    return line, year, task.deed + for_whom(task), f"{line.url}/seal" if task.at_seal else line.url


def _waiting(item: Waiting, counts: Mapping[int, Counted], *, several: bool) -> tuple[Line, str]:
    section = item.section
    line = section_line(section, counts.get(section.section.id)) if section else report_line(item.report)
    return line, f"{item.cycle.fiscal_year}年度" if several else ""


def _cycle_words(cycle: CycleView, calendar: Calendar) -> str:
    """2018年度 · 报送截止 5月12日，还有 6 个工作日: the last date that the cycle has."""
    last = next((stage for stage in reversed(tuple(STAGES)) if stage in cycle.due), None)
    term = cycle.term(last, calendar, clock.today())
    if last is None or term is None:
        return f"{cycle.fiscal_year}年度"
    return f"{cycle.fiscal_year}年度 · {STAGES[last]}截止 {term.due_on.month}月{term.due_on.day}日，{term.words}"


def _advice(person: Actor, desk: Desk) -> tuple[str, list[tuple[str, str]]]:
    """What to do when nothing waits: a sentence and the places to go, the first being the likeliest."""
    may = person.may
    if may(Permission.ARRANGE) and not desk.cycles:
        return "还没有正在编报的年度任务。开一个，各科室就能开始填写。", [("开一个年度任务", url_for("cycles.new"))]
    if may(Permission.MANAGE_PEOPLE) or may(Permission.GRANT):
        sentence = (
            "您负责人员和账号，不参与报告内容。" if may(Permission.MANAGE_PEOPLE) else "您负责授权，不参与报告内容。"
        )
        return sentence, [("去人员管理", url_for("admin.people")), ("看进度数字", url_for("tracking.index"))]
    if may(Permission.READ_EVENTS):
        sentence = "您负责审计：看已盖章的报告、用印登记和操作日志。"
        return sentence, [("看报告", url_for("review.index")), ("看日志", url_for("admin.log"))]
    if may(Permission.PRESS_SEAL):
        return "有报告申请用印时，这里会出现。", [("看用印登记", url_for("sealing.uses"))]
    if may(Permission.READ_DELIVERED):
        return "所属单位报送后，这里会出现，也会收到通知。", [("看报送", url_for("bureau.index"))]
    if not desk.cycles:
        return "本单位还没有正在编报的年度任务，由统稿人开始后，这里会出现您要办的事。", []
    return "轮到您时，这里会出现，也会收到通知。", [("看进度", url_for("tracking.index"))]
