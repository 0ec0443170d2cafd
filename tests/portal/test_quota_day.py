"""The portal's day, from midnight to midnight where the portal is."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.portal.client.quota_day import format_local, local_date, next_midnight

LATE = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("UTC", "2026-11-21", "2026-11-22 00:00 (UTC)"),
        ("Europe/Berlin", "2026-11-22", "2026-11-23 00:00 (Europe/Berlin)"),
        ("America/Los_Angeles", "2026-11-21", "2026-11-22 00:00 (America/Los_Angeles)"),
        ("US/Nowhere", "2026-11-21", "2026-11-22 00:00 (UTC)"),
    ],
)
def test_the_day_and_its_end_are_the_portals(zone: str, day: str, ends: str) -> None:
    assert str(local_date(LATE, zone)) == day
    assert format_local(next_midnight(LATE, zone), zone) == ends


@pytest.mark.parametrize(("date", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-21", 24)])
def test_a_day_on_which_the_clocks_change_has_its_own_length(date: str, hours: int) -> None:
    begins = next_midnight(dt.datetime.fromisoformat(f"{date}T00:00:00+02:00") - dt.timedelta(hours=3), "Europe/Berlin")
    lasted = next_midnight(begins, "Europe/Berlin").astimezone(dt.UTC) - begins.astimezone(dt.UTC)
    assert lasted == dt.timedelta(hours=hours)
