"""A run that dies in the middle: before any of its calls, its commits to the ledger, or its saves of the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from unittest.mock import patch

from icp_sync.portal.client.connection import Connection
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.snapshot import SnapshotStore

_STEPS: Final = (
    (Connection, "call"),
    (Connection, "call_rebuilding_body"),
    (Ledger, "write_transaction"),
    (SnapshotStore, "save"),
    (SnapshotStore, "save_differences"),
)


class Crashed(BaseException):
    """The process is no more; nothing it runs into may go on."""


@dataclass(slots=True)
class _Countdown:
    left: int
    lock: Lock

    def step(self) -> None:
        with self.lock:
            self.left -= 1
            # A dead process does nothing on its way out either.
            if self.left < 0:
                raise Crashed


@contextmanager
def dying_after(steps: int) -> Iterator[None]:
    """Within the block a run dies once it has done so many steps, if it has as many."""
    countdown = _Countdown(steps, Lock())
    with ExitStack() as patched:
        for owner, name in _STEPS:
            patched.enter_context(patch.object(owner, name, _counting(getattr(owner, name), countdown)))
        yield


def _counting(method: Callable[..., Any], countdown: _Countdown) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:
        countdown.step()
        return method(*arguments, **named)

    return counted
