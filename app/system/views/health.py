"""For supervisors and monitors: alive, ready, and figures. No permission, nothing personal."""

from __future__ import annotations

import os
import secrets
from typing import Any

from flask import Response, abort, current_app, jsonify, request
from flask_appbuilder import BaseView, expose
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import OperationalError

from app.core import ports
from app.core.acting import SYSTEM, acting_as
from app.extensions import db
from app.system.queries.health import heartbeat_age, list_checks
from app.system.queries.jobs import (
    count_jobs,
    count_messages,
    outbox_age_seconds,
    queue_age_seconds,
)
from app.system.rules import JobState, NotificationState

_TOKEN = "HALKLA_METRICS_TOKEN"  # noqa: S105  # The name of a setting, not its value.


def is_local_request() -> bool:
    """Say whether this machine itself asks; a proxy in between does not count as this machine."""
    forwarded = any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
    )
    return not forwarded and request.remote_addr in {"127.0.0.1", "::1"}


def has_metrics_token() -> bool:
    """Say whether the request carries the monitor's token."""
    wanted = current_app.config.get(_TOKEN) or os.environ.get(_TOKEN, "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    return bool(wanted) and secrets.compare_digest(given.encode(), wanted.encode())


class HealthView(BaseView):
    """The public addresses of operations."""

    route_base = ""
    default_view = "live"

    @expose("/health/live")
    def live(self) -> Response:
        """The process answers; nothing else is asked, so that a broken database restarts nothing."""
        return jsonify(status="ok")

    @expose("/health/ready")
    def ready(self) -> Any:
        """200 while requests can be served; 503 names what is missing."""
        with acting_as(SYSTEM):
            checks = list_checks(db.session())
        is_ready = all(check.is_well for check in checks if check.is_vital)
        status = "ok" if all(c.is_well for c in checks) else "degraded" if is_ready else "unready"
        # Details name folders and versions, which are nobody's business outside.
        details = is_local_request() or has_metrics_token()
        answer = {
            check.name: {"ok": check.is_well, **({"detail": check.detail} if details else {})}
            for check in checks
        }
        return jsonify(status=status, checks=answer), 200 if is_ready else 503

    @expose("/metrics")
    def metrics(self) -> Response:
        """Figures for Prometheus, for this machine or with the token HALKLA_METRICS_TOKEN."""
        if not (is_local_request() or has_metrics_token()):
            abort(404)
        registry = CollectorRegistry()
        with acting_as(SYSTEM):
            try:
                _fill(registry)
                up = 1
            except OperationalError:
                db.session.rollback()
                up = 0
        Gauge("halkla_database_up", "1 while the database answers", registry=registry).set(up)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _fill(registry: CollectorRegistry) -> None:
    session = db.session()

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(name, text, registry=registry).set(value)

    gauge(
        "halkla_queue_age_seconds", "Age of the oldest job that waits", queue_age_seconds(session)
    )
    gauge(
        "halkla_outbox_age_seconds", "Age of the oldest unsent message", outbox_age_seconds(session)
    )
    jobs, messages = count_jobs(session), count_messages(session)
    gauge("halkla_jobs_failed", "Jobs given up", jobs[JobState.FAILED])
    gauge("halkla_jobs_waiting", "Jobs that wait", jobs[JobState.WAITING])
    gauge("halkla_jobs_running", "Jobs that run", jobs[JobState.RUNNING])
    gauge("halkla_messages_failed", "Messages given up", messages[NotificationState.FAILED])
    gauge("halkla_messages_waiting", "Messages that wait", messages[NotificationState.WAITING])
    age = heartbeat_age()
    if age is not None:
        gauge("halkla_worker_heartbeat_seconds", "Seconds since the worker was heard of", age)
    for name, (text, count) in sorted(ports.gauges.items()):
        gauge(name, text, count(session))
