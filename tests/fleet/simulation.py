"""The real scheduling of a fleet with bodies that take no time but on a clock of their own: nights of thousands."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

from icp_sync.fleet.model import Portal
from icp_sync.fleet.outcome import PortalOutcome, ended_outcome
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.secret_references import SecretResolver


@dataclass(frozen=True, slots=True)
class Body:
    """What a portal's process would have done: seconds it takes, how it ends, and what it prints (None: nothing)."""

    seconds: float
    return_code: int = 0
    document: Mapping[str, Any] | None = None


@dataclass(slots=True)
class SimulatedProcesses:
    """Starts bodies instead of processes. `now`: the seconds of their clock; `begun`: their names as they began.

    The clock goes on to the next end once all that could be at work are. `total`: how many will be started.
    """

    bodies: Mapping[str, Body]
    vault: SecretResolver
    at_once: int
    total: int
    now: float = 0.0
    begun: list[str] = field(default_factory=list)
    most_at_work: int = 0
    _ended: int = 0
    _ends: list[tuple[float, int, Event]] = field(default_factory=list)
    _number: itertools.count[int] = field(default_factory=itertools.count)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, command: PortalCommand) -> SimulatedProcess:
        command.environment({}, self.vault)
        with self._lock:
            self.begun.append(command.portal.name)
            self.most_at_work = max(self.most_at_work, len(self.begun) - self._ended)
        return SimulatedProcess(self, command, self.bodies[command.portal.name])

    def pass_time(self, seconds: float) -> None:
        """Returns once so many seconds have passed."""
        end = Event()
        with self._lock:
            heapq.heappush(self._ends, (self.now + seconds, next(self._number), end))
            self._go_on()
        end.wait()

    def end(self) -> None:
        """A body is at its end."""
        with self._lock:
            self._ended += 1
            self._go_on()

    def _go_on(self) -> None:
        if self._ends and len(self._ends) == min(self.at_once, self.total - self._ended):
            self.now, _, end = heapq.heappop(self._ends)
            end.set()


@dataclass(frozen=True, slots=True)
class SimulatedProcess:
    """A body that has begun."""

    processes: SimulatedProcesses
    command: PortalCommand
    body: Body

    def send_signal(self, number: int) -> None:
        """Nobody stops a simulation."""
        raise NotImplementedError(number)

    def wait_for_outcome(self, on_line: Callable[[str], None]) -> PortalOutcome:
        self.processes.pass_time(self.body.seconds)
        on_line("done")
        portal, body = self.command.portal, self.body
        outcome = ended_outcome(portal.name, portal.portal_id, body.return_code, body.document, body.seconds, [])
        self.processes.end()
        return outcome


def command_of(number: int, folder: Path) -> PortalCommand:
    """The command of the portal at this place of a file."""
    portal = Portal(name=f"p{number:04}", token=f"env:T{number}", portal_id=number + 1, profiles=("icp.yaml",))
    return PortalCommand(portal, ("run",), folder, folder / portal.name)
