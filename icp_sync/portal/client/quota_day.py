"""The portal's quota day: HubSpot counts calls from midnight to midnight in the portal's time zone."""

from __future__ import annotations

import datetime as dt
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


def day_of(moment: dt.datetime, name: str) -> dt.date:
    """Return the calendar day of an aware `moment` in the time zone `name`."""
    return moment.astimezone(timezone_or_utc(name)).date()


def next_midnight(moment: dt.datetime, name: str) -> dt.datetime:
    """Return the end of the day of an aware `moment` in the time zone `name`."""
    return dt.datetime.combine(day_of(moment, name) + dt.timedelta(days=1), dt.time(), timezone_or_utc(name))


def format_local(moment: dt.datetime, name: str) -> str:
    """Format an aware moment in the portal's time zone: `2026-11-22 00:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(timezone_or_utc(name)):%Y-%m-%d %H:%M} ({name if is_known_zone(name) else 'UTC'})"
