"""A window of companies by modification date and id, and the search request for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from icp_sync.companies.snapshot import MODIFIED
from icp_sync.portal.client.routes import COMPANY_SEARCH, Route

PAGE_SIZE: Final = 200
# HubSpot answers 500 for a filter by 1970-01-01T00:00:00.
EARLIEST_MS: Final = 1_000
MAX_BODY_CHARS: Final = 3_000
RECORD_ID: Final = "hs_object_id"


@dataclass(frozen=True, slots=True)
class SearchWindow:
    """Records modified at `since` (epoch ms; None: ever) or later, ids from `low` to `high` (None: unbounded).

    `route`: the search of their kind, of companies unless said.
    """

    since: int | None = None
    low: int | None = None
    high: int | None = None
    attempts: int = 0
    route: Route = COMPANY_SEARCH

    @property
    def is_unbounded(self) -> bool:
        """Whether it has no bound by id."""
        return self.low is None and self.high is None

    def request_body(self, names: Sequence[str], *, limit: int = PAGE_SIZE, descending: bool = False) -> dict[str, Any]:
        """Return the request body of its search, sorted by id."""
        # Dates in filters are epoch milliseconds as text; an id bound works like that of any number property.
        since = None if self.since is None else max(self.since, EARLIEST_MS)
        bounds = [(MODIFIED, "GTE", since), (RECORD_ID, "GTE", self.low), (RECORD_ID, "LTE", self.high)]
        filters = [
            {"propertyName": name, "operator": operator, "value": str(value)}
            for name, operator, value in bounds
            if value is not None
        ]
        direction = "DESCENDING" if descending else "ASCENDING"
        return {
            "filterGroups": [{"filters": filters}] if filters else [],
            "sorts": [{"propertyName": RECORD_ID, "direction": direction}],
            "properties": list(names),
            "limit": limit,
        }

    def split(self, after: Sequence[int]) -> list[SearchWindow]:
        """Return windows of the same companies, each but the last ending with one of the ids `after` (ascending)."""
        lows = [self.low, *(last_id + 1 for last_id in after)]
        highs = [*after, self.high]
        return [replace(self, low=low, high=high, attempts=0) for low, high in zip(lows, highs, strict=True)]

    def ids_in(self, known: pl.Series) -> pl.Series:
        """Return those of `known` (Int64, ascending) that lie in it by id."""
        return known.filter((known >= (self.low or 0)) & (known <= (self.high or known.max() or 0)))


ALL_COMPANIES: Final = SearchWindow()


def fits_search_body(names: Sequence[str]) -> bool:
    """Whether a search can request all of `names`: HubSpot rejects bodies of 3,000 characters or more."""
    widest = SearchWindow(10**13, 10**12, 10**12)
    return len(json.dumps(widest.request_body(names) | {"after": "10000"})) < MAX_BODY_CHARS
