"""E-mail by SMTP; which message is sent and when is the outbox's business."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from app.core import clock
from app.core.messaging.message import Message, RefusedError, UnreachableError

TIMEOUT_SECONDS = 15


class SmtpSender:
    """One connection for a batch of e-mails.

    `url` is `smtp://user:password@host:port`, with `?starttls=1` for encryption after the greeting,
    or `smtps://…` for encryption from the first byte. Raises ValueError on any other form.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("the mail service needs smtp://host:port or smtps://host:port")
        self._host = parts.hostname
        self._encrypted = parts.scheme == "smtps"
        self._starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
        self._port = parts.port or (465 if self._encrypted else 587 if self._starttls else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: Message) -> str:
        """Send one e-mail; returns its Message-ID, which is the same at every try."""
        mail = self.compose(message)
        try:
            smtp = self._connected()
            smtp.send_message(mail, from_addr=parseaddr(self._sender)[1])
        except (
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPSenderRefused,
            smtplib.SMTPDataError,
        ) as e:
            self._close()
            code = _code_of(e)
            raise RefusedError(f"SMTP {code}", permanent=code >= 500) from None
        except smtplib.SMTPNotSupportedError as e:
            self._close()
            raise RefusedError(f"SMTP: {type(e).__name__}") from None
        except (smtplib.SMTPException, OSError) as e:
            self._close()
            raise UnreachableError(f"SMTP: {type(e).__name__}") from None
        return str(mail["Message-ID"])

    def compose(self, message: Message) -> EmailMessage:
        """The e-mail as it travels. Raises RefusedError when the address cannot be one."""
        mail = EmailMessage()
        domain = parseaddr(self._sender)[1].rpartition("@")[2] or "localhost"
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:40]
        try:
            mail["To"] = Address(addr_spec=message.to)
            mail["From"] = self._sender
            # A line break in a subject would start a header of its own.
            mail["Subject"] = " ".join(message.subject.split())
            mail["Date"] = format_datetime(clock.now())
            mail["Message-ID"] = f"<{digest}@{domain}>"
            mail["X-Dedupe-Key"] = message.key
        except (ValueError, IndexError, MessageError):
            raise RefusedError("SMTP: the address or a header is malformed") from None
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        for file in message.enclosures:
            main, _, sub = file.mime.partition("/")
            mail.add_attachment(
                file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name
            )
        return mail

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            context = ssl.create_default_context()
            if self._encrypted:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._host, self._port, timeout=TIMEOUT_SECONDS, context=context
                )
            else:
                smtp = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
            self._smtp = smtp
            if self._starttls:
                smtp.starttls(context=context)
            if self._user:
                smtp.login(self._user, self._password)
        return self._smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (smtplib.SMTPException, OSError):
            # The server has gone already; the message was answered before.
            smtp.close()


def _code_of(fault: smtplib.SMTPException) -> int:
    """The server's answer: of the only recipient, or of the whole message."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in fault.recipients.values()), default=550)
    return int(getattr(fault, "smtp_code", 550))
