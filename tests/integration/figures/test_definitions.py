"""What a fact is: who says so, what is refused, and when one may go out of use."""

from typing import Any

import pytest

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.figures.facts import Definition
from perfapp.data import events, facts
from perfapp.services import facts as fact_acts
from tests.integration.figures.story import figure, save, sentence
from tests.making import POSTS, AUnit, a_cycle, a_dispute, a_unit, a_value, section_with

pytestmark = pytest.mark.usefixtures("rolled_back")
MAY = {"editor"}


def define(unit: AUnit, key: str, /, **more: Any) -> None:
    """A new fact of the office, by the editor."""
    about = Definition(**{"key": key, "name": key.upper(), "unit": "趟", "decimals": 0, **more})
    fact_acts.define(unit.editor, about, office_id=unit.offices["办公室"])


def redefine(unit: AUnit, key: str, /, **changed: Any) -> None:
    fact = facts.get(unit.id, key)
    about = fact.definition.model_copy(update=changed)
    fact_acts.define(unit.editor, about, office_id=fact.office_id, version=fact.version)


@pytest.mark.parametrize("who", [key for key, _, _ in POSTS])
def test_the_editor_alone_says_what_a_fact_is(who: str) -> None:
    unit = a_unit(with_seal=False)
    actor, about = unit.actors[who], Definition(key="trips", name="趟数", unit="趟")
    if who in MAY:
        fact_acts.define(actor, about, office_id=None)
        fact_acts.retire(actor, "trips", version=1)
        return
    with pytest.raises(Forbidden, match="统稿人"):
        fact_acts.define(actor, about, office_id=None)
    define(unit, "trips")
    with pytest.raises(Forbidden, match="统稿人"):
        fact_acts.retire(actor, "trips", version=1)


def test_a_change_counts_and_an_old_page_is_refused() -> None:
    unit = a_unit(with_seal=False)
    define(unit, "trips", scope="全年")
    redefine(unit, "trips", scope="截至十月底")
    fact = facts.get(unit.id, "trips")
    assert (fact.definition.scope, fact.version) == ("截至十月底", 2)
    with pytest.raises(Conflict, match="已有变动"):
        fact_acts.define(unit.editor, fact.definition, office_id=None, version=1)
    with pytest.raises(Conflict, match="已有变动"):
        fact_acts.retire(unit.editor, "trips", version=1)
    assert [event.action for event in events.of_unit(unit.id)][:2] == ["change_fact", "define_fact"]


@pytest.mark.parametrize(
    ("more", "field", "refusal"),
    [
        ({"formula": "first + second"}, "formula", "没有登记的数据"),
        ({"formula": "trips + staff"}, "formula", "不同单位"),
        ({"formula": "trips / trips"}, "formula", "单位不是“趟”"),
        ({"formula": "trips +"}, "formula", "末尾有误"),
        ({"formula": "trips ** 2"}, "formula", "有误"),
        ({"formula": "third + trips"}, "formula", "成了环"),
        ({"name": "TRIPS"}, "name", "换一个名称"),
        ({"unit": "万元"}, "is_money", "由财务确认"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(more: dict[str, Any], field: str, refusal: str) -> None:
    unit = a_unit(with_seal=False)
    define(unit, "trips")
    define(unit, "staff", unit="人")
    with pytest.raises(Invalid, match=refusal) as found:
        define(unit, "third", **more)
    assert found.value.field == field
    assert len(facts.of_unit(unit.id)) == 2


def test_a_ring_is_refused_however_long() -> None:
    unit = a_unit(with_seal=False)
    define(unit, "aa")
    define(unit, "bb", formula="aa + 1 * aa")
    define(unit, "cc", formula="bb - aa")
    with pytest.raises(Invalid, match=r"成了环：(BB → AA → CC → BB|AA → CC → BB → AA|CC → BB → AA → CC)"):
        redefine(unit, "aa", formula="cc + cc")
    assert facts.get(unit.id, "aa").definition.formula == ""


def test_a_key_is_given_once() -> None:
    unit = a_unit(with_seal=False)
    define(unit, "trips")
    with pytest.raises(Conflict, match="请换一个编码"):
        define(unit, "trips", name="别的")


def test_values_keep_their_unit() -> None:
    unit = a_unit(with_seal=False)
    a_value(unit, a_cycle(unit), "total-spending", "2560.21")
    redefine(unit, "total-spending", unit="元")
    with pytest.raises(Invalid, match="同一类") as found:
        redefine(unit, "total-spending", unit="人", is_money=False)
    assert found.value.field == "unit"
    redefine(unit, "total-income", unit="人", is_money=False, formula="")  # nothing has been entered for it


def test_an_office_of_another_unit_owns_nothing_here() -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    with pytest.raises(Invalid) as found:
        fact_acts.define(
            unit.editor, Definition(key="trips", name="趟数", unit="趟"), office_id=other.offices["办公室"]
        )
    assert found.value.field == "office_id"


def test_what_is_still_needed_does_not_go_out_of_use() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    retire = fact_acts.retire
    with pytest.raises(Conflict, match="“部门共有人员”的公式用到"):
        retire(unit.editor, "staff-retired", version=1)
    dispute = a_dispute(unit, a_value(unit, cycle_id, "office-count", "5"), "6")
    with pytest.raises(Conflict, match="争议没有裁定"):
        retire(unit.editor, dispute.fact_key, version=1)
    save(unit, section_with(cycle_id, "basics").id, sentence("现有", figure("vehicle-count"), "。"))
    with pytest.raises(Conflict, match="正文引用了“公务用车保有量”"):
        retire(unit.editor, "vehicle-count", version=1)


def test_out_of_use_nothing_is_entered_and_every_value_stays() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    value = a_value(unit, cycle_id, "long-trips", "300")
    fact_acts.retire(unit.editor, "long-trips", version=1)
    with pytest.raises(Forbidden, match="已停用"):
        a_value(unit, cycle_id, "long-trips", "301")
    assert [one.id for one in facts.history(facts.get(unit.id, "long-trips").id)] == [value.id]
    assert "long-trips" not in [fact.key for fact in facts.of_unit(unit.id)]
    fact_acts.retire(unit.editor, "long-trips", version=2, retired=False)
    assert a_value(unit, cycle_id, "long-trips", "301").number == 2
