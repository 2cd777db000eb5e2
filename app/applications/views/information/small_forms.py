"""One small form for one act: drawn with the form of the house, errors at their fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext as _

from app.core.rules import ConflictError, RuleViolation
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Crumb, FormPage, FormSection


def read_version(name: str = "_version") -> int | None:
    """The version that the form was opened with; None when it names none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def errors_of(form: BackOfficeForm) -> list[tuple[str, str, str]]:
    """Field id, label and message of each error, those of the whole form last."""
    found = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
    return found + [("", "", str(e)) for e in form.form_errors]


def try_act(session: Any, form: BackOfficeForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Do what the form asks for and commit; None with the errors in the form when it is refused."""
    if not form.validate():
        return None
    try:
        done = act(form.values())
        session.commit()
        return done
    except RuleViolation as refused:
        session.rollback()
        form.add_violations(refused.violations)
    except ConflictError as stale:
        session.rollback()
        form.form_errors.append(_(stale.message))
    return None


def small_form(
    view: Any,
    form: BackOfficeForm,
    *,
    title: str,
    submit: str,
    names: Sequence[str],
    crumbs: Sequence[tuple[str, str]],
    act: Callable[[dict[str, Any]], Any],
    done: str,
    back: str,
    intro: str = "",
    version: int | None = None,
    wide: frozenset[str] = frozenset(),
) -> Any:
    """Draw a form, or do its act and go `back` with the sentence `done`; refusals come back as 422."""
    if request.method == "POST" and try_act(view.session, form, act) is not None:
        flash(done, "success")
        return redirect(back)
    errors = errors_of(form)
    page = FormPage(
        title=title,
        crumbs=[Crumb(label, url) for label, url in crumbs],
        form=form,
        sections=[FormSection("", names)],
        action=request.path,
        submit=submit,
        cancel_url=back,
        wide=wide,
        errors=errors,
        version=version,
        intro=intro,
    )
    return view.render_template(
        "appbuilder/general/model/edit.html", page=page
    ), 422 if errors else 200
