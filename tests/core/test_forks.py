"""A forked worker carries over nothing that its parent had open at that moment."""

from __future__ import annotations

import subprocess
import sys

#: The parent's ticker is in the middle of a write when two children are forked, as a pool does.
PROGRAM = """
import os, sys, threading
from sqlalchemy import create_engine, text
from app.core import forks
from app.core.database import set_write_intent

engine = create_engine(sys.argv[1])
set_write_intent(True)

def write():
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))

with engine.begin() as connection:
    connection.execute(text("CREATE TABLE t (n INTEGER)"))
forks.guard(engine.dispose)
inside, end = threading.Event(), threading.Event()

def tick():
    set_write_intent(True)
    with forks.closed(), engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (0)"))
        inside.set()
        end.wait(0.5)

ticker = threading.Thread(target=tick)
ticker.start()
inside.wait()
codes = []
for _ in range(2):
    pid = os.fork()
    if pid == 0:
        try:
            write()
        except Exception as fault:
            print(type(fault).__name__, fault, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
ticker.join()
write()
with engine.connect() as connection:
    print(codes, connection.scalar(text("SELECT count(*) FROM t")))
"""


def test_a_fork_waits_for_the_ticker_and_leaves_its_connections_behind(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path / 'a.db'}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == "[0, 0] 4\n", done.stderr
