"""The ports of a run: what its edges implement for it, such as a display of its progress."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from icp_sync.plan.notices_to_send import SentNotice, TopicName


@dataclass(frozen=True, slots=True)
class CallStats:
    """Calls sent to the portal so far, and how many of them are waiting for a retry."""

    calls: int = 0
    waiting: int = 0


# Batches are read and written by up to eight threads at once, so an implementation must not assume one.
class Progress(Protocol):
    """Implemented by a progress bar, a log, or `NoProgress`. `total` None = unknown."""

    def identify(self, run_id: str | None, profile: str, portal_id: int) -> None:
        """Name the run that the stages from here on belong to, None before it has an id; of several, all of them."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a new stage."""

    def advance(self, amount: int) -> None:
        """Add to the work done in this stage; called from any thread."""

    def pause(self) -> AbstractContextManager[None]:
        """Hide the display while something else is printed on the terminal."""


class NoProgress:
    """Progress that shows nothing."""

    def identify(self, run_id: str | None, profile: str, portal_id: int) -> None:
        pass

    def stage(self, name: str, total: int | None) -> None:
        pass

    def advance(self, amount: int) -> None:
        pass

    def pause(self) -> AbstractContextManager[None]:
        return nullcontext()


class NoticeStore(Protocol):
    """What was last sent about each topic of one profile. Both methods raise StateUnusable."""

    def last_notices(self) -> Mapping[TopicName, SentNotice]:
        """Topic → the last message about it that was delivered."""

    def save(self, topic: TopicName, notice: SentNotice) -> None:
        """Remember a message that was delivered."""
