"""The schema goes down and up under a database that is in use: rows refer to the tables that are built anew."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from perfapp.core.report_flow import ReportState
from perfapp.data import reports
from perfapp.extensions import db
from tests.making import a_cycle, a_unit, an_issued_report

FIRST_RELEASED = "0002"


def test_down_and_up_again_with_a_report_in_it(committed: Flask) -> None:
    unit = a_unit()
    report = an_issued_report(unit, a_cycle(unit))
    db.session.remove()
    db.engine.dispose()
    downgrade(revision=FIRST_RELEASED)
    upgrade()
    db.engine.dispose()
    found = reports.get(report.id)
    assert found.state is ReportState.ISSUED
    assert found.snapshot_sha256 == report.snapshot_sha256
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_keys")).scalar() == 1
