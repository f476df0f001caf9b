"""How many must agree, per cycle and step."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select

from perfapp.core.joint import Mode, Rule
from perfapp.data.models import StepRule
from perfapp.extensions import db

USUAL: Mapping[str, Rule] = {
    "section.endorse": Rule(Mode.ANY),
    "section.check": Rule(Mode.ANY),
    "section.accept": Rule(Mode.ANY),
    "report.endorse": Rule(Mode.ALL),
}
"""What holds where a cycle says nothing: any one head, checker and editor; all the deputy leaders."""


def of_cycle(cycle_id: int) -> Mapping[str, Rule]:
    return of_cycles([cycle_id])[cycle_id]


def of_cycles(cycle_ids: Iterable[int]) -> dict[int, Mapping[str, Rule]]:
    """Every step's rule, by cycle, in one query."""
    wanted = list(cycle_ids)
    found = {cycle_id: dict(USUAL) for cycle_id in wanted}
    for row in db.session.scalars(select(StepRule).where(StepRule.cycle_id.in_(wanted))):
        found[row.cycle_id][row.step] = Rule(Mode(row.mode), row.least)
    return dict(found)


def write(cycle_id: int, rules: Mapping[str, Rule]) -> None:
    """Replace the cycle's rules."""
    db.session.execute(delete(StepRule).where(StepRule.cycle_id == cycle_id))
    db.session.add_all(
        StepRule(cycle_id=cycle_id, step=step, mode=rule.mode.value, least=rule.least)
        for step, rule in rules.items()
        if rule != USUAL[step]
    )
    db.session.flush()
