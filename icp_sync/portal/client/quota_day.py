"""The portal's quota day: HubSpot counts calls from midnight to midnight in the portal's time zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def timezone_or_utc(name: str) -> dt.tzinfo:
    """Return the time zone of that name; UTC for the few names only HubSpot uses, and on a machine without tzdata."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


def is_known_zone(name: str) -> bool:
    """Whether this machine knows the time zone; where not, UTC is used and the user has to be told."""
    return name == "UTC" or timezone_or_utc(name) is not dt.UTC


def local_date(moment: dt.datetime, name: str) -> dt.date:
    """Return the calendar day of an aware `moment` in the time zone `name`."""
    return moment.astimezone(timezone_or_utc(name)).date()


def next_midnight(moment: dt.datetime, name: str) -> dt.datetime:
    """Return the end of the day of an aware `moment` in the time zone `name`."""
    return dt.datetime.combine(local_date(moment, name) + dt.timedelta(days=1), dt.time(), timezone_or_utc(name))


def format_local(moment: dt.datetime, name: str) -> str:
    """Format an aware moment in the portal's time zone: `2026-11-22 00:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(timezone_or_utc(name)):%Y-%m-%d %H:%M} ({name if is_known_zone(name) else 'UTC'})"


@dataclass(frozen=True, slots=True)
class PortalDay:
    """The account's quota day: IANA time zone, restart of the count (ISO 8601) and calls allowed; None = unknown."""

    time_zone: str | None = None
    resets_at: str | None = None
    limit: int | None = None

    def format_reset(self) -> str:
        """Format when the count restarts, in the portal's time zone where that is known."""
        if self.time_zone is None:
            return self.resets_at or "midnight in the portal's time zone"
        try:
            moment = dt.datetime.fromisoformat(self.resets_at or "")
        except ValueError:
            moment = next_midnight(dt.datetime.now(dt.UTC), self.time_zone)
        return format_local(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC), self.time_zone)


UNKNOWN_DAY: Final = PortalDay()
