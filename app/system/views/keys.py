"""Keys of other programs: made and renewed with the key shown once, revoked with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, g, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired

from app.core import clock
from app.core.acting import current_actor
from app.core.rules import N_, RuleViolation, Violation
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Words, formats
from app.core.views.base import VERBS
from app.core.views.fields import REQUIRED, WholeField
from app.core.views.page import Button, Cell, Crumb
from app.system.models import ApiKey
from app.system.queries.keys import in_state
from app.system.rules import (
    KEY_CHANNEL_LABELS,
    KEY_SCOPE_LABELS,
    KEY_STATE_LABELS,
    KEY_STATE_TONES,
    USUAL_RATE,
    KeyScope,
    KeyState,
    api_key_violations,
)
from app.system.services import keys, requests

#: A renewed or revoked key: what a second press of the same button is told.
_STALE = N_("The key was changed meanwhile; look at it again before you go on.")
_MADE_BEFORE = N_(
    "This key has been made already and was shown then. If it was not kept, renew it to get another."
)


def state_cell(value: Any, key: ApiKey) -> Cell:
    """Whether the key opens anything today."""
    state = key.state_on(clock.today())
    return Cell("badge", formats.translated(KEY_STATE_LABELS[state]), tone=KEY_STATE_TONES[state])


def scopes_cell(value: Any, key: ApiKey) -> Cell:
    """What the key opens, in words."""
    opens = [KEY_SCOPE_LABELS[scope] for scope in KeyScope if scope in key.scopes]
    return Cell("text", ", ".join(formats.translated(label) for label in opens))


def prefix_cell(value: Any, key: ApiKey) -> Cell:
    """The beginning of the key, as its holder sees it."""
    return Cell("code", f"hlk_{value}_…")


def _tab(state: KeyState, tone: str = "") -> tuple[str, Any, Any, str]:
    return state.value, _l(KEY_STATE_LABELS[state]), lambda: in_state(state, clock.today()), tone


class ApiKeyView(BackOfficeView):
    """Keys by which apps of other cities and the telephone switch come in."""

    datamodel = Interface(ApiKey)
    route_base = "/api-keys"
    class_permission_name = "ApiKey"
    method_permission_name = {**VERBS, "rotate": "rotate", "revoke": "revoke"}
    label = _l("API key")
    label_plural = _l("API keys")
    icon = "key"
    list_columns = [
        "name",
        "owner",
        "prefix",
        "scopes",
        "channel",
        "state",
        "last_used_at",
        "expires_on",
    ]
    order_columns = ["name", "last_used_at", "expires_on"]
    base_order = ("name", "asc")
    add_fieldsets = [
        (_l("Who uses it"), {"fields": ["name", "owner", "contact", "request_key"]}),
        (_l("What it opens"), {"fields": ["opens_open311", "opens_calls", "channel"]}),
        (_l("Bounds"), {"fields": ["rate_limit", "expires_on"]}),
    ]
    edit_fieldsets = [
        (_l("Who uses it"), {"fields": ["name", "owner", "contact"]}),
        (_l("What it opens"), {"fields": ["opens_open311", "opens_calls", "channel"]}),
        (_l("Bounds"), {"fields": ["rate_limit", "expires_on", "active"]}),
    ]
    show_fieldsets = [
        (_l("Who uses it"), {"fields": ["name", "owner", "contact"]}),
        (_l("What it opens"), {"fields": ["prefix", "scopes", "channel", "rate_limit"]}),
        (
            _l("Life of the key"),
            {
                "fields": [
                    "issued_at",
                    "last_used_at",
                    "expires_on",
                    "revoked_at",
                    "revoked_reason",
                ]
            },
        ),
    ]
    label_columns = {
        "name": _l("Name"),
        "owner": _l("Holder"),
        "contact": _l("How to reach the holder"),
        "prefix": _l("Beginning of the key"),
        "scopes": _l("Opens"),
        "state": _l("State"),
        "opens_open311": _l("Opens Open311"),
        "opens_calls": _l("Opens the webhook of the telephone switch"),
        "channel": _l("Channel of what comes in"),
        "rate_limit": _l("Calls a minute"),
        "active": _l("In use"),
        "expires_on": _l("Last day"),
        "issued_at": _l("Key made at"),
        "last_used_at": _l("Last used"),
        "revoked_at": _l("Revoked at"),
        "revoked_reason": _l("Why revoked"),
        "request_key": _l("Number of this form"),
        "secret_digest": _l("Key itself"),
    }
    description_columns = {
        "name": _l("The app or the device, for example “City app for Android”."),
        "owner": _l("The office or the company that answers for it."),
        "contact": _l("E-mail or telephone of an office, not of a person."),
        "opens_open311": _l("Apps of citizens send and follow applications with it."),
        "opens_calls": _l("The telephone switch tells running calls with it."),
        "channel": _l("Applications that come through this key are counted under this channel."),
        "rate_limit": _l("More calls in one minute are refused until the next minute."),
        "active": _l("Without the tick the key opens nothing until it is set again."),
        "expires_on": _l("Empty: it opens until it is revoked."),
    }
    codes = {"channel": KEY_CHANNEL_LABELS}
    formats = {"prefix": prefix_cell, "scopes": scopes_cell, "state": state_cell}
    form_extra = {
        "request_key": HiddenField(),
        "rate_limit": WholeField(
            label_columns["rate_limit"],
            [InputRequired(REQUIRED)],
            description=description_columns["rate_limit"],
        ),
    }
    wide = frozenset({"contact", "revoked_reason"})
    search = Words("q", _l("Search by name, holder or beginning"), columns=(ApiKey.search_text,))
    filters = (
        Flag("open311", _l("Opens Open311"), ApiKey.opens_open311),
        Flag("calls", _l("Opens the webhook of the telephone switch"), ApiKey.opens_calls),
        Choice(
            "channel", _l("Channel of what comes in"), ApiKey.channel, labels=KEY_CHANNEL_LABELS
        ),
        Dates("used", _l("Last used"), ApiKey.last_used_at, instant=True),
    )
    tabs = (
        _tab(KeyState.ACTIVE),
        _tab(KeyState.PAUSED),
        _tab(KeyState.EXPIRED, "warn"),
        _tab(KeyState.REVOKED),
        ("all", _l("All"), None, ""),
    )
    intro = _l("A key is shown once, when it is made; the house keeps only what recognises it.")
    empty_text = _l("Make a key for each app and for the telephone switch; never share one.")
    add_template = "system/key_add.html"

    # --- making -----------------------------------------------------------------------------------
    def defaults(self) -> dict[str, Any]:
        """An empty form has a number of its own, so that sending it twice makes one key."""
        return {"request_key": secrets.token_hex(8), "rate_limit": USUAL_RATE}

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """The rule, and that a day lies ahead and a revoked key stays ended."""
        yield from api_key_violations(values)
        if item is None or values.get("expires_on") != item.expires_on:
            yield from keys.expiry_violations(values, clock.now())
        if item is not None and item.revoked_at is not None and values.get("active"):
            yield Violation("active", keys.REVOKED_FOR_GOOD)

    def _request_name(self, number: str) -> str:
        return f"ApiKey:{current_actor().user_id}:{number[:40]}"

    def add_response(self) -> Any:
        """Draw or store the form; a new key is shown once on the page that answers."""
        number = request.form.get("request_key", "")
        if number and (known := requests.find_request(self.session, self._request_name(number))):
            flash(_(_MADE_BEFORE), "warning")
            return redirect(self.url("show", pk=known))
        answer = super().add_response()
        made = g.pop("made_key", None)
        return answer if made is None else self._shown_once(*made)

    def save_new(self, item: Any, values: Mapping[str, Any]) -> Any:
        """Make the key; the page that follows shows it."""
        key, secret = keys.create_key(self.session, values={**values, "active": True})
        if number := values.get("request_key"):
            requests.keep_request(self.session, self._request_name(str(number)), key.id)
        g.made_key = (key, secret)
        return key

    def _shown_once(self, key: ApiKey, secret: str) -> Any:
        return self.render_template(
            "system/key_made.html",
            title=_("Key of %(name)s", name=key.name),
            trail=[
                Crumb(formats.translated(self.label_plural), self.url("list")),
                Crumb(key.name, self.url("show", pk=key.id)),
            ],
            secret=secret,
            opens=[scope.value for scope in KeyScope if scope in key.scopes],
            next_url=self.url("show", pk=key.id),
        )

    # --- renewing and revoking --------------------------------------------------------------------
    def show_badges(self, item: ApiKey) -> list[Cell]:
        """Whether it opens anything today."""
        return [state_cell(None, item)]

    def show_buttons(self, item: ApiKey) -> list[Button]:
        """Renew and revoke, while there is something to end."""
        if item.revoked_at is not None:
            return []
        fields = (("_version", str(item.version)),)
        buttons = []
        if self.may("rotate"):
            buttons.append(
                Button(
                    _("Renew the key"),
                    self.url("rotate", pk=item.id),
                    "refresh",
                    post=True,
                    fields=fields,
                    confirm=_(
                        "%(name)s gets a new key, shown once. The present key opens nothing from that moment on.",
                        name=item.name,
                    ),
                )
            )
        if self.may("revoke"):
            buttons.append(
                Button(
                    _("Revoke"),
                    self.url("revoke", pk=item.id),
                    "lock",
                    post=True,
                    danger=True,
                    ask=("reason", _("Why is it revoked?"), True),
                    confirm=_(
                        "The key of %(name)s will open nothing any more, for good.", name=item.name
                    ),
                )
            )
        return buttons

    @expose("/rotate/<int:pk>", methods=["POST"])
    @has_access
    def rotate(self, pk: int) -> Any:
        """Give the key a new secret and show it once."""
        key = self.load(pk)
        if request.form.get("_version", "") != str(key.version):
            flash(_(_STALE), "warning")
            return redirect(self.url("show", pk=pk))
        try:
            secret = keys.rotate_key(self.session, key=key)
            self.session.commit()
        except RuleViolation as refused:
            return self._told(refused, pk)
        flash(_("%(name)s has a new key.", name=key.name), "success")
        return self._shown_once(key, secret)

    @expose("/revoke/<int:pk>", methods=["POST"])
    @has_access
    def revoke(self, pk: int) -> Any:
        """End the key for good, with a reason."""
        key = self.load(pk)
        try:
            keys.revoke_key(self.session, key=key, reason=request.form.get("reason", ""))
            self.session.commit()
        except RuleViolation as refused:
            return self._told(refused, pk)
        flash(_("%(name)s has been revoked.", name=key.name), "success")
        return redirect(self.url("show", pk=pk))

    def _told(self, refused: RuleViolation, pk: int) -> Any:
        self.session.rollback()
        for one in refused.violations:
            flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        return redirect(self.url("show", pk=pk))
