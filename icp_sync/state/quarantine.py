"""Companies HubSpot rejected, by portal and profile, until the cause of the rejection may have changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from icp_sync.plan.quarantine import QuarantineEntry
from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger

_ADAPTER: Final = TypeAdapter(dict[int, QuarantineEntry])


@dataclass(frozen=True, slots=True)
class QuarantineStore:
    """The quarantine of one profile on one portal."""

    ledger: Ledger
    portal_id: int
    profile: str

    def load(self) -> dict[int, QuarantineEntry]:
        """Return company id → its rejection, sorted by id. Raises StateUnusable."""
        return self._document.load()

    def replace(self, entries: Iterable[QuarantineEntry]) -> None:
        """Replace the whole quarantine by `entries`. Raises StateUnusable."""
        content = {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.id)}
        self._document.update(lambda _: content)

    @property
    def _document(self) -> JsonDocument[dict[int, QuarantineEntry]]:
        name = f"quarantine:{self.profile}"
        return JsonDocument(
            self.ledger, self.portal_id, name, _ADAPTER, "companies HubSpot refused are then tried once more"
        )
