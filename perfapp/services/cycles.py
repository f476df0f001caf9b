"""Opening a cycle and arranging its outline. One function, one intention, one transaction."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from perfapp.core.deadlines import Reminding, resolve
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.form import Form, FormSection
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.section_flow import SectionState
from perfapp.data import blobs, calendars, catalog, cycles, events, people, reports, sections, step_rules
from perfapp.data.cycles import CycleView
from perfapp.data.people import OfficeView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.services import forms

_TYPED_NUMBER = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d)|[①-⑳])\s*"
)
_LOOSE = (SectionState.NOT_STARTED, SectionState.DRAFTING)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the editor says when he opens a cycle."""

    fiscal_year: int
    form_key: str
    period: tuple[date | None, date | None] = (None, None)  # the whole year where nothing is said
    notice_number: str = ""
    due: dict[str, date] | None = None
    after: dict[str, int] | None = None  # stages given as working days after the one before
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What the editor may say of a heading; the last three only concern headings with text."""

    title: str
    guidance: str = ""
    office_id: int | None = None
    is_required: bool = True
    holds_money: bool = False


def open_cycle(actor: Actor, opening: Opening) -> int:
    """Open the year's cycle from a form, or from last year's outline where there is one; returns its id.

    Rolling forward copies structure and owners, never text: last year's text is shown beside the new one.
    """
    _demand(actor)
    begins, ends = _checked_period(opening.fiscal_year, opening.period)
    due = resolve(opening.due or {}, opening.after or {}, calendars.of_unit(actor.unit_id))
    entry = catalog.form(opening.form_key)
    with transaction():
        people.lock_unit(actor.unit_id)
        known = {cycle.fiscal_year: cycle for cycle in cycles.of_unit(actor.unit_id)}
        if opening.fiscal_year in known:
            raise Conflict(f"{opening.fiscal_year}年度的任务已经开过，请到年度任务里查看。")
        previous = known.get(opening.fiscal_year - 1)
        cycle_id = cycles.add(
            actor.unit_id,
            fiscal_year=opening.fiscal_year,
            title=entry.form.title_for(opening.fiscal_year),
            period_from=begins,
            period_to=ends,
            notice_number=opening.notice_number.strip(),
            form_key=entry.form.key,
            form_version=entry.form.version,
            form_sha256=entry.sha256,
            form=entry.form.model_dump(mode="json"),
            previous_id=previous.id if previous else None,
            opened_by=actor.id,
            is_demo=opening.is_demo,
        )
        cycles.set_dates(cycle_id, due, opening.after)
        if previous is not None and previous.form_key == entry.form.key:
            _copy_outline(previous.id, cycle_id, actor.unit_id)
            step_rules.write(cycle_id, step_rules.of_cycle(previous.id))
            cycles.change(cycle_id, same_person_once=previous.same_person_once)
        else:
            _plant(entry.form, cycle_id, actor.unit_id, people.offices(actor.unit_id))
        reports.add(cycle_id, actor.unit_id, edition=1)
        planted = forms.pin_parts(actor, cycle_id, entry.form.key)
        told = {"year": opening.fiscal_year, "form": entry.form.key, "facts": planted}
        _record(actor, cycle_id, "open_cycle", details=told)
    return cycle_id


def change_cycle(
    actor: Actor,
    cycle_id: int,
    *,
    version: int,
    title: str,
    notice_number: str,
    period: tuple[date | None, date | None],
    due: dict[str, date],
    after: dict[str, int] | None = None,
    reminding: Reminding | None = None,
) -> None:
    """Change title, period, 依据文号, dates and reminders of a cycle."""
    _demand(actor)
    due = resolve(due, after or {}, calendars.of_unit(actor.unit_id))
    title = _checked_title(title)
    with transaction():
        cycle, report = _locked(actor, cycle_id, version)
        if title != cycle.title and report.state is not ReportState.DRAFTING:
            raise Conflict("报告已合稿，标题不能再改；需要改的，请先取消合稿。")
        begins, ends = _checked_period(cycle.fiscal_year, period)
        wanted = reminding or cycle.reminding
        cycles.change(
            cycle_id,
            title=title,
            notice_number=notice_number.strip(),
            period_from=begins,
            period_to=ends,
            remind_before=wanted.before,
            escalate_after=wanted.escalate_after,
        )
        cycles.set_dates(cycle_id, due, after)
        _record(actor, cycle_id, "change_cycle", details={"title": title})


def attach_notice(actor: Actor, cycle_id: int, filename: str, data: bytes) -> None:
    """Keep the finance bureau's notice that the cycle follows."""
    _demand(actor)
    media_type = guard.sniff(filename, data)
    with transaction():
        cycles.lock(cycle_id, actor.unit_id)
        digest = blobs.put(data, media_type)
        cycles.change(cycle_id, notice_sha256=digest, notice_filename=filename)
        _record(actor, cycle_id, "attach_notice", reason=filename, digest=digest)


