"""What goes to the bureau, as one file: the sealed report, its annexes, the index of evidence, the entry table."""

import hashlib
import io
from dataclasses import dataclass

from perfapp.core.errors import Conflict, NotFound
from perfapp.core.permissions import Actor
from perfapp.data import blobs, people, report_files, reports
from perfapp.data.reports import ReportView
from perfapp.documents.delivery_zip import Manifest, Part, ReportFacts, check_package, write_package
from perfapp.services import downloads, verifying
from perfapp.services.downloads import ZIP, File, PackageFile
from perfapp.services.verifying import Answer

MEDIA_TYPE = ZIP
INSIDE = frozenset({report_files.REPORT, report_files.CIRCULATION})
"""The unit's own: its working table with who entered what, and the 流转单 with what was said inside."""
_ORDER = {"pdf": 0, "docx": 1, "xlsx": 2}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a package: whether its files agree, and whether the sealed report in it is genuine."""

    sha256: str
    manifest: Manifest | None
    faults: tuple[str, ...]
    report: Answer | None

    @property
    def is_genuine(self) -> bool:
        return not self.faults and self.report is not None and self.report.is_genuine


def made(actor: Actor, report_id: int) -> bytes:
    """The package of a sealed report that the actor may read, always the same bytes."""
    report = reports.visible(actor, report_id)
    if report.sealed_sha256 is None or report.snapshot_sha256 is None:
        raise Conflict("报告还没有盖章，没有数据包。")
    unit = people.unit(report.unit_id)
    facts = ReportFacts(
        unit_code=unit.code,
        unit=unit.name,
        fiscal_year=report.fiscal_year,
        title=report.title,
        edition=report.edition,
        content_sha256=report.snapshot_sha256,
        sealed_sha256=report.sealed_sha256,
    )
    return write_package(facts, _parts(report, report.sealed_sha256))


def download(actor: Actor, report_id: int) -> File:
    report = reports.visible(actor, report_id)
    if not report.is_sealed:
        raise NotFound("报告盖章之后才有报送数据包。")
    data = made(actor, report_id)
    return File(io.BytesIO(data), name(report), ZIP, hashlib.sha256(data).hexdigest())


def name(report: ReportView) -> str:
    return f"{downloads.file_stem(report)}报送数据包.zip"


def verify(data: bytes) -> Verdict:
    """Hold the package against its manifest and the sealed report against what is filed; Invalid when unreadable."""
    checked = check_package(data)
    answer = verifying.verify(checked.sealed_pdf) if checked.sealed_pdf is not None else None
    return Verdict(hashlib.sha256(data).hexdigest(), checked.manifest, checked.faults, answer)


def _parts(report: ReportView, sealed_sha256: str) -> list[Part]:
    parts = [Part("sealed-report", f"{report.title}（已盖章）.pdf", blobs.read(sealed_sha256))]
    stored = {
        (one.kind, one.format): one.sha256 for one in report_files.of_report(report.id, report.snapshot_sha256 or "")
    }
    for one in sorted(downloads.package(report), key=_place):
        if one.kind not in INSIDE:
            parts.append(Part(one.kind, f"{one.title}.{one.format}", blobs.read(stored[one.kind, one.format])))
    return parts


def _place(one: PackageFile) -> tuple[bool, str, int]:
    """The annexes first, each as PDF, Word, Excel; then the index of evidence and the entry table."""
    return not one.kind.startswith("annex"), one.kind, _ORDER.get(one.format, len(_ORDER))
