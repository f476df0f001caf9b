"""What the tests of the section page send, and what they read of the answer."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
from flask.testing import FlaskClient
from PIL import Image

As = Callable[..., FlaskClient]
"""`as_(role)`: a browser in which the person with this role has signed in."""


def put(client: FlaskClient, section_id: int, version: int, raw: object) -> Any:
    return client.put(f"/sections/{section_id}/document", json={"version": version, "document": raw})


def do(client: FlaskClient, section_id: int, action: str, version: int, **more: str) -> Any:
    return client.post(f"/sections/{section_id}/act", data={"action": action, "version": str(version), **more})


def buttons(html: str) -> set[str]:
    """The acts that the page offers: as buttons, and as links that ask for a reason."""
    return set(re.findall(r'name="action" value="(\w+)"', html)) | set(re.findall(r'/act/(\w+)"', html))


def flashes(client: FlaskClient, section_id: int) -> str:
    html: str = client.get(f"/sections/{section_id}").get_data(as_text=True)
    return "".join(re.findall(r'<p class="notice__body">(.*?)</p>', html))


def a_picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    return out.getvalue()


def a_word(*paragraphs: str) -> bytes:
    out, word = BytesIO(), docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    word.save(out)
    return out.getvalue()
