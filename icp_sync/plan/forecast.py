"""What applying a plan costs: HTTP calls, and minutes at the portal's rate limit."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.plan.apply_stages import apply_stages
from icp_sync.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class QuotaLeft:
    """The daily quota: the account's limit, calls left to us, and which setting bounds them; None = unknown."""

    limit: int | None = None
    left: int | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """HTTP calls that applying takes, the minutes they need, and the daily quota they are taken from.

    `history`: calls more that `run` spends before, on asking HubSpot who set tiers and flags; `apply FILE` does not.
    """

    calls: int
    minutes: float
    day: QuotaLeft = QuotaLeft()
    history: int = 0

    @property
    def share_of_day(self) -> float | None:
        """The share (0-1) of the account's daily limit, which all its apps share; None when the limit is unknown."""
        return self.calls / self.day.limit if self.day.limit else None

    @property
    def warning(self) -> str | None:
        """One line when today's quota does not suffice, else None."""
        left = self.day.left
        if left is None or self.calls + self.history <= left:
            return None
        what = "A run" if self.calls <= left else "Applying"
        return (
            f"{what} takes more than the {left:,} calls left today ({self.day.bound}): "
            "the run stops there, and the next one continues."
        )


def forecast_cost(plan: Plan, calls_per_second: float, day: QuotaLeft = QuotaLeft(), history: int = 0) -> Forecast:
    """What the stages of `plan` cost, without retries; `history`: the calls that told whose values are."""
    calls = apply_stages(plan).calls
    return Forecast(calls, calls / calls_per_second / 60, day, history)
