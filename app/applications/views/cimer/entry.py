"""Quick entry: one keyboard screen for what CİMER and other offices pass on."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import Application, ReconciliationItem
from app.applications.queries.office_clocks import BothClocks, count_both
from app.applications.services.reconciling import row_of_item, settle_registered
from app.applications.views.cimer.entry_form import CimerEntryForm
from app.applications.views.personal_words import sentence, words_found
from app.applications.views.trail import trail_of
from app.core import clock
from app.core.acting import current_actor
from app.core.current import db_session
from app.core.rules import RuleViolation
from app.core.text import parse_tr_date
from app.core.views import formats
from app.core.views.page import Cell

#: What the rules call a field → what the form calls it.
_RENAMED = {
    "topic_id": "topic",
    "district_id": "district",
    "neighbourhood_id": "neighbourhood",
    "external_received_at": "external_on",
    "received_at": "received_on",
    "contact_phone": "phone",
    "contact_email": "email",
    "citizen": "last_name",
}
_PERSON = ("first_name", "last_name", "title", "phone", "email")


class CimerEntryView(BaseView):
    """Take in an application of another office: number, both dates, kind, matter, place; then the next."""

    route_base = "/cimer/new"
    default_view = "new"
    class_permission_name = "CimerExchange"
    method_permission_name = dict.fromkeys(("new", "known", "times", "identity"), "write")
    previous_method_permission_name: dict[str, str] = {}

    @property
    def session(self) -> Any:
        """The request's session."""
        return db_session()

    @expose("/", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        """Draw the screen, or register what was typed; nothing typed is lost by an error."""
        is_post = request.method == "POST"
        form = CimerEntryForm(request.form if is_post else None, data=self._defaults())
        if form.is_hidden:
            form.hide_identity()
        found: dict[str, Any] = {}
        if is_post and form.validate():
            values = form.to_values(clock.now())
            found = services.look_through(values) if form.is_hidden else {}
            decision = request.form.get("personal", "")
            if not found or decision in {"mask", "keep"}:
                if found and decision == "mask":
                    values = services.masked_values(values)
                application = self._register(form, values)
                if application is not None:
                    return self._done(application)
                found = {}
        return self._draw(form, found)

    def _draw(self, form: CimerEntryForm, found: dict[str, Any]) -> Any:
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = self.render_template(
            "applications/cimer_entry.html",
            form=form,
            errors=errors,
            kinds=[(k.value, formats.translated(v)) for k, v in rules.CIMER_KIND_LABELS.items()],
            known=self._known(str(form.channel.data or ""), form.external_ref.data or ""),
            clocks=self._clocks(
                form.channel.data, form.kind.data, form.received_on.data, form.external_on.data
            ),
            words=words_found(found),
            sentence=sentence() if found else "",
            step=_step(),
            title=_("Quick entry for CİMER and other offices"),
        )
        return page, 422 if errors or found else 200

    def _defaults(self) -> dict[str, Any]:
        """A fresh key against double submits, today, and what a row of their list says."""
        values: dict[str, Any] = {
            "request_key": secrets.token_urlsafe(16),
            "channel": rules.Channel.CIMER,
            "kind": rules.Kind.COMPLAINT,
            "received_on": clock.today(),
            "identity_hidden": request.args.get("hidden") == "1",
        }
        given = request.args.get("item", "")
        if request.method == "GET" and given.isdigit() and len(given) < 10:
            item = self.session.get(ReconciliationItem, int(given))
            if item is not None:
                values.update(self._of_item(item))
        return values

    def _of_item(self, item: ReconciliationItem) -> dict[str, Any]:
        row = row_of_item(self.session, item)
        found = row.values
        values: dict[str, Any] = {
            "item": str(item.id),
            "external_ref": item.external_ref,
            "external_on": _day(found.get("external_received_at")),
            "received_on": _day(found.get("received_at")) or clock.today(),
            "topic": found.get("topic_id"),
            "district": found.get("district_id"),
            "neighbourhood": found.get("neighbourhood_id"),
            "identity_hidden": bool(found.get("identity_hidden")),
        }
        values.update({n: found.get(n) or "" for n in ("subject", "body", "street", "place_note")})
        if found.get("kind") in rules.CIMER_KIND_LABELS:
            values["kind"] = found["kind"]
        if not values["identity_hidden"]:
            values.update({name: row.person.get(name, "") for name in _PERSON})
        return values

    def _register(self, form: CimerEntryForm, values: dict[str, Any]) -> Application | None:
        """One transaction: the case, its first line of the correspondence, the settled difference."""
        if form.is_hidden:
            values = services.without_identity(values)
        try:
            application = services.register_application(
                self.session,
                values=values,
                actor=current_actor(),
                now=clock.now(),
                request_key=form.request_key.data or None,
            )
            if application.channel is rules.Channel.CIMER:
                settle_registered(self.session, application=application, actor=current_actor())
            self.session.commit()
            return application
        except RuleViolation as refused:
            self.session.rollback()
            form.add_violations(
                replace(v, field=_RENAMED.get(v.field, v.field.removeprefix("citizen.")))
                for v in refused.violations
            )
            return None

    def _done(self, application: Application) -> Any:
        flash(
            _("%(number)s has been registered.", number=application.number)
            + (
                " " + _("Last day: %(day)s.", day=formats.plain(application.due_on).text)
                if application.due_on
                else ""
            ),
            "success",
        )
        if _step() == "open":
            return redirect(url_for("ApplicationView.show", pk=application.id))
        return redirect(url_for("CimerEntryView.new"))

    # --- parts that the page fetches while the officer types -----------------------------------------
    @expose("/known")
    @has_access
    def known(self) -> Any:
        """Whether a number is registered already, with the way to its case."""
        found = self._known(request.args.get("channel", ""), request.args.get("ref", "")[:60])
        return self.render_template("applications/cimer_known.html", known=found)

    @expose("/times")
    @has_access
    def times(self) -> Any:
        """Both last days, day by day; the one that counts comes first."""
        clocks = self._clocks(
            _code(rules.Channel, request.args.get("channel", "")),
            _code(rules.Kind, request.args.get("kind", "")),
            parse_tr_date(request.args.get("received", "")),
            parse_tr_date(request.args.get("external", "")),
        )
        return self.render_template("applications/cimer_times.html", clocks=clocks)

    @expose("/identity")
    @has_access
    def identity(self) -> Any:
        """The fields of the applicant, for a form whose identity is no longer hidden."""
        return self.render_template("applications/cimer_identity.html", form=CimerEntryForm())

    def _known(self, source: str, ref: str) -> Application | None:
        if not ref.strip() or source not in {channel.value for channel in rules.OFFICE_CHANNELS}:
            return None
        stmt = select(Application).where(
            Application.external_source == source, Application.external_ref == ref.strip()
        )
        found: Application | None = self.session.scalars(stmt).first()
        return found

    def _clocks(
        self, channel: Any, kind: Any, received: dt.date | None, external: dt.date | None
    ) -> dict[str, Any] | None:
        if not isinstance(channel, rules.Channel) or not isinstance(kind, rules.Kind):
            return None
        try:
            both = count_both(
                self.session, kind=kind, channel=channel,
                received_on=received or clock.today(), external_on=external,
            )  # fmt: skip
        except RuleViolation:
            return None
        return clocks_context(both)


def clocks_context(
    both: BothClocks, due: Callable[[dt.date | None], Cell] = formats.due
) -> dict[str, Any]:
    """What the templates draw of two clocks: the one that counts first, with its calendar."""
    office = both.counts is rules.DayZero.CIMER
    sides = [
        (_("From the date at CİMER"), both.office, office),
        (_("From the date at the municipality"), both.ours, not office),
    ]
    reason = {
        rules.DayZero.EARLIER: _("The earlier of both dates counts."),
        rules.DayZero.CIMER: _("The date at CİMER counts, by the setting."),
        rules.DayZero.MUNICIPALITY: _("The date at the municipality counts, by the setting."),
    }[both.which]
    return {
        "sides": [
            {
                "label": label,
                "trail": trail_of(deadline, None),
                "due": due(deadline.due_on),
                "counts": counts,
            }
            for label, deadline, counts in sorted(sides, key=lambda side: not side[2])
            if deadline is not None
        ],
        "reason": reason if both.office is not None else "",
    }


def _step() -> str:
    """What is to follow the saving: the button pressed now, else the one before the warning."""
    return next(reversed(request.form.getlist("step")), "")


def _day(value: Any) -> dt.date | None:
    return clock.to_local(value).date() if isinstance(value, dt.datetime) else None


def _code(enum: Any, value: str) -> Any:
    return enum(value) if value in {member.value for member in enum} else None
