"""Who watches a run: told which stage it is in and how far it got."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CallStats:
    """Calls sent to the portal so far, and how many of them are waiting to be tried again."""

    calls: int = 0
    waiting: int = 0


class Progress(Protocol):
    """A progress bar, a log, or nobody. `total` None = how much there is to do is not known."""

    def stage(self, name: str, total: int | None) -> None:
        """A new stage begins."""

    def advance(self, amount: int) -> None:
        """So much more of the stage is done; called from any thread."""

    def paused(self) -> AbstractContextManager[None]:
        """Step aside while something else is said on the terminal."""


class NoProgress:
    """A watch that looks away."""

    def stage(self, name: str, total: int | None) -> None:
        pass

    def advance(self, amount: int) -> None:
        pass

    def paused(self) -> AbstractContextManager[None]:
        return nullcontext()
