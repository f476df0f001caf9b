"""A scoring rule as lines that a person types and reads: ≤10：4, 每满5扣2, 有制度：2, 达成：80-100."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from perfapp.core.errors import Invalid
from perfapp.core.scoring.amounts import plain
from perfapp.core.scoring.rules import (
    Bands,
    ByHand,
    CheckList,
    Deduction,
    Graded,
    Proportional,
)

KIND_NAMES: Mapping[str, str] = {
    "proportional": "按完成比例计分",
    "bands": "分档计分",
    "deduction": "逐档扣分",
    "checks": "逐项检查",
    "graded": "评定等次",
    "by_hand": "由人评分",
}
EXAMPLES: Mapping[str, str] = {
    "proportional": "可留空；或写“不足60不得分”",
    "bands": "一行一档，从小到大：≤0：5、≤10：4、<90：2，最后一行：其余：0",
    "deduction": "每满5扣2（满5才扣）；每起5扣2（不足按5扣）；每1扣0.5（按比例）",
    "checks": "一行一项：有内部财务管理制度：2",
    "graded": "一行一个等次，从高到低：达成预期指标：80-100；只有一个比例的：效果显著：100",
    "by_hand": "写评分的依据，可留空",
}
_NUMBER = r"-?\d{1,12}(?:\.\d{1,6})?"
_BAND = re.compile(rf"(?P<sign><=|<)(?P<edge>{_NUMBER}):(?P<points>{_NUMBER})|其余:(?P<rest>{_NUMBER})")
_DEDUCTION = re.compile(rf"每(?P<counting>满|起|)(?P<step>{_NUMBER})扣(?P<points>{_NUMBER})分?")
_COUNTING = {"满": "completed", "起": "started", "": "exact"}
_WORDS = {counting: word for word, counting in _COUNTING.items()}
_GRADE = re.compile(rf"(?:(?P<low>{_NUMBER})-)?(?P<high>{_NUMBER})")
_NARROW = str.maketrans("０１２３４５６７８９．－：＜％", "0123456789.-:<%")


def written(rule: Proportional | Bands | Deduction | CheckList | Graded | ByHand) -> str:
    """The lines of the rule; `read` takes them back."""
    return _WRITERS[rule.kind](rule)


def read(kind: str, text: str) -> dict[str, Any]:
    """The rule in `text`, ready for the model; Invalid names the line that cannot be read."""
    if kind not in _READERS:
        raise Invalid("请选择计分方法。", field="rule")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {"kind": kind, **_READERS[kind](lines)}


def _write_proportional(rule: Proportional) -> str:
    return "" if rule.nothing_below is None else f"不足{plain(rule.nothing_below)}不得分"


def _write_bands(rule: Bands) -> str:
    heads = ("其余" if one.up_to is None else f"{'≤' if one.included else '<'}{plain(one.up_to)}" for one in rule.bands)
    return "\n".join(f"{head}：{plain(one.points)}" for head, one in zip(heads, rule.bands, strict=True))


def _write_deduction(rule: Deduction) -> str:
    return f"每{_WORDS[rule.counting]}{plain(rule.step)}扣{plain(rule.points)}"


def _write_checks(rule: CheckList) -> str:
    return "\n".join(f"{one.name}：{plain(one.points)}" for one in rule.checks)


def _write_grades(rule: Graded) -> str:
    return "\n".join(
        f"{one.name}：{plain(one.high)}" if one.low == one.high else f"{one.name}：{plain(one.low)}-{plain(one.high)}"
        for one in rule.grades
    )


def _read_proportional(lines: list[str]) -> dict[str, Any]:
    if not lines:
        return {}
    match = re.fullmatch(rf"不足({_NUMBER})%?不得分", _narrow(lines[0]))
    if match is None or len(lines) > 1:
        raise _refusal("proportional", lines[-1])
    return {"nothing_below": match[1]}


def _read_bands(lines: list[str]) -> dict[str, Any]:
    bands = []
    for line in lines:
        match = _BAND.fullmatch(_narrow(line).replace("≤", "<=").replace("%", "").removesuffix("分"))
        if match is None:
            raise _refusal("bands", line)
        if match["rest"] is not None:
            bands.append({"points": match["rest"]})
        else:
            bands.append({"up_to": match["edge"], "included": match["sign"] == "<=", "points": match["points"]})
    return {"bands": bands}


def _read_deduction(lines: list[str]) -> dict[str, Any]:
    match = _DEDUCTION.fullmatch(_narrow(lines[0])) if len(lines) == 1 else None
    if match is None:
        raise _refusal("deduction", lines[-1] if lines else "")
    return {"counting": _COUNTING[match["counting"]], "step": match["step"], "points": match["points"]}


def _read_checks(lines: list[str]) -> dict[str, Any]:
    return {"checks": [{"name": name, "points": points} for name, points in (_pair("checks", one) for one in lines)]}


def _read_grades(lines: list[str]) -> dict[str, Any]:
    grades = []
    for line in lines:
        name, share = _pair("graded", line)
        match = _GRADE.fullmatch(share.replace("%", ""))
        if match is None:
            raise _refusal("graded", line)
        grades.append({"name": name, "low": match["low"] or match["high"], "high": match["high"]})
    return {"grades": grades}


def _read_by_hand(lines: list[str]) -> dict[str, Any]:
    return {"standard": "".join(lines)}


def _pair(kind: str, line: str) -> tuple[str, str]:
    """What stands before and after the last colon, the latter without spaces and 分."""
    name, colon, value = line.replace("：", ":").rpartition(":")
    if not colon or not name.strip():
        raise _refusal(kind, line)
    return name.strip(), _narrow(value).removesuffix("分")


def _narrow(text: str) -> str:
    return "".join(text.split()).translate(_NARROW)


def _refusal(kind: str, line: str) -> Invalid:
    seen = f"“{line[:40]}”看不懂" if line else "没有填写"
    return Invalid(f"{KIND_NAMES[kind]}的办法{seen}。写法：{EXAMPLES[kind]}。", field="rule")


_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "proportional": _write_proportional,
    "bands": _write_bands,
    "deduction": _write_deduction,
    "checks": _write_checks,
    "graded": _write_grades,
    "by_hand": lambda rule: rule.standard,
}
_READERS: Mapping[str, Callable[[list[str]], dict[str, Any]]] = {
    "proportional": _read_proportional,
    "bands": _read_bands,
    "deduction": _read_deduction,
    "checks": _read_checks,
    "graded": _read_grades,
    "by_hand": _read_by_hand,
}
