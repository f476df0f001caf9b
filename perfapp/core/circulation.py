"""流转单: who decided what about a report, when, on which content; how it was sealed and handed in."""

from dataclasses import dataclass

from perfapp.core.audit_chain import Head


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what was done, by whom and in which post, for whom, when, with which words, on which content."""

    subject: str
    act: str
    person: str
    post: str
    on_behalf_of: str
    when: str
    comment: str
    sha256: str
    lapsed: bool = False
    inside: bool = False  # what the offices settled among themselves: not for the bureau


@dataclass(frozen=True, slots=True)
class Circulation:
    title: str
    unit_name: str
    edition: str
    code: str  # of verification, empty where the report has none
    made_at: str
    facts: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    head: Head
    command: str  # how to reckon the head anew
