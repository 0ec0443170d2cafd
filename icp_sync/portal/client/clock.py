"""A monotonic clock with a wait that a stop interrupts, and the parser of HubSpot's timestamps."""

from __future__ import annotations

import datetime as dt
import time
from threading import Event
from typing import Protocol

from icp_sync.errors import RunStopped


def parse_timestamp(text: str) -> dt.datetime:
    """Parse HubSpot's ISO 8601 timestamp; UTC where it names no zone. Raises ValueError."""
    timestamp = dt.datetime.fromisoformat(text)
    return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=dt.UTC)


class Clock(Protocol):
    """A monotonic clock in seconds, with an interruptible wait."""

    def now(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Return after `seconds`; raises Stopped once the run is asked to stop, also for a wait of 0."""


class MonotonicClock:
    """The machine's monotonic clock; setting `stop` ends every wait at once."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        if self._stop.wait(max(0.0, seconds)):
            raise RunStopped("stopped as asked; no further call was sent to HubSpot")
