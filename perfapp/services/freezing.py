"""From live sections to a frozen snapshot, and from a snapshot to the job that makes its documents."""

import json
from datetime import date

from perfapp.core.content import Content, snapshot_section
from perfapp.core.figures.facts import Reference, Sheet
from perfapp.core.section_flow import SectionState
from perfapp.core.snapshot import EvidenceMark, ExplanationMark, FactMark, Snapshot, SnapshotSection
from perfapp.data import blobs, cycles, evidence, explanations, facts, jobs, sections
from perfapp.data.cycles import CycleView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import annex_tables, findings, sheets
from perfapp.services.sourcing import spoken_source

COMPILE = "compile"
PREVIEW = "preview"


def snapshot(report: ReportView, dated_on: date | None) -> Snapshot:
    """The report's present content: every section that has been started, in printed order, with its evidence."""
    cycle = cycles.get(report.cycle_id)
    outline = sections.outline(cycle.id)
    present = sheets.sheet(cycle)
    stored = sections.contents([section.id for section in outline])
    texts = {section.id: sheets.as_read(section, stored[section.id], present) for section in outline}
    plain = of_outline(cycle, outline, texts, edition=report.edition, dated_on=dated_on)
    frozen = plain.model_copy(update={"annexes": tuple(one.dated(dated_on) for one in annex_tables.to_print(cycle))})
    return frozen.model_copy(
        update={
            "evidence": _evidence(outline),
            "facts": _facts(cycle, frozen, present),
            "explanations": _explanations(cycle, outline),
            "entries": annex_tables.entries(cycle) if frozen.annexes else (),
            "proofs": annex_tables.proofs(cycle),
        }
    )


def of_outline(
    cycle: CycleView,
    outline: tuple[SectionView, ...],
    texts: dict[int, Content],
    *,
    edition: int,
    dated_on: date | None,
) -> Snapshot:
    """Sections that were left unstarted (only optional ones can be) do not print; the rest are renumbered."""
    children: dict[int | None, list[SectionView]] = {}
    for section in outline:
        children.setdefault(section.parent_id, []).append(section)
    printed = []

    def prints(section: SectionView) -> bool:
        if section.has_text and section.state is not SectionState.NOT_STARTED:
            return True
        return any(prints(child) for child in children.get(section.id, ()))

    def walk(parent_id: int | None) -> None:
        siblings = [section for section in children.get(parent_id, ()) if prints(section)]
        for number, section in enumerate(siblings, start=1):
            started = section.has_text and section.state is not SectionState.NOT_STARTED
            printed.append(
                snapshot_section(
                    texts[section.id], level=section.level, number=number, run_in=section.run_in, has_text=started
                )
            )
            walk(section.id)

    walk(None)
    return Snapshot(
        attachment_mark=str(cycle.form.get("attachment_mark", "")),
        title=cycle.title,
        unit_name=cycle.unit_name,
        fiscal_year=cycle.fiscal_year,
        edition=edition,
        dated_on=dated_on,
        sections=tuple(printed),
    )


def _facts(cycle: CycleView, frozen: Snapshot, present: Sheet) -> tuple[FactMark, ...]:
    """Every entered fact of this year behind a figure of the text or a cell of an annex."""
    shown = sheets.rest_on((section.document for section in frozen.sections if section.document), present)
    if frozen.annexes:
        shown |= annex_tables.rest_on(cycle, present)
    behind = {key for key, is_last_year in shown if not is_last_year}
    if not behind:
        return ()
    values = facts.present(cycle.id)
    return tuple(
        FactMark(
            key=fact.key,
            name=fact.name,
            value=present.shown(Reference(fact=fact.key)),
            scope=fact.definition.scope,
            as_of=value.as_of,
            source=spoken_source(value),
            entered_by=value.entered_by_name,
            confirmed_by=value.confirmed_by_name,
        )
        for fact in facts.of_unit(cycle.unit_id, retired=True)
        if fact.key in behind and (value := values.get((fact.id, facts.YEAR))) is not None
    )


def _explanations(cycle: CycleView, outline: tuple[SectionView, ...]) -> tuple[ExplanationMark, ...]:
    """The accepted explanations of what the checks still find; without any there is nothing to look for."""
    if not any(one.is_accepted for one in explanations.of_cycle(cycle.id).values()):
        return ()
    return tuple(
        ExplanationMark(
            finding=one.finding.message,
            explanation=one.explanation.explanation,
            explained_by=one.explanation.explained_by_name,
            accepted_by=one.explanation.answered_by_name,
        )
        for one in findings.of_cycle(cycle, outline, with_scores=True).judged
        if one.is_settled and one.explanation is not None
    )


def _evidence(outline: tuple[SectionView, ...]) -> tuple[EvidenceMark, ...]:
    by_section: dict[int, list[evidence.EvidenceView]] = {}
    for item in evidence.of_cycle(outline[0].cycle_id) if outline else ():
        by_section.setdefault(item.section_id, []).append(item)
    return tuple(
        EvidenceMark(
            section=section.heading,
            filename=item.filename,
            note=item.note,
            sha256=item.sha256,
            size=item.size,
            added_by=item.added_by,
            added_at=item.added_at,
        )
        for section in outline
        for item in by_section.get(section.id, ())
    )


def store(frozen: Snapshot) -> str:
    """Keep the snapshot as a blob; returns the blob's SHA-256."""
    return blobs.put(json.dumps(frozen.to_json(), ensure_ascii=False, sort_keys=True).encode(), "application/json")


def load(blob_sha256: str) -> Snapshot:
    return Snapshot.from_json(json.loads(blobs.read(blob_sha256)))


def ask_compile(report: ReportView, frozen: Snapshot, blob_sha256: str) -> int:
    """Ask for the files of the snapshot; asking twice for the same content is one job.

    Where the report has the files of other content by now, they are made anew: it has come back to what it was.
    """
    payload = {"report_id": report.id, "snapshot_blob": blob_sha256, "snapshot_sha256": frozen.sha256}
    anew = report.compiled_sha256 != frozen.sha256
    return jobs.ask(COMPILE, f"{report.id}:{frozen.sha256}", payload, unit_id=report.unit_id, anew=anew)


def ask_preview(unit_id: int, frozen: Snapshot, *, section_id: int | None = None, report_id: int | None = None) -> int:
    """Ask for a PDF with a 草稿 watermark; whoever may read the named section or report may fetch it."""
    payload = {"snapshot_blob": store(frozen), "section_id": section_id, "report_id": report_id}
    subject = f"section:{section_id}" if section_id else f"report:{report_id}" if report_id else f"unit:{unit_id}"
    return jobs.ask(PREVIEW, f"{subject}:{frozen.sha256}", payload, unit_id=unit_id)


def ask_section_preview(section: SectionView, printed: SnapshotSection, unit_name: str, fiscal_year: int) -> int:
    """Ask for a PDF of one section with a 草稿 watermark; the payload says whose section it is."""
    frozen = {"section": printed.model_dump(mode="json"), "unit_name": unit_name, "fiscal_year": fiscal_year}
    blob = blobs.put(json.dumps(frozen, ensure_ascii=False, sort_keys=True).encode(), "application/json")
    payload = {"section_blob": blob, "section_id": section.id, "report_id": None}
    return jobs.ask(PREVIEW, f"section:{section.id}:{blob}", payload, unit_id=section.unit_id)
