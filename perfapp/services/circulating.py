"""The 流转单 of a report, from its decisions, its register line, its delivery and its log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from perfapp import clock
from perfapp.core import audit_chain
from perfapp.core.audit_chain import Head
from perfapp.core.chinese import local_time, long_date
from perfapp.core.circulation import Circulation, Entry
from perfapp.core.errors import NotFound
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction
from perfapp.core.verify_code import grouped
from perfapp.core.words import REPORT_ACTIONS, REPORT_STATES, SECTION_ACTIONS
from perfapp.data import approvals, deliveries, events, jobs, people, reports, seal_uses, sections
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.people import PersonView
from perfapp.data.reports import ReportView

JOB = "circulation"
SEALING, DELIVERY = "用印", "报送"
_SHARED = frozenset({SEALING, DELIVERY})
"""Whose words are for the bureau, too: the line of the register, what it signed for and what it said itself."""
_WORDS = (
    {action.value: words for action, words in SECTION_ACTIONS.items()},
    {action.value: words for action, words in REPORT_ACTIONS.items()}
    | {WAIVED: "直达，免去中间各步", CONSENTED: "加签同意"},
)
_RETURNS = frozenset({ReportAction.RETURN.value, SectionAction.REOPEN.value, ReportAction.VOID.value})
"""Decisions that are no approvals: told from the log, with their reasons."""


def ask(report: ReportView, event_id: int) -> None:
    """Have the sheet made anew, in the open transaction: the event is in it."""
    key = f"report:{report.id}:{event_id}"
    jobs.ask(JOB, key, {"report_id": report.id, "event_id": event_id}, unit_id=report.unit_id)


def sheet(report_id: int) -> Circulation:
    """Everything up to now."""
    report = reports.get(report_id)
    reading = _Reading()
    decided = [(one.at, reading.approval(one, "报告")) for one in approvals.of_report(report.id)]
    by_section = approvals.of_cycle_sections(report.cycle_id)
    for section in sections.outline(report.cycle_id):
        decided += [(one.at, reading.approval(one, section.heading)) for one in by_section.get(section.id, [])]
    decided += reading.returns(report)
    decided += reading.sealing(report)
    decided += reading.delivery(report)
    made_at = clock.now()
    head = chain(report.cycle_id)
    return Circulation(
        title=report.title,
        unit_name=report.unit_name,
        edition=report.edition_name,
        code=report.verify_code or "",
        made_at=_moment(made_at),
        facts=_facts(report, _moment(made_at)),
        entries=tuple(entry for _, entry in sorted(decided, key=lambda pair: pair[0])),
        head=head,
        command=f"flask --app wsgi audit-chain {report.id} --until {head.last_id}",
    )


def outside(sheet: Circulation) -> Circulation:
    """The same for the bureau: who decided what that stands, the seal, the delivery; no word that was said inside."""
    entries = tuple(
        replace(entry, comment="") if entry.subject not in _SHARED else entry
        for entry in sheet.entries
        if not entry.inside and not entry.lapsed
    )
    return replace(sheet, entries=entries)


def chain(cycle_id: int, until: int | None = None) -> Head:
    """The head over the log of the cycle, up to an event; NotFound where there is none."""
    found = audit_chain.head(events.for_chain(cycle_id, until))
    if not found.count:
        raise NotFound("没有这份报告的操作日志。")
    return found


class _Reading:
    """The sheet while it is put together: each person is read once."""

    def __init__(self) -> None:
        self._persons: dict[int, PersonView | None] = {}

    def approval(self, one: ApprovalView, subject: str) -> Entry:
        principal = self._person(one.on_behalf_of_id)
        words = _WORDS[one.report_id is not None]
        return Entry(
            subject=subject,
            act=words.get(one.action, words.get(one.action, one.action)),
            person=self._name(one.person_id),
            post=self._post(one.person_id, one.at),
            on_behalf_of=principal.name if principal else "",
            when=_moment(one.at),
            comment=one.comment,
            sha256=one.covers_sha256,
            lapsed=one.lapsed_at is not None,
        )

    def returns(self, report: ReportView) -> Iterable[tuple[datetime, Entry]]:
        for event in events.of_cycle(report.cycle_id, limit=5000):
            if event.action not in _RETURNS or event.report_id not in (None, report.id):
                continue
            subject = event.section_title or "报告"
            words = _WORDS[event.section_id is None].get(event.action, event.action)
            entry = Entry(
                subject, words, event.actor_name, "", "", _moment(event.at), event.reason, event.content_sha256
            )
            yield event.at, replace(entry, inside=event.action != ReportAction.VOID.value)

    def sealing(self, report: ReportView) -> Iterable[tuple[datetime, Entry]]:
        use = seal_uses.latest_use(report.id)
        if use is not None and use.done_at is not None and use.after_sha256:
            words = "确认纸质签章" if report.is_on_paper else "盖章"
            said = f"登记第 {use.number} 号，{use.seal_name}。{use.note}"
            yield (
                use.done_at,
                Entry(SEALING, words, use.pressed_by, "", "", _moment(use.done_at), said, use.after_sha256),
            )

    def delivery(self, report: ReportView) -> Iterable[tuple[datetime, Entry]]:
        """Handed in; and, where the bureau works here, signed for and judged by it."""
        one = deliveries.of_report(report.id)
        if one is None:
            return
        words = "在线报送" if one.is_online else "登记报送"
        said = f"报送{one.recipient}，{long_date(one.delivered_on)}。{one.receipt}"
        yield one.recorded_at, self._plain(words, one.recorded_by, one.recorded_at, said)
        if one.received_at is not None:
            said = f"{one.recipient}，签收号 {one.received_number}"
            yield one.received_at, self._plain("签收", one.received_by, one.received_at, said)
        if one.verdict_at is not None:
            words = "退回" if one.is_returned else "审核通过"
            yield one.verdict_at, self._plain(words, one.verdict_by, one.verdict_at, one.verdict_reason)

    def _plain(self, words: str, person: str, at: datetime, said: str) -> Entry:
        return Entry(DELIVERY, words, person, "", "", _moment(at), said, "")

    def _person(self, person_id: int | None) -> PersonView | None:
        if person_id is None:
            return None
        if person_id not in self._persons:
            self._persons[person_id] = people.person(person_id)
        return self._persons[person_id]

    def _name(self, person_id: int) -> str:
        person = self._person(person_id)
        return person.name if person else ""

    def _post(self, person_id: int, at: datetime) -> str:
        """The posts held on that day."""
        person, day = self._person(person_id), local_time(at).date()
        held = [
            post.title
            for post in (person.posts if person else ())
            if post.starts_on <= day and (post.ends_on is None or post.ends_on >= day)
        ]
        return "、".join(dict.fromkeys(held))


def _facts(report: ReportView, made_at: str) -> tuple[tuple[str, str], ...]:
    seal = "纸质签字盖章，存扫描件" if report.is_on_paper else "电子印章" if report.is_sealed else "尚未盖章"
    pairs = (
        ("现在的状态", REPORT_STATES[report.state][0]),
        ("成文日期", long_date(report.dated_on) if report.dated_on else "未填"),
        ("盖章方式", seal),
        ("查验码", grouped(report.verify_code) if report.verify_code else "无"),
        ("内容指纹", report.snapshot_sha256 or ""),
        ("签发的文件", report.pdf_sha256 or ""),
        ("盖章的文件", report.sealed_sha256 or "尚未盖章"),
        ("作废理由", report.void_reason or ""),
        ("报送", _handed_in(report)),
        ("记载截至", f"{made_at}，此后的事项见以后生成的流转单"),
    )
    return tuple((name, value) for name, value in pairs if value)


def _handed_in(report: ReportView) -> str:
    """Said plainly, because the sheet in the package is made before there is a delivery."""
    delivery = deliveries.of_report(report.id)
    if delivery is None:
        return "本单生成时还没有报送" if report.is_sealed else ""
    where = f"{long_date(delivery.delivered_on)}报送{delivery.recipient}"
    return f"{where}，签收号 {delivery.received_number}" if delivery.received_number else where


def _moment(at: datetime) -> str:
    local = local_time(at)
    return f"{local:%Y-%m-%d %H:%M:%S}"
