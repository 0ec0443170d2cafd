"""Writes results to stdout, as a JSON document or as text, and errors to stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO

import orjson

from icp_sync.cli.crash_handler import null_stream, redirect_stdout_and_get_error
from icp_sync.errors import IcpSyncError
from icp_sync.views.error_json import detail_value
from icp_sync.views.text_escaping import strip_control_characters

_JSON_OPTIONS: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS

if TYPE_CHECKING:
    from rich.console import RenderableType


def make_streams_tolerant() -> None:
    """Makes stdout and stderr accept any text: closed ones discard it, others write `?` for what they cannot encode."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us (`>&-`)
            setattr(sys, name, null_stream())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stderr is sys.__stderr__ and isinstance(sys.stderr, io.TextIOWrapper):
        raw = _ErrorIgnoringStream(sys.stderr.fileno(), "w", closefd=False)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(raw), sys.stderr.encoding, errors="replace", line_buffering=True, write_through=True
        )


def print_document(document: Mapping[str, Any]) -> None:
    """Prints a JSON document to stdout, in UTF-8 whatever the terminal's encoding is. Raises OutputFailed."""
    with _stdout_errors():
        sys.stdout.flush()
        sys.stdout.buffer.write(json_text(document).encode())
        sys.stdout.flush()


def json_text(document: Mapping[str, Any]) -> str:
    """A document as indented JSON; of a file name that is no UTF-8 the bytes that are none become `?`."""
    try:
        return orjson.dumps(document, option=_JSON_OPTIONS).decode()
    except TypeError:
        return orjson.dumps(_without_surrogates(document), option=_JSON_OPTIONS).decode()


def _without_surrogates(value: Any) -> Any:
    """The same document with texts that UTF-8 can write."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {_without_surrogates(key): _without_surrogates(entry) for key, entry in value.items()}
    return [_without_surrogates(entry) for entry in value] if isinstance(value, list | tuple) else value


def print_text(text: str) -> None:
    """Prints plain text and a line end to stdout. Raises OutputFailed."""
    with _stdout_errors():
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def print_bytes(chunks: Iterable[bytes], stdout: TextIO) -> None:
    """Writes chunks to this stdout as they are. Raises OutputFailed, and what making a chunk raises."""
    for chunk in chunks:
        with _stdout_errors():
            stdout.buffer.write(chunk)
            stdout.flush()


def print_view(view: RenderableType) -> None:
    """Prints a rich renderable to stdout: wrapped to the terminal's width; to a file without colours and line breaks.

    Raises OutputFailed.
    """
    from rich.console import Console

    terminal = sys.stdout.isatty()
    with _stdout_errors():
        console = Console(file=sys.stdout, width=None if terminal else 10_000, soft_wrap=not terminal, highlight=False)
        # Printed by us: rich would end the process at a closed pipe, and nobody would hear how the run ended.
        with console.capture() as captured:
            console.print(view)
        sys.stdout.write(captured.get())
        sys.stdout.flush()


class _ErrorIgnoringStream(io.FileIO):
    """Wraps stderr and ignores write errors, which must not change the exit code of a run."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


@contextmanager
def _stdout_errors() -> Iterator[None]:
    """Turns an OSError of stdout into OutputFailed and drops what is left in its buffer."""
    try:
        yield
    except OSError as error:
        raise redirect_stdout_and_get_error(error) from error


def print_error(error: IcpSyncError) -> None:
    """Prints an error to stderr, with its details below."""
    sys.stderr.write(f"icp-sync: {strip_control_characters(error.message)}\n")
    for detail in error.details:
        text = detail_value(detail)
        if isinstance(text, str) and text not in error.message:
            print_error_detail(text)


def warn(message: str) -> None:
    """Prints a one-line warning to stderr."""
    sys.stderr.write(f"icp-sync: warning: {strip_control_characters(message)}\n")


def print_note(text: str) -> None:
    """Prints a line to stderr that a person may want to know, and no program needs."""
    sys.stderr.write(f"{strip_control_characters(text)}\n")


def print_error_detail(detail: str) -> None:
    """Prints a line of detail below an error."""
    sys.stderr.write(f"  {strip_control_characters(detail)}\n")
