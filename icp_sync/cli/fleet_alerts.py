"""Who is told how `icp-sync fleet run` ended: one message about all its portals, or about what kept it from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from icp_sync.cli.fleet_processes import fleet_state_root
from icp_sync.cli.options import CommonOptions
from icp_sync.cli.output import warn
from icp_sync.errors import IcpSyncError, StateUnusable
from icp_sync.fleet.load import LoadedFleet
from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.runs.notices.collect import PendingNotices
from icp_sync.runs.notices.fleet import fleet_failure_notices, fleet_notices
from icp_sync.runs.notices.fleet_memory import FleetMemory, fleet_memory
from icp_sync.runs.notices.send import send_due_notices


@dataclass(frozen=True, slots=True)
class FleetAlerts:
    """The addresses messages go to, none: nobody is told; and whose memory says what they were told."""

    urls: Sequence[str]
    file: Path
    common: CommonOptions

    def send_after_run(self, fleet: LoadedFleet, outcomes: Sequence[PortalOutcome]) -> bool | None:
        """Send the message about the portals if it is due; whether it was delivered, None where none was due."""
        if not self.urls:
            return None
        names = [portal.name for portal in fleet.portals]
        memory = fleet_memory(self.file, fleet_state_root(self.common))
        return self._send(fleet_notices(outcomes, names, self.file, memory))

    @contextmanager
    def of_failure(self) -> Iterator[None]:
        """Tells of an error in the block, which goes on."""
        try:
            yield
        except IcpSyncError as error:
            if self.urls:
                memories: list[FleetMemory] = []
                with suppress(StateUnusable):  # no home directory, which may be the very error
                    memories = [fleet_memory(self.file, fleet_state_root(self.common))]
                self._send(fleet_failure_notices(error, self.file, memories))
            raise

    def _send(self, notices: PendingNotices) -> bool | None:
        delivery = send_due_notices(self.urls, [notices], dt.datetime.now(dt.UTC))
        if delivery.warning:
            warn(delivery.warning)
        return delivery.notified
