"""The portal's day: HubSpot counts calls from midnight to midnight in the portal's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> dt.tzinfo:
    """The portal's time zone; HubSpot has a few names of its own, and a machine may lack the table: then UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


def known(name: str) -> bool:
    """Whether this machine knows the time zone; where it does not, everything goes by UTC, which has to be said."""
    return name == "UTC" or zone(name) is not dt.UTC


def day_of(moment: dt.datetime, name: str) -> dt.date:
    """The calendar day it is in the time zone `name` at an aware `moment`."""
    return moment.astimezone(zone(name)).date()


def midnight_after(moment: dt.datetime, name: str) -> dt.datetime:
    """When the day of `moment` ends in the time zone `name`."""
    return dt.datetime.combine(day_of(moment, name) + dt.timedelta(days=1), dt.time(), zone(name))


def told(moment: dt.datetime, name: str) -> str:
    """A moment as people in the portal's time zone read it: `2026-11-22 00:00 (Europe/Berlin)`."""
    return f"{moment.astimezone(zone(name)):%Y-%m-%d %H:%M} ({name if known(name) else 'UTC'})"
