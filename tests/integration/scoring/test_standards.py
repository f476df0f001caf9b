"""Indicators and rules of a unit's own: copied, changed in the browser, refused in sentences, used for a year."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from perfapp.core.document import cell_text, plain_lines
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.report_flow import ReportAction
from perfapp.data import cycles, forms
from perfapp.services import annex_tables, standards
from tests.integration.scoring.test_self_score import signed_in
from tests.making import a_cycle, a_merged_report, a_unit, report_act

FIELD = re.compile(r"<(input|textarea|select)\b([^>]*?)/?>(?:(.*?)</\1>)?", re.S)


def fields(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the page's form with this action."""
    form = next(part for part in page.split("<form")[1:] if f'action="{action}"' in part).split("</form>")[0]
    found: dict[str, str] = {}
    for tag, attributes, inside in FIELD.findall(form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        name = given.get("name", "")
        if not name or (given.get("type") in ("checkbox", "radio") and "checked" not in attributes):
            continue
        if tag == "select":
            chosen = re.search(r'<option selected value="([^"]*)"', inside)
            found[name] = unescaped(chosen[1] if chosen else "")
        else:
            found[name] = unescaped(
                inside.removeprefix("\r\n").removeprefix("\n") if tag == "textarea" else given.get("value", "")
            )
    return found


def unescaped(text: str) -> str:
    for code, character in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(code, character)
    return text


def opened(client: FlaskClient, address: str) -> dict[str, str]:
    return fields(client.get(address).get_data(as_text=True), address)


def test_a_set_sent_back_as_it_came_is_no_change(rolled_back: Flask) -> None:
    """So nothing of a set is lost on its way through the browser."""
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    for address in (
        "/standards/indicators/hunan-2018",
        "/standards/indicators/national",
        "/standards/rules/national",
        "/standards/base-tables/hunan-2018",
    ):
        answer = client.post(address, data=opened(client, address))
        assert answer.status_code == 422
        assert "没有改动" in answer.get_data(as_text=True)


def test_a_changed_set_is_the_units_own_and_can_be_used(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/indicators/hunan-2018"
    data = opened(client, address)
    number = next(name.split("-")[1] for name, value in data.items() if value == "budget-control")
    data[f"rows-{number}-rule"] = "≤0：5\n≤15：3\n其余：0"
    assert client.post(address, data=data).status_code == 303
    mine = standards.get(unit.editor, "indicators", "hunan-2018")
    assert (mine.is_own, mine.version) == (True, 2)
    pinned = forms.demand(cycle_id, "indicators")
    assert pinned.version == 1
    assert client.post(f"{address}/use", data={"cycle_id": str(cycle_id)}).status_code == 303
    assert forms.demand(cycle_id, "indicators").version == 2
    assert "正在使用" in client.get("/standards").get_data(as_text=True)
    assert client.post(f"{address}/reset", data={"seen_version": "2"}).status_code == 303
    assert standards.get(unit.editor, "indicators", "hunan-2018").version == 3


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("weight", "6", "下面的三级指标合计14分"),
        ("rule", "扣完为止", "“扣完为止”看不懂"),
        ("actual", "〔没有的数〕 / 〔编制数〕", "没有名为“没有的数”的数据"),
        ("heading", "结果", "一级指标“结果”不在上面的一级指标里"),
        ("value", "很多", "“数值”应当是数字"),
    ],
)
def test_what_cannot_be_scored_is_not_saved(rolled_back: Flask, field: str, value: str, says: str) -> None:
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/indicators/hunan-2018"
    data = opened(client, address) | {f"rows-0-{field}": value}
    answer = client.post(address, data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert says in page
    assert value in unescaped(page)
    assert not standards.get(unit.editor, "indicators", "hunan-2018").is_own


def test_rows_are_added_and_taken_away(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/indicators/national"
    more = client.post(address, data=opened(client, address) | {"act": "row"})
    assert more.status_code == 200
    data = fields(more.get_data(as_text=True), address)
    new = max(int(name.split("-")[1]) for name in data if name.startswith("rows-"))
    gone = next(name.split("-")[1] for name, value in data.items() if value == "three-public-limit")
    data |= {
        f"rows-{new}-heading": "产出指标",
        f"rows-{new}-group": "成本指标",
        f"rows-{new}-name": "车辆运行成本",
        f"rows-{new}-weight": "5",
        f"rows-{new}-sign": "<=",
        f"rows-{new}-value": "100",
        f"rows-{new}-actual": "〔公务用车运行维护费〕 / 〔公务用车运行维护费预算〕",
        f"rows-{gone}-goes": "y",
        "act": "save",
    }
    assert client.post(address, data=data).status_code == 303
    content = standards.get(unit.editor, "indicators", "national").content
    keys = [one["key"] for heading in content["headings"] for group in heading["groups"] for one in group["indicators"]]
    assert "indicator-1" in keys
    assert "three-public-limit" not in keys


def test_the_columns_of_the_score_table_are_changed(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/indicators/hunan-2018"
    data = opened(client, address)
    place = {value: name.removesuffix("-show") for name, value in data.items() if name.endswith("-show")}
    for wrong, says in (
        ({f"{place['points']}-title": ""}, "评分表要有“得分”一列"),
        ({f"{place['standard']}-show": "points"}, "内容相同，请只留一列"),
    ):
        answer = client.post(address, data=data | wrong)
        assert (answer.status_code, says in unescaped(answer.get_data(as_text=True))) == (422, True)
    data |= {f"{place['heading_weight']}-title": "", f"{place['reason']}-title": "偏差及措施"}
    assert client.post(address, data=data).status_code == 303
    standards.use(unit.editor, "indicators", "hunan-2018", cycle_id)
    grid = next(block for block in annex_tables.annexes(cycles.get(cycle_id))["score-table"].document.content)
    heads = [cell_text(one) for one in grid.content[0].content]  # type: ignore[union-attr]
    assert "偏差及措施" in heads


def test_the_funds_and_the_foot_of_the_score_table_are_changed(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/indicators/national"
    data = opened(client, address)
    assert data["paper-funds-2-name"] == "　　　项目支出", "the blanks that indent it on paper stay"
    for wrong, says in (
        (
            {"paper-funds-3-name": "结转", "paper-funds-3-spent": "没有的数"},
            "资金情况“结转”的全年执行数：没有叫“没有的数”的数据",
        ),
        ({"paper-funds-1-is_total": "y"}, "资金情况只能有一行合计行"),
        ({"paper-budget": ""}, "要么都填，要么都空着"),
        ({"paper-title": ""}, "“附件评分表”“表题”没有填写"),
    ):
        answer = client.post(address, data=data | wrong)
        assert (answer.status_code, says in unescaped(answer.get_data(as_text=True))) == (422, True), says
    data |= {
        "paper-funds-1-name": "",
        "paper-funds-3-name": "　　　其中：公用经费",
        "paper-funds-3-spent": "〔公用经费〕",
        "paper-notes": "第一条。\n第二条。",
        "paper-sign_offs": "审核人（签字）：",
        "paper-orientation": "portrait",
    }
    assert client.post(address, data=data).status_code == 303
    standards.use(unit.editor, "indicators", "national", cycle_id)
    annex = annex_tables.annexes(cycles.get(cycle_id))["score-table"]
    rows = [cell_text(row.content[0]) for row in annex.document.content[0].content]  # type: ignore[union-attr]
    assert rows[1:] == ["年度资金总额", "　　　项目支出", "　　　其中：公用经费"]
    assert (annex.orientation, annex.notes, annex.sign_offs) == (
        "portrait",
        ("第一条。", "第二条。"),
        ("审核人（签字）：",),
    )


def test_a_base_table_is_changed_and_used(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/base-tables/hunan-2018"
    data = opened(client, address)
    rows = data["rows"] + "\n食堂 | 〔总支出〕[6列]"
    wrong = client.post(address, data=data | {"rows": rows + "\n多出来的一格 | 甲 | 〔没有的数〕"})
    said = unescaped(wrong.get_data(as_text=True))
    assert wrong.status_code == 422
    assert "没有名为“没有的数”的数据" in said
    assert "多出来的一格" in said, "nothing typed is lost"
    assert client.post(address, data=data | {"rows": rows + "\n甲 | 乙"}).status_code == 422
    assert client.post(address, data=data | {"rows": rows}).status_code == 303

    def printed() -> str:
        annex = annex_tables.annexes(cycles.get(cycle_id))["base-table"]
        return "\n".join(plain_lines(annex.document))

    assert "食堂" not in printed(), "a year keeps the version it was opened with"
    assert client.post("/standards/base-table/hunan-2018/use", data={"cycle_id": str(cycle_id)}).status_code == 303
    assert "食堂" in printed()
    assert client.post("/standards/base-table/hunan-2018/reset", data={"seen_version": "2"}).status_code == 303
    assert standards.get(unit.editor, "base-table", "hunan-2018").version == 3
    with pytest.raises(Forbidden):
        standards.reset(unit.writer, "base-table", "hunan-2018", last_version=3)


def test_rules_are_switched_and_weighed_but_never_added(rolled_back: Flask) -> None:
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    client = signed_in(rolled_back, unit, "editor")
    address = "/standards/rules/national"
    data = opened(client, address)
    number = next(name.split("-")[1] for name, value in data.items() if value == "Z6")
    data |= {f"rules-{number}-tolerance": "8", f"rules-{number}-severity": "note"}
    assert client.post(address, data=data | {f"rules-{number}-tolerance": "多"}).status_code == 422
    assert client.post(address, data=data).status_code == 303
    content = standards.get(unit.editor, "rules", "national").content
    changed = next(rule for rule in content["rules"] if rule["code"] == "Z6")
    assert (changed["severity"], changed["tolerance"]) == ("note", "8")
    with pytest.raises(Invalid, match="规则不能增减"):
        standards.save(unit.editor, "rules", "national", {**content, "rules": content["rules"][1:]}, last_version=2)


def test_who_may_and_when(rolled_back: Flask) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with pytest.raises(Forbidden, match="统稿人"):
        standards.use(unit.writer, "indicators", "national", cycle_id)
    standards.use(unit.editor, "indicators", "national", cycle_id)
    with pytest.raises(Conflict, match="已有新的版本"):
        standards.reset(unit.editor, "indicators", "national", last_version=7)
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    with pytest.raises(Conflict, match="已经送审"):
        standards.use(unit.editor, "indicators", "hunan-2018", cycle_id)
