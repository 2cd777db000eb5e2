"""Promise 5 over HTTP: cases of hidden people come in through every door, and no surface tells who they are."""

from __future__ import annotations

import io
import logging
from collections import Counter
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, or_, select

from app.applications import services
from app.applications.models import Application, Reply
from app.applications.rules import ReplyKind
from app.applications.services.hidden import mask_personal
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from tests.trust.hidden_people import everything_about, examples, person_of, text_of
from tests.trust.roles_support import charts, resources, screens

#: Who sees the cases, who runs the house, who reads everything, and some who see none of them.
READERS = ("cimer", "mudur", "denetci", "yonetici", "operator", "masa", "birim", "baskan")
_MORE = 6


def readable(answer: Any) -> str:
    """What can be read in an answer, also inside a workbook or a paper."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with ZipFile(io.BytesIO(data)) as box:
            return "\n".join(box.read(name).decode("utf-8", "replace") for name in box.namelist())
    if data[:4] == b"%PDF":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return str(data.decode("utf-8", "replace"))


class Planted:
    """Applications of hidden people that came through every door, and the people themselves."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.persons = [person_of(seed) for seed in range(101, 101 + _MORE)]
        self.refs = [f"26{index:02}998877" for index in range(_MORE)]

    def take_in(self, client: Any, machine: Any, token: dict[str, str]) -> None:
        """Quick entry, intake, REST; each is sent everything about the person."""
        with acting_as(SYSTEM):
            topic = self.session.scalar(select(func.min(_topics().id)))
            district = self.session.scalar(select(func.min(_districts().id)))
        for index, (person, ref) in enumerate(zip(self.persons, self.refs, strict=True)):
            common = {
                **person.posted(), "channel": "cimer", "kind": "tipoff", "identity_hidden": "y",
                "external_ref": ref, "topic": topic, "district": district, "subject": "İhbar",
                "body": text_of(person, index), "request_key": f"gizli-{index}",
            }  # fmt: skip
            if index % 3 == 0:
                given_values = {
                    **common, "received_on": clock.today().isoformat(), "step": "again", "personal": "mask",
                }  # fmt: skip
                answer = client.post("/cimer/new/", data=given_values)
            elif index % 3 == 1:
                form = {**common, "body": mask_personal(common["body"]), "step": "again"}
                answer = client.post("/applications/new/", data=form)
            else:
                body = {
                    "channel": "cimer", "kind": "tipoff", "external_source": "cimer", "external_ref": ref,
                    "topic_id": topic, "subject": "İhbar", "body": mask_personal(common["body"]),
                    "identity_hidden": True,
                }  # fmt: skip
                refused = machine.post(
                    "/api/v1/application/",
                    json={**body, "contact_phone": person.phone},
                    headers=token,
                )
                assert refused.status_code in {400, 422}, refused.status_code
                answer = machine.post("/api/v1/application/", json=body, headers=token)
            assert answer.status_code in {201, 302}, (index, answer.status_code)
        with acting_as(SYSTEM):
            found = select(Application).where(Application.external_ref.in_(self.refs))
            self.cases = list(self.session.scalars(found.order_by(Application.id)))
        assert len(self.cases) == _MORE

    def told_by(self, text: str) -> list[str]:
        """What a text tells about any of them."""
        return [one for person in self.persons for one in person.told_by(text)]


def _topics() -> Any:
    from app.models import Topic

    return Topic


def _districts() -> Any:
    from app.models import District

    return District


