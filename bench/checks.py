"""The checks on the seed and on a long report, beside one plain pass of a pattern over the same text; their memory."""

import random
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

from bench.measure import TIMES, Finding, Goal, interleaved, row
from perfapp.core.checking.check import check
from perfapp.core.manuscript import Manuscript
from perfapp.data.rules import rule_book
from perfapp.documents.manuscripts.reading import read_manuscript

SEED = Path(__file__).parent.parent / "tests" / "data" / "report-2018.txt"
PAGES = 200
CHARACTERS_A_PAGE = 22 * 28  # GB/T 9704-2012: lines of a page, characters of a line
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?\s*(?:万元|%|人|次|个)?")


def findings() -> list[Finding]:
    book, seed, long_text = rule_book(), SEED.read_text(), _long_text()
    short, long = _manuscript(seed), _manuscript(long_text)
    rivals = {
        "check, the seed": lambda _: check(short, book),
        "a pattern, the seed": lambda _: [_DIGITS.findall(line.text) for line in short.lines],
    }
    rare = {
        f"check, {PAGES} pages": lambda _: check(long, book),
        f"a pattern, {PAGES} pages": lambda _: [_DIGITS.findall(line.text) for line in long.lines],
    }
    seconds = interleaved(rivals, 20, warm=2) | interleaved(rare, 5)
    peak = _peak_mib()
    return [
        Finding(
            "Checks",
            [
                Goal("the seed", median(seconds["check, the seed"]) * 1000, 100, " ms"),
                Goal(f"{PAGES} pages", median(seconds[f"check, {PAGES} pages"]), 3, " s"),
                Goal(f"memory of a process that checks {PAGES} pages", peak, 200, " MiB"),
            ],
            [TIMES, *(row(name, took, digits=1) for name, took in seconds.items())],
            [
                f"The seed has {_size(short):,} characters, the long report {_size(long):,}: the seed again and again,"
                " every digit drawn anew, so that nearly every relation fails and has to be told."
                " The pattern only finds digits; it is the floor of reading the text at all.",
                "Memory is the most a fresh process ever held (RSS), Python and the imports included.",
            ],
        )
    ]


def _long_text() -> str:
    """As many pages as asked for, no two alike."""
    dice, seed = random.Random(2018), SEED.read_text()  # noqa: S311 -- no secret
    copies = -(-PAGES * CHARACTERS_A_PAGE // len(seed))
    return "\n".join(re.sub(r"\d", lambda _: str(dice.randint(1, 9)), seed) for _ in range(copies))


def _manuscript(text: str) -> Manuscript:
    return read_manuscript("report.txt", text.encode())


def _size(manuscript: Manuscript) -> int:
    return sum(len("".join(line.text.split())) for line in manuscript.lines)


def _peak_mib() -> float:
    """In a process of its own, by its own word: getrusage begins with the size of the process that forked it."""
    done = subprocess.run([sys.executable, "-m", "bench.checks"], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _high_water_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    check(_manuscript(_long_text()), rule_book())
    print(_high_water_mib())
