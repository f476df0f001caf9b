"""A unit, its cycle, and a browser for each of its people."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.drafting.calls import As
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_unit,
)


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit()


@pytest.fixture
def cycle_id(unit: AUnit) -> int:
    return a_cycle(unit)


@pytest.fixture
def as_(rolled_back: Flask, unit: AUnit) -> As:
    """A browser in which the person with this role has signed in."""

    def signed_in(role: str, other: AUnit | None = None) -> FlaskClient:
        client = rolled_back.test_client()
        login = (other or unit).logins[role]
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return signed_in
