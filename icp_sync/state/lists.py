"""Which lists in the portal are ours, by id, and the creations we announced before asking for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from icp_sync.state.directory import StateDirectory
from icp_sync.state.document import JsonFile

FILE: Final = "lists.json"


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A list we made or announced; `id` None = announced at `announced_at` (ISO, UTC), not yet confirmed.

    `changed_by`: the run that last changed who is on it, noted before it did. `folder_id`: our list folder in
    HubSpot when we last looked, so that it is found whatever a marketer calls it; None = the portal has no folders.
    `profile`: the profile that keeps it; None = noted before profiles were.
    """

    name: str
    kind: str
    announced_at: str
    id: str | None = None
    changed_by: str | None = None
    folder_id: str | None = None
    profile: str | None = None


Known = dict[str, dict[str, ListRecord]]
"""Portal id → list name → list."""


def known_lists(state: StateDirectory, portal_id: int) -> dict[str, ListRecord]:
    """The profile's list name → what we know of that list in this portal. Raises StateUnusable."""
    return _LISTS.load(state).get(str(portal_id), {})


def remember_list(state: StateDirectory, portal_id: int, known: ListRecord) -> None:
    """Keep `known` under its name."""
    everything = _LISTS.load(state)
    everything.setdefault(str(portal_id), {})[known.name] = known
    _LISTS.save(state, everything)


def forget_list(state: StateDirectory, portal_id: int, name: str) -> None:
    """Know no longer of the list of that name, if one is known."""
    everything = _LISTS.load(state)
    if everything.get(str(portal_id), {}).pop(name, None) is not None:
        _LISTS.save(state, everything)


def _check(everything: Known) -> None:
    for known in (one for lists in everything.values() for one in lists.values()):
        dt.datetime.fromisoformat(known.announced_at)


_LISTS: Final = JsonFile(FILE, TypeAdapter(Known), "lists are then found again by folder and name", _check)
