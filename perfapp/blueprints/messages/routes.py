"""What leaves the system: robots, messages that did not arrive, each person's choice, the working calendar."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.admin.tabs import people_tabs
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.messages.forms import ChoiceForm, RobotForm, YearForm
from perfapp.core.channels import CHANNELS, OFFICIAL_HOSTS, Channel, Outcome
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.words import Tone
from perfapp.data import calendars, outbox, people
from perfapp.data import channels as channel_table
from perfapp.extensions import current_settings
from perfapp.services import calendars as calendar_acts
from perfapp.services import channels as acts
from perfapp.services.calendars import Foreseen

P = Permission
blueprint = Blueprint("messages", __name__)
SHOWN_DAYS = 30
OUTCOMES = {
    Outcome.WAITING: ("等待发送", Tone.WAITING),
    Outcome.SENDING: ("正在发送", Tone.ACTIVE),
    Outcome.SENT: ("已发出", Tone.DONE),
    Outcome.UNKNOWN: ("可能已发出", Tone.WAITING),
    Outcome.FAILED: ("没有发出", Tone.LATE),
    Outcome.DROPPED: ("不再发送", Tone.VOID),
}


@blueprint.get("/messages")
@requires(P.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    return _page(RobotForm(formdata=None), 200)


@blueprint.post("/messages/robots")
@requires(P.MANAGE_PEOPLE)
def add_robot() -> ResponseReturnValue:
    form = RobotForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form, 422)
    new = acts.NewRobot(
        channel=Channel(form.channel.data),
        name=form.name.data,
        address=form.address.data,
        secret=form.secret.data or "",
        office_id=form.office_id.data,
        person_id=form.person_id.data,
    )
    try:
        acts.add_robot(actor(), new)
    except Invalid as refusal:
        return _page(form, refusal.status, blame(form, refusal))
    return _back("机器人已添加，可以先发一条测试消息。")


@blueprint.post("/messages/robots/<int:robot_id>/try")
@requires(P.MANAGE_PEOPLE)
def try_robot(robot_id: int) -> ResponseReturnValue:
    acts.try_robot(actor(), robot_id)
    return _back("测试消息已交给发送程序，结果显示在下面，请稍后刷新。")


@blueprint.post("/messages/robots/<int:robot_id>/remove")
@requires(P.MANAGE_PEOPLE)
def remove_robot(robot_id: int) -> ResponseReturnValue:
    robot = acts.remove_robot(actor(), robot_id)
    return _back(f"“{robot.name}”已取消，不再向它发送。")


@blueprint.post("/messages/<int:outgoing_id>/again")
@requires(P.MANAGE_PEOPLE)
def send_again(outgoing_id: int) -> ResponseReturnValue:
    stood = acts.send_again(actor(), outgoing_id)
    maybe_twice = "对方可能收到两次，第二次开头写明“重发”。" if stood is Outcome.UNKNOWN else ""
    return _back(f"已重新交给发送程序。{maybe_twice}")


@blueprint.get("/calendar")
@requires(P.MANAGE_PEOPLE)
def calendar() -> ResponseReturnValue:
    known = {year.year for year, _ in calendars.years(actor().unit_id)}
    return _calendar_page(YearForm(formdata=None, year=max(known) + 1), 200)


@blueprint.post("/calendar")
@requires(P.MANAGE_PEOPLE)
def add_year() -> ResponseReturnValue:
    """Read first and show what would move; kept when what was shown is sent back."""
    form = YearForm()
    if not form.validate_on_submit():
        return _calendar_page(form, 422)
    typed, seen = (form.year.data, form.basis.data, form.text.data), request.form.get("seen", "")
    try:
        if not seen:
            return _calendar_page(form, 200, foreseen=calendar_acts.foresee(actor(), *typed))
        kept = calendar_acts.add_year(actor(), *typed, seen=seen)
    except Invalid as refusal:
        return _calendar_page(form, refusal.status, blame(form, refusal))
    except Conflict as refusal:
        foreseen = calendar_acts.foresee(actor(), *typed)
        return _calendar_page(form, refusal.status, refusal.message, foreseen)
    moved = f"{len(kept.moves)} 个截止日期已改，有关人员会收到一条消息。" if kept.moves else "没有截止日期变动。"
    flash(f"{kept.year.year} 年已保存。{moved}", "done")
    return redirect(url_for("messages.calendar"), code=303)


@blueprint.get("/account/channels")
@requires(P.SIGN_IN)
def choices() -> ResponseReturnValue:
    known = dict(acts.own(actor()))
    form = ChoiceForm(formdata=None, **{channel.value: mode.value for channel, mode in known.items()})
    return _choice_page(form, 200)


@blueprint.post("/account/channels")
@requires(P.SIGN_IN)
def choose() -> ResponseReturnValue:
    form = ChoiceForm()
    _keep_reachable(form)
    if not form.validate_on_submit():
        return _choice_page(form, 422)
    acts.choose(actor(), form.chosen())
    flash("通知方式已保存，从下一条消息起生效。", "done")
    return redirect(url_for("messages.choices"), code=303)


def _choice_page(form: ChoiceForm, status: int) -> ResponseReturnValue:
    _keep_reachable(form)
    fields = [form[channel.value] for channel in Channel if channel.value in form]
    person = people.person(actor().id)
    has_mail = current_settings().smtp_url is not None
    return render_template("messages/choices.html", form=form, fields=fields, person=person, has_mail=has_mail), status


def _keep_reachable(form: ChoiceForm) -> None:
    reachable = {channel for channel, _ in acts.own(actor())}
    for channel in Channel:
        if channel not in reachable and channel.value in form:
            del form[channel.value]


def _calendar_page(
    form: YearForm, status: int, refusal: str = "", foreseen: Foreseen | None = None
) -> ResponseReturnValue:
    years = calendars.years(actor().unit_id)
    known = {year.year for year, _ in years}
    today = clock.today()
    return render_template(
        "messages/calendar.html",
        tabs=people_tabs("calendar", may_manage=True),
        form=form,
        refusal=refusal,
        foreseen=foreseen,
        off=sum(len(holiday.days) for holiday in foreseen.year.holidays) if foreseen else 0,
        years=years,
        missing=[year for year in (today.year, today.year + 1) if year not in known],
        this_year=today.year,
    ), status


def _page(form: RobotForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer(form)
    unit_id = actor().unit_id
    since = clock.today() - timedelta(days=SHOWN_DAYS)
    return render_template(
        "messages/index.html",
        tabs=people_tabs("messages", may_manage=True),
        form=form,
        refusal=refusal,
        robots=channel_table.robots(unit_id),
        troubled=outbox.troubled(unit_id),
        recent=outbox.recent(unit_id),
        counts=outbox.counts(unit_id, since),
        shown_days=SHOWN_DAYS,
        has_mail=current_settings().smtp_url is not None,
        CHANNELS=CHANNELS,
        OUTCOMES=OUTCOMES,
        hosts=OFFICIAL_HOSTS,
    ), status


def _offer(form: RobotForm) -> None:
    unit_id = actor().unit_id
    form.office_id.choices = [
        SelectChoice("", "全单位的群"),
        *(SelectChoice(office.id, office.name) for office in people.offices(unit_id)),
    ]
    form.person_id.choices = [
        SelectChoice("", "不是，发到群里"),
        *(SelectChoice(one.id, one.name) for one in people.persons(unit_id) if one.disabled_at is None),
    ]


def _back(words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("messages.index"), code=303)
