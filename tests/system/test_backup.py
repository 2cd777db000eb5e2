"""A backup made while people write is whole and can be taken back (promise 44); the doctor finds
what is wrong (promise 33)."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import PermissionView, Role
from sqlalchemy import delete, select
from werkzeug.security import generate_password_hash

from app.cli.backup import BackupError, _copy_sqlite, make_backup, restore_backup
from app.core import clock, places
from app.system.models import Parameter
from tests.system.house import KINDS, house

ROOT = Path(__file__).resolve().parents[2]
KEY = "backup-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJ"


def flask(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program on a data folder of its own."""
    env = {
        **os.environ,
        "HALKLA_DATA": str(data),
        "HALKLA_PROFILE": "test",
        "HALKLA_SECRET_KEY": KEY,
        "HALKLA_DATABASE_URL": "",
        "HALKLA_LOG_LEVEL": "ERROR",
        **more,
    }
    command = [sys.executable, "-m", "flask", "--app", "run", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with tables and two files."""
    data = tmp_path_factory.mktemp("house")
    done = flask(data, "db", "upgrade")
    assert done.returncode == 0, done.stderr
    for name in ("aa/bb/aabb01", "cc/dd/ccdd02"):
        path = data / "files" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(name.encode() * 100)
    (data / "files" / "aa" / "bb" / "half.part").write_bytes(b"half")
    (data / "audit-heads.log").write_text("2026-11-23T08:00:00+03:00 1 " + "a" * 64 + "\n")
    with sqlite3.connect(data / "halkla.db") as connection:
        connection.execute("CREATE TABLE pairs (writer INTEGER, n INTEGER, half TEXT)")
    return data


def rows(database: Path) -> list[tuple[int, int, str]]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return connection.execute(
            "SELECT writer, n, half FROM pairs ORDER BY writer, n, half"
        ).fetchall()


def test_backups_during_writes_are_consistent_and_miss_no_committed_row(
    made: Path, tmp_path: Path
) -> None:
    database, stop = made / "halkla.db", threading.Event()
    committed: list[tuple[int, int]] = []

    def write(writer: int) -> None:
        connection = sqlite3.connect(database, timeout=30, isolation_level=None)
        n = 0
        while not stop.is_set():
            n += 1
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO pairs VALUES (?, ?, 'a')", (writer, n))
            connection.execute("INSERT INTO pairs VALUES (?, ?, 'b')", (writer, n))
            connection.execute("COMMIT")
            committed.append((writer, n))
        connection.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for writer in writers:
        writer.start()
    try:
        for number in range(25):
            before = set(committed)
            copy = tmp_path / f"{number}.sqlite"
            _copy_sqlite(database, copy)
            found = rows(copy)
            halves = {(w, n): 0 for w, n, _half in found}
            for writer_no, n, _half in found:
                halves[writer_no, n] += 1
            assert set(halves.values()) <= {2}, "a transaction was copied by half"
            assert before <= set(halves), "a committed row is missing"
            copy.unlink()
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert len(committed) > 25


@pytest.fixture(scope="module")
def backup_of(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the house, made by the command."""
    folder = tmp_path_factory.mktemp("safe") / "backup"
    done = flask(made, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def test_a_backup_names_its_files_and_leaves_the_key_out(backup_of: Path) -> None:
    manifest = json.loads((backup_of / "manifest.json").read_text())
    assert manifest["files"] == 2
    assert set(manifest["content"]) == {
        "database.sqlite",
        "files/aa/bb/aabb01",
        "files/cc/dd/ccdd02",
        "audit-heads.log",
    }
    everything = (p.read_text(errors="ignore") for p in backup_of.rglob("*") if p.is_file())
    assert KEY not in "".join(everything)


def test_a_backup_is_taken_back_on_an_empty_machine_only(
    made: Path, backup_of: Path, tmp_path: Path
) -> None:
    done = flask(tmp_path, "restore", str(backup_of))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "halkla.db") == rows(made / "halkla.db")
    assert (tmp_path / "files/aa/bb/aabb01").read_bytes() == (
        made / "files/aa/bb/aabb01"
    ).read_bytes()
    assert (tmp_path / "audit-heads.log").exists()
    again = flask(tmp_path, "restore", str(backup_of))
    assert again.returncode == 1
    assert "--force" in again.stderr


@pytest.fixture
def elsewhere(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The application on a data folder of its own."""
    home, files = places.data_folder(), places.files_folder()
    target = tmp_path / "elsewhere"
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", f"sqlite:///{target / 'halkla.db'}")
    places.set_folders(target, target / "files")
    with app.app_context():
        yield target
    places.set_folders(home, files)


def test_force_replaces_what_is_there(backup_of: Path, elsewhere: Path) -> None:
    (elsewhere / "files").mkdir(parents=True)
    (elsewhere / "files" / "other").write_text("x")
    with pytest.raises(BackupError, match="--force"):
        restore_backup(backup_of, force=False)
    assert (elsewhere / "files" / "other").exists()
    restore_backup(backup_of, force=True)
    assert not (elsewhere / "files" / "other").exists()
    assert (elsewhere / "files/cc/dd/ccdd02").exists()


@pytest.mark.parametrize("damage", ["change", "remove", "unfinished", "leave the folder"])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    backup_of: Path, elsewhere: Path, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(backup_of, folder)
    if damage == "change":
        (folder / "files/aa/bb/aabb01").write_bytes(b"x")
    elif damage == "remove":
        (folder / "database.sqlite").unlink()
    elif damage == "unfinished":
        (folder / "manifest.json").unlink()
    else:
        text = (folder / "manifest.json").read_text().replace("files/aa/bb/aabb01", "../x")
        (folder / "manifest.json").write_text(text)
    with pytest.raises(BackupError):
        restore_backup(folder, force=True)
    assert not (elsewhere / "halkla.db").exists()


def test_a_backup_does_not_overwrite_another(app: Any, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    done = app.test_cli_runner().invoke(args=["backup", str(tmp_path)])
    assert done.exit_code == 1
    assert (tmp_path / "precious").read_text() == "x"


@pytest.mark.parametrize("kind", [KINDS[1]])
def test_a_postgresql_database_is_backed_up_and_taken_back(
    kind: str, app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, files = places.data_folder(), places.files_folder()
    try:
        with house(kind, tmp_path / "data") as sessions, app.app_context():
            with sessions.begin() as session:
                session.add(Parameter(key="kept", value="ıİşŞ"))
            address = sessions.kw["bind"].url.render_as_string(hide_password=False)
            monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", address)
            make_backup(tmp_path / "backup")
            with sessions.begin() as session:
                session.execute(delete(Parameter))
                session.add(Parameter(key="later", value="x"))
            restore_backup(tmp_path / "backup", force=True)
            with sessions() as session:
                assert session.execute(select(Parameter.key, Parameter.value)).all() == [
                    ("kept", "ıİşŞ")
                ]
    finally:
        places.set_folders(home, files)


def test_a_missing_program_is_told_by_its_package(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", GOOD["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with app.app_context(), pytest.raises(BackupError, match="postgresql-client"):
        make_backup(tmp_path / "backup")


# --- the doctor -----------------------------------------------------------------------------------------
#: A house as it should stand.
GOOD: dict[str, Any] = {
    "HALKLA_PROFILE": "production",
    "TESTING": False,
    "DEBUG": False,
    "SECRET_KEY": KEY,
    "TRUSTED_HOSTS": ["halkla.tekirdag.bel.tr"],
    "HALKLA_BASE_URL": "https://halkla.tekirdag.bel.tr",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "__Host-halkla",
    "WTF_CSRF_ENABLED": True,
    "WTF_CSRF_SSL_STRICT": True,
    "RATELIMIT_ENABLED": True,
    "RATELIMIT_STORAGE_URI": "redis://:geheim@127.0.0.1/1",
    "HALKLA_BROKER_URL": "redis://:geheim@127.0.0.1/0",
    "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://halkla:geheim@db/halkla",
}
PLANTED: list[tuple[str, dict[str, Any], str]] = [
    ("no key", {"SECRET_KEY": ""}, "HALKLA_SECRET_KEY"),
    ("short key", {"SECRET_KEY": "abcdefghij0123456789"}, "HALKLA_SECRET_KEY"),
    ("poor key", {"SECRET_KEY": "abab" * 20}, "HALKLA_SECRET_KEY"),
    ("known key", {"SECRET_KEY": "thisismyscretkey-" + KEY}, "HALKLA_SECRET_KEY"),
    ("weak fallback", {"SECRET_KEY_FALLBACKS": ["old"]}, "SECRET_KEY_FALLBACKS"),
    ("debug", {"DEBUG": True}, "DEBUG"),
    ("testing", {"TESTING": True}, "TESTING"),
    ("profile", {"HALKLA_PROFILE": "local"}, "HALKLA_PROFILE"),
    ("hosts", {"TRUSTED_HOSTS": ["*"]}, "HALKLA_HOSTS"),
    ("plain address", {"HALKLA_BASE_URL": "http://halkla"}, "HALKLA_BASE_URL"),
    ("redirects", {"FAB_SAFE_REDIRECT_HOSTS": ["*"]}, "FAB_SAFE_REDIRECT_HOSTS"),
    ("cookie secure", {"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE"),
    ("cookie httponly", {"SESSION_COOKIE_HTTPONLY": False}, "SESSION_COOKIE_HTTPONLY"),
    ("cookie samesite", {"SESSION_COOKIE_SAMESITE": None}, "SESSION_COOKIE_SAMESITE"),
    ("cookie name", {"SESSION_COOKIE_NAME": "halkla"}, "__Host-"),
    ("csrf", {"WTF_CSRF_ENABLED": False}, "CSRFProtect"),
    ("csrf origin", {"WTF_CSRF_SSL_STRICT": False}, "WTF_CSRF_SSL_STRICT"),
    ("body", {"MAX_CONTENT_LENGTH": None}, "MAX_CONTENT_LENGTH"),
    ("throttle off", {"RATELIMIT_ENABLED": False}, "RATELIMIT_ENABLED"),
    ("throttle memory", {"RATELIMIT_STORAGE_URI": "memory://"}, "HALKLA_LIMITER_URL"),
    ("hsts", {"SESSION_COOKIE_SECURE": False}, "Strict-Transport-Security"),
    ("sqlite", {"SQLALCHEMY_DATABASE_URI": "sqlite:///x.db"}, "SQLite"),
    (
        "database password",
        {"SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://h@db/h"},
        "parolasız|without a password",
    ),
    ("embedded broker", {"HALKLA_BROKER_URL": ""}, "HALKLA_BROKER_URL"),
    (
        "broker password",
        {"HALKLA_BROKER_URL": "redis://127.0.0.1/0"},
        "kuyruğunun parolası|no password",
    ),
    ("fab api", {"FAB_ADD_SECURITY_API": True}, "FAB_ADD_SECURITY_API"),
    ("fab tables", {"FAB_CREATE_DB": True}, "FAB_CREATE_DB"),
    ("registration", {"AUTH_USER_REGISTRATION": True}, "AUTH_USER_REGISTRATION"),
]


@pytest.fixture
def examined(app: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The defects that some looks find under other settings."""
    from app.cli import doctor
    from app.core import places
    from app.core.acting import SYSTEM, acting_as

    # Other tests move the folders; this one looks at those of the house.
    app.config["HALKLA_UPLOADS"].mkdir(parents=True, exist_ok=True)
    places.set_folders(app.config["HALKLA_DATA"], app.config["HALKLA_UPLOADS"])

    def look(settings: dict[str, Any], *looks: Any) -> list[str]:
        with monkeypatch.context() as patched, acting_as(SYSTEM):
            for key, value in {**GOOD, **settings}.items():
                patched.setitem(app.config, key, value)
            patched.setattr(doctor, "ALWAYS", ())
            patched.setattr(doctor, "DEPLOYED", looks)
            return doctor.find_defects(deploy=True)

    return look


def setting_looks() -> tuple[Any, ...]:
    """Every look that reads settings only."""
    from app.cli import doctor

    state = (doctor._vital, doctor._worker, doctor._people)
    return tuple(look for look in (*doctor.ALWAYS, *doctor.DEPLOYED) if look not in state)


@pytest.mark.real_time
def test_a_house_as_it_should_stand_has_no_defect(examined: Any) -> None:
    assert examined({}, *setting_looks()) == []


@pytest.mark.parametrize(("name", "settings", "word"), PLANTED, ids=[p[0] for p in PLANTED])
def test_each_planted_defect_is_found(
    examined: Any, name: str, settings: dict[str, Any], word: str
) -> None:
    found = examined(settings, *setting_looks())
    assert any(re.search(word, sentence) for sentence in found), (name, found)


def test_a_demo_account_and_rights_of_strangers_are_found(
    examined: Any, session: Any, app: Any
) -> None:
    from app.cli import doctor

    found = examined({}, doctor._people)
    assert any(re.match(r"\d+ (demo|deneme)", sentence) for sentence in found), found
    role = session.scalars(select(Role).where(Role.name == app.config["AUTH_ROLE_PUBLIC"])).one()
    role.permissions = [session.scalars(select(PermissionView)).first()]
    session.flush()
    assert len(examined({}, doctor._people)) == len(found) + 1


def test_a_default_password_of_an_administrator_is_found(examined: Any, session: Any) -> None:
    from app.cli import doctor
    from app.models import StaffUser

    found = examined({}, doctor._people)
    user = session.scalars(select(StaffUser).where(StaffUser.username == "yonetici")).unique().one()
    user.password = generate_password_hash("admin", "scrypt:1024:8:1")
    session.flush()
    assert len(examined({}, doctor._people)) == len(found) + 1


def test_a_dead_worker_is_found(examined: Any) -> None:
    from app.cli import doctor

    beat = places.data_folder() / "worker.heartbeat"
    beat.unlink(missing_ok=True)
    assert len(examined({}, doctor._worker)) == 1
    try:
        beat.write_text(json.dumps({"at": clock.now().isoformat(), "pid": 1}))
        assert examined({}, doctor._worker) == []
        old = clock.now() - dt.timedelta(minutes=3)
        beat.write_text(json.dumps({"at": old.isoformat(), "pid": 1}))
        assert len(examined({}, doctor._worker)) == 1
    finally:
        beat.unlink()


def test_a_missing_migration_and_a_full_disk_are_found(
    examined: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli import doctor
    from app.system.queries import health

    assert examined({}, doctor._vital) == []
    monkeypatch.setattr(health, "LEAST_FREE", 2**60)
    monkeypatch.setattr(health, "migration_heads", lambda session: ({"0001"}, {"0002"}))
    found = examined({}, doctor._vital)
    assert len(found) == 2
    assert any("0001 ≠ 0002" in sentence for sentence in found)


def test_the_command_fails_on_a_defect(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.cli import doctor

    monkeypatch.setattr(doctor, "ALWAYS", ())
    monkeypatch.setattr(doctor, "DEPLOYED", (doctor._modes,))
    done = app.test_cli_runner().invoke(args=["doctor", "--deploy"])
    assert done.exit_code == 1
    assert "HALKLA_PROFILE" in done.output
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 0
