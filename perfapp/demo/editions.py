"""The life of a demo cycle's report, from merging to delivery. Documents and seal are really made."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from perfapp import clock
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import ReportAction
from perfapp.data import deliveries, reports, seal_uses
from perfapp.data import jobs as job_table
from perfapp.demo.course import Course, workday
from perfapp.demo.staff import PASSWORD, Staff
from perfapp.services import delivering, freezing, jobs, report_facts
from perfapp.services import reports as report_acts

A = ReportAction
LINE = (A.MERGE, A.SEND, A.ENDORSE, A.ISSUE, A.PRESS, A.DELIVER)
JOB_SECONDS = 60.0


def tell(course: Course, staff: Staff, cycle_id: int, today: date, back: int, actions: Sequence[ReportAction]) -> None:
    """Put the actions into the course, one an hour, on the working day that lies `back` before `today`."""
    for hour, action in enumerate(actions, start=9):
        moment = workday(today, back, hour, 10)
        course.on(moment, partial(_STEPS.get(action, _act), _doer(staff, action), cycle_id, action))
        if action is A.MERGE:
            course.on(moment + timedelta(minutes=1), partial(_compile, cycle_id))


def _doer(staff: Staff, action: ReportAction) -> Actor:
    roles = {A.ENDORSE: Role.DEPUTY_LEADER, A.ISSUE: Role.LEADER, A.PRESS: Role.LEADER}
    return staff.one(roles.get(action, Role.EDITOR))


def _act(actor: Actor, cycle_id: int, action: ReportAction) -> None:
    report = reports.current(cycle_id)
    report_acts.act(actor, report.id, action, version=report.version)


def _compile(cycle_id: int) -> None:
    report = reports.current(cycle_id)
    _work(freezing.COMPILE, f"{report.id}:{report.snapshot_sha256}")


def _press(actor: Actor, cycle_id: int, action: ReportAction) -> None:
    report = reports.current(cycle_id)
    report_acts.press(actor, report.id, action, version=report.version, password=PASSWORD)
    use = seal_uses.latest_use(report.id)
    _work(report_facts.SEAL, f"use:{use.id if use else 0}")


def _deliver(actor: Actor, cycle_id: int, action: ReportAction) -> None:
    report = reports.current(cycle_id)
    if deliveries.bureau_of(report.unit_id) is not None:
        delivering.deliver_online(actor, report.id, version=report.version)
        return
    delivering.deliver(
        actor,
        report.id,
        version=report.version,
        recipient="区财政局（演示）",
        delivered_on=clock.today(),
        receipt="演示回执1号",
    )


def _work(kind: str, key: str) -> None:
    """Do the job here, as a worker would; where a worker has taken it already, wait for him."""
    asked = job_table.find(kind, key)
    if asked is None:
        raise LookupError(f"no job {kind} {key}")
    jobs.run(asked.id)
    deadline = time.monotonic() + JOB_SECONDS
    while (job := job_table.get(asked.id) or asked).state != "done":
        if job.state == "failed" or time.monotonic() > deadline:
            raise RuntimeError(f"{kind} {key}: {job.error or job.state}")
        time.sleep(0.1)


_STEPS = {A.PRESS: _press, A.DELIVER: _deliver}
