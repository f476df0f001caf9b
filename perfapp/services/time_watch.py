"""Whether the time server answers: tried by the sealing worker now and then and at every seal, told when it changes."""

from perfapp.core.errors import DomainError
from perfapp.core.seal_flow import SealState
from perfapp.data import probes, seals
from perfapp.data.session import transaction
from perfapp.services import seal_watch, time_stamping

_THE_ONE = "time"  # there is one, wherever it is


def probe() -> str:
    """Ask for a time stamp; returns what is wrong, '' when nothing."""
    sentence = ""
    try:
        time_stamping.demand_server()
    except DomainError as error:
        sentence = f"{error.message.rstrip('。')}。"
    keep(sentence)
    return sentence


def keep(sentence: str) -> None:
    """Keep what was found, '' when it answers; tell the people of every seal in use when that changed."""
    used = {seal.unit_id: seal for seal in seals.every() if seal.state is SealState.ACTIVE}
    with transaction():
        if not used or not probes.record(probes.TIME_SERVER, _THE_ONE, is_good=not sentence, sentence=sentence):
            return
        for seal in used.values():
            if sentence:
                seal_watch.tell(seal, "时间戳服务没有应答", f"{sentence}恢复前不能盖章；请系统管理员检查时间戳服务。")
            else:
                seal_watch.tell(seal, "时间戳服务已恢复", "可以盖章；等待中的报告会自动盖好。")
