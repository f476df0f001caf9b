"""Approving several sections and reports at once: each in its own transaction, as it was seen, with its own answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfapp.core.errors import DomainError, Invalid
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction
from perfapp.core.words import REPORT_ACTIONS, SECTION_ACTIONS
from perfapp.data import reports, sections
from perfapp.services import delegating, looking
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts

MOST = 50
SECTION_STEPS = (SectionAction.ENDORSE, SectionAction.CHECK, SectionAction.ACCEPT)
REPORT_STEPS = (ReportAction.ENDORSE,)
"""What may be done without opening the page; to issue and to seal, one opens it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One ticked line: what it was when it was ticked."""

    section_id: int | None
    report_id: int | None
    action: SectionAction | ReportAction
    version: int
    seen_sha256: str
    principal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it, as a sentence."""

    item: Item
    title: str
    is_done: bool
    sentence: str


def approve(actor: Actor, items: Iterable[Item]) -> list[Result]:
    """Do them one after the other; a refusal stops none of the others."""
    chosen = list(dict.fromkeys(items))
    if not chosen:
        raise Invalid("请先勾选要办理的事项。")
    if len(chosen) > MOST:
        raise Invalid(f"一次最多办理 {MOST} 件，请分几次勾选。")
    return [_one(actor, item) for item in chosen]


def _one(actor: Actor, item: Item) -> Result:
    try:
        title = _title(actor, item)
    except DomainError as refusal:
        return Result(item, "已看不到的一项", False, refusal.message)
    try:
        who = delegating.acting(actor, item.principal_id)
        words = _do(who, item)
    except DomainError as refusal:
        return Result(item, title, False, refusal.message)
    return Result(item, title, True, f"{words}{f'（{who.signature}）' if who.principal else ''}。")


def _do(who: Actor, item: Item) -> str:
    if item.section_id is not None and item.action in SECTION_STEPS:
        action = SectionAction(item.action)
        section_acts.act(who, item.section_id, action, version=item.version, seen_sha256=item.seen_sha256)
        return f"已办理：{SECTION_ACTIONS[action]}"
    if item.report_id is not None and item.action in REPORT_STEPS:
        report_acts.act(
            who, item.report_id, ReportAction(item.action), version=item.version, seen_sha256=item.seen_sha256
        )
        return f"已办理：{REPORT_ACTIONS[ReportAction(item.action)]}"
    raise Invalid("这一步要打开页面办理，不能批量。")


def _title(actor: Actor, item: Item) -> str:
    if item.section_id is not None:
        return sections.visible(actor, item.section_id).heading
    report = reports.visible(actor, item.report_id or 0)
    return f"{report.title}（{report.edition_name}）"


def seen_of_report(report: reports.ReportView) -> str:
    return looking.shown_sha256(report)
