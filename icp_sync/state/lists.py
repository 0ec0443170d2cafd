"""Which lists in the portal are ours, by id, and the creations we announced before asking for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import orjson
from pydantic import TypeAdapter

from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory

FILE: Final = "lists.json"


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list we made or announced; `id` None = announced at `announced_at` (ISO, UTC), not yet confirmed.

    `changed_by`: the run that last changed who is on it, noted before it did.
    """

    name: str
    kind: str
    announced_at: str
    id: str | None = None
    changed_by: str | None = None


Known = dict[str, dict[str, KnownList]]
_FILE: Final = TypeAdapter(Known)


def known_lists(state: StateDirectory, portal_id: int) -> dict[str, KnownList]:
    """The profile's list name → what we know of that list in this portal."""
    return _load(state).get(str(portal_id), {})


def remember_list(state: StateDirectory, portal_id: int, known: KnownList) -> None:
    """Keep `known` under its name."""
    everything = _load(state)
    everything.setdefault(str(portal_id), {})[known.name] = known
    state.replace(FILE, orjson.dumps(everything, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _load(state: StateDirectory) -> Known:
    """Portal id → list name → list. Raises StateUnusable when the file is damaged."""
    try:
        everything = _FILE.validate_json(state.read(FILE) or b"{}")
        for known in (one for lists in everything.values() for one in lists.values()):
            dt.datetime.fromisoformat(known.announced_at)
    except ValueError as error:
        raise StateUnusable(
            f"{state.path / FILE} is damaged; remove it (lists are then found again by folder and name)"
        ) from error
    return everything
