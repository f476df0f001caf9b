"""Any two versions of a section, and of a report: which there are, and what changed between two of them."""

import json
from dataclasses import dataclass
from datetime import datetime

from perfapp.core.chinese import local_time
from perfapp.core.comparison import Comparison, Pair, Version, pairs_of
from perfapp.core.content import Content
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.snapshot import Snapshot
from perfapp.data import blobs, cycles, history, jobs, report_versions, reports, sections
from perfapp.data.history import VersionView
from perfapp.data.report_versions import ReportVersionView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import freezing, looking, sheets

NOW = "now"
KINDS = {
    "autosave": "自动保存",
    "submitted": "提交",
    "named": "命名保存",
    "restored": "恢复",
    "imported": "从 Word 导入",
    "merged": "合并",
}
NO_VERSION = "没有找到要比较的版本，请从列表里重新选择。"


@dataclass(frozen=True, slots=True)
class Choice:
    """A version that can be chosen: its code in the address and its words."""

    code: str
    words: str


# --- a section ----------------------------------------------------------------------------------------------------


def section_choices(section: SectionView, *codes: str) -> tuple[Choice, ...]:
    """The present text, the milestones, and the named versions whatever they are; newest first."""
    listed = history.versions(section.id)
    known = {str(version.number) for version in listed}
    listed += [history.version(section.id, int(code)) for code in dict.fromkeys(codes) if code not in {*known, NOW}]
    listed.sort(key=lambda version: -version.number)
    return (Choice(NOW, "现在的文字"), *(Choice(str(one.number), _section_words(one)) for one in listed))


def of_section(actor: Actor, section_id: int, left: str, right: str) -> Comparison:
    """Version `left` of the section held against version `right`: numbers, or 'now'."""
    section = sections.visible(actor, section_id)
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    cycle = cycles.get(section.cycle_id)
    present = sheets.as_read(section, sections.content(section.id), sheets.sheet(cycle))
    (old, old_version), (new, new_version) = (_section_side(section, present, code) for code in (left, right))
    pair = Pair(
        key=section.key,
        heading=section.heading,
        old_heading=section.heading,
        level=section.level,
        left=old.document,
        right=new.document,
    )
    return Comparison(
        title=section.heading, unit_name=cycle.unit_name, left=old_version, right=new_version, pairs=(pair,)
    )


def _section_side(section: SectionView, present: Content, code: str) -> tuple[Content, Version]:
    if code == NOW:
        note = f"{_moment(section.saved_at)} {section.last_author_name}" if section.saved_at else ""
        return present, Version(name="现在的文字", note=note, sha256=present.sha256)
    if not code.isdecimal() or len(code) > 9:
        raise NotFound(NO_VERSION)
    version = history.version(section.id, int(code))
    document = sections.version_document(section.id, version.number)
    return Content(section.key, section.title, document), Version(
        name=f"第 {version.number} 号版本" + (f"（{version.label}）" if version.label else ""),
        note=f"{_moment(version.at)} {version.author_name} {KINDS[version.kind]}",
        sha256=version.content_sha256,
    )


def _section_words(version: VersionView) -> str:
    label = f"“{version.label}”" if version.label else KINDS[version.kind]
    return f"第 {version.number} 号 · {_moment(version.at)} · {label} · {version.author_name}"


# --- a report -----------------------------------------------------------------------------------------------------


def report_choices(actor: Actor, report: ReportView) -> tuple[Choice, ...]:
    """Every content that an edition of this cycle was frozen with and the present one, newest first."""
    editions = _editions(actor, report)
    found = [Choice(f"{one.report_id}-{one.number}", _words(editions, one)) for one in _frozen(actor, editions)][::-1]
    current = next((one for one in editions.values() if one.state is ReportState.DRAFTING), None)
    if current is not None and looking.may_read(actor, current):
        found.insert(0, Choice(f"{current.id}-{NOW}", f"{current.edition_name} · 现在的文字（编写中）"))
    return tuple(found)


