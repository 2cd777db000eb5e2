"""Commands: `flask --app run …`; each topic is a module with a click command or group."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add every command to `flask`."""
    from app.cli.audit import audit
    from app.cli.backup import backup, restore
    from app.cli.calendar import deadline
    from app.cli.demo import demo
    from app.cli.doctor import doctor
    from app.cli.imports import import_
    from app.cli.reports import report
    from app.cli.roles import roles
    from app.cli.seed import seed
    from app.cli.user import user
    from app.cli.work import work

    for command in (
        roles,
        seed,
        demo,
        user,
        deadline,
        audit,
        backup,
        restore,
        doctor,
        import_,
        report,
        work,
    ):
        app.cli.add_command(command)
