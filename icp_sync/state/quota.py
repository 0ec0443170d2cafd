"""Calls sent today to each portal, so that several runs a day share one ceiling."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import filelock
from pydantic import TypeAdapter

from icp_sync.state.directory import StateDirectory, translate_os_errors
from icp_sync.state.document import JsonFile

FILE: Final = "quota.json"
# A reservation takes milliseconds; a longer wait means that a process holding the lock hangs.
_LOCK_TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """Calls to one portal on one `day` of its `time_zone` (IANA name); `limit` is the account's, None = unknown."""

    day: dt.date
    calls: int
    time_zone: str
    limit: int | None = None


_USAGE: Final = JsonFile(FILE, TypeAdapter(dict[str, DailyUsage]), "the calls of today are then counted from zero")
"""Portal id → the latest day on which calls were sent to it."""


@dataclass(frozen=True, slots=True)
class QuotaStore:
    """The day's calls to one portal, shared by all its profiles and by runs at the same time. Thread-safe."""

    directory: StateDirectory
    portal_id: int

    def usage(self) -> DailyUsage | None:
        """Return the calls of the latest day with any, None without one. Raises StateUnusable."""
        return _USAGE.load(self.directory).get(str(self.portal_id))

    def reserve(self, today: DailyUsage, ceiling: int | None) -> tuple[int, int]:
        """Add `today.calls` to the day's calls, or as many as are left up to `ceiling` (None: no limit).

        Returns the calls granted and the day's total with them. A negative number returns calls reserved and not
        sent. Another day's calls are dropped. Concurrent runs take a file lock, so no reservation is lost. Raises
        StateUnusable.
        """
        path, key = self.directory.path, str(self.portal_id)
        lock = filelock.FileLock(path / "quota.lock", timeout=_LOCK_TIMEOUT_S, mode=0o600)
        with translate_os_errors(path), lock:
            portals = _USAGE.load(self.directory)
            latest = portals.get(key)
            used = latest.calls if latest is not None and latest.day == today.day else 0
            granted = today.calls if ceiling is None else min(today.calls, max(0, ceiling - used))
            portals[key] = DailyUsage(today.day, max(0, used + granted), today.time_zone, today.limit)
            if granted:
                _USAGE.save(self.directory, portals)
        return granted, portals[key].calls
