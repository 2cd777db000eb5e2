"""Promise 5: whose identity is hidden is told by no screen, no file, no message and no trail, to nobody.

Ten thousand examples in all: most of them on the layers that decide (texts, values, forms, rows of
files, what a helper draws), some hundreds through the services and over HTTP on every surface that
is found at run time (test_05_hidden_surfaces.py).
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.applications import services
from app.applications.models import Application
from app.applications.rules import Channel, Kind, ReplyKind, ResendReason
from app.applications.services.hidden import mask_personal, masked_values, without_identity
from app.core import clock
from app.core.acting import acting_as
from app.core.rules import RuleViolation
from app.people.models import Citizen
from tests.applications import conftest as desk
from tests.trust.hidden_people import (
    EXAMPLES,
    SEEDS,
    Person,
    everything_about,
    examples,
    people,
    text_of,
)

# Fixtures of that folder: pytest finds them by the names they have here.
small_house, planted_house = desk.small_house, desk.planted_house
db, office = desk.db, desk.office


def test_there_are_ten_thousand_examples() -> None:
    assert sum(EXAMPLES.values()) >= 10_000


# --- what a text tells -------------------------------------------------------------------------------
def test_a_masked_text_tells_nobody() -> None:
    done = Counter()

    @examples("texts")
    @given(people, SEEDS)
    def one(person: Person, seed: int) -> None:
        done["n"] += 1
        text = text_of(person, seed)
        assert person.told_by(text), "the test would find it"
        assert person.told_by(mask_personal(text)) == []

    one()
    assert done["n"] >= EXAMPLES["texts"]


# --- what the values keep ------------------------------------------------------------------------------
def test_values_of_a_hidden_identity_hold_no_applicant() -> None:
    done = Counter()

    @examples("values")
    @given(people, SEEDS, st.booleans())
    def one(person: Person, seed: int, flagged: bool) -> None:
        done["n"] += 1
        given_values = {
            **person.values(), "identity_hidden": flagged, "citizen_id": 7, "subject": "Gürültü",
            "body": text_of(person, seed), "street": "Atatürk Caddesi", "wants_notice": "sms",
        }  # fmt: skip
        kept = without_identity(given_values)
        assert not {
            "citizen",
            "citizen_id",
            "contact_phone",
            "contact_email",
            "on_behalf_of",
        } & set(kept)
        assert (kept["identity_hidden"], kept["wants_notice"]) == (True, "none")
        assert person.told_by(json.dumps(masked_values(kept), ensure_ascii=False)) == []

    one()
    assert done["n"] >= EXAMPLES["values"]


# --- what the form reads ----------------------------------------------------------------------------------
def test_the_form_reads_nothing_about_a_hidden_applicant(app: Any) -> None:
    from flask import render_template

    from app.applications.views.cimer.entry_form import IDENTITY_FIELDS, CimerEntryForm

    done = Counter()
    with app.test_request_context("/cimer/new/"):

        @examples("forms")
        @given(people, st.sampled_from(["cimer", "parliament", "governor"]))
        def one(person: Person, channel: str) -> None:
            done["n"] += 1
            posted = {
                **person.posted(), "channel": channel, "kind": "tipoff", "identity_hidden": "y",
                "subject": "Gürültü", "received_on": "2026-07-03", "external_ref": "2611223344",
            }  # fmt: skip
            form = CimerEntryForm(MultiDict(posted))
            form.hide_identity()
            form.validate()
            assert not set(form._fields) & set(IDENTITY_FIELDS)
            told = json.dumps(form.to_values(clock.now()), default=str, ensure_ascii=False)
            assert person.told_by(told) == []
            drawn = "".join(str(field()) for field in form)
            assert person.told_by(drawn) == []

        one()
        # The part with the fields of the applicant is empty whatever was typed before.
        assert 'value="05' not in render_template(
            "applications/cimer_identity.html", form=CimerEntryForm()
        )
    assert done["n"] >= EXAMPLES["forms"]


# --- what a row of a file becomes --------------------------------------------------------------------------
def test_a_row_of_a_hidden_identity_keeps_no_person(db: Any) -> None:
    from app.applications.services import imports
    from app.applications.services.imports.plans import plan_of
    from app.applications.services.imports.rows import Preparer
    from app.data import seed as reference

    reference.load_reference(db)
    imports.ensure_shipped(db)
    plan = plan_of(imports.find_mapping(db, "cimer"))
    done = Counter()
    preparer = Preparer(db, plan, now=clock.now())

    @examples("rows")
    @given(people, st.sampled_from(["Gizli", "evet", "Evet", "1", "x", "bilinmiyor"]))
    def one(person: Person, word: str) -> None:
        done["n"] += 1
        row = {
            "Başvuru No": str(2_600_000_000 + done["n"]), "Başvuru Tarihi": "01.07.2026 10:00",
            "Geliş Tarihi": "03.07.2026 09:00", "Başvuru Türü": "İhbar", "Konu": "Gürültü",
            "Metin": "Gece gürültü var.", "Ad": person.first, "Soyad": person.last,
            "Telefon": f"0{person.phone}", "E-posta": person.email, "Kimlik Gizli": word,
        }  # fmt: skip
        prepared = preparer.prepare(done["n"], row)
        assert prepared.is_hidden or prepared.values.get("identity_hidden")
        told = json.dumps(
            [dict(prepared.values), dict(prepared.person)], default=str, ensure_ascii=False
        )
        assert person.told_by(told) == []

    one()
    assert done["n"] >= EXAMPLES["rows"]


# --- what is drawn, even of a row that the database would refuse ----------------------------------------------
def test_nothing_draws_an_applicant_even_if_there_were_one(db: Any, office: Any, app: Any) -> None:
    from app.applications.services.letters import _recipient
    from app.applications.services.notices import way_to
    from app.applications.views.conditions import applicant
    from app.applications.views.record import person_context

    officer, done = office.actor("manager"), Counter()
    with app.test_request_context("/"):

        @examples("drawn")
        @given(people, st.sampled_from(["sms", "email", "none"]))
        def one(person: Person, notice: str) -> None:
            done["n"] += 1
            citizen = Citizen(id=1, **person.values()["citizen"])
            case = Application(
                id=1, number="2026-0000001", identity_hidden=True, is_anonymous=False, citizen_id=1,
                citizen=citizen, contact_phone=f"+90{person.phone}", contact_email=person.email,
                on_behalf_of=person.full, wants_notice=notice,
            )  # fmt: skip
            with acting_as(officer):
                told = [
                    str(applicant(citizen, case)), str(person_context(case, officer)),
                    str(_recipient(case)), str(way_to(db, case)),
                ]  # fmt: skip
            assert [person.told_by(text) for text in told] == [[], [], [], []]

        one()
    assert done["n"] >= EXAMPLES["drawn"]


# --- what the services leave behind -----------------------------------------------------------------------------
def test_the_services_leave_nothing_behind(db: Any, office: Any) -> None:
    from app.applications.services.letters import letter_for
    from app.core.documents.letter import letter_data

    done, officer = Counter(), office.actor("cimer")
    # A caller is a person of our own; nothing of theirs may come to stand beside the case.
    operator = office.actor("operator")

    @examples("services")
    @given(people, SEEDS, SEEDS)
    def one(person: Person, seed: int, other: int) -> None:
        done["n"] += 1
        savepoint = db.begin_nested()
        try:
            now = clock.now()
            base = {
                "channel": Channel.CIMER, "kind": Kind.TIPOFF, "external_ref": "2611223344",
                "external_source": "cimer", "external_received_at": now, "topic_id": office.topic.id,
                "subject": "İhbar", "body": mask_personal(text_of(person, seed)), "identity_hidden": True,
            }  # fmt: skip
            with pytest.raises(RuleViolation), db.begin_nested():
                services.register_application(
                    db, values={**base, **person.values()}, actor=officer, now=now
                )
            before = db.scalar(select(func.count(Citizen.id)))
            case = services.register_application(
                db, values=without_identity({**base, **person.values()}), actor=officer, now=now
            )
            services.receive_resend(
                db, application=case, actor=officer, now=now, at=now, reason=ResendReason.UNSATISFIED,
                text=mask_personal(text_of(person, other)),
            )  # fmt: skip
            services.add_note(db, application=case, text=mask_personal(text_of(person, other)),
                              actor=officer, now=now)  # fmt: skip
            services.join_application(
                db, application=case, text="Bir kişi daha aradı.", actor=operator,
                citizen=person.values()["citizen"], now=now,
            )  # fmt: skip
            for name, value in (
                ("contact_phone", f"+90{person.phone}"), ("contact_email", person.email),
                ("on_behalf_of", person.full), ("citizen_id", office.citizen.id),
            ):  # fmt: skip
                with pytest.raises(RuleViolation), db.begin_nested():
                    setattr(case, name, value)
                    db.flush()
                db.refresh(case)
            db.flush()
            assert db.scalar(select(func.count(Citizen.id))) == before
            assert person.told_by(everything_about(db, case.id)) == []
            services.take_to_triage(db, application=case, actor=office.actor("manager"), now=now)
            letter = services.draft_reply(
                db, application=case, body="Gereği yapıldı.", kind=ReplyKind.PROGRESS,
                actor=office.actor("manager"), now=now,
            )  # fmt: skip
            db.flush()
            paper, _files = letter_data(letter_for(db, letter))
            assert person.told_by(json.dumps(paper, default=str, ensure_ascii=False)) == []
        finally:
            savepoint.rollback()
            db.expire_all()

    one()
    assert done["n"] >= EXAMPLES["services"]
