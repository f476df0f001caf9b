"""How a joint step is said on a page: how many it takes, who has agreed, who was brought in and may be sent away."""

from dataclasses import dataclass

from perfapp.core.joint import Kind, Mode, Referral
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import ReportAction, ReportFacts
from perfapp.core.section_flow import SectionFacts
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import asked, passing
from perfapp.services.asked import JointView


@dataclass(frozen=True, slots=True)
class Brought:
    """One 加签 or 转办."""

    id: int
    sentence: str
    reason: str
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class JointBox:
    sentence: str
    agreed: tuple[str, ...]
    awaited: tuple[PersonBrief, ...]
    brought: tuple[Brought, ...]


def of_section(section: SectionView, facts: SectionFacts, reader: Actor) -> JointBox | None:
    """None where one person takes the step, as usual."""
    step = passing.section_step(section.state, holds_money=section.holds_money)
    if step is None:
        return None
    view = asked.joint_view(facts, step)
    return _box(view, reader) if view.needed > 1 or view.referrals else None


def of_report(report: ReportView, facts: ReportFacts, reader: Actor) -> JointBox | None:
    step = passing.report_step(report.state)
    if step is None:
        return None
    view = asked.joint_view(facts, step)
    is_joint = step is ReportAction.ENDORSE
    return _box(view, reader) if is_joint or view.referrals else None


def spoken(view: JointView) -> str:
    """3 人中须 2 人同意，已有 1 人：张三."""
    if view.asked <= 1:
        rule = "须 1 人同意"
    elif view.rule.mode is Mode.ALL or view.needed >= view.asked:
        rule = f"会签，{view.asked} 人都要同意"
    elif view.needed == 1:
        rule = f"或签，{view.asked} 人中 1 人同意即可"
    else:
        rule = f"{view.asked} 人中须 {view.needed} 人同意"
    done = f"，已有 {len(view.agreed)} 人：{'、'.join(view.agreed)}" if view.agreed else "，还没有人同意"
    added = f"；加签的{'、'.join(view.consented)}已同意" if view.consented else ""
    return f"{rule}{done}{added}。"


def _box(view: JointView, reader: Actor) -> JointBox:
    done = {*view.agreed, *view.consented}
    brought = tuple(
        Brought(one.id, _sentence(one), one.reason, one.by_id == reader.id and one.to_name not in done)
        for one in view.referrals
    )
    return JointBox(spoken(view), (*view.agreed, *view.consented), view.awaited, brought)


def _sentence(one: Referral) -> str:
    if one.kind is Kind.INSTEAD:
        return f"{one.by_name}转给{one.to_name}办理"
    return f"{one.by_name}请{one.to_name}在本人{passing.ORDER[one.kind]}审（加签）"
