"""What a form brings to a cycle when it is opened: its parts, pinned as they are today, and the facts they name."""

from collections.abc import Iterable, Sequence

from perfapp.core.figures.fact_list import FactList
from perfapp.core.figures.facts import Definition, check_definitions
from perfapp.core.figures.ledgers import LedgerForm, LedgerList
from perfapp.core.permissions import Actor
from perfapp.data import catalog, facts, forms, ledgers, people
from perfapp.data.forms import Part
from perfapp.data.people import OfficeView


def pin_parts(actor: Actor, cycle_id: int, form_key: str) -> int:
    """Pin the form's parts to the cycle and plant the unit's facts, in the open transaction; returns how many are new.

    A unit's own copy of a part, saved in the browser, goes before the shipped one.
    """
    own = forms.own(actor.unit_id)
    planted = 0
    for shipped in catalog.shipped_parts(form_key):
        standard = Part(shipped.part, shipped.key, shipped.version, shipped.content, shipped.sha256)
        part = own.get((shipped.part, shipped.key), standard)
        forms.pin(cycle_id, part, person_id=actor.id)
        if part.part == "facts":
            planted = plant(actor.unit_id, FactList.model_validate(part.content).facts)
        if part.part == "ledgers":
            plant_ledgers(actor.unit_id, LedgerList.model_validate(part.content).ledgers)
    return planted


def plant(unit_id: int, definitions: Iterable[Definition]) -> int:
    """Add the facts whose keys the unit does not have yet, each with its owner office by hint; returns how many.

    Those that are there stay as the unit has made them, also those out of use.
    """
    known = facts.of_unit(unit_id, retired=True)
    keys, names = {fact.key for fact in known}, {fact.name for fact in known if fact.retired_at is None}
    new = [_named_apart(one, names) for one in definitions if one.key not in keys]
    check_definitions([*(fact.definition for fact in known), *new])
    offices = people.offices(unit_id)
    facts.add_all(unit_id, [(one, hinted(one.office, offices)) for one in new], after=len(known))
    return len(new)


def plant_ledgers(unit_id: int, found: Iterable[LedgerForm]) -> None:
    """Add the ledgers whose keys the unit does not have yet, each with its owner office by hint."""
    known = {ledger.key for ledger in ledgers.of_unit(unit_id)}
    offices = people.offices(unit_id)
    new = [form for form in found if form.key not in known]
    for place, form in enumerate(new, start=len(known) + 1):
        ledgers.add(unit_id, form, office_id=hinted(form.office, offices), position=place)


def hinted(hint: str, offices: Sequence[OfficeView]) -> int | None:
    """The office whose name holds the hint; the first one where none does, so that nothing is left unowned."""
    matching = [office.id for office in offices if hint and hint in office.name]
    return matching[0] if matching else (offices[0].id if offices else None)


def _named_apart(definition: Definition, taken: set[str]) -> Definition:
    """The unit may use the name for a fact of its own: two facts never read the same."""
    if definition.name not in taken:
        return definition
    return definition.model_copy(update={"name": f"{definition.name[:70]}（报告格式）"})
