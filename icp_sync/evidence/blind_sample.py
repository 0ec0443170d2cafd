"""Which companies people are asked about: some of every tier, some near the lines, some that are undecided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.document_types import TIERS
from icp_sync.evidence.tier_tables import GROUP, add_tier_group
from icp_sync.profile.model.profile import Profile

NEAR_POINTS: Final = 5
"""How far from a tier's line a fit score may lie to count as near it."""
_ASKED: Final = (*TIERS, "not_icp", "insufficient_data")
# Who is disqualified is ruled out whatever else is true of it: no opinion would change that.


@dataclass(frozen=True, slots=True)
class SampleSizes:
    """How many companies of each tier (and of those in none), and how many near each tier's line."""

    per_tier: int
    near: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Ids of companies in an order that says nothing; `drawn`: how many for which reason, in the order drawn."""

    ids: tuple[int, ...]
    drawn: dict[str, int]


def draw_sample(scores: pl.DataFrame, profile: Profile, sizes: SampleSizes, seed: int) -> Sample:
    """Draw companies at random, each once; the same seed draws the same ones from the same scores.

    `scores`: id, score, tier, outcome. Where a group has fewer companies than asked for, all of it is taken.
    """
    chance = np.random.default_rng(seed)
    companies = add_tier_group(scores.sort(ID)).filter(pl.col(GROUP).is_in(_ASKED))
    drawn: dict[str, int] = {}
    taken = pl.Series([], dtype=pl.Int64)
    for reason, condition, size in _iter_strata(profile, sizes):
        ids = companies.filter(condition & ~pl.col(ID).is_in(taken.implode()))[ID]
        picked = ids.gather(chance.permutation(ids.len())[:size])
        drawn[reason] = picked.len()
        taken = taken.append(picked)
    return Sample(tuple(taken.gather(chance.permutation(taken.len())).to_list()), drawn)


def _iter_strata(profile: Profile, sizes: SampleSizes) -> Iterator[tuple[str, pl.Expr, int]]:
    """Yields the name of a group, who is in it, and how many of it are wanted."""
    tiers = [tier.tier for tier in profile.tiers]
    for group in _ASKED:
        if group in tiers or group not in TIERS:
            yield group, pl.col(GROUP) == group, sizes.per_tier
    for tier in profile.tiers:
        distance = (pl.col("score") - tier.enter).abs()
        yield f"near_{tier.tier}", distance <= NEAR_POINTS, sizes.near
