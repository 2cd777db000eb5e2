"""Shifts as a list and as the plan of a week, swaps, and the notes that one shift leaves to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.acting import current_actor
from app.core.redirects import is_local_path
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import clean, excerpt
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, Words, formats
from app.core.views.base import VERBS
from app.core.views.entities import Exact
from app.core.views.page import Button, Cell
from app.frontdesk.models import Shift, ShiftNote
from app.frontdesk.queries.shifts import list_note_cases, list_readers
from app.frontdesk.rules.shifts import (
    SHIFT_KIND_LABELS,
    SHIFT_STATE_LABELS,
    SHIFT_STATE_TONES,
    ShiftState,
    note_violations,
    shift_violations,
    written_span,
)
from app.frontdesk.services import shifts as acts
from app.frontdesk.views.shifts_plan import plan_of, read_monday

_TAKEN = N_("This person has a shift at this time already.")


def told(refused: RuleViolation) -> str:
    """What was wrong, as one line."""
    return " ".join(
        _(v.message) % dict(v.params) if v.params else _(v.message) for v in refused.violations
    )


def number(value: str) -> int | None:
    """A record id out of an argument; nonsense is None."""
    return int(value) if value.isdigit() and len(value) < 10 else None


class ShiftView(BackOfficeView):
    """Who sits at which telephone when."""

    datamodel = Interface(Shift)
    route_base = "/shifts"
    class_permission_name = "Shift"
    method_permission_name = {
        **VERBS,
        "week": "read",
        "copy": "write",
        "swap": "swap",
        "decide": "approve",
        "begin": "swap",
    }
    label = _l("Shift")
    label_plural = _l("Shifts")
    icon = "calendar"
    can_delete = True
    show_template = "frontdesk/shift_show.html"
    list_columns = ["on", "kind", "span", "operator", "seat", "state"]
    order_columns = ["on", "starts_at"]
    base_order = ("starts_at", "desc")
    export_columns = ["starts_at", "ends_at", "signed_in_at", "note"]
    add_fieldsets = [
        (_l("Shift"), {"fields": ["operator", "on", "kind", "seat", "state", "note"]}),
    ]
    show_fieldsets = [
        (
            _l("Shift"),
            {
                "fields": [
                    "operator", "on", "kind", "span", "seat", "state", "signed_in_at", "swap_to",
                    "swap_note", "swapped_from", "note",
                ]
            },
        ),
    ]  # fmt: skip
    label_columns = {
        "on": _l("Day"),
        "kind": _l("Part of the day"),
        "span": _l("Hours"),
        "operator": _l("Operator"),
        "seat": _l("Seat (extension)"),
        "state": _l("State"),
        "starts_at": _l("Begins"),
        "ends_at": _l("Ends"),
        "signed_in_at": _l("Begun at"),
        "swap_to": _l("To be taken by"),
        "swap_note": _l("Why a swap is asked"),
        "swapped_from": _l("Taken over from"),
        "note": _l("Remark"),
    }
    description_columns = {
        "on": _l("Day on which the shift begins."),
        "kind": _l("Its hours stand in the settings of the call centre."),
        "seat": _l("Extension at the switch; by it live calls find their operator."),
    }
    wide = frozenset({"note", "swap_note"})
    codes = {"kind": SHIFT_KIND_LABELS}
    formats = {
        "state": formats.labelled(SHIFT_STATE_LABELS, SHIFT_STATE_TONES),
        "span": lambda value, record: Cell("text", written_span(record.starts_at, record.ends_at)),
    }
    lookups = {"operator": "operator"}
    filters = (
        Dates("on", _l("Day"), Shift.on),
        Choice("kind", _l("Part of the day"), Shift.kind, labels=SHIFT_KIND_LABELS),
        Choice("state", _l("State"), Shift.state, labels=SHIFT_STATE_LABELS),
        Pick("operator", _l("Operator"), Shift.operator_id, source="operator"),
        Exact("seat", _l("Seat (extension)"), Shift.seat),
    )
    tabs = (
        ("coming", _l("From today on"), lambda: Shift.on >= clock.today(), ""),
        ("mine", _l("My shifts"), lambda: Shift.operator_id == current_actor().user_id, ""),
        ("swaps", _l("Swaps asked for"), lambda: Shift.state == ShiftState.SWAP_ASKED, "warn"),
        ("all", _l("All"), None, ""),
    )
    form_rule = staticmethod(shift_violations)
    constraints = {"uq_frontdesk_shift_operator_id_starts_at": ("operator", _TAKEN)}
    empty_text = _l("The plan of a week is made here, or copied from the week before.")

    def visible_tabs(self) -> Any:
        """Only who works in shifts has own ones."""
        if "operator" in current_actor().roles:
            return self.tabs
        return [tab for tab in self.tabs if tab[0] != "mine"]

    def row_label(self, item: Shift) -> str:
        """Day and part of the day."""
        day = formats.plain(item.on).text
        return f"{day} · {formats.translated(SHIFT_KIND_LABELS[item.kind])} · {item.operator}"

    def new_label(self) -> str:
        """Words of the button that begins a new shift."""
        return _("New shift")

    def list_buttons(self) -> list[Button]:
        """The plan of the week."""
        return [Button(_("Plan of the week"), self.url("week"), "calendar")]

    def save_new(self, item: Shift, values: Mapping[str, Any]) -> Shift:
        """A shift gets its hours and must not meet another one of its person."""
        if item in self.session:
            self.session.expunge(item)
        return acts.place_shift(self.session, shift=item)

    def save_changed(self, item: Shift, values: Mapping[str, Any]) -> Shift:
        """The same for a changed one."""
        return acts.place_shift(self.session, shift=item)

    def show_page(self, item: Shift) -> Any:
        """The record with what may be done about a swap."""
        page = super().show_page(item)
        actor, asked = current_actor(), item.state is ShiftState.SWAP_ASKED
        own = item.operator_id == actor.user_id and item.starts_at > clock.now()
        return replace(
            page,
            extra={
                "may_swap": own
                and not asked
                and item.state is not ShiftState.LEAVE
                and self.may("swap"),
                "may_decide": asked and self.may("approve"),
                "swap_url": self.url("swap", pk=item.id),
                "decide_url": self.url("decide", pk=item.id),
                "lookup_url": url_for("LookupView.find", name="operator"),
            },
        )

    # --- the plan ----------------------------------------------------------------------------------------
    @expose("/week")
    @has_access
    def week(self) -> Any:
        """Operators down, days across: the plan of one week."""
        monday = read_monday(request.args.get("from", ""), clock.today())
        page = plan_of(self.session, monday, may_write=self.may("write"))
        return self.render_template(
            "frontdesk/shift_week.html", title=_("Plan of the week"), page=page
        )

    @expose("/copy", methods=["POST"])
    @has_access
    def copy(self) -> Any:
        """Plan a week as the one before it."""
        monday = read_monday(request.form.get("from", ""), clock.today())
        made, left = acts.copy_week(self.session, monday=monday)
        self.session.commit()
        if made:
            flash(_("%(n)s shifts were planned as in the week before.", n=made), "success")
        if left:
            flash(
                _("%(n)s shifts were left out: their people are on the plan already.", n=left),
                "warning",
            )
        if not made and not left:
            flash(_("There is no shift in the week before."), "warning")
        return redirect(self.url("week", **{"from": monday.isoformat()}))

    # --- swaps and duty ------------------------------------------------------------------------------------
    @expose("/swap/<int:pk>", methods=["POST"])
    @has_access
    def swap(self, pk: int) -> Any:
        """Ask that a colleague takes the own shift."""
        item = self.load(pk)
        try:
            acts.ask_swap(
                self.session,
                shift=item,
                colleague_id=number(request.form.get("colleague", "")) or 0,
                note=request.form.get("note", ""),
                actor=current_actor(),
            )
            self.session.commit()
            flash(_("The swap has been asked for; the chief decides."), "success")
        except RuleViolation as refused:
            self.session.rollback()
            flash(told(refused), "error")
        return redirect(self.url("show", pk=pk))

    @expose("/decide/<int:pk>", methods=["POST"])
    @has_access
    def decide(self, pk: int) -> Any:
        """Approve or refuse a swap."""
        item = self.load(pk)
        try:
            acts.decide_swap(
                self.session,
                shift=item,
                approved=request.form.get("answer") == "yes",
                actor=current_actor(),
            )
            self.session.commit()
            flash(_("Both have been told."), "success")
        except RuleViolation as refused:
            self.session.rollback()
            flash(told(refused), "error")
        return redirect(self.url("show", pk=pk))

    @expose("/begin", methods=["POST"])
    @has_access
    def begin(self) -> Any:
        """Begin the own shift of this hour at a seat."""
        try:
            acts.begin_shift(self.session, actor=current_actor(), seat=request.form.get("seat", ""))
            self.session.commit()
            flash(_("Your shift has begun."), "success")
        except RuleViolation as refused:
            self.session.rollback()
            flash(told(refused), "error")
        back = request.form.get("next", "")
        return redirect(back if is_local_path(back) else url_for("HomeView.index"))


class ShiftNoteView(BackOfficeView):
    """What one shift leaves to the next, and who has read it."""

    datamodel = Interface(ShiftNote)
    route_base = "/shift-notes"
    class_permission_name = "ShiftNote"
    method_permission_name = {**VERBS, "acknowledge": "read"}
    label = _l("Hand-over note")
    label_plural = _l("Hand-over notes")
    icon = "edit"
    show_template = "frontdesk/shift_note_show.html"
    add_template = "frontdesk/shift_note_add.html"
    list_columns = ["written_at", "kind", "author", "text", "open_matters"]
    order_columns = ["written_at"]
    base_order = ("written_at", "desc")
    export_columns = ["on"]
    add_fieldsets = [(_l("Hand-over note"), {"fields": ["text", "open_matters"]})]
    show_fieldsets = [
        (
            _l("Hand-over note"),
            {"fields": ["on", "kind", "author", "written_at", "text", "open_matters"]},
        ),
    ]
    label_columns = {
        "on": _l("Day"),
        "kind": _l("Part of the day"),
        "author": _l("Written by"),
        "written_at": _l("Written"),
        "text": _l("What the next shift should know"),
        "open_matters": _l("What is still to be done"),
    }
    description_columns = {
        "text": _l("Failures, announcements, anything unusual; no names of callers."),
        "open_matters": _l("One matter on a line; the next shift goes through them."),
    }
    wide = frozenset({"text", "open_matters"})
    codes = {"kind": SHIFT_KIND_LABELS}
    formats = {"text": formats.long_text, "open_matters": formats.long_text}
    search = Words("q", _l("Search in the notes"), columns=(ShiftNote.search_text,))
    filters = (
        Dates("on", _l("Day"), ShiftNote.on),
        Choice("kind", _l("Part of the day"), ShiftNote.kind, labels=SHIFT_KIND_LABELS),
        Pick("author", _l("Written by"), ShiftNote.author_id, source="staff"),
    )
    empty_text = _l("At the end of a shift its people write here what the next one should know.")

    def row_label(self, item: ShiftNote) -> str:
        """Day, part of the day and the first words."""
        day = formats.plain(item.on).text
        return (
            f"{day} · {formats.translated(SHIFT_KIND_LABELS[item.kind])} · {excerpt(item.text, 40)}"
        )

    def new_label(self) -> str:
        """Words of the button that begins a new note."""
        return _("New note")

    def check(self, values: Mapping[str, Any], item: ShiftNote | None) -> Iterable[Violation]:
        """A note says something, and only its writer changes it."""
        yield from note_violations(values)
        if item is not None and item.author_id != current_actor().user_id:
            yield Violation("", N_("Only whoever wrote a note may change it."))

    def save_new(self, item: ShiftNote, values: Mapping[str, Any]) -> ShiftNote:
        """The shift of this hour writes it."""
        if item in self.session:
            self.session.expunge(item)
        return acts.write_note(
            self.session,
            text=values.get("text") or "",
            open_matters=values.get("open_matters") or "",
            application_ids=self._typed_cases(),
            actor=current_actor(),
        )

    def save_changed(self, item: ShiftNote, values: Mapping[str, Any]) -> ShiftNote:
        """The cases stay as they are."""
        return acts.store_note(self.session, note=item, application_ids=None)

    @staticmethod
    def _typed_cases() -> list[int]:
        return [pk for text in request.form.getlist("case") if (pk := number(text)) is not None]

    def show_page(self, item: ShiftNote) -> Any:
        """The note with its cases, its readers and the button that says it was read."""
        page = super().show_page(item)
        readers = list_readers(self.session, item.id)
        me = current_actor()
        read = any(pk == me.user_id for pk, _name, _at in readers)
        return replace(
            page,
            extra={
                "cases": [
                    (case.number, case.subject, url_for("ApplicationView.show", pk=case.id))
                    for case in list_note_cases(self.session, [item.id]).get(item.id, [])
                ],
                "readers": [(name, formats.plain(at).text) for _pk, name, at in readers],
                "acknowledge_url": ""
                if read or item.author_id == me.user_id
                else self.url("acknowledge", pk=item.id),
            },
        )

    @expose("/acknowledge/<int:pk>", methods=["POST"])
    @has_access
    def acknowledge(self, pk: int) -> Any:
        """Say that a note was read."""
        if current_actor().user_id is None:
            abort(403)
        acts.acknowledge_note(self.session, note=self.load(pk), actor=current_actor())
        self.session.commit()
        flash(_("Noted that you have read it."), "success")
        back = clean(request.form.get("next", ""))
        return redirect(back if is_local_path(back) else self.url("show", pk=pk))
