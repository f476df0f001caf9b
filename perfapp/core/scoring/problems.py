"""What is wrong with an indicator set, in sentences: checked before a set is saved, shipped or used."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pydantic import ValidationError

from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import Definition
from perfapp.core.scoring.amounts import points_text
from perfapp.core.scoring.indicators import Column, Indicator, IndicatorSet
from perfapp.core.scoring.measure import dimension_problem, source_of
from perfapp.core.scoring.rule_faults import faults

FULL = Decimal(100)
_SHOWN = 12


def parse(raw: object, definitions: Mapping[str, Definition]) -> IndicatorSet:
    """The set in `raw` (decoded JSON or YAML); Invalid with every sentence of what is wrong."""
    try:
        form = IndicatorSet.model_validate(raw)
    except ValidationError as error:
        raise Invalid("\n".join(_refusals(error))) from error
    demand(form, definitions)
    return form


def demand(form: IndicatorSet, definitions: Mapping[str, Definition]) -> None:
    """Invalid, in sentences, for a set that cannot be used."""
    if found := problems(form, definitions):
        raise Invalid("\n".join(found[:_SHOWN]))


def problems(form: IndicatorSet, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
    """Every fault, in printed order; empty for a set that can be used."""
    found = [*_weights(form), *_keys(form), *_grade_steps(form), *_columns(form), *_known(form, definitions)]
    for heading, _, indicator in form.walk():
        where = f"“{heading.name}”下的“{indicator.name}”"
        found.extend(f"{where}：{said}。" for said in _of_indicator(indicator, definitions))
    return tuple(found)


def _weights(form: IndicatorSet) -> Iterator[str]:
    for heading in form.headings:
        total = sum((group.weight for group in heading.groups), Decimal(0))
        if total != heading.weight:
            yield (
                f"一级指标“{heading.name}”定为{points_text(heading.weight)}分，下面的三级指标合计{points_text(total)}分，"
                f"{_gap(heading.weight - total)}，请调整分值。"
            )
    whole = sum((heading.weight for heading in form.headings), Decimal(0))
    if whole != FULL:
        yield f"各一级指标合计{points_text(whole)}分，应为100分，{_gap(FULL - whole)}，请调整分值。"


def _gap(lack: Decimal) -> str:
    return f"少{points_text(lack)}分" if lack > 0 else f"多{points_text(-lack)}分"


def _keys(form: IndicatorSet) -> Iterator[str]:
    keys = Counter(indicator.key for _, _, indicator in form.walk())
    yield from (f"编码“{key}”用了{count}次，每个指标的编码只能用一次。" for key, count in keys.items() if count > 1)
    for heading in form.headings:
        yield from (
            f"二级指标“{group.name}”下面没有三级指标，请增加或删去。"
            for group in heading.groups
            if not group.indicators
        )


def _columns(form: IndicatorSet) -> Iterator[str]:
    """A score table names its indicators, says their points, and says nothing twice."""
    shown = Counter(column.show for column in form.table.columns)
    for needed, name in ((Column.NAME, "三级指标"), (Column.POINTS, "得分")):
        if not shown[needed]:
            yield f"评分表要有“{name}”一列，请把它的列名填上。"
    titles = [column.title for column in form.table.columns if shown[column.show] > 1]
    if titles:
        yield f"评分表的“{'”和“'.join(titles)}”内容相同，请只留一列。"


def _grade_steps(form: IndicatorSet) -> Iterator[str]:
    for upper, lower in pairwise(form.grades):
        if upper.at_least <= lower.at_least:
            yield f"等次“{upper.name}”的起点应当高于“{lower.name}”，请从高到低排列。"
    if form.grades[-1].at_least != 0:
        yield f"最低的等次“{form.grades[-1].name}”应当从0分起，否则低分没有等次。"


def _known(form: IndicatorSet, definitions: Mapping[str, Definition]) -> Iterator[str]:
    named = [form.spending.budget, form.spending.spent] if form.spending else []
    for row in form.table.funds:
        named += [key for key in (row.opening, row.adjusted, row.spent) if key]
    for key in dict.fromkeys(named):
        if key not in definitions:
            yield f"资金情况用到了没有登记的数据“{key}”，请先登记这项数据或改用别的。"
    if sum(row.is_total for row in form.table.funds) > 1:
        yield "资金情况只能有一行合计行。"


def _of_indicator(indicator: Indicator, definitions: Mapping[str, Definition]) -> Iterator[str]:
    if indicator.is_judged and indicator.actual:
        yield "由人评定的指标不取数，请删去公式或改用按数计分的规则"
    if not indicator.is_judged and indicator.target is None:
        yield "按数计分的指标要有目标值和单位"
    if indicator.actual and not indicator.is_judged and (said := dimension_problem(indicator, definitions)):
        yield said
    exempt = indicator.exempt.zero if indicator.exempt else ()
    if unknown := [key for key in exempt if source_of(key, definitions).key not in definitions]:
        yield f"免扣条件用到了没有登记的数据“{'、'.join(unknown)}”"
    yield from faults(indicator.rule, indicator.weight)


_KINDS = {
    "missing": "没有填写",
    "string_too_short": "没有填写",
    "string_too_long": "太长",
    "too_short": "太少",
    "too_long": "太多",
    "decimal_parsing": "应当是数字",
    "decimal_type": "应当是数字",
    "decimal_max_places": "小数位数太多",
    "greater_than": "太小",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "extra_forbidden": "是不认识的内容",
    "union_tag_invalid": "是不认识的计分方法",
    "string_pattern_mismatch": "只能用小写字母、数字和连字符，以字母开头",
}
_NAMES = {
    "table": "附件评分表",
    "title": "表题",
    "mark": "附件编号",
    "funds": "资金情况",
    "notes": "表下说明",
    "sign_offs": "签字栏",
    "headings": "一级指标",
    "groups": "二级指标",
    "indicators": "三级指标",
    "bands": "档",
    "checks": "要求",
    "grades": "等次",
    "columns": "栏",
    "name": "名称",
    "weight": "分值",
    "target": "目标值",
    "value": "数值",
    "unit": "单位",
    "sign": "符号",
    "rule": "计分方法",
    "points": "分数",
    "step": "每档大小",
    "up_to": "上限",
    "actual": "取数公式",
    "key": "编码",
    "basis": "依据",
    "low": "下限",
    "high": "上限",
    "at_least": "起点",
    "zero": "免扣的数据",
    "because": "免扣的说明",
}


def _refusals(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False)[:_SHOWN]:
        where = "".join(
            f"第{part + 1}个" if isinstance(part, int) else f"“{_NAMES[part]}”"
            for part in fault["loc"]
            if isinstance(part, int) or part in _NAMES
        )
        yield f"{where or '指标体系'}{_KINDS.get(fault['type'], '格式不对')}。"
