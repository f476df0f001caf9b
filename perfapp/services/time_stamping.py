"""Trusted time for a seal, and the proof that its certificate has not been revoked: what B-LTA puts into the file."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from perfapp import clock, own_time
from perfapp.core.errors import Invalid
from perfapp.data import surroundings, trust
from perfapp.services import outside
from perfapp.services.outside import Unanswered
from perfapp.signing import revocation
from perfapp.signing.digest import sha256_hex
from perfapp.signing.trusted_time import TimeProof, TimeServerAway, TimeStampSource, certificates_of

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST_REPLY, LARGEST_LIST = 64 << 10, 32 << 20
FRESH = timedelta(days=1)
_stand_in: ContextVar[TimeStampSource | None] = ContextVar("time_stamps", default=None)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TimeServer:
    """The time stamp authority at an address."""

    url: str

    def answer(self, query: bytes) -> bytes:
        return outside.ask(self.url, body=query, media_type=QUERY, most=LARGEST_REPLY)


class OwnTime:
    """The demo's own authority, asked without a network, by this application's clock."""

    def answer(self, query: bytes) -> bytes:
        return own_time.authority(surroundings.settings()).stamp(query, clock.now())


@contextmanager
def stamped_by(source: TimeStampSource) -> Iterator[None]:
    """In this context let `source` stamp instead of the server: for telling the demo's story in its own time."""
    token = _stand_in.set(source)
    try:
        yield
    finally:
        _stand_in.reset(token)


def proof(certificate: bytes, chain: Sequence[bytes], root_pem: bytes) -> TimeProof:
    """Everything for sealing under this certificate (DER, with its chain), asked for before the key is opened.

    Raises TimeServerAway when the server gives no time stamp now, Invalid for what somebody must put right first.
    """
    source, stamping = demand_server()
    roots = (root_pem, *trust.time_roots())
    trusted = revocation.under(roots, (certificate, *chain, *stamping))
    if not revocation.under(roots, stamping):
        raise Invalid("时间戳服务的证书不是由登记的根证书签发的，不能盖章，请系统管理员核对 trust 目录中的根证书。")
    lists = tuple(dict.fromkeys(_list(der, (*roots, *map(revocation.pem_of, trusted))) for der in trusted))
    return TimeProof(source, roots, lists)


def renewal(last: Sequence[bytes], ends_at: datetime) -> tuple[TimeProof, list[bytes]]:
    """For one more time stamp over a file whose last one hangs by `last` and ends then: proof, and certificates (DER).

    Invalid where the server still stamps under a certificate that ends no later: it would prove nothing for longer.
    """
    source, stamping = demand_server()
    roots = tuple(trust.time_roots())
    trusted = revocation.under(roots, (*last, *stamping))
    new = revocation.under(roots, stamping)
    if not new:
        raise Invalid("时间戳服务的证书不是由登记的根证书签发的，请系统管理员核对 trust 目录中的根证书。")
    if min(map(revocation.end_of, new)) <= ends_at:
        raise Invalid("时间戳服务还在用即将到期的证书，续期没有用：请联系时间戳服务方换证，或改用别的时间戳服务。")
    lists = tuple(dict.fromkeys(_list(der, (*roots, *map(revocation.pem_of, trusted))) for der in trusted))
    return TimeProof(source, roots, lists), trusted


def demand_server() -> tuple[TimeStampSource, tuple[bytes, ...]]:
    """The time server and the certificates it stamps under, once it has answered."""
    source = _source()
    try:
        return source, certificates_of(source, trust.time_roots())
    except TimeServerAway as away:
        log.warning("no time stamp: %s", away.__cause__)
        raise TimeServerAway(_away(away)) from away


def _source() -> TimeStampSource:
    stand_in, url = _stand_in.get(), surroundings.settings().tsa_url
    if stand_in is not None:
        return stand_in
    if url is None:
        raise Invalid("没有设置时间戳服务的地址（PERFAPP_TSA_URL），不能盖章，请系统管理员设置。")
    return TimeServer(url)


def _away(away: TimeServerAway) -> str:
    root: BaseException | None = away
    while root is not None and not isinstance(root, Unanswered):
        root = root.__cause__
    return f"时间戳服务{root or '没有给出时间戳'}"


def _list(certificate: bytes, issuers: Sequence[bytes]) -> bytes:
    """The present revocation list of the certificate's issuer."""
    now = clock.now()
    kept = revocation.newest(certificate, issuers, trust.revocation_lists(), now)
    if kept is not None and (now - kept.issued_at < FRESH or not revocation.list_addresses(certificate)):
        return kept.der
    fetched = _fetched(certificate, issuers)
    if fetched is None and kept is None:
        holder = revocation.holder_of(certificate)
        raise Invalid(f"取不到证书“{holder}”的吊销列表，不能盖章，请系统管理员向发证机构索取后放入 trust 目录。")
    return (fetched or kept).der  # type: ignore[union-attr]


def _fetched(certificate: bytes, issuers: Sequence[bytes]) -> revocation.RevocationList | None:
    for address in revocation.list_addresses(certificate):
        try:
            found = revocation.newest(certificate, issuers, [outside.ask(address, most=LARGEST_LIST)], clock.now())
        except Unanswered as error:
            log.warning("no revocation list from %s: %s", address, error)
            continue
        if found is not None:
            trust.keep_fetched(found.issuer_sha256, sha256_hex(found.der), found.der)
            return found
    return None
