"""`flask --app wsgi check FILE [--json]`: an existing report checked against itself, without a database."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from perfapp.core.checking.check import Checkup
from perfapp.core.checking.findings import SEVERITY_NAMES, Finding, Severity
from perfapp.core.errors import Invalid
from perfapp.core.manuscript import Manuscript
from perfapp.services import checking

_CLEAN, _FOUND, _UNREADABLE = 0, 1, 2


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: figures, passed, findings.")
def check(file: Path, as_json: bool) -> None:
    """Check the figures and words of a report (.docx, .pdf, .txt, .md, .xlsx).

    Exit status: 0 nothing above a note, 1 something to mend or to explain, 2 the file cannot be read.
    """
    try:
        manuscript, checkup = checking.check_file(file.name, _bytes(file))
    except OSError as error:
        _refuse(f"文件读不到：{file}（{error.strerror}）", as_json)
    except Invalid as error:
        _refuse(error.message, as_json)
    else:
        if as_json:
            click.echo(json.dumps(checking.as_json(checkup), ensure_ascii=False, indent=1))
        else:
            for line in _listing(file.name, manuscript, checkup):
                click.echo(line)
        sys.exit(_CLEAN if checkup.is_clean else _FOUND)


def _bytes(file: Path) -> bytes:
    """The file's bytes, as far as anybody would read them: one more than allowed tells that it is too large."""
    with file.open("rb") as opened:
        return opened.read(checking.MAX_BYTES + 1)


def _refuse(sentence: str, as_json: bool) -> None:
    """The sentence for people on the error output; for programs an object on the output, too."""
    click.echo(sentence, err=True)
    if as_json:
        click.echo(json.dumps({"error": sentence}, ensure_ascii=False))
    sys.exit(_UNREADABLE)


def _listing(name: str, manuscript: Manuscript, checkup: Checkup) -> Iterator[str]:
    counts = "，".join(f"{word} {checkup.count(severity)}" for severity, word in SEVERITY_NAMES.items())
    last = manuscript.lines[-1].number if manuscript.lines else 0
    lines = f"{last} 行，其中有文字的 {len(manuscript.lines)} 行"  # places count the file's own lines, empty ones too
    yield f"{name}：{lines}，{len(checkup.figures)} 个数字。{counts}，成立 {len(checkup.passed)}。"
    for severity in Severity:
        found = [finding for finding in checkup.findings if finding.severity is severity]
        if found:
            yield ""
            yield f"【{SEVERITY_NAMES[severity]}】"
        for finding in found:
            yield from _finding(manuscript, finding)
    if checkup.passed:
        yield ""
        yield "【成立】"
    for passed in checkup.passed:
        yield f"  {passed.code:<4}{passed.message}"


def _finding(manuscript: Manuscript, finding: Finding) -> Iterator[str]:
    yield f"  {finding.code:<4}{finding.message}"
    for line, words in checking.quotes(manuscript, finding.places):
        yield f"      第 {line} 行：“{words}”"
    if finding.suggestion:
        yield f"      建议：{finding.suggestion}"
