"""Ids of the lists we created in each portal, and intents of creations not yet confirmed."""

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
    """A list we created, or an intent: `id` None = creation announced at `announced_at` (ISO 8601, UTC).

    `changed_by`: the run that last changed its members, saved before the change. `folder_id`: our list folder in
    HubSpot at the last run, so that it is found after marketers rename it; None = the portal has no folders.
    `profile`: the profile that manages it; None = saved by a version that did not record profiles.
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


@dataclass(frozen=True, slots=True)
class ListStore:
    """The lists we created in one portal, of all its profiles that share this state."""

    directory: StateDirectory
    portal_id: int

    def known(self) -> dict[str, ListRecord]:
        """Return list name in the profile → record of that list. Raises StateUnusable."""
        return _LISTS.load(self.directory).get(str(self.portal_id), {})

    def get(self, name: str) -> ListRecord | None:
        """Return the record of the list of that name, None without one. Raises StateUnusable."""
        return self.known().get(name)

    def versions(self) -> dict[str, str | None]:
        """Return list id → the run that last changed its members, None where no run did. Raises StateUnusable."""
        return {record.id: record.changed_by for record in self.known().values() if record.id is not None}

    def save(self, record: ListRecord) -> None:
        """Save `record` under its name. Raises StateUnusable."""
        records = _LISTS.load(self.directory)
        records.setdefault(str(self.portal_id), {})[record.name] = record
        _LISTS.save(self.directory, records)

    def forget(self, name: str) -> None:
        """Remove the record of the list of that name, if there is one. Raises StateUnusable."""
        records = _LISTS.load(self.directory)
        if records.get(str(self.portal_id), {}).pop(name, None) is not None:
            _LISTS.save(self.directory, records)


def _check(records: Known) -> None:
    for record in (record for lists in records.values() for record in lists.values()):
        dt.datetime.fromisoformat(record.announced_at)


_LISTS: Final = JsonFile(FILE, TypeAdapter(Known), "lists are then found again by folder and name", _check)
