"""What applying a plan will cost: calls, and minutes at the portal's pace."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

from icp_sync.plan.plan import Plan

COMPANIES_PER_CALL: Final = 100
# HubSpot names no limit of ids a call; a repeated call changes nothing, so a large one is safe.
MEMBERS_PER_CALL: Final = 5_000


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """The portal's day: calls the account may send in it, calls left to us and what sets that bound; None: unknown."""

    limit: int | None = None
    left: int | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls that applying takes, the minutes they need at `calls_per_second`, and what of the day they take."""

    calls: int
    minutes: float
    day: QuotaLeft = QuotaLeft()

    @property
    def share_of_day(self) -> float | None:
        """The share of the account's daily calls, all its apps together; None when nobody told the limit."""
        return self.calls / self.day.limit if self.day.limit else None

    @property
    def warning(self) -> str | None:
        """One line when today's calls will not do."""
        left = self.day.left
        if left is None or self.calls <= left:
            return None
        return (
            f"Applying takes more than the {left:,} calls left today ({self.day.bound}): "
            "the run stops there, and the next one continues."
        )


def forecast(plan: Plan, calls_per_second: float, day: QuotaLeft = QuotaLeft()) -> Forecast:
    """What is missing is made, each hundred companies read again and then written, and lists change in chunks."""
    companies = 2 * ceil(plan.changes.height / COMPANIES_PER_CALL)
    lists = sum(
        _list_calls(max(len(one.add), len(one.remove)), made=one.id is None, mended=one.filters is not None)
        for one in plan.lists
    )
    making = len(plan.to_make.properties) + len(plan.to_make.options) + plan.to_make.group + plan.to_make.folder
    calls = companies + lists + making
    return Forecast(calls, calls / calls_per_second / 60, day)


def _list_calls(members: int, *, made: bool, mended: bool) -> int:
    """One call both adds and removes; a list that is made is made with its filter."""
    return ceil(members / MEMBERS_PER_CALL) + (made or mended)
