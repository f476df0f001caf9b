"""What every page shows around its content: who is signed in, where he can go, addresses of assets, words of states."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_login import current_user

from perfapp.blueprints import identity
from perfapp.core import words
from perfapp.core.chinese import file_size, local_time, long_date
from perfapp.core.figures.periods import of_name, spoken_period
from perfapp.core.permissions import ROLE_NAMES, Actor, Permission
from perfapp.core.return_kinds import RETURN_KINDS
from perfapp.core.verify_code import grouped
from perfapp.services.sourcing import spoken_origin

P = Permission
_BUSINESS = (P.READ_OWN, P.PRESS_SEAL)

# pages that belong to another entry than the first of their area
_BELONGS = dict.fromkeys(
    (
        "sealing.seal",
        "sealing.press",
        "sealing.refuse",
        "sealing.abandon",
        "sealing.ask",
        "sealing.ask_do",
        "findings.checkup",
    ),
    "review.index",
) | dict.fromkeys(("messages.index", "messages.add_robot", "messages.calendar", "messages.add_year"), "admin.people")

_WITHIN = {
    "disclosing": "review",
    "paper": "review",
    **dict.fromkeys(("ledgers", "importing", "scoring", "standards", "charts"), "figures"),
}
"""Areas without an entry of their own."""

# (label, endpoint, any of these permissions); an entry shows where its endpoint exists and the person may go
NAVIGATION: tuple[tuple[str, str, tuple[Permission, ...]], ...] = (
    ("待办", "desk.index", (P.SIGN_IN,)),
    ("数据", "figures.index", (P.READ_FIGURES,)),
    ("报告", "review.index", (P.READ_OWN, P.READ_SEALED)),
    ("体检", "checking.index", (P.SIGN_IN,)),
    ("报送", "bureau.index", (P.READ_DELIVERED,)),
    ("整改", "measures.index", (P.READ_MEASURES,)),
    ("进度", "tracking.index", (P.SEE_BOARD, P.SEE_OWN_BOARD, P.SEE_COUNTS)),
    ("年度任务", "cycles.index", (P.ARRANGE,)),
    ("印章", "seals.index", (P.READ_SEALS,)),
    ("用印登记", "sealing.uses", (P.READ_SEAL_USES,)),
    ("人员", "admin.people", (P.READ_PEOPLE,)),
    ("日志", "admin.log", (P.READ_EVENTS,)),
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person as the page's frame shows him."""

    name: str
    unit_name: str
    is_demo: bool
    office_name: str
    nav: list[tuple[str, str, bool]]
    unread_count: int
    home_url: str
    notices_url: str
    account_url: str
    sign_out_url: str


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.filters.update(
        code_groups=grouped,
        long_date=long_date,
        file_size=file_size,
        clock=lambda moment: local_time(moment).strftime("%H:%M"),
        moment=spoken_moment,
        day=lambda day: f"{day.month}月{day.day}日",
        cn_day=lambda moment: long_date(local_time(moment).date()),
        iso=lambda moment: moment.isoformat(),
    )
    app.jinja_env.globals.update(
        asset=_asset(app),
        SECTION_STATES=words.SECTION_STATES,
        RETURN_KINDS=RETURN_KINDS,
        REPORT_STATES=words.REPORT_STATES,
        SECTION_ACTIONS=words.SECTION_ACTIONS,
        REPORT_ACTIONS=words.REPORT_ACTIONS,
        FACT_STATES=words.FACT_STATES,
        spoken_period=spoken_period,
        name_for_period=of_name,
        spoken_origin=spoken_origin,
        STAGES=words.STAGES,
        SEAL_KINDS=words.SEAL_KINDS,
        SEAL_STATES=words.SEAL_STATES,
        ROLE_NAMES=ROLE_NAMES,
    )


def spoken_moment(moment: datetime) -> str:
    """2019年3月15日 14:02 on the office wall's clock."""
    local = local_time(moment)
    return f"{long_date(local.date())} {local:%H:%M}"


def due_day(day: date | None) -> str:
    return f"{day.month}月{day.day}日前" if day else ""


def _context() -> dict[str, Any]:
    return {"viewer": _viewer()}


def _viewer() -> Viewer | None:
    if not current_user.is_authenticated:
        return None
    bearer = identity.bearer()
    actor = bearer.actor
    return Viewer(
        name=actor.name,
        unit_name=bearer.unit_name,
        is_demo=bearer.is_demo,
        office_name="、".join(bearer.post_titles),
        nav=_nav(actor),
        unread_count=bearer.unread_count,
        home_url=url_for("desk.index"),
        notices_url=url_for("desk.notices"),
        account_url=url_for("auth.account"),
        sign_out_url=url_for("auth.sign_out"),
    )


def _nav(actor: Actor) -> list[tuple[str, str, bool]]:
    present = _entry_of(request.endpoint or "")
    return [
        (label, url_for(endpoint), endpoint == present)
        for label, endpoint, permissions in NAVIGATION
        if any(actor.may(permission) for permission in permissions)
    ]


def _entry_of(endpoint: str) -> str | None:
    """The entry a page belongs to: itself, the one named for it, or the first of its area."""
    entries = [entry for _, entry, _ in NAVIGATION]
    if endpoint in entries:
        return endpoint
    area = endpoint.split(".")[0]
    area = _WITHIN.get(area, area)
    return _BELONGS.get(endpoint) or next((entry for entry in entries if entry.split(".")[0] == area), None)


def _asset(app: Flask) -> Callable[[str], str]:
    folder = Path(app.static_folder or "static")

    @lru_cache(maxsize=64)
    def fingerprint(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    def address(name: str) -> str:
        return url_for("static", filename=name, v=fingerprint(name))

    return address
