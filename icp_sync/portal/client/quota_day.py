"""The portal's day: HubSpot counts calls from midnight to midnight in the portal's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def timezone_or_utc(name: str) -> dt.tzinfo:
    """The portal's time zone; HubSpot has a few names of its own, and a machine may lack the table: then UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


def is_known_zone(name: str) -> bool:
    """Whether this machine knows the time zone; where it does not, everything goes by UTC, which has to be said."""
    return name == "UTC" or timezone_or_utc(name) is not dt.UTC


def day_of(moment: dt.datetime, name: str) -> dt.date:
    """The calendar day it is in the time zone `name` at an aware `moment`."""
    return moment.astimezone(timezone_or_utc(name)).date()


def next_midnight(moment: dt.datetime, name: str) -> dt.datetime:
    """When the day of `moment` ends in the time zone `name`."""
    return dt.datetime.combine(day_of(moment, name) + dt.timedelta(days=1), dt.time(), timezone_or_utc(name))


def format_local(moment: dt.datetime, name: str) -> str:
    """A moment as people in the portal's time zone read it: `2026-11-22 00:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(timezone_or_utc(name)):%Y-%m-%d %H:%M} ({name if is_known_zone(name) else 'UTC'})"
