"""Whatever can be recorded can be told: no action is without words, and no sentence without its subject."""

import ast
from pathlib import Path

import pytest

from perfapp.core import happenings
from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction

ROOMS = Path(__file__).parents[3] / "perfapp"
ALL = {**happenings.SECTION, **happenings.REPORT, **happenings.CYCLE, **happenings.UNIT}


def recorded() -> set[str]:
    """The actions that the code writes down by name: the first literal given to a record() or _record()."""
    found = set()
    for path in [*(ROOMS / "services").rglob("*.py"), *(ROOMS / "cli").rglob("*.py"), *(ROOMS / "demo").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in {"record", "_record"}:
                continue
            words = [arg.value for arg in node.args[:3] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            found |= {word for word in words[:1] if word}
    return found


def test_everything_that_is_recorded_has_words() -> None:
    assert recorded() >= {"open_cycle", "sign_in", "start", "add_evidence"}
    assert recorded() - set(ALL) == set()
    assert {action.value for action in SectionAction} - set(happenings.SECTION) == set()
    assert {action.value for action in ReportAction} - set(happenings.REPORT) == set()
    disputed = {"dispute_open"} | {f"dispute_{action}" for action in DisputeAction}
    assert disputed - set(happenings.CYCLE) == set()


@pytest.mark.parametrize("action", sorted(ALL))
def test_each_sentence_is_chinese_and_complete(action: str) -> None:
    for of_section in (False, True):
        told = happenings.tell(action, actor="王某", subject="（6）公务用车", of_section=of_section)
        assert told.who == "王某"
        assert not {"{", "}", "!", "！"} & set(told.what)
        assert not any("a" <= letter <= "z" for letter in told.what.replace("Word", ""))


def test_a_return_names_sections_and_way_and_keeps_the_reason() -> None:
    told = happenings.tell(
        "return",
        actor="李某",
        subject="报告第1版",
        reason="数字不符 ",
        details={"sections": ["（1）甲", "（2）乙"], "direct": True},
        of_report=True,
    )
    assert told.what == "把报告第1版退回修改，改好后直接回到退回人，涉及（1）甲、（2）乙"
    assert told.reason == "数字不符"


def test_the_system_has_a_name_and_a_title_is_not_said_twice() -> None:
    assert happenings.tell("record_sealed", actor="", subject="报告第1版", of_report=True).who == "系统"
    assert not happenings.tell("add_item", actor="王某", subject="（2）食堂", reason="食堂", of_section=True).reason


def test_an_action_nobody_knows_is_still_a_sentence() -> None:
    assert happenings.tell("from_the_future", actor="王某").what == "办理了一项操作"


def test_quotation_marks_within_quotation_marks_are_single() -> None:
    told = happenings.tell("submit", actor="王某", subject="（5）开展“平安社区”创建服务", of_section=True)
    assert told.what == "提交了“（5）开展‘平安社区’创建服务”"
