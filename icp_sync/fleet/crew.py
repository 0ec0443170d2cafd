"""The processes of a fleet: so many at once, each its own portal's, stopped together and never by each other."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from icp_sync.errors import IcpSyncError, StateUnusable
from icp_sync.files import make_private_folder
from icp_sync.fleet.child import Child, start_child
from icp_sync.fleet.command import Command
from icp_sync.fleet.outcome import ENDED_BY_US, PortalOutcome, refusal
from icp_sync.fleet.references import Vault


@dataclass(slots=True)
class Crew:
    """Runs commands, at most `at_once` side by side.

    `on_line`: gets the portal's name and each line its process says; `on_end`: what came of each portal. Both are
    called from any thread, one call at a time.
    """

    at_once: int
    inherited: Mapping[str, str]
    vault: Vault
    on_line: Callable[[str, str], None]
    on_end: Callable[[PortalOutcome], None]
    _children: dict[str, Child] = field(default_factory=dict)
    _stopped_by: int | None = None
    _starting: Lock = field(default_factory=Lock)
    _telling: Lock = field(default_factory=Lock)

    def work(self, commands: Sequence[Command]) -> tuple[PortalOutcome, ...]:
        """What came of each command, in their order."""
        with ThreadPoolExecutor(self.at_once, "fleet") as threads:
            return tuple(threads.map(self._work, commands))

    def stop(self, number: int) -> None:
        """Pass a signal on to every process, and start none any more."""
        with self._starting:
            self._stopped_by = self._stopped_by or number
            for child in self._children.values():
                child.send_signal(number)

    def _work(self, command: Command) -> PortalOutcome:
        outcome = self._outcome(command)
        with self._telling:
            self.on_end(outcome)
        return outcome

    def _outcome(self, command: Command) -> PortalOutcome:
        name = command.portal.name
        try:
            child = self._start(command)
        except IcpSyncError as error:
            return refusal(name, command.portal.portal_id, error)
        try:
            return child.follow(lambda line: self._tell(name, line))
        finally:
            with self._starting:
                del self._children[name]

    def _start(self, command: Command) -> Child:
        """Raises Interrupted or Stopped where the fleet was stopped, SecretMissing, StateUnusable."""
        environment = command.environment(self.inherited, self.vault)
        with self._starting:
            if self._stopped_by is not None:
                raise ENDED_BY_US[signal.Signals(self._stopped_by)]("not started, since the fleet was stopped")
            try:
                make_private_folder(command.state)
                child = start_child(command, environment)
            except OSError as error:
                raise StateUnusable(
                    f"no process can be started in {command.state} ({error.strerror}); make it a directory this user "
                    "may write to, or name another with --state"
                ) from error
            self._children[command.portal.name] = child
        return child

    def _tell(self, name: str, line: str) -> None:
        with self._telling:
            self.on_line(name, line)