def of_reports(actor: Actor, report_id: int, left: str, right: str) -> Comparison:
    """Version `left` of the report's editions held against version `right`; codes as `report_choices` gives them."""
    report = reports.visible(actor, report_id)
    editions = _editions(actor, report)
    (old, old_version), (new, new_version) = (_report_side(actor, editions, code) for code in (left, right))
    return Comparison(
        title=report.title,
        unit_name=report.unit_name,
        left=old_version,
        right=new_version,
        pairs=(_cover(old, new), *pairs_of(old, new)),
    )


def last_two(choices: tuple[Choice, ...]) -> tuple[str, str] | None:
    """What is compared where nobody chose: the newest version with the one before it."""
    return (choices[1].code, choices[0].code) if len(choices) > 1 else None


def _editions(actor: Actor, report: ReportView) -> dict[int, ReportView]:
    return {one.id: one for one in reports.readable(actor) if one.cycle_id == report.cycle_id}


def _frozen(actor: Actor, editions: dict[int, ReportView]) -> list[ReportVersionView]:
    """Whoever may read only what is sealed sees what was sealed, and nothing that came before it."""
    found = report_versions.of_reports(editions)
    if actor.may(Permission.READ_REPORT):
        return found
    return [one for one in found if one.snapshot_sha256 == editions[one.report_id].issued_sha256]


def _report_side(actor: Actor, editions: dict[int, ReportView], code: str) -> tuple[Snapshot, Version]:
    edition, _, number = code.partition("-")
    report = editions.get(int(edition)) if edition.isdecimal() and len(edition) <= 9 else None
    if report is None:
        raise NotFound(NO_VERSION)
    if number == NOW and report.state is ReportState.DRAFTING and looking.may_read(actor, report):
        shown = looking.shown(report)
        return shown, Version(name=f"{report.edition_name}（编写中，现在的文字）", sha256=shown.sha256)
    found = next(
        (one for one in _frozen(actor, editions) if one.report_id == report.id and str(one.number) == number), None
    )
    if found is None:
        raise NotFound(NO_VERSION)
    name = f"{report.edition_name}第 {found.number} 次定稿"
    note = f"{_moment(found.at)} {found.frozen_by_name}".strip()
    return freezing.load(found.snapshot_blob), Version(name=name, note=note, sha256=found.snapshot_sha256)


def _words(editions: dict[int, ReportView], one: ReportVersionView) -> str:
    report = editions[one.report_id]
    sealed = "（已盖章）" if report.is_sealed and report.issued_sha256 == one.snapshot_sha256 else ""
    who = f" · {one.frozen_by_name}" if one.frozen_by_name else ""
    return f"{report.edition_name} · {_moment(one.at)} · 第 {one.number} 次定稿{sealed}{who}"


def _cover(old: Snapshot, new: Snapshot) -> Pair:
    """Title, unit and date as a section of their own."""

    def lines(one: Snapshot) -> object:
        day = f"{one.dated_on.year}年{one.dated_on.month}月{one.dated_on.day}日" if one.dated_on else ""
        words = [text for text in (one.attachment_mark, one.title, one.unit_name, day) if text]
        return {
            "type": "doc",
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in words],
        }

    return Pair.model_validate(
        {"key": "", "heading": "封面", "old_heading": "封面", "level": 1, "left": lines(old), "right": lines(new)}
    )


# --- as PDF -------------------------------------------------------------------------------------------------------


def ask_pdf(
    actor: Actor, comparison: Comparison, *, section_id: int | None = None, report_id: int | None = None
) -> int:
    """Ask for the marked copy as PDF; whoever may read the section or report may fetch it. Returns the job's id."""
    raw = json.dumps(comparison.model_dump(mode="json"), ensure_ascii=False, sort_keys=True).encode()
    with transaction():
        blob = blobs.put(raw, "application/json")
        subject = f"section:{section_id}" if section_id else f"report:{report_id}"
        payload = {"comparison_blob": blob, "section_id": section_id, "report_id": report_id}
        return jobs.ask("preview", f"comparison:{subject}:{blob}", payload, unit_id=actor.unit_id)


def _moment(at: datetime) -> str:
    local = local_time(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
