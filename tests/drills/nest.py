"""`python -m tests.drills.nest`: everything imported once, and a process of its own for each run ordered on stdin.

A process forked from here starts in milliseconds; a fresh interpreter spends a second on imports, four hundred times.
Nothing has used Polars or a thread before the fork, so the child inherits neither locks nor threads.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from threading import Event
from typing import Any

from icp_sync.cli import main
from icp_sync.portal.client.connection import Connection


def serve() -> None:
    """One order a line (`environment`, `folder`, `arguments`, `said`), answered by the pid, then by the exit code."""
    # The official client imports its models when it is first used.
    with Connection("token", "http://127.0.0.1:9", stop=Event()):
        pass
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _hatch(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _hatch(order: dict[str, Any]) -> None:
    code = 70
    try:
        os.chdir(order["folder"])
        os.environ.update(order["environment"])
        said = os.open(Path(order["said"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(said, 1)
        os.dup2(said, 2)
        code = main(order["arguments"])
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
