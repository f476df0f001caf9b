"""A message of the outbox on its way: begun in the table first, then handed over, then ended in the table."""

from datetime import timedelta
from typing import Any

from perfapp.core.channels import CHANNELS, Channel, Outcome
from perfapp.core.errors import Invalid
from perfapp.data import outbox, surroundings
from perfapp.data.outbox import Parcel
from perfapp.data.session import transaction
from perfapp.services.making.handing_over import NotNow, Refused, Uncertain
from perfapp.services.making.mail import send_letter
from perfapp.services.making.progress import Say, Transient
from perfapp.services.making.webhook import post

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""Before the second, third … attempt; when they are used up, an administrator must look."""


def send_message(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Send it, at most once: what a killed worker has begun is never sent again by itself."""
    with transaction():
        parcel = outbox.begin(payload["outgoing_id"])
    if parcel is None:
        return {"sent": False}
    if _is_unreachable(parcel):
        with transaction():
            outbox.end(parcel, Outcome.DROPPED, "收信人已停用、没有地址，或这条渠道已经取消。")
        return {"sent": False}
    say(50, f"正在发送{CHANNELS[parcel.channel]}")
    try:
        _hand_over(parcel)
    except NotNow as error:
        return _put_off(parcel, str(error))
    except Refused as error:
        _end(parcel, Outcome.FAILED, str(error))
        raise Invalid(str(error)) from error
    except Uncertain as error:
        _end(parcel, Outcome.UNKNOWN, str(error))
        return {"sent": "unknown"}
    _end(parcel, Outcome.SENT, "")
    return {"sent": True}


def _is_unreachable(parcel: Parcel) -> bool:
    if parcel.channel is Channel.EMAIL:
        return parcel.email is None or surroundings.settings().smtp_url is None
    return parcel.robot is None


def _hand_over(parcel: Parcel) -> None:
    settings = surroundings.settings()
    subject = f"（重发）{parcel.subject}" if parcel.resent else parcel.subject
    link = f"\n\n请登录办理：{settings.public_url.rstrip('/')}{parcel.path}" if settings.public_url else ""
    if parcel.channel is Channel.EMAIL:
        message_id = f"<message-{parcel.id}-{parcel.resent}@perfapp>"
        send_letter(str(settings.smtp_url), str(parcel.email), subject, parcel.body + link, message_id)
    elif parcel.robot is not None:
        address, secret = parcel.robot
        post(parcel.channel, address, secret, f"{subject}\n{parcel.body}{link}", settings.webhook_hosts)


def _put_off(parcel: Parcel, why: str) -> dict[str, Any]:
    if parcel.attempt > len(PAUSES):
        _end(parcel, Outcome.FAILED, f"{why}试了 {parcel.attempt} 次都没有发出。")
        raise Invalid(why)
    _end(parcel, Outcome.WAITING, f"{why}稍后自动重试。")
    raise Transient(f"{why}稍后自动重试。", PAUSES[parcel.attempt - 1])


def _end(parcel: Parcel, outcome: Outcome, error: str) -> None:
    with transaction():
        outbox.end(parcel, outcome, error)
