"""Two sides of companies whose traits are compared: won and lost, or listed and all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
import polars as pl
from scipy.stats import norm

from icp_sync.companies.frame import ID
from icp_sync.evidence.discover_document import Contrast
from icp_sync.evidence.permutation_test import Flags, Strata
from icp_sync.evidence.uncounted_deals import no_counted_deals_sentence
from icp_sync.evidence.win_rate_tests import POWER
from icp_sync.evidence.win_rates import FEWEST, Tally

FEWEST_LISTED: Final = 10  # the guides' ten super users
MOST_OTHERS: Final = 20_000
_TYPICAL: Final = 0.25
"""The share of companies that have the trait for which `detectable_lift` is given."""


@dataclass(frozen=True, slots=True)
class ComparedSides:
    """The companies compared, by id, whether each is won (or listed), and within which of them chance is judged.

    `sampled`: only some of the others were taken.
    """

    contrast: Contrast
    companies: pl.Series
    won: Flags
    strata: Strata
    sampled: bool = False

    @property
    def tally(self) -> Tally:
        """All of them as one tally."""
        return Tally(float(self.won.sum()), float(self.won.size))


def sides_of_deals(decided: pl.DataFrame) -> ComparedSides:
    """Companies by their first decided deal, within the quarter it closed in."""
    quarters = decided["closed"].dt.year() * 4 + decided["closed"].dt.quarter()
    won = decided["won"].to_numpy().astype(bool)
    return ComparedSides("won_lost", decided["company"].rename(ID), won, quarters.cast(pl.Int64).to_numpy())


def sides_of_listed_companies(listed: pl.Series, companies: pl.Series, seed: int) -> ComparedSides:
    """The listed companies against all others; of many others a sample, which costs little and saves minutes."""
    is_listed = companies.is_in(listed.implode())
    inside, others = companies.filter(is_listed), companies.filter(~is_listed)
    sampled = others.len() > MOST_OTHERS
    taken = others.sample(MOST_OTHERS, seed=seed) if sampled else others
    both = pl.concat([inside, taken]).sort()
    won = both.is_in(inside.implode()).to_numpy().astype(bool)
    return ComparedSides("customers", both.rename(ID), won, np.zeros(both.len(), dtype=np.int64), sampled)


def too_small_reason(sides: ComparedSides, left_out: Mapping[str, int] | None = None) -> str | None:
    """Why these sides are too small to compare; None where they are not. `left_out`: why deals do not count."""
    won, lost = int(sides.tally.won), int(sides.tally.lost)
    if sides.contrast == "won_lost" and min(won, lost) < FEWEST:
        few = f"too few deals to look for traits: {won:,} won and {lost:,} lost, and it takes {FEWEST} of each"
        none = (
            no_counted_deals_sentence(sum(left_out.values()), left_out).removesuffix(".")
            if left_out and not won + lost
            else None
        )
        why = (
            f"{few}; {_closing_habit_hint(won, lost)}" if none is None else f"{none[0].lower()}{none[1:]}; see to those"
        )
        return f"{why}, or compare a list of your best customers: --customers FILE"
    if sides.contrast == "customers" and (won < FEWEST_LISTED or lost < FEWEST):
        return (
            f"too few companies to look for traits: {won:,} of the list are in scope and {lost:,} others; it takes "
            f"{FEWEST_LISTED} of the list and {FEWEST} others"
        )
    return None


def _closing_habit_hint(won: int, lost: int) -> str:
    """Many of the one and hardly any of the other is how deals are closed in HubSpot rather than how they ended."""
    if won >= FEWEST:
        return "check that lost deals are closed as lost in HubSpot"
    if lost >= FEWEST:
        return "check that won deals stand in a stage HubSpot counts as won"
    return "wait for more, look further back (--since)"


def detectable_lift(tally: Tally, critical: float) -> float | None:
    """How many times as often companies with a trait must win for it to be found in 8 of 10 such samples.

    For a trait that a quarter of the companies have and that is known of all, at what the permutations ask for.
    None where no win rate is high enough.
    """
    rate = tally.rate
    if not rate or not tally.lost:
        return None
    with_it, without = _TYPICAL * tally.decided, (1 - _TYPICAL) * tally.decided
    difference = (critical + float(norm.ppf(POWER))) * sqrt(rate * (1 - rate) * (1 / with_it + 1 / without))
    # The rate of all lies between both: a quarter of the difference above the rate of those without the trait.
    lower = rate - _TYPICAL * difference
    return (lower + difference) / lower if lower > 0 and lower + difference <= 1 else None
