"""How many batches are written at once: fewer for a while after HubSpot locked the account for too many writes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Width:
    """`now` batches at once: halved by each that met a lock (423), one more for each that met none, `most` at most."""

    most: int
    now: int

    @classmethod
    def full(cls, most: int) -> Width:
        return cls(most, most)

    def heed(self, *, locked: bool) -> None:
        """Take note of a batch that came back."""
        self.now = max(1, self.now // 2) if locked else min(self.most, self.now + 1)
