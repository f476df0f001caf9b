"""The code on a sealed report that leads to its public state: 80 bits nobody guesses, 16 signs anybody reads out."""

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be mistaken or to spell words
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
BYTES = 10
LENGTH = 16


def encoded(secret: bytes) -> str:
    """Ten random bytes as a code."""
    if len(secret) != BYTES:
        raise ValueError(f"a code is made of {BYTES} bytes")
    number = int.from_bytes(secret, "big")
    return "".join(_SIGNS[number >> shift & 31] for shift in range(8 * BYTES - 5, -1, -5))


def grouped(code: str) -> str:
    """As printed: 7K3M-9QX2-0ABC-DEFG."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(typed: str) -> str | None:
    """The code somebody typed, in any case and grouping; None for what cannot be one."""
    if len(typed) > 4 * LENGTH:
        return None
    plain = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(_READ_AS)
    return plain if len(plain) == LENGTH and set(plain) <= set(_SIGNS) else None
