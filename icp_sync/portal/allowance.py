"""The calls a connection may still send today."""

from __future__ import annotations

from typing import Protocol


class Allowance(Protocol):
    """A ceiling of our own, below the account's; asked before every call, from any thread."""

    def take(self) -> None:
        """Count one call about to be sent. Raises DailyLimitReached when there is none left."""

    def left(self) -> int:
        """Calls left today."""

    def close(self) -> None:
        """Nothing more will be sent."""
