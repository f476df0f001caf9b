"""The lives of a demo cycle's sections: who did what on which working day, until the state they stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from perfapp.core.document import Document, dump
from perfapp.core.permissions import Actor, Role
from perfapp.core.return_kinds import ReturnKind
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import sections
from perfapp.data.sections import SectionView
from perfapp.demo.course import Course, workday
from perfapp.demo.staff import Staff
from perfapp.services import drafting
from perfapp.services.linking import link_all
from perfapp.services.sections import act

A, S = SectionAction, SectionState
_PLACE = {state: place for place, state in enumerate(S)}


@dataclass(frozen=True, slots=True)
class Life:
    """Written `begun` working days ago, then one step a day until it reached `state`."""

    begun: int
    state: SectionState
    returned: str = ""  # the reason, where the editor then sent it back, to come straight to him again
    in_one_go: bool = False  # written without an earlier draft


@dataclass(slots=True)
class _Hand:
    """Works on one section and knows the version it left behind."""

    section_id: int
    version: int

    def save(self, writer: Actor, text: Document) -> None:
        self.version = drafting.save(writer, self.section_id, version=self.version, raw=dump(text)).version

    def link(self, writer: Actor) -> None:
        """Let the numbers that are known come from the facts."""
        saved, _ = link_all(writer, self.section_id, version=self.version)
        self.version = saved.version if saved else self.version

    def act(self, actor: Actor, action: SectionAction, *, reason: str = "", direct: bool = False) -> None:
        kind = ReturnKind.INCOMPLETE if action is A.RETURN else None
        done = act(actor, self.section_id, action, version=self.version, reason=reason, direct=direct, kind=kind)
        self.version = done.version


def tell(
    course: Course, staff: Staff, cycle_id: int, today: date, texts: Mapping[str, Document], lives: Mapping[str, Life]
) -> None:
    """Put the lives into the course; `texts` and `lives` by section key."""
    outline = {section.key: section for section in sections.outline(cycle_id)}
    for place, (key, life) in enumerate(lives.items()):
        _tell(course, staff, today, outline[key], texts[key], life, minute=place * 3 % 60)


def _tell(
    course: Course, staff: Staff, today: date, section: SectionView, text: Document, life: Life, *, minute: int
) -> None:
    writer, hand = staff.one(Role.WRITER, section.owner_office_name), _Hand(section.id, section.version)
    if len(text.content) > 1 and not life.in_one_go:
        first = Document(content=text.content[:1])
        course.on(workday(today, life.begun, 9, minute), partial(hand.save, writer, first))
    course.on(workday(today, life.begun, 15, minute), partial(hand.save, writer, text))
    course.on(workday(today, life.begun, 15, minute), partial(hand.link, writer))
    back = life.begun
    for hour, action, actor, reached in _line(staff, section):
        if _PLACE[reached] > _PLACE[life.state]:
            break
        back -= 1
        course.on(workday(today, back, hour, minute), partial(hand.act, actor, action))
    if life.returned:
        editor = staff.one(Role.EDITOR)
        back_to_writer = partial(hand.act, editor, A.RETURN, reason=life.returned, direct=True)
        course.on(workday(today, back - 1, 16, minute), back_to_writer)


def _line(staff: Staff, section: SectionView) -> list[tuple[int, SectionAction, Actor, SectionState]]:
    """Hour, act, who does it and where it leads: the way from the writer to the editor."""
    office = section.owner_office_name
    line = [
        (10, A.SUBMIT, staff.one(Role.WRITER, office), S.SUBMITTED),
        (14, A.ENDORSE, staff.one(Role.OFFICE_HEAD, office), S.HEAD_APPROVED),
    ]
    if section.holds_money:
        line.append((15, A.CHECK, staff.one(Role.FINANCE), S.FINANCE_CHECKED))
    return [*line, (16, A.ACCEPT, staff.one(Role.EDITOR), S.ACCEPTED)]
