"""The companies HubSpot refused, by portal and profile, until what it refused them for may have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter

from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.directory import StateDirectory
from icp_sync.state.document import JsonFile

FILE: Final = "quarantine.json"
Kept = dict[str, dict[str, list[QuarantineEntry]]]
"""Portal id → profile name → who is in quarantine."""


def quarantined(state: StateDirectory, portal_id: int, profile: str) -> dict[int, QuarantineEntry]:
    """Company id → what is remembered of its refusal, by id. Raises StateUnusable when the file is damaged."""
    kept = _QUARANTINE.load(state).get(str(portal_id), {}).get(profile, [])
    return {one.id: one for one in sorted(kept, key=lambda one: one.id)}


def replace_quarantine(state: StateDirectory, portal_id: int, profile: str, refused: Iterable[QuarantineEntry]) -> None:
    """Keep just these of this profile on this portal."""
    everything = _QUARANTINE.load(state)
    everything.setdefault(str(portal_id), {})[profile] = sorted(refused, key=lambda one: one.id)
    _QUARANTINE.save(state, everything)


def _check(everything: Kept) -> None:
    for one in (one for profiles in everything.values() for kept in profiles.values() for one in kept):
        dt.datetime.fromisoformat(one.since)


_QUARANTINE: Final = JsonFile(FILE, TypeAdapter(Kept), "companies HubSpot refused are then tried once more", _check)
