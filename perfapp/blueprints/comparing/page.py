"""What the pages of a comparison show."""

from typing import Any

from flask import url_for

from perfapp.core.comparison import Comparison, parts
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import may_write
from perfapp.data import reports, sections
from perfapp.data.sections import SectionView
from perfapp.services import comparing
from perfapp.services.comparing import Choice
from perfapp.services.sections import facts


def section(actor: Actor, section_id: int, left: str, right: str, refusal: str = "") -> dict[str, Any]:
    """Version `left` beside version `right`; an old version beside the present text may be restored from here."""
    present = readable(actor, section_id)
    if not left:
        raise NotFound("没有说明要比较哪个版本，请从历史里选择。")
    comparison = comparing.of_section(actor, section_id, left, right)
    choices = comparing.section_choices(present, left, right)
    return {
        **_context(comparison, choices, left, right, url_for("comparing.section_pdf", section_id=section_id)),
        "picture_url": lambda sha256: url_for("drafting.picture", section_id=section_id, sha256=sha256),
        "section": present,
        "may_restore": right == comparing.NOW
        and left != comparing.NOW
        and may_write(facts(present, reports.current(present.cycle_id)), actor),
        "refusal": refusal,
    }


def report(actor: Actor, report_id: int, left: str, right: str) -> dict[str, Any]:
    """Two versions of the report's editions; where none are named, the newest with the one before it."""
    present = reports.visible(actor, report_id)
    choices = comparing.report_choices(actor, present)
    newest = comparing.last_two(choices)
    if newest is None:
        return {"report": present, "comparison": None}
    chosen = left or newest[0], right or newest[1]
    comparison = comparing.of_reports(actor, report_id, *chosen)
    pdf = url_for("comparing.report_pdf", report_id=report_id) if actor.may(Permission.READ_DRAFTS) else ""
    return {
        **_context(comparison, choices, *chosen, pdf),
        "report": present,
        "picture_url": lambda sha256: url_for("documents.picture", report_id=report_id, sha256=sha256),
    }


def readable(actor: Actor, section_id: int) -> SectionView:
    found = sections.visible(actor, section_id)
    if not found.has_text:
        raise NotFound("没有找到这一节。")
    return found


def _context(
    comparison: Comparison, choices: tuple[Choice, ...], left: str, right: str, pdf_url: str
) -> dict[str, Any]:
    found = parts(comparison)
    return {
        "comparison": comparison,
        "parts": found,
        "changed": [part for part in found if not part.is_same],
        "same": [part for part in found if part.is_same],
        "figures": [(part, figure) for part in found for figure in part.figures],
        "choices": choices,
        "left_code": left,
        "right_code": right,
        "pdf_url": pdf_url,
    }