def addresses(app: Any, planted: Planted) -> list[tuple[str, str, dict[str, str]]]:
    """(method, address, form) of each surface: found from what is registered, not from a list here."""
    from app.core.rooms import cards_of

    pks = [case.id for case in planted.cases]
    found: list[tuple[str, str, dict[str, str]]] = []

    def ask(path: str, **form: str) -> None:
        found.append(("POST" if form else "GET", path, form))

    for view in screens(app):
        ask(f"{view.route_base}/list/?tab=all&sort=-id")
        ask(f"{view.route_base}/list/")
        for pk in _rows_about(planted, view.model):
            ask(f"{view.route_base}/show/{pk}")
            ask(f"{view.route_base}/edit/{pk}")
            ask(f"{view.route_base}/history/{pk}")
        for kind in ("csv", "xlsx"):
            ask(f"{view.route_base}/export?tab=all", format=kind)
    for chart in charts(app):
        ask(f"{chart.route_base}/")
        for one in chart.charts_shown:
            ask(f"{chart.route_base}/{one.key}.json?kind=tipoff")
    for api in resources(app):
        ask(f"{api.route_base}/?q=(page_size:50)")
        for pk in _rows_about(planted, api.datamodel.obj):
            ask(f"{api.route_base}/{pk}")
    for pk in pks:
        for card in cards_of("Application"):
            ask(f"/cards/Application/{pk}/{card.key}")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint in {"static", "appbuilder.static"}:
            continue
        if not rule.arguments:
            ask(rule.rule)
        elif rule.arguments == {"pk"} and "application" in rule.rule + rule.endpoint.lower():
            ask(rule.rule.replace("<int:pk>", str(pks[0])))
        elif rule.arguments == {"pk"} and rule.rule.startswith("/cimer/"):
            ask(rule.rule.replace("<int:pk>", str(pks[-1])))
    for case in planted.cases:
        ask(f"/search/palette?q={case.number}")
        ask(f"/lookup/application?q={case.number}")
    return list(dict.fromkeys((m, p, tuple(f.items())) for m, p, f in found))  # type: ignore[misc]


def _rows_about(planted: Planted, model: type) -> list[int]:
    """Newest rows of a model that belong to a planted case, else its newest row."""
    table: Any = model.__table__  # type: ignore[attr-defined]
    pks = [case.id for case in planted.cases]
    if model is Application:
        return pks
    conditions = []
    if "application_id" in table.c:
        conditions.append(table.c.application_id.in_(pks))
    if {"owner_type", "owner_id"} <= set(table.c.keys()):
        conditions.append((table.c.owner_type == "Application") & table.c.owner_id.in_(pks))
    if {"entity", "record_id"} <= set(table.c.keys()):
        conditions.append((table.c.entity == "Application") & table.c.record_id.in_(pks))
    if "id" not in table.c:
        return []
    stmt = select(table.c.id).order_by(table.c.id.desc())
    if conditions:
        stmt = stmt.where(or_(*conditions))
    return list(planted.session.connection().execute(stmt.limit(3)).scalars())


@pytest.fixture
def planted(app: Any, session: Any, client_as: Any, token_of: Any) -> Planted:
    """The cases, and beside them what people do with a case: a note, a letter, a re-send, a merge."""
    made = Planted(session)
    client = client_as("cimer")
    made.take_in(client, app.test_client(), token_of("cimer"))
    first, last = made.cases[0], made.cases[-1]
    text = {"note": text_of(made.persons[0], 5), "_mask": "1"}
    assert client.post(f"/applications/steps/{first.id}/note", data=text).status_code == 302
    again = {"at": clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M"), "reason": "unsatisfied",
             "text": text_of(made.persons[-1], 6), "_mask": "1"}  # fmt: skip
    assert client.post(f"/cimer/cases/{last.id}/resend", data=again).status_code == 302
    with acting_as(SYSTEM):
        real = session()
        services.take_to_triage(real, application=first, actor=SYSTEM, now=clock.now())
        services.draft_reply(
            real, application=first, body="Gereği yapıldı.", kind=ReplyKind.PROGRESS, actor=_writer(session),
            now=clock.now(),
        )  # fmt: skip
        real.commit()
    return made


def _writer(session: Any) -> Any:
    """An actor with an account, because a letter has a writer."""
    from app.core.acting import Actor
    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == "mudur")).one()
    return Actor(user_id=user.id, name="mudur", is_system=True)


