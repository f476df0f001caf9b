"""The sealing worker tries what it will need: every key, and says in time which certificate ends."""

from perfapp import clock
from perfapp.core.errors import DomainError
from perfapp.data import probes, seals
from perfapp.data.seals import CertificateView, SealView
from perfapp.data.session import transaction
from perfapp.services import key_files, seal_watch, time_watch
from perfapp.services.making import keys
from perfapp.services.making.seal import unread


def probe(*, with_time: bool = True) -> list[str]:
    """Try everything once; returns what must be mended, in sentences."""
    key_files.demand_sealer()
    for seal in seals.every():
        for certificate in {one.id: one for one in (seal.certificate, seal.next_certificate)}.values():
            if certificate.state != "retired":
                _warn_of_end(seal, certificate)
            if certificate.state != "retired" and certificate.runs(clock.now()):
                probe_key(seal, certificate)
    if with_time:
        time_watch.probe()
    with transaction():
        probes.record(probes.WORKER, probes.SEALING, is_good=True)
    units = dict.fromkeys(seal.unit_id for seal in seals.every())
    found = [f"{one.title}：{one.text}" for unit_id in units for one in seal_watch.cautions(unit_id)]
    return list(dict.fromkeys(found))  # what concerns every unit is said once


def probe_key(seal: SealView, certificate: CertificateView) -> None:
    """Open the key, prove it, keep what was found; tell of it when it changed."""
    sentence = _trouble(certificate)
    with transaction():
        changed = probes.record(probes.KEY, str(certificate.id), is_good=not sentence, sentence=sentence)
        if not changed:
            return
        if sentence:
            seal_watch.tell(seal, f"印章密钥打不开：{seal.name}", sentence)
        else:
            seal_watch.tell(seal, f"印章密钥已能打开：{seal.name}", "密钥能打开，与证书相配，可以盖章。")


def _trouble(certificate: CertificateView) -> str:
    try:
        with keys.opened(certificate):
            return ""
    except DomainError as error:
        return error.message
    except OSError as error:
        return unread(error)


def _warn_of_end(seal: SealView, certificate: CertificateView) -> None:
    due = seal_watch.due_warning(certificate)
    if due is None or certificate.state != "current":
        return
    left, end = seal_watch.days_left(certificate), seal_watch.day(certificate.expires_at)
    words = f"还有 {left} 天到期" if left >= 0 else "已到期"
    with transaction():
        seals.set_warned(certificate.id, due)
        sentence = f"{end}到期。请联系发证机构换证，由系统管理员登记新证书。"
        seal_watch.tell(seal, f"印章证书{words}：{seal.name}", sentence)
