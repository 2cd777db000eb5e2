"""How messages leave the house: e-mail by SMTP, SMS by HTTP; which message goes out is the outbox's."""

from app.core.messaging.message import Enclosure, Message, RefusedError, Sender, UnreachableError
from app.core.messaging.sms import SmsSender
from app.core.messaging.smtp import SmtpSender

__all__ = [
    "Enclosure",
    "Message",
    "RefusedError",
    "Sender",
    "SmsSender",
    "SmtpSender",
    "UnreachableError",
]
