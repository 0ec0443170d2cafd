"""Data goes to stdout: one JSON document when asked for, words otherwise."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from rich.console import Console, RenderableType

from icp_sync.cli.boundary import TRACE
from icp_sync.errors import IcpSyncError, OutputFailed, OutputFailedAfterWriting
from icp_sync.views.report_json import plain
from icp_sync.views.words import words


def open_streams() -> None:
    """Make stdout and stderr take whatever is written: closed ones swallow it, others show `?` for what they cannot."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us (`>&-`)
            setattr(sys, name, _nowhere())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def print_document(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout, in UTF-8 whatever the terminal's encoding is. Raises OutputFailed."""
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(as_text(document).encode())
        sys.stdout.flush()


def as_text(document: Mapping[str, Any]) -> str:
    """A document as indented JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(document, option=options).decode()


def print_text(text: str) -> None:
    """Plain text and a line end on stdout. Raises OutputFailed."""
    with _writing():
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def print_view(view: RenderableType) -> None:
    """Words on stdout; no colours when they go to a file, and lines are not broken there. Raises OutputFailed."""
    width = None if sys.stdout.isatty() else 10_000
    with _writing():
        Console(file=sys.stdout, width=width, soft_wrap=True, highlight=False).print(view)
        sys.stdout.flush()


def _nowhere() -> io.TextIOWrapper:
    """A stream that swallows what it is given."""
    return io.TextIOWrapper(io.FileIO(os.open(os.devnull, os.O_WRONLY), "w"), encoding="utf-8")


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the system refuses into one sentence, and forget what could not be written."""
    try:
        yield
    except OSError as error:
        # Python writes out what is left when it ends, fails again and exits with 120: there must be nothing left.
        sys.stdout = _nowhere()
        kind = OutputFailedAfterWriting if TRACE.has_written() else OutputFailed
        written = "the run itself went on to its end" if TRACE.has_written() else "nothing was written to HubSpot"
        raise kind(f"the output could not be written ({error.strerror or error}); {written}") from error


def complain(error: IcpSyncError) -> None:
    """One clear sentence on stderr, its details below."""
    sys.stderr.write(f"icp-sync: {words(error.message).plain}\n")
    for detail in error.details:
        said = plain(detail)
        if isinstance(said, str) and said not in error.message:
            complain_further(said)


def warn(message: str) -> None:
    """One line on stderr about something that is no failure yet."""
    sys.stderr.write(f"icp-sync: warning: {words(message).plain}\n")


def complain_further(detail: str) -> None:
    """One more line below a complaint."""
    sys.stderr.write(f"  {words(detail).plain}\n")
