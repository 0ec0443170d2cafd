"""`python -m tests.drills.nest`: everything imported once, and a process of its own for each run ordered on stdin.

A process forked from here starts in milliseconds; a fresh interpreter spends a second on imports, four hundred times.
Nothing has used Polars or a thread before the fork, so the child inherits neither locks nor threads.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from threading import Event
from typing import Any, Final, TextIO

from icp_sync.cli import main
from icp_sync.portal.client.connection import Connection

UNFLUSHED: Final = 120
"""The exit code of a Python that could not write out the rest of a stream at its end."""


def serve() -> None:
    """One order a line (`environment`, `folder`, `arguments`, `streams`), answered by the pid, then by the exit code.

    `streams` names the files behind stdout and stderr; null closes one.
    """
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
        _open_streams(*order["streams"])
        code = main(order["arguments"])
        _flush_streams()
    except OSError:
        traceback.print_exc()
        code = UNFLUSHED
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def _open_streams(out: str | None, err: str | None) -> None:
    """Descriptors and streams as a Python finds them that is started with these files."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.__stdout__ = _opened(1, out, "strict")  # type: ignore[assignment,misc]
    sys.stderr = sys.__stderr__ = _opened(2, err, "backslashreplace")  # type: ignore[assignment,misc]


def _opened(number: int, path: str | None, errors: str) -> TextIO | None:
    if path is None:
        os.close(number)
        return None
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    os.dup2(file, number)
    os.close(file)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    return os.fdopen(number, "w", encoding=encoding, errors=errors, closefd=False)


def _flush_streams() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


if __name__ == "__main__":
    serve()
