"""Data goes to stdout: one JSON document when asked for, words otherwise."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from icp_sync.cli.boundary import nowhere, output_error
from icp_sync.errors import IcpSyncError
from icp_sync.views.error_json import plain
from icp_sync.views.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType


def open_streams() -> None:
    """Make stdout and stderr take whatever is written: closed ones swallow it, others show `?` for what they cannot."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us (`>&-`)
            setattr(sys, name, nowhere())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        raw = _Lossy(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(raw), sys.stderr.encoding, errors="replace", line_buffering=True, write_through=True
        )


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
    """Words on stdout: wrapped to a terminal's width; in a file no colours, and lines are not broken.

    Raises OutputFailed.
    """
    from rich.console import Console

    terminal = sys.stdout.isatty()
    with _writing():
        Console(file=sys.stdout, width=None if terminal else 10_000, soft_wrap=not terminal, highlight=False).print(
            view
        )
        sys.stdout.flush()


class _Lossy(io.FileIO):
    """A file that takes whatever it is given: what cannot be said on stderr must not change how a run ends."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the system refuses into one sentence, and forget what could not be written."""
    try:
        yield
    except OSError as error:
        raise output_error(error) from error


def print_error(error: IcpSyncError) -> None:
    """One clear sentence on stderr, its details below."""
    sys.stderr.write(f"icp-sync: {printable(error.message)}\n")
    for detail in error.details:
        text = plain(detail)
        if isinstance(text, str) and text not in error.message:
            print_error_detail(text)


def warn(message: str) -> None:
    """One line on stderr about something that is no failure yet."""
    sys.stderr.write(f"icp-sync: warning: {printable(message)}\n")


def print_error_detail(detail: str) -> None:
    """One more line below a complaint."""
    sys.stderr.write(f"  {printable(detail)}\n")
