"""The information case beside its application: made, counted, decided, extended, appealed, followed."""

from __future__ import annotations

import datetime as dt

from app.applications import services
from app.applications.models import (
    Reply,
)
from app.applications.queries.information import find_information_case
from app.applications.rules import (
    Kind,
)
from app.applications.rules.information import (
    AccessForm,
    AppealForum,
    InformationDecision,
)
from tests.applications.office import MONDAY, day

D = dt.date.fromisoformat


foi = services.information


def fields(refused):
    return {v.field for v in refused.value.violations}


def told(refused):
    return " ".join(str(v) for v in refused.value.violations)


def case_of(db, application):
    return find_information_case(db, application.id)


def in_triage(office, db, **values):
    case = office.register(kind=Kind.INFORMATION, **values)
    services.take_to_triage(db, application=case, actor=office.actor("foi"), now=MONDAY)
    return case


def decide(office, db, application, decision, *, who="foi", now=None, **values):
    return foi.decide(
        db, application=application, decision=decision, actor=office.actor(who),
        now=now or day(18), **values,
    )  # fmt: skip


def partial(office, db, law, application, **values):
    given = {
        "ground_ids": [law["m.9"], law["m.21"]],
        "reason": "İşçi adları özel hayata ilişkindir.",
        "removed": "23 sayfadaki işçi adları",
        "access_form": AccessForm.CERTIFIED_COPY,
        "pages": 188,
        **values,
    }
    return decide(office, db, application, InformationDecision.PARTIAL, **given)


def send(office, db, reply, *, now):
    services.approve_reply(db, reply=reply, actor=office.actor("manager"), now=now)
    return services.send_reply(db, reply=reply, actor=office.actor("foi"), now=now)


def partial_sent(office, db, law):
    application = in_triage(office, db)
    case = partial(office, db, law, application, submit=True)
    send(office, db, db.get(Reply, case.reply_id), now=day(20))
    return application


def appeal(office, db, application, *, now=None, **values):
    given = {
        "forum": AppealForum.BOARD,
        "filed_on": D("2026-03-30"),
        "notified_on": D("2026-03-23"),
        "note": "Adların kapatılmasına itiraz",
        "file_no": "2026/114",
        **values,
    }
    return foi.file_appeal(
        db, application=application, actor=office.actor("foi"), now=now or day(31), **given
    )
