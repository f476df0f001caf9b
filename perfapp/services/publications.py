"""What anybody may read without an account: the list of published reports, each report, its files and its data."""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from perfapp.core.chinese import local_time
from perfapp.core.disclosing.edition import PublicEdition
from perfapp.core.disclosing.open_data import OpenData, as_csv, open_data
from perfapp.core.errors import NotFound
from perfapp.core.report_flow import ReportState
from perfapp.data import blobs, deliveries, disclosures, reports
from perfapp.data.disclosures import DisclosureView
from perfapp.services import disclosing
from perfapp.services.downloads import PDF, File

CSV = "text/csv"  # the charset is added where it is sent
NOT_THERE = "没有找到这份公开的文件，请核对地址。"
WITHDRAWN = "这份报告已经撤下，不再提供。"


@dataclass(frozen=True)
class Publication:
    """A published report as the public sees it, or, once it has been withdrawn, what is left of it."""

    view: DisclosureView
    replaced_by: DisclosureView | None

    @property
    def is_open(self) -> bool:
        return self.view.is_public

    @cached_property
    def edition(self) -> PublicEdition:
        """Only of what is open: what was withdrawn is not read again for anybody."""
        if not self.is_open:
            raise NotFound(WITHDRAWN)
        return disclosing.load(self.view)

    @cached_property
    def validity(self) -> str:
        """有效性, in words."""
        report = reports.get(self.view.report_id)
        delivery = deliveries.of_report(report.id)
        if self.replaced_by is not None:
            return f"已被第{self.replaced_by.edition}版替代"
        if report.state is ReportState.VOIDED:
            return "已作废"
        if delivery is not None and delivery.is_returned:
            return "已退回，新版编制中"
        return "有效"

    @cached_property
    def voided_at(self) -> datetime | None:
        """The reason stays inside: it was written for colleagues and is covered by no plan."""
        report = reports.get(self.view.report_id)
        return report.state_since if report.state is ReportState.VOIDED else None

    @cached_property
    def data(self) -> OpenData:
        if self.view.published_at is None:
            raise NotFound(NOT_THERE)
        published_on = local_time(self.view.published_at).date()
        return open_data(self.edition, published_on=published_on, validity=self.validity)


def listed(*, year: int | None = None, words: str = "") -> list[Publication]:
    """The published reports, newest year first; an edition that a later one replaced stands with it."""
    found = disclosures.published(year=year, words=words[:100])
    newest: dict[int, DisclosureView] = {}
    for view in disclosures.published():
        if view.cycle_id not in newest or view.edition > newest[view.cycle_id].edition:
            newest[view.cycle_id] = view
    return [
        Publication(view, newest[view.cycle_id] if newest[view.cycle_id].edition > view.edition else None)
        for view in found
    ]


def years() -> list[int]:
    return disclosures.published_years()


def get(index_number: str) -> Publication:
    """The publication at this address, a withdrawn one too; NotFound for what was never public."""
    view = disclosures.public(index_number)
    return Publication(view, disclosures.later_published(view))


def pdf(index_number: str) -> File:
    """The sealed PDF; where something was covered or withheld, the public's own, which says so."""
    found = get(index_number)
    digest = found.view.pdf_sha256 if found.is_open else None
    if digest is None:
        raise NotFound(WITHDRAWN)
    mark = "公开件" if found.edition.is_altered else "已盖章"
    name = f"{found.edition.unit_name}{found.edition.title}（{mark}）.pdf"
    return File(io.BytesIO(blobs.read(digest)), name, PDF, digest)


def csv(index_number: str) -> File:
    found = _with_data(index_number)
    name = f"{found.edition.unit_name}{found.edition.title}数据.csv"
    return File(io.BytesIO(as_csv(found.data.figures)), name, CSV)


def data(index_number: str) -> OpenData:
    return _with_data(index_number).data


def picture(index_number: str, sha256: str) -> File:
    """A picture of the published text."""
    found = get(index_number)
    described = blobs.describe(sha256)
    if sha256 not in found.edition.snapshot.picture_digests or described is None:
        raise NotFound(NOT_THERE)
    return File(io.BytesIO(blobs.read(sha256)), "图片", described.media_type, sha256)


def evidence(index_number: str, sha256: str) -> File:
    """An evidence file that was opened to the public by name."""
    found = get(index_number)
    file = next((one for one in found.edition.files if one.sha256 == sha256), None)
    described = blobs.describe(sha256)
    if file is None or described is None:
        raise NotFound(NOT_THERE)
    return File(io.BytesIO(blobs.read(sha256)), file.filename, described.media_type, sha256)


def _with_data(index_number: str) -> Publication:
    found = get(index_number)
    if not found.edition.has_data:
        raise NotFound("这份报告没有公开数据文件。")
    return found
