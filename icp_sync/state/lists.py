"""Which lists in the portal are ours, by id, and the creations we announced before asking for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory

FILE: Final = "lists.json"


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list we made or announced: `id` None = announced at `announced_at` (ISO, UTC), its creation not yet confirmed."""

    name: str
    kind: str
    announced_at: str
    id: str | None = None


def known_lists(state: StateDirectory, portal_id: int) -> dict[str, KnownList]:
    """The profile's list name → what we know of that list in this portal."""
    return {name: KnownList(**entry) for name, entry in _load(state).get(str(portal_id), {}).items()}


def remember_list(state: StateDirectory, portal_id: int, known: KnownList) -> None:
    """Keep `known` under its name."""
    everything = _load(state)
    entries = everything.setdefault(str(portal_id), {})
    entries[known.name] = {
        "name": known.name,
        "kind": known.kind,
        "announced_at": known.announced_at,
        "id": known.id,
    }
    state.replace(FILE, orjson.dumps(everything, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _load(state: StateDirectory) -> dict[str, dict[str, Any]]:
    try:
        everything = orjson.loads(state.read(FILE) or b"{}")
        _check(everything)
    except (orjson.JSONDecodeError, TypeError) as error:
        raise StateUnusable(
            f"{state.path / FILE} is damaged; remove it (lists are then found again by folder and name)"
        ) from error
    return dict(everything)


def _check(everything: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    if not isinstance(everything, dict):
        raise TypeError("not an object")
    for entries in everything.values():
        for entry in entries.values():
            KnownList(**entry)
