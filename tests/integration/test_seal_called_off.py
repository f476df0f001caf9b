"""A press that was called off while the worker still signs: what comes late is not taken for the one that followed."""

from datetime import timedelta

import pytest
from flask import Flask

from perfapp import clock
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.data import reports, seal_uses
from perfapp.data.seals import CertificateView
from perfapp.services import reports as report_acts
from perfapp.services.making import seal
from perfapp.signing.trusted_time import TimeProof, TimeServerAway
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, an_issued_report, run_jobs


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit()


def a_press_that_waits(unit: AUnit, monkeypatch: pytest.MonkeyPatch) -> int:
    """The report of a press that found no time server, and whose job is due once more."""
    report = an_issued_report(unit, a_cycle(unit))
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)

    def away(_: CertificateView) -> TimeProof:
        raise TimeServerAway("时间戳服务没有应答")

    with monkeypatch.context() as patch:
        patch.setattr(seal, "time_proof", away)
        assert run_jobs() == ["queued"]
    later = clock.now() + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    return report.id


@pytest.mark.parametrize("anew", [False, True])
def test_signed_late_it_is_recorded_nowhere(unit: AUnit, monkeypatch: pytest.MonkeyPatch, *, anew: bool) -> None:
    report_id, proof = a_press_that_waits(unit, monkeypatch), seal.time_proof
    first = seal_uses.latest_use(report_id)
    assert first is not None

    def meanwhile(certificate: CertificateView) -> TimeProof:
        """The leader calls the first press off while the worker has the time server's answer in hand."""
        monkeypatch.setattr(seal, "time_proof", proof)
        act, version = ReportAction.ABANDON_SEAL, reports.get(report_id).version
        report = report_acts.act(unit.leader, report_id, act, version=version, reason="不等了")
        if anew:
            report_acts.press(unit.leader, report_id, ReportAction.PRESS, version=report.version, password=PASSWORD)
        return proof(certificate)

    monkeypatch.setattr(seal, "time_proof", meanwhile)
    run_jobs()
    assert seal_uses.use(first.id).state == "abandoned"
    assert seal_uses.use(first.id).after_sha256 is None
    report = reports.get(report_id)
    if not anew:
        assert report.state is ReportState.ISSUED
        assert report.sealed_sha256 is None
        return
    second = seal_uses.latest_use(report_id)
    assert second is not None
    assert second.id != first.id
    run_jobs()
    report = reports.get(report_id)
    assert report.state is ReportState.SEALED
    assert report.sealed_sha256 == seal_uses.use(second.id).after_sha256


def test_what_comes_late_writes_over_no_line_that_was_called_off(unit: AUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    report_id = a_press_that_waits(unit, monkeypatch)
    use = seal_uses.latest_use(report_id)
    assert use is not None
    version = reports.get(report_id).version
    report_acts.act(unit.leader, report_id, ReportAction.ABANDON_SEAL, version=version, reason="不等了")
    seal.refuse(use, "密钥读不到")
    assert seal_uses.use(use.id).state == "abandoned"
