"""The outline of a cycle: its headings, who owns them, their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.cycles.forms import HeadingForm, ItemForm, SectionForm, StepForm, show_current_version
from perfapp.core.errors import Conflict, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.data import cycles, people, sections
from perfapp.data.people import OfficeView
from perfapp.data.sections import SectionView
from perfapp.services import cycles as arranging

P = Permission
blueprint = Blueprint("outline", __name__, url_prefix="/cycles/<int:cycle_id>/sections/<int:section_id>")


@dataclass(frozen=True, slots=True)
class Row:
    """A heading with what may be done to it now; `warning` says what is wrong with its owner."""

    section: SectionView
    may_edit: bool
    may_rise: bool
    may_sink: bool
    may_take_items: bool
    warning: str


def rows(parts: Sequence[SectionView], offices: Mapping[int, OfficeView], *, is_open: bool) -> list[Row]:
    """The outline as the page draws it; nothing may be done once the report is merged."""
    last = {part.parent_id: part.number for part in parts}
    found = []
    for part in parts:
        moves = is_open and arranging.is_item(part, parts)
        found.append(
            Row(
                section=part,
                may_edit=is_open and arranging.may_be_arranged(part),
                may_rise=moves and part.number > 1,
                may_sink=moves and part.number < last[part.parent_id],
                may_take_items=is_open and part.takes_items and part.level < 4,
                warning=_warning(part, offices),
            )
        )
    return found


def orphans(parts: Sequence[SectionView], offices: Mapping[int, OfficeView]) -> int:
    """How many sections with text have no standing office."""
    return sum(1 for part in parts if _warning(part, offices))


@blueprint.get("/edit")
@requires(P.ARRANGE)
def edit(cycle_id: int, section_id: int) -> ResponseReturnValue:
    section = _section(cycle_id, section_id)
    values = {"title": section.title, "guidance": section.guidance, "version": section.version}
    if section.has_text:
        form: HeadingForm = SectionForm(
            **values,
            office_id=section.owner_office_id,
            is_required=section.is_required,
            holds_money=section.holds_money,
        )
    else:
        form = HeadingForm(**values)
    return _edit_page(section, form, 200)


@blueprint.post("/edit")
@requires(P.ARRANGE)
def change(cycle_id: int, section_id: int) -> ResponseReturnValue:
    section = _section(cycle_id, section_id)
    form = SectionForm() if section.has_text else HeadingForm()
    _offer_offices(form)
    if not form.validate_on_submit():
        return _edit_page(section, form, 422)
    wanted = arranging.SectionChange(
        title=form.title.data,
        guidance=form.guidance.data or "",
        office_id=form.office_id.data if section.has_text else None,
        is_required=form.is_required.data if section.has_text else True,
        holds_money=form.holds_money.data if section.has_text else False,
    )
    try:
        arranging.change_section(actor(), section_id, wanted, version=form.version.data)
    except (Invalid, Conflict) as refusal:
        return _edit_page(section, form, refusal.status, blame(form, refusal))
    return _to_outline(cycle_id, section_id)


@blueprint.get("/add")
@requires(P.ARRANGE)
def new_item(cycle_id: int, section_id: int) -> ResponseReturnValue:
    parent = _section(cycle_id, section_id)
    return _item_page(parent, ItemForm(office_id=parent.owner_office_id), 200)


@blueprint.post("/add")
@requires(P.ARRANGE)
def add_item(cycle_id: int, section_id: int) -> ResponseReturnValue:
    parent, form = _section(cycle_id, section_id), ItemForm()
    _offer_offices(form)
    if not form.validate_on_submit():
        return _item_page(parent, form, 422)
    try:
        new_id = arranging.add_item(
            actor(),
            section_id,
            title=form.title.data,
            office_id=form.office_id.data,
            holds_money=form.holds_money.data,
        )
    except (Invalid, Conflict) as refusal:
        return _item_page(parent, form, refusal.status, blame(form, refusal))
    if "again" in request.form:
        flash(f"已增加“{form.title.data.strip()}”，请接着填下一项。", "done")
        return redirect(url_for("cycles.outline.new_item", cycle_id=cycle_id, section_id=section_id), code=303)
    return _to_outline(cycle_id, new_id)


@blueprint.post("/move")
@requires(P.ARRANGE)
def move(cycle_id: int, section_id: int) -> ResponseReturnValue:
    _section(cycle_id, section_id)
    step = -1 if request.form.get("direction") == "up" else 1
    arranging.move(actor(), section_id, step=step, version=_seen_version())
    return _to_outline(cycle_id, section_id)


@blueprint.post("/remove")
@requires(P.ARRANGE)
def remove(cycle_id: int, section_id: int) -> ResponseReturnValue:
    section = _section(cycle_id, section_id)
    arranging.remove_item(actor(), section_id, version=_seen_version())
    flash(f"已删除“{section.title}”，后面的序号已顺延。", "done")
    return redirect(url_for("cycles.show", cycle_id=cycle_id) + "#outline", code=303)


def _section(cycle_id: int, section_id: int) -> SectionView:
    section = sections.visible(actor(), section_id)
    if section.cycle_id != cycle_id:
        raise NotFound("没有找到这一节。")
    return section


def _seen_version() -> int:
    form = StepForm()
    if not form.validate_on_submit():
        raise Invalid("页面内容不完整，请刷新后再试。")
    return int(form.version.data)


def _to_outline(cycle_id: int, section_id: int) -> ResponseReturnValue:
    return redirect(url_for("cycles.show", cycle_id=cycle_id) + f"#section-{section_id}", code=303)


def _edit_page(section: SectionView, form: HeadingForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer_offices(form)
    show_current_version(form, section.version)
    parts = sections.outline(section.cycle_id)
    page = render_template(
        "cycles/section.html",
        cycle=cycles.visible(actor(), section.cycle_id),
        section=section,
        form=form,
        refusal=refusal,
        may_remove=arranging.may_be_removed(section, parts),
    )
    return page, status


def _item_page(parent: SectionView, form: ItemForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer_offices(form)
    cycle = cycles.visible(actor(), parent.cycle_id)
    return render_template("cycles/item.html", cycle=cycle, parent=parent, form=form, refusal=refusal), status


def _offer_offices(form: HeadingForm | ItemForm) -> None:
    if "office_id" in form:
        offices = [SelectChoice(office.id, office.name) for office in people.offices(actor().unit_id)]
        form["office_id"].choices = [SelectChoice("", "请选择"), *offices]


def _warning(section: SectionView, offices: Mapping[int, OfficeView]) -> str:
    if not section.has_text:
        return ""
    office = offices.get(section.owner_office_id or 0)
    if office is None:
        return "没有负责科室"
    return f"{office.name}已撤销，请改派" if office.closed_on else ""
