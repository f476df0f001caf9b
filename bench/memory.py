"""What the running system keeps in memory: at rest, and in a worker child after many reports."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from bench import content, stack
from bench.measure import Finding, Goal
from bench.visitor import Visitor
from perfapp.data import blobs, cycles, jobs, people, reports
from perfapp.data.session import transaction
from perfapp.demo.staff import CAST, PASSWORD
from perfapp.extensions import db
from perfapp.services import freezing
from tests.running.system import System, living

REPORTS = 200
REST_SECONDS = 12  # one beat of the clock, so that the worker has swept
SAMPLE_SECONDS = 0.2
NAMES = ("broker", "web", "worker", "beat")


def findings() -> list[Finding]:
    with stack.on_sqlite(PERFAPP_DEMO="1") as (system, app):
        opened = _open_every_page(system)
        sleep(REST_SECONDS)
        rest = {name: _sizes(pids) for name, pids in _parts(system).items()}
        child = _parts(system)["worker child"]
        empty = _sizes(child)
        with app.app_context():
            peak, made = _make_reports(system)
    total = sum(pss for pss, _ in rest.values())
    full = {"worker child, at rest": empty, f"worker child, most while it made {made} reports": peak}
    return [
        Finding(
            "Memory",
            [
                Goal("make run at rest, all processes (PSS)", total, 600, " MiB"),
                Goal(f"worker child after {REPORTS} reports (RSS)", peak[1], 250, " MiB"),
            ],
            [
                ("", "PSS MiB", "RSS MiB"),
                *([name, f"{pss:.0f}", f"{rss:.0f}"] for name, (pss, rss) in rest.items()),
                ("all together", f"{total:.0f}", ""),
                *([name, f"{pss:.0f}", f"{rss:.0f}"] for name, (pss, rss) in full.items()),
            ],
            [
                f"At rest: demo data on SQLite with the embedded broker, after {len(CAST)} accounts have opened"
                f" {opened} pages and files by following every link; two web workers, one worker child, the clock,"
                " the broker, the supervisor. PSS counts a shared page once.",
                f"{REPORTS} different reports, PDF and DOCX and both files stored, one after the other as jobs; a child"
                " is replaced after 200 tasks, sweeps among them, so no child ever does more.",
            ],
        )
    ]


def _open_every_page(system: System) -> int:
    """As every demo account in turn; returns how many addresses were opened."""
    return sum(len(Visitor(system.address, part.login, PASSWORD).visit_all()) for part in CAST)


def _make_reports(system: System) -> tuple[tuple[float, float], int]:
    """PSS and RSS of the child at its largest, and how many reports that child had made in the end."""
    unit = people.unit_by_code("DEMO2018")
    assert unit is not None  # noqa: S101 -- the demo has just been loaded
    report = reports.current(cycles.of_unit(unit.id)[0].id)
    asked = []
    with transaction():
        for number in range(REPORTS):
            snapshot = content.report(number)
            blob = blobs.put(json.dumps(snapshot.to_json()).encode(), "application/json")
            asked.append(freezing.ask_compile(report.id, unit.id, snapshot, blob))
    largest: dict[int, tuple[float, float]] = {}
    began_with = dict.fromkeys(_parts(system)["worker child"], 0)
    done, deadline = 0, monotonic() + 300
    while done < REPORTS:
        if monotonic() > deadline:
            raise RuntimeError(f"only {done} of {REPORTS} reports were made")
        sleep(SAMPLE_SECONDS)
        done = _done(asked)
        for pid in _parts(system)["worker child"]:
            began_with.setdefault(pid, done)
            pss, rss = _sizes([pid])
            most = largest.get(pid, (0.0, 0.0))
            largest[pid] = (max(pss, most[0]), max(rss, most[1]))
    pid = max(largest, key=lambda each: largest[each][1])
    later = [count for count in began_with.values() if count > began_with[pid]]
    return largest[pid], min([*later, REPORTS]) - began_with[pid]


def _done(asked: list[int]) -> int:
    db.session.rollback()
    found = [jobs.get(job_id) for job_id in asked]
    failed = [job for job in found if job and job.state == "failed"]
    if failed:
        raise RuntimeError(f"a report could not be made: {failed[0].error}")
    return sum(job is not None and job.state == "done" for job in found)


def _parts(system: System) -> dict[str, list[int]]:
    """Every process of the system under its part's name; a worker's children by themselves."""
    parts = system.parts()
    found: dict[str, list[int]] = {"supervisor": [system.process.pid]}
    for name in NAMES:
        found[name] = [parts[name], *(() if name == "worker" else _children(parts[name]))]
    found["worker child"] = list(_children(parts["worker"]))
    missed = set(living(system.home)) - {pid for pids in found.values() for pid in pids}
    return found | ({"others": sorted(missed)} if missed else {})


def _children(pid: int) -> Iterator[int]:
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, path.read_text().split())


def _sizes(pids: list[int]) -> tuple[float, float]:
    """PSS and RSS of the processes together, in MiB; one that has just ended counts nothing."""
    pss = rss = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kib = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        pss, rss = pss + kib["Pss"], rss + kib["Rss"]
    return pss / 1024, rss / 1024
