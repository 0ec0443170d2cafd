"""Calls sent today to each portal, so that several runs a day share one ceiling."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from icp_sync.state.ledger.json_documents import JsonDocument
from icp_sync.state.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """Calls to one portal on one `day` of its `time_zone` (IANA name); `limit` is the account's, None = unknown."""

    day: dt.date
    calls: int
    time_zone: str
    limit: int | None = None


# One entry, `latest`: the day on which calls were last sent.
_ADAPTER: Final = TypeAdapter(dict[str, DailyUsage])
_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class QuotaStore:
    """The day's calls to one portal, shared by all its profiles and by runs at the same time. Thread-safe."""

    ledger: Ledger
    portal_id: int

    def usage(self) -> DailyUsage | None:
        """Return the calls of the latest day with any, None without one. Raises StateUnusable."""
        return self._document.load().get(_LATEST)

    def reserve(self, today: DailyUsage, ceiling: int | None) -> tuple[int, int]:
        """Add `today.calls` to the day's calls, or as many as are left up to `ceiling` (None: no limit).

        Returns the calls granted and the day's total with them. A negative number returns calls reserved and not
        sent. Another day's calls are dropped. Of concurrent runs no reservation is lost. Raises StateUnusable.
        """
        granted = 0

        def book(content: dict[str, DailyUsage]) -> dict[str, DailyUsage]:
            nonlocal granted
            latest = content.get(_LATEST)
            used = latest.calls if latest is not None and latest.day == today.day else 0
            granted = today.calls if ceiling is None else min(today.calls, max(0, ceiling - used))
            return {_LATEST: DailyUsage(today.day, max(0, used + granted), today.time_zone, today.limit)}

        total = self._document.update(book)[_LATEST].calls
        return granted, total

    @property
    def _document(self) -> JsonDocument[dict[str, DailyUsage]]:
        return JsonDocument(
            self.ledger, self.portal_id, "quota", _ADAPTER, "the calls of today are then counted from zero"
        )
