"""Turns an unexpected exception into one sentence, an exit code and a crash file instead of a traceback."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import platform
import secrets
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from icp_sync import __version__
from icp_sync.cli.crash_secrets import mask_secrets
from icp_sync.errors import CrashedAfterWriting, IcpSyncError, InternalError, OutputFailed, OutputFailedAfterWriting

NAMED: Final = ("polars", "hubspot-api-client", "pydantic", "click", "tenacity", "urllib3")
UNWRITABLE: Final = frozenset({errno.ENOSPC, errno.EPIPE, errno.EIO, errno.EBADF})
"""The errno values of a full disk and a closed pipe. Errors of stdout and stderr carry no file name."""


@dataclass(slots=True)
class CrashContext:
    """What a crash report needs of the running command: its state directory, and whether it has written."""

    state: Path | None = None
    has_written: Callable[[], bool] = field(default=lambda: False)


TRACE: Final = CrashContext()
"""The trace of the command this process runs; `main` clears it."""


@dataclass(slots=True)
class CrashHandler:
    """Context manager around one command: passes expected exceptions on, suppresses others and keeps them as `error`.

    `arguments`: the command line, already masked (`crash_arguments.mask_arguments`).
    """

    arguments: Sequence[str]
    expected: tuple[type[BaseException], ...]
    error: IcpSyncError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, failure: BaseException | None, _traceback: object) -> bool:
        if not isinstance(failure, Exception) or isinstance(failure, self.expected):
            return False
        unwritable = isinstance(failure, OSError) and failure.errno in UNWRITABLE and failure.filename is None
        self.error = redirect_stdout_and_get_error(failure) if unwritable else crash_error(failure, self.arguments)
        return True


def redirect_stdout_and_get_error(failure: BaseException) -> OutputFailed:
    """The error for a stdout that cannot be written; redirects stdout so that later writes are discarded.

    Python flushes stdout at exit, and would fail again and exit with 120 if anything were left in its buffer.
    """
    sys.stdout = null_stream()
    kind = OutputFailedAfterWriting if TRACE.has_written() else OutputFailed
    written = "the run itself went on to its end" if TRACE.has_written() else "nothing was written to HubSpot"
    why = failure.strerror if isinstance(failure, OSError) and failure.strerror else failure
    return kind(f"the output could not be written ({why}); {written}")


def null_stream() -> io.TextIOWrapper:
    """A text stream that discards everything."""
    return io.TextIOWrapper(io.FileIO(os.open(os.devnull, os.O_WRONLY), "w"), encoding="utf-8")


def crash_error(failure: BaseException, arguments: Sequence[str]) -> IcpSyncError:
    """The error for an unexpected exception; saves a crash file where a file can be written."""
    saved = _save_report(crash_report(failure, arguments))
    kind = CrashedAfterWriting if TRACE.has_written() else InternalError
    where = f"what we know of it is in {saved}" if saved else "and no file to say more could be saved"
    rest = "; run again to finish the rest" if kind is CrashedAfterWriting else "; nothing was written to HubSpot"
    return kind(
        f"icp_sync failed by a fault of its own ({type(failure).__name__}), {where}{rest}",
        details=[{"crash_file": str(saved)}] if saved else (),
    )


def crash_report(failure: BaseException, arguments: Sequence[str]) -> str:
    """The text of a crash file: time, versions, command line and stack; no secret and no value of a company."""
    return "\n".join((
        f"icp_sync {__version__} failed at {dt.datetime.now(dt.UTC).isoformat(timespec='seconds')}",
        f"command: icp-sync {' '.join(map(mask_secrets, arguments))}",
        f"python {platform.python_version()} on {platform.platform()}",
        f"packages: {', '.join(_versions())}",
        "",
        *_exception_chain(failure),
        "",
    ))  # fmt: skip


def _exception_chain(failure: BaseException) -> Iterator[str]:
    """Each exception of the chain as stack frames and type, the first cause first."""
    cause = failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)
    if cause is not None:
        yield from _exception_chain(cause)
        yield "which led to:\n"
    yield "".join(traceback.format_tb(failure.__traceback__)).rstrip()
    message = str(failure) if _message_is_safe(failure) else "(message left out: it may hold a company's values)"
    yield f"{type(failure).__module__}.{type(failure).__qualname__}: {mask_secrets(message)}"


def _message_is_safe(failure: BaseException) -> bool:
    """Whether the exception's message can only name code, never a company's value; of others only the type is kept."""
    from polars.exceptions import ColumnNotFoundError, DuplicateError

    kinds = (AttributeError, ImportError, MemoryError, NameError, NotImplementedError, RecursionError)
    return isinstance(failure, (*kinds, ColumnNotFoundError, DuplicateError))


def _versions() -> Iterator[str]:
    from importlib.metadata import PackageNotFoundError, version

    for package in NAMED:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package} missing"


def _save_report(report: str) -> Path | None:
    """Where the report lies now: in the state directory if one is known, else among the machine's temporary files."""
    from icp_sync.files import make_private_folder, write_private_file

    moment = dt.datetime.now(dt.UTC)
    name = f"crash-{moment:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}.txt"
    for folder in (TRACE.state, Path(tempfile.gettempdir())):
        if folder is None:
            continue
        try:
            make_private_folder(folder)
            write_private_file(folder / name, [report.encode("utf-8", "backslashreplace")])
        except (OSError, IcpSyncError) as refused:
            sys.stderr.write(f"icp-sync: the crash file cannot be saved in {folder} ({type(refused).__name__})\n")
        else:
            return folder / name
    return None
