"""Whether a sealed PDF still has a place for a superior's seal; read without the modules that open keys."""

import io

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from perfapp.signing.fields import RENEWALS, SEALS, UNREADABLE


def has_place(sealed: bytes) -> bool:
    """An empty seal field, and no renewal yet: nothing but a renewal may come after a renewal."""
    try:
        reader = PdfFileReader(io.BytesIO(sealed))
        empty = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)}
        filled = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)}
    except UNREADABLE:
        return False
    return not empty.isdisjoint(SEALS[1:]) and filled.isdisjoint(RENEWALS)
