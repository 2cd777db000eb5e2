"""`flask backup DIR` and `flask restore DIR`: database, files and notes of the house, with digests.

SQLite is copied by VACUUM INTO and PostgreSQL by pg_dump, both from one moment while others write.
Files are copied afterwards: a row of that moment never points at a file that came later.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import make_url

from app.core import clock, places

_MANIFEST = "manifest.json"
_SQLITE, _POSTGRES = "database.sqlite", "database.dump"
#: Small files of the data folder that belong to a backup; the secret key does not, on purpose.
_NOTES = ("audit-heads.log",)
_FORMAT = 1


class BackupError(Exception):
    """A backup cannot be made or taken back; the message is for the person at the keyboard."""


# --- making ----------------------------------------------------------------------------------------------
def make_backup(folder: Path) -> dict[str, Any]:
    """Write a whole backup into an empty folder; returns its manifest."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(_("%(folder)s is not empty; name a new folder.", folder=folder.name))
    folder.mkdir(parents=True, exist_ok=True)
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite":
        database = folder / _SQLITE
        _copy_sqlite(Path(str(url.database)), database)
    else:
        database = folder / _POSTGRES
        _run_postgres("pg_dump", url, ["-Fc", "--no-owner", "-f", str(database)])
    files = _copy_files(folder / "files")
    for name in _NOTES:
        if (source := places.data_folder() / name).exists():
            shutil.copy2(source, folder / name)
    found = {
        str(path.relative_to(folder)): {"size": path.stat().st_size, "sha256": digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest: dict[str, Any] = {
        "format": _FORMAT,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "database": url.get_backend_name(),
        "files": files,
        "content": found,
    }
    # The manifest comes last and at once: a folder without one is no backup.
    part = folder / f"{_MANIFEST}.part"
    part.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(folder / _MANIFEST)
    return manifest


def _copy_sqlite(source: Path, target: Path) -> None:
    """One consistent copy, whoever writes meanwhile; checked before it counts."""
    if not source.exists():
        raise BackupError(_("There is no database yet."))
    from app.core.text import compare, fold

    connection = sqlite3.connect(
        f"file:{source}?mode=ro", uri=True, timeout=30, isolation_level=None
    )
    try:
        connection.create_collation("tr", compare)
        connection.create_function("tr_fold", 1, fold, deterministic=True)
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    check_sqlite(target)


def check_sqlite(path: Path) -> None:
    """Read the whole file once; BackupError when it is damaged."""
    from app.core.text import compare, fold

    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.create_collation("tr", compare)
        connection.create_function("tr_fold", 1, fold, deterministic=True)
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as fault:
        raise BackupError(_("The copy of the database is damaged.")) from fault
    finally:
        connection.close()
    if answer != "ok":
        raise BackupError(_("The copy of the database is damaged."))


def _copy_files(target: Path) -> int:
    source, count = places.files_folder(), 0
    for path in sorted(source.rglob("*")) if source.exists() else ():
        # A file that is just being written has another name until it is whole.
        if path.is_file() and path.suffix != ".part":
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place)
            count += 1
    return count


def _run_postgres(program: str, url: Any, arguments: list[str]) -> None:
    """Run one of PostgreSQL's programs; the password travels in the environment, never in `ps`."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            _("%(program)s is missing: install the package postgresql-client.", program=program)
        )
    env = dict(os.environ)
    if url.password:
        env["PGPASSWORD"] = str(url.password)
    where = {
        "--host": url.host or url.query.get("host"),
        "--port": url.port or url.query.get("port"),
        "--username": url.username or url.query.get("user"),
        "--dbname": url.database,
    }
    options = [f"{name}={value}" for name, value in where.items() if value]
    done = subprocess.run([path, *options, *arguments], env=env, check=False, capture_output=True)  # noqa: S603  # Our own options, no shell.
    if done.returncode:
        raise BackupError(
            _(
                "%(program)s failed: %(why)s",
                program=program,
                why=done.stderr.decode(errors="replace").strip()[:500],
            )
        )


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- taking back --------------------------------------------------------------------------------------
def read_backup(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file is whole; BackupError names the first that is not."""
    path = folder / _MANIFEST
    if not path.exists():
        raise BackupError(_("%(folder)s holds no finished backup.", folder=folder.name))
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name, wanted in manifest["content"].items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()):
            raise BackupError(_("%(name)s lies outside of the backup.", name=name))
        if not file.exists() or digest(file) != wanted["sha256"]:
            raise BackupError(_("%(name)s is missing from the backup or damaged.", name=name))
    return manifest


