"""Rates of execution: 执行率, 完成预算的98%, 控制率, and what is said of budget and outturn in words."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.names import Names, core, is_planned, names
from perfapp.core.checking.sentences.numbers import Fit, amount, misprint, percent_fit, say
from perfapp.core.checking.sentences.outright import judge_quotient
from perfapp.core.checking.sentences.parts import is_share, row_of_percents
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose
from perfapp.core.checking.sentences.ratios import judge_ratio
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed, rounded

_HUNDRED = Decimal(100)
_PLANNED = (Basis.BUDGET, Basis.ADJUSTED)
_GIVEN = re.compile(r"^(?!.*(?:支出|使用)).*(?:资金|合计|安排|下达|到位|拨款|经费|指标)")
_USED = re.compile(r"支出|使用|支付|执行|拨付")
_REACH = 40  # quantities that are looked through before a rate
_BEFORE = 12  # of the paragraphs before it
_SAVED = re.compile(r"(?:节约|节支|下浮)率")  # of the budget, no growth
_BREAK = re.compile(r"[；;]|其中")
_LEFT = re.compile(r"(?:结余|结转|剩余|节约|节余|未支出|未执行)[^，。；]{0,6}$")
_NEXT_IN_ROW = re.compile(r"\s*[、和及与][^，,。；;：:]{0,16}$")
_OF_BUDGET = re.compile(
    r"执行率|执行比例|完成率|支付率|支出率|使用率|执行进度|支出进度|控制率|完成[^，。；]{0,8}预算|预算的|达到?[^，。；]{0,6}预算"
)
_OTHER_RATE = re.compile(
    r"人员控制率|在编|编制|调整率|变动率|结转|结余|公开|满意|采购|项目完成率|工作完成率|任务完成率|指标|质量|及时|到位"
)
_WHOLE_RATE = re.compile(r"(?:整体|部门)?(?:支出)?(?:预算)?执行率|预算完成率")
_ADJUSTED_BUDGET = re.compile(r"^(?:全年预算|调整后?的?预算|预算调整后)数?$")
_POSTS = re.compile(r"(?:在职)?人员控制率|财政供养人员控制率|编制(?:使用|控制)率")
_SURVEYED = re.compile(r"满意度|满意率|整改率|回收率|收回率|合格率|办结率|完成率")
_UNDONE = re.compile(r"未")
_ALTOGETHER = re.compile(r"共|总|合计")
_FILLED = re.compile(r"在职|在编|实有")
_NO_STAFF = re.compile(r"编制|离退休|退休|离休|合计")
_VACANT = re.compile(r"空编|缺编|空缺")
_BOUND = re.compile(r"(?:[低高小大]于|超过|[≤≥<>]|目标值?|标准|以内)为?$")  # 低于100%的标准
_APPROVED = re.compile(r"^(?!.*(?:行政|事业|工勤|参公|参照|政法)).*编制")
_COMPARED = re.compile(
    r"决算数?(?:与|较|比)?(?:年初)?(?P<how>大于|高于|超过|多于|小于|低于|少于|等于|持平)(?:年初)?预算"
)
_MORE, _LESS = {"大于", "高于", "超过", "多于"}, {"小于", "低于", "少于"}


def execution_rate(case: Case, rule: Rule) -> Verdict:
    """P4: a rate of execution is what was spent divided by the budget, where both are printed with it."""
    verdicts = Verdicts(rule)
    called, year = case.once(names), case.manuscript.fiscal_year
    before: list[Quantity] = []
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.PERCENT):
            if quantity.figure.value is None or quantity.figure.is_rough:
                continue
            if judge_quotient(verdicts, paragraph, quantity):
                continue
            is_of_budget = _is_execution(quantity) or _is_of_budget_before(paragraph, quantity)
            is_judged = (
                _judge_execution(verdicts, paragraph, quantity, called, year)
                if is_of_budget
                else _judge_survey(verdicts, paragraph, quantity)
            )
            is_growth = quantity.figure.role is Role.GROWTH and not _SAVED.search(quantity.clause)
            is_other = is_growth or is_share(quantity) or _POSTS.search(quantity.words)
            if not is_judged and not is_other:
                judge_ratio(verdicts, paragraph, quantity, before)
        before = [*before, *paragraph.quantities][-_BEFORE:]
    return verdicts.verdict()


def _is_execution(quantity: Quantity) -> bool:
    figure = quantity.figure
    if figure.role not in (Role.RATE, Role.SHARE) or figure.value is None or figure.is_rough:
        return False
    words = f"{figure.label} {quantity.clause} {figure.of}"
    return _OF_BUDGET.search(words) is not None and _OTHER_RATE.search(words) is None


def _is_of_budget_before(paragraph: Paragraph, rate: Quantity) -> bool:
    """完成预算29.6万元的92.8%."""
    at = rate.rank
    return bool(at) and rate.lead.strip() == "的" and paragraph.quantities[at - 1].basis in _PLANNED


def _judge_execution(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, called: Names, year: int | None) -> bool:
    """Says whether anything could be said."""
    own = list(_in_rows(paragraph, rate)) or list(_own_pairs(paragraph, rate))
    if not own and _is_of_work(paragraph, rate):
        return False
    if not own and _judge_nothing(verdicts, paragraph, rate):
        return True
    own = own or list(_budget_elsewhere(paragraph, rate, called, year))
    own = own or (list(_of_the_whole(called, year)) if _is_of_the_whole(paragraph, rate) else [])
    pairs = own or [*_pairs(paragraph, rate), *_in_a_row(paragraph, rate)]
    if not pairs:
        return False
    fits = [percent_fit(rate.figure, spent.figure, budget.figure) for spent, budget in pairs]
    best = min(fits)
    if best is not Fit.HOLDS and not own and len(pairs) > 1:
        return False
    spent, budget = pairs[fits.index(best)] if best is not Fit.FAILS else pairs[0]
    exact = amount(spent.figure) / amount(budget.figure) * _HUNDRED
    names = f"{spent.name[-16:]}{say(spent.figure)}÷{budget.name[-16:]}{say(budget.figure)}"
    message = f"{names}＝{printed(exact, 4)}%，文中为{say(rate.figure)}"
    should = printed(exact, rate.figure.decimals)
    verdicts.judged(
        best,
        message,
        rate.figure.value or Decimal(0),
        exact,
        (rate.figure, spent.figure, budget.figure),
        suggestion=f"请核对执行率、支出数和预算数，并写明以哪个预算数为分母；按文中金额应为{should}%。",
        subject=rate.name,
    )
    return True


def _is_of_work(paragraph: Paragraph, rate: Quantity) -> bool:
    """计划抽检4200批次，实际4268批次，完成率101.62%: told of things counted, not of the money before them."""
    if "预算" in rate.words or "资金" in rate.words:
        return False
    beside = [q for q in paragraph.quantities[max(0, rate.rank - 2) : rate.rank] if q.sentence == rate.sentence]
    return len(beside) == 2 and all(q.figure.kind in (Kind.COUNT, Kind.MEASURE) and q.is_amount for q in beside)


def _judge_nothing(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity) -> bool:
    """Where nothing was spent, nothing of any budget was."""
    spent = [q for q in _since_last_rate(paragraph, rate) if q.basis not in _PLANNED]
    if not spent or amount(spent[-1].figure):
        return False
    if rate.figure.value not in (0, _HUNDRED):  # nothing of nothing is often called 100 %
        verdicts.fails(
            f"{spent[-1].name[-16:]}{say(spent[-1].figure)}，完成比例却为{say(rate.figure)}，两者矛盾。",
            rate.figure.value,
            Decimal(0),
            (rate.figure, spent[-1].figure),
            suggestion="请核对支出数和完成比例；支出为0的，完成比例为0%。",
            subject=rate.name,
        )
    return True


def _since_last_rate(paragraph: Paragraph, rate: Quantity) -> list[Quantity]:
    """The amounts told with this rate: after the rate before it, the last semicolon or 其中."""
    told: list[Quantity] = []
    for quantity in paragraph.quantities[max(0, rate.rank - _REACH) : rate.rank]:
        if quantity.sentence != rate.sentence:
            continue
        if quantity.figure.kind is Kind.PERCENT or _BREAK.search(quantity.lead):
            told = []
        if quantity.figure.kind is Kind.MONEY and quantity.is_amount:
            told.append(quantity)
    return told


def _in_rows(paragraph: Paragraph, rate: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    """甲、乙预算分别为…和…，支出分别为…和…，执行率分别为…和…: the amounts of the same rank in their rows."""
    quantities = paragraph.quantities
    first, last = row_of_percents(quantities, rate.rank)
    many = last - first + 1
    rows = [quantities[max(0, first - many * back) : first - many * (back - 1)] for back in (1, 2)]
    if many == 1 or not all(_is_row(row, many, rate) for row in rows):
        return
    if rows[0][0].figure.unit != rows[1][0].figure.unit:
        return
    spent, budgets = sorted(rows, key=lambda row: row[0].basis in _PLANNED)
    if spent[0].basis not in _PLANNED and budgets[0].basis in _PLANNED and amount(budgets[rate.rank - first].figure):
        yield spent[rate.rank - first], budgets[rate.rank - first]


def _is_row(row: Sequence[Quantity], many: int, rate: Quantity) -> bool:
    """So many amounts with nothing but 、 or the next item's name between them."""
    return (
        len(row) == many
        and all(q.is_amount and q.figure.value is not None and q.sentence == rate.sentence for q in row)
        and len({q.figure.unit for q in row}) == 1
        and all(_NEXT_IN_ROW.match(q.lead) for q in row[1:])
    )


