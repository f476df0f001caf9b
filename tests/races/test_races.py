"""Many at once, with real commits: one wins, the others are told, nothing is lost or done twice."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from perfapp import clock
from perfapp.core.errors import Conflict
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, events, history, reports, seal_uses, sections
from perfapp.data import jobs as job_table
from perfapp.data.session import transaction
from perfapp.extensions import db
from perfapp.services import drafting, jobs
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.making.progress import Say, Transient
from tests.making import PASSWORD, a_cycle, a_unit, an_issued_report, bring, run_jobs, section_with, words, write

CROWD = 12


def together(app: Flask, call: Callable[[int], object], crowd: int = CROWD) -> Counter[str]:
    """Call it from `crowd` threads at the same moment; how many ended how."""
    barrier = threading.Barrier(crowd)

    def one(number: int) -> str:
        with app.app_context():
            barrier.wait()
            try:
                return str(call(number))
            except Conflict:
                return "conflict"

    with ThreadPoolExecutor(crowd) as pool:
        ends = Counter(pool.map(one, range(crowd)))
    db.session.rollback()  # what this thread had read before is old now
    return ends


def test_twelve_approvals_at_once_are_one(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    section = bring(unit, section_with(a_cycle(unit), "basics").id, SectionState.SUBMITTED)

    def approve(_: int) -> str:
        return section_acts.act(unit.head, section.id, SectionAction.ENDORSE, version=section.version).state

    assert together(committed, approve) == {"head_approved": 1, "conflict": CROWD - 1}
    assert [a.action for a in approvals.of_section(section.id)] == ["endorse"]
    assert Counter(event.action for event in events.of_section(section.id))["endorse"] == 1


def test_no_save_is_lost_however_many_write(committed: Flask) -> None:
    """Each of 12 writers saves 10 times, taking up the newest version after each conflict: all 120 are there."""
    unit = a_unit(with_seal=False)
    section = write(unit, section_with(a_cycle(unit), "basics").id, "开头。")

    def save_ten_times(writer: int) -> str:
        for turn in range(10):
            while True:
                present = sections.visible(unit.writer, section.id)
                try:
                    text = words(f"第{writer}人第{turn}次。")
                    drafting.save(unit.writer, section.id, version=present.version, raw=text)
                    break
                except Conflict:
                    continue
        return "saved"

    assert together(committed, save_ten_times) == {"saved": CROWD}
    kept = history.versions(section.id, with_autosaves=True)
    texts = {sections.version_document(section.id, version.number) for version in kept}
    assert len(kept) == len(texts) == CROWD * 10 + 1


def test_an_approval_never_covers_other_words_than_were_seen(committed: Flask) -> None:
    """The writer takes back and changes while the head approves: whoever comes second is told."""
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED, "原文。")
    for turn in range(10):
        section_id, version = section.id, section.version

        def either(number: int, section_id: int = section_id, version: int = version) -> str:
            if number % 2:
                section_acts.act(unit.head, section_id, SectionAction.ENDORSE, version=version)
                return "approved"
            section_acts.act(unit.writer, section_id, SectionAction.WITHDRAW, version=version)
            return "withdrawn"

        ends = together(committed, either, crowd=2)
        section = sections.visible(unit.editor, section.id)
        standing = [a for a in approvals.of_section(section.id) if a.stands_for(section.content_sha256)]
        assert ends["conflict"] == 1
        if ends["approved"]:
            assert standing
            section = section_acts.act(unit.head, section.id, SectionAction.UNDO_ENDORSE, version=section.version)
        else:
            section = bring(unit, section.id, SectionState.SUBMITTED, f"改文{turn}。")


def test_twelve_presses_make_one_seal(committed: Flask) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = an_issued_report(unit, cycle_id)

    def press(_: int) -> str:
        pressed = report_acts.press(
            unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD
        )
        return pressed.state

    assert together(committed, press) == {"sealing": 1, "conflict": CROWD - 1}
    ids = job_table.due(clock.now())
    together(committed, lambda _: [jobs.run(job_id) for job_id, _ in ids])
    assert reports.current(cycle_id).state is ReportState.SEALED
    assert [use.state for use in seal_uses.uses(unit.id)] == ["done"]


def test_twelve_workers_run_a_job_once_and_asking_twice_is_one_job(committed: Flask) -> None:
    runs: list[int] = []

    def note(payload: dict[str, object], say: Say) -> dict[str, object]:
        say(50, "半途")
        runs.append(1)
        return {"n": len(runs)}

    jobs.HANDLERS["note"] = note
    try:
        with transaction():
            first = job_table.ask("note", "same", {})
            assert job_table.ask("note", "same", {}) == first
        ends = together(committed, lambda _: jobs.run(first))
    finally:
        del jobs.HANDLERS["note"]
    assert ends == {"done": 1, "None": CROWD - 1}
    assert len(runs) == 1


def test_a_dead_worker_is_replaced_and_its_late_answer_ignored(committed: Flask) -> None:
    with transaction():
        job_id = job_table.ask("note", "late", {})
        start = clock.now()
        lost = job_table.claim(job_id, start, jobs.LEASE)
    assert lost is not None
    assert job_table.due(start + jobs.LEASE - timedelta(seconds=1)) == []
    after = start + jobs.LEASE + timedelta(seconds=1)
    assert job_table.due(after) == [(job_id, "note")]
    with transaction():
        second = job_table.claim(job_id, after, jobs.LEASE)
        assert second is not None
        assert job_table.finish(second, state="done", now=after, result={"by": "second"})
        assert not job_table.finish(lost, state="done", now=after, result={"by": "first"})
    view = job_table.get(job_id)
    assert view is not None
    assert view.result == {"by": "second"}


def test_a_passing_failure_is_tried_again_and_a_bug_is_not(committed: Flask) -> None:
    def away(payload: dict[str, object], say: Say) -> dict[str, object]:
        raise Transient("邮件服务器没有响应。")

    def broken(payload: dict[str, object], say: Say) -> dict[str, object]:
        raise KeyError("x")

    jobs.HANDLERS.update(away=away, broken=broken)
    try:
        with transaction():
            away_id, broken_id = job_table.ask("away", "1", {}), job_table.ask("broken", "1", {})
        assert jobs.run(away_id) == "queued"
        assert jobs.run(away_id) is None  # not due yet: the delay grows
        assert jobs.run(broken_id) == "failed"
    finally:
        del jobs.HANDLERS["away"], jobs.HANDLERS["broken"]
    failed = job_table.get(broken_id)
    assert failed is not None
    assert "请重试" in failed.error


def test_a_lost_broker_loses_nothing(committed: Flask) -> None:
    """No broker is configured here at all: the request succeeds, the sweep finds the work, the worker does it."""
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = an_issued_report(unit, cycle_id)
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    assert jobs.sweep() == 1
    assert run_jobs() == ["done"]
    assert reports.current(cycle_id).state is ReportState.SEALED
