"""Keys by which other programs come in; the key itself is kept nowhere, only its digest."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.models import Instant, Named, Stamped, code_type, folded, label_type
from app.system.rules.keys import (
    LEAST_RATE,
    MOST_RATE,
    USUAL_RATE,
    KeyChannel,
    KeyScope,
    KeyState,
    key_state,
)


@folded("name", "owner", "contact", "prefix")
class ApiKey(Stamped, Named, Model):
    """The key of one program of one holder: what it opens, how often, until when."""

    __tablename__ = "system_api_key"
    __table_args__ = (
        CheckConstraint(f"rate_limit BETWEEN {LEAST_RATE} AND {MOST_RATE}", name="rate_in_range"),
        CheckConstraint("opens_open311 OR opens_calls", name="opens_something"),
    )

    name: Mapped[str] = mapped_column(label_type(120), index=True, comment="Which program uses it")
    owner: Mapped[str] = mapped_column(label_type(160), comment="Office or company that holds it")
    contact: Mapped[str] = mapped_column(
        String(200), default="", comment="How the holder is reached: e-mail or telephone"
    )
    prefix: Mapped[str] = mapped_column(
        String(12), unique=True, comment="Public part by which the key is recognised"
    )
    secret_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the whole key")
    opens_open311: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Opens the Open311 interface"
    )
    opens_calls: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Opens the webhook of the telephone switch"
    )
    channel: Mapped[KeyChannel] = mapped_column(
        code_type(KeyChannel), default=KeyChannel.MOBILE, comment="Channel of what comes through it"
    )
    rate_limit: Mapped[int] = mapped_column(
        Integer, default=USUAL_RATE, comment="Calls allowed in a minute"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="False: paused")
    expires_on: Mapped[dt.date | None] = mapped_column(
        Date, index=True, comment="Last day on which it opens"
    )
    issued_at: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, comment="The present key was made at"
    )
    last_used_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, index=True, comment="Last use, to the minute"
    )
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Revoked at, for good")
    revoked_reason: Mapped[str] = mapped_column(String(300), default="", comment="Why revoked")
    search_text: Mapped[str] = mapped_column(String(600), default="", comment="Folded, for search")

    @property
    def scopes(self) -> frozenset[KeyScope]:
        """What the key opens."""
        opens = {KeyScope.OPEN311: self.opens_open311, KeyScope.CALLS: self.opens_calls}
        return frozenset(scope for scope, is_open in opens.items() if is_open)

    def state_on(self, day: dt.date) -> KeyState:
        """Whether the key opens anything on that day."""
        return key_state(
            active=self.active, expires_on=self.expires_on, revoked_at=self.revoked_at, today=day
        )
