"""A clock whose waits are over at once, and remembered."""

from __future__ import annotations

from threading import Lock


class InstantClock:
    """Time passes only by waiting for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.time = 1_790_000_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        with self._lock:
            self.time += max(0.0, seconds)
            self.waits.append(seconds)

    def pass_by(self, seconds: float) -> None:
        """Time that went by without anybody waiting."""
        self.time += seconds
