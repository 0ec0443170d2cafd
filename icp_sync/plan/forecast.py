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
class Forecast:
    """Calls that applying takes, and the minutes they need at `calls_per_second`."""

    calls: int
    minutes: float


def forecast(plan: Plan, calls_per_second: float) -> Forecast:
    """What is missing is made, each hundred companies read again and then written, and lists change in chunks."""
    companies = 2 * ceil(plan.changes.height / COMPANIES_PER_CALL)
    lists = sum(
        _list_calls(max(len(one.add), len(one.remove)), made=one.id is None, mended=one.filters is not None)
        for one in plan.lists
    )
    making = len(plan.to_make.properties) + len(plan.to_make.options) + plan.to_make.group + plan.to_make.folder
    calls = companies + lists + making
    return Forecast(calls, calls / calls_per_second / 60)


def _list_calls(members: int, *, made: bool, mended: bool) -> int:
    """One call both adds and removes; a list that is made is made with its filter."""
    return ceil(members / MEMBERS_PER_CALL) + (made or mended)
