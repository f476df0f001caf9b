"""The board as an .xlsx file: what the page shows, one row a section, and sheets of counts."""

from perfapp.core.chinese import local_time
from perfapp.core.words import REPORT_STATES, SECTION_STATES, STAGES
from perfapp.data.people import PersonBrief
from perfapp.documents import worksheet
from perfapp.documents.worksheet import Sheet, Value
from perfapp.services.standing import SectionStanding
from perfapp.services.tracking import Board

_COLUMNS = (
    ("科室", 16),
    ("章节", 40),
    ("状态", 10),
    ("必填", 6),
    ("现在由谁办理", 20),
    ("电话", 20),
    ("当前环节", 10),
    ("截止日期", 12),
    ("剩余工作日", 12),
    ("退回理由", 40),
    ("阻碍", 30),
    ("字数", 8),
    ("本状态自", 12),
    ("最近催办", 24),
)
_COUNTS = (("项目", 24), ("数量", 10))
_OFFICES = (
    ("科室", 20),
    ("科室负责人", 24),
    ("经办人", 30),
    ("章节", 8),
    ("已提交", 8),
    ("已采纳", 8),
    ("逾期", 8),
    ("退回次数", 10),
    ("参与编写人数", 14),
)
_RETURNS = (("科室", 20), ("退回原因", 16), ("次数", 8))
_OFFICE_COUNTS = (("科室", 20), ("章节", 8), ("已提交", 8), ("已采纳", 8), ("逾期", 8))


def workbook(board: Board) -> bytes:
    """Sheets 进度, 统计, 科室 and 退回 of the board as its viewer sees it."""
    sheets = [
        Sheet("进度", _COLUMNS, [_row(item) for item in board.sections]),
        Sheet("统计", _COUNTS, _counts(board)),
        Sheet("科室", _OFFICES, _offices(board)),
        Sheet("退回", _RETURNS, [[o.name, kind, count] for o in board.offices for kind, count in o.returned_for]),
    ]
    return worksheet.workbook(sheets)


def workbook_of_counts(board: Board) -> bytes:
    """For administrators and the auditor: sheets 统计 and 科室 without a title, a text, a reason or a name."""
    rows: list[list[Value]] = [[o.name, len(o.sections), o.handed_in, o.accepted, o.late] for o in board.offices]
    return worksheet.workbook([Sheet("统计", _COUNTS, _counts(board)), Sheet("科室", _OFFICE_COUNTS, rows)])


def _row(item: SectionStanding) -> list[Value]:
    section = item.section
    return [
        section.owner_office_name or "未指定科室",
        section.heading,
        SECTION_STATES[section.state][0],
        "是" if section.is_required else "否",
        _names(item.holders) or ("" if item.is_done else item.role),
        "、".join(person.phone for person in item.holders if person.phone),
        STAGES[item.stage] if item.stage else "",
        item.due_on,
        item.term.left if item.term else None,
        item.returned.reason if item.returned else "",
        item.obstacle,
        section.character_count,
        local_time(item.since).date(),
        _urged(item),
    ]


def _urged(item: SectionStanding) -> str:
    if item.urged is None:
        return ""
    at = local_time(item.urged.at)
    return f"{at.month}月{at.day}日 {at:%H:%M} {item.urged.actor_name}"


def _counts(board: Board) -> list[list[Value]]:
    rows: list[list[Value]] = [
        ["预算单位", board.cycle.unit_name],
        ["年度", f"{board.cycle.fiscal_year}年度"],
        ["报告状态", REPORT_STATES[board.report.report.state][0]],
        ["章节总数", len(board.sections)],
    ]
    rows += [[word, board.counts.get(state, 0)] for state, (word, _) in SECTION_STATES.items()]
    rows.append(["逾期", board.late])
    rows += [[f"截止：{word}", board.cycle.due[stage]] for stage, word in STAGES.items() if stage in board.cycle.due]
    return rows


def _offices(board: Board) -> list[list[Value]]:
    return [
        [
            office.name,
            _people(office.heads),
            _people(office.writers),
            len(office.sections),
            office.handed_in,
            office.accepted,
            office.late,
            office.returned,
            office.took_part,
        ]
        for office in board.offices
    ]


def _names(persons: tuple[PersonBrief, ...]) -> str:
    return "、".join(person.name for person in persons)


def _people(persons: tuple[PersonBrief, ...]) -> str:
    return "、".join(str(person) for person in persons)
