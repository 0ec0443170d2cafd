"""Progress on stderr: a bar on a terminal, one JSON log line a stage otherwise, nothing when asked to be quiet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

import structlog
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from icp_sync.runs.watch import Nobody, Watch


class Bars:
    """One line for the stage under way; it goes when the stage is done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=total)

    def advance(self, amount: int) -> None:
        if self._task is not None:
            self._progress.advance(self._task, amount)

    @contextmanager
    def aside(self) -> Iterator[None]:
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()


class LogLines:
    """A JSON line when a stage begins, and how much the one before it got done."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self._lock = Lock()
        self._stage: str | None = None
        self._done = 0

    def stage(self, name: str, total: int | None) -> None:
        self.end()
        self._stage, self._done = name, 0
        self._log.info("stage begins", stage=name, total=total)

    def advance(self, amount: int) -> None:
        with self._lock:
            self._done += amount

    def aside(self) -> AbstractContextManager[None]:
        return nullcontext()

    def end(self) -> None:
        """Close the stage under way."""
        if self._stage is not None:
            counted = {"done": self._done} if self._done else {}
            self._log.info("stage ends", stage=self._stage, **counted)
            self._stage = None


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watch]:
    """The watch that suits where stderr goes."""
    if quiet:
        yield Nobody()
    elif sys.stderr.isatty():
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield Bars(progress)
    else:
        lines = LogLines(_json_log())
        try:
            yield lines
        finally:
            lines.end()


def _json_log() -> Any:
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
