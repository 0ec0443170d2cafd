"""The profile's review date against a calendar day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile

SOON: Final = dt.timedelta(days=14)
"""How long before its day a review is due."""


def review_due(profile: Profile, as_of: dt.date) -> Iterator[Finding]:
    """The review is not overdue, nor due within two weeks."""
    day = profile.profile.review_by
    if day is None or as_of < day - SOON:
        return
    when = f"was due on {day}" if as_of > day else f"is due on {day}"
    yield Finding(("profile", "review_by"), f"the review {when}; go through the criteria and write the next day")
