"""From the seal to the bureau's word: the package, the receipt, the return and the edition that follows it."""

import io
import zipfile
from datetime import date

import pytest
from flask import Flask

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Role
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionState
from perfapp.data import blobs, deliveries, measures, notices, reports
from perfapp.services import delivered, delivering, delivery_package, staffing, verifying
from perfapp.services.staffing import Grant
from tests.integration.after_seal.making import a_bureau, a_delivery, a_passed, deliver, judge
from tests.making import (
    AUnit,
    a_confirmed_value,
    a_cycle,
    a_sealed_report,
    a_unit,
    report_act,
    texts,
)
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")


def a_years_report(unit: AUnit) -> int:
    """A sealed report with figures, one of them with a file behind it."""
    cycle_id = a_cycle(unit)
    _, picture = drawing()
    a_confirmed_value(unit, cycle_id, "vehicle-trips", "2160", evidence=("派车单.png", picture))
    a_sealed_report(unit, cycle_id)
    return cycle_id


def repacked(data: bytes, change: dict[str, bytes | None]) -> bytes:
    """The zip with files replaced, taken out (None) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if change.get(name, b"") is not None:
                new.writestr(name, change.get(name) or old.read(name))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name] or b"")
    return out.getvalue()


def test_the_package_is_whole_always_the_same_and_proves_itself() -> None:
    unit = a_unit()
    report = reports.current(a_years_report(unit))
    data = delivery_package.made(unit.editor, report.id)
    assert delivery_package.made(unit.leader, report.id) == data
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
    assert names[0] == "manifest.json"
    for wanted in ("已盖章", "基础数据表", "评分表", "佐证材料目录", "财政录入表"):
        assert any(wanted in name for name in names), wanted
    verdict = delivery_package.verify(data)
    assert verdict.is_genuine, verdict
    assert verdict.manifest is not None
    facts = verdict.manifest.report
    assert (facts.unit, facts.edition, facts.content_sha256) == (unit.name, 1, report.snapshot_sha256)


def test_a_package_that_was_touched_says_what_is_wrong() -> None:
    unit = a_unit()
    data = delivery_package.made(unit.editor, reports.current(a_years_report(unit)).id)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        _, sealed, annex, *_ = package.namelist()
    for change, fault in (
        ({annex: b"x"}, "与清单不一致"),
        ({annex: None}, "缺少清单里的文件"),
        ({"多的.txt": b"x"}, "多出了清单里没有的文件"),
        ({sealed: None}, "没有清单所说的盖章报告"),
    ):
        verdict = delivery_package.verify(repacked(data, change))  # type: ignore[arg-type]
        assert not verdict.is_genuine
        assert any(fault in one for one in verdict.faults), (fault, verdict.faults)
    for broken in (
        b"",
        b"PK\x03\x04",
        repacked(data, {"manifest.json": None}),
        repacked(data, {"manifest.json": b"{}"}),
    ):
        with pytest.raises(Invalid):
            delivery_package.verify(broken)


def test_the_command_says_it_by_its_status(rolled_back: Flask, tmp_path: object) -> None:
    unit = a_unit()
    data = delivery_package.made(unit.editor, reports.current(a_years_report(unit)).id)
    runner = rolled_back.test_cli_runner()
    for content, status in ((data, 0), (repacked(data, {"多的.txt": b"x"}), 1), (b"nothing", 2)):
        path = f"{tmp_path}/package.zip"
        with open(path, "wb") as file:
            file.write(content)
        found = runner.invoke(args=["verify-package", path])
        assert found.exit_code == status, found.output


def test_the_bureaus_signature_is_the_receipt() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    delivery = a_delivery(unit, bureau, cycle_id)
    assert delivery.standing == ("待签收", "waiting")
    assert any("请您签收" in notice.subject for notice in notices.of_person(bureau.reviewer.id))
    with pytest.raises(Forbidden, match="只能查阅"):
        delivering.receive(bureau.reader, delivery.id, version=reports.current(cycle_id).version)
    with pytest.raises(Conflict):
        judge(bureau, delivery, "accept", opinion="")
    signed = judge(bureau, delivery, "receive")
    assert (signed.received_number[-5:], signed.received_by) == ("-0001", bureau.reviewer.name)
    with pytest.raises(Conflict):
        judge(bureau, delivery, "receive")
    kept = delivered.package(bureau.reader, delivery.id).data.read()
    assert kept == blobs.read(delivery.package_sha256 or "")
    assert delivery_package.verify(kept).is_genuine
    passed = judge(bureau, delivery, "accept", opinion="数据与决算一致。")
    assert passed.standing == ("审核通过", "done")
    assert any("财政审核通过" in notice.subject for notice in notices.of_person(unit.leader.id))


def test_a_returned_edition_stays_and_its_successor_starts_from_the_named_sections() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    delivery = a_delivery(unit, bureau, cycle_id)
    judge(bureau, delivery, "receive")
    with pytest.raises(Invalid, match="至少选一节"):
        judge(bureau, delivery, "send_back", reason="请补充。", headings=[])
    with pytest.raises(Invalid, match="理由"):
        judge(bureau, delivery, "send_back", reason=" ", headings=["disclosure"])
    returned = judge(bureau, delivery, "send_back", reason="请补公开日期。", headings=["disclosure", "made-up"])
    assert returned.is_returned
    first, second = reports.get(delivery.report_id), reports.current(cycle_id)
    assert (first.state, second.state, second.replaces_id) == (ReportState.DELIVERED, ReportState.DRAFTING, first.id)
    assert "请补公开日期" in second.replaces_reason
    states = {section.key: section.state for section in texts(cycle_id)}
    assert states.pop("disclosure") is SectionState.DRAFTING
    assert set(states.values()) == {SectionState.ACCEPTED}
    row = next(row for row in delivered.listed(bureau.reader))
    assert (row.delivery.is_returned, row.successor) == (True, 2)
    with pytest.raises(Conflict):
        judge(bureau, delivery, "send_back", reason="再来。", headings=["disclosure"])


def test_the_second_edition_is_delivered_and_passed() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    first = a_delivery(unit, bureau, cycle_id)
    judge(bureau, first, "receive")
    judge(bureau, first, "send_back", reason="请补公开日期。", headings=["disclosure"])
    second = a_passed(unit, bureau, cycle_id)
    assert second.received_number.endswith("-0002")
    said = verifying.verify(delivered.sealed_pdf(bureau.reader, first.id).data.read())
    assert said.is_genuine
    assert said.status_sentence == "注意：这一版被退回修改，已被第2版替代。"
    assert [row.report.edition for row in delivered.listed(bureau.reader)] == [2, 1]
    assert delivered.sealed_pdf(bureau.reader, first.id).data.read() == blobs.read(
        reports.get(first.report_id).sealed_sha256 or ""
    )


def test_what_the_bureau_says_becomes_a_measure() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    with pytest.raises(Conflict, match="先签收"):
        delivering.comment(bureau.reviewer, delivery.id, heading="", text="请压减会议支出。")
    judge(bureau, delivery, "receive")
    delivering.comment(bureau.reviewer, delivery.id, heading="disclosure", text="请压减会议支出。")
    with pytest.raises(Invalid):
        delivering.comment(bureau.reviewer, delivery.id, heading="made-up", text="无此节。")
    found = measures.of_unit(unit.id)
    assert [(one.source, one.text, one.office_id) for one in found] == [("bureau", "请压减会议支出。", None)]
    assert any("财政审核意见" in notice.subject for notice in notices.of_person(unit.editor.id))


def test_what_the_bureau_returns_for_becomes_a_measure_once() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    judge(bureau, delivery, "receive")
    delivering.comment(bureau.reviewer, delivery.id, heading="", text="请压减会议支出。")
    judge(bureau, delivery, "send_back", reason=" 请压减会议支出。", headings=["disclosure"])
    assert [one.text for one in measures.of_unit(unit.id)] == ["请压减会议支出。"]


def test_what_the_bureau_returns_for_is_in_the_list_and_the_page_says_it() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "send_back", reason="请补公开日期。", headings=["disclosure"])
    assert [(one.source, one.text) for one in measures.of_unit(unit.id)] == [("bureau", "请补公开日期。")]


def test_without_a_bureau_it_is_recorded_by_hand_and_no_bureau_sees_it() -> None:
    unit = a_unit()
    bureau = a_bureau()
    cycle_id = a_cycle(unit)
    report = a_sealed_report(unit, cycle_id)
    with pytest.raises(Invalid, match="没有在系统里指定"):
        deliver(unit, cycle_id)
    delivering.deliver(
        unit.editor,
        report.id,
        version=report.version,
        recipient="区财政局",
        delivered_on=date(2019, 4, 1),
        receipt="1号",
    )
    assert delivered.listed(bureau.reader) == []
    found = deliveries.of_report(report.id)
    assert found is not None
    assert found.standing == ("已登记报送", "done")
    with pytest.raises(NotFound):
        delivered.sealed_pdf(bureau.reader, found.id)


def test_another_bureau_finds_nothing_and_units_cannot_judge() -> None:
    unit = a_unit()
    bureau, other = a_bureau(unit), a_bureau(number="2")
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    assert delivered.listed(other.reader) == []
    for actor in (other.reader, other.reviewer, unit.leader, unit.editor):
        with pytest.raises(NotFound):
            delivered.package(actor, delivery.id)
        with pytest.raises(NotFound):
            delivering.receive(actor, delivery.id, version=1)


def test_a_bureau_has_its_own_posts_and_no_others() -> None:
    unit = a_unit()
    with pytest.raises(Invalid, match="财政部门的岗位"):
        staffing.grant(unit.secadmin, unit.writer.id, Grant(Role.BUREAU_READER))


def test_a_voided_edition_can_no_longer_be_judged() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    delivery = a_delivery(unit, bureau, cycle_id)
    judge(bureau, delivery, "receive")
    report_act(unit.leader, cycle_id, ReportAction.VOID, reason="支出数有误")
    with pytest.raises(Conflict):
        judge(bureau, delivery, "accept", opinion="")
