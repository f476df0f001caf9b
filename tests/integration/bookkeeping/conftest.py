"""Nothing here is sealed."""

import pytest
from flask import Flask

from tests.making import AUnit, a_unit


@pytest.fixture
def unit(rolled_back: Flask) -> AUnit:
    return a_unit(with_seal=False)
