"""三公经费 in prose: outturn against budget, cars against their cost, guests against batches and cost, changes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import Fit, amount, half, say, say_like
from perfapp.core.checking.sentences.partitions import PARTITIONS
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Kind, Role
from perfapp.core.figures.units import printed

_S1 = next(one for one in PARTITIONS if one.code == "S1")
_S1_ABROAD = "因公出国（境）费"
_SENTENCES = 3  # after that of the total, in which the changes of its parts may be told
_ITEMS = re.compile(r"三公|接待|公务用车|公车|出国")
_REASONED = re.compile(r"原因|由于|因为|超预算|超支|追加|增加预算|主要是|调整")
_RECEPTION = re.compile(r"接待")
_PUBLIC = re.compile(r"群众|信访|来访|上访|劳动者|游客|参观|患者|学生|服务对象|咨询|办事")  # not official guests
_FOREIGN = re.compile(r"外事|外宾|[国境]\)?）?外")  # guests counted apart
_ABROAD = re.compile(r"出国")
_BATCHES, _HEADS = ("批次", "批"), ("人次", "人")
_DEAR, _CHEAP = Decimal(1500), Decimal(5)  # 元 a guest; between them nothing is said


def within_budget(case: Case, rule: Rule) -> Verdict:
    """S2: what is spent on 三公 stays within its budget, or the reason is given."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for budget, spent in _budgets(paragraph, case.manuscript.fiscal_year):
            sentence = paragraph.sentence_text(spent.sentence)
            if amount(spent.figure) <= amount(budget.figure) or _REASONED.search(sentence):
                continue
            over = say_like(
                amount(spent.figure) - amount(budget.figure),
                spent.figure,
                max(spent.figure.decimals, budget.figure.decimals),
            )
            verdicts.fails(
                f"{spent.name}{say(spent.figure)}，超过预算{say(budget.figure)}，多出{over}，没有说明原因。",
                spent.figure.value,
                budget.figure.value,
                (spent.figure, budget.figure),
                suggestion="“三公”经费不得超预算；请核对数字，或写明超预算的原因和批准情况。",
                subject=spent.name,
            )
    return verdicts.verdict()


def _budgets(paragraph: Paragraph, year: int | None) -> Iterator[tuple[Quantity, Quantity]]:
    """Neighbouring amounts of one clause group, one of them budget and the other outturn, of an item of 三公."""
    money = [q for q in paragraph.of_kind(Kind.MONEY) if q.is_amount and not q.is_prior(year)]
    for one, other in pairwise(money):
        between = paragraph.between(one.figure, other.figure)
        if one.sentence != other.sentence or re.search(r"[；;]|其中", between) or not _ITEMS.search(one.words):
            continue
        names = {q.basis for q in (one, other)}
        if names != {Basis.BUDGET, Basis.SPENT} or (_ITEMS.search(other.words) and _kind(one) != _kind(other)):
            continue
        yield (one, other) if one.basis is Basis.BUDGET else (other, one)


def _kind(quantity: Quantity) -> str:
    found = _ITEMS.search(quantity.words)
    return found[0] if found else ""


def guests(case: Case, rule: Rule) -> Verdict:
    """S7: guests come in batches and cost something: no more batches than guests, no cost without guests."""
    verdicts = Verdicts(rule)
    year = case.manuscript.fiscal_year
    for paragraph in case.once(prose):
        for number, told in groupby(paragraph.quantities, key=lambda quantity: quantity.sentence):
            said = [q for q in told if not q.is_prior(year)]
            batches = [q for q in said if q.is_amount and q.figure.unit in _BATCHES]
            heads = [q for q in said if q.is_amount and q.figure.unit in _HEADS and "批" not in q.figure.label]
            sentence = paragraph.sentence_text(number)
            if len(batches) == 1 and len(heads) == 1 and _RECEPTION.search(sentence) and not _PUBLIC.search(sentence):
                _judge_guests(verdicts, batches[0], heads[0], [q for q in said if _is_reception(q)])
    return verdicts.verdict()


def _is_reception(quantity: Quantity) -> bool:
    is_spent = quantity.basis in (Basis.SPENT, Basis.UNSAID)
    return (
        quantity.figure.kind is Kind.MONEY
        and quantity.is_amount
        and is_spent
        and bool(_RECEPTION.search(quantity.words))
        and not _FOREIGN.search(quantity.name)
    )


def _judge_guests(verdicts: Verdicts, batches: Quantity, heads: Quantity, costs: list[Quantity]) -> None:
    figures = (batches.figure, heads.figure)
    if amount(heads.figure) < amount(batches.figure):
        verdicts.fails(
            f"接待{say(batches.figure)}，只有{say(heads.figure)}，人次少于批次。",
            heads.figure.value,
            batches.figure.value,
            figures,
            suggestion="请核对接待批次和人次。",
            subject="接待人次",
        )
    if len(costs) != 1:
        return
    cost, people = amount(costs[0].figure), amount(heads.figure)
    if bool(cost) != bool(people):
        verdicts.fails(
            f"公务接待费{say(costs[0].figure)}，而接待{say(heads.figure)}，两者矛盾。",
            costs[0].figure.value,
            heads.figure.value,
            (costs[0].figure, *figures),
            suggestion="请核对公务接待费和接待人次；由其他单位负担的，请写明。",
            subject="公务接待费",
        )
    elif people and not _CHEAP <= cost / people <= _DEAR:
        verdicts.fails(
            f"公务接待费{say(costs[0].figure)}，接待{say(heads.figure)}，人均{printed(cost / people, 2)}元，不合常理。",
            cost / people,
            None,
            (costs[0].figure, *figures),
            suggestion="请核对公务接待费的单位（元、万元）和接待人次。",
            subject="人均接待费",
        )


