"""What the public sees is derived: covered where a mask says so, without what is withheld, and never more."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.disclosing.edition import DATA, Plan, PublicEdition, edition_of, items, unseen
from perfapp.core.disclosing.masking import SIGN, Mask, Masker
from perfapp.core.disclosing.open_data import OpenData, as_csv, open_data, schema
from perfapp.core.disclosing.wording import wording
from perfapp.core.document import Picture, PictureAttrs, plain_lines
from perfapp.core.snapshot import Snapshot
from tests.unit.core.disclosing.samples import BASE, SHA, a_full_snapshot, a_snapshot, said

MASK = Mask(words="张三丰", reason="个人隐私", basis="条例第十五条")


def public(snapshot: Snapshot, plan: Plan | None = None) -> PublicEdition:
    return edition_of(snapshot, plan or Plan(), index_number="A-2018-01", unit_code="A", sealed_sha256=SHA)


def text_of(edition: PublicEdition) -> str:
    return json.dumps(edition.to_json(), ensure_ascii=False)


def test_nothing_of_the_inside_goes_out() -> None:
    said_outside = text_of(public(a_full_snapshot()))
    for inside in ("赵经办", "冯填报", "褚确认", "编制文件", "决算.pdf", "手工填报"):
        assert inside not in said_outside


def test_what_is_covered_stands_nowhere_any_more() -> None:
    edition = public(a_full_snapshot(), Plan(masks=(MASK,)))
    assert "张三丰" not in text_of(edition)
    assert text_of(edition).count(SIGN * 3) == 2
    assert edition.difference_count == 2
    assert [(one.place, one.count, one.basis) for one in edition.redactions] == [("一、基本情况", 2, "条例第十五条")]
    assert edition.snapshot.attachment_mark == "公开件（有遮盖），与盖章原件的差别：2处"
    assert edition.snapshot.annexes[-1].title == "公开件说明"


def test_headings_places_and_names_of_items_are_covered_too() -> None:
    frozen = a_full_snapshot()
    named = frozen.sections[0].model_copy(update={"title": "张三丰的情况"})
    edition = public(
        frozen.model_copy(update={"sections": (named,)}), Plan(masks=(MASK,), withheld={"table-1": "含个人信息"})
    )
    assert "张三丰" not in text_of(edition)
    assert [one.place for one in edition.redactions] == [f"一、{SIGN * 3}的情况"]
    assert edition.withheld[0].title == f"表1：{SIGN * 3}的情况"


def test_the_frozen_report_is_not_touched() -> None:
    frozen = a_full_snapshot()
    before = frozen.sha256
    public(frozen, Plan(masks=(MASK,), withheld={"annex-1": "内部资料"}))
    assert frozen.sha256 == before


@pytest.mark.parametrize("cuts", [("张三丰",), ("张", "三丰"), ("联系张", "三", "丰来")])
def test_words_are_found_across_the_runs_of_a_text(cuts: tuple[str, ...]) -> None:
    masker = Masker((MASK,))
    covered = masker.snapshot(a_snapshot(said(*cuts))).sections[0].document
    assert covered is not None
    lines = plain_lines(covered)
    assert "".join(lines) == "".join(cuts).replace("张三丰", SIGN * 3)
    assert len(masker.covered) == 1


@given(
    st.text("甲乙丙", max_size=12), st.text("甲乙丙", min_size=1, max_size=3), st.text("甲乙丙", min_size=1, max_size=3)
)
def test_covering_keeps_the_length_and_leaves_none_of_the_words(text: str, one: str, other: str) -> None:
    masker = Masker([Mask(words=words, reason="因", basis="据") for words in (one, other)])
    covered = masker.text(text, "处")
    assert len(covered) == len(text)
    assert one not in covered
    assert other not in covered
    assert all(new in (old, SIGN) for old, new in zip(text, covered, strict=True))


def test_every_part_can_be_withheld_with_its_reason() -> None:
    snapshot = a_full_snapshot()
    keys = {item.kind: item.key for item in items(snapshot)}
    assert set(keys) == {"annex", "table", "data", "evidence"}
    edition = public(snapshot, Plan(withheld={keys["annex"]: "内部资料", keys["table"]: "含个人信息"}))
    assert BASE not in [annex.title for annex in edition.snapshot.annexes]
    assert not edition.has_data  # the annex took its figures along
    assert "（表1：基本情况，不予公开：含个人信息）" in text_of(edition)
    assert edition.is_altered
    assert [one.reason for one in edition.withheld] == ["内部资料", "含个人信息"]


def test_withholding_the_data_alone_leaves_the_sealed_report_as_it_is() -> None:
    edition = public(a_full_snapshot(), Plan(withheld={DATA: "另行公开"}))
    assert (edition.has_data, edition.is_altered) == (False, False)


def test_evidence_is_public_only_when_it_is_named() -> None:
    snapshot = a_full_snapshot()
    assert public(snapshot).files == ()
    opened = public(snapshot, Plan(shown=(f"evidence-{SHA[:16]}",)))
    assert [file.filename for file in opened.files] == ["编制文件.pdf"]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(masks=(MASK,)),
        Plan(withheld={"annex-1": "内部资料"}),
        Plan(withheld={DATA: "另行公开"}),
        Plan(shown=(f"evidence-{SHA[:16]}",)),
        Plan(masks=(Mask(words="张三丰", reason="个人隐私", basis="另一条"),)),
    ],
)
def test_the_digest_moves_with_whatever_the_public_would_see(plan: Plan) -> None:
    assert public(a_full_snapshot(), plan).sha256 != public(a_full_snapshot()).sha256


def test_what_is_only_explained_does_not_move_the_digest() -> None:
    assert public(a_full_snapshot(), Plan(accepted={"0" * 16: "公务电话"})).sha256 == public(a_full_snapshot()).sha256


def test_the_data_are_as_the_published_schema_says() -> None:
    snapshot = a_full_snapshot()
    published = open_data(public(snapshot), published_on=snapshot.dated_on, validity="有效")  # type: ignore[arg-type]
    assert OpenData.model_validate_json(published.model_dump_json()) == published
    assert schema()["required"]
    assert set(schema()["required"]) <= set(published.model_dump())
    assert [(one.code, one.value, one.unit) for one in published.figures] == [
        ("three-public", Decimal("76.00"), "万元")
    ]


@pytest.mark.parametrize(
    ("value", "unit", "number", "said", "in_csv"),
    [
        ("1,420.00", "万元", 1420.0, "万元", "1420.00"),
        ("95.83%", "%", 95.83, "%", "95.83"),
        ("95.83%", "", 95.83, "%", "95.83"),
        ("-3.5", "%", -3.5, "%", "-3.5"),
        ("1,42", "项", "1,42", "项", '"1,42"'),
        ("■", "万元", "■", "万元", "■"),
        ("", "万元", "", "万元", ""),
    ],
)
def test_a_program_reads_numbers_as_numbers(value: str, unit: str, number: object, said: str, in_csv: str) -> None:
    snapshot = a_full_snapshot()
    row = snapshot.entries[0].model_copy(update={"value": value, "unit": unit})
    edition = public(snapshot.model_copy(update={"entries": (row,)}))
    published = open_data(edition, published_on=snapshot.dated_on, validity="有效")  # type: ignore[arg-type]
    figure = json.loads(published.model_dump_json())["figures"][0]
    assert (figure["value"], figure["unit"]) == (number, said)
    assert OpenData.model_validate_json(published.model_dump_json()) == published
    assert f",{in_csv},{said}," in as_csv(published.figures).decode()


def test_the_published_schema_knows_the_types_that_are_sent() -> None:
    described = schema()["$defs"]["OpenFigure"]["properties"]
    assert {one["type"] for one in described["value"]["anyOf"]} == {"number", "string"}
    assert set(schema()["$defs"]["OpenFigure"]["required"]) == set(described)


def test_the_csv_is_for_spreadsheets_and_calculates_nothing() -> None:
    snapshot = a_full_snapshot()
    bad = snapshot.entries[0].model_copy(update={"name": "=1+1", "value": "-3.5"})
    edition = public(snapshot.model_copy(update={"entries": (bad,)}))
    published = open_data(edition, published_on=snapshot.dated_on, validity="有效")  # type: ignore[arg-type]
    lines = as_csv(published.figures).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("表,编码,类别,名称,数值")
    assert "'=1+1" in lines[1]
    assert ",-3.5," in lines[1]


def a_picture(caption: str = "现场照片", sha256: str = "cd" * 32) -> Picture:
    return Picture(attrs=PictureAttrs(sha256=sha256, caption=caption))


def with_pictures(*pictures: Picture) -> Snapshot:
    return a_snapshot(said("联系人", "张三丰"), *pictures)


def test_covering_does_not_reach_into_a_picture_so_it_stays_inside_until_looked_at() -> None:
    snapshot = with_pictures(a_picture("张三丰在现场"))
    assert public(snapshot).snapshot.picture_digests == ("cd" * 32,)
    plan = Plan(masks=(MASK,))
    edition = public(snapshot, plan)
    assert [item.key for item in unseen(items(snapshot), plan)] == ["picture-1"]
    assert edition.snapshot.picture_digests == ()
    assert "cd" * 32 not in text_of(edition)
    assert [one.title for one in edition.withheld] == [f"图1：{SIGN * 3}在现场"]
    looked = plan.model_copy(update={"looked": {"picture-1": plan.mark("picture-1")}})
    assert public(snapshot, looked).snapshot.picture_digests == ("cd" * 32,)
    assert unseen(items(snapshot), looked) == ()


def test_a_look_counts_for_what_was_covered_then() -> None:
    """Covering one word more, or withholding one table more, asks for another look; changing a reason does not."""
    plan = Plan(masks=(MASK,))
    looked = {"picture-1": plan.mark("picture-1")}
    more = Mask(words="联系人", reason="因", basis="据")
    snapshot = with_pictures(a_picture())
    assert unseen(items(snapshot), Plan(masks=(MASK, more), looked=looked))
    assert unseen(items(snapshot), Plan(masks=(MASK,), withheld={"table-1": "内部"}, looked=looked))
    assert not unseen(items(snapshot), Plan(masks=(MASK.model_copy(update={"reason": "另一个理由"}),), looked=looked))
    assert not unseen(items(snapshot), Plan(withheld={DATA: "另行公开"}))


def test_a_picture_that_is_withheld_does_not_go_out_under_another_name() -> None:
    snapshot = with_pictures(a_picture("甲"), a_picture("乙", SHA), a_picture("丙"))
    full = snapshot.model_copy(update={"evidence": a_full_snapshot().evidence})  # its bytes are those of 乙
    edition = public(full, Plan(withheld={"picture-1": "内部", "picture-2": "内部"}, shown=(f"evidence-{SHA[:16]}",)))
    assert (edition.snapshot.picture_digests, edition.files) == ((), ())
    assert [one.title for one in edition.withheld] == ["图1：甲", "图2：乙", "图3：丙"]


def test_an_opened_file_is_looked_through_like_a_picture() -> None:
    plan = Plan(masks=(MASK,), shown=(f"evidence-{SHA[:16]}",))
    assert public(a_full_snapshot(), plan).files == ()
    looked = plan.model_copy(update={"looked": {plan.shown[0]: plan.mark(plan.shown[0])}})
    assert [file.filename for file in public(a_full_snapshot(), looked).files] == ["编制文件.pdf"]


def test_the_wording_is_all_that_can_be_read() -> None:
    """Names of files, titles of what is withheld, reasons, cells one by one: and nothing of the keys of the format."""
    plan = Plan(withheld={"table-1": "含名单"}, shown=(f"evidence-{SHA[:16]}",))
    looked = plan.model_copy(update={"looked": {plan.shown[0]: plan.mark(plan.shown[0])}})
    texts = list(wording(public(a_full_snapshot(), looked)))
    for said_outside in (
        "编制文件.pdf",
        "表1：基本情况",
        "含名单",
        "三公经费",
        "76.00",
        "联系人张三丰，手机13800138000。",
    ):
        assert said_outside in texts
    assert not [text for text in texts if SHA[:16] in text or "paragraph" in text]
