"""One wrong digit in any figure that takes part in a relation is found; nothing is said of the untouched text."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Passed
from perfapp.core.checking.sentences import SENTENCE_RULES
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import Place, of_lines
from perfapp.data.rules import rule_book

DATA = Path(__file__).parents[3] / "data"
SEED = (DATA / "report-2018.txt").read_text(encoding="utf-8")
RIGHT = [
    path.with_suffix(".txt").read_text(encoding="utf-8")
    for path in sorted((DATA / "checks").glob("*.yaml"))
    if not yaml.safe_load(path.read_text(encoding="utf-8"))["faults"]
]
AT_LEAST = 0.95
NUMERALS = "一二三四五六七八九十"

OWN = (
    """2021年度部门整体支出绩效自评报告
我局核定编制46名，其中行政编制20名，事业编制23名，工勤编制3名。年末实有人数66人，其中在职人员43人，退休人员22人，离休人员1人，在职人员控制率93.48%。内设办公室、人事股、财务股、业务股、法规股5个股室。
1.2021年总收入1,864.37万元，其中：财政拨款收入1,850.27万元，其他收入14.10万元。
2.全年总支出1,864.37万元，其中：基本支出1,702.15万元，占91.30%；项目支出162.22万元，占8.70%。较上年支出1,730.20万元增加134.17万元，增长7.75%，主要原因是补发津贴补贴98.20万元和新增维修项目35.97万元。
3.“三公”经费支出41.60万元，其中公务用车运行维护费38.20万元，公务接待费3.40万元，比上年的45.00万元减少3.40万元，下降7.56%。
4.全年派车2,592趟，平均每月216趟。物业公司实行季度考核，全年考核4次。
5.自评得分96.5分，其中投入15分，过程23.5分，产出38分，效果20分。""",
    """某某中心2019年度决算说明
2019年本年收入合计3,765.66万元，其中：一般公共预算财政拨款收入1,008.64万元，占26.79%；政府性基金预算财政拨款收入605.99万元，占16.09%；事业收入2,148.69万元，占57.06%；其他收入2.34万元，占0.06%。
2019年本年支出合计3,765.66万元，其中：基本支出2,719.24万元，占72.21%；项目支出1,046.42万元，占27.79%。
基本支出2,719.24万元，其中人员经费2,206.18万元，日常公用经费513.06万元。
公务接待费年初预算12.00万元，支出决算9.37万元，完成年初预算的78.08%。
政府采购支出总额166.20万元，其中：货物支出60.10万元、工程支出36.10万元、服务支出70.00万元。
下设三个科室：综合科、业务科、财务科。屋面改造从4月到9月，历时5个月。""",
)


def judged(lines: list[str]) -> tuple[list[Passed], list[Finding], frozenset[Place]]:
    """What all sentence rules say, and where the figures stand."""
    year = re.search(r"(20\d\d)年", "".join(lines))
    manuscript = of_lines(lines, fiscal_year=int(year[1]) if year else None)
    case = Case(manuscript, read(manuscript), rule_book())
    verdicts = [SENTENCE_RULES[rule.code](case, rule) for rule in case.book.rules if rule.code in SENTENCE_RULES]
    passed = [entry for verdict in verdicts for entry in verdict.passed]
    findings = [entry for verdict in verdicts for entry in verdict.findings]
    return passed, findings, frozenset(figure.place for figure in case.figures)


def wrong(text: str) -> Iterator[str]:
    """The figure with one digit, or its Chinese numeral, replaced: by the next one, and by one further off."""
    for at, letter in enumerate(text):
        digits = next((row for row in ("0123456789", NUMERALS) if letter in row), "")
        for step in (1, 6) if digits else ():
            digit = digits[(digits.index(letter) + step) % len(digits)]
            is_leading_nought = digit == "0" and at == 0 and text[1:2].isdigit()
            if not is_leading_nought:
                yield text[:at] + digit + text[at + 1 :]


def wrong_once(text: str) -> Iterator[str]:
    """One of those: another digit of each figure, so that many texts are gone through in little time."""
    all_of_them = list(wrong(text))
    yield from all_of_them[len(text) % max(1, len(all_of_them)) :][:1]


def outcome(text: str, mutated: Callable[[str], Iterator[str]] = wrong) -> tuple[int, int, list[str]]:
    """How many mutations break a relation, how many of those are found, and those that are not.

    A mutation after which every relation of the figure still holds, to the printed digits, breaks nothing.
    """
    lines = text.splitlines()
    passed, findings, figures = judged(lines)
    known = {(finding.code, finding.message) for finding in findings}
    broken = found = 0
    unseen = []
    for place in sorted(figures & {place for relation in passed for place in relation.places}):
        relations = {(relation.code, relation.places) for relation in passed if place in relation.places}
        line = lines[place.line - 1]
        for figure in mutated(line[place.start : place.end]):
            changed = line[: place.start] + figure + line[place.end :]
            still, fresh, _ = judged([*lines[: place.line - 1], changed, *lines[place.line :]])
            if relations <= {(relation.code, relation.places) for relation in still}:
                continue
            broken += 1
            if any((finding.code, finding.message) not in known for finding in fresh):
                found += 1
            else:
                unseen.append(f"{line[place.start : place.end]} → {figure}")
    return broken, found, unseen


@pytest.mark.parametrize("text", OWN)
def test_nothing_is_claimed_of_a_text_that_is_right(text: str) -> None:
    _, findings, _ = judged(text.splitlines())
    assert findings == []


def test_a_wrong_digit_in_a_relation_is_found() -> None:
    outcomes = [outcome(text) for text in (SEED, *OWN)]
    broken, found = sum(entry[0] for entry in outcomes), sum(entry[1] for entry in outcomes)
    unseen = [name for entry in outcomes for name in entry[2]]
    assert broken > 400
    assert found >= broken * AT_LEAST, f"{found} of {broken} found; unseen: {unseen}"


def test_a_wrong_digit_is_found_in_the_reports_of_other_units() -> None:
    outcomes = [outcome(text, wrong_once) for text in RIGHT]
    broken, found = sum(entry[0] for entry in outcomes), sum(entry[1] for entry in outcomes)
    unseen = [name for entry in outcomes for name in entry[2]]
    assert broken > 400
    assert found >= broken * AT_LEAST, f"{found} of {broken} found; unseen: {unseen}"


def test_the_relations_of_the_seed() -> None:
    passed, findings, _ = judged(SEED.splitlines())
    sides = {(relation.code, str(relation.left), str(relation.right)) for relation in passed}
    assert sides == {
        ("H1", "41", "41"),
        ("M10", "5", "5"),
        ("M3", "2560.21", "2560.21"),
        ("M1", "2560.21", "2560.21"),
        ("M5", "2560.21", "2560.21"),
        ("P1", "95.0945", "95.09"),
        ("P1", "4.9055", "4.91"),
        ("P1", "100", "100"),
        ("P2", "25.4845", "25.48"),
        ("W2", "4", "4"),
        ("M10", "1", "1"),
    }
    assert {finding.code for finding in findings} == {"M9", "W1", "W3", "E1", "P5", "P6"}
    assert len(findings) == 6
