"""What several tests need: filling a database, signing in, naming actors."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

from flask import has_app_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from sqlalchemy import select


class CleanClient(FlaskClient):
    """Each request has an application context and an actor of its own, as on a real server."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Run the request apart from the context of the test, then let the test read anew.

        The answer is read whole at once, so that a file that is sent is closed again.
        """
        kwargs.setdefault("buffered", True)

        def request() -> Any:
            _cv_app.set(None)
            return super(CleanClient, self).open(*args, **kwargs)

        answer = copy_context().run(request)
        if has_app_context():
            from app.extensions import db

            db.session.expire_all()
        return answer


ACCOUNTS = (
    "yonetici",
    "baskan",
    "mudur",
    "sef",
    "operator",
    "masa",
    "cimer",
    "bilgi",
    "birim",
    "teski",
    "protokol",
    "anket",
    "tasinir",
    "kontrol",
    "strateji",
    "rehber",
    "vekil",
    "denetci",
)


def load_everything(applications: int) -> None:
    """Roles, reference data, demo accounts and demo applications, committed."""
    from flask import current_app

    runner = current_app.test_cli_runner()
    for arguments in (
        ["roles", "sync"],
        ["seed"],
        ["demo", "load", "--applications", str(applications), "--seed", "59"],
    ):
        result = runner.invoke(args=arguments)
        assert result.exit_code == 0, (arguments, result.output, result.exception)


def signed_in_client(app: Any, session: Any, username: str) -> Any:
    """A test client whose cookie says that `username` signed in a moment ago."""
    from app.core import clock
    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == username)).one()
    if not user.session_stamp:
        user.session_stamp = f"stamp-of-{username}"
        session.commit()
    client = app.test_client()
    now = clock.now().timestamp()
    with client.session_transaction() as cookie:
        cookie.update(
            _user_id=str(user.id),
            _fresh=True,
            stamp=user.session_stamp,
            signed_in=now,
            seen=now,
            locale="tr",
        )
    return client


def bearer(app: Any, session: Any, username: str) -> dict[str, str]:
    """An Authorization header for the REST API."""
    from flask_jwt_extended import create_access_token

    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == username)).one()
    with app.app_context():
        return {"Authorization": f"Bearer {create_access_token(identity=str(user.id), fresh=True)}"}


def actor_of(app: Any, session: Any, username: str) -> Any:
    """The actor value of a demo account, for services and queries."""
    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == username)).one()
    with app.test_request_context():
        return app.extensions["appbuilder"].sm.actor_of(user)


def registered_case(session: Any, **values: Any) -> Any:
    """A case that has just come in; demo data hold few of them at some hours of the week."""
    from sqlalchemy import select

    from app.applications import services
    from app.applications.rules import Channel, Kind
    from app.core.acting import SYSTEM, acting_as
    from app.models import Topic

    with acting_as(SYSTEM):
        return services.register_application(
            session,
            actor=SYSTEM,
            values={
                "channel": Channel.WEB,
                "kind": Kind.REQUEST,
                "subject": "Kaldırım çöktü",
                "topic_id": session.scalar(select(Topic.id).where(Topic.code == "YOL-01")),
                "is_anonymous": True,
                **values,
            },
        )
