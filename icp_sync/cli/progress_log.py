"""Progress for a log: a JSON line at the end of each stage, and a heartbeat during long ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event, RLock, Thread
from typing import Any, Final, TextIO

import structlog

from icp_sync.runs.interfaces import CallStats

HEARTBEAT: Final = 30.0
"""Seconds without a line after which a heartbeat is written."""
_LOOKS_EVERY: Final = 5.0


@dataclass(slots=True)
class _Stage:
    """The current stage: its name, start time, the calls made before it, and its progress."""

    name: str
    total: int | None
    began: float
    calls: int
    done: int = 0


class ProgressLog:
    """Writes the lines; `clock`: monotonic seconds. They hold counts and names, never a value from the portal."""

    def __init__(
        self, log: Any, traffic: Callable[[], CallStats] = CallStats, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log, self._traffic, self._clock = log, traffic, clock
        self._run: dict[str, str | int | None] = {"run_id": None, "profile": None, "portal_id": None}
        self._lock = RLock()
        self._stage: _Stage | None = None
        self._latest = clock()

    def identify(self, run_id: str | None, profile: str, portal_id: int) -> None:
        with self._lock:
            self.end()
            self._run = {"run_id": run_id, "profile": profile, "portal_id": portal_id}

    def stage(self, name: str, total: int | None) -> None:
        with self._lock:
            self.end()
            self._latest = self._clock()
            self._stage = _Stage(name, total, self._latest, self._traffic().calls)

    def advance(self, amount: int) -> None:
        with self._lock:
            if self._stage is not None:
                self._stage.done += amount
            self.write_heartbeat()

    def pause(self) -> AbstractContextManager[None]:
        return nullcontext()

    def write_heartbeat(self) -> None:
        """Writes a heartbeat if no line was written for `HEARTBEAT` seconds. Safe from any thread."""
        with self._lock:
            if self._stage is not None and self._clock() - self._latest >= HEARTBEAT:
                waiting = self._traffic().waiting
                self._write_line(
                    "stage at work", self._stage, **({"calls_waiting_for_portal": waiting} if waiting else {})
                )

    def end(self) -> None:
        """Writes the line of the current stage and ends it."""
        with self._lock:
            if self._stage is not None:
                self._write_line("stage done", self._stage)
                self._stage = None

    def _write_line(self, event: str, stage: _Stage, **more: int) -> None:
        self._latest = self._clock()
        total = {} if stage.total is None else {"total": stage.total}
        calls = self._traffic().calls - stage.calls
        seconds = round(self._latest - stage.began, 1)
        counts = {"done": stage.done, **total, "seconds": seconds, "calls": calls}
        self._log.info(event, **self._run, stage=stage.name, **counts, **more)


@contextmanager
def run_heartbeat(lines: ProgressLog) -> Iterator[None]:
    """Calls `write_heartbeat` from a thread of its own, so that a stage without progress still writes a heartbeat."""
    over = Event()

    def look() -> None:
        while not over.wait(_LOOKS_EVERY):
            lines.write_heartbeat()

    thread = Thread(target=look, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def json_log(stream: TextIO) -> Any:
    """A logger that writes JSON lines to `stream`."""
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )
