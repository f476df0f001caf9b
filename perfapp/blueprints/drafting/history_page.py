"""The texts a section ever had, listed."""

from typing import Any

from perfapp.blueprints.drafting import section_page
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import may_write
from perfapp.data import history, reports
from perfapp.data.sections import SectionView
from perfapp.services.comparing import KINDS
from perfapp.services.sections import facts


def listed(actor: Actor, section_id: int, *, everything: bool) -> dict[str, Any]:
    """Milestones, or with `everything` the autosaves between them too."""
    section, editable = _section(actor, section_id)
    office = section.owner_office_id
    return {
        "section": section,
        "versions": history.versions(section_id, with_autosaves=everything),
        "kinds": KINDS,
        "everything": everything,
        "editable": editable,
        "may_name": office is not None and actor.may_at(Permission.WRITE, office),
        "naming": None,
        "typed": "",
        "refusal": "",
    }


def _section(actor: Actor, section_id: int) -> tuple[SectionView, bool]:
    section, _ = section_page.readable(actor, section_id)
    return section, may_write(facts(section, reports.current(section.cycle_id)), actor)
