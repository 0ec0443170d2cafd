"""The time the edge lives by: a clock, and a wait that a stop cuts short."""

from __future__ import annotations

import datetime as dt
import time
from threading import Event
from typing import Protocol

from icp_sync.errors import Stopped


def parse_timestamp(text: str) -> dt.datetime:
    """A moment as HubSpot tells it (ISO 8601), in UTC where it names no zone."""
    told = dt.datetime.fromisoformat(text)
    return told if told.tzinfo else told.replace(tzinfo=dt.UTC)


class Clock(Protocol):
    """Seconds that only grow, and waiting for some of them."""

    def now(self) -> float: ...

    def wait(self, seconds: float) -> None:
        """Return after `seconds`; raise Stopped once the run is asked to stop, even if there is no wait."""


class StoppableClock:
    """The machine's clock; `stop` ends every wait at once."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def now(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped("stopped as asked; no further call was sent to HubSpot")
