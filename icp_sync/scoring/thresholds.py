"""The fit score a tier asks of a company: `leave` from those that are in it or above, `enter` from all others."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import live_tier as live


def threshold(tier: Tier) -> pl.Expr:
    """The fit score that gives this tier to a company; reads `live:rank` only if the tier has a `leave`."""
    if tier.stays == tier.enter:
        return pl.lit(tier.enter)
    in_it = pl.col(live.RANK).is_between(1, TIERS.index(tier.tier) + 1)
    return pl.when(in_it).then(pl.lit(tier.stays)).otherwise(pl.lit(tier.enter))


def lowest(tiers: Iterable[Tier]) -> pl.Expr:
    """The lowest threshold that applies to a company."""
    return pl.min_horizontal(threshold(tier) for tier in tiers)


def reached(profile: Profile, score: pl.Expr) -> pl.Expr:
    """The highest tier whose threshold this fit score reaches."""
    tiers = [pl.when(score >= threshold(tier)).then(pl.lit(tier.tier)) for tier in profile.tiers]
    return pl.coalesce(tiers)
