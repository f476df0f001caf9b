"""A report compared with five earlier ones, beside the same comparison of every pair."""

import random
import re
from pathlib import Path
from statistics import median

from rapidfuzz import process
from rapidfuzz.distance import Indel

from bench.measure import TIMES, Finding, Goal, interleaved, row
from perfapp.core.likeness import Earlier, Passage

SEED = Path(__file__).parent.parent / "tests" / "data" / "report-2018.txt"
PARAGRAPHS = 500
YEARS = 5


def findings() -> list[Finding]:
    now, then = _texts()
    passages = [Passage(1, number, text) for number, text in enumerate(then, start=1)]
    rivals = {
        "paragraphs of alike words first": lambda _: Earlier(passages).like(now),
        "every pair (rapidfuzz)": lambda _: [
            process.extractOne(text, then, scorer=Indel.normalized_similarity, score_cutoff=0.8) for text in now
        ],
    }
    seconds = interleaved(rivals, 5)
    ours = median(seconds["paragraphs of alike words first"])
    return [
        Finding(
            "Repeated paragraphs",
            [Goal(f"{PARAGRAPHS} paragraphs against {YEARS} years", ours, 2, " s")],
            [TIMES, *(row(name, took, digits=2) for name, took in seconds.items())],
            [
                f"{PARAGRAPHS} paragraphs, half of them taken from {YEARS} earlier years of {PARAGRAPHS} each with one"
                " clause changed, the others new; all made of the seed's clauses, so that commonplaces abound."
            ],
        )
    ]


def _texts() -> tuple[list[str], list[str]]:
    dice = random.Random(2018)  # noqa: S311 -- no secret
    clauses = [one for one in re.split("[，。；：\n]", SEED.read_text()) if len(one) > 4]

    def paragraph() -> str:
        return "，".join(dice.choices(clauses, k=dice.randint(5, 16))) + "。"

    then = [paragraph() for _ in range(PARAGRAPHS * YEARS)]
    now = []
    for number in range(PARAGRAPHS):
        kept = then[number * YEARS].split("，")
        kept[dice.randrange(len(kept))] = dice.choice(clauses)
        now.append("，".join(kept) if number % 2 else paragraph())
    return now, then
