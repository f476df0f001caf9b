"""Opening the pages of figures as somebody."""

import re
from typing import Any

from flask.testing import FlaskClient

from tests.making import PASSWORD, AUnit


def sign_in(client: FlaskClient, unit: AUnit, who: str) -> FlaskClient:
    client.post("/sign-out")
    answer = client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD})
    assert answer.status_code == 303
    return client


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return re.sub(r"<svg.*?</svg>", "", answer.get_data(as_text=True), flags=re.S)


def names(html: str) -> list[str]:
    """The facts that the list shows."""
    return re.findall(r'href="/cycles/\d+/facts/([a-z0-9-]+)">', html)


def entry(**more: Any) -> dict[str, Any]:
    return {"amount": "21", "unit": "辆", "as_of": "2018-12-31", "period": "year", "last_number": "0", **more}
