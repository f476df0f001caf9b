"""Views of the tracking area: the board, its time line, 催办 and the export."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import workbook
from perfapp.blueprints.incoming import number
from perfapp.blueprints.page import spoken_moment
from perfapp.blueprints.standing_words import report_line, section_line, who_next
from perfapp.core import happenings
from perfapp.core.deadlines import term
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Permission
from perfapp.core.words import SECTION_STATES, STAGES
from perfapp.data import calendars, events, reports, sections
from perfapp.data.cycles import CycleView
from perfapp.data.events import EventView
from perfapp.data.people import PersonBrief
from perfapp.services import board_export, duties, tracking
from perfapp.services.tracking import Board

blueprint = Blueprint("tracking", __name__)
P = Permission
_READERS = (P.SEE_BOARD, P.SEE_OWN_BOARD)


@blueprint.get("/progress")
@requires(*_READERS, P.SEE_COUNTS)
def index() -> ResponseReturnValue:
    cycle_id = request.args.get("cycle", type=number)
    if not _reads_titles():
        return _page("tracking/counts.html", tracking.counts(actor(), cycle_id))
    board = tracking.board(actor(), cycle_id)
    if board is None:
        return _page("tracking/board.html", None)
    lines = [(item, section_line(item, board.remarks.get(item.section.id))) for item in board.sections]
    by_id = {item.section.id: line for item, line in lines}
    under_way = [item for item in board.sections if not item.is_done and not item.is_locked]
    following = who_next([*under_way, *([board.report] if board.whole_unit and board.report.holders else [])])
    return _page(
        "tracking/board.html",
        board,
        report=report_line(board.report),
        lines=lines,
        line_of=by_id,
        following=following,
    )


@blueprint.get("/progress/cycles/<int:cycle_id>/timeline")
@requires(*_READERS)
def timeline(cycle_id: int) -> ResponseReturnValue:
    page = incoming.page()
    section_id, report_id = request.args.get("section", type=number), request.args.get("report", type=number)
    subject, subject_url = _subject(cycle_id, section_id, report_id)
    cycle, found, total = tracking.timeline(actor(), cycle_id, section_id=section_id, report_id=report_id, page=page)
    numbers = _rounds(section_id, report_id)
    headings = {section.id: section.heading for section in sections.outline(cycle.id)}
    editions = {report.id: f"报告{report.edition_name}" for report in reports.editions(cycle.id)}
    return render_template(
        "tracking/timeline.html",
        cycle=cycle,
        subject=subject,
        subject_url=subject_url,
        events=[_told(event, headings, editions, numbers.get(event.id)) for event in found],
        section_id=section_id,
        report_id=report_id,
        page=page,
        page_count=-(-total // tracking.PAGE),
        total=total,
    )


@blueprint.get("/progress/cycles/<int:cycle_id>.xlsx")
@requires(*_READERS, P.SEE_COUNTS)
def export(cycle_id: int) -> ResponseReturnValue:
    """What the page shows to this person: the board, or the numbers alone."""
    reads_titles = _reads_titles()
    board = (tracking.board if reads_titles else tracking.counts)(actor(), cycle_id)
    if board is None:
        raise NotFound("没有找到这个年度任务。")
    data = (board_export.workbook if reads_titles else board_export.workbook_of_counts)(board)
    name = f"进度-{board.cycle.fiscal_year}年度-{clock.today():%Y%m%d}.xlsx"
    return workbook(name, data)


@blueprint.post("/progress/sections/<int:section_id>/urge")
@requires(P.URGE)
def urge_section(section_id: int) -> ResponseReturnValue:
    cycle_id = sections.visible(actor(), section_id).cycle_id
    _say_urged(tracking.urge_section(actor(), section_id))
    return redirect(url_for("tracking.index", cycle=cycle_id, _anchor=f"section-{section_id}"), code=303)


@blueprint.post("/progress/reports/<int:report_id>/urge")
@requires(P.URGE)
def urge_report(report_id: int) -> ResponseReturnValue:
    _say_urged(tracking.urge_report(actor(), report_id))
    return redirect(url_for("tracking.index", cycle=reports.visible(actor(), report_id).cycle_id), code=303)


def _reads_titles() -> bool:
    return any(actor().may(permission) for permission in _READERS)


def _say_urged(persons: tuple[PersonBrief, ...]) -> None:
    flash(f"已催办：{'、'.join(map(str, persons))}。对方会在通知里看到。", "done")


def _page(template: str, board: Board | None, **more: object) -> str:
    if board is None:
        return render_template(template, board=None, may_arrange=actor().may(P.ARRANGE))
    counts = [
        {"name": word, "value": board.counts.get(state, 0), "unit": "节"} for state, (word, _) in SECTION_STATES.items()
    ]
    late = {"name": "逾期", "value": board.late, "unit": "节", "tone": "late" if board.late else None}
    if board.urgeable and board.late:
        late["note"] = "可以催办"
    return render_template(
        template,
        board=board,
        counts=[*counts, late, *_after_seal(board)],
        handed_in=[(_day(day), count) for day, count, _ in board.days],
        accepted=[(_day(day), count) for day, _, count in board.days],
        due=_due(board.cycle),
        years=[
            (f"{cycle.fiscal_year}年度", url_for("tracking.index", cycle=cycle.id), cycle.id == board.cycle.id, None)
            for cycle in board.cycles
        ],
        **more,
    )


def _after_seal(board: Board) -> list[dict[str, str | int | None]]:
    """What is watched beside the sections: the way to the public, and the measures of the unit."""
    found: list[dict[str, str | int | None]] = []
    disclosure = duties.disclosure_of(board.report.report)
    if disclosure is not None and board.whole_unit:
        note = disclosure.term.words if disclosure.term else None
        tone = "late" if disclosure.term and disclosure.term.is_late else None
        found.append({"name": "公开", "value": disclosure.word, "note": note, "tone": tone, "url": disclosure.path})
    unfinished, late = duties.measures_of(actor())
    if unfinished:
        tone = "late" if late else None
        found.append(
            {
                "name": "整改措施未办结",
                "value": unfinished,
                "unit": "条",
                "note": f"逾期 {late} 条" if late else None,
                "tone": tone,
                "url": url_for("measures.index"),
            }
        )
    return found


def _due(cycle: CycleView) -> list[tuple[str, str]]:
    """The stages with their dates and the days left, in words; whether one is late, its things say."""
    today, calendar = clock.today(), calendars.of_unit(cycle.unit_id)
    terms = {stage: term(calendar, today, day) for stage, day in cycle.due.items()}
    return [
        (word, f"{_day(cycle.due[stage])}（{'已到期' if terms[stage].is_late else terms[stage].words}）")
        for stage, word in STAGES.items()
        if stage in terms
    ]


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _subject(cycle_id: int, section_id: int | None, report_id: int | None) -> tuple[str, str | None]:
    """Whose time line it is, and where the thing is; what the actor may not read is not there."""
    if section_id is not None:
        section = sections.visible(actor(), section_id)
        if section.cycle_id != cycle_id:
            raise NotFound("没有找到这一节。")
        return section.heading, f"/sections/{section_id}"
    if report_id is not None:
        report = reports.visible(actor(), report_id)
        return f"{report.title}（{report.edition_name}）", f"/reports/{report_id}"
    return "", None


def _rounds(section_id: int | None, report_id: int | None) -> dict[int, int]:
    """Which round each return began: of the one thing whose time line it is."""
    of_one = events.of_section(section_id) if section_id else events.of_report(report_id) if report_id else []
    return happenings.rounds((event.id, event.action) for event in of_one)


def _told(event: EventView, headings: dict[int, str], editions: dict[int, str], number: int | None) -> dict[str, str]:
    of_section, of_report = event.section_id is not None, event.section_id is None and event.report_id is not None
    subject = headings.get(event.section_id or 0) or event.section_title or editions.get(event.report_id or 0, "")
    line = happenings.tell(
        event.action,
        actor=event.actor_name,
        subject=subject,
        reason=event.reason,
        details=event.details,
        of_section=of_section,
        of_report=of_report,
    )
    return {
        "who": line.who,
        "what": happenings.in_round(line.what, number),
        "reason": line.reason,
        "tone": line.tone,
        "when": spoken_moment(event.at),
        "iso": event.at.isoformat(),
    }
