"""Trusted time for a seal, and the proof that its certificate holds (RFC 3161, RFC 5280)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from asn1crypto import tsp
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext

from perfapp.core.errors import DomainError
from perfapp.signing import token


class NoTimeProof(DomainError):
    """The time stamp or the proof that the certificate is not revoked could not be had; nothing was sealed."""

    status = 503


class TimeServerAway(NoTimeProof):
    """The time server gave no time stamp: worth trying again. The message names the fault, as half a sentence."""


class TimeStampSource(Protocol):
    """A time stamp authority; the caller owns the network, this room only the bytes."""

    def answer(self, query: bytes) -> bytes:
        """The RFC 3161 response to a DER query; raises OSError when it cannot be had."""


@dataclass(frozen=True)
class TimeProof:
    """Where trusted time comes from, which roots it and the seal hang from (PEM), and revocation lists (DER)."""

    source: TimeStampSource
    roots: tuple[bytes, ...]
    revocation_lists: tuple[bytes, ...] = ()

    def context(self, at: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=[root for given in self.roots for root in load_certs_from_pemder_data(given)],
            crls=list(self.revocation_lists),
            allow_fetching=False,
            revocation_mode="require" if self.revocation_lists else "soft-fail",
            moment=at,
        )


class AuthorityStamper(TimeStamper):
    """Speaks to the library's asynchronous face with the caller's plain source."""

    def __init__(self, source: TimeStampSource, roots: Sequence[bytes]) -> None:
        TimeStamper.__init__(self)
        self._source, self._roots = source, roots

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            return token.judged(req, self._source.answer(req.dump()), self._roots)
        except OSError as error:
            raise TimestampRequestError("the time server gave no answer") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # whatever a stranger may send
            raise TimestampRequestError("the answer is no RFC 3161 response") from error


def certificates_of(source: TimeStampSource, roots: Sequence[bytes]) -> tuple[bytes, ...]:
    """Ask for one time stamp, of nothing, and see under which certificates (DER) it comes; or TimeServerAway."""
    stamper = AuthorityStamper(source, roots)
    try:
        asyncio.run(stamper.async_dummy_response("sha256"))
    except TimestampRequestError as error:
        raise TimeServerAway("时间戳服务没有给出可信时间") from error
    return tuple(certificate.dump() for certificate in stamper.cert_registry)
