"""`make run`: migrate, sync roles, load demo data once, then web, worker and beat until Ctrl+C."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ACCOUNTS = (
    "yonetici baskan mudur sef operator masa cimer bilgi birim teski protokol anket tasinir "
    "kontrol strateji rehber vekil denetci"
)
Process = subprocess.Popen[bytes]


def flask(*arguments: str, env: dict[str, str]) -> None:
    """Run one `flask` command; its failure stops everything."""
    done = subprocess.run(
        [str(BIN / "flask"), "--app", "run", *arguments], cwd=ROOT, env=env, check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def has_applications(env: dict[str, str]) -> bool:
    """Whether demo data (or real data) is there already."""
    code = (
        "from run import app\nfrom app.extensions import db\nfrom sqlalchemy import text\n"
        "with app.app_context():\n"
        "    print(db.session.execute(text('SELECT count(*) FROM (SELECT 1 FROM applications_application LIMIT 1) t')).scalar())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1] != "0"


def main() -> None:
    """Prepare the data folder and keep the two processes together."""
    port = os.environ.get("PORT", "8080")
    env = dict(
        os.environ, HALKLA_PROFILE=os.environ.get("HALKLA_PROFILE", "local"), PYTHONUNBUFFERED="1"
    )
    env.setdefault("HALKLA_BASE_URL", f"http://127.0.0.1:{port}")
    data = Path(env.get("HALKLA_DATA", ROOT / "var"))
    password_file = data / "demo-password.txt"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            sys.exit(
                f"{port} numaralı bağlantı noktası dolu. Başka bir numara verin: make run PORT=8090"
            )
    flask("db", "upgrade", env=env)
    flask("roles", "sync", env=env)
    flask("seed", env=env)
    if not has_applications(env):
        if not env.get("HALKLA_DEMO_PASSWORD"):
            env["HALKLA_DEMO_PASSWORD"] = "-".join(secrets.token_hex(3) for _ in range(3))
        password_file.touch(mode=0o600)
        password_file.write_text(env["HALKLA_DEMO_PASSWORD"], encoding="utf-8")
        flask(
            "demo",
            "load",
            "--applications",
            env.get("HALKLA_DEMO_APPLICATIONS", "20000"),
            "--seed",
            "59",
            env=env,
        )
    password = (
        password_file.read_text(encoding="utf-8") if password_file.exists() else "(demo verisi yok)"
    )
    ended: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: ended.append(received))
    web, worker = start_web(port, env), start_worker(env)
    if wait_until_up(port, web, ended):
        print(
            f"\n  Halkla: http://127.0.0.1:{port}\n  Demo hesapları: {ACCOUNTS}\n"
            f"  Parola (hepsi için): {password}\n  Durdurmak için Ctrl+C\n",
            flush=True,
        )
    while not ended and web.poll() is None and worker.poll() is None:
        time.sleep(0.3)
    if not ended:
        name = "Web sunucusu" if web.poll() is not None else "Arka plan işçisi"
        print(f"\n  {name} durdu, nedeni yukarıda; Halkla kapatılıyor.", flush=True)
    stop(web, worker)
    sys.exit(0 if ended else 1)


def start_web(port: str, env: dict[str, str]) -> Process:
    """The web server, on this machine only."""
    return subprocess.Popen(
        [
            str(BIN / "gunicorn"), "run:app", "--bind", f"127.0.0.1:{port}",
            "--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "25",
            "--no-control-socket", "--access-logfile", "/dev/null",
        ],
        cwd=ROOT,
        env=env,
    )  # fmt: skip


def start_worker(env: dict[str, str]) -> Process:
    """Worker and timetable in one process."""
    return subprocess.Popen([str(BIN / "flask"), "--app", "run", "work"], cwd=ROOT, env=env)


def wait_until_up(port: str, web: Process, ended: list[int]) -> bool:
    """Whether the web server answers; it has all the time it needs as long as it lives."""
    while web.poll() is None and not ended:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                return True
        time.sleep(0.2)
    return False


def stop(*processes: Process) -> None:
    """Ask them to end, and end them by force when they take longer than they may."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
