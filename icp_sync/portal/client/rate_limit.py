"""A rate limiter that spaces calls evenly just below the portal's limit, and the interface of the daily quota."""

from __future__ import annotations

from threading import Lock
from typing import Final, Protocol

from icp_sync.portal.client.clock import Clock


class QuotaGuard(Protocol):
    """Our own daily ceiling, below the account's limit; called before every HTTP call, from any thread."""

    def count_call(self) -> None:
        """Count one call about to be sent. Raises DailyLimitReached when none is left."""

    def calls_left(self) -> int:
        """Calls left today."""

    def close(self) -> None:
        """Release calls reserved but not sent; no call follows."""


# Of the portal's limit; the rest absorbs calls that travel at different speeds.
DEFAULT_SHARE: Final = 0.95


class RateLimiter:
    """Gives each call a time slot; slots are `seconds / (calls * share)` apart. Thread-safe.

    A slot missed because a thread woke late may be used late, so that the average rate is kept; late slots take at
    most half of the unused share, so that no window of `seconds` contains more than `calls`.
    """

    def __init__(self, clock: Clock, calls: int, seconds: float, *, share: float = DEFAULT_SHARE) -> None:
        self._clock = clock
        self._share = share
        self._lock = Lock()
        self._next_slot = clock.now()
        self._paused_until = 0.0
        self.set_limit(calls, seconds)

    def set_limit(self, calls: int, seconds: float) -> None:
        """Set the portal's limit: so many `calls` in any `seconds`."""
        self.calls = calls
        # HubSpot counts in windows it does not announce, so the bound has to hold for any window of `seconds`.
        spare = max(0.0, (1 - self._share) * calls - 1) / 2
        self._interval_s = seconds / (calls * self._share)
        self._max_late_s = spare * self._interval_s

    def acquire(self) -> None:
        """Wait for a slot; raises Stopped when the run is asked to stop."""
        while True:
            self._clock.wait(self._reserve_slot() - self._clock.now())
            # A pause that began while this call waited invalidates its slot.
            if self._clock.now() >= self._paused_until:
                return

    def pause(self, seconds: float) -> None:
        """Delay all calls for `seconds`, after a 429 or 423 to any one of them."""
        with self._lock:
            self._paused_until = max(self._paused_until, self._clock.now() + seconds)
            self._next_slot = max(self._next_slot, self._paused_until)

    def _reserve_slot(self) -> float:
        with self._lock:
            slot = max(self._next_slot, self._clock.now() - self._max_late_s)
            self._next_slot = slot + self._interval_s
            return slot
