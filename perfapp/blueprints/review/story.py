"""What happened to a report, in words: its stages, its decisions, its time line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from perfapp.blueprints.page import spoken_moment
from perfapp.core.happenings import Happening, in_round, rounds, tell
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.words import DISCLOSURE_ACTIONS, REPORT_ACTIONS, REPORT_STATES
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.events import EventView
from perfapp.data.reports import ReportView

S = ReportState
DIGEST_SHOWN = 12

_STAGES: tuple[tuple[str, frozenset[ReportState]], ...] = (
    ("编写", frozenset({S.DRAFTING})),
    ("合稿", frozenset({S.MERGING})),
    ("会审", frozenset({S.REVIEWING})),
    ("签发", frozenset({S.AWAITING_ISSUE})),
    ("盖章", frozenset({S.ISSUED, S.AWAITING_SEAL, S.SEALING})),
    ("报送", frozenset({S.SEALED})),
)
_OTHER_EVENTS: Mapping[str, str] = {
    "new_edition": "建立新的一版",
    "urge": "催办",
    "consent": "加签同意",
    "take_back": "收回加签或转办",
    "bureau_comment": "提出审核意见",
    "disclose_prepare": "开始准备公开",
    **{f"disclose_{action.value}": words for action, words in DISCLOSURE_ACTIONS.items()},
}


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on the report, standing or lapsed."""

    who: str
    what: str
    when: str
    comment: str
    stands: bool
    digest: str


def stages(report: ReportView) -> list[tuple[str, str, str | None]]:
    """The report's way with the place where it stands; nothing is under way once it is delivered or void."""
    at = next((n for n, (_, states) in enumerate(_STAGES) if report.state in states), len(_STAGES))
    return [(name, "done" if n < at else "current" if n == at else "todo", None) for n, (name, _) in enumerate(_STAGES)]


_ACTS = {action.value: name for action, name in REPORT_ACTIONS.items()} | {
    WAIVED: "直达，免去中间各步",
    CONSENTED: "加签同意",
}


def decisions(report: ReportView, found: Iterable[ApprovalView]) -> list[Decided]:
    """Newest first."""
    listed = [
        Decided(
            who=one.person_name,
            what=_ACTS[one.action],
            when=spoken_moment(one.at),
            comment=one.comment,
            stands=one.stands_for(report.snapshot_sha256),
            digest=one.covers_sha256[:DIGEST_SHOWN],
        )
        for one in found
    ]
    return listed[::-1]


def time_line(found: Iterable[EventView]) -> list[dict[str, Any]]:
    """The rows that `components/timeline.html` draws, newest first."""
    listed = list(found)
    numbers = rounds((event.id, event.action) for event in listed)
    return [
        {
            "when": spoken_moment(event.at),
            "iso": event.at.isoformat(),
            "who": event.actor_name or "系统",
            "what": in_round(_what(event), numbers.get(event.id)),
            "reason": event.reason,
            "tone": _tone(event),
        }
        for event in listed
    ]


def _what(event: EventView) -> str:
    action = _action(event.action)
    words = REPORT_ACTIONS[action] if action else _OTHER_EVENTS.get(event.action) or _told(event).what
    if event.details.get("person"):
        words += f"：请{event.details['person']}" + (
            f"在本人{event.details['order']}审" if event.details.get("order") else ""
        )
    named = event.details.get("sections")
    if named:
        words += "：" + "、".join(str(name) for name in named[:6]) + (f"等 {len(named)} 节" if len(named) > 6 else "")
        words += "（改好后直达）" if event.details.get("direct") else "（改好后重走）"
    return words


def _told(event: EventView) -> Happening:
    """In the words of the log, what the table of acts has no word for."""
    return tell(event.action, actor=event.actor_name, subject="报告", details=event.details, of_report=True)


def _tone(event: EventView) -> str:
    if event.action in {ReportAction.RETURN, ReportAction.REFUSE_SEAL, ReportAction.ABANDON_SEAL}:
        return "late"
    if event.new_state in set(S):
        return REPORT_STATES[S(event.new_state)][1].value
    return "idle" if event.action in _OTHER_EVENTS else _told(event).tone.value


def _action(code: str) -> ReportAction | None:
    return ReportAction(code) if code in set(ReportAction) else None
