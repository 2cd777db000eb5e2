"""One call of GeoReport v2: who asks, how often, what for; what is told stands in `open311_content`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, g, request, url_for
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.applications.queries import open311 as queries
from app.applications.rules import open311 as rules
from app.applications.services import open311 as services
from app.applications.views.open311_content import (
    discovery_content,
    receipt_content,
    request_content,
    service_content,
    services_content,
)
from app.core import clock, ports
from app.core.acting import Actor, acting_as
from app.core.database import is_inline, is_write_intended, writing
from app.core.rules import N_, Violation
from app.core.security.throttle import is_within
from app.core.uploads import IMAGES, CheckedUpload, InfectedUpload, check_upload
from app.system.models import ApiKey
from app.system.queries import find_key, get_flag, get_number, get_text
from app.system.rules import is_use_due
from app.system.services import keys

_TOO_MANY = N_("Too many calls; wait a minute.")


class Call:
    """One call: who asks, what for, and the answer as (root element, content, status)."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.args: Mapping[str, Sequence[str]] = _lists(request.args)
        self.key: ApiKey | None = None

    def answer(self, path: str) -> tuple[str, Any, int]:
        """Let the caller in, then find or file."""
        if not get_flag(self.session, "open311_enabled"):
            raise rules.refused(400, N_("This interface is switched off."))
        address = rules.read_address(path)
        if request.method not in {"GET", "HEAD", "POST"}:
            raise rules.refused(
                405, N_("Requests are read with GET and sent with POST; nothing else is done here.")
            )
        self._let_in()
        self._check_jurisdiction()
        with acting_as(self._actor()):
            if request.method == "POST":
                return self._post(address)
            found = self._get(address)
        self._note_use()
        return found

    # --- who -------------------------------------------------------------------------------------
    def _argument(self, name: str) -> str:
        """The first value of an argument, in the body of a POST before the address."""
        own = request.form.get(name, "") if request.method == "POST" else ""
        return own or next(iter(self.args.get(name, ())), "")

    def _let_in(self) -> None:
        """Know the key, and count the call; a wrong key is refused even where none is needed."""
        address = request.remote_addr or ""
        secret = self._argument("api_key").strip()
        if not secret:
            most = get_number(self.session, "open311_calls_per_minute")
            if not is_within("open311-address", address, most):
                raise rules.refused(429, _TOO_MANY)
            if request.method == "POST":
                raise rules.refused(403, N_("Send your key as api_key."), "api_key")
            return
        self.key = find_key(self.session, secret, "open311")
        if self.key is None:
            # Who tries keys is slowed down by address.
            most = get_number(self.session, "open311_calls_per_minute")
            if not is_within("open311-wrong-key", address, most):
                raise rules.refused(429, _TOO_MANY)
            raise rules.refused(403, N_("This key opens nothing here."), "api_key")
        if not is_within("open311-key", str(self.key.id), self.key.rate_limit):
            raise rules.refused(429, _TOO_MANY)

    def _check_jurisdiction(self) -> None:
        """Another city’s name is not ours; no name is, because this server has one city."""
        ours = get_text(self.session, "open311_jurisdiction").strip()
        asked = self._argument("jurisdiction_id").strip()
        if ours and asked and asked.lower() != ours.lower():
            raise rules.refused(404, N_("There is no such jurisdiction here."), "jurisdiction_id")

    def _actor(self) -> Actor:
        """The program that called; what it may read is decided by the queries of this interface."""
        name = f"Open311: {self.key.name}" if self.key is not None else "Open311"
        return Actor(
            name=name[:150],
            is_system=True,
            address=request.remote_addr or "",
            request_id=g.get("request_id", ""),
        )

    def _note_use(self) -> None:
        """Note that a key was used, in a transaction of its own: this one only reads."""
        key = self.key
        if key is None or not is_use_due(key.last_used_at, clock.now()):
            return
        if is_write_intended() or is_inline(self.session):
            keys.note_use(self.session, key)
            return
        try:
            with writing(), Session(self.session.get_bind()) as own:
                keys.note_use(own, key)
                own.commit()
        except OperationalError:
            current_app.logger.info("the use of a key could not be noted just now")

    # --- reading -----------------------------------------------------------------------------------
    def _get(self, address: rules.Address) -> tuple[str, Any, int]:
        if address.resource == "discovery":
            return "discovery", discovery_content(self.session, _base_url()), 200
        if address.resource == "services":
            if address.key:
                return "service_definition", service_content(self.session, address.key), 200
            return "services", services_content(self.session), 200
        if address.resource == "tokens":
            return "service_requests", self._token(address.key), 200
        return "service_requests", self._requests(address), 200

    def _token(self, token: str) -> list[dict[str, Any]]:
        number = queries.find_number_of_token(self.session, token)
        if number is None:
            raise rules.refused(404, N_("There is no such token."), "token")
        return [{"service_request_id": number, "token": token}]

    def _requests(self, address: rules.Address) -> list[dict[str, Any]]:
        key_id = self.key.id if self.key is not None else None
        texts = get_flag(self.session, "open311_shows_texts")
        numbers = (
            (address.key,) if address.key else rules.read_list(self._all("service_request_id"))
        )
        if numbers:
            found = queries.find_requests(self.session, numbers, key_id=key_id, with_texts=texts)
            if address.key and not found:
                raise rules.refused(404, N_("There is no such request."), "service_request_id")
        else:
            first, after = rules.read_window(
                self._argument("start_date"), self._argument("end_date"), now=clock.now()
            )
            skipped, limit = rules.read_page(self._argument("page"), self._argument("page_size"))
            found = queries.list_requests(
                self.session,
                first=first,
                after=after,
                codes=rules.read_list(self._all("service_code")),
                statuses=rules.read_statuses(self._all("status")),
                key_id=key_id,
                with_texts=texts,
                skipped=skipped,
                limit=limit,
            )
        digits = get_number(self.session, "open311_decimals")
        extended = rules.is_true(self._argument("extensions") or self._argument("extended"))
        return [request_content(row, digits=digits, extended=extended) for row in found]

    def _all(self, name: str) -> Sequence[str]:
        return (*self.args.get(name, ()), *self.args.get(f"{name}[]", ()))

    # --- filing --------------------------------------------------------------------------------------
    def _post(self, address: rules.Address) -> tuple[str, Any, int]:
        if address.resource != "requests" or address.key:
            raise rules.refused(
                400, N_("Only requests are sent; everything else is read with GET.")
            )
        assert self.key is not None
        key, now = self.key, clock.now()
        form = {**self.args, **_lists(request.form)}
        files = _files()
        digest = rules.filing_digest(form, (hashlib.sha256(data).hexdigest() for _n, data in files))
        filed = services.file_request(
            self.session,
            key=key,
            filing=rules.read_filing(form),
            digest=digest,
            files=lambda: self._checked(files),
            actor=self._actor(),
            now=now,
        )
        keys.note_use(self.session, key, now=now)
        content = receipt_content(self.session, filed.request)
        self.session.commit()
        return "service_requests", content, 201 if filed.is_new else 200

    def _checked(self, files: Sequence[tuple[str, bytes]]) -> list[CheckedUpload]:
        """Pictures as they may be kept; one that is refused refuses the whole request."""
        try:
            return [check_upload(name, data, field="media", allowed=IMAGES) for name, data in files]
        except InfectedUpload as infected:
            assert self.key is not None
            self.session.rollback()
            ports.record_access(
                self.session,
                verb="view",
                entity="ApiKey",
                record_id=self.key.id,
                summary=f"infected {infected.sha256}",
            )
            raise


def _lists(values: Any) -> dict[str, list[str]]:
    """Argument → its values; NUL signs stand in no text of ours."""
    return {name: [value.replace("\x00", "") for value in found] for name, found in values.lists()}


def _files() -> list[tuple[str, bytes]]:
    """Name and content of each picture that came with the form."""
    sent = [
        file
        for name in ("media", "media[]")
        for file in request.files.getlist(name)
        if file.filename
    ]
    if len(sent) > rules.MOST_FILES:
        raise rules.GeoReportRefusal(
            400, Violation("media", N_("At most %(n)s files at once."), {"n": rules.MOST_FILES})
        )
    return [(file.filename or "", file.stream.read()) for file in sent]


def _base_url() -> str:
    """The address of this interface as the caller reaches it, without a slash at its end."""
    return url_for("Open311Api.handle", path="x", _external=True).removesuffix("/x")
