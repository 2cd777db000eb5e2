"""Files with a step, several units of one case, and what the timeline tells of moved days."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import services
from app.applications.models import (
    Application,
    ApplicationEvent,
    Assignment,
    Topic,
)
from app.applications.rules import (
    AssignmentRole,
    AssignmentState,
    Channel,
    InadmissibleReason,
    Kind,
    Outcome,
    State,
)
from app.core.acting import SYSTEM, acting_as
from app.models import Attachment, Citizen, StaffUser, Unit

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def files(session: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attachments go to a folder of the test."""
    monkeypatch.setenv("HALKLA_DATA", str(tmp_path))


def registered(session: Any, **values: Any) -> Application:
    with acting_as(SYSTEM):
        topic = session.scalars(
            select(Topic).where(Topic.active, Topic.unit_id.is_not(None)).order_by(Topic.id)
        ).first()
        person = session.scalar(select(func.min(Citizen.id)))
        return services.register_application(
            session,
            values={
                "channel": Channel.DESK, "kind": Kind.REQUEST, "topic_id": topic.id,
                "subject": "Çukur", "wants_notice": "none", "citizen": {"id": person}, **values,
            },
            actor=SYSTEM,
        )  # fmt: skip


def units(session: Any, count: int) -> list[int]:
    with acting_as(SYSTEM):
        return list(
            session.scalars(select(Unit.id).where(Unit.active).order_by(Unit.id).limit(count))
        )


def attached(session: Any, case: Application) -> list[str]:
    with acting_as(SYSTEM):
        stmt = select(Attachment.name).where(
            Attachment.owner_type == "Application", Attachment.owner_id == case.id
        )
        return list(session.scalars(stmt))


def intake(session: Any, **values: Any) -> dict[str, Any]:
    topic = session.scalars(select(Topic).where(Topic.active).order_by(Topic.id)).first()
    return {
        "request_key": "dosya-1", "channel": "desk", "kind": "request", "topic": topic.id,
        "subject": "Dosyalı başvuru", "who": "anonymous", "wants_notice": "none", **values,
    }  # fmt: skip


