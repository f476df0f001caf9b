"""The money of the whole unit: income against expenditure, budget against spending, funds against projects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import Fit, amount, half, say, say_like, slips
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose
from perfapp.core.checking.sentences.sums import sum_rule
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Kind
from perfapp.core.figures.units import printed

_INCOME = re.compile(r"总收入|收入(?:决算)?(?:总计|总额)|(?P<weak>收入合计|本年收入)")
_EXPENSE = re.compile(r"总支出|支出(?:决算)?(?:总计|总额)|(?P<weak>支出合计|本年支出)")
_SCOPES = ("财政拨款", "一般公共预算", "政府性基金", "国有资本", "本级", "二级", "下属", "项目", "三公", "基本")
_CARRIED = re.compile(r"结转|结余")
_CARRIED_IN = re.compile(r"(?:年初|上年|期初)(?:财政拨款|资金)?(?:结转|结余)")
_CARRIED_OUT = re.compile(r"(?:年末|年终|期末|结转下年|下年)(?:财政拨款|资金)?(?:结转|结余)?|结转和结余|结转结余")
_WHOLE_BUDGET = re.compile(
    r"(?:年初|部门|单位)+总?预算(?:资金|总?[额数]|安排|批复|收入|支出|总支出)*$|年初(?:批复|安排|下达)?预算"
)
_EXPLAINED = re.compile(
    r"预算的?(?:追加|调整)|调整(?:后的?)?(?:全年)?预算|追加|调增|调剂|增拨|年中(?:增加|安排|下达)|上级(?:专项|补助|下达|专款)"
    r"|专款(?!专用)|(?:年初|上年)(?:结转|结余)|超预算|超支"
)
_FUND = re.compile(r"专项")
_PROJECTS = re.compile(r"^(?:本年|全年)?项目支出(?:合计|总额)?$")
_PASSED_ON = re.compile(r"转移支付|下拨|拨付(?:给|到|至)|基本支出|公用经费|代管|财政专户")
_ALL_SPENT = re.compile(
    r"专款专用|已?全部(?:用于|支付|支出|使用|拨付|执行|到位并支付)|全额(?:支付|使用|执行|用于)|(?:100|百分之百)[%％]?(?:支付|使用|执行)"
)
_REASONED = re.compile(
    r"原因|由于|因为|因[^此素公]|结转|结余|剩余|收回|尚未|未支付|未完成|未使用|节约|待|跨年|质保金|尾款|压减|追减"
)
_HUNDRED = Decimal(100)
_EXACT = 2  # decimals from which two amounts do not differ by one digit by chance


@dataclass(frozen=True)
class Total:
    """Income or expenditure of the whole unit. `is_firm`: called 总收入 or 总计, which must balance."""

    quantity: Quantity
    scope: str
    is_firm: bool


def balance(case: Case, rule: Rule) -> Verdict:
    """M5: income and expenditure balance, with what is carried over where that is printed."""
    verdicts = Verdicts(rule)
    text = "".join(line.text for line in case.manuscript.lines)
    expenses = list(_totals(case, _EXPENSE))
    for income in _totals(case, _INCOME):
        expense = next((one for one in expenses if _belongs(income, one)), None)
        if expense:
            _judge_balance(case, verdicts, income, expense, has_carried=_CARRIED.search(text) is not None)
    told, listed = verdicts.verdict(), sum_rule(rule.code)(case, rule)
    return Verdict(told.passed + listed.passed, told.findings + listed.findings)


def _totals(case: Case, pattern: re.Pattern[str]) -> Iterator[Total]:
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.MONEY):
            found = pattern.search(quantity.clause) or pattern.search(quantity.figure.label)
            if found and quantity.is_amount and not quantity.is_prior(case.manuscript.fiscal_year):
                scope = "".join(name for name in _SCOPES if name in quantity.clause or name in quantity.figure.label)
                yield Total(quantity, scope, found["weak"] is None)


def _belongs(income: Total, expense: Total) -> bool:
    """The next expenditure of the same scope, told soon after."""
    distance = expense.quantity.line - income.quantity.line
    return (
        0 <= distance <= 12
        and expense.quantity.figure.place > income.quantity.figure.place
        and income.scope == expense.scope
        and (income.quantity.basis is Basis.BUDGET) == (expense.quantity.basis is Basis.BUDGET)
        and income.is_firm == expense.is_firm
    )


def _judge_balance(case: Case, verdicts: Verdicts, income: Total, expense: Total, *, has_carried: bool) -> None:
    received, spent = income.quantity.figure, expense.quantity.figure
    gap = amount(received) - amount(spent)
    message = f"{income.quantity.name}{say(received)}，{expense.quantity.name}{say(spent)}"
    if gap == 0:
        verdicts.judged(Fit.HOLDS, message, *_both(received.value, spent.value), (received, spent), suggestion="")
        return
    carried = _carried(case, gap)
    if carried:
        message = f"{message}，差额与结转结余{say(carried.figure)}"
        where = (received, spent, carried.figure)
        verdicts.judged(Fit.HOLDS, message, *_both(received.value, spent.value), where, suggestion="")
        return
    is_slip = any(not slip.is_unit for slip in slips(received, [spent])) and received.decimals >= _EXACT
    is_tail = abs(gap) <= max(half(received), half(spent)) * 2
    if is_tail or (income.is_firm and (is_slip or not has_carried)):
        difference = say_like(abs(gap), received, max(received.decimals, spent.decimals))
        without = "与文中的结转结余不合" if has_carried else "文中没有写结转结余"
        verdicts.judged(
            Fit.TAIL if is_tail else Fit.FAILS,
            f"{message}，相差{difference}，{without}",
            *_both(received.value, spent.value),
            (received, spent),
            suggestion="请核对收入和支出；有年初、年末结转结余的，请写明金额。",
            subject="收支平衡",
        )


def _both(one: Decimal | None, other: Decimal | None) -> tuple[Decimal, Decimal]:
    return one or Decimal(0), other or Decimal(0)


def _carried(case: Case, gap: Decimal) -> Quantity | None:
    """The carry-over that explains the gap, if one is printed."""
    for quantity in case.once(_carry_overs):
        if abs(amount(quantity.figure) - abs(gap)) <= half(quantity.figure) * 2:
            return quantity
    return None


def _carry_overs(case: Case) -> tuple[Quantity, ...]:
    money = (quantity for paragraph in case.once(prose) for quantity in paragraph.of_kind(Kind.MONEY))
    return tuple(quantity for quantity in money if _CARRIED.search(quantity.words))


def over_budget(case: Case, rule: Rule) -> Verdict:
    """P6: spending far over the opening budget needs the adjusted budget, or the reason."""
    verdicts = Verdicts(rule)
    budget = next(_opening_budgets(case), None)
    spent = next(
        (one.quantity for one in _totals(case, _EXPENSE) if not one.scope and one.quantity.basis is not Basis.BUDGET),
        None,
    )
    if budget is None or spent is None or amount(budget.figure) <= 0:
        return verdicts.verdict()
    rate = amount(spent.figure) / amount(budget.figure) * _HUNDRED
    limit = _HUNDRED + (rule.tolerance or Decimal(10))
    if rate <= limit or any(_EXPLAINED.search(paragraph.text) for paragraph in case.once(prose)):
        return verdicts.verdict()
    over = amount(spent.figure) - amount(budget.figure)
    verdicts.fails(
        f"{spent.name}{say(spent.figure)}为{budget.name}{say(budget.figure)}的{printed(rate, 2)}%，"
        f"超出{say_like(over, spent.figure)}，文中没有预算调整或追加的说明。",
        rate,
        _HUNDRED,
        (spent.figure, budget.figure),
        suggestion="请补写调整预算数（或追加预算的金额和文号），并以调整后的预算计算执行率。",
        subject="预算调整",
    )
    return verdicts.verdict()


def _opening_budgets(case: Case) -> Iterator[Quantity]:
    """The opening budget of the whole unit: called so, and of no fund or project."""
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.MONEY):
            figure = quantity.figure
            is_whole = (
                _WHOLE_BUDGET.search(figure.label)
                and not figure.subject
                and "专项" not in paragraph.sentence_text(quantity.sentence)
            )
            if (
                quantity.is_amount
                and is_whole
                and not any(name in figure.label for name in _SCOPES)
                and not quantity.is_prior(case.manuscript.fiscal_year)
            ):
                yield quantity


def fund_within_projects(case: Case, rule: Rule) -> Verdict:
    """M9: what was spent of a special fund is part of project spending, unless it was booked as basic and said so."""
    verdicts = Verdicts(rule)
    year = case.manuscript.fiscal_year
    projects = next(
        (
            quantity
            for paragraph in case.once(prose)
            for quantity in paragraph.of_kind(Kind.MONEY)
            if quantity.is_amount
            and _PROJECTS.match(quantity.figure.label)
            and quantity.basis in (Basis.UNSAID, Basis.SPENT)
            and not quantity.is_prior(year)
        ),
        None,
    )
    if projects is None:
        return verdicts.verdict()
    for quantity in _fund_spending(case):
        if amount(quantity.figure) <= amount(projects.figure):
            continue
        name = quantity.figure.subject or quantity.name
        over = amount(quantity.figure) - amount(projects.figure)
        verdicts.fails(
            f"{name}实际支出{say(quantity.figure)}，大于全部项目支出{say(projects.figure)}，"
            f"多出{say_like(over, quantity.figure)}。",
            quantity.figure.value,
            projects.figure.value,
            (quantity.figure, projects.figure),
            suggestion="请核对专项支出和项目支出；该专项如已列入基本支出（公用经费），请写明口径。",
            subject=name,
        )
    return verdicts.verdict()


def _fund_spending(case: Case) -> Iterator[Quantity]:
    for paragraph in case.once(prose):
        if not _FUND.search(paragraph.text):
            continue
        for quantity in paragraph.of_kind(Kind.MONEY):
            sentence = paragraph.sentence_text(quantity.sentence)
            is_spent = quantity.is_amount and quantity.basis is Basis.SPENT
            is_fund = _FUND.search(quantity.figure.subject) or _FUND.search(quantity.figure.label)
            if (
                is_spent
                and is_fund
                and not _PASSED_ON.search(sentence)
                and not quantity.is_prior(case.manuscript.fiscal_year)
            ):
                yield quantity


def fully_spent_claim(case: Case, rule: Rule) -> Verdict:
    """E1: 专款专用 or 全部使用 said of a fund that was not spent in full, and no reason given."""
    verdicts = Verdicts(rule)
    limit = rule.tolerance or Decimal(95)
    for paragraph in case.once(prose):
        claim = _ALL_SPENT.search(paragraph.text)
        if not claim or _REASONED.search(paragraph.text):
            continue
        for budget, spent in _budgets_and_spending(paragraph):
            rate = amount(spent.figure) / amount(budget.figure) * _HUNDRED
            if rate >= limit:
                continue
            left = amount(budget.figure) - amount(spent.figure)
            verdicts.fails(
                f"文中写“{claim[0]}”，但{budget.figure.subject}预算{say(budget.figure)}、支出{say(spent.figure)}，"
                f"执行率{printed(rate, 2)}%，尚有{say_like(left, budget.figure)}未支出，没有说明原因。",
                rate,
                _HUNDRED,
                (spent.figure, budget.figure),
                suggestion="请写明未支出的原因，以及资金是结转下年还是已被收回。",
                subject=budget.figure.subject or budget.name,
            )
    return verdicts.verdict()


def _budgets_and_spending(paragraph: Paragraph) -> Iterator[tuple[Quantity, Quantity]]:
    """A budget and, next in the same sentence, what was spent of it."""
    money = [quantity for quantity in paragraph.of_kind(Kind.MONEY) if quantity.is_amount]
    for budget, spent in pairwise(money):
        is_pair = budget.basis in (Basis.BUDGET, Basis.ADJUSTED) and spent.basis is Basis.SPENT
        if is_pair and budget.sentence == spent.sentence and amount(budget.figure) > 0:
            yield budget, spent