def assign(actor: Actor, section_id: int, *, version: int, office_id: int | None) -> None:
    """Give the section to an office. Work that waits for somebody is taken back first."""
    with transaction():
        section = _locked_section(actor, section_id, version)
        if not section.has_text:
            raise Invalid("这一级只有标题，不需要指定科室。", field="office_id")
        if not may_be_arranged(section):
            raise Conflict("本节已提交，换科室之前请先退回。")
        owner = {"owner_office_id": office_id}
        _record(actor, section.cycle_id, "assign", section_id=section_id, reason=_owner_words(actor, owner))
        sections.arrange(section_id, **owner)


def change_section(actor: Actor, section_id: int, change: SectionChange, *, version: int) -> None:
    """Change a heading's words (never its number, which is drawn), its owner and what is asked of it."""
    title = _checked_heading(change.title)
    with transaction():
        section = _locked_section(actor, section_id, version)
        if not may_be_arranged(section):
            raise Conflict("本节已提交，要调整请先退回，以免审批失效。")
        changed = _differences(section, change, title)
        if not changed:
            return
        what = {"title": "rename", "owner_office_id": "assign"}
        for action in dict.fromkeys(what.get(column, "change_section") for column in changed):
            reason = {"rename": f"{section.title} → {title}", "assign": _owner_words(actor, changed)}.get(action, "")
            _record(actor, section.cycle_id, action, section_id=section_id, reason=reason)
        sections.arrange(section_id, **changed)


def add_item(actor: Actor, parent_id: int, *, title: str, office_id: int | None, holds_money: bool = False) -> int:
    """Add an item such as （11） at the end of a heading that takes items; returns its id."""
    title = _checked_heading(title)
    with transaction():
        parent = _locked_section(actor, parent_id, None)
        if not parent.takes_items or parent.level >= 4:
            raise Invalid("这一节下面不能再加分项。")
        office = _standing_office(actor.unit_id, office_id)
        below = [s for s in sections.outline(parent.cycle_id) if s.parent_id == parent.id]
        section_id = sections.add(
            parent.cycle_id,
            actor.unit_id,
            key=f"{parent.key[:40]}-{secrets.token_hex(4)}",
            parent_id=parent.id,
            level=parent.level + 1,
            position=max((s.position for s in below), default=0) + 1,
            title=title,
            run_in=parent.level >= 3,
            holds_money=holds_money,
            owner_office_id=office.id,
        )
        _record(actor, parent.cycle_id, "add_item", section_id=section_id, reason=title)
    return section_id


def move(actor: Actor, section_id: int, *, step: int, version: int | None = None) -> None:
    """Move an item one place up (-1) or down (+1) among its siblings; the numbers follow by themselves."""
    with transaction():
        section = _locked_section(actor, section_id, version)
        outline = sections.outline(section.cycle_id)
        if not is_item(section, outline):
            raise Invalid("这一节的次序是报告格式规定的，不能移动。")
        siblings = [s for s in outline if s.parent_id == section.parent_id]
        index = next(i for i, s in enumerate(siblings) if s.id == section_id)
        target = index + (1 if step > 0 else -1)
        if not 0 <= target < len(siblings):
            return
        siblings[index], siblings[target] = siblings[target], siblings[index]
        for position, sibling in enumerate(siblings, start=1):
            if sibling.position != position:
                sections.arrange(sibling.id, position=position)
        _record(actor, section.cycle_id, "move", section_id=section_id, reason="上移" if step < 0 else "下移")


def remove_item(actor: Actor, section_id: int, *, version: int) -> None:
    """Take an item out that nobody has begun; one with words in it is declared 不适用 instead."""
    with transaction():
        section = _locked_section(actor, section_id, version)
        outline = sections.outline(section.cycle_id)
        if not is_item(section, outline):
            raise Invalid("这一节是报告格式规定的，不能删除。")
        if not may_be_removed(section, outline):
            raise Conflict("这一节已经有内容，不能删除；不需要的，请由经办人填报“不适用”。")
        _record(actor, section.cycle_id, "remove_item", section_id=section_id, reason=section.title)
        sections.remove(section_id)


def may_be_arranged(section: SectionView) -> bool:
    """Whether the section waits for nobody's decision, so that its title and owner may still change."""
    return section.state in _LOOSE


def may_be_removed(section: SectionView, outline: Sequence[SectionView]) -> bool:
    """Whether it is an item that nobody has begun and that holds no other."""
    return (
        is_item(section, outline)
        and section.state is SectionState.NOT_STARTED
        and not any(other.parent_id == section.id for other in outline)
    )


def is_item(section: SectionView, outline: Sequence[SectionView]) -> bool:
    """Whether the editor adds, orders and removes it; the other headings are the form's."""
    return any(parent.id == section.parent_id and parent.takes_items for parent in outline)


