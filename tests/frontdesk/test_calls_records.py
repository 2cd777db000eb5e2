"""The records of the call centre over HTTP: calls, shifts, hand-over notes, knowledge, charts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.identifiers import format_phone
from app.frontdesk.charts import CALL_CHARTS
from app.frontdesk.models import Call, KnowledgeItem, Shift, ShiftNote
from app.frontdesk.models.shifts import note_readings
from app.frontdesk.rules.calls import CallPhase, CallResult
from app.models import AuditEvent
from tests.frontdesk.calls_support import tell, text_of, user_id


# --- records -----------------------------------------------------------------------------------------------
def test_hearing_a_recording_needs_the_right_and_a_reason(session: Any, client_as: Any) -> None:
    call = session.scalars(select(Call).where(Call.recording_ref != "").limit(1)).one()
    place = call.recording_ref
    chief = client_as("sef")
    assert place not in text_of(chief.get(f"/calls/show/{call.id}"))
    chief.post(f"/calls/listen/{call.id}", data={"reason": "x"})
    assert place not in text_of(chief.get(f"/calls/show/{call.id}"))
    chief.post(f"/calls/listen/{call.id}", data={"reason": "Şikâyet incelemesi"})
    assert place in text_of(chief.get(f"/calls/show/{call.id}"))
    noted = session.scalars(
        select(AuditEvent).where(
            AuditEvent.verb == "reveal",
            AuditEvent.entity == "Call",
            AuditEvent.record_id == call.id,
        )
    ).all()
    assert [one.summary for one in noted] == ["Şikâyet incelemesi"]
    for name in ("denetci", "strateji"):
        client = client_as(name)
        assert place not in text_of(client.get(f"/calls/show/{call.id}"))
        refused = client.post(f"/calls/listen/{call.id}", data={"reason": "Merak ettim"})
        assert refused.status_code in {302, 403}
        assert place not in text_of(client.get(f"/calls/show/{call.id}"))


def test_a_forgotten_result_is_entered_afterwards(session: Any, client_as: Any) -> None:
    call = tell(session(), ("ringing", 90), ("answered", 80), ("hangup", 40), operator="operator")
    call.phase = CallPhase.CLOSED
    session.commit()
    client = client_as("operator")
    wrong = client.post(
        f"/calls/edit/{call.id}", data={"result": "abandoned", "_version": call.version}
    )
    assert wrong.status_code == 422
    right = client.post(
        f"/calls/edit/{call.id}",
        data={"result": "informed", "note": "Anlatıldı", "_version": call.version},
    )
    assert right.status_code == 302, text_of(right)[-3000:]
    session.expire_all()
    call = session.get(Call, call.id)
    assert (call.result, call.note) == (CallResult.INFORMED, "Anlatıldı")


def test_lists_filter_by_what_charts_drill_into(session: Any, client_as: Any) -> None:
    client = client_as("sef")
    for query in (
        "tab=today", "tab=abandoned", "result=informed", "direction=out", "answered=1", "weekday=1&hour=9",
        "half=20", "wait_from=20", "talk_to=60", "first_contact=1", "q=0532+000+11+22", "q=2026-0000001",
        "sort=talk_seconds", "sort=-wait_seconds", "started_from=2026-11-01&started_to=2026-11-30",
    ):  # fmt: skip
        answer = client.get(f"/calls/list/?{query}")
        assert answer.status_code == 200, query
        assert "errorlist" not in text_of(answer)
    number = session.scalar(select(Call.number).where(Call.number != "").limit(1))
    found = text_of(client.get(f"/calls/list/?tab=all&q={number.replace('+', '%2B')}"))
    assert "*** **" in found
    assert format_phone(number) not in found


# --- shifts, notes, knowledge -----------------------------------------------------------------------------
def test_the_shift_begins_and_the_note_is_acknowledged(session: Any, client_as: Any) -> None:
    client = client_as("operator")
    page = text_of(client.get("/calls/now/"))
    assert "Vardiyaya başla" in page
    client.post("/shifts/begin", data={"seat": "1201", "next": "/calls/now/"})
    me = user_id(session, "operator")
    now = clock.now()
    shift = session.scalars(
        select(Shift).where(Shift.operator_id == me, Shift.starts_at <= now, Shift.ends_at > now)
    ).one()
    assert shift.signed_in_at is not None
    assert "Vardiyaya başla" not in text_of(client.get("/calls/now/"))
    client_as("sef").post(
        "/shift-notes/add", data={"text": "Hat onarıldı, duyuru yapıldı.", "open_matters": ""}
    )
    note = session.scalars(select(ShiftNote).order_by(ShiftNote.id.desc())).first()
    assert "Hat onarıldı" in text_of(client.get("/calls/now/"))
    assert "Hat onarıldı" in text_of(client.get("/"))
    answer = client.post(f"/shift-notes/acknowledge/{note.id}", data={"next": "/calls/now/"})
    assert answer.headers["Location"].endswith("/calls/now/")
    readers = session.scalars(
        select(note_readings.c.user_id).where(note_readings.c.note_id == note.id)
    ).all()
    assert readers == [me]
    assert "Hat onarıldı" not in text_of(client.get("/calls/now/"))
    outside = client.post(
        f"/shift-notes/acknowledge/{note.id}", data={"next": "https://evil.example/"}
    )
    assert "evil" not in outside.headers["Location"]


def test_a_swap_is_asked_for_on_the_screen_and_decided_by_the_chief(
    session: Any, client_as: Any
) -> None:
    me, other = user_id(session, "operator"), user_id(session, "operator2")
    chief = client_as("sef")
    for who, day, status in ((me, "2031-03-03", 302), (me, "2031-03-03", 422)):
        answer = chief.post(
            "/shifts/add",
            data={
                "operator": str(who),
                "on": day,
                "kind": "day",
                "state": "planned",
                "seat": "1201",
            },
        )
        assert answer.status_code == status
    shift = session.scalars(select(Shift).order_by(Shift.id.desc())).first()
    client = client_as("operator")
    assert "Değişim iste" in text_of(client.get(f"/shifts/show/{shift.id}"))
    client.post(f"/shifts/swap/{shift.id}", data={"colleague": str(other), "note": "Toplantı"})
    assert client.post(f"/shifts/decide/{shift.id}", data={"answer": "yes"}).status_code in {
        302,
        403,
    }
    session.expire_all()
    assert session.get(Shift, shift.id).operator_id == me
    assert "Değişimi onayla" in text_of(chief.get(f"/shifts/show/{shift.id}"))
    chief.post(f"/shifts/decide/{shift.id}", data={"answer": "yes"})
    session.expire_all()
    assert session.get(Shift, shift.id).operator_id == other
    assert "1201" in text_of(chief.get("/shifts/week?from=2031-03-03"))
    chief.post("/shifts/copy", data={"from": "2031-03-10"})
    copied = session.scalars(select(Shift).order_by(Shift.id.desc())).first()
    assert (copied.on.isoformat(), copied.operator_id) == ("2031-03-10", me)
    assert client.post("/shifts/copy", data={"from": "2031-03-17"}).status_code in {302, 403}
    assert session.scalar(select(Shift.id).where(Shift.on > copied.on)) is None


def test_only_its_writer_changes_a_note(session: Any, client_as: Any) -> None:
    note = session.scalars(select(ShiftNote).order_by(ShiftNote.id)).first()
    answer = client_as("sef").post(
        f"/shift-notes/edit/{note.id}", data={"text": "Başka", "_version": note.version}
    )
    assert answer.status_code == 422
    session.expire_all()
    assert session.get(ShiftNote, note.id).text != "Başka"


def test_a_knowledge_item_is_written_on_the_screen(session: Any, client_as: Any) -> None:
    chief = client_as("sef")
    assert 'name="active"' in text_of(chief.get("/knowledge/add"))
    data = {
        "title": "Deneme sorusu", "answer": "Deneme cevabı", "questions": "sınama",
        "owner": str(user_id(session, "sef")), "review_on": "2031-01-01", "active": "y",
    }  # fmt: skip
    assert chief.post("/knowledge/add", data={**data, "owner": ""}).status_code == 422
    assert chief.post("/knowledge/add", data=data).status_code == 302
    item = session.scalars(select(KnowledgeItem).order_by(KnowledgeItem.id.desc())).first()
    assert (item.edition, item.active) == (1, True)
    answer = chief.post(
        f"/knowledge/edit/{item.id}", data={**data, "answer": "Yeni", "_version": item.version}
    )
    assert answer.status_code == 302
    session.expire_all()
    assert session.get(KnowledgeItem, item.id).edition == 2
    operator = client_as("operator")
    assert operator.post("/knowledge/add", data=data).status_code in {302, 403}
    told = operator.post(
        f"/knowledge/outdated/{item.id}", data={"text": "Yanlış"}, follow_redirects=True
    )
    assert "Sahibine bildirildi" in text_of(told)
    assert "Deneme sorusu" in text_of(operator.get("/search/?q=deneme+sorusu"))


# --- pages of everybody -------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["operator", "sef", "mudur", "denetci", "baskan"])
def test_every_page_opens_for_whoever_may(session: Any, client_as: Any, username: str) -> None:
    client = client_as(username)
    for path in (
        "/", "/calls/list/", "/calls/charts/", "/shifts/list/", "/shifts/week", "/shift-notes/list/",
        "/knowledge/list/", "/knowledge/charts/", "/call-imports/list/", "/call-mappings/list/",
    ):  # fmt: skip
        assert client.get(path).status_code in {200, 302, 403}, path
    assert client.get("/calls/list/").status_code == 200


@pytest.mark.parametrize("key", [chart.key for chart in CALL_CHARTS])
def test_charts_are_drawn_for_the_chief_and_for_own_calls(client_as: Any, key: str) -> None:
    for name in ("sef", "operator"):
        assert client_as(name).get(f"/calls/charts/{key}.json").status_code == 200, name
