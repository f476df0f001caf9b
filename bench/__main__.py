"""`python -m bench [NAME ...]`: all benches, or those named; all of them rewrite docs/benchmarks.md.

Exit status 1 where a goal is missed.
"""

import sys
from collections.abc import Callable
from time import perf_counter

from bench import checks, clicks, copying, documents, figures, imports, memory, page, pages, redline, seals
from bench.measure import Finding

BENCHES: dict[str, Callable[[], list[Finding]]] = {
    "documents": documents.findings,
    "clicks": clicks.findings,
    "seals": seals.findings,
    "checks": checks.findings,
    "figures": figures.findings,
    "imports": imports.findings,
    "copying": copying.findings,
    "redline": redline.findings,
    "pages": pages.findings,
    "memory": memory.findings,
}


def main(wanted: list[str]) -> int:
    """Run, print, write."""
    unknown = set(wanted) - set(BENCHES)
    if unknown:
        sys.stderr.write(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}\n")
        return 2
    began, findings = perf_counter(), []
    for name in wanted or BENCHES:
        for finding in BENCHES[name]():
            findings.append(finding)
            print(page.as_text(finding), flush=True)
    if not wanted:
        page.write(findings, perf_counter() - began)
    return 0 if all(goal.is_met for finding in findings for goal in finding.goals) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
