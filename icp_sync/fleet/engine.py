"""Where the commands of a fleet's portals run: as processes of this machine, or of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from icp_sync.fleet.command import Command
from icp_sync.fleet.outcome import PortalOutcome


class Engine(Protocol):
    """Works on commands, each in a process of its own; what becomes of one touches no other."""

    def work(self, commands: Sequence[Command]) -> Iterator[PortalOutcome]:
        """Yields what came of each command as it ends, in any order; begins them in theirs.

        A command that cannot be started, is killed or crashes has an outcome as well; nothing is raised for it.
        """

    def stop(self, number: int) -> None:
        """Pass a signal on to every process, and start none any more. A signal handler may call it."""