def _differences(section: SectionView, change: SectionChange, title: str) -> dict[str, Any]:
    """The columns that the change really changes."""
    wanted: dict[str, Any] = {"title": title, "guidance": change.guidance.strip()[:2000]}
    if section.has_text:
        wanted["is_required"] = change.is_required
        wanted["holds_money"] = change.holds_money
        wanted["owner_office_id"] = change.office_id
    return {column: value for column, value in wanted.items() if value != getattr(section, column)}


def _owner_words(actor: Actor, changed: dict[str, Any]) -> str:
    """由…负责, for a change of owner; Invalid unless the office is a standing one of the unit."""
    if "owner_office_id" not in changed:
        return ""
    return f"由{_standing_office(actor.unit_id, changed['owner_office_id']).name}负责"


def _checked_heading(raw: str) -> str:
    """A heading's words; a number typed before them is taken off, for numbers are drawn."""
    return _checked_title(_TYPED_NUMBER.sub("", raw.strip()))


def _checked_title(raw: str) -> str:
    title = " ".join(raw.split())
    if not 1 <= len(title) <= 200:
        raise Invalid("请填写标题，最多 200 字。", field="title")
    return title


def _standing_office(unit_id: int, office_id: int | None) -> OfficeView:
    office = next((office for office in people.offices(unit_id) if office.id == office_id), None)
    if office is None:
        raise Invalid("请选择负责科室。", field="office_id")
    return office


def _checked_period(year: int, period: tuple[date | None, date | None]) -> tuple[date, date]:
    """The period reported on: the whole year where nothing is said, never a day outside it."""
    if not 2000 <= year <= 2100:
        raise Invalid("预算年度应在 2000 至 2100 之间。", field="fiscal_year")
    begins, ends = period[0] or date(year, 1, 1), period[1] or date(year, 12, 31)
    for field, day in (("period_from", begins), ("period_to", ends)):
        if day.year != year:
            raise Invalid(f"报告期应在 {year} 年之内；不填就是全年。", field=field)
    if begins > ends:
        raise Invalid("报告期的起始日期晚于截止日期。", field="period_to")
    return begins, ends


def _plant(form: Form, cycle_id: int, unit_id: int, offices: list[OfficeView]) -> None:
    def plant(branch: tuple[FormSection, ...], parent_id: int | None, level: int) -> None:
        for position, part in enumerate(branch, start=1):
            section_id = sections.add(
                cycle_id,
                unit_id,
                key=part.key,
                parent_id=parent_id,
                level=level,
                position=position,
                title=part.title,
                run_in=part.run_in,
                has_text=part.has_text,
                holds_money=part.holds_money,
                is_required=part.required,
                takes_items=part.takes_items,
                guidance=part.guidance,
                owner_office_id=forms.hinted(part.office, offices) if part.has_text else None,
            )
            plant(part.children, section_id, level + 1)

    plant(form.sections, None, 1)


def _copy_outline(old_cycle_id: int, cycle_id: int, unit_id: int) -> None:
    standing = {office.id for office in people.offices(unit_id)}
    new_ids: dict[int, int] = {}
    for old in sections.outline(old_cycle_id):
        new_ids[old.id] = sections.add(
            cycle_id,
            unit_id,
            key=old.key,
            parent_id=new_ids[old.parent_id] if old.parent_id else None,
            level=old.level,
            position=old.position,
            title=old.title,
            run_in=old.run_in,
            has_text=old.has_text,
            holds_money=old.holds_money,
            is_required=old.is_required,
            takes_items=old.takes_items,
            guidance=old.guidance,
            owner_office_id=old.owner_office_id if old.owner_office_id in standing else None,
        )


def _demand(actor: Actor) -> None:
    if not actor.may(Permission.ARRANGE):
        raise Forbidden("年度任务由统稿人安排。")


def _locked(actor: Actor, cycle_id: int, version: int) -> tuple[CycleView, reports.ReportView]:
    report = reports.lock_current(cycle_id, actor.unit_id)
    cycle = cycles.lock(cycle_id, actor.unit_id)
    if cycle.version != version:
        raise Conflict("年度任务在您打开之后已被修改，请刷新后再改。")
    return cycle, report


def _locked_section(actor: Actor, section_id: int, version: int | None) -> SectionView:
    """The section, if the outline may be arranged now: the report is not merged, nobody saved in between."""
    _demand(actor)
    report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
    section = sections.lock(section_id, actor.unit_id)
    if report.state is not ReportState.DRAFTING:
        raise Conflict("报告已合稿，不能再调整章节；需要调整的，请先取消合稿。")
    if version is not None and section.version != version:
        raise Conflict("这一节在您打开之后已有变动，请刷新后再调整。")
    return section


def _record(
    actor: Actor,
    cycle_id: int,
    action: str,
    *,
    section_id: int | None = None,
    reason: str = "",
    digest: str = "",
    details: dict[str, object] | None = None,
) -> None:
    events.record(
        action,
        actor_id=actor.id,
        unit_id=actor.unit_id,
        cycle_id=cycle_id,
        section_id=section_id,
        reason=reason,
        content_sha256=digest,
        details=details,
    )
