"""What applying a plan costs: HTTP calls, and minutes at the portal's rate limit."""

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
    """The daily quota: the account's limit, calls left to us, and which setting bounds them; None = unknown."""

    limit: int | None = None
    left: int | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """HTTP calls that applying takes, the minutes they need, and the daily quota they are taken from."""

    calls: int
    minutes: float
    day: QuotaLeft = QuotaLeft()

    @property
    def share_of_day(self) -> float | None:
        """The share (0-1) of the account's daily limit, which all its apps share; None when the limit is unknown."""
        return self.calls / self.day.limit if self.day.limit else None

    @property
    def warning(self) -> str | None:
        """One line when today's quota does not suffice, else None."""
        left = self.day.left
        if left is None or self.calls <= left:
            return None
        return (
            f"Applying takes more than the {left:,} calls left today ({self.day.bound}): "
            "the run stops there, and the next one continues."
        )


def forecast(plan: Plan, calls_per_second: float, day: QuotaLeft = QuotaLeft()) -> Forecast:
    """Calls to apply `plan`: one per object created, two per 100 companies (read, write), one per chunk of members."""
    companies = 2 * ceil(plan.changes.height / COMPANIES_PER_CALL)
    lists = sum(
        _list_calls(
            max(len(change.add), len(change.remove)), created=change.id is None, refiltered=change.filters is not None
        )
        for change in plan.lists
    )
    creations = len(plan.to_make.properties) + len(plan.to_make.options) + plan.to_make.group + plan.to_make.folder
    calls = companies + lists + creations
    return Forecast(calls, calls / calls_per_second / 60, day)


def _list_calls(members: int, *, created: bool, refiltered: bool) -> int:
    """One call both adds and removes; a list is created together with its filter."""
    return ceil(members / MEMBERS_PER_CALL) + (created or refiltered)
