"""Notices go on by e-mail where it is configured: a real SMTP conversation on loopback."""

import dataclasses
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from flask import Flask

from perfapp import clock
from perfapp.core.section_flow import SectionAction
from perfapp.data import jobs as job_table
from perfapp.data import people
from perfapp.data.session import transaction
from perfapp.extensions import current_settings, keep_settings
from perfapp.services import jobs
from perfapp.services import sections as section_acts
from tests.making import a_cycle, a_unit, section_with, write


class Mailbox:
    """An SMTP server that takes everything, one conversation at a time."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.letters: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._listener.fileno() == -1:
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as incoming:
                self._talk(line, incoming)

    def _talk(self, line: socket.socket, incoming: object) -> None:
        line.sendall(b"220 ready\r\n")
        for command in incoming:  # type: ignore[attr-defined]
            verb = command.strip().upper()[:4]
            if verb == b"DATA":
                line.sendall(b"354 go on\r\n")
                self.letters.append(b"".join(iter(incoming.readline, b".\r\n")))  # type: ignore[attr-defined]
            line.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def mailbox(rolled_back: Flask) -> Iterator[Mailbox]:
    box, before = Mailbox(), current_settings()
    keep_settings(
        rolled_back, dataclasses.replace(before, smtp_url=f"smtp://127.0.0.1:{box.port}?from=perfapp@example.org")
    )
    yield box
    keep_settings(rolled_back, before)
    box.close()


def submit_one() -> str:
    """A section is submitted to a head who has an address; returns its heading."""
    unit = a_unit(with_seal=False)
    with transaction():
        people.change_person(unit.head.id, email="head@example.org")
    section = write(unit, section_with(a_cycle(unit), "basics").id, "正文。")
    return section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=section.version).heading


def messages_due() -> list[int]:
    return [job_id for job_id, kind in job_table.due(clock.now()) if kind == "message"]


def test_the_one_whose_turn_it_is_gets_a_letter_once(mailbox: Mailbox) -> None:
    heading = submit_one()
    assert [(jobs.run(job_id), jobs.run(job_id)) for job_id in messages_due()] == [("done", None)]
    (raw,) = mailbox.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == "head@example.org"
    assert letter["Subject"] == f"请您审核：{heading}"
    assert "提交" in letter.get_content()


def test_a_server_that_is_away_is_tried_again_later(mailbox: Mailbox) -> None:
    submit_one()
    mailbox.close()
    (job_id,) = messages_due()
    assert jobs.run(job_id) == "queued"
    view = job_table.get(job_id)
    assert view is not None
    assert "稍后自动重试" in view.error
