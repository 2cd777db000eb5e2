"""Answers and calls back."""

from __future__ import annotations

import re
from typing import Any

from app.core import clock
from tests.applications.test_feedback_screens.support import one


# --- answers ---------------------------------------------------------------------------------------------
def test_the_desk_writes_an_answer_down_from_the_page_of_the_case(
    client_as: Any, session: Any, answered: Any
) -> None:
    from app.applications.models import Satisfaction
    from app.applications.rules import AnswerMethod

    desk = client_as("masa")
    form = desk.get(f"/satisfaction/add?application={answered.id}").text
    assert answered.number in form
    given = {"application": str(answered.id), "score": "2", "solved": "no", "comment": "Yine bozuk"}
    missing = desk.post("/satisfaction/add", data={**given, "score": ""})
    assert missing.status_code == 422
    assert "Yine bozuk" in missing.text
    saved = desk.post("/satisfaction/add", data=given)
    assert saved.status_code == 302
    assert saved.headers["Location"] == f"/applications/show/{answered.id}"
    row = one(session, Satisfaction, Satisfaction.application_id == answered.id)
    assert (row.score, row.solved.value, row.method) == (2, "no", AnswerMethod.DESK)
    assert row.collected_by_id is not None
    twice = desk.post("/satisfaction/add", data=given)
    assert twice.status_code == 422
    assert "daha önce değerlendirilmiş" in twice.text


def test_answers_are_read_listed_and_exported(client_as: Any, session: Any) -> None:
    manager = client_as("mudur")
    page = manager.get("/satisfaction/list/?tab=answered")
    assert page.status_code == 200
    assert "Memnuniyet" in page.text
    out = manager.post("/satisfaction/export?tab=answered")
    assert out.status_code == 200
    assert "spreadsheetml" in out.headers["Content-Type"]
    assert client_as("birim").get("/satisfaction/list/").status_code in {302, 403, 404}


def test_the_words_of_an_applicant_are_text(client_as: Any, session: Any, answered: Any) -> None:
    from app.applications import services
    from app.applications.rules import AnswerMethod
    from app.core.acting import SYSTEM

    row = services.record_answer(
        session(), application=answered,
        values={"score": 1, "solved": "no", "comment": "<script>alert(1)</script>"},
        method=AnswerMethod.LINK, actor=SYSTEM, now=clock.now(),
    )  # fmt: skip
    session.commit()
    page = client_as("mudur").get(f"/satisfaction/show/{row.id}").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def version_in(page: str) -> str:
    found = re.search(r'name="_version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_number_to_call_stands_behind_a_reason(client_as: Any, session: Any, call: Any) -> None:
    operator = client_as("operator")
    page = operator.get(f"/call-backs/show/{call.id}").text
    assert call.phone
    assert call.phone not in page
    assert call.phone.removeprefix("+90") not in re.sub(r"\s", "", page)
    assert "Görüşmeyi kaydet" in page


def test_a_try_is_noted_and_the_answer_kept(client_as: Any, session: Any, call: Any) -> None:
    from app.applications.models import Satisfaction
    from app.applications.rules import CallState

    operator = client_as("operator")
    form = operator.get(f"/call-backs/call/{call.id}")
    assert form.status_code == 200
    given = {"_version": version_in(form.text)}
    nothing = operator.post(f"/call-backs/call/{call.id}", data={**given, "note": "Öğlen arayın"})
    assert nothing.status_code == 422
    assert "Öğlen arayın" in nothing.text
    half = operator.post(f"/call-backs/call/{call.id}", data={**given, "result": "answered"})
    assert half.status_code == 422
    full = {**given, "result": "answered", "score": "5", "solved": "yes", "manner": "5"}
    done = operator.post(f"/call-backs/call/{call.id}", data=full)
    assert done.status_code == 302
    session.expire_all()
    assert call.state is CallState.ANSWERED
    row = one(
        session, Satisfaction,
        Satisfaction.application_id == call.application_id, Satisfaction.cycle == call.cycle,
    )  # fmt: skip
    assert (row.score, row.method.value) == (5, "call_back")
    again = operator.post(f"/call-backs/call/{call.id}", data=full)
    assert again.status_code in {409, 422}


def test_not_reached_today_is_tried_another_day(client_as: Any, session: Any, call: Any) -> None:
    operator = client_as("operator")
    form = operator.get(f"/call-backs/call/{call.id}").text
    given = {"_version": version_in(form), "result": "not_reached"}
    assert operator.post(f"/call-backs/call/{call.id}", data=given).status_code == 302
    session.expire_all()
    assert call.tries == 1
    assert call.next_on > clock.today()


def test_a_sample_is_drawn_once_for_a_week(client_as: Any, session: Any) -> None:
    from app.applications.models import CallBackSample

    manager = client_as("mudur")
    form = manager.get("/call-back-samples/add")
    assert form.status_code == 200
    sunday = manager.post(
        "/call-back-samples/add", data={"week_on": "04.01.2026", "wanted": "5", "seed": "1"}
    )
    assert sunday.status_code == 422
    taken = one(session, CallBackSample)
    assert taken is not None, "the demo data must hold samples"
    again = manager.post(
        "/call-back-samples/add",
        data={"week_on": taken.week_on.strftime("%d.%m.%Y"), "wanted": "5", "seed": "1"},
    )
    assert again.status_code == 422
    assert "örneklemi zaten var" in again.text
