"""Ids of the lists we created in each portal, and intents of creations not yet confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import AwareDatetime, TypeAdapter

from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger

FilterBranch = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A list we created, or an intent: `id` None = creation announced at `announced_at` (UTC).

    `changed_by`: the run that last changed its members, saved before the change. `folder_id`: our list folder in
    HubSpot at the last run, so that it is found after marketers rename it; None = the portal has no folders.
    `profile`: the profile that manages it; None = not known. `changed_from`, `changed_until`: when that run's calls
    were sent and answered. `added_at`, `removed_at`: when HubSpot said that members last came and went, in epoch ms,
    as the members remembered in the snapshot were read; None = never, or not told. `filter_sent`, `filter_shown`: the
    filter branch of an active list as we last sent it, and the other form in which HubSpot showed it right after (None:
    it showed none); both None where it showed the same.
    """

    name: str
    kind: str
    announced_at: AwareDatetime
    id: str | None = None
    changed_by: str | None = None
    folder_id: str | None = None
    profile: str | None = None
    changed_from: AwareDatetime | None = None
    changed_until: AwareDatetime | None = None
    added_at: int | None = None
    removed_at: int | None = None
    filter_sent: FilterBranch | None = None
    filter_shown: FilterBranch | None = None

    def filter_as_sent(self, shown: FilterBranch | None) -> FilterBranch | None:
        """The filter branch we sent, where HubSpot still shows it in the form it showed right after; else `shown`."""
        # HubSpot may keep a filter in a form of its own; compared with what we send, it would differ every night.
        return self.filter_sent if self.filter_sent is not None and shown == self.filter_shown else shown


Known = dict[str, ListRecord]
_ADAPTER: Final = TypeAdapter(Known)


@dataclass(frozen=True, slots=True)
class ListStore:
    """The lists we created in one portal, of all its profiles that share this ledger."""

    ledger: Ledger
    portal_id: int

    def records(self) -> Known:
        """Return list name in the profile → record of that list. Raises StateUnusable."""
        return self._document.load()

    def get(self, name: str) -> ListRecord | None:
        """Return the record of the list of that name, None without one. Raises StateUnusable."""
        return self.records().get(name)

    def last_changing_runs(self) -> dict[str, str | None]:
        """Return list id → the run that last changed its members, None where no run did. Raises StateUnusable."""
        return {record.id: record.changed_by for record in self.records().values() if record.id is not None}

    def save(self, record: ListRecord) -> None:
        """Save `record` under its name. Raises StateUnusable."""
        self._document.update(lambda known: {**known, record.name: record})

    def forget(self, name: str) -> None:
        """Remove the record of the list of that name, if there is one. Raises StateUnusable."""
        self._document.update(lambda known: {other: record for other, record in known.items() if other != name})

    @property
    def _document(self) -> JsonDocument[Known]:
        return JsonDocument(
            self.ledger, self.portal_id, "lists", _ADAPTER, "lists are then found again by folder and name"
        )
