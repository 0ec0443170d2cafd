"""Calls as the sandbox counted them: how many by route, refused or not, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LIST: Final = "GET /crm/objects/companies"
SEARCH: Final = "POST /crm/objects/companies/search"
BATCH_READ: Final = "POST /crm/objects/companies/batch/read"
BATCH_UPDATE: Final = "POST /crm/objects/companies/batch/update"
MEMBERSHIP_PAGE: Final = "GET /crm/lists/{listId}/memberships"
_READING: Final = frozenset({SEARCH, BATCH_READ, "POST /crm/lists/search"})


@dataclass(frozen=True, slots=True)
class Counted:
    """`spans`: route → (first, last) moment in seconds, taken as each call arrived."""

    total: int
    by_route: Mapping[str, int]
    statuses: Mapping[str, int]
    spans: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Counted:
        """From the sandbox's own document."""
        spans = {route: (span["first"], span["last"]) for route, span in document["spans"].items()}
        return cls(document["total"], document["by_route"], document["statuses"], spans)

    def on(self, *routes: str) -> int:
        """The calls on these routes."""
        return sum(self.by_route.get(route, 0) for route in routes)

    @property
    def writes(self) -> int:
        """The calls that change something: batch updates, list members, lists, properties."""
        return sum(count for route, count in self.by_route.items() if not _only_reads(route))

    @property
    def without_membership(self) -> int:
        """Calls less the pages of who is on static lists, ⌈members / 250⌉ a list."""
        return self.total - self.on(MEMBERSHIP_PAGE)

    def seconds(self, *routes: str) -> float:
        """From the first of the calls on these routes to the last."""
        spans = [self.spans[route] for route in routes if route in self.spans]
        return max(last for _, last in spans) - min(first for first, _ in spans)


def _only_reads(route: str) -> bool:
    return route.startswith("GET ") or route in _READING
