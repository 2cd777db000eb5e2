"""The whole house for browser walks: web, worker, real SMTP and SMS receivers, and Chromium."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.butler import Butler
from tests.hours import WALK_SHIFT

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PASSWORD = "Deneme-parolasi-2026"
PICTURES = ROOT / "docs" / "pictures"
#: Moves the clock of every process of the house.
MOVED = Path(__file__).with_name("moved")
#: The same for the browser; the time goes on.
MOVED_DATE = """
(() => {
  const Real = Date, shift = %d
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + shift) }
    static now() { return Real.now() + shift }
  }
})()
"""


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """The running house and what left it."""

    url: str
    data: Path
    env: dict[str, str]
    mails: list[Any] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    #: User name → cookies of a session that is open.
    signed_in: dict[str, Any] = field(default_factory=dict)

    _butler: Butler | None = None

    @property
    def butler(self) -> Butler:
        """The process for errands in this house; started with the first one."""
        if self._butler is None:
            self._butler = Butler(self.env)
        return self._butler

    def flask(self, *arguments: str) -> str:
        """Run one command against the same data."""
        return self.butler.flask(*arguments)

    def python(self, code: str) -> str:
        """Run lines of Python against the same data, as the system; `session` is open."""
        return self.butler.python(code)

    def close(self) -> None:
        """Let the process for errands go."""
        if self._butler is not None:
            self._butler.leave()


#: A page whose scripts are all there; one without scripts is ready as it is.
READY = """() => document.readyState === "complete" && ("ready" in document.documentElement.dataset
    || document.querySelector("script[src*='js/main.js']") === null)"""


def patient(act: Callable[..., Any], page_of: Callable[[Any], Any]) -> Callable[..., Any]:
    """The same act, once the page answers it: people look first, a program is quicker than scripts."""

    def wait_and_act(self: Any, *given: Any, **named: Any) -> Any:
        page_of(self).wait_for_function(READY)
        return act(self, *given, **named)

    return wait_and_act


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Clicks, keys and looks of every walk wait for the page."""
    from playwright.sync_api import Locator, Page

    acts = ["click", "fill", "press", "check", "select_option", "input_value", "inner_text"]
    acts += ["is_visible", "count", "evaluate_all"]
    with pytest.MonkeyPatch.context() as patch:
        for owner, page_of in ((Page, lambda page: page), (Locator, lambda found: found.page)):
            for name in filter(partial(hasattr, owner), acts):
                patch.setattr(owner, name, patient(getattr(owner, name), page_of))
        yield


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything started on free ports, with 600 demo applications."""
    from aiosmtpd.controller import Controller

    data = tmp_path_factory.mktemp("site")
    port, smtp_port = free_port(), free_port()
    mails: list[Any] = []
    texts: list[dict[str, Any]] = []

    class Mailbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            mails.append(envelope)
            return "250 OK"

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            texts.append(json.loads(body))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"id": "1"}')

        def log_message(self, *args: Any) -> None:
            return None

    mail = Controller(Mailbox(), hostname="127.0.0.1", port=smtp_port)
    mail.start()
    sms = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=sms.serve_forever, daemon=True).start()
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")},
        "HALKLA_DATA": str(data),
        "HALKLA_PROFILE": "local",
        "HALKLA_SECRET_KEY": "browser-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFG",
        "HALKLA_DEMO_PASSWORD": PASSWORD,
        "HALKLA_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "HALKLA_SMS_URL": f"http://127.0.0.1:{sms.server_port}/sms",
        "HALKLA_BASE_URL": f"http://127.0.0.1:{port}",
        "HALKLA_SWEEP_SECONDS": "2",
        "PYTHONPATH": str(MOVED),
        "WALK_SHIFT": str(WALK_SHIFT),
    }
    house = Site(f"http://127.0.0.1:{port}", data, env, mails, texts)
    for arguments in (
        ("db", "upgrade"),
        ("roles", "sync"),
        ("seed",),
        ("demo", "load", "--applications", "600", "--seed", "59"),
    ):
        house.flask(*arguments)
    # The walks are walked at any hour, so an SMS does not wait for the morning.
    house.python(
        """
        from app.system.services.settings import set_setting
        for key in ("sms_quiet_from", "sms_quiet_until"):
            set_setting(session, key=key, value="0")
        """
    )
    log = (data / "web.log").open("wb")
    processes = [
        subprocess.Popen(
            [
                str(BIN / "gunicorn"),
                "run:app",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "1",
                "--threads",
                "6",
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        ),
        subprocess.Popen(
            [str(BIN / "flask"), "--app", "run", "work"], cwd=ROOT, env=env, stdout=log, stderr=log
        ),
    ]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield house
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
    house.close()
    log.close()
    mail.stop()
    sms.shutdown()
    sms.server_close()


@pytest.fixture
def visit(site: Site, chromium: Any) -> Iterator[Callable[..., Any]]:
    """visit(username, width=1440) → a page signed in through the form; faults on it fail the test."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(
        username: str = "", width: int = 1440, height: int = 900, locale: str = "tr-TR"
    ) -> Any:
        context = chromium.new_context(
            base_url=site.url,
            storage_state=site.signed_in.get(username),
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Europe/Istanbul",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.add_init_script(MOVED_DATE % (WALK_SHIFT * 1000))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.keyboard.press = partial(
            patient(type(page.keyboard).press, lambda _: page), page.keyboard
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if message.type == "error" and "status of" not in message.text
                else None
            ),
        )
        if username:
            # An address may try forty times in a quarter of an hour, so an open session is used again.
            page.goto("/" if username in site.signed_in else "/login/")
        if "/login" in page.url:
            page.fill("#username", username)
            page.fill("#password", PASSWORD)
            page.press("#password", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
            cookies = context.storage_state()["cookies"]
            site.signed_in[username] = {"cookies": cookies, "origins": []}
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def picture(page: Any, name: str) -> None:
    """Keep a screenshot for the user guide when HALKLA_PICTURES asks for it."""
    if os.environ.get("HALKLA_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(PICTURES / f"{name}.png"))