def test_no_surface_tells_who_applied(
    app: Any, session: Any, client_as: Any, token_of: Any, planted: Planted, caplog: Any
) -> None:
    surfaces = addresses(app, planted)
    assert len(surfaces) > 300
    browsers = {name: client_as(name) for name in READERS}
    tokens = {name: token_of(name) for name in READERS}
    machine = app.test_client()
    asked: Counter[int] = Counter()
    caplog.set_level(logging.DEBUG)

    def look(reader: str, surface: tuple[str, str, Any]) -> None:
        method, path, form = surface
        if path.startswith("/api/"):
            answer = machine.get(path, headers=tokens[reader])
        elif method == "POST":
            answer = browsers[reader].post(path, data=dict(form))
        else:
            answer = browsers[reader].get(path)
        asked[answer.status_code] += 1
        assert answer.status_code < 500 or path == "/health/ready", (reader, path)
        assert planted.told_by(readable(answer)) == [], (reader, path)

    @examples("http")
    @given(st.sampled_from(READERS), st.sampled_from(surfaces))
    def one(reader: str, surface: tuple[str, str, Any]) -> None:
        look(reader, surface)

    one()
    # What speaks of these cases is looked at wholly, by the officer who may see all of it.
    close = (
        "/applications/show",
        "/applications/edit",
        "/cards/",
        "/search/",
        "/lookup/",
        "/cimer/cases",
    )
    for surface in surfaces:
        if surface[1].startswith(close):
            look("cimer", surface)
    assert asked[200] > 100
    assert planted.told_by("\n".join(record.getMessage() for record in caplog.records)) == []
    for case in planted.cases:
        assert planted.told_by(everything_about(session, case.id)) == []


def test_whoever_searches_for_the_name_finds_no_case(
    session: Any, client_as: Any, planted: Planted
) -> None:
    client = client_as("cimer")
    numbers = [case.number for case in planted.cases]
    for person in planted.persons:
        for word in (person.last, person.phone, person.email, person.national_id, person.full):
            for path in (
                "/applications/list/?tab=all&q=", "/search/palette?q=", "/lookup/application?q=",
                "/lookup/citizen?q=", "/citizens/list/?q=", "/applications/new/people?q=",
            ):  # fmt: skip
                text = client.get(path + word).get_data(as_text=True)
                assert not [number for number in numbers if number in text], (path, word)


def test_letters_and_papers_name_nobody(session: Any, client_as: Any, planted: Planted) -> None:
    client, case = client_as("mudur"), planted.cases[0]
    with acting_as(SYSTEM):
        reply = session.scalars(select(Reply).where(Reply.application_id == case.id)).first()
    seen = 0
    for kind in ("pdf", "docx"):
        answer = client.get(f"/applications/steps/{case.id}/letter/{reply.id}.{kind}")
        assert answer.status_code == 200
        text = readable(answer)
        seen += "Gereği yapıldı" in text
        assert planted.told_by(text) == []
    assert seen == 2, "the letters can be read"


def test_nobody_is_written_to_about_a_hidden_case(session: Any, planted: Planted) -> None:
    from app.models import Notification, StaffUser

    with acting_as(SYSTEM):
        pks = [case.id for case in planted.cases]
        sent = session.scalars(
            select(Notification).where(
                Notification.owner_type == "Application", Notification.owner_id.in_(pks)
            )
        ).all()
        staff = set(session.scalars(select(StaffUser.email)))
    assert [one for one in sent if one.recipient and one.recipient not in staff] == []


def test_nothing_in_the_whole_house_stands_beside_a_hidden_case(
    session: Any, planted: Planted
) -> None:
    """Whatever table a room adds: beside a hidden case its personal columns are empty, also in the demo."""
    with acting_as(SYSTEM):
        hidden = select(Application.id).where(Application.identity_hidden)
        found = session.scalar(select(func.count()).select_from(hidden.subquery()))
        assert found >= len(planted.cases) > 0
        for mapper in Application.registry.mappers:
            table: Any = mapper.local_table
            if "application_id" not in table.c:
                continue
            names = {*getattr(mapper.class_, "PERSONAL", ())} & set(table.c.keys())
            names |= {
                column.name for column in table.c
                for key in column.foreign_keys if key.column.table.name == "people_citizen"
            }  # fmt: skip
            for name in names:
                column = table.c[name]
                stands = column.is_not(None)
                if column.type.python_type is str:
                    stands = stands & (column != "")
                stmt = select(func.count()).where(table.c.application_id.in_(hidden), stands)
                assert session.scalar(stmt) == 0, (table.name, name)
