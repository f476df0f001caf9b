"""How many must agree in each step of a year: what the editor sets before the report is merged."""

from collections.abc import Mapping

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.joint import Mode, Rule
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.data import cycles, events, reports, step_rules
from perfapp.data.session import transaction

STEPS: Mapping[str, tuple[str, Permission]] = {
    "section.endorse": ("科室审核", Permission.REVIEW),
    "section.check": ("财务核数", Permission.CHECK_MONEY),
    "section.accept": ("统稿采纳", Permission.ACCEPT),
    "report.endorse": ("领导会审", Permission.REVIEW_REPORT),
}
"""The steps that several may take, and by which permission they are asked."""
MODES: Mapping[Mode, str] = {Mode.ALL: "会签：都要同意", Mode.ANY: "或签：一人同意即可", Mode.SOME: "几人同意即可"}
MOST = 20


def spoken(rule: Rule) -> str:
    return f"{rule.least} 人同意即可" if rule.mode is Mode.SOME else MODES[rule.mode]


def bar(state: ReportState) -> str:
    """Why the year's rules cannot be changed now; '' where they can."""
    return "" if state is ReportState.DRAFTING else "报告已合稿，审批规则不能再改；需要改的，请先取消合稿。"


def set_rules(actor: Actor, cycle_id: int, *, version: int, rules: Mapping[str, Rule], same_person_once: bool) -> None:
    """Replace the year's rules. What has been decided stays; what waits is asked by the new rules."""
    if not actor.may(Permission.ARRANGE):
        raise Forbidden("您没有办理这一步的权限。")
    for step, rule in rules.items():
        if step not in STEPS or not 1 <= rule.least <= MOST:
            raise Invalid(f"同意人数请填 1 到 {MOST}。", field=step.replace(".", "_"))
    with transaction():
        cycle = cycles.visible(actor, cycle_id)
        report = reports.lock_current(cycle_id, actor.unit_id)
        cycles.lock(cycle_id, actor.unit_id)
        if cycles.get(cycle_id).version != version:
            raise Conflict("年度任务在您打开之后已有变动，请刷新页面再改。")
        if why := bar(report.state):
            raise Conflict(why)
        present = step_rules.of_cycle(cycle_id)
        changes = [f"{STEPS[step][0]}{spoken(rule)}" for step, rule in rules.items() if rule != present[step]]
        if same_person_once != cycle.same_person_once:
            changes.append("同一人只办一次" if same_person_once else "同一人各步都办")
        step_rules.write(cycle_id, rules)
        cycles.change(cycle_id, same_person_once=same_person_once)
        events.record(
            "set_step_rules",
            actor_id=actor.id,
            unit_id=actor.unit_id,
            cycle_id=cycle_id,
            details={"changes": changes or ["没有变化"]},
        )
