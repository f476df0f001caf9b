"""The year's facts held against each other, and what of the report rests on numbers that nobody has confirmed."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from perfapp.core.checking.findings import Finding, Severity
from perfapp.core.checking.own import OwnText
from perfapp.core.figures.facts import Sheet, YearFact
from perfapp.core.figures.units import from_base, printed

UNCONFIRMED, DISAGREEING = "K4", "K5"
_SUMS = (
    ("total-spending", ("basic-spending", "project-spending")),
    ("basic-spending", ("personnel-cost", "operating-cost")),
)
_OF_PLAN = re.compile(r"执行率|完成率$")
_TAIL = Decimal(100)  # 0.01万元 for each amount is rounding
_WHOLE = Decimal(100)


def unconfirmed(
    text: OwnText, present: Sheet, doubtful: Iterable[YearFact], in_annexes: frozenset[YearFact]
) -> tuple[Finding, ...]:
    """A note for each fact that the report shows and nobody has confirmed, with every place that rests on it.

    The report is not merged upon such: the note says so before anybody tries.
    """
    return tuple(_each_unconfirmed(text, present, doubtful, in_annexes))


def _each_unconfirmed(
    text: OwnText, present: Sheet, doubtful: Iterable[YearFact], in_annexes: frozenset[YearFact]
) -> Iterator[Finding]:
    for key, is_last_year in doubtful:
        places = tuple(
            linked.place for linked in text.linked if (key, is_last_year) in present.rests_on(linked.figure.reference)
        )
        is_in_annex = (key, is_last_year) in in_annexes
        if not places and not is_in_annex:
            continue
        definition = present.definitions[key]
        used = "正文和附表" if places and is_in_annex else "正文" if places else "附表"
        message = f"{used}用到尚未确认的数据：{_named(present, key, is_last_year)}。"
        who = "财务" if definition.is_money else "归口科室负责人"
        advice = f"由{who}在“数据”里确认；没有确认之前不能合稿、用印。"
        subject = f"{key} {is_last_year}"
        yield Finding(UNCONFIRMED, Severity.NOTE, message, None, None, places, advice, subject)


def disagreeing(present: Sheet) -> tuple[Finding, ...]:
    """Facts that contradict each other: parts that are not their whole, more carried out than was planned."""
    return (*_sums(present), *_rates(present))


def _sums(present: Sheet) -> Iterator[Finding]:
    for whole, parts in _SUMS:
        total, amounts = present.amount(whole), [present.amount(part) for part in parts]
        known = [amount for amount in amounts if amount is not None]
        if total is None or len(known) < len(parts):
            continue
        added = sum(known, Decimal(0))
        if abs(total - added) <= _TAIL * len(parts):
            continue
        said, right = _in_unit(present, whole, total), _in_unit(present, whole, added)
        names = "＋".join(_named(present, part) for part in parts)
        message = f"数据表里{_named(present, whole)}与{names}＝{right}不相等。"
        yield _finding(message, total, added, f"请核对这几项，其中有的数填错了；{said}和{right}不能都对。", whole)


def _rates(present: Sheet) -> Iterator[Finding]:
    for key, definition in present.definitions.items():
        rate = present.amount(key) if definition.unit == "%" and _OF_PLAN.search(definition.name) else None
        if rate is not None and rate > _WHOLE:
            message = f"数据表里{_named(present, key)}，超过 100%。"
            yield _finding(message, rate, _WHOLE, "请核对实际数和计划数；确实超过的，写明原因。", key)


def _finding(message: str, left: Decimal, right: Decimal, advice: str, key: str) -> Finding:
    return Finding(DISAGREEING, Severity.MUST_EXPLAIN, message, left, right, (), advice, key)


def _named(present: Sheet, key: str, is_last_year: bool = False) -> str:
    amount = present.amount(key, last_year=is_last_year)
    shown = "" if amount is None else _in_unit(present, key, amount)
    return f"{'上年' if is_last_year else ''}“{present.definitions[key].name}”{shown}"


def _in_unit(present: Sheet, key: str, amount: Decimal) -> str:
    definition = present.definitions[key]
    return printed(from_base(amount, definition.unit), definition.decimals) + definition.unit
