"""移交: a person leaves, and everything that hangs on him goes to a successor; history keeps his name."""

from dataclasses import dataclass
from datetime import timedelta

from perfapp import clock
from perfapp.core.delegation import may_take
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.measures.flow import MeasureAction
from perfapp.core.permissions import ADMIN_ROLES, Actor, Permission, clash
from perfapp.data import delegations, events, measures, people, referrals, reports, sections
from perfapp.data.delegations import DelegationView
from perfapp.data.measures import MeasureView
from perfapp.data.people import PersonView, PostView
from perfapp.data.referrals import ReferralView
from perfapp.data.session import transaction
from perfapp.services import desk, duties, report_facts, telling
from perfapp.services import sections as section_acts
from perfapp.services.desk import FigureTask, RemarkTask

P = Permission


@dataclass(frozen=True, slots=True)
class Holdings:
    """What hangs on a person. Tasks, sections and figures go with the posts; here they are counted."""

    posts: tuple[PostView, ...]
    kept: tuple[PostView, ...]  # of the three administrators: granted anew, never handed over
    tasks: int
    waiting: int  # what others hold of his sections
    referrals: tuple[ReferralView, ...]
    delegations: tuple[DelegationView, ...]
    remarks: int  # that wait for him
    disputes: int  # that he is to answer or to decide
    duties: int  # deliveries, disclosures and measures that wait for him
    measures: tuple[MeasureView, ...]  # that he owns by name

    @property
    def is_empty(self) -> bool:
        return not (self.posts or self.referrals or self.delegations or self.measures)


def holdings(actor: Actor, person_id: int) -> Holdings:
    """Counts and names only: who grants posts reads no drafts."""
    _demand(actor)
    return _holdings(_person(actor, person_id))


def hand_over(actor: Actor, person_id: int, to_id: int, *, reason: str) -> Holdings:
    """Give the successor posts, open 加签 and 转办, measures, and what was lent to him; end what he lent.

    All or nothing. Sections, figures, disputes and remarks go with the posts.
    """
    _demand(actor)
    if not reason.strip():
        raise Invalid("请写明移交的理由，例如：调离本单位。", field="reason")
    if to_id == person_id:
        raise Invalid("接手的人不能是本人，请另选一位。", field="to_id")
    if actor.id in {person_id, to_id}:
        raise Forbidden("涉及本人的移交，请由另一位安全管理员办理。")
    with transaction():
        people.lock_unit(actor.unit_id)
        leaver, successor = _person(actor, person_id), _person(actor, to_id)
        if successor.disabled_at is not None:
            raise Invalid(f"{successor.name}的账号已停用，请另选一位。", field="to_id")
        held = _holdings(leaver)
        if held.is_empty:
            raise Conflict(f"{leaver.name}名下没有要移交的工作。")
        _posts(actor, held.posts, leaver, successor)
        taker = people.actor(to_id, clock.today())
        _referrals(held.referrals, leaver, taker)
        _delegations(actor, held.delegations, leaver, taker)
        _measures(held.measures, leaver, taker, actor)
        details = {"person": leaver.name, "role": successor.name, "posts": [post.title for post in held.posts]}
        event_id = events.record(
            "hand_over", actor_id=actor.id, unit_id=actor.unit_id, reason=reason.strip(), details=details
        )
        given = "、".join(post.title for post in held.posts) or "加签、转办和代理"
        body = f"{leaver.name}的工作移交给您：{given}。请看待办。"
        telling.of_person(event_id, to_id, by=actor, subject=f"请您接手{leaver.name}的工作", body=body)
    return held


def _holdings(person: PersonView) -> Holdings:
    today = clock.today()
    standing = [post for post in person.posts if post.stands(today)]
    who = people.actor(person.id, today)
    waiting = desk.desk(who) if who else None
    return Holdings(
        posts=tuple(post for post in standing if post.role not in ADMIN_ROLES),
        kept=tuple(post for post in standing if post.role in ADMIN_ROLES),
        tasks=sum(not isinstance(task, RemarkTask) for task in waiting.tasks) if waiting else 0,
        waiting=len(waiting.waiting) if waiting else 0,
        referrals=tuple(one for one in referrals.open_to(person.id) if _still_asks(one)),
        delegations=tuple(delegations.standing(person.id, today)),
        remarks=sum(counted.mine for counted in waiting.remarks.values()) if waiting else 0,
        disputes=sum(isinstance(t, FigureTask) and t.dispute is not None for t in waiting.tasks) if waiting else 0,
        duties=len(duties.of_person(who)) if who else 0,
        measures=tuple(measures.of_person(person.unit_id, person.id)),
    )