def restore_backup(folder: Path, *, force: bool) -> dict[str, Any]:
    """Put a backup in place of what is here; without `force` only where nothing is.

    Nothing is touched before every file of the backup has been checked. Stop web and worker first.
    """
    manifest = read_backup(folder)
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if manifest["database"] != url.get_backend_name():
        raise BackupError(
            _(
                "The backup is of %(theirs)s, this house runs on %(ours)s.",
                theirs=manifest["database"],
                ours=url.get_backend_name(),
            )
        )
    if not force and not _is_empty(url):
        raise BackupError(_("There are data here already. To replace them add --force."))
    if url.get_backend_name() == "sqlite":
        _put_sqlite(folder / _SQLITE, Path(str(url.database)))
    else:
        arguments = [
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
        ]
        _run_postgres("pg_restore", url, [*arguments, str(folder / _POSTGRES)])
    _put_files(folder / "files")
    for name in _NOTES:
        target = places.data_folder() / name
        if (folder / name).exists():
            shutil.copy2(folder / name, target)
        else:
            target.unlink(missing_ok=True)
    return manifest


def _is_empty(url: Any) -> bool:
    """Whether there is neither a table nor a file."""
    from sqlalchemy import inspect

    from app.extensions import db

    has_files = places.files_folder().exists() and any(places.files_folder().rglob("*"))
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return not has_files
    db.session.rollback()
    tables = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    db.session.remove()
    db.engine.dispose()
    return not tables and not has_files


def _put_sqlite(source: Path, target: Path) -> None:
    """Copy beside the place, then rename; the journal of the old file goes with it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.restore")
    shutil.copy2(source, part)
    for suffix in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    part.replace(target)


def _put_files(source: Path) -> None:
    """Put the files in place at once and drop what was there."""
    target = places.files_folder()
    part, old = target.with_name(f"{target.name}.restore"), target.with_name(f"{target.name}.old")
    for folder in (part, old):
        shutil.rmtree(folder, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, part)
    else:
        part.mkdir(parents=True)
    if target.exists():
        target.rename(old)
    part.rename(target)
    shutil.rmtree(old, ignore_errors=True)


# --- commands -------------------------------------------------------------------------------------------
def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def backup(folder: Path) -> None:
    """Write a whole backup into the new folder FOLDER, while people go on working.

    It holds everything but the secret key, which belongs into a safe of its own.
    """
    with force_locale("tr"):
        try:
            made = make_backup(folder)
        except (BackupError, OSError) as fault:
            _fail(_("No backup was made: %(why)s", why=str(fault)))
        click.echo(
            _(
                "Backup of %(at)s: %(count)s files, %(size)s MB.",
                at=made["made_at"],
                count=len(made["content"]),
                size=sum(f["size"] for f in made["content"].values()) // 1024 // 1024,
            )
        )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--force", is_flag=True, help="Replace what is here.")
@with_appcontext
def restore(folder: Path, force: bool) -> None:
    """Take back the backup in FOLDER; web and worker must be stopped."""
    with force_locale("tr"):
        try:
            made = restore_backup(folder, force=force)
        except (BackupError, OSError, ValueError, KeyError) as fault:
            _fail(_("Nothing was restored: %(why)s", why=str(fault)))
        click.echo(_("Restored as of %(at)s. Start web and worker now.", at=made["made_at"]))
