"""Is this GB/T 38540 signature genuine, of one of our seals, and over this file?"""

from perfapp.data import seals
from perfapp.signing import ses
from perfapp.signing.ses import SesVerdict


def judge(signature: bytes, document: bytes) -> SesVerdict:
    """The verdict; Invalid when the file is no such signature at all."""
    return ses.judge(signature, document, seals.es_roots())
