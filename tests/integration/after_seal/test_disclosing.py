"""To the public through two gates by two persons, for exactly what they saw; covered, superseded, withdrawn."""

import io
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from perfapp import clock
from perfapp.blueprints.handing_out import handed_out
from perfapp.core.chinese import long_date
from perfapp.core.disclosing.edition import Plan
from perfapp.core.disclosing.flow import DisclosureAction, DisclosureState
from perfapp.core.disclosing.masking import Mask
from perfapp.core.document import Document, Picture, PictureAttrs, dump
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import blobs, disclosures, reports, sections
from perfapp.data.disclosures import DisclosureView
from perfapp.services import disclosing, drafting, duties, publications
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.downloads import File
from tests.integration.after_seal.making import CLEARED, ABureau, a_bureau, a_passed, published, step
from tests.integration.drafting.calls import a_picture
from tests.integration.report_pages.reading import sign_in
from tests.making import AUnit, a_cycle, a_unit, bring, report_act, run_jobs, section_with

pytestmark = pytest.mark.usefixtures("rolled_back")
A = DisclosureAction
PHONE = "13800138000"
MASK = Mask(words=PHONE, reason="个人信息", basis="条例第十五条")


def begun(*, text: str = "本单位内设五个科室。") -> tuple[AUnit, ABureau, DisclosureView]:
    """A passed report whose first section says this, on its way to the public."""
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED, text)
    delivery = a_passed(unit, bureau, cycle_id)
    return unit, bureau, disclosing.begin(unit.editor, delivery.report_id)


def change(unit: AUnit, view: DisclosureView, plan: Plan) -> DisclosureView:
    view = disclosures.get(unit.id, view.id)
    return disclosing.change(unit.editor, view.id, plan, version=view.version).view


def test_two_persons_pass_it_on_and_anybody_reads_it(client: FlaskClient) -> None:
    unit, _, view = begun()
    done = published(unit, view)
    assert done.state is DisclosureState.PUBLISHED
    page = client.get(f"/open/{done.index_number}")
    assert page.status_code == 200
    for said in ("本单位内设五个科室", done.index_number, unit.name, "有效", "发布日期"):
        assert said in page.text
    sealed = client.get(f"/open/{done.index_number}/report.pdf")
    assert sealed.data == blobs.read(reports.get(view.report_id).sealed_sha256 or "")
    assert unit.name in client.get(f"/open?q={unit.name}").text


def test_the_gates_are_kept_by_different_persons_and_in_their_order() -> None:
    unit, _, view = begun()
    for who, action in (("deputy", A.CLEAR), ("leader", A.APPROVE), ("editor", A.PUBLISH)):
        with pytest.raises(Conflict):
            step(unit, view, who, action, CLEARED)
    for who in ("writer", "leader", "deputy", "finance"):
        with pytest.raises(Forbidden):
            step(unit, view, who, A.SUBMIT)
    step(unit, view, "editor", A.SUBMIT)
    with pytest.raises(Forbidden):
        step(unit, view, "leader", A.CLEAR, CLEARED)
    with pytest.raises(Invalid, match="理由"):
        step(unit, view, "deputy", A.CLEAR)
    step(unit, view, "deputy", A.CLEAR, CLEARED)
    for who in ("deputy", "editor"):
        with pytest.raises(Forbidden):
            step(unit, view, who, A.APPROVE)


def test_a_change_undoes_what_was_decided_for_other_content() -> None:
    unit, _, view = begun()
    step(unit, view, "editor", A.SUBMIT)
    step(unit, view, "deputy", A.CLEAR, CLEARED)
    step(unit, view, "leader", A.APPROVE)
    unchanged = change(unit, view, Plan())
    assert (unchanged.state, unchanged.version) == (DisclosureState.APPROVED, disclosures.get(unit.id, view.id).version)
    changed = change(unit, view, Plan(masks=(MASK.model_copy(update={"words": "五个科室"}),)))
    assert changed.state is DisclosureState.PREPARING
    assert [one.lapsed_at is None for one in disclosures.decisions(view.id)] == [False, False]
    with pytest.raises(Conflict):
        step(unit, view, "editor", A.PUBLISH)


def test_a_decision_is_for_what_was_before_the_eyes() -> None:
    unit, _, view = begun()
    step(unit, view, "editor", A.SUBMIT)
    present = disclosures.get(unit.id, view.id)
    with pytest.raises(Conflict, match="已有变动"):
        disclosing.act(unit.deputy, view.id, A.CLEAR, version=present.version, seen_sha256="0" * 64, reason=CLEARED)


def test_personal_data_stop_the_gate_until_covered_or_explained() -> None:
    unit, _, view = begun(text=f"联系人手机{PHONE}。")
    with pytest.raises(Invalid, match="1 处疑似个人信息"):
        step(unit, view, "editor", A.SUBMIT)
    mark = disclosing.read(unit.editor, view.id).unsettled[0].mark
    change(unit, view, Plan(accepted={mark: "对外公布的服务电话"}))
    assert step(unit, view, "editor", A.SUBMIT).state is DisclosureState.CLEARING


