"""docs/benchmarks.md, and the same for a terminal."""

from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.measure import Finding, Goal

PATH = Path(__file__).parents[1] / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

Written by `make bench`. Each figure stands beside its peer, measured in the same run: repetitions of all rivals take
turns, the table gives medians, and "times" is the median over turns that stood side by side. Ratios travel from machine
to machine, milliseconds do not. Differences under a quarter are noise. No test has a time limit: these goals are
watched here.
"""


def as_text(finding: Finding) -> str:
    """For the terminal."""
    widths = [max(len(cells[x]) for cells in finding.table) for x in range(len(finding.table[0]))]
    rows = [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in finding.table
    ]
    return "\n".join([finding.title, *rows, *(f"  {_verdict(goal)}: {goal}" for goal in finding.goals), ""])


def write(findings: Sequence[Finding], seconds: float) -> None:
    """The whole page anew."""
    parts = [INTRODUCTION, "## Machine\n", *(f"- {line}" for line in machine.described())]
    parts.append(f"- The whole run took {seconds / 60:.1f} minutes.\n")
    parts.append("## Goals\n\n| goal | measured | limit | |\n| --- | ---: | ---: | --- |")
    parts.extend(_goal_row(finding, goal) for finding in findings for goal in finding.goals)
    for finding in findings:
        head, *rows = finding.table
        rule = ["---", *(["---:"] * (len(head) - 1))]
        parts.append(f"\n## {finding.title}\n")
        parts.extend("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
        parts.append("")
        parts.extend(f"- {note}" for note in finding.notes)
    PATH.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def _goal_row(finding: Finding, goal: Goal) -> str:
    return f"| {finding.title}: {goal.name} | {goal.measured} | {goal.demanded} | {_verdict(goal)} |"


def _verdict(goal: Goal) -> str:
    return "met" if goal.is_met else "MISSED"
