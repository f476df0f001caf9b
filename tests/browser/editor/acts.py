"""What the tests do with the editor and read from it."""

import threading
import time
from collections.abc import Callable
from typing import Any, cast

from playwright.sync_api import CDPSession, Page, expect

from perfapp.core.document import parse, plain_lines
from tests.browser.editor.server import Server

TEXT = "#section-text"


def opened(page: Page, server: Server, document: list[dict[str, Any]] | None = None, level: int = 3) -> None:
    if document is not None:
        server.section.document = {"type": "doc", "content": document}
    server.section.level = level
    page.goto(f"{server.url}/section")
    page.locator(TEXT).click()


def text(value: str, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": value, **({"marks": [{"type": "bold"}]} if bold else {})}


def paragraph(*values: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [text(value) for value in values]}


def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen"
        threading.Event().wait(0.02)


def in_editor(page: Page) -> dict[str, Any]:
    return cast(dict[str, Any], page.evaluate("window.sectionEditor.editing.read()"))


def lines(page: Page, level: int = 3) -> list[str]:
    """What the editor holds, as the server will print it; refused documents fail here."""
    return plain_lines(parse(in_editor(page)), level)


def seen(page: Page) -> list[str]:
    """Labels as drawn in the browser, in order."""
    script = f"[...document.querySelectorAll('{TEXT} [data-label]')].map(e => getComputedStyle(e, '::before').content)"
    return [value.strip('"') for value in page.evaluate(script)]


def paste(page: Page, html: str, plain: str = "") -> None:
    script = """([html, plain]) => {
      const data = new DataTransfer();
      data.setData('text/html', html);
      data.setData('text/plain', plain);
      document.querySelector('#section-text')
        .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(script, [html, plain])


def state(page: Page, words: str) -> None:
    expect(page.locator("#save-state")).to_contain_text(words, timeout=6000)


def compose(session: CDPSession, steps: list[str], commit: str) -> None:
    for step in steps:
        session.send("Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)})
    session.send("Input.insertText", {"text": commit})


def head(value: str, colspan: int = 1, rowspan: int = 1) -> dict[str, Any]:
    return {"type": "tableHeader", "attrs": {"colspan": colspan, "rowspan": rowspan}, "content": [paragraph(value)]}