def _still_asks(one: ReferralView) -> bool:
    if one.section_id is not None:
        section = sections.get(one.section_id)
        joint = section_acts.facts(section, reports.current(section.cycle_id)).joints[one.step]
    else:
        joint = report_facts.facts(reports.get(one.report_id or 0)).joints[one.step]
    return one.referral in joint.referrals and one.referral.to_id not in joint.agreed and not joint.is_enough()


def _posts(actor: Actor, posts: tuple[PostView, ...], leaver: PersonView, successor: PersonView) -> None:
    today = clock.today()
    held = {(post.role, post.office_id) for post in successor.posts if post.stands(today)}
    for post in posts:
        sentence = clash(frozenset(role for role, _ in held), post.role)
        if sentence:
            raise Invalid(f"{post.title}不能移交给{successor.name}：{sentence}", field="to_id")
        people.end_post(actor.unit_id, post.id, today - timedelta(days=1))
        if (post.role, post.office_id) not in held:
            people.add_post(
                successor.id,
                actor.unit_id,
                post.role,
                office_id=post.office_id,
                starts_on=max(today, post.starts_on),
                ends_on=post.ends_on,
                granted_by=actor.id,
            )
            held.add((post.role, post.office_id))


def _referrals(found: tuple[ReferralView, ...], leaver: PersonView, taker: Actor | None) -> None:
    """Ask the successor instead, where he may be asked; else whoever asked has to choose anew."""
    for one in found:
        referrals.take_back(one.referral.id)
        if taker is None or taker.id == one.referral.by_id or not _may_be_asked(taker, one):
            continue
        referrals.add(
            one.referral.kind,
            section_id=one.section_id,
            report_id=one.report_id,
            step=one.step,
            by_id=one.referral.by_id,
            to_id=taker.id,
            reason=f"{one.referral.reason}（原请{leaver.name}，已移交）",
            round=one.round,
            covers_sha256=one.covers_sha256,
        )


def _measures(found: tuple[MeasureView, ...], leaver: PersonView, taker: Actor | None, by: Actor) -> None:
    """What he owned by name is the successor's, where he acts for that office; else all of the office's."""
    for one in found:
        can = taker is not None and one.office_id is not None and taker.may_at(P.ACT_ON_MEASURES, one.office_id)
        measures.give_to(one.id, taker.id if taker is not None and can else None)
        whom = taker.name if taker is not None and can else f"{one.office_name or '责任科室'}全体经办人"
        measures.add_note(one.id, MeasureAction.ASSIGN, f"{leaver.name}的工作移交，责任人改为{whom}", by.id)


def _may_be_asked(taker: Actor, one: ReferralView) -> bool:
    if one.section_id is None:
        return taker.may(P.READ_REPORT)
    section = sections.get(one.section_id)
    return sections.is_readable(taker, section) and taker.id not in sections.author_ids([section.id])


def _delegations(actor: Actor, found: tuple[DelegationView, ...], leaver: PersonView, taker: Actor | None) -> None:
    """What he lent ends with his posts; what was lent to him goes on with the successor, where he may take it."""
    for one in found:
        delegations.end(one.id, actor.id)
        offices = () if one.office_id is None else (one.office_id,)
        if one.to_id != leaver.id or taker is None or one.from_id == taker.id:
            continue
        if all(may_take(taker, step, offices) for step in one.steps):
            delegations.add(
                actor.unit_id,
                from_id=one.from_id,
                to_id=taker.id,
                steps=one.steps,
                office_id=one.office_id,
                starts_on=max(one.starts_on, clock.today()),
                ends_on=one.ends_on,
                reason=f"原由{leaver.name}代理，已移交",
                made_by=actor.id,
            )


def _person(actor: Actor, person_id: int) -> PersonView:
    return people.lock_person(actor.unit_id, person_id)


def _demand(actor: Actor) -> None:
    if not actor.may(P.GRANT):
        raise Forbidden("您没有办理这一步的权限。")
