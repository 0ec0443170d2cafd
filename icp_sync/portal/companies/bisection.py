"""Whose turn it is to halve a refused batch, so that a refusal of everything is not found out by every batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from typing import Final

MOST_SYSTEMIC: Final = 2


@dataclass(slots=True)
class BisectionLimit:
    """Only so many batches are halved at a time that no more than `MOST_SYSTEMIC` can turn out refused as a whole."""

    systemic: int = 0
    halving: int = 0
    _news: Condition = field(default_factory=Condition)

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Wait for a turn; false when halving would tell nothing new."""
        with self._news:
            self._news.wait_for(lambda: self.systemic >= MOST_SYSTEMIC or self.systemic + self.halving < MOST_SYSTEMIC)
            worthwhile = self.systemic < MOST_SYSTEMIC
            self.halving += worthwhile
        try:
            yield worthwhile
        finally:
            with self._news:
                self.halving -= worthwhile
                self._news.notify_all()

    def told(self, *, systemic: bool) -> None:
        """What halving a batch has shown; to be said while it is still its turn."""
        with self._news:
            self.systemic += systemic
