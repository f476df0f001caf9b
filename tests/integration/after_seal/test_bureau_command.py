"""`flask setup-bureau` and `flask supervise`: how a real installation gets its bureau."""

from flask import Flask

from perfapp.core.permissions import UnitKind
from perfapp.data import deliveries, people
from tests.integration.after_seal.making import a_bureau
from tests.making import a_unit

ADMINS = ("--system-admin", "cz.sys:杨某", "--security-admin", "cz.sec:朱某", "--auditor", "cz.audit:秦某")


def test_a_bureau_is_set_up_and_a_unit_delivers_to_it(rolled_back: Flask) -> None:
    unit, runner = a_unit(), rolled_back.test_cli_runner()
    made = runner.invoke(args=["setup-bureau", "--code", "CZJ", "--name", "某某区财政局", *ADMINS])
    assert made.exit_code == 0, made.output
    assert "cz.sec" in made.output
    bureau = people.unit_by_code("CZJ")
    assert bureau is not None
    assert bureau.kind is UnitKind.BUREAU
    code = people.unit(unit.id).code
    assert runner.invoke(args=["supervise", "--unit", code, "--bureau", "CZJ"]).exit_code == 0
    assert deliveries.bureau_of(unit.id) == bureau


def test_a_unit_is_no_bureau_and_a_bureau_no_unit(rolled_back: Flask) -> None:
    unit, bureau, runner = a_unit(), a_bureau(), rolled_back.test_cli_runner()
    code, other = people.unit(unit.id).code, people.unit(bureau.id).code
    for pair, sentence in (
        ((code, code), "不是财政部门"),
        ((other, other), "不是预算单位"),
        (("X", other), "没有预算单位编码"),
    ):
        found = runner.invoke(args=["supervise", "--unit", pair[0], "--bureau", pair[1]])
        assert found.exit_code != 0
        assert sentence in found.output
