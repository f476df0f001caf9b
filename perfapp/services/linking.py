"""Link every typed number of a section that equals a fact, in one step."""

from perfapp.core.document import dump
from perfapp.core.linking import Link, linked
from perfapp.core.permissions import Actor
from perfapp.data import sections
from perfapp.services import drafting, findings
from perfapp.services.drafting import Saved
from perfapp.services.findings import SectionCheck


def link_all(actor: Actor, section_id: int, *, version: int) -> tuple[Saved | None, int]:
    """Store the text with its typed numbers linked; returns the save, or None, and how many were linked."""
    links = offered_links(findings.of_section(actor, section_id))
    if not links:
        return None, 0
    document = linked(sections.content(section_id).document, links, sections.visible(actor, section_id).level)
    saved = drafting.save(actor, section_id, version=version, raw=dump(document), kind="merged", label="关联数据")
    return saved, len(links)


def offered_links(check: SectionCheck) -> list[Link]:
    """The offers that change no character, as places in the section's blocks; 2160 stays 2160, 五个 stays 五个."""
    found = []
    for offer in check.offers:
        if check.present.shown(offer.reference) != offer.text:
            continue
        at = check.text.stretch(offer.place)
        if at is not None:
            found.append(Link(at.block, at.row, at.start, at.end, offer.reference))
    return found
