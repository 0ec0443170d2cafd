"""The warning about a day to judge dates by that lies before the companies were read."""

from __future__ import annotations

import datetime as dt

from icp_sync.cli.output import warn


def warn_of_early_as_of(day: dt.date, read_on: dt.date) -> None:
    """Say where dates are judged by a day before the reading: what was entered since then counts all the same."""
    if day < read_on:
        warn(
            f"dates are judged by {day}, but the companies are as read on {read_on}: what was entered in between "
            "counts as if it had stood there on that day"
        )
