"""The profile's reviews and its review date against a calendar day, its evidence, and what its deals say."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator
from typing import Final

from icp_sync.profile.findings import Finding
from icp_sync.profile.model.profile import Profile

SOON: Final = dt.timedelta(days=14)
"""How long before its day a review is due."""
MAX_REVIEW_AGE: Final = dt.timedelta(days=183)
"""A profile is gone through quarterly, or twice a year."""
_REVIEWS_OF_AN_EVIDENCE: Final = 2
_DAY: Final = re.compile(r"\b(20\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?\b")
_REVIEWS: Final = ("profile", "reviews")


def review_due(profile: Profile, as_of: dt.date) -> Iterator[Finding]:
    """The review is not overdue, nor due within two weeks."""
    day = profile.profile.review_by
    if day is None or as_of < day - SOON:
        return
    when = f"was due on {day}" if as_of > day else f"is due on {day}"
    yield Finding(("profile", "review_by"), f"the review {when}; go through the criteria and write the next day")


def not_reviewed(profile: Profile, as_of: dt.date) -> Iterator[Finding]:
    """The last review is at most half a year old, and no review lies in the future."""
    last = profile.last_review
    if last is None:
        return
    if last.date > as_of:
        yield Finding(_REVIEWS, f"a review is dated {last.date}, which is still to come; write the day it was made")
    elif as_of - last.date > MAX_REVIEW_AGE:
        days = (as_of - last.date).days
        yield Finding(
            _REVIEWS,
            f"the last review was {days} days ago, by {last.by}; go through the criteria and add one (icp-sync tune "
            "adds it at saving)",
        )


def aged_evidence(profile: Profile, as_of: dt.date) -> Iterator[Finding]:
    """No criterion rests on evidence that two reviews have gone by; evidence that names no day says nothing of its age.

    `as_of`: reviews after it are not counted.
    """
    days = [review.date for review in profile.profile.reviews if review.date <= as_of]
    for n, criterion in enumerate(profile.criteria):
        written = _latest_day_in_text(criterion.evidence or "")
        later = sum(day > written for day in days) if written else 0
        if later >= _REVIEWS_OF_AN_EVIDENCE:
            yield Finding(
                ("criteria", n, "evidence"),
                f"the evidence of {criterion.id} is of {written}, and {later} reviews have gone by; look whether it "
                "still holds, and write the day",
            )


def unanswered_verdict(profile: Profile, wins_less_since: dt.date) -> Iterator[Finding]:
    """A review has followed the backtest by which tier 1 wins less; `wins_less_since`: its day."""
    last = profile.last_review
    if profile.outcomes.deals is not None and (last is None or last.date < wins_less_since):
        yield Finding(
            _REVIEWS,
            f"icp-sync backtest said on {wins_less_since} that tier 1 wins less, and no review has followed; go "
            "through the criteria (icp-sync tune), and add one",
        )


def _latest_day_in_text(evidence: str) -> dt.date | None:
    """The latest day or month a text names, such as 2026-11-29 or 2026-11; None for none."""
    days = (_day_of_month(*map(int, match.groups("0"))) for match in _DAY.finditer(evidence))
    return max(days, default=None)


def _day_of_month(year: int, month: int, day: int) -> dt.date:
    """That day; the last of the month for day 0, and for one the month has not."""
    last = monthrange(year, month)[1]
    return dt.date(year, month, min(day or last, last))
