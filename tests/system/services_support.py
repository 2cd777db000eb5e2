"""Real servers for messages: an SMTP server and an SMS service, both on this machine."""

from __future__ import annotations

import email
import email.policy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class MailBox:
    """What the SMTP server received; `answer` decides what it says to each message."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer: Callable[[EmailMessage], str] = lambda mail: "250 OK"
        self.refuse: Callable[[str], str] = lambda address: "250 OK"
        self.url = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.refuse(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        answer = self.answer(mail)
        if answer.startswith("250"):
            self.mails.append(mail)
        return answer

    @property
    def keys(self) -> list[str]:
        return [mail["X-Dedupe-Key"] for mail in self.mails]


@contextmanager
def mail_server() -> Iterator[MailBox]:
    """An SMTP server on a free port."""
    box = MailBox()
    controller = Controller(box, hostname="127.0.0.1", port=0, ready_timeout=10)
    # The library reads the port before the system has chosen one, so it is chosen here.
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield box
    finally:
        controller.stop()


class SmsBox:
    """What the SMS service received; `status` is what it answers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status: Callable[[dict[str, Any]], int] = lambda content: 200
        self.url = ""


@contextmanager
def sms_server() -> Iterator[SmsBox]:
    """An HTTP service on a free port that takes SMS."""
    box = SmsBox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = box.status(content)
            box.requests.append({"headers": dict(self.headers), "status": status, **content})
            body = json.dumps({"id": f"sms-{len(box.requests)}"}).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", box.url + "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    box.url = f"http://127.0.0.1:{server.server_port}/send"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
