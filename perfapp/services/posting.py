"""Puts what people are told into the outbox, on the channels they have chosen."""

from collections.abc import Iterable
from datetime import date

from perfapp import clock
from perfapp.core.channels import Mode
from perfapp.data import channels, outbox, surroundings
from perfapp.data.outbox import DIGEST, Contact


def each(event_id: int, person_ids: Iterable[int], *, subject: str, body: str, path: str) -> None:
    """For those of the persons who want every message as it comes; once a person, channel and day."""
    today = clock.today()
    for contact in contacts(person_ids, Mode.EACH):
        outbox.put(contact, occasion=f"event:{event_id}", day=today, subject=subject, body=body, path=path)


def digest(contact: Contact, day: date, *, subject: str, body: str, path: str) -> None:
    """The day's digest to one recipient on one channel; a second one of the day is not written."""
    outbox.put(contact, occasion=DIGEST, day=day, subject=subject, body=body, path=path)


def contacts(person_ids: Iterable[int], *modes: Mode) -> list[Contact]:
    """The ways to these persons on which they want what comes in one of the modes."""
    wanted = list(person_ids)
    if not wanted:
        return []
    with_mail = surroundings.settings().smtp_url is not None
    return [contact for contact, mode in channels.of_persons(wanted, with_mail=with_mail) if mode in modes]