def test_what_is_covered_is_nowhere_in_what_the_public_can_fetch(client: FlaskClient) -> None:
    unit, _, view = begun(text=f"联系人手机{PHONE}。")
    sealed = reports.get(view.report_id).sealed_sha256 or ""
    before = blobs.read(sealed)
    changed = change(unit, view, Plan(masks=(MASK,)))
    assert changed.pdf_sha256 is None
    with pytest.raises(Invalid, match="还在生成"):
        step(unit, view, "editor", A.SUBMIT)
    run_jobs()
    done = published(unit, view)
    address = f"/open/{done.index_number}"
    page = client.get(address).text
    assert "■" * 11 in page
    assert "公开件（有遮盖），与盖章原件的差别：1 处" in page
    pdf = client.get(f"{address}/report.pdf").data
    text = "".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(pdf)).pages)
    assert "■■■" in text
    assert "公开件（有遮盖），与盖章原件的差别：1处" in "".join(text.split())
    for body in (page.encode(), pdf, text.encode()):
        assert PHONE.encode() not in body
    assert blobs.read(sealed) == before
    assert reports.get(view.report_id).sealed_sha256 == sealed


def test_a_mask_that_covers_nothing_is_refused() -> None:
    unit, _, view = begun()
    with pytest.raises(Invalid, match="没有找到"):
        change(unit, view, Plan(masks=(MASK,)))
    for words in ("绩效自评报告", "绩 效自评报告"):
        with pytest.raises(Invalid, match="标题、单位名称"):
            change(unit, view, Plan(masks=(Mask(words=words, reason="因", basis="据"),)))


def test_the_words_of_the_format_are_no_words_of_the_report() -> None:
    """Not “没有遮住” for what stands only in the stored form: names of fields, digests, the code of the unit."""
    unit, _, view = begun()
    for words in ("paragraph", "sections", disclosing.load(view).sealed_sha256[:12]):
        with pytest.raises(Invalid, match="没有找到"):
            change(unit, view, Plan(masks=(Mask(words=words, reason="因", basis="据"),)))


def test_a_quotation_mark_does_not_hide_what_is_left() -> None:
    unit, _, view = begun(text='联系"张三"办理。')
    mask = Mask(words='"张三"', reason='见"张三"一案', basis="据")
    with pytest.raises(Invalid, match="没有遮住"):
        change(unit, view, Plan(masks=(mask,)))
    assert change(unit, view, Plan(masks=(mask.model_copy(update={"reason": "个人信息"}),))).pdf_sha256 is None


def test_what_is_withdrawn_leaves_its_reason_and_nothing_else(client: FlaskClient) -> None:
    unit, _, view = begun()
    done = published(unit, view)
    with pytest.raises(Forbidden):
        step(unit, view, "editor", A.WITHDRAW, "发现笔误")
    step(unit, view, "leader", A.WITHDRAW, "第二节有误，更正后重新公开")
    page = client.get(f"/open/{done.index_number}")
    assert page.status_code == 410
    assert "第二节有误" in page.text
    assert "内设五个科室" not in page.text
    for rest in ("report.pdf", "data.csv", "data.json"):
        assert client.get(f"/open/{done.index_number}/{rest}").status_code == 404
    assert done.index_number not in client.get("/open").text
    step(unit, view, "editor", A.RESUME, "已更正")
    assert client.get(f"/open/{done.index_number}").status_code == 410
    assert published(unit, view).index_number == done.index_number
    assert client.get(f"/open/{done.index_number}").status_code == 200


def test_an_edition_that_was_replaced_says_so_and_stays(client: FlaskClient) -> None:
    unit, bureau, view = begun()
    done = published(unit, view)
    report = reports.get(view.report_id)
    report_act(unit.leader, report.cycle_id, ReportAction.VOID, reason="支出数有误")
    assert publications.get(done.index_number).validity == "已作废"
    assert f"这一版已于{long_date(clock.today())}作废" in client.get(f"/open/{done.index_number}").text
    voided = reports.current(report.cycle_id)
    report_acts.reissue(unit.editor, voided.id, version=voided.version, reason="更正")
    second = disclosing.begin(unit.editor, a_passed(unit, bureau, report.cycle_id).report_id)
    later = published(unit, second)
    page = client.get(f"/open/{done.index_number}")
    assert page.status_code == 200
    assert "已被第2版替代" in page.text
    assert later.index_number in page.text
    assert publications.get(later.index_number).validity == "有效"


