"""The bureau's list of deliveries, and the page of one: read it, sign for it, pass or return it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import markup
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import handed_out
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.data import deliveries, reports
from perfapp.data.deliveries import DeliveryView
from perfapp.services import delivered, delivering

blueprint = Blueprint("bureau", __name__)
P = Permission


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed when it was refused: the form's name, the sentence, the fields."""

    form: str = ""
    refusal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    headings: frozenset[str] = frozenset()


@blueprint.get("/deliveries")
@requires(P.READ_DELIVERED)
def index() -> ResponseReturnValue:
    rows = delivered.listed(actor())
    return render_template("bureau/index.html", rows=rows, units=deliveries.units_of(actor().unit_id))


@blueprint.get("/deliveries/<int:delivery_id>")
@requires(P.READ_DELIVERED)
def page(delivery_id: int) -> ResponseReturnValue:
    return _page(delivery_id, Typed()), 200


@blueprint.post("/deliveries/<int:delivery_id>/receive")
@requires(P.JUDGE_DELIVERED)
def receive(delivery_id: int) -> ResponseReturnValue:
    def carry_out() -> str:
        done = delivering.receive(actor(), delivery_id, version=_version())
        return f"已签收，签收号 {done.received_number}。"

    return _answer(delivery_id, "receive", carry_out)


@blueprint.post("/deliveries/<int:delivery_id>/accept")
@requires(P.JUDGE_DELIVERED)
def accept(delivery_id: int) -> ResponseReturnValue:
    def carry_out() -> str:
        delivering.accept(actor(), delivery_id, version=_version(), opinion=_words("reason"))
        return "已审核通过，报送单位会收到通知。"

    return _answer(delivery_id, "accept", carry_out)


@blueprint.post("/deliveries/<int:delivery_id>/return")
@requires(P.JUDGE_DELIVERED)
def send_back(delivery_id: int) -> ResponseReturnValue:
    """Return it with the chosen sections and the reason."""

    def carry_out() -> str:
        chosen = request.form.getlist("heading")
        delivering.send_back(actor(), delivery_id, version=_version(), reason=_words("reason"), headings=chosen)
        return "已退回，报送单位从所选章节开始编制新的一版；这一版保留。"

    return _answer(delivery_id, "return", carry_out)


@blueprint.post("/deliveries/<int:delivery_id>/comments")
@requires(P.JUDGE_DELIVERED)
def comment(delivery_id: int) -> ResponseReturnValue:
    def carry_out() -> str:
        delivering.comment(
            actor(), delivery_id, heading=request.form.get("heading", ""), text=request.form.get("text", "")
        )
        return "审核意见已记下，并列入报送单位的整改台账。"

    return _answer(delivery_id, "comment", carry_out)


@blueprint.get("/deliveries/<int:delivery_id>/report.pdf")
@requires(P.READ_DELIVERED)
def pdf(delivery_id: int) -> ResponseReturnValue:
    return handed_out(delivered.sealed_pdf(actor(), delivery_id))


@blueprint.get("/deliveries/<int:delivery_id>/package.zip")
@requires(P.READ_DELIVERED)
def package(delivery_id: int) -> ResponseReturnValue:
    return handed_out(delivered.package(actor(), delivery_id))


@blueprint.get("/deliveries/<int:delivery_id>/files/<kind>.<any(docx,pdf,xlsx):extension>")
@requires(P.READ_DELIVERED)
def file(delivery_id: int, kind: str, extension: str) -> ResponseReturnValue:
    return handed_out(delivered.file(actor(), delivery_id, kind, extension))


@blueprint.get("/deliveries/<int:delivery_id>/pictures/<string(length=64):sha256>")
@requires(P.READ_DELIVERED)
def picture(delivery_id: int, sha256: str) -> ResponseReturnValue:
    return handed_out(delivered.picture(actor(), delivery_id, sha256), inline=True)


@blueprint.get("/deliveries/<int:delivery_id>/evidence/<string(length=64):sha256>")
@requires(P.READ_DELIVERED)
def evidence(delivery_id: int, sha256: str) -> ResponseReturnValue:
    return handed_out(delivered.evidence(actor(), delivery_id, sha256))


def _answer(delivery_id: int, form: str, carry_out: Callable[[], str]) -> ResponseReturnValue:
    """Do it and go on; a refusal gives the page back with everything that was typed."""
    try:
        said = carry_out()
    except (Conflict, Invalid) as refusal:
        typed = Typed(form, refusal.message, request.form, frozenset(request.form.getlist("heading")))
        return _page(delivery_id, typed), refusal.status
    flash(said, "done")
    return redirect(url_for("bureau.page", delivery_id=delivery_id), code=303)


def _words(name: str) -> str:
    text = request.form.get(name, "").strip()
    if len(text) > 1000:
        raise Invalid("请写在 1000 字以内。", field=name)
    return text


def _version() -> int:
    try:
        return int(request.form["version"])
    except (KeyError, ValueError) as error:
        raise Conflict("页面已经过期，请刷新后再办理。") from error


def _page(delivery_id: int, typed: Typed) -> str:
    found = delivered.read(actor(), delivery_id, _headings(deliveries.visible(actor(), delivery_id)))
    return render_template(
        "bureau/delivery.html",
        found=found,
        delivery=found.row.delivery,
        report=found.row.report,
        typed=typed,
        may_judge=delivered.may_judge(actor()),
        body=markup.of_snapshot(
            found.snapshot, lambda sha256: url_for("bureau.picture", delivery_id=delivery_id, sha256=sha256)
        ),
    )


def _headings(delivery: DeliveryView) -> list[tuple[str, str]]:
    return delivering.headings_of(reports.get(delivery.report_id))
