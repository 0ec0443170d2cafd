"""Several profiles in one run: they may not get in each other's way, and each company fits one of them best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import polars as pl

from icp_sync.profile.model import Profile
from icp_sync.profile.terms import TIERS
from icp_sync.scoring.score import Scored


def conflicts(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Why these profiles cannot run together: one name, one property written or one list kept by two of them."""
    return tuple(said for one, other in combinations(profiles, 2) for said in _conflicts(one, other))


def best_profiles(scored: Sequence[tuple[str, Scored]]) -> pl.DataFrame:
    """`id` and `best_profile` of every company in some profile's scope, from (profile name, verdicts) in order.

    The highest tier wins, then the fit score, then the order; a company in no tier has "".
    """
    ranks = {tier: rank for rank, tier in enumerate(TIERS)}
    verdicts = pl.concat(
        one.frame.select("id", "tier", "score", best_profile=pl.lit(name), order=pl.lit(order))
        for order, (name, one) in enumerate(scored)
    )
    tiered = verdicts.filter(pl.col("tier").is_not_null()).with_columns(
        rank=pl.col("tier").replace_strict(ranks, return_dtype=pl.UInt8)
    )
    ranked = tiered.sort("id", "rank", "score", "order", descending=[False, False, True, False])
    best = ranked.unique("id", keep="first", maintain_order=True).select("id", "best_profile")
    everybody = verdicts.select("id").unique().sort("id")
    return everybody.join(best, on="id", how="left", maintain_order="left").with_columns(
        pl.col("best_profile").fill_null("")
    )


def _conflicts(one: Profile, other: Profile) -> Iterator[str]:
    if one.name == other.name:
        yield f"two profiles are called {one.name}; give each a name of its own"
    for name in sorted(_kept(one) & _kept(other)):
        yield f"the profiles {one.name} and {other.name} both write {name}; let each write properties of its own"
    for name in sorted({target.name for target in one.lists} & {target.name for target in other.lists}):
        yield f"the profiles {one.name} and {other.name} both keep the list {name}; let each keep lists of its own"


def _kept(profile: Profile) -> set[str]:
    """The properties a profile writes; a lock is only read, and may be shared."""
    return set(profile.write.properties().values())
