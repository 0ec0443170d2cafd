"""Companies HubSpot rejected, by portal and profile, until the cause of the rejection may have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter

from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.directory import StateDirectory
from icp_sync.state.document import JsonFile

FILE: Final = "quarantine.json"
Portals = dict[str, dict[str, list[QuarantineEntry]]]
"""Portal id → profile name → companies in quarantine."""


def load_quarantine(state: StateDirectory, portal_id: int, profile: str) -> dict[int, QuarantineEntry]:
    """Return company id → its rejection, sorted by id. Raises StateUnusable when the file is damaged."""
    entries = _QUARANTINE.load(state).get(str(portal_id), {}).get(profile, [])
    return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}


def replace_quarantine(state: StateDirectory, portal_id: int, profile: str, entries: Iterable[QuarantineEntry]) -> None:
    """Replace the quarantine of this profile on this portal by `entries`. Raises StateUnusable."""
    portals = _QUARANTINE.load(state)
    portals.setdefault(str(portal_id), {})[profile] = sorted(entries, key=lambda entry: entry.id)
    _QUARANTINE.save(state, portals)


def _check(portals: Portals) -> None:
    for entry in (entry for profiles in portals.values() for entries in profiles.values() for entry in entries):
        dt.datetime.fromisoformat(entry.since)


_QUARANTINE: Final = JsonFile(FILE, TypeAdapter(Portals), "companies HubSpot refused are then tried once more", _check)