def _own_pairs(paragraph: Paragraph, rate: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    """What was spent and its budget, both told right before the rate; the adjusted budget first."""
    told = _since_last_rate(paragraph, rate)
    budgets = [q for q in told if q.basis in _PLANNED and amount(q.figure) > 0]
    spent = [q for q in told if q.basis not in _PLANNED and not _LEFT.search(q.clause)]
    adjusted = [q for q in budgets if q.basis is Basis.ADJUSTED]
    if spent and (len(budgets) == 1 or len(adjusted) == 1):
        yield from ((spent[-1], budget) for budget in dict.fromkeys((*adjusted, *budgets)))
    elif len(told) == 2 and _GIVEN.search(told[0].clause) and _USED.search(told[1].clause) and amount(told[0].figure):
        yield told[1], told[0]


def _budget_elsewhere(
    paragraph: Paragraph, rate: Quantity, called: Names, year: int | None
) -> Iterator[tuple[Quantity, Quantity]]:
    """What was spent, told right before the rate, and the only budget of the same thing in the report."""
    told = _since_last_rate(paragraph, rate)
    if len(told) != 1 or is_planned(told[0]) or told[0].is_prior(year):
        return
    same = called.same_thing(told[0])
    budgets = [q for q in same if is_planned(q) and not q.is_prior(year) and amount(q.figure) > 0]
    if len({amount(q.figure) for q in budgets}) == 1:
        yield told[0], budgets[0]


def _is_of_the_whole(paragraph: Paragraph, rate: Quantity) -> bool:
    """预算执行率98% with no amounts of its own but budgets and all that was spent."""
    told = _since_last_rate(paragraph, rate)
    is_plain = all(is_planned(quantity) or core(quantity.name) == "支出" for quantity in told)
    return is_plain and _WHOLE_RATE.fullmatch(core(rate.figure.label)) is not None


def _of_the_whole(called: Names, year: int | None) -> Iterator[tuple[Quantity, Quantity]]:
    """What was spent altogether and the budget, if the report prints one of each: the adjusted one, else the first."""
    spent = [q for q in called.by_core.get("支出", ()) if not is_planned(q) and not q.is_prior(year)]
    spoken = [q for listed in called.by_core.values() for q in listed if not q.is_prior(year)]
    budgets = [q for q in spoken if _ADJUSTED_BUDGET.search(q.name)] or list(called.by_core.get("年初预算", ()))
    if len({amount(q.figure) for q in spent}) == 1 and len({amount(q.figure) for q in budgets}) == 1:
        yield spent[0], budgets[0]


def _pairs(paragraph: Paragraph, rate: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    """What was spent with its budget, the nearest first: in the sentence, or in the one before it."""
    for reach in (0, 1):
        money = [
            quantity
            for quantity in paragraph.quantities[max(0, rate.rank - _REACH) : rate.rank + _REACH]
            if quantity.figure.kind is Kind.MONEY
            and quantity.is_amount
            and rate.sentence - reach <= quantity.sentence <= rate.sentence
        ]
        money.sort(key=lambda quantity: abs(quantity.figure.place.start - rate.figure.place.start))
        budgets = [q for q in money if q.basis in _PLANNED and amount(q.figure) > 0]
        spent = [q for q in money if q.basis not in _PLANNED]
        if budgets and spent:
            yield from ((one, other) for one in spent[:3] for other in budgets[:3])
            return


def _in_a_row(paragraph: Paragraph, rate: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    """Where nothing is called a budget: 合计75万元，支出75万元，完成率100%. Only good for what holds."""
    near = paragraph.quantities[max(0, rate.rank - _REACH) : rate.rank]
    money = [q for q in near if q.figure.kind is Kind.MONEY and q.is_amount and q.sentence == rate.sentence]
    before = money[-2:]
    if len(before) < 2 or amount(before[0].figure) <= 0:
        return
    if percent_fit(rate.figure, before[1].figure, before[0].figure) is Fit.HOLDS:
        yield before[1], before[0]


def _judge_survey(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity) -> bool:
    """发放200份，收回190份，满意181份，满意度95.26%: one of the counts divided by another."""
    found = _SURVEYED.search(f"{rate.figure.label}{rate.clause}")
    near = paragraph.quantities[max(0, rate.rank - _REACH) : rate.rank + _REACH]
    told = [q for q in near if q.figure.kind is Kind.COUNT and q.is_amount and q.sentence == rate.sentence]
    counts = [q for q in told if amount(q.figure) > 0 and q.figure.unit == told[-1].figure.unit]
    if not found or len(counts) < 2:
        return False
    pairs = [(part, whole) for n, part in enumerate(counts) for whole in reversed(counts[:n])]
    pairs += [(part, whole) for n, part in enumerate(counts) for whole in counts[n + 1 :] if _sums_up(whole, part)]
    fits = [percent_fit(rate.figure, part.figure, whole.figure) for part, whole in pairs]
    best = min(fits)
    said_so = [pair for pair in pairs if found[0][:2] in pair[0].words and not _UNDONE.search(pair[0].clause)]
    if best is not Fit.HOLDS and _is_of_others(paragraph, rate, [part for part, _ in said_so]):
        return True
    if best is not Fit.HOLDS and (not said_so or len({part.rank for part, _ in said_so}) > 1):
        return _judge_added(verdicts, rate, found[0], counts)
    part, whole = pairs[fits.index(best)] if best is Fit.HOLDS else said_so[0]
    if best is not Fit.HOLDS and _gives_another(paragraph, rate, part, whole):
        return True
    exact = amount(part.figure) / amount(whole.figure) * _HUNDRED
    verdicts.judged(
        best,
        f"{say(part.figure)}÷{say(whole.figure)}＝{printed(exact, 4)}%，文中{found[0]}为{say(rate.figure)}",
        rate.figure.value or Decimal(0),
        exact,
        (rate.figure, part.figure, whole.figure),
        suggestion=f"请核对份数（处数）和{found[0]}；按文中数字应为{printed(exact, rate.figure.decimals)}%。",
        subject=found[0],
    )
    return True


def _sums_up(whole: Quantity, part: Quantity) -> bool:
    """已完成23个，未完成2个，共25个: the whole may come last."""
    return _ALTOGETHER.search(whole.clause) is not None and amount(whole.figure) >= amount(part.figure)


def _gives_another(paragraph: Paragraph, rate: Quantity, part: Quantity, whole: Quantity) -> bool:
    """整改率98.8%，较上年的97.3%: the counts are those of the other rate of the sentence."""
    rates = [q for q in paragraph.of_kind(Kind.PERCENT) if q.sentence == rate.sentence and q is not rate]
    return any(q.figure.value and percent_fit(q.figure, part.figure, whole.figure) is Fit.HOLDS for q in rates)


def _is_of_others(paragraph: Paragraph, rate: Quantity, parts: Sequence[Quantity]) -> bool:
    """（及时受理1851件），按期办结率96.6%（按期办结1799件）: of all that the sentences before tell of."""
    earlier = [q.figure for q in paragraph.of_kind(Kind.COUNT) if q.is_amount and q.sentence < rate.sentence]
    is_exact = rate.figure.decimals > 0
    return is_exact and any(
        percent_fit(rate.figure, part.figure, whole) is Fit.HOLDS for part in parts for whole in earlier if whole.value
    )


def _judge_added(verdicts: Verdicts, rate: Quantity, name: str, counts: list[Quantity]) -> bool:
    """满意402份、基本满意71份: together they may give the rate. What does not fit proves nothing."""
    parts = [q for q in counts if name[:2] in q.clause and "不" not in q.clause]
    added = sum((amount(q.figure) for q in parts), Decimal(0))
    for whole in (q for q in counts if q not in parts):
        exact = added / amount(whole.figure) * _HUNDRED
        if rounded(exact, rate.figure.decimals) == rate.figure.value:
            listed = "＋".join(say(q.figure) for q in parts)
            message = f"（{listed}）÷{say(whole.figure)}＝{printed(exact, 4)}%，文中{name}为{say(rate.figure)}，相符。"
            figures = (rate.figure, whole.figure, *(q.figure for q in parts))
            verdicts.holds(message, exact, rate.figure.value, figures)
            return True
    return False


def posts_rate(case: Case, rule: Rule) -> Verdict:
    """H3: the rate of posts filled is staff in post divided by the posts approved, and 空编 is what lies between."""
    verdicts = Verdicts(rule)
    paragraphs = case.once(prose)
    people = [q for paragraph in paragraphs for q in paragraph.of_kind(Kind.COUNT) if q.is_amount]
    staff = [q for q in people if _FILLED.search(q.figure.label) and not _NO_STAFF.search(q.figure.label)]
    filled = [q for q in staff if "在职" in q.figure.label] or staff
    posts = [q for q in people if _APPROVED.search(q.figure.label) and amount(q.figure)]
    rates = [q for paragraph in paragraphs for q in paragraph.of_kind(Kind.PERCENT) if _POSTS.search(q.words)]
    for rate in (q for q in rates if filled and posts and not _BOUND.search(q.clause)):
        _judge_posts(verdicts, rate, filled, posts)
    for vacancy in (q for q in people if _VACANT.search(q.figure.label)):
        kinds = [q for q in people if q.figure.label.endswith("编制")]  # 事业编制136名，在编121人，空编15名
        beside = [[q for q in listed if _is_beside(q, vacancy)] for listed in (staff, posts or kinds)]
        if all(len(listed) == 1 for listed in beside):
            _judge_vacancy(verdicts, vacancy.figure, beside[0][0].figure, beside[1][0].figure)
    return verdicts.verdict()


def _is_beside(quantity: Quantity, other: Quantity) -> bool:
    return quantity.line == other.line and quantity.sentence == other.sentence


def _judge_vacancy(verdicts: Verdicts, vacant: Figure, staff: Figure, approved: Figure) -> None:
    free = amount(approved) - amount(staff)
    message = f"编制{say(approved)}－在职{say(staff)}＝{free}人，文中空缺{say(vacant)}"
    if free == amount(vacant):
        verdicts.holds(f"{message}，相符。", free, vacant.value, (vacant, staff, approved))
    elif misprint((vacant, staff, approved), lambda values: values[2] - values[1] == values[0]):
        verdicts.fails(
            f"{message}，不相符。",
            vacant.value,
            free,
            (vacant, staff, approved),
            suggestion="请核对编制数、在职人数和空编数。",
            subject="空编",
            severity=Severity.MUST_EXPLAIN,
        )


def _judge_posts(verdicts: Verdicts, rate: Quantity, filled: list[Quantity], posts: list[Quantity]) -> None:
    if rate.figure.value is None or rate.figure.role in (Role.GROWTH, Role.CHANGE):
        return
    beside = [[q for q in listed if _is_beside(q, rate)] for listed in (filled, posts)]
    if all(len(listed) == 1 for listed in beside):
        filled, posts = beside  # told with the rate itself
    fits = [(percent_fit(rate.figure, one.figure, posts[0].figure), number) for number, one in enumerate(filled)]
    best, number = min(fits)
    if best is not Fit.HOLDS and (len(filled) > 1 or len(posts) > 1):
        return
    staff, approved = filled[number].figure, posts[0].figure
    exact = amount(staff) / amount(approved) * _HUNDRED
    message = f"在职{say(staff)}÷编制{say(approved)}＝{printed(exact, 4)}%，文中为{say(rate.figure)}"
    advice = f"请核对在职人数、编制数和控制率；按文中人数应为{printed(exact, rate.figure.decimals)}%。"
    where = (rate.figure, staff, approved)
    verdicts.judged(best, message, rate.figure.value, exact, where, suggestion=advice, subject="人员控制率")


def outturn_in_words(paragraph: Paragraph) -> Iterator[tuple[Quantity, str]]:
    """Rates of the budget with a comparison in words that contradicts them: 完成预算的89.53%，决算数大于预算数."""
    for rate in paragraph.of_kind(Kind.PERCENT):
        value = rate.figure.value
        if value is None or rate.figure.is_rough or not _is_execution(rate):
            continue
        found = _COMPARED.search(rate.after)
        if found and (
            (found["how"] in _MORE and value <= _HUNDRED)
            or (found["how"] in _LESS and value >= _HUNDRED)
            or (found["how"] in ("等于", "持平") and value != _HUNDRED)
        ):
            yield rate, found[0]
