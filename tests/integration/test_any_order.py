"""Whatever people do, in whatever order: what must hold, holds after every step.

A random walk through the services: at each step somebody does something that his page offers him, or a writer
changes a text. Seeds are fixed, so a failure can be walked again.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from perfapp.core.errors import DomainError
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, reports, sections
from perfapp.data.sections import SectionView
from perfapp.services import drafting, report_facts
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, run_jobs, texts, words

pytestmark = pytest.mark.usefixtures("rolled_back")
LEAST, MOST = 150, 1500
WANTED = {"section.accept", "section.return", "report.merge", "report.issue", "report.press", "report.return"}
BACK = {SectionAction.RETURN, ReportAction.RETURN}
ISSUED = {
    ReportState.ISSUED,
    ReportState.AWAITING_SEAL,
    ReportState.SEALING,
    ReportState.SEALED,
    ReportState.DELIVERED,
}
FORWARD = {
    *(SectionAction.SAVE, SectionAction.SUBMIT, SectionAction.ENDORSE, SectionAction.CHECK, SectionAction.ACCEPT),
    *(ReportAction.MERGE, ReportAction.SEND, ReportAction.ENDORSE, ReportAction.ISSUE, ReportAction.REQUEST_SEAL),
    *(ReportAction.PRESS, ReportAction.REISSUE),
}


@dataclass
class Walk:
    """One walk: the unit, the dice, and which approvals stood before the step."""

    unit: AUnit
    cycle_id: int
    dice: random.Random
    seen: set[str] = field(default_factory=set)

    def step(self) -> None:
        before = self._standing()
        touched = self._report_step() if self.dice.random() < 0.5 else self._section_step()
        run_jobs()
        for section_id, digests in self._standing().items():
            if section_id not in touched:
                assert before.get(section_id, set()) <= digests, "an untouched section lost an approval"
        self._invariants()

    def _section_step(self) -> set[int]:
        section = self.dice.choice(texts(self.cycle_id))
        facts = section_acts.facts(section, reports.current(self.cycle_id))
        chosen = self._choose({actor: SECTION_FLOW.available(facts, actor) for actor in self.people})
        if chosen is None:
            return set()
        actor, action = chosen
        if action is SectionAction.SAVE:
            self._write(actor, section)
        else:
            self._try(section_acts.act, actor, section.id, action, section.version, direct=self.dice.random() < 0.5)
        self.seen.add(f"section.{action}")
        return {section.id}

    def _write(self, actor: Actor, section: SectionView) -> None:
        text = words(f"第{self.dice.randrange(5)}稿。")
        drafting.save(actor, section.id, version=section.version, raw=text)

    def _report_step(self) -> set[int]:
        report = reports.current(self.cycle_id)
        offered = {
            actor: REPORT_FLOW.available(report_facts.facts(report, named=True), actor) for actor in self.people
        }
        chosen = self._choose(offered)
        if chosen is None:
            return set()
        actor, action = chosen
        self.seen.add(f"report.{action}")
        version = report.version
        if action is ReportAction.RETURN:
            named = {section.id for section in self.dice.sample(texts(self.cycle_id), 2)}
            direct = self.dice.random() < 0.5
            reason, ids = "请改。", sorted(named)
            report_acts.send_back(actor, report.id, version=version, reason=reason, section_ids=ids, direct=direct)
            return named
        if action in {ReportAction.PRESS, ReportAction.RETRY_SEAL}:
            self._try_press(actor, report.id, action, version)
        elif action is ReportAction.REISSUE:
            report_acts.reissue(actor, report.id, version=version, reason="更正。")
        elif action is not ReportAction.DELIVER:
            self._try(report_acts.act, actor, report.id, action, version)
        return set()

    def _try_press(self, actor: Actor, report_id: int, action: ReportAction, version: int) -> None:
        try:
            report_acts.press(actor, report_id, action, version=version, password=PASSWORD)
        except DomainError:
            self.seen.add("refused")  # what is refused must leave everything as it was: the invariants look

    def _try(self, act: object, actor: Actor, thing: int, action: object, version: int, **more: object) -> None:
        try:
            act(actor, thing, action, version=version, reason="理由。", **more)  # type: ignore[operator]
        except DomainError:
            self.seen.add("refused")  # what is refused must leave everything as it was: the invariants look

    def _choose(self, offered: dict[Actor, tuple[Any, ...]]) -> tuple[Actor, Any] | None:
        """Somebody and what he does: people mostly want to get on."""
        found = [(actor, action) for actor, actions in offered.items() for action in actions]
        onward = [pair for pair in found if pair[1] in FORWARD]
        back = [pair for pair in found if pair[1] in BACK]
        new = any(action is ReportAction.RETURN for _, action in back) and "report.return" not in self.seen
        wished = self.dice.choices([onward, back, found], [82, 40 if new else 12, 6])[0]
        return self.dice.choice(wished) if wished else None

    @property
    def people(self) -> list[Actor]:
        return list(self.unit.actors.values())

    def _standing(self) -> dict[int, set[str]]:
        return {
            section_id: {a.action for a in found if a.lapsed_at is None}
            for section_id, found in approvals.of_cycle_sections(self.cycle_id).items()
        }

    def _invariants(self) -> None:
        report = reports.current(self.cycle_id)
        outline = sections.outline(self.cycle_id)
        if report.state is not ReportState.DRAFTING:
            assert not report_facts.unfinished(outline), "merged with a section that was not accepted"
        if report.state in ISSUED:
            assert report.issued_sha256 == report.snapshot_sha256 == report.compiled_sha256
        if report.is_sealed and report.state is not ReportState.VOIDED:
            assert not report_facts.missing_decisions(report), "sealed without a standing decision"
        for section in outline:
            for found in approvals.of_section(section.id):
                if found.lapsed_at is None:
                    assert found.covers_sha256 == section.content_sha256, "a standing approval of other words"
            if section.state is SectionState.ACCEPTED:
                assert section.direct_to is None


@pytest.mark.parametrize(("seed", "policy"), [(1, SealPolicy.LEADER), (2, SealPolicy.KEEPER)])
def test_what_must_hold_holds_after_every_step(seed: int, policy: SealPolicy) -> None:
    unit = a_unit(policy)
    walk = Walk(unit, a_cycle(unit), random.Random(seed))  # noqa: S311 -- a walk that can be walked again
    for number in range(MOST):
        if number >= LEAST and walk.seen >= WANTED:
            break
        walk.step()
    assert walk.seen >= WANTED
