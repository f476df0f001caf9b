"""Codes: every one of 80 bits has its own, and comes back from what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.verify_code import encoded, grouped, read

secrets = st.binary(min_size=10, max_size=10)


@given(secrets, st.sampled_from(["-", " ", "", "—", "\u3000"]), st.booleans())
def test_what_is_typed_is_read(secret: bytes, between: str, lower: bool) -> None:
    code = encoded(secret)
    typed = grouped(code).replace("-", between)
    assert read(typed.lower() if lower else typed) == code
    assert read(typed.replace("0", "O").replace("1", "I")) == code


@given(secrets, secrets)
def test_no_two_secrets_share_a_code(one: bytes, other: bytes) -> None:
    assert (encoded(one) == encoded(other)) == (one == other)


@given(st.text(max_size=200))
def test_nothing_breaks_the_reader(text: str) -> None:
    code = read(text)
    assert code is None or len(code) == 16


def test_a_code_is_made_of_ten_bytes() -> None:
    assert encoded(bytes(10)) == "0" * 16
    assert encoded(b"\xff" * 10) == "Z" * 16
    assert grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
    with pytest.raises(ValueError, match="10 bytes"):
        encoded(b"short")
