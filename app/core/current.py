"""The session of this request, reached through the application: core does not import extensions."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session


def db_session() -> Session:
    """The Session of this request, out of the registry that the application was built with."""
    session: Session = current_app.extensions["appbuilder"].session()
    return session
