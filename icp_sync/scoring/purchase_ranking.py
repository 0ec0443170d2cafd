"""In which order to buy: the best purchase first, the next ones by what is then still undecided."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.scoring.answer_patterns import COMPANIES, UNDECIDED, merge_patterns, sum_companies
from icp_sync.scoring.answers import HIT
from icp_sync.scoring.data_purchase_groups import PropertyGroup
from icp_sync.scoring.program import Program
from icp_sync.scoring.purchase_simulation import ASSUMED, GROUP, LIFTED, lacks_group, simulate_purchases

MAX_STEPS: Final = 10


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase, the companies it is expected to lift into a tier, and those undecided after it."""

    properties: tuple[str, ...]
    expected: float
    still_undecided: int


def rank_purchases(
    undecided: pl.DataFrame, rates: Mapping[PropertyGroup, float], tiers: Collection[str], program: Program
) -> Iterator[Purchase]:
    """Up to ten purchases, each the best by `expected`, then by how many it decides, on what those before it left.

    `undecided`: patterns; `rates`: group → the share (0 to 1) that hits all of it. A bought value is assumed to hit at
    that rate, independent of what else a company answers, and to miss otherwise. Ends where no purchase changes
    anything.
    """
    left = dict(rates)
    for _ in range(min(MAX_STEPS, len(rates))):
        groups = list(left)
        tried = simulate_purchases(undecided, groups, program)
        best = _best_purchase(tried, [left[group] for group in groups], tiers)
        if best is None:
            return
        place, expected = best
        rate = left.pop(groups[place])
        undecided = _patterns_after(undecided, tried.filter(pl.col(GROUP) == place), groups[place], rate, program)
        yield Purchase(groups[place].properties, round(expected, 1), round(sum_companies(undecided)))


def _best_purchase(tried: pl.DataFrame, rates: Sequence[float], tiers: Collection[str]) -> tuple[int, float] | None:
    """The place of the best purchase and the companies it is expected to lift; None where none changes anything."""
    decided = tried.filter(~UNDECIDED).with_columns(
        _companies_at_rate(pl.lit(pl.Series(rates, dtype=pl.Float64)).gather(pl.col(GROUP)))
    )
    lifted = decided.filter(LIFTED, pl.col("reached").is_in(sorted(tiers)))
    totals = [dict(rows.group_by(GROUP).agg(pl.col(COMPANIES).sum()).iter_rows()) for rows in (lifted, decided)]
    value = {place: tuple(total.get(place, 0.0) for total in totals) for place in range(len(rates))}
    # Of equals the first in the profile: max() keeps the first it meets.
    best = max(value, key=value.__getitem__)
    return (best, value[best][0]) if any(value[best]) else None


def _patterns_after(
    undecided: pl.DataFrame, tried: pl.DataFrame, group: PropertyGroup, rate: float, program: Program
) -> pl.DataFrame:
    """The patterns still undecided after a purchase; `tried`: what it makes of those that lack the group."""
    bought = tried.filter(UNDECIDED).with_columns(_companies_at_rate(pl.lit(rate))).select(undecided.columns)
    return merge_patterns(pl.concat([undecided.filter(~lacks_group(group)), bought]), program)


def _companies_at_rate(rate: pl.Expr) -> pl.Expr:
    """The companies of a pattern that hit, or miss, as assumed, at a rate of hits."""
    return pl.col(COMPANIES) * pl.when(pl.col(ASSUMED) == HIT).then(rate).otherwise(1 - rate)
