"""Progress for a log: one JSON line a stage when it ends, and a heartbeat while a stage is long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event, RLock, Thread
from typing import Any, Final, TextIO

import structlog

from icp_sync.runs.ports import CallStats

HEARTBEAT: Final = 30.0
"""Seconds without a line after which a stage says that it is still at work."""
_LOOKS_EVERY: Final = 5.0


@dataclass(slots=True)
class _Stage:
    """The stage under way: what it is, when and after how many calls it began, and how far it is."""

    name: str
    total: int | None
    began: float
    calls: int
    done: int = 0


class LogLines:
    """Writes the lines; `clock` gives seconds that only grow. Counts and names only, never what the portal said."""

    def __init__(
        self, log: Any, traffic: Callable[[], CallStats] = CallStats, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._log, self._traffic, self._clock = log, traffic, clock
        self._lock = RLock()
        self._stage: _Stage | None = None
        self._latest = clock()

    def stage(self, name: str, total: int | None) -> None:
        with self._lock:
            self.end()
            self._latest = self._clock()
            self._stage = _Stage(name, total, self._latest, self._traffic().calls)

    def advance(self, amount: int) -> None:
        with self._lock:
            if self._stage is not None:
                self._stage.done += amount
            self.beat()

    def paused(self) -> AbstractContextManager[None]:
        return nullcontext()

    def beat(self) -> None:
        """Say that the stage is still at work, when nothing was said for a while; called by whoever comes by."""
        with self._lock:
            if self._stage is not None and self._clock() - self._latest >= HEARTBEAT:
                waiting = self._traffic().waiting
                self._say("stage at work", self._stage, **({"calls_waiting_for_portal": waiting} if waiting else {}))

    def end(self) -> None:
        """Close the stage under way."""
        with self._lock:
            if self._stage is not None:
                self._say("stage done", self._stage)
                self._stage = None

    def _say(self, event: str, stage: _Stage, **more: int) -> None:
        self._latest = self._clock()
        total = {} if stage.total is None else {"total": stage.total}
        calls = self._traffic().calls - stage.calls
        seconds = round(self._latest - stage.began, 1)
        self._log.info(event, stage=stage.name, done=stage.done, **total, seconds=seconds, calls=calls, **more)


@contextmanager
def heartbeat(lines: LogLines) -> Iterator[None]:
    """Look after the lines from a thread of its own, so that a stage in which nothing moves still beats."""
    over = Event()

    def look() -> None:
        while not over.wait(_LOOKS_EVERY):
            lines.beat()

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
