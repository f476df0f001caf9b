"""The making of a report's files as people ask for it: again after a failure, or ahead of time as a preview."""

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW, ReportAction
from perfapp.data import jobs, reports
from perfapp.data.jobs import JobView
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import freezing, report_facts


def job_of(report: ReportView) -> JobView | None:
    """The job that makes the files of the report's present content."""
    return jobs.find(freezing.COMPILE, f"{report.id}:{report.snapshot_sha256}")


def annex_job_of(report: ReportView) -> JobView | None:
    """The same job, where the report's own files are made and its annexes are not yet, or could not be."""
    job = job_of(report) if report.is_compiled else None
    return job if job is not None and job.state != "done" else None


def remaking_bar(actor: Actor) -> str:
    """Why the actor may not have the annexes made again; '' when he may."""
    return "" if actor.may(Permission.MERGE) else "附件由统稿人重新生成。"


def retry(actor: Actor, report_id: int) -> int:
    """Put a failed making of the files back into the queue; asking twice is one job. Returns the job's id.

    Annexes that failed after the report's own files can be made again in every state: their content is frozen.
    """
    if not actor.may(Permission.READ_REPORT):
        raise Forbidden("您没有办理这一步的权限。")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        if annex_job_of(report) is None:
            known = report_facts.facts(report)
            FLOW.decide(known, ReportAction.COMPILE, actor, version=report.version)
        elif why := remaking_bar(actor):
            raise Forbidden(why)
        if report.snapshot_blob is None:
            raise Conflict("这份报告还没有合稿。")
        frozen = freezing.load(report.snapshot_blob)
        return freezing.ask_compile(report, frozen, report.snapshot_blob)


def ask_preview(actor: Actor, report_id: int) -> int:
    """Ask for a PDF of the present content, marked 草稿; returns the job's id."""
    report = reports.visible(actor, report_id)
    if not actor.may(Permission.READ_DRAFTS):
        raise Forbidden("您没有预览草稿的权限。")
    frozen = freezing.snapshot(report, report.dated_on)
    if not frozen.sections:
        raise Invalid("还没有开始编写的章节，没有内容可以预览。")
    with transaction():
        return freezing.ask_preview(report.unit_id, frozen, report_id=report.id)
