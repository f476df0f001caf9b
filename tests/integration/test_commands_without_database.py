"""Commands on a home where nothing was ever started: one sentence and status 2, never a trace or a wrong answer."""

from pathlib import Path

import pytest
from flask import Flask

from perfapp.app import create_app
from perfapp.config import Settings


@pytest.fixture
def empty(tmp_path: Path) -> Flask:
    home = tmp_path / "home"
    return create_app(Settings.from_env({"PERFAPP_HOME": str(home), "PERFAPP_OPENS_KEYS": "1"}))


@pytest.mark.parametrize(
    "command",
    [["verify", "FILE"], ["audit-chain", "2"], ["seal-policy", "--unit", "1", "leader"], ["keys", "check"]],
    ids=lambda words: words[0],
)
def test_a_home_without_a_database_is_named(empty: Flask, tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7\n%%EOF\n")
    result = empty.test_cli_runner().invoke(args=[str(file) if word == "FILE" else word for word in command])
    assert result.exit_code == 2, result.output
    assert "还没有数据库" in result.output
    assert "PERFAPP_HOME" in result.output
    assert str(tmp_path / "home") in result.output
    assert "Traceback" not in result.output


def test_a_report_is_checked_without_any(empty: Flask) -> None:
    file = Path(__file__).parents[1] / "data" / "report-2018.txt"
    result = empty.test_cli_runner().invoke(args=["check", str(file)])
    assert "个数字" in result.output
    assert result.exit_code in {0, 1}
