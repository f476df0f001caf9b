"""E-mail through SMTP, one letter a notice."""

import smtplib
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from perfapp.data import notices, surroundings
from perfapp.services.making.progress import Say, Transient

TIMEOUT_SECONDS = 20


def send_letter(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Send the notice; a server that does not answer is tried again later."""
    letter, settings = notices.letter(payload["notice_id"]), surroundings.settings()
    if letter is None or settings.smtp_url is None:
        return {"sent": False}
    parts = urlsplit(settings.smtp_url)
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["To"] = letter.address
    message["From"] = parse_qs(parts.query).get("from", ["perfapp@localhost"])[0]
    message["Message-ID"] = f"<notice-{payload['notice_id']}@perfapp>"  # a second sending is recognised as such
    address = f"\n\n请登录办理：{settings.public_url}" if settings.public_url else ""
    message.set_content(letter.body + address)
    say(50, "正在发送邮件")
    secure = parts.scheme == "smtps"
    connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
    try:
        with connect(
            parts.hostname or "127.0.0.1", parts.port or (465 if secure else 25), timeout=TIMEOUT_SECONDS
        ) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as error:
        raise Transient(f"邮件服务器没有响应（{type(error).__name__}），稍后自动重试。") from error
    return {"sent": True}