def cars_and_journeys(case: Case, rule: Rule) -> Verdict:
    """S6: buying a car costs money and money buys a car; no cars, no running cost; no journeys abroad, no cost."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        year = case.manuscript.fiscal_year
        counted = [q for q in paragraph.quantities if q.is_amount and not q.is_prior(year)]
        money = [q for q in counted if q.figure.kind is Kind.MONEY and q.basis is not Basis.BUDGET]
        cars = [q for q in counted if q.figure.unit in ("辆", "台")]
        kept = [q for q in cars if "保有" in f"{q.figure.label}{q.clause}"]
        bought = [q for q in cars if q not in kept and "购" in f"{q.figure.label}{q.clause}"]
        trips = [
            q for q in counted if q.figure.unit in ("团组", "个", "人次", "批次", "团") and _ABROAD.search(q.words)
        ]
        buying = [q for q in money if re.search(r"购置(?!费?(?:及|和|、|与))", q.clause) and "运行" not in q.clause]
        running = [q for q in money if "运行" in q.clause and "购置" not in q.clause]
        abroad = [q for q in money if _ABROAD.search(q.clause)]
        _both_or_none(verdicts, buying, bought, "公务用车购置费", "购置数")
        _both_or_none(verdicts, abroad, trips, "因公出国（境）费", "团组和人次")
        if len(running) == 1 and len(kept) == 1 and amount(running[0].figure) and not amount(kept[0].figure):
            _contradiction(verdicts, running[0], kept[0], "公务用车运行维护费", "公务用车保有量")
    return verdicts.verdict()


def _both_or_none(verdicts: Verdicts, money: list[Quantity], things: list[Quantity], name: str, counted: str) -> None:
    if len(money) == 1 and things and bool(amount(money[0].figure)) != any(amount(q.figure) for q in things):
        _contradiction(verdicts, money[0], things[0], name, counted)


def _contradiction(verdicts: Verdicts, money: Quantity, thing: Quantity, name: str, counted: str) -> None:
    verdicts.fails(
        f"{name}{say(money.figure)}，而{counted}为{say(thing.figure)}，两者矛盾。",
        money.figure.value,
        thing.figure.value,
        (money.figure, thing.figure),
        suggestion=f"请核对{name}和{counted}；属于上年结算等特殊情况的，请写明。",
        subject=name,
    )


def changes_of_parts(case: Case, rule: Rule) -> Verdict:
    """S4: the change of 三公 is the sum of the changes of its parts."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        changes = [
            q
            for q in paragraph.of_kind(Kind.MONEY)
            if q.figure.role is Role.CHANGE and q.figure.direction is not None and not q.figure.is_rough
        ]
        for at, total in enumerate(changes):
            if "三公" not in f"{total.figure.label}{total.lead}" or _S1.part(total.figure.label):
                continue
            parts = _changed_parts(total, changes[at + 1 :])
            outer = [part for name, part in parts.items() if _S1.inside.get(name, "") not in parts]
            if len(outer) > 1:
                _judge_changes(verdicts, total, outer, is_sure=_is_every_part(total, parts))
    return verdicts.verdict()


def _changed_parts(total: Quantity, changes: Sequence[Quantity]) -> dict[str, Quantity]:
    """The parts of 三公 whose changes are told with that of the total, each once: in its sentence or soon after."""
    parts: dict[str, Quantity] = {}
    for change in changes:
        name = _S1.part(change.figure.label)
        if not name or name in parts or change.sentence > total.sentence + _SENTENCES:
            break
        parts[name] = change
    return parts


def _is_every_part(total: Quantity, parts: Mapping[str, Quantity]) -> bool:
    """Are the changes of all parts told? In later sentences journeys abroad must be among them: a part that fell to
    nothing is often left out."""
    is_one_sentence = all(part.sentence == total.sentence for part in parts.values())
    return _S1.is_whole(parts) and (is_one_sentence or _S1_ABROAD in parts)


def _signed(quantity: Quantity) -> Decimal:
    return amount(quantity.figure) * (quantity.figure.direction or 0)


def _judge_changes(verdicts: Verdicts, total: Quantity, parts: list[Quantity], *, is_sure: bool) -> None:
    added = sum((_signed(part) for part in parts), Decimal(0))
    decimals = max(q.figure.decimals for q in (total, *parts))
    said, summed = (say_like(value, total.figure, decimals) for value in (_signed(total), added))
    message = f"“三公”经费增减{said}，各分项增减合计{summed}"
    where = (total.figure, *(part.figure for part in parts))
    factor = amount(total.figure) / total.figure.value if total.figure.value else Decimal(10000)
    gap = abs(added - _signed(total))
    tail = sum((half(part.figure) for part in parts), half(total.figure))
    fit = Fit.HOLDS if gap == 0 else Fit.TAIL if gap <= tail else Fit.FAILS
    if fit is Fit.FAILS and not is_sure:
        return
    advice = "请核对总的增减额和各分项的增减额。"
    verdicts.judged(fit, message, _signed(total) / factor, added / factor, where, suggestion=advice, subject="三公增减")
