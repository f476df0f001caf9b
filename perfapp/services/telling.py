"""Who is told of what: notices in the transaction of the act, and the outbox for those who want them elsewhere."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from perfapp import clock
from perfapp.core.figures.dispute_flow import FLOW as DISPUTE_FLOW
from perfapp.core.figures.dispute_flow import DisputeFacts, DisputeState
from perfapp.core.flow import Decision, Effect, Scope
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportAction, ReportFacts, ReportState
from perfapp.core.seal_flow import FLOW as SEAL_FLOW
from perfapp.core.seal_flow import SealAction, SealFacts
from perfapp.core.section_flow import SectionAction, SectionFacts, SectionState
from perfapp.core.words import SEAL_ACTIONS
from perfapp.data import notices, people
from perfapp.data.disputes import DisputeView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.seals import SealView
from perfapp.data.sections import SectionView
from perfapp.services import asked, posting
from perfapp.services.asked import Turn

TURN: dict[Permission, str] = {
    Permission.WRITE: "请您填写",
    Permission.REVIEW: "请您审核",
    Permission.CHECK_MONEY: "请您核对数字",
    Permission.ACCEPT: "请您采纳",
    Permission.MERGE: "请您统稿",
    Permission.REVIEW_REPORT: "请您会审",
    Permission.ISSUE: "请您签发",
    Permission.PRESS_OWN_ISSUE: "请您盖章",
    Permission.REQUEST_SEAL: "请您申请用印",
    Permission.PRESS_SEAL: "请您用印",
    Permission.DELIVER: "请您报送",
    Permission.ENTER_FIGURE: "请您答复争议",
    Permission.CONFIRM_FIGURE: "请您裁定争议",
    Permission.CONFIRM_MONEY: "请您裁定争议",
}

_INFORMED: dict[Effect, Permission] = {
    Effect.TELL_WRITERS: Permission.WRITE,
    Effect.TELL_HEADS: Permission.REVIEW,
    Effect.TELL_EDITORS: Permission.MERGE,
    Effect.TELL_LEADERS: Permission.ISSUE,
}


def section_turn(section: SectionView, facts: SectionFacts) -> Turn:
    """Whose turn it is with the section: each permission with the people who hold it."""
    return asked.about_section(section, facts)


def report_turn(report: ReportView, facts: ReportFacts) -> Turn:
    return asked.about_report(report, facts)


def of_section(
    event_id: int,
    section: SectionView,
    facts: SectionFacts,
    decision: Decision[SectionState, SectionAction],
    *,
    by: Actor,
    what: str,
    reason: str,
) -> None:
    """Tell whoever must act next on the section, then whoever else must know."""
    for permission, persons in _now(section_turn(section, facts), facts, decision, by):
        subject = f"{TURN[permission]}：{section.heading}"
        _write(event_id, persons, by, subject, _body(by, what, reason), is_task=True, section_id=section.id)
    for permission in _informed(decision.effects):
        office = section.owner_office_id if permission in {Permission.WRITE, Permission.REVIEW} else None
        persons = people.holders(section.unit_id, permission, clock.today(), office_id=office)
        _write(event_id, persons, by, f"{what}：{section.heading}", _body(by, what, reason), section_id=section.id)


def of_report(
    event_id: int,
    report: ReportView,
    facts: ReportFacts,
    decision: Decision[ReportState, ReportAction],
    *,
    by: Actor | None,
    what: str,
    reason: str,
) -> None:
    """Tell whoever must act next on the report, then whoever else must know."""
    for permission, persons in _now(report_turn(report, facts), facts, decision, by):
        subject = f"{TURN[permission]}：{report.title}（{report.edition_name}）"
        _write(event_id, persons, by, subject, _body(by, what, reason), is_task=True, report_id=report.id)
    wanted = list(_informed(decision.effects))
    if Effect.TELL_ALL in decision.effects:
        wanted += [Permission.READ_SEALED]
    for permission in wanted:
        persons = people.holders(report.unit_id, permission, clock.today())
        subject = f"{what}：{report.title}（{report.edition_name}）"
        _write(event_id, persons, by, subject, _body(by, what, reason), report_id=report.id)


def from_system(
    event_id: int, persons: Iterable[PersonBrief], subject: str, body: str, *, report_id: int, is_task: bool = False
) -> int:
    """What a job found out about a report, to whoever it concerns; returns how many were told."""
    return _write(event_id, persons, None, subject, body, is_task=is_task, report_id=report_id)


def urge(
    event_id: int,
    persons: Iterable[PersonBrief],
    *,
    by: Actor,
    subject: str,
    body: str,
    section_id: int | None = None,
    report_id: int | None = None,
) -> int:
    """A 催办 to the persons; returns how many were told."""
    return _write(event_id, persons, by, subject, body, is_task=True, section_id=section_id, report_id=report_id)


def figure_changed(event_id: int, section: SectionView, *, by: Actor, what: str, changes: list[str]) -> int:
    """数据已变: tell those who write and review a section that its decided text shows a figure that has changed."""
    persons = [
        person
        for permission in (Permission.WRITE, Permission.REVIEW)
        for person in people.holders(section.unit_id, permission, clock.today(), office_id=section.owner_office_id)
    ]
    body = f"{by.name}改了“{what}”：{'；'.join(changes)}。本节已提交的文字没有变，要用新数请取回或退回修改。"
    return _write(event_id, persons, by, f"数据已变：{section.heading}", body, section_id=section.id)


def of_dispute(event_id: int, dispute: DisputeView, facts: DisputeFacts, *, by: Actor, what: str, reason: str) -> None:
    """Tell whoever must answer or decide, then both sides; after a verdict also the leaders, who may overrule it.

    Where everybody who should decide is a side himself, the leaders are asked to.
    """
    body = _body(by, f"{what}“{dispute.fact_name}”", reason)
    leaders = people.holders(dispute.unit_id, Permission.OVERRULE_DISPUTE, clock.today())
    for permission, persons in _turn(DISPUTE_FLOW.next_permissions(facts), dispute.unit_id, dispute.office_id):
        if permission is not Permission.ENTER_FIGURE:
            persons = tuple(person for person in persons if person.id not in facts.author_ids) or leaders
        _write(event_id, persons, by, f"{TURN[permission]}：{dispute.fact_name}", body, is_task=True)
    sides = [PersonBrief(person_id, "", "") for person_id in (dispute.opened_by, dispute.value_entered_by)]
    above = leaders if dispute.state is DisputeState.DECIDED else ()
    _write(event_id, [*sides, *above], by, f"{what}：{dispute.fact_name}", body)


def of_remark(
    event_id: int, section: SectionView, persons: Iterable[PersonBrief], *, by: Actor, what: str, body: str, asks: bool
) -> int:
    """Tell of a remark: `asks` whoever is to answer it. Whoever calls has made sure that they all may see it."""
    return _write(event_id, persons, by, f"{what}：{section.heading}", body, is_task=asks, section_id=section.id)


def own_score(event_id: int, unit_id: int, office_id: int, *, by: Actor, indicator: str) -> int:
    """Tell the heads of the office that a score set by hand waits for their consent."""
    persons = people.holders(unit_id, Permission.CONFIRM_FIGURE, clock.today(), office_id=office_id)
    body = f"{by.name}给“{indicator}”填了与系统不同的自评得分，经您同意后生效。"
    return _write(event_id, persons, by, f"请您同意自评得分：{indicator}", body, is_task=True)


def checkpoint_opened(event_id: int, unit_id: int, *, by: Actor, title: str, due_on: date) -> int:
    """Tell the writers of every office that a look back on their indicators is asked for."""
    persons = [
        person
        for office in people.offices(unit_id)
        for person in people.holders(unit_id, Permission.ENTER_FIGURE, clock.today(), office_id=office.id)
    ]
    body = f"{by.name}发起了{title}，请在 {due_on:%Y年%-m月%-d日} 前填完本科室指标的进展，大约 15 分钟。"
    return _write(event_id, dict.fromkeys(persons), by, f"请您填报：{title}", body, is_task=True)


def explained(event_id: int, unit_id: int, section_id: int | None, *, by: Actor, finding: str, text: str) -> int:
    """Tell finance that an explanation of a finding waits for its word."""
    persons = people.holders(unit_id, Permission.CHECK_MONEY, clock.today())
    body = f"{by.name}说明：{text}\n问题：{finding}\n请到报告的“体检”认可或退回。"
    return _write(event_id, persons, by, "体检问题的说明，请您认可", body, is_task=True, section_id=section_id)


def explanation_answered(
    event_id: int, person: PersonBrief, section_id: int | None, *, by: Actor, finding: str, refused_reason: str
) -> int:
    """Tell whoever explained what became of it."""
    subject = "您对体检问题的说明没有得到认可" if refused_reason else "您对体检问题的说明已得到认可"
    body = f"问题：{finding}" + (f"\n理由：{refused_reason}" if refused_reason else "")
    return _write(event_id, [person], by, subject, body, section_id=section_id)


def seal_trouble(event_id: int, unit_id: int, *, subject: str, body: str) -> int:
    """Tell whoever registers and keeps the unit's seals that something stands against sealing, or no longer does."""
    held = (Permission.REGISTER_SEALS, Permission.KEEP_SEALS)
    persons = {p.id: p for permission in held for p in people.holders(unit_id, permission, clock.today())}
    return _write(event_id, persons.values(), None, subject, body)


