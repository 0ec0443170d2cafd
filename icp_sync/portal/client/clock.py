"""A monotonic clock with a wait that a stop interrupts."""

from __future__ import annotations

import time
from threading import Event
from typing import Protocol

from icp_sync.errors import RunStopped


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
