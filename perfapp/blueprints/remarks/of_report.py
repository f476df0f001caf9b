"""The remarks of a whole report: on its page, section by section, with one form for all of them."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from perfapp.blueprints.remarks import panel
from perfapp.blueprints.remarks.panel import Form, Panel
from perfapp.core.document import EMPTY
from perfapp.core.permissions import Actor
from perfapp.core.snapshot import Snapshot
from perfapp.data import sections
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView


@dataclass(frozen=True, slots=True)
class ReportRemarks:
    """`groups` are the sections with remarks; `ids` are the sections that can be remarked on, by key."""

    groups: tuple[tuple[SectionView, Panel], ...]
    form: Form | None
    ids: dict[str, int]

    @property
    def open_count(self) -> int:
        return sum(found.open_count for _, found in self.groups)

    @property
    def stamp(self) -> str:
        return panel.stamp(thread for _, found in self.groups for thread in found.threads)

    @property
    def places(self) -> tuple[dict[str, Any], ...]:
        return tuple(place for _, found in self.groups for place in found.places)


def of_report(actor: Actor, report: ReportView, outline: tuple[SectionView, ...], shown: Snapshot) -> ReportRemarks:
    """`shown` is the text that the page shows."""
    texts = {section.key: section.document for section in shown.sections}
    readable = [
        section
        for section in outline
        if section.has_text and section.key in texts and sections.is_readable(actor, section)
    ]
    found = panel.of_sections(actor, [(section, texts[section.key] or EMPTY) for section in readable])
    taking_part = [section for section in readable if found[section.id].form]
    first = next((form for section in taking_part if (form := found[section.id].form)), None)
    options = tuple((section.id, section.heading) for section in taking_part)
    url = url_for("remarks.add_in_report", report_id=report.id)
    return ReportRemarks(
        tuple((section, found[section.id]) for section in readable if found[section.id].threads),
        replace(first, url=url, sections=options) if first else None,
        {section.key: section.id for section in taking_part},
    )
