"""The rules of the house that no contract of import-linter can hold."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from perfapp.blueprints import access

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("perfapp/**/*.py"), *ROOT.glob("workers/**/*.py")])
TEMPLATES = sorted(ROOT.glob("perfapp/templates/**/*.html"))
ICONS = ROOT / "perfapp/templates/components/icons.html"  # audited: drawings from a package, made by `make assets`
LONGEST_FILE = 400
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "lib"}
FRAMEWORKS = ("flask", "sqlalchemy", "celery", "redis", "werkzeug")


def guilty(pattern: str, files: list[Path]) -> list[str]:
    """path:line of every match."""
    found = []
    for path in files:
        source = path.read_text()
        for match in re.finditer(pattern, source):
            found.append(f"{path.relative_to(ROOT)}:{source.count(chr(10), 0, match.start()) + 1}")
    return found


def test_only_the_session_module_commits() -> None:
    assert {hit.rsplit(":")[0] for hit in guilty(r"\.(commit|rollback)\(\)", SOURCES)} == {"perfapp/data/session.py"}


def test_no_file_is_long() -> None:
    files = [*SOURCES, *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/**/*.py")]
    assert [str(path) for path in files if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_module_is_a_dumping_ground() -> None:
    assert [str(path) for path in SOURCES if {path.stem, path.parent.name} & DUMPING_GROUNDS] == []


@pytest.mark.parametrize("room", ["core", "documents", "signing"])
def test_a_pure_room_loads_without_a_framework(room: str) -> None:
    paths = [path.relative_to(ROOT).with_suffix("") for path in SOURCES if path.is_relative_to(ROOT / "perfapp" / room)]
    modules = ["perfapp." + ".".join(path.parts[1:]).removesuffix(".__init__") for path in paths]
    code = (
        "import importlib, sys\n"
        f"for name in {modules}: importlib.import_module(name)\n"
        f"sys.exit(str(sorted(set({FRAMEWORKS}) & set(sys.modules)) or ''))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert loaded.stderr.strip() == ""


def test_a_view_without_a_mark_stops_the_start() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/", "forgotten", lambda: "")
    with pytest.raises(RuntimeError, match="forgotten"):
        access.check(bare)


def test_no_address_both_reads_and_writes(app: Flask) -> None:
    mixed = [rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert mixed == []


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html", "txt"])
    assert names
    for name in names:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a script in the page", r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"),
        ("a style in the page", r"<style\b|\sstyle=[\"']"),
        ("an event handler in the page", r"\son[a-z]+=[\"']"),
        ("another origin", r"(?:src|href)=[\"'](?:https?:)?//"),
    ],
)
def test_no_template_holds(what: str, pattern: str) -> None:
    assert guilty(pattern, TEMPLATES) == [], what


def test_no_template_but_the_icons_passes_text_off_as_safe() -> None:
    assert guilty(r"\|\s*safe\b|autoescape\s+false", [path for path in TEMPLATES if path != ICONS]) == []


def test_markup_is_made_in_one_audited_module() -> None:
    makers = {hit.rsplit(":")[0] for hit in guilty(r"\bMarkup\(", SOURCES)}
    assert makers <= {"perfapp/blueprints/markup.py"}
