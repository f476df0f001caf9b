"""A letter through SMTP."""

import smtplib
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from perfapp.services.making.handing_over import NotNow, Refused, Uncertain

TIMEOUT_SECONDS = 20


def send_letter(smtp_url: str, to: str, subject: str, text: str, message_id: str) -> None:
    """Hand the letter over; raises NotNow, Refused or Uncertain, by how far the conversation came.

    The Message-ID is always that of the message, so that a reader's program may know a second copy as one.
    """
    parts = urlsplit(smtp_url)
    message = EmailMessage()
    message["Subject"], message["To"] = subject, to
    message["From"] = parse_qs(parts.query).get("from", ["perfapp@localhost"])[0]
    message["Message-ID"] = message_id
    message.set_content(text)
    secure = parts.scheme == "smtps"
    connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
    try:
        server = connect(parts.hostname or "127.0.0.1", parts.port or (465 if secure else 25), timeout=TIMEOUT_SECONDS)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"邮件服务器没有响应（{type(error).__name__}）。") from error
    try:
        server.send_message(message)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        raise _answered(error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(f"信件交出后邮件服务器没有答复（{type(error).__name__}）。") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the letter's fate is decided; a rude goodbye changes nothing
            server.quit()


def _answered(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> NotNow | Refused:
    """A 4xx asks to come again, a 5xx never takes the letter."""
    code: int
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    else:
        code, words = error.smtp_code, error.smtp_error
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    sentence = f"邮件服务器没有收下（{code} {said[:150]}）。"
    return NotNow(sentence) if 400 <= code < 500 else Refused(sentence)