def test_files_say_once_what_they_are_and_have_a_name_for_every_program(client: FlaskClient) -> None:
    unit, _, view = begun()
    done = published(unit, view)
    with client.application.test_request_context():
        table = handed_out(File(BytesIO(b"1"), "数据.csv", publications.CSV))
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    said = client.get(f"/open/{done.index_number}/report.pdf").headers["Content-Disposition"]
    assert re.match(r'attachment; filename="perfapp(-[A-Za-z0-9]+)*\.pdf"; filename\*=UTF-8', said), said


def test_nothing_on_its_way_is_public(client: FlaskClient) -> None:
    _, _, view = begun()
    assert client.get(f"/open/{view.index_number}").status_code == 404
    assert view.index_number not in client.get("/open").text
    with pytest.raises(NotFound):
        publications.get(view.index_number)


def test_only_what_was_delivered_and_stands_can_begin() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    delivery = a_passed(unit, bureau, cycle_id)
    with pytest.raises(Forbidden):
        disclosing.begin(unit.leader, delivery.report_id)
    other = a_unit()
    with pytest.raises(NotFound):
        disclosing.begin(other.editor, delivery.report_id)
    disclosing.begin(unit.editor, delivery.report_id)
    with pytest.raises(Conflict):
        disclosing.begin(unit.editor, delivery.report_id)


def test_the_last_day_is_watched_on_the_desk() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_passed(unit, bureau, a_cycle(unit))
    waiting = next(duty for duty in duties.of_person(unit.editor) if "公开" in duty.title)
    assert waiting.term is not None
    assert (waiting.deed, waiting.term.words) == ("去准备公开", "还有 20 个自然日")
    with clock.at(clock.now() + timedelta(days=23)):
        late = next(duty for duty in duties.of_person(unit.editor) if "公开" in duty.title)
        assert late.term is not None
        assert late.term.words == "已逾期 3 个自然日"
    published(unit, disclosing.begin(unit.editor, delivery.report_id))
    assert [duty for duty in duties.of_person(unit.editor) if "公开" in duty.title] == []


def test_what_stands_only_in_the_name_of_an_opened_file_can_be_covered() -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    drafting.add_evidence(unit.writer, section.id, "王小明的批复.png", a_picture())
    view = disclosing.begin(unit.editor, a_passed(unit, bureau, cycle_id).report_id)
    (item,) = (one for one in disclosing.read(unit.editor, view.id).items if one.is_evidence)
    named = Plan(masks=(Mask(words="王小明", reason="因", basis="据"),), shown=(item.key,))
    looked = {item.key: named.mark(item.key)}
    changed = change(unit, view, named.model_copy(update={"looked": looked}))
    assert [file.filename for file in disclosing.load(changed).files] == ["■■■的批复.png"]


def test_a_picture_is_asked_about_before_anything_covered_goes_out(client: FlaskClient) -> None:
    """Covered words may stand in it: until somebody says he looked, the gate stays shut and it is nowhere."""
    unit, bureau, cycle_id = (unit := a_unit()), a_bureau(unit), a_cycle(unit)
    section = section_with(cycle_id, "basics")
    bring(unit, section.id, SectionState.DRAFTING, f"联系人手机{PHONE}。")
    sha256 = drafting.add_picture(unit.writer, section.id, "图.png", a_picture())
    text = sections.content(section.id).document
    fresh = Document(content=(*text.content, Picture(attrs=PictureAttrs(sha256=sha256, caption="值班表"))))
    drafting.save(unit.writer, section.id, version=sections.get(section.id).version, raw=dump(fresh))
    for actor, act in ((unit.writer, "submit"), (unit.head, "endorse"), (unit.editor, "accept")):
        section_acts.act(actor, section.id, SectionAction(act), version=sections.get(section.id).version)
    view = disclosing.begin(unit.editor, a_passed(unit, bureau, cycle_id).report_id)

    sign_in(client, unit, "editor")
    page = f"/disclosures/{view.id}"
    assert "遮得到" in client.get(page).text
    sent = {"version": view.version, "mask-words": PHONE, "mask-reason": "个人信息", "mask-basis": "条例第十五条"}
    chosen = [item.key for item in disclosing.read(unit.editor, view.id).items if not item.is_evidence]
    assert client.post(f"{page}/plan", data=sent | {"open": chosen}).status_code == 303
    assert "遮盖够不到图片" in client.get(page).text
    with pytest.raises(Invalid, match="图1：值班表"):
        step(unit, view, "editor", A.SUBMIT)
    assert sha256 not in disclosing.read(unit.editor, view.id).edition.snapshot.picture_digests

    mark = disclosing.read(unit.editor, view.id).plan.mark("picture-1")
    sent |= {"version": disclosures.get(unit.id, view.id).version, "seen-picture-1": mark}
    assert client.post(f"{page}/plan", data=sent | {"open": chosen}).status_code == 303
    run_jobs()
    done = published(unit, view)
    assert client.get(f"/open/{done.index_number}/pictures/{sha256}").status_code == 200
