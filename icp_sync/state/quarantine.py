"""The companies HubSpot refused, by portal and profile, until what it refused them for may have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import orjson
from pydantic import TypeAdapter

from icp_sync.errors import StateUnusable
from icp_sync.plan.refused import Refused
from icp_sync.state.directory import StateDirectory

FILE: Final = "quarantine.json"
Kept = dict[str, dict[str, list[Refused]]]
_FILE: Final = TypeAdapter(Kept)


def quarantined(state: StateDirectory, portal_id: int, profile: str) -> dict[int, Refused]:
    """Company id → what is remembered of its refusal, by id. Raises StateUnusable when the file is damaged."""
    kept = _load(state).get(str(portal_id), {}).get(profile, [])
    return {one.id: one for one in sorted(kept, key=lambda one: one.id)}


def replace_quarantine(state: StateDirectory, portal_id: int, profile: str, refused: Iterable[Refused]) -> None:
    """Keep just these of this profile on this portal."""
    everything = _load(state)
    everything.setdefault(str(portal_id), {})[profile] = sorted(refused, key=lambda one: one.id)
    state.replace(FILE, orjson.dumps(everything, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _load(state: StateDirectory) -> Kept:
    """Portal id → profile name → who is in quarantine."""
    try:
        everything = _FILE.validate_json(state.read(FILE) or b"{}")
        for one in (one for profiles in everything.values() for kept in profiles.values() for one in kept):
            dt.datetime.fromisoformat(one.since)
    except ValueError as error:
        raise StateUnusable(
            f"{state.path / FILE} is damaged; remove it (companies HubSpot refused are then tried once more)"
        ) from error
    return everything
