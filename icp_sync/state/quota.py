"""The calls sent today, for each portal, so that several runs a day keep to one ceiling together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import filelock
from pydantic import TypeAdapter

from icp_sync.state.directory import StateDirectory, translate_os_errors
from icp_sync.state.document import JsonFile

FILE: Final = "quota.json"
# A booking takes milliseconds; who waits longer waits for a machine that hangs.
_LONGEST_WAIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """The calls of one portal on one `day` (ISO, in the portal's `time_zone`); `limit` is the account's, if known."""

    day: dt.date
    calls: int
    time_zone: str
    limit: int | None = None


_SPENT: Final = JsonFile(FILE, TypeAdapter(dict[str, DailyUsage]), "the calls of today are then counted from zero")
"""Portal id → the latest day on which calls were sent to it."""


def usage(state: StateDirectory, portal_id: int) -> DailyUsage | None:
    """The latest day on which calls were sent to the portal, None when there was none. Raises StateUnusable."""
    return _SPENT.load(state).get(str(portal_id))


def reserve(state: StateDirectory, portal_id: int, today: DailyUsage, at_most: int | None) -> tuple[int, int]:
    """Add `today.calls` to the day's, or what is left of them up to `at_most` (None: without a limit).

    Returns how many were granted, and the day's calls with them. A negative number gives back what was booked and
    not sent. Calls of another day are forgotten. Runs side by side take turns, so that none is lost.
    """
    lock = filelock.FileLock(state.path / "quota.lock", timeout=_LONGEST_WAIT, mode=0o600)
    with translate_os_errors(state.path), lock:
        everything = _SPENT.load(state)
        known = everything.get(str(portal_id))
        before = known.calls if known is not None and known.day == today.day else 0
        granted = today.calls if at_most is None else min(today.calls, max(0, at_most - before))
        everything[str(portal_id)] = DailyUsage(today.day, max(0, before + granted), today.time_zone, today.limit)
        if granted:
            _SPENT.save(state, everything)
    return granted, everything[str(portal_id)].calls
