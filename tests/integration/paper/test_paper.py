"""The paper lane from the print to the sealed record, with scans as they come from a scanner."""

import io

import pypdfium2
import pytest
from flask.testing import FlaskClient

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.paper import ScanState
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.data import blobs, events, notices, papers, reports, seal_uses
from perfapp.data.papers import ScanView
from perfapp.data.reports import ReportView
from perfapp.services import countersigning, verifying
from perfapp.services import papers as acts
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, an_issued_report, report_act, request_seal, run_jobs
from tests.scans import Scan, as_jpeg, as_pdf, digit_changed, scanned, signed, stamped
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")


def an_open_report(policy: SealPolicy = SealPolicy.KEEPER) -> tuple[AUnit, ReportView, bytes]:
    unit = a_unit(policy)
    cycle_id = a_cycle(unit)
    report = an_issued_report(unit, cycle_id)
    if policy is SealPolicy.KEEPER:
        report = request_seal(unit, cycle_id)
    return unit, report, acts.printable(unit.editor, report.id).data.read()


def brought(actor: Actor, report: ReportView, *files: tuple[str, bytes]) -> ScanView:
    scan_id = acts.upload(actor, report.id, files)
    run_jobs()
    return papers.get(scan_id)


def pages_of(printed: bytes) -> int:
    return len(pypdfium2.PdfDocument(printed))


def whole(printed: bytes, **changed: Scan) -> list[Scan]:
    """Every page, turned one way or the other; `p2=Scan(...)` in the place of page 2."""
    turns = (0.6, 180.9, -1.4, 90.4, 271.2)
    return [
        changed.get(f"p{number}", Scan(number, turns[number % len(turns)], 1.0 if number % 2 else 0.85))
        for number in range(1, pages_of(printed) + 1)
    ]


def confirm(actor: Actor, scan: ScanView, **more: object) -> ReportView:
    given: dict[str, object] = {"looked_at": {page.number for page in scan.doubtful}, "reason": "签名"} | more
    version = reports.get(scan.report_id).version
    return acts.confirm(actor, scan.id, version=version, password=PASSWORD, **given)  # type: ignore[arg-type]


def test_a_turned_shuffled_scan_ends_as_the_sealed_record(client: FlaskClient) -> None:
    unit, report, printed = an_open_report()
    pictures = scanned(printed, whole(printed, p1=Scan(1, 181.0, changes=(stamped(105, 208), signed))))
    scan = brought(unit.editor, report, ("后半.pdf", as_pdf(pictures[:0:-1])), ("封面.jpg", as_jpeg(pictures[0])))
    assert (scan.state, scan.problems) == (ScanState.READY, ())
    assert [page.number for page in scan.pages] == list(range(1, pages_of(printed) + 1))
    assert [page.number for page in scan.doubtful] == [1]  # the signature; the seal and the turning are no difference
    assert "请您核对纸质签章件" in notices.of_person(unit.keeper.id)[0].subject
    with pytest.raises(Forbidden):
        confirm(unit.editor, scan)
    with pytest.raises(Invalid, match="第 1 页与打印件有不同"):
        confirm(unit.keeper, scan, looked_at=set())
    with pytest.raises(Invalid, match="请写明是什么"):
        confirm(unit.keeper, scan, reason=" ")
    sealed = confirm(unit.keeper, scan)
    assert (sealed.state, sealed.is_on_paper) == (ReportState.SEALED, True)
    record = blobs.read(str(sealed.sealed_sha256))
    document = pypdfium2.PdfDocument(record)
    assert len(document) == pages_of(printed)
    assert all(page.get_height() > page.get_width() for page in list(document)[:2])  # upright again
    use = seal_uses.latest_use(report.id)
    assert use is not None
    assert (use.state, use.after_sha256, use.before_sha256) == ("done", sealed.sealed_sha256, report.pdf_sha256)
    assert "纸质盖章" in use.note
    assert events.of_report(report.id)[0].action == "confirm_paper"
    answer = verifying.verify(record)
    assert answer.is_genuine
    assert "纸质" in answer.signature_sentence
    page = client.post("/verify", data={"file": (io.BytesIO(record), "a.pdf")}).get_data(as_text=True)
    assert "纸质" in page
    assert not verifying.verify(record + b"\n").is_genuine
    with pytest.raises(Conflict):
        confirm(unit.keeper, scan)


