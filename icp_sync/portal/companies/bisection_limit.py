"""Limits concurrent bisection: after two systemic failures no further batch is bisected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

# One systemic batch may be chance (100 companies of one import, all with the same bad value); a second one is not.
MAX_SYSTEMIC: Final = 2


@dataclass(slots=True)
class BisectionLimit:
    """Shared by all batches of a run; at most `MAX_SYSTEMIC` of those bisected can turn out systemic. Thread-safe.

    Bisecting a batch of 100 that HubSpot rejects for every company takes 199 calls.
    """

    systemic: int = 0
    bisecting: int = 0
    _changed: Condition = field(default_factory=Condition)

    @contextmanager
    def slot(self) -> Iterator[bool]:
        """Wait for a free slot and hold it inside the block; yields False where the batch is not to be bisected."""
        with self._changed:
            # A batch being bisected may still turn out systemic, so it takes one of the slots until it is done.
            self._changed.wait_for(
                lambda: self.systemic >= MAX_SYSTEMIC or self.systemic + self.bisecting < MAX_SYSTEMIC
            )
            worthwhile = self.systemic < MAX_SYSTEMIC
            self.bisecting += worthwhile
        try:
            yield worthwhile
        finally:
            with self._changed:
                self.bisecting -= worthwhile
                self._changed.notify_all()

    def count_bisected(self, *, systemic: bool) -> None:
        """Count a bisected batch that was systemic; call it inside the `slot` block."""
        with self._changed:
            self.systemic += systemic
