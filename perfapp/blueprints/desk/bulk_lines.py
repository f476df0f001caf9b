"""Which of the desk's tasks can be ticked and done together, and what each box sends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfapp.blueprints.passing.forms import value_of
from perfapp.blueprints.standing_words import spoken_remarks
from perfapp.core.words import REPORT_ACTIONS, SECTION_ACTIONS
from perfapp.services.bulk import REPORT_STEPS, SECTION_STEPS, Item, seen_of_report
from perfapp.services.desk import ReportTask, SectionTask
from perfapp.services.remarks import Counted


@dataclass(frozen=True, slots=True)
class BulkLine:
    value: str
    title: str
    what: str


def bulk_lines(tasks: Iterable[object], remarks: Mapping[int, Counted]) -> list[BulkLine]:
    """Nothing where there is only one: it has its own button."""
    found = [line for task in tasks if (line := _line(task, remarks)) is not None]
    return found if len(found) > 1 else []


def for_whom(task: SectionTask | ReportTask) -> str:
    return f"（代{task.principal.name}）" if task.principal else ""


def _line(task: object, remarks: Mapping[int, Counted]) -> BulkLine | None:
    if isinstance(task, SectionTask) and task.action in SECTION_STEPS:
        section = task.standing.section
        item = Item(section.id, None, task.action, section.version, section.content_sha256, _principal_id(task))
        what = SECTION_ACTIONS[task.action] + for_whom(task)
        said = spoken_remarks(remarks.get(section.id))
        asks = f" · {said}，还没有处理完，请先看过" if said else ""
        return BulkLine(value_of(item), section.heading, f"{section.owner_office_name} · {what}{asks}")
    if isinstance(task, ReportTask) and task.action in REPORT_STEPS and not task.obstacle:
        report = task.standing.report
        item = Item(None, report.id, task.action, report.version, seen_of_report(report), _principal_id(task))
        return BulkLine(
            value_of(item), f"{report.title}（{report.edition_name}）", REPORT_ACTIONS[task.action] + for_whom(task)
        )
    return None


def _principal_id(task: SectionTask | ReportTask) -> int | None:
    return task.principal.id if task.principal else None
