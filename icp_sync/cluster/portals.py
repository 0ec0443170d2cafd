"""A portal of a fleet on Ray: one task, whose worker starts the ordinary command as a process of its own.

A task is handed references to secrets, and its worker reads what they lead to; so no secret is among Ray's arguments,
in its logs or in its object store. A task is never tried again: what its process wrote is in the portal's ledger.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

import ray

from icp_sync.cluster.session import ray_session
from icp_sync.errors import FleetProcessDied, IcpSyncError
from icp_sync.fleet.child_process import ChildProcess
from icp_sync.fleet.outcome import PortalOutcome, error_outcome
from icp_sync.fleet.portal_command import PortalCommand
from icp_sync.fleet.process_pool import LocalStarter, Start
from icp_sync.fleet.secret_references import SecretResolver

_DIED: Final = "its Ray worker died ({reason}); what it wrote is in the ledger, and the next run does what is left"


class SignalRelay:
    """An actor that brings signals to the portals' workers, wherever those are."""

    def __init__(self) -> None:
        self._sent: defaultdict[str, asyncio.Queue[int | None]] = defaultdict(asyncio.Queue)

    async def send(self, name: str, number: int | None) -> None:
        """Send a signal to a portal's process; None: it has ended, and waits for none any more."""
        self._sent[name].put_nowait(number)

    async def wait(self, name: str) -> int | None:
        """The next signal to a portal's process, once it is sent."""
        return await self._sent[name].get()


@dataclass(frozen=True, slots=True)
class RayStarter:
    """Starts portals' processes on Ray's workers. `secrets`: the secrets directory on each machine."""

    secrets: Path | None
    signals: Any

    def __call__(self, command: PortalCommand) -> RayProcess:
        """Hand the command to Ray, which starts it where it has a CPU free."""
        task = ray.remote(_run_portal).options(
            max_retries=0, num_returns="streaming", name=f"portal {command.portal.name}"
        )
        return RayProcess(command, self.signals, task.remote(command, self.secrets, self.signals))


@dataclass(frozen=True, slots=True)
class RayProcess:
    """A portal's process on a worker; `lines`: references to its lines, and last to its outcome."""

    command: PortalCommand
    signals: Any
    lines: Iterator[Any]

    def send_signal(self, number: int) -> None:
        """Pass a signal on; it arrives once the process has started."""
        self.signals.send.remote(self.command.portal.name, number)

    def wait_for_outcome(self, on_line: Callable[[str], None]) -> PortalOutcome:
        """Hand on each line until the process ends; what came of it. A worker that died is an outcome as well."""
        portal = self.command.portal
        try:
            for reference in self.lines:
                line = ray.get(reference)
                if isinstance(line, PortalOutcome):
                    return line
                on_line(line)
        except ray.exceptions.RayError as error:
            reason = type(error).__name__
        else:
            reason = "it said nothing of how it ended"
        return error_outcome(portal.name, portal.portal_id, FleetProcessDied(_DIED.format(reason=reason)))


@contextmanager
def open_ray_portal_starter(address: str | None, secrets: Path | None) -> Iterator[Start]:
    """What starts portals' processes on the Ray at this address, None: one of our own. Raises as `ray_session`."""
    with ray_session(address):
        signals = ray.remote(SignalRelay).options(num_cpus=0).remote()
        yield RayStarter(secrets, signals)


def _run_portal(command: PortalCommand, secrets: Path | None, signals: Any) -> Iterator[str | PortalOutcome]:
    """Yields what the portal's process says and, last, what came of it. Runs on a worker."""
    portal = command.portal
    try:
        child = LocalStarter(os.environ, SecretResolver(os.environ, secrets))(command)
    except IcpSyncError as error:
        yield error_outcome(portal.name, portal.portal_id, error)
        return
    lines: SimpleQueue[str | PortalOutcome] = SimpleQueue()
    Thread(target=lambda: lines.put(child.wait_for_outcome(lines.put)), daemon=True).start()
    Thread(target=_forward_signals, args=(signals, child), daemon=True).start()
    while isinstance(word := lines.get(), str):
        yield word
    signals.send.remote(portal.name, None)
    yield word


def _forward_signals(signals: Any, child: ChildProcess) -> None:
    while (number := ray.get(signals.wait.remote(child.command.portal.name))) is not None:
        child.send_signal(number)
