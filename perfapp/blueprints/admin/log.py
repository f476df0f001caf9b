"""The unit's log, for the auditor: who did what and when, never what was written."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.core import happenings
from perfapp.core.chinese import BEIJING
from perfapp.core.permissions import Permission
from perfapp.data import events, people
from perfapp.data.events import About, EventView, LogFilter

P = Permission
PAGE_SIZE = 50
_SIGN_IN = ("sign_in", "sign_in_refused", "sign_out", "end_sessions", "change_password")
_SEAL = ("request_seal", "cancel_request", "refuse_seal", "press", "retry_seal", "abandon_seal", "record_sealed")
_ARRANGING = ("assign", "rename", "change_section", "add_item", "move", "remove_item")

_FIGURES = tuple(
    action
    for action, (words, _) in {**happenings.CYCLE, **happenings.UNIT}.items()
    if "{fact}" in words or "{ledger}" in words  # what is done to facts, disputes, ledgers and scores
)
_ELSEWHERE = frozenset({*_SIGN_IN, *_FIGURES})

# key, words, actions (empty: any), what they are about
KINDS: tuple[tuple[str, str, tuple[str, ...], About | None], ...] = (
    ("sign-in", "登录和密码", _SIGN_IN, None),
    ("people", "人员、任职和科室", tuple(action for action in happenings.UNIT if action not in _ELSEWHERE), None),
    ("cycle", "年度任务和提纲", (*(a for a in happenings.CYCLE if a not in _ELSEWHERE), *_ARRANGING), None),
    ("figures", "数据、台账和自评", _FIGURES, None),
    ("section", "章节的编写和审核", tuple(a for a in happenings.SECTION if a not in _ARRANGING), About.SECTION),
    ("report", "报告的审签和报送", tuple(a for a in happenings.REPORT if a not in _SEAL), About.REPORT),
    ("seal", "用印", (*_SEAL, "register_seal", "set_seal_policy"), None),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as the address gives them; what cannot be read is left out."""

    person_id: int | None
    kind: str
    since: date | None
    until: date | None
    page: int

    def address(self, page: int) -> str:
        """The same filters, another page."""
        return url_for(
            "admin.log",
            person=self.person_id,
            kind=self.kind or None,
            since=self.since,
            until=self.until,
            page=page if page > 1 else None,
        )


def add_to(blueprint: Blueprint) -> None:
    """Give the page to the area's blueprint."""
    blueprint.add_url_rule("/log", "log", log, methods=["GET"])


@requires(P.READ_EVENTS)
def log() -> ResponseReturnValue:
    asked = _asked()
    unit_id = actor().unit_id
    total = events.count(unit_id, _filter(asked))
    page_count = max(1, -(-total // PAGE_SIZE))
    page = min(asked.page, page_count)
    lines = events.log(unit_id, _filter(asked), offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "admin/log.html",
        asked=asked,
        persons=people.persons(unit_id),
        kinds=[(key, words) for key, words, _, _ in KINDS],
        lines=[(line, _told(line)) for line in lines],
        page=page,
        page_count=page_count,
        total=total,
    )


def _asked() -> Asked:
    kind = request.args.get("kind", "")
    return Asked(
        person_id=request.args.get("person", type=incoming.number),
        kind=kind if kind in {key for key, *_ in KINDS} else "",
        since=request.args.get("since", type=incoming.day),
        until=request.args.get("until", type=incoming.day),
        page=incoming.page(),
    )


def _filter(asked: Asked) -> LogFilter:
    actions, about = next(((actions, about) for key, _, actions, about in KINDS if key == asked.kind), ((), None))
    return LogFilter(
        person_id=asked.person_id,
        actions=actions,
        about=about,
        since=_midnight(asked.since),
        until=_midnight(asked.until + timedelta(days=1)) if asked.until else None,
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), BEIJING) if day else None


def _told(event: EventView) -> happenings.Happening:
    return happenings.tell(
        event.action,
        actor=event.actor_name,
        subject=event.section_title or ("报告" if event.report_id else ""),
        reason=event.reason,
        details=event.details,
        of_section=event.section_id is not None,
        of_report=event.section_id is None and event.report_id is not None,
    )
