"""Which sources of HubSpot's histories are icp_sync itself, as they have written its stamp in a portal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from icp_sync.plan.history_sources import Source
from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger

_Sources = dict[str, list[str | None]]
_ADAPTER: Final = TypeAdapter(_Sources)


@dataclass(frozen=True, slots=True)
class OwnSourceStore:
    """The sources that are ours in one portal, by type and id. Every method raises StateUnusable."""

    ledger: Ledger
    portal_id: int

    def load(self) -> frozenset[Source]:
        """Return the sources known."""
        return frozenset((kind, source_id) for kind, ids in self._document.load().items() for source_id in ids)

    def add(self, sources: frozenset[Source]) -> None:
        """Remember more sources."""
        if not sources <= self.load():
            self._document.update(lambda known: _with_sources(known, sources))

    @property
    def _document(self) -> JsonDocument[_Sources]:
        return JsonDocument(
            self.ledger, self.portal_id, "sources", _ADAPTER, "they are then learnt again from the stamps in HubSpot"
        )


def _with_sources(known: _Sources, sources: Collection[Source]) -> _Sources:
    joined = {kind: set(ids) for kind, ids in known.items()}
    for kind, source_id in sources:
        joined.setdefault(kind, set()).add(source_id)
    return {kind: sorted(ids, key=str) for kind, ids in joined.items()}
