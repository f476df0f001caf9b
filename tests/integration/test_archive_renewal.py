"""The sealing worker renews archive time stamps before they end; the filed file stays what it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.errors import Forbidden
from perfapp.data import blobs, events, reports, trust
from perfapp.extensions import current_settings, keep_settings
from perfapp.services import archive_watch, seal_watch, time_stamping, verifying
from perfapp.services.making.renewing import renew_due
from perfapp.signing.digest import sha256_hex
from perfapp.signing.issuing import demo_time
from tests.making import PASSWORD, a_cycle, a_sealed_report, a_unit

YEARS = timedelta(days=366)
pytestmark = pytest.mark.usefixtures("rolled_back")


class Service:
    """A time server under a root of its own, trusted from now on, by the clock of the application."""

    def __init__(self, years: int) -> None:
        made = demo_time(clock.now(), years=years)
        self._authority = made.authority
        trust.keep_root(sha256_hex(made.root_pem), made.root_pem)
        trust.keep_list(sha256_hex(made.revocation_list), made.revocation_list)

    def answer(self, query: bytes) -> bytes:
        return self._authority.stamp(query, clock.now())


class Away:
    def answer(self, query: bytes) -> bytes:
        raise OSError("away")


@pytest.fixture
def as_web(rolled_back: Flask) -> Iterator[Callable[[], None]]:
    """Turns the process into one that may not open keys, until the test ends."""
    given = current_settings()
    yield lambda: keep_settings(rolled_back, replace(given, opens_keys=False))
    keep_settings(rolled_back, given)


@contextmanager
def later(moment: timedelta) -> Iterator[None]:
    """The application's clock so much ahead."""
    with clock.at(clock.now() + moment):
        yield


def a_report() -> reports.ReportView:
    """Sealed under a time server whose certificate ends in a year."""
    unit = a_unit()
    with time_stamping.stamped_by(Service(1)):
        return a_sealed_report(unit, a_cycle(unit))


def file_of(report: reports.ReportView) -> bytes:
    return blobs.read(report.sealed_sha256 or "")


def test_a_time_stamp_is_renewed_when_it_is_due_and_not_before() -> None:
    report = a_report()
    assert renew_due() == []
    known = archive_watch.newest(report.id, report.sealed_sha256 or "")
    assert known is not None
    assert not known.is_renewed
    assert timedelta(days=360) < known.ends_at - clock.now() <= YEARS
    with later(timedelta(days=100)), time_stamping.stamped_by(Service(20)):
        assert renew_due() == []
        assert archive_watch.newest(report.id, report.sealed_sha256 or "") == known
    with later(timedelta(days=200)), time_stamping.stamped_by(Service(20)):
        assert renew_due() == []
        renewed = archive_watch.newest(report.id, report.sealed_sha256 or "")
        assert renewed is not None
        assert renewed.renews_sha256 == report.sealed_sha256
        assert renewed.ends_at > clock.now() + 19 * YEARS
        assert renew_due() == []  # once is enough
    assert reports.get(report.id).sealed_sha256 == report.sealed_sha256
    assert blobs.read(renewed.pdf_sha256).startswith(file_of(report))
    (line,) = [event for event in events.of_report(report.id) if event.action == "renew_archive"]
    assert (line.content_sha256, line.actor_name) == (renewed.pdf_sha256, "")
    assert line.details["renews"] == report.sealed_sha256


def test_years_later_the_filed_and_the_renewed_file_are_both_genuine() -> None:
    report = a_report()
    renew_due()
    with later(timedelta(days=200)), time_stamping.stamped_by(Service(20)):
        renew_due()
    renewed = archive_watch.newest(report.id, report.sealed_sha256 or "")
    assert renewed is not None
    with later(5 * YEARS):
        first = verifying.verify(file_of(report))
        assert first.is_genuine, first.signature_sentence
        assert not verifying.judged(file_of(report)).is_valid  # by itself it proves nothing more
        assert "续存档时间戳" in first.superseded
        assert not first.is_older
        second = verifying.verify(blobs.read(renewed.pdf_sha256))
        assert second.is_genuine
        assert second.superseded == ""
        assert second.state is not None
        assert second.state.report.id == report.id
        damaged = bytearray(blobs.read(renewed.pdf_sha256))
        damaged[len(damaged) // 3] ^= 1
        assert not verifying.verify(bytes(damaged)).is_genuine


def test_nothing_is_renewed_without_time_and_what_stands_against_it_is_said() -> None:
    report = a_report()
    renew_due()
    with later(timedelta(days=350)):
        with time_stamping.stamped_by(Away()):
            (sentence,) = renew_due()
        assert "时间戳" in sentence
        cautions = [one for one in seal_watch.cautions(report.unit_id) if "存档时间戳" in one.title]
        assert len(cautions) == 1
        assert "还没有续成" in cautions[0].title
        with time_stamping.stamped_by(Service(20)):
            assert renew_due() == []
        assert not [one for one in seal_watch.cautions(report.unit_id) if "存档时间戳" in one.title]


def test_a_time_server_with_an_old_certificate_renews_nothing() -> None:
    short = Service(1)
    unit = a_unit()
    with time_stamping.stamped_by(short):
        report = a_sealed_report(unit, a_cycle(unit))
    renew_due()
    with later(timedelta(days=200)), time_stamping.stamped_by(short):
        (sentence,) = renew_due()
    assert "即将到期的证书" in sentence
    known = archive_watch.newest(report.id, report.sealed_sha256 or "")
    assert known is not None
    assert not known.is_renewed


def test_a_time_stamp_that_has_ended_is_left_to_the_register() -> None:
    report = a_report()
    renew_due()
    with later(2 * YEARS), time_stamping.stamped_by(Service(20)):
        (sentence,) = renew_due()
        assert "以登记的指纹为准" in sentence
        assert verifying.verify(file_of(report)).is_filed


def test_only_the_sealing_worker_renews(as_web: Callable[[], None]) -> None:
    as_web()
    with pytest.raises(Forbidden):
        renew_due()


def test_the_renewed_file_can_be_fetched_and_the_page_says_when_the_next_is_due(client: FlaskClient) -> None:
    unit = a_unit()
    with time_stamping.stamped_by(Service(1)):
        report = a_sealed_report(unit, a_cycle(unit))
    client.post("/sign-in", data={"login": unit.logins["leader"], "password": PASSWORD})
    assert "还没有检查" in client.get("/seals").get_data(as_text=True)
    assert client.get(f"/reports/{report.id}/renewed.pdf").status_code == 404
    with later(timedelta(days=200)), time_stamping.stamped_by(Service(20)):
        renew_due()
    page = client.get("/seals").get_data(as_text=True)
    assert "最早到期" in page
    assert "自动续期" in page
    assert "存档续期" in client.get(f"/reports/{report.id}").get_data(as_text=True)
    file = client.get(f"/reports/{report.id}/renewed.pdf").data
    assert file.startswith(file_of(report))
    assert "续了存档时间戳" in client.get(f"/reports/{report.id}").get_data(as_text=True)
    assert current_settings().renew_days == 180