def test_a_file_of_intake_is_kept(session: Any, client_as: Any, files: None) -> None:
    data = intake(session, files=[(io.BytesIO(PDF), "dilekçe.pdf")])
    answer = client_as("operator").post(
        "/applications/new/", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    with acting_as(SYSTEM):
        case = session.scalars(select(Application).order_by(Application.id.desc())).first()
    assert case.subject == "Dosyalı başvuru"
    assert attached(session, case) == ["dilekçe.pdf"]


def test_a_wrong_file_of_intake_is_named_and_nothing_is_kept(
    session: Any, client_as: Any, files: None
) -> None:
    before = session.query(Application).count()
    data = intake(session, files=[(io.BytesIO(b"MZ\x90\x00" * 40), "oyun.pdf")])
    answer = client_as("operator").post(
        "/applications/new/", data=data, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert 'id="files-error"' in answer.get_data(as_text=True)
    assert session.query(Application).count() == before


def test_a_file_of_a_units_answer_is_kept(session: Any, client_as: Any, files: None) -> None:
    with acting_as(SYSTEM):
        person = session.scalars(select(StaffUser).where(StaffUser.username == "birim")).one()
        case = session.scalars(
            select(Application)
            .join(Assignment, Assignment.application_id == Application.id)
            .where(
                Application.state == State.IN_PROGRESS,
                Application.identity_hidden.is_(False),
                Assignment.unit_id == person.unit_id,
                Assignment.role == AssignmentRole.LEAD,
                Assignment.state == AssignmentState.ACCEPTED,
            )
            .order_by(Application.id)
        ).first()
    answer = client_as("birim").post(
        f"/applications/steps/{case.id}/do/unit_answer",
        data={
            "answer_text": "Onarıldı.", "outcome": Outcome.RESOLVED.value,
            "files": [(io.BytesIO(PDF), "tutanak.pdf")],
        },
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    assert "tutanak.pdf" in attached(session, case)


def test_several_units_are_asked_for_action_and_for_information(
    session: Any, client_as: Any
) -> None:
    case = registered(session)
    lead, second, third, informed, later = units(session, 5)
    client = client_as("mudur")
    services.take_to_triage(session, application=case, actor=SYSTEM)
    session.commit()
    answer = client.post(
        f"/applications/steps/{case.id}/do/assign",
        data={
            "lead_unit_id": lead, "more_unit_id": second, "second_unit_id": third,
            "informed_unit_id": informed,
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    page = client.get(f"/applications/show/{case.id}").get_data(as_text=True)
    assert f"/applications/steps/{case.id}/add-unit" in page
    url = f"/applications/steps/{case.id}/add-unit"
    assert client.post(url, data={"unit_ids": "", "role": "action"}).status_code == 422
    assert client.post(url, data={"unit_ids": lead, "role": "action"}).status_code == 422
    done = client.post(url, data={"unit_ids": later, "role": "information", "note": "Bilgi için."})
    assert done.status_code == 302
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment).where(Assignment.application_id == case.id).order_by(Assignment.id)
        ).all()
    assert [(row.unit_id, row.role) for row in rows] == [
        (lead, AssignmentRole.LEAD),
        (second, AssignmentRole.ACTION),
        (third, AssignmentRole.ACTION),
        (informed, AssignmentRole.INFORMATION),
        (later, AssignmentRole.INFORMATION),
    ]


def test_a_record_says_that_its_decision_waits_for_a_letter(session: Any, client_as: Any) -> None:
    case = registered(session)
    session.commit()
    data = {"inadmissible_reason": InadmissibleReason.JUDICIAL_MATTER.value}
    client, url = client_as("sef"), f"/applications/steps/{case.id}/do/declare_inadmissible"
    assert client.post(url, data=data).status_code == 302
    page = client.get(f"/applications/show/{case.id}").get_data(as_text=True)
    assert "Bu kararın yazısı henüz gönderilmedi" in page
    assert "take_decision_back" in page
    assert f"/applications/steps/{case.id}/do/close" not in page
    assert re.search(r'aria-current="step">Cevap<small>bekliyor</small>', page)
    assert re.search(r"\d+ gün", page)


def test_the_timeline_tells_from_which_day_to_which(session: Any, client_as: Any) -> None:
    case = registered(session)
    session.add(
        ApplicationEvent(
            application_id=case.id,
            action="change_deadline",
            note="30.12.2026 Kar tatili",
            details={
                "due_on": ["2026-12-30", "2026-12-31"],
                "goal_on": ["2026-12-15", "2026-12-15"],
            },
        )
    )
    session.commit()
    page = client_as("mudur").get(f"/applications/show/{case.id}").get_data(as_text=True)
    assert "Son gün: 30.12.2026 → 31.12.2026" in page
    assert "30.12.2026 Kar tatili" in page
    assert "15.12.2026 →" not in page


@pytest.mark.parametrize("amount", ["-5", "0", "99999999999999", ""])
def test_a_fee_that_cannot_be_is_told_at_its_field(
    session: Any, client_as: Any, amount: str
) -> None:
    case = registered(session, kind=Kind.INFORMATION)
    (lead,) = units(session, 1)
    services.assign(session, application=case, unit_ids=[], lead_unit_id=lead, actor=SYSTEM)
    services.accept(session, application=case, actor=SYSTEM, unit_id=lead)
    session.commit()
    answer = client_as("bilgi").post(
        f"/applications/steps/{case.id}/do/demand_fee", data={"note": "Fotokopi", "amount": amount}
    )
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.get_data(as_text=True)


def test_more_time_is_asked_for_also_before_the_unit_took_the_case(
    session: Any, client_as: Any
) -> None:
    case = registered(session, kind=Kind.INFORMATION)
    (lead,) = units(session, 1)
    services.assign(session, application=case, unit_ids=[], lead_unit_id=lead, actor=SYSTEM)
    session.commit()
    assert case.state is State.ASSIGNED
    client = client_as("bilgi")
    page = client.get(f"/applications/show/{case.id}").get_data(as_text=True)
    card = client.get(f"/cards/Application/{case.id}/information").get_data(as_text=True)
    found = re.search(r'href="([^"]*extend[^"]*)"', page + card)
    assert found is not None
    data = {"extension_reason": "another_unit", "note": "Arşiv taranıyor."}
    answer = client.post(html.unescape(found.group(1)), data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    session.refresh(case)
    assert case.state is State.EXTENSION_REQUESTED
    # The unit can still take its case, and goes on when the time has been granted or refused.
    services.accept(session, application=case, actor=SYSTEM, unit_id=lead)
    services.refuse_extension(session, application=case, reason="x", actor=SYSTEM)
    assert case.state is State.IN_PROGRESS
