"""Whatever people do, in whatever order: what must hold, holds after every step.

A model-based test: hypothesis lets people act in each of their capacities (their posts, as delegates, brought in by
加签 or 转办), writers change texts, the editor changes the rules. After every step the stored decisions are counted
anew, without the code that the services decide by.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from perfapp import clock
from perfapp.core.errors import DomainError, Forbidden
from perfapp.core.joint import Kind, Mode, Rule
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.seal_use import USUAL
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, cycles, delegations, people, referrals, reports, seal_uses, sections, step_rules
from perfapp.data.approvals import WAIVED, ApprovalView
from perfapp.data.people import PersonBrief
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import delegating, drafting, passing, report_facts, step_policy, using
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, accept_all, actor_of, run_jobs, texts, words

S, R = SectionAction, ReportAction
SEALED = {ReportState.SEALED, ReportState.DELIVERED}
ONWARD = {S.SAVE, S.SUBMIT, S.ENDORSE, S.CHECK, S.ACCEPT, R.MERGE, R.SEND, R.ENDORSE, R.ISSUE, R.REQUEST_SEAL, R.PRESS}
WANTED = {"merge", "issue", "press", "return", "undo_endorse", "add", "hand_on", "for another", "refused", "sealed"}
MORE = (("deputy2", Role.DEPUTY_LEADER), ("deputy3", Role.DEPUTY_LEADER), ("finance2", Role.FINANCE))
done: Counter[str] = Counter()


def a_larger_unit(policy: SealPolicy) -> tuple[AUnit, list[Actor]]:
    """Three deputy leaders and two in finance: steps that several take."""
    unit = a_unit(policy)
    with transaction():
        for key, role in MORE:
            login = f"{key}.{unit.id}"
            person_id = people.add_person(unit.id, login, login, "", must_change_password=False)
            people.add_post(person_id, unit.id, role, office_id=None, starts_on=date(2018, 1, 1), granted_by=None)
    return unit, [*unit.actors.values(), *(actor_of(f"{key}.{unit.id}") for key, _ in MORE)]


class Office(RuleBasedStateMachine):
    """One unit's year, from accepted sections on, in the hands of people who do as they like."""

    @initialize(
        policy=st.sampled_from(SealPolicy),
        rules=st.sampled_from([Rule(Mode.ALL), Rule(Mode.ANY), Rule(Mode.SOME, 2)]),
        once=st.booleans(),
    )
    def begin(self, policy: SealPolicy, rules: Rule, once: bool) -> None:
        self.unit, self.staff = a_larger_unit(policy)
        self.cycle_id = a_cycle(self.unit)
        step_policy.set_rules(
            self.unit.editor,
            self.cycle_id,
            version=cycles.get(self.cycle_id).version,
            rules={"report.endorse": rules},
            same_person_once=once,
        )
        accept_all(self.unit, self.cycle_id)
        self.known: dict[int, set[int]] = self._standing()
        self.touched: set[int] = set()
        self.seen: set[int] = {one.id for found in self._decisions().values() for one in found}

    # --- what people do -------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Somebody does what moves the work on: people mostly want to get on."""
        section = next((one for one in texts(self.cycle_id) if one.state is not SectionState.ACCEPTED), None)
        if section is not None:
            self._section(data, section, ONWARD)
        else:
            self._report(data, ONWARD)

    @rule(data=st.data())
    def act_on_a_section(self, data: st.DataObject) -> None:
        self._section(data, data.draw(st.sampled_from(texts(self.cycle_id))), set(S))

    @rule(data=st.data())
    def act_on_the_report(self, data: st.DataObject) -> None:
        self._report(data, set(R) - {R.DELIVER, R.VOID, R.REISSUE})

    @rule(data=st.data())
    def bring_somebody_in(self, data: st.DataObject) -> None:
        """加签 or 转办, by whoever is offered it."""
        kind, report = data.draw(st.sampled_from(Kind)), reports.current(self.cycle_id)
        name, known = "hand_on" if kind is Kind.INSTEAD else "add", report_facts.facts(report)
        who = [one for one in self.staff if {R.ADD, R.HAND_ON} & set(REPORT_FLOW.available(known, one))]
        if who:
            actor = data.draw(st.sampled_from(who))
            wish = self._wish(data, kind, passing.report_candidates(actor, report, known, kind))
            self._try(name, passing.pass_report, actor, report.id, wish, version=report.version, seen_sha256=None)
            return
        for section in texts(self.cycle_id):
            facts = section_acts.facts(section, report)
            holders = [one for one in self.staff if S.ADD in SECTION_FLOW.available(facts, one)]
            if holders:
                self.touched.add(section.id)
                actor = data.draw(st.sampled_from(holders))
                wish = self._wish(data, kind, passing.section_candidates(actor, section, facts, kind))
                self._try(name, passing.pass_section, actor, section.id, wish, version=section.version)
                return

    def _wish(self, data: st.DataObject, kind: Kind, offered: tuple[PersonBrief, ...]) -> passing.Wish:
        """Mostly whom the page offers; nobody is offered where nobody fits, and then anybody is tried."""
        ids = [one.id for one in offered] or [one.id for one in self.staff]
        return passing.Wish(kind, data.draw(st.sampled_from(ids)), "请看。")

    @rule(data=st.data())
    def lend(self, data: st.DataObject) -> None:
        """代理 from today on, of everything that the person may lend, to whom he likes."""
        giver = data.draw(st.sampled_from([one for one in self.staff if delegating.lendable(one)]))
        taker = data.draw(st.sampled_from(self.staff))
        today = clock.today()
        wish = delegating.Wish(taker.id, delegating.lendable(giver), today, today + timedelta(days=7))
        self._try("delegate", delegating.delegate, giver, wish)

    @rule(data=st.data())
    def take_back_what_was_lent(self, data: st.DataObject) -> None:
        held = delegations.holding([self.unit.id], clock.today())
        if held:
            one = data.draw(st.sampled_from(held))
            self._try("end", delegating.end, next(a for a in self.staff if a.id == one.from_id), one.id)

    # --- what must hold -------------------------------------------------------------------------------------------

    @invariant()
    def untouched_sections_never_lose_an_approval(self) -> None:
        present = self._standing()
        for section_id, ids in self.known.items():
            assert section_id in self.touched or ids <= present.get(section_id, set())
        self.known, self.touched = present, set()

    @invariant()
    def no_standing_approval_is_of_other_words(self) -> None:
        found = self._decisions()
        for section in texts(self.cycle_id):
            standing = [one for one in found.get(section.id, ()) if one.lapsed_at is None]
            assert {one.covers_sha256 for one in standing} <= {section.content_sha256}

    @invariant()
    def nobody_approves_what_he_wrote(self) -> None:
        """Neither in his own name, nor through a delegate or as one, nor brought in."""
        for section in texts(self.cycle_id):
            authors = sections.author_ids([section.id])
            for one in self._decisions().get(section.id, ()):
                if one.id not in self.seen and one.action not in {WAIVED, S.ACCEPT.value}:
                    assert not authors & {one.person_id, one.seat_id}
                self.seen.add(one.id)
        everybody = sections.author_ids([section.id for section in texts(self.cycle_id)])
        for one in approvals.of_report(reports.current(self.cycle_id).id):
            assert one.action == WAIVED or not everybody & {one.person_id, one.seat_id}

    @invariant()
    def the_seal_is_never_delegated(self) -> None:
        report = reports.current(self.cycle_id)
        for one in self._capacities():
            if one.principal is not None:
                with pytest.raises(Forbidden):
                    REPORT_FLOW.decide(report_facts.facts(report), R.PRESS, one, version=report.version)
        use = seal_uses.latest_use(report.id)
        if use is not None:
            keepers = [one.name for one in self.staff if {Role.LEADER, Role.SEAL_KEEPER} & one.roles]
            assert use.pressed_by in keepers

    @invariant()
    def sealed_implies_every_required_decision_on_this_content(self) -> None:
        report = reports.current(self.cycle_id)
        if report.state not in SEALED:
            return
        done["sealed"] += 1
        found = self._decisions()
        for section in texts(self.cycle_id):
            actions = {one.action for one in found.get(section.id, ()) if one.stands_for(section.content_sha256)}
            needed = {"endorse", "check"} if section.holds_money else {"endorse"}
            assert WAIVED in actions or needed <= actions
        own = [one for one in approvals.of_report(report.id) if one.stands_for(report.snapshot_sha256)]
        assert report.issued_sha256 == report.snapshot_sha256 == report.compiled_sha256
        assert any(one.action == R.ISSUE for one in own)
        assert any(one.action == WAIVED for one in own) or self._enough(own)

    def _enough(self, own: list[ApprovalView]) -> bool:
        """Counted by hand: the deputies' seats, or the hands that signed."""
        given = [one for one in own if one.action == R.ENDORSE]
        rules = step_rules.of_cycle(self.cycle_id)["report.endorse"]
        if rules.mode is Mode.ALL:
            brought = [one.referral for one in referrals.of_report(reports.current(self.cycle_id).id)]
            gone = {one.by_id for one in brought if one.kind is Kind.INSTEAD}
            deputies = {one.id for one in self.staff if Role.DEPUTY_LEADER in one.roles}
            return deputies - gone <= {one.seat_id for one in given}
        return len({one.person_id for one in given}) >= (1 if rules.mode is Mode.ANY else 2)

    # --- how --------------------------------------------------------------------------------------------------------

    def _capacities(self) -> list[Actor]:
        return [capacity for one in self.staff for capacity in delegating.capacities(one)]

    def _section(self, data: st.DataObject, section: SectionView, wanted: set[Any]) -> None:
        known = section_acts.facts(section, reports.current(self.cycle_id))
        offered = [
            (who, action)
            for who in self._capacities()
            for action in SECTION_FLOW.available(known, who)
            if action in wanted - section_acts.PASSING
        ]
        if not offered:
            return
        actor, action = data.draw(st.sampled_from(offered))
        self.touched.add(section.id)
        if action is S.SAVE:
            text = words(f"第{data.draw(st.integers(1, 5))}稿。")
            self._try("save", drafting.save, actor, section.id, version=section.version, raw=text)
            return
        direct = data.draw(st.booleans()) and action is not S.ENDORSE
        self._try(
            action.value,
            section_acts.act,
            actor,
            section.id,
            action,
            version=section.version,
            reason="理由。",
            direct=direct,
        )

    def _report(self, data: st.DataObject, wanted: set[Any]) -> None:
        report = reports.current(self.cycle_id)
        known = report_facts.facts(report, named=True)
        offered = [
            (who, action)
            for who in self._capacities()
            for action in REPORT_FLOW.available(known, who)
            if action in wanted - report_acts.PASSING
        ]
        if not offered:
            return
        actor, action = data.draw(st.sampled_from(offered))
        more: dict[str, Any] = {"version": report.version}
        if action is R.RETURN:
            named = data.draw(
                st.sets(st.sampled_from([one.id for one in texts(self.cycle_id)]), min_size=1, max_size=2)
            )
            self.touched |= named
            more |= {"reason": "请改。", "section_ids": sorted(named), "direct": data.draw(st.booleans())}
            self._try("return", report_acts.send_back, actor, report.id, **more)
        elif action in {R.PRESS, R.RETRY_SEAL}:
            self._try("press", report_acts.press, actor, report.id, action, password=PASSWORD, **more)
        elif action is R.REQUEST_SEAL:
            self._try("request_seal", using.request_seal, actor, report.id, wanted=USUAL, **more)
        else:
            self._try(action.value, report_acts.act, actor, report.id, action, reason="理由。", **more)

    def _try(self, name: str, act: Any, actor: Actor, *args: Any, **more: Any) -> None:
        """What is refused must leave everything as it was: the invariants look."""
        try:
            act(actor, *args, **more)
        except DomainError:
            done["refused"] += 1
        else:
            done[name] += 1
            done["for another"] += actor.principal is not None
        run_jobs()

    def _decisions(self) -> dict[int, list[ApprovalView]]:
        return approvals.of_cycle_sections(self.cycle_id)

    def _standing(self) -> dict[int, set[int]]:
        return {key: {one.id for one in found if one.lapsed_at is None} for key, found in self._decisions().items()}


def test_what_must_hold_holds_after_every_step(rolled_back: Flask) -> None:
    done.clear()
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=10,
            stateful_step_count=45,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(done) >= WANTED, f"not reached: {WANTED - set(done)}"
