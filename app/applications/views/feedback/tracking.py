"""The tracking page: the one page without an account. Number and code together open one application.

It tells little and changes little: an answer about satisfaction, and “my problem is not solved”. Both
are written by the system on behalf of the applicant. Source: domain facts 1.5, 2.4, 2.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications import rules, services
from app.applications.models import Application, Satisfaction
from app.applications.queries.tracking import Tracked, find_by_code, read_number, tracked
from app.applications.services.feedback.reopening import (
    ended_on,
    may_be_reopened_by_applicant,
)
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.current import db_session
from app.core.database import set_write_intent
from app.core.rules import ConflictError, RuleViolation
from app.core.text import format_date
from app.core.views import formats
from app.extensions import limiter
from app.system.queries import get_number, get_text

#: Tries of one address, of one number and looks of one address in a quarter of an hour.
ADDRESS_LIMIT = "60 per 15 minutes"
NUMBER_LIMIT = "10 per 15 minutes"
LOOK_LIMIT = "240 per 15 minutes"
_LANGUAGES = ("tr", "en")


def number_key() -> str:
    """Whose tries are counted together: those for one number or one link, else those of an address."""
    number = read_number(request.form.get("number", ""))
    token = str((request.view_args or {}).get("token", ""))
    return f"tracking:{number or token or request.remote_addr}"


def too_many(_limit: Any) -> Response:
    """The page itself says that there were too many tries; an error page would lead to the door."""
    lang = request.args.get("lang", "")
    with force_locale(lang if lang in _LANGUAGES else "tr"), on_behalf(False):
        words = _("Too many tries. Wait a quarter of an hour and try again, or call ALO 153.")
        return make_response(draw(Page(errors={"": words})), 429)


@dataclass(frozen=True)
class Page:
    """What the template draws; `errors` are field → sentence, the empty name is the whole form."""

    case: Tracked | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    done: str = ""
    token: str = ""
    number: str = ""
    code: str = ""
    asks: bool = False
    may_reopen: bool = False
    reopen_until: str = ""
    link_is_over: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def on_behalf(changes: bool) -> Iterator[None]:
    """Read, and if need be write, as the system; the trail still knows from where it was asked."""
    set_write_intent(changes)
    actor = replace(SYSTEM, address=request.remote_addr or "")
    with acting_as(actor):
        yield


class TrackingView(BaseView):
    """Follow an application, say how satisfied one is, say that it is not solved; without an account."""

    route_base = ""
    default_view = "track"

    @expose("/takip/<string:token>", methods=["GET", "POST"])
    @expose("/takip/", methods=["GET", "POST"])
    @expose("/takip", methods=["GET", "POST"])
    @limiter.limit(LOOK_LIMIT, on_breach=too_many)
    @limiter.limit(ADDRESS_LIMIT, methods=["POST"], on_breach=too_many)
    @limiter.limit(NUMBER_LIMIT, key_func=number_key, methods=["POST"], on_breach=too_many)
    def track(self, token: str = "") -> Any:
        """Draw the page in the language of its address; a POST looks up or does one of two things."""
        lang = request.args.get("lang", "")
        with force_locale(lang if lang in _LANGUAGES else "tr"):
            act = request.form.get("act", "") if request.method == "POST" else ""
            with on_behalf(act in {"rate", "reopen"}):
                page, status = self._by_token(token, act) if token else self._by_code(act)
                return draw(page), status

    # --- by number and code --------------------------------------------------------------------------
    def _by_code(self, act: str) -> tuple[Page, int]:
        if request.method != "POST":
            return Page(number=read_number(request.args.get("no", ""))), 200
        number, code = request.form.get("number", ""), request.form.get("code", "")
        kept: dict[str, Any] = {"number": number[:40], "code": code[:20]}
        errors: dict[str, str] = {}
        if not number.strip():
            errors["number"] = _("Write the number of your application.")
        if not code.strip():
            errors["code"] = _("Write the tracking code that you were given.")
        if errors:
            return Page(errors=errors, **kept), 422
        application = find_by_code(db_session(), number, code)
        if application is None:
            words = _("There is no application with this number and this code. Check both.")
            return Page(errors={"": words}, **kept), 422
        page = self._of(application, number=application.number, code=application.tracking_code)
        return self._acted(page, application, act, None)

    # --- by link -----------------------------------------------------------------------------------------
    def _by_token(self, token: str, act: str) -> tuple[Page, int]:
        question = services.find_question(db_session(), token, now=clock.now())
        application = question.application if question is not None else None
        if question is None or application is None or application.cycle != question.cycle:
            return Page(link_is_over=True), 404
        page = self._of(application, token=token)
        return self._acted(page, application, act, question)

    # --- what may be done ----------------------------------------------------------------------------------
    def _of(self, application: Application, **known: str) -> Page:
        """The page of one application as it stands now."""
        session = db_session()
        case = tracked(session, application)
        may_reopen = may_be_reopened_by_applicant(session, application, today=clock.today())
        end = ended_on(application)
        until = (
            format_date(
                rules.add_days(end, get_number(session, "reopen_days")), lang=formats.language()
            )
            if may_reopen and end is not None
            else ""
        )
        return Page(
            case=case,
            asks=case.may_be_rated and not case.is_rated,
            may_reopen=may_reopen,
            reopen_until=until,
            **known,  # type: ignore[arg-type]
        )

    def _acted(
        self, page: Page, application: Application, act: str, question: Satisfaction | None
    ) -> tuple[Page, int]:
        """Do what a form asks for; what is refused stands at its field, and what was typed stays."""
        if act not in {"rate", "reopen"}:
            return page, 200
        session = db_session()
        try:
            if act == "rate":
                self._rate(application, question)
                done = _("Thank you. Your answer has been kept.")
            else:
                services.reopen_by_applicant(
                    session,
                    application=application,
                    reason=request.form.get("reason", ""),
                    now=clock.now(),
                )
                done = _(
                    "Your application has been taken up again; the unit responsible has been told."
                )
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            errors = {
                v.field: str(_(v.message) % dict(v.params) if v.params else _(v.message))
                for v in refused.violations
            }
            errors = {("" if k == "application" else k): text for k, text in errors.items()}
            typed = {name: request.form.get(name, "")[:1000] for name in _TYPED}
            return replace(self._again(page, application), errors=errors, typed=typed), 422
        except ConflictError as stale:
            session.rollback()
            return replace(self._again(page, application), errors={"": _(stale.message)}), 409
        return replace(self._again(page, application), done=done), 200

    def _again(self, page: Page, application: Application) -> Page:
        """The same page read anew."""
        fresh = db_session().get(Application, application.id)
        if fresh is None:
            return Page(link_is_over=True)
        return self._of(fresh, token=page.token, number=page.number, code=page.code)

    def _rate(self, application: Application, question: Satisfaction | None) -> None:
        values = {
            name: request.form.get(name, "") for name in ("score", "solved", "manner", "comment")
        }
        no_more = request.form.get("no_more") == "1"
        session = db_session()
        if question is not None:
            services.answer_by_token(
                session, question=question, values=values, now=clock.now(), no_more=no_more
            )
            return
        services.record_answer(
            session,
            application=application,
            values=values,
            method=rules.AnswerMethod.LINK,
            actor=SYSTEM,
            now=clock.now(),
        )
        if no_more:
            services.ask_no_more(session, application)


def draw(page: Page) -> str:
    """The HTML of the page, outside of the shell whoever looks at it."""
    lang, case = formats.language(), page.case
    other = "en" if lang == "tr" else "tr"
    stages = [
        {
            "label": formats.translated(label),
            "past": case is not None and place < case.stage,
            "current": case is not None and place == case.stage,
        }
        for place, (label, _states) in enumerate(rules.PUBLIC_STAGES)
    ]
    return render_template(
        "applications/track.html",
        shell=None,
        p=page,
        case=case,
        stages=stages,
        sentence=formats.translated(case.sentence) if case is not None else "",
        steps=[(formats.translated(s.label), format_date(s.on, lang=lang)) for s in case.steps]
        if case is not None
        else [],
        outcome=formats.translated(rules.OUTCOME_LABELS[case.outcome])
        if case is not None and case.outcome is not None
        else "",
        paragraphs=[p for p in case.answer.split("\n\n") if p.strip()] if case is not None else [],
        objection=_objection(case),
        day=lambda on: format_date(on, lang=lang),
        scores=[(str(n), formats.translated(words)) for n, words in rules.SCORE_LABELS.items()],
        solved=formats.choices(rules.SOLVED_LABELS),
        action=_address(page.token, lang),
        other_url=_address(page.token, other),
        other=other,
        title=_("Follow your application"),
        administration=get_text(db_session(), "letter_administration"),
        longest=rules.LONGEST_UNSOLVED,
        longest_comment=rules.LONGEST_COMMENT,
    )


def _address(token: str, lang: str) -> str:
    """The address of the page; Turkish needs no mention."""
    given: dict[str, Any] = {"token": token} if token else {}
    if lang != "tr":
        given["lang"] = lang
    return url_for("TrackingView.track", **given)


_TYPED = ("score", "solved", "manner", "comment", "reason", "no_more")


def _objection(case: Tracked | None) -> str:
    """Where one may turn who does not agree with the result."""
    if case is None or case.only_state or case.ended_on is None:
        return ""
    if case.remedy:
        return case.remedy
    return str(
        _(
            "If you do not agree with the result you may apply again, or bring an action before the administrative court within sixty days of being notified (2577 art. 7)."
        )
    )
