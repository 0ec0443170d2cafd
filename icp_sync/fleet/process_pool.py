"""The processes of a fleet: so many at once, each its own portal's, stopped together and never by each other."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from icp_sync.errors import IcpSyncError
from icp_sync.fleet.child_process import ChildProcess, start_child
from icp_sync.fleet.outcome import ENDED_BY_US, PortalOutcome, error_outcome
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.secret_references import SecretResolver


class PortalProcess(Protocol):
    """A portal's process that has started."""

    def send_signal(self, number: int) -> None:
        """Pass a signal on."""

    def wait_for_outcome(self, on_line: Callable[[str], None]) -> PortalOutcome:
        """Hand on what it says until it ends; what came of it."""


Start = Callable[[PortalCommand], PortalProcess]
"""Starts a command where its secrets can be read. Raises an IcpSyncError where it cannot."""


@dataclass(frozen=True, slots=True)
class LocalStarter:
    """Starts processes of this machine. `inherited`: the variables of the fleet's own."""

    inherited: Mapping[str, str]
    vault: SecretResolver

    def __call__(self, command: PortalCommand) -> ChildProcess:
        """Raises SecretMissing, StateUnusable."""
        return start_child(command, command.environment(self.inherited, self.vault))


@dataclass(slots=True)
class ProcessPool:
    """Runs commands, at most `at_once` side by side, wherever `start` starts their processes.

    `on_line` gets the portal's name and each line its process says, from any thread, one call at a time.
    """

    at_once: int
    start: Start
    on_line: Callable[[str, str], None]
    _processes: dict[str, PortalProcess] = field(default_factory=dict)
    _stopped_by: int | None = None
    _starting: Lock = field(default_factory=Lock)
    _saying: Lock = field(default_factory=Lock)

    def run_commands(self, commands: Sequence[PortalCommand]) -> Iterator[PortalOutcome]:
        """Yields what came of each command as it ends; begins them in their order."""
        with ThreadPoolExecutor(self.at_once, "fleet") as threads:
            for ended in as_completed([threads.submit(self._run_command, command) for command in commands]):
                yield ended.result()

    def stop(self, number: int) -> None:
        """Pass a signal on to every process, and start none any more."""
        with self._starting:
            self._stopped_by = self._stopped_by or number
            for process in self._processes.values():
                process.send_signal(number)

    def _run_command(self, command: PortalCommand) -> PortalOutcome:
        name = command.portal.name
        try:
            process = self._start(command)
        except IcpSyncError as error:
            return error_outcome(name, command.portal.portal_id, error)
        try:
            return process.wait_for_outcome(lambda line: self._report_line(name, line))
        finally:
            with self._starting:
                del self._processes[name]

    def _start(self, command: PortalCommand) -> PortalProcess:
        """Raises Interrupted or Stopped where the fleet was stopped, SecretMissing, StateUnusable."""
        with self._starting:
            if self._stopped_by is not None:
                raise ENDED_BY_US[signal.Signals(self._stopped_by)]("not started, since the fleet was stopped")
            process = self.start(command)
            self._processes[command.portal.name] = process
        return process

    def _report_line(self, name: str, line: str) -> None:
        with self._saying:
            self.on_line(name, line)


class FleetEngine(Protocol):
    """Works on commands, each in a process of its own; what becomes of one touches no other."""

    def run_commands(self, commands: Sequence[PortalCommand]) -> Iterator[PortalOutcome]:
        """Yields what came of each command as it ends, in any order; begins them in theirs.

        A command that cannot be started, is killed or crashes has an outcome as well; nothing is raised for it.
        """

    def stop(self, number: int) -> None:
        """Pass a signal on to every process, and start none any more. A signal handler may call it."""
