"""Companies HubSpot rejected, by portal and profile, until the cause of the rejection may have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.directory import StateDirectory
from icp_sync.state.document import JsonFile

FILE: Final = "quarantine.json"
Portals = dict[str, dict[str, list[QuarantineEntry]]]
"""Portal id → profile name → companies in quarantine."""


@dataclass(frozen=True, slots=True)
class QuarantineStore:
    """The quarantine of one profile on one portal."""

    directory: StateDirectory
    portal_id: int
    profile: str

    def load(self) -> dict[int, QuarantineEntry]:
        """Return company id → its rejection, sorted by id. Raises StateUnusable when the file is damaged."""
        entries = _QUARANTINE.load(self.directory).get(str(self.portal_id), {}).get(self.profile, [])
        return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}

    def replace(self, entries: Iterable[QuarantineEntry]) -> None:
        """Replace the whole quarantine by `entries`. Raises StateUnusable."""
        portals = _QUARANTINE.load(self.directory)
        portals.setdefault(str(self.portal_id), {})[self.profile] = sorted(entries, key=lambda entry: entry.id)
        _QUARANTINE.save(self.directory, portals)


def _check(portals: Portals) -> None:
    for entry in (entry for profiles in portals.values() for entries in profiles.values() for entry in entries):
        dt.datetime.fromisoformat(entry.since)


_QUARANTINE: Final = JsonFile(FILE, TypeAdapter(Portals), "companies HubSpot refused are then tried once more", _check)
