"""Prints docs/workflow.md from the transition tables: `python -m perfapp.core.flow_chart > docs/workflow.md`."""

import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from perfapp.core.disclosing.flow import FLOW as DISCLOSURE_FLOW
from perfapp.core.disclosing.flow import DisclosureState
from perfapp.core.figures.dispute_flow import FLOW as DISPUTE_FLOW
from perfapp.core.figures.dispute_flow import DisputeState
from perfapp.core.flow import Flow, Scope, Step
from perfapp.core.measures.flow import FLOW as MEASURE_FLOW
from perfapp.core.measures.flow import MeasureState
from perfapp.core.permissions import GRANTS, ROLE_NAMES
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportState
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionState
from perfapp.core.words import (
    DISCLOSURE_ACTIONS,
    DISCLOSURE_STATES,
    DISPUTE_ACTIONS,
    DISPUTE_STATES,
    MEASURE_ACTIONS,
    MEASURE_STATES,
    REPORT_ACTIONS,
    REPORT_STATES,
    SECTION_ACTIONS,
    SECTION_STATES,
)

_CONDITIONS = {
    "with_money": "含资金数据",
    "without_money": "不含资金数据",
    "direct": "退回时选了“直达”",
    "not_direct": "",
    "reviewers_left": "还有人要会审",
    "no_reviewers_left": "无人需要会审",
    "by_leader": "由签发领导盖章",
    "by_keeper": "由印章管理员盖章",
    "seal_failed": "盖章失败后",
    "seal_stuck": "盖章失败或等待时间戳时",
    "money": "资金数据",
    "not_money": "不是资金的数据",
    "mine": "由提出人",
    "unreceived": "在线报送，尚未签收",
    "undecided": "签收之后",
}
_RULES = (
    ("needs_reason", "须写理由"),
    ("not_by_author", "不得由撰写人办理"),
    ("not_by_approver", "不得由审批人办理"),
    ("joint", "可会签、或签、加签、转办、代理"),
    ("undoes", "只限同意过的人"),
    ("in_person", "须本人办理"),
    ("same_person", "可与上一步同一人一次办理"),
    ("only_last_actor", "只限刚办理的人"),
    ("covers", "记下内容摘要"),
)


def page() -> str:
    """The workflows as diagrams and tables, in Chinese (Markdown)."""
    parts = [
        "# 流程",
        "本页由程序按流转表生成，请勿手改；改流程改 `perfapp/core/section_flow.py`、"
        "`perfapp/core/report_flow.py`、"
        "`perfapp/core/figures/dispute_flow.py`、`perfapp/core/disclosing/flow.py` 和 "
        "`perfapp/core/measures/flow.py`。",
        "## 章节",
        _diagram(SECTION_FLOW, SECTION_STATES, SECTION_ACTIONS, SectionState.NOT_STARTED),
        _table(SECTION_FLOW, SECTION_STATES, SECTION_ACTIONS),
        "## 报告",
        _diagram(REPORT_FLOW, REPORT_STATES, REPORT_ACTIONS, ReportState.DRAFTING),
        _table(REPORT_FLOW, REPORT_STATES, REPORT_ACTIONS),
        "## 数据争议",
        "本单位的人对一个数值提出不同的数值和理由；争议双方（提出人和填报人）不裁定。没有裁定的争议使报告不能用印。",
        _diagram(DISPUTE_FLOW, DISPUTE_STATES, DISPUTE_ACTIONS, DisputeState.OPEN),
        _table(DISPUTE_FLOW, DISPUTE_STATES, DISPUTE_ACTIONS),
        "## 公开",
        "报送之后才能公开；保密审查和审签由不同的人办，只对当时的内容有效，公开方案一改就要重新审查。",
        _diagram(DISCLOSURE_FLOW, DISCLOSURE_STATES, DISCLOSURE_ACTIONS, DisclosureState.PREPARING),
        _table(DISCLOSURE_FLOW, DISCLOSURE_STATES, DISCLOSURE_ACTIONS),
        "## 改进措施",
        "报告承诺的措施和财政部门的审核意见都进整改台账；报完成的人不能自己确认，过了时限没有完成的显示逾期。",
        _diagram(MEASURE_FLOW, MEASURE_STATES, MEASURE_ACTIONS, MeasureState.NOT_STARTED),
        _table(MEASURE_FLOW, MEASURE_STATES, MEASURE_ACTIONS),
    ]
    return "\n\n".join(parts) + "\n"


def _diagram(flow: Flow[Any, Any], states: Mapping[Any, Any], actions: Mapping[Any, str], first: StrEnum) -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"  [*] --> {states[first][0]}"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in flow.steps:
        if step.target is None:
            continue
        for source in step.source:
            words = arrows.setdefault((states[source][0], states[step.target][0]), [])
            if actions[step.action] not in words:
                words.append(actions[step.action])
    lines += [f"  {old} --> {new}: {'、'.join(words)}" for (old, new), words in arrows.items() if old != new]
    return "\n".join([*lines, "```"])


def _table(flow: Flow[Any, Any], states: Mapping[Any, Any], actions: Mapping[Any, str]) -> str:
    rows = ["| 办理 | 从 | 到 | 谁 | 条件 | 规则 |", "| --- | --- | --- | --- | --- | --- |"]
    for step in flow.steps:
        cells = (
            actions[step.action],
            "、".join(states[state][0] for state in step.source),
            "退回前的状态" if step.to_direct else states[step.target][0] if step.target else "不变",
            _who(step),
            "；".join(filter(None, [*(_CONDITIONS[name] for name in step.when), *_needed(flow, step)])),
            "、".join(words for name, words in _RULES if _holds(step, name)),
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _holds(step: Step[Any, Any], name: str) -> bool:
    """Jointly taken is the step itself; what goes with it can only be delegated like it."""
    return step.joint == step.action if name == "joint" else bool(getattr(step, name))


def _who(step: Step[Any, Any]) -> str:
    if step.scope is Scope.SYSTEM or step.permission is None:
        return "系统"
    names = "、".join(ROLE_NAMES[role] for role, grants in GRANTS.items() if step.permission in grants)
    return f"本科室{names}" if step.scope is Scope.OWN_OFFICE else names


def _needed(flow: Flow[Any, Any], step: Step[Any, Any]) -> Iterable[str]:
    return (f"否则：{flow.needs[name]}" for name in step.needs)


if __name__ == "__main__":
    sys.stdout.write(page())