def of_seal(event_id: int, seal: SealView, facts: SealFacts, *, by: Actor, action: SealAction, reason: str) -> None:
    """Tell the seal's people what was done, and its keeper where it is his turn to decide."""
    what = SEAL_ACTIONS[action]
    next_up = {permission for permission, _ in SEAL_FLOW.next_permissions(facts)}
    for permission in (Permission.KEEP_SEALS, Permission.REGISTER_SEALS):
        persons = people.holders(seal.unit_id, permission, clock.today())
        is_turn = permission in next_up
        subject = f"请您核对并启用：{seal.name}" if is_turn else f"{what}：{seal.name}"
        _write(event_id, persons, by, subject, _body(by, f"{what}“{seal.name}”", reason), is_task=is_turn)


def asked_to_countersign(event_id: int, seal: SealView, report: ReportView, reason: str) -> int:
    """Ask the superior's keepers for their seal on the report of a unit below."""
    persons = people.holders(seal.unit_id, Permission.KEEP_SEALS, clock.today())
    body = f"{report.unit_name}的报告已盖本单位印章，请核对后加盖“{seal.name}”。"
    body += f"理由：{reason}" if reason else ""
    return _write(event_id, persons, None, f"请您加盖：{report.unit_name} {report.title}", body, is_task=True)


