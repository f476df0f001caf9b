"""From the editor's click to both files, through the whole system."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from itertools import islice
from statistics import median
from time import perf_counter, sleep
from typing import Any

from flask import Flask

from bench import content, stack
from bench.measure import TIMES, Finding, Goal, row
from bench.visitor import Visitor
from perfapp.core.document import Document
from perfapp.core.permissions import Actor
from perfapp.core.section_flow import SectionAction
from perfapp.core.snapshot import Snapshot
from perfapp.data import reports, sections
from perfapp.documents.docx import render_docx
from perfapp.documents.pdf import render_pdf
from perfapp.extensions import db
from perfapp.services import drafting, freezing
from perfapp.services import sections as section_acts
from tests import making
from tests.running.system import System

CLICKS = 10
WARMING = 3  # each web worker and the worker child have done one
FIRST_YEAR = 2010
POLL_SECONDS = 0.02
JOB = re.compile(r"/jobs/\d+")


def findings() -> list[Finding]:
    made = [_measured("SQLite, embedded broker", stack.on_sqlite())]
    try:
        made.append(_measured("PostgreSQL, Redis", stack.on_postgres()))
    except LookupError as missing:
        print(f"Click to both files on PostgreSQL left out: {missing}")
    rows = [row(name, took) for finding in made for name, took in finding.items()]
    clicks = [next(iter(finding.items())) for finding in made]
    return [
        Finding(
            "Click to both files",
            [Goal(name, median(took), 0.5, " s") for name, took in clicks],
            [TIMES, *rows],
            [
                "From the editor's POST of 合稿 to the first answer of /jobs/… that says done, asked every 20 ms:"
                " freezing, the job table, the broker, a worker child, both files stored durably and on the report. The"
                " second line of each pair is the two engines alone, warm, in this process, after each click.",
                f"{CLICKS} different reports of the sample's text and table, after {WARMING} that are not counted.",
            ],
        )
    ]


def _measured(name: str, whole: AbstractContextManager[tuple[System, Flask]]) -> dict[str, list[float]]:
    with whole as (system, app):
        with app.app_context():
            unit, waiting = _reports_to_merge(CLICKS + WARMING)
            db.session.remove()
            db.engine.dispose()
        editor = Visitor(system.address, unit.logins["editor"], making.PASSWORD)
        clicks, alone = [], []
        for report_id, snapshot in waiting:
            clicks.append(_click(editor, report_id))
            began = perf_counter()
            render_pdf(snapshot, {})
            render_docx(snapshot, {})
            alone.append(perf_counter() - began)
    return {name: clicks[WARMING:], f"{name}: engines alone": alone[WARMING:]}


def _click(editor: Visitor, report_id: int) -> float:
    form = editor.page(f"/reports/{report_id}").form(action="merge")
    began = perf_counter()
    page = editor.send(form, dated_on="2019-03-15")
    found = JOB.search(page.html)
    if found is None:
        raise RuntimeError(f"{page.address} shows no job")
    while (job := editor.json(found[0]))["state"] != "done":
        if job["state"] == "failed" or perf_counter() - began > 60:
            raise RuntimeError(f"the job did not end well: {job}")
        sleep(POLL_SECONDS)
    return perf_counter() - began


def _reports_to_merge(count: int) -> tuple[making.AUnit, list[tuple[int, Snapshot]]]:
    """Reports of one unit in which every section is accepted, each with the snapshot that its click will freeze."""
    unit = making.a_unit(with_seal=False)
    found = []
    for number in range(count):
        cycle_id = making.a_cycle(unit, FIRST_YEAR + number)
        waiting = making.texts(cycle_id)
        blocks = _blocks(content.report(number))
        share = -(-len(blocks) // len(waiting))
        pieces = iter(blocks)
        for section in waiting:
            _accept(unit, section.id, list(islice(pieces, share)))
        report = reports.current(cycle_id)
        found.append((report.id, freezing.snapshot(report, date(2019, 3, 15))))
    return unit, found


def _blocks(snapshot: Snapshot) -> list[dict[str, Any]]:
    """All blocks of the report, the annex's table last."""
    documents = [section.document for section in snapshot.sections] + [annex.document for annex in snapshot.annexes]
    return [block.model_dump(mode="json") for document in documents for block in (document or Document()).content]


def _accept(unit: making.AUnit, section_id: int, blocks: list[dict[str, Any]]) -> None:
    section = sections.visible(unit.editor, section_id)
    writer, _ = making.writer_of(unit, section)
    raw = {"type": "doc", "content": blocks or making.words("无。")["content"]}
    drafting.save(writer, section_id, version=section.version, raw=raw)
    section = sections.visible(unit.editor, section_id)
    for actor, action in _path(unit, section):
        section = section_acts.act(actor, section_id, action, version=section.version)


def _path(unit: making.AUnit, section: sections.SectionView) -> Iterator[tuple[Actor, SectionAction]]:
    writer, head = making.writer_of(unit, section)
    yield writer, SectionAction.SUBMIT
    yield head, SectionAction.ENDORSE
    if section.holds_money:
        yield unit.finance, SectionAction.CHECK
    yield unit.editor, SectionAction.ACCEPT