def test_one_changed_digit_is_found_and_the_scan_sent_back() -> None:
    unit, report, printed = an_open_report(SealPolicy.LEADER)
    tampered = Scan(2, 0.7, changes=(digit_changed("2018", "6"),))
    scan = brought(unit.editor, report, ("扫描.pdf", as_pdf(scanned(printed, whole(printed, p2=tampered)))))
    (page,) = scan.doubtful
    assert page.number == 2
    assert any(found["kind"] == "changed" for found in page.differences)
    assert acts.picture(unit.leader, scan.id, 2).data.read().startswith(b"\x89PNG")
    returned = acts.send_back(unit.leader, scan.id, "第 2 页数字被改过")
    assert returned.state is ScanState.RETURNED
    assert reports.get(report.id).state is ReportState.ISSUED
    assert "第 2 页数字被改过" in notices.of_person(unit.editor.id)[0].body
    with pytest.raises(Conflict):
        confirm(unit.leader, scan)


def test_missing_double_foreign_and_blank_pages_are_named() -> None:
    unit, report, printed = an_open_report(SealPolicy.LEADER)
    first, again = scanned(printed, [Scan(1), Scan(1, 180)])
    refused = brought(unit.editor, report, ("甲.pdf", as_pdf([first, again])))
    assert refused.state is ScanState.REFUSED
    assert "报告第 1 页有 2 份：“甲.pdf”第 1 页、“甲.pdf”第 2 页" in refused.problems[0]
    assert refused.problems[-1].startswith("缺报告第 2")
    assert "没有接收" in notices.of_person(unit.editor.id)[0].subject
    blank = brought(unit.editor, report, ("白.png", drawing()[1]))
    assert "没有读到页码二维码" in blank.problems[0]
    _, _, foreign = an_open_report(SealPolicy.LEADER)
    other = brought(unit.editor, report, ("乙.jpg", as_jpeg(scanned(foreign, [Scan(1)])[0])))
    assert "另一份报告" in other.problems[0]
    with pytest.raises(Conflict):
        confirm(unit.leader, other)
    assert reports.get(report.id).state is ReportState.ISSUED


def test_another_version_of_the_same_report_is_refused() -> None:
    unit, report, printed = an_open_report(SealPolicy.LEADER)
    report_act(unit.leader, report.cycle_id, ReportAction.UNDO_ISSUE)
    assert reports.get(report.id).state is ReportState.AWAITING_ISSUE
    with pytest.raises(NotFound):
        acts.printable(unit.editor, report.id)
    with pytest.raises(Conflict):
        acts.upload(unit.editor, report.id, [("a.png", drawing()[1])])
    assert printed.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("表.docx", b"PK\x03\x04", "损坏"),
        ("文.txt", b"text", "只接受"),
        ("空.pdf", b"", "空文件"),
    ],
)
def test_hostile_and_wrong_files_are_refused_by_a_sentence(name: str, data: bytes, sentence: str) -> None:
    unit, report, _ = an_open_report(SealPolicy.LEADER)
    with pytest.raises(Invalid, match=sentence):
        acts.upload(unit.editor, report.id, [(name, data)])
    assert papers.latest(report.id) is None


def test_a_pdf_that_only_looks_like_one_is_refused_where_it_is_read() -> None:
    unit, report, _ = an_open_report(SealPolicy.LEADER)
    scan = brought(unit.editor, report, ("坏.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF"))
    assert scan.state is ScanState.REFUSED
    assert "无法打开" in scan.problems[0]


def test_who_has_no_part_in_the_seal_sees_nothing() -> None:
    unit, report, _ = an_open_report(SealPolicy.LEADER)
    for actor in (unit.writer, unit.finance, unit.auditor):
        with pytest.raises((Forbidden, NotFound)):
            acts.printable(actor, report.id)
    with pytest.raises(NotFound):
        acts.printable(a_unit(with_seal=False).editor, report.id)


def test_where_a_superior_must_countersign_paper_is_no_way() -> None:
    unit, report, printed = an_open_report(SealPolicy.LEADER)
    superior = a_unit()
    countersigning.set_demand(unit.id, superior.id)
    with pytest.raises(Conflict, match="上级加盖"):
        acts.upload(unit.editor, report.id, [("扫描.pdf", printed)])