def countersign_withdrawn(event_id: int, seal: SealView, report: ReportView, *, by: Actor) -> int:
    """Tell the superior's keepers that their seal is no longer asked for."""
    persons = people.holders(seal.unit_id, Permission.KEEP_SEALS, clock.today())
    body = f"{report.unit_name}的{by.name}撤回了请求，不用再办理。"
    return _write(event_id, persons, None, f"不用加盖了：{report.unit_name} {report.title}", body)


def of_countersign(event_id: int, report: ReportView, subject: str, body: str) -> int:
    """Tell the unit's editors and leaders what became of the superior's seal."""
    held = (Permission.REQUEST_SEAL, Permission.ISSUE)
    persons = {p.id: p for permission in held for p in people.holders(report.unit_id, permission, clock.today())}
    return _write(event_id, persons.values(), None, subject, body, report_id=report.id)


def announce(
    event_id: int,
    persons: Iterable[PersonBrief],
    *,
    by: Actor,
    subject: str,
    body: str,
    is_task: bool = False,
    report_id: int | None = None,
) -> int:
    """Tell these persons of something that has a page of its own; the event's `place` says which."""
    return _write(event_id, persons, by, subject, body, is_task=is_task, report_id=report_id)


def of_person(event_id: int, person_id: int, *, by: Actor, subject: str, body: str) -> int:
    """Tell one person of something that concerns him and no section or report."""
    return _write(event_id, people.briefs([person_id]), by, subject, body)


def _now(
    turn: Turn, facts: SectionFacts | ReportFacts, decision: Decision[Any, Any], by: Actor | None
) -> Iterable[tuple[Permission, tuple[PersonBrief, ...]]]:
    """Whom to ask after the act: all whose turn it is; while others of a joint step are still asked, only the new."""
    if decision.new is not decision.old or decision.joint is None or by is None:
        return turn
    new = frozenset() if decision.undoes else asked.newly(facts, decision, by.seat_id)
    return [(permission, tuple(person for person in persons if person.id in new)) for permission, persons in turn]


def _turn(
    wanted: tuple[tuple[Permission, Scope], ...], unit_id: int, office_id: int | None
) -> tuple[tuple[Permission, tuple[PersonBrief, ...]], ...]:
    return tuple(
        (permission, people.holders(unit_id, permission, clock.today(), office_id=office))
        for permission, scope in wanted
        for office in [office_id if scope is Scope.OWN_OFFICE else None]
        if office is not None or scope is not Scope.OWN_OFFICE
    )


def _informed(effects: Iterable[Effect]) -> Iterable[Permission]:
    return (_INFORMED[effect] for effect in effects if effect in _INFORMED)


def _body(by: Actor | None, what: str, reason: str) -> str:
    who = by.signature if by else "系统"
    return f"{who}：{what}。" + (f"\n理由：{reason}" if reason else "")


def _write(
    event_id: int,
    persons: Iterable[PersonBrief],
    by: Actor | None,
    subject: str,
    body: str,
    *,
    is_task: bool = False,
    section_id: int | None = None,
    report_id: int | None = None,
) -> int:
    told = [person.id for person in persons if by is None or person.id != by.id]
    written = notices.write(
        event_id, told, subject=subject, body=body, is_task=is_task, section_id=section_id, report_id=report_id
    )
    place = f"/sections/{section_id}" if section_id else f"/reports/{report_id}" if report_id else "/"
    posting.each(event_id, written, subject=subject, body=body, path=place)
    return len(written)
