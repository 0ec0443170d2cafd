"""Calls evenly spread in time, just under the limit the portal names, for all threads together."""

from __future__ import annotations

from threading import Lock
from typing import Final, Protocol

from icp_sync.portal.client.clock import Clock


class QuotaGuard(Protocol):
    """A ceiling of our own, below the account's; asked before every call, from any thread."""

    def take(self) -> None:
        """Count one call about to be sent. Raises DailyLimitReached when there is none left."""

    def left(self) -> int:
        """Calls left today."""

    def close(self) -> None:
        """Nothing more will be sent."""


SHARE: Final = 0.95


class RateLimiter:
    """Gives each call a slot; the slots lie `seconds / (calls x share)` apart, a share of 0.95 unless told.

    A slot missed because a thread woke late may be used late, so that the pace is kept on average; but never
    so many of them that a window of `seconds` could hold more than `calls`: half of what is left free.
    """

    def __init__(self, clock: Clock, calls: int, seconds: float, *, share: float = SHARE) -> None:
        self._clock = clock
        self._share = share
        self._lock = Lock()
        self._next = clock.now()
        self._held_until = 0.0
        self.set_limit(calls, seconds)

    def set_limit(self, calls: int, seconds: float) -> None:
        """What the portal allows: so many `calls` in any `seconds`."""
        self.calls = calls
        spare = max(0.0, (1 - self._share) * calls - 1) / 2
        self._interval = seconds / (calls * self._share)
        self._late = spare * self._interval

    def acquire(self) -> None:
        """Wait for a slot; raises Stopped when the run is asked to stop."""
        while True:
            self._clock.wait(self._reserve_slot() - self._clock.now())
            # A hold that began while this call waited takes its slot back.
            if self._clock.now() >= self._held_until:
                return

    def pause(self, seconds: float) -> None:
        """Let nobody go for `seconds`: the portal told one of us that we are too fast."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock.now() + seconds)
            self._next = max(self._next, self._held_until)

    def _reserve_slot(self) -> float:
        with self._lock:
            slot = max(self._next, self._clock.now() - self._late)
            self._next = slot + self._interval
            return slot
