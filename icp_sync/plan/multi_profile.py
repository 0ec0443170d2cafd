"""Several profiles in one run: they may not get in each other's way, and each company fits one of them best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from icp_sync.profile.findings import Finding, LocatedFinding, Path
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.score import ScoreResult

_RULE: Final = "several"


def conflicts(profiles: Sequence[LoadedProfile]) -> tuple[LocatedFinding, ...]:
    """Why these profiles cannot run together: one name, one property written or one list kept by two of them.

    Each problem stands in the later of two profiles and names the place in the earlier one.
    """
    pairs = combinations(profiles, 2)
    return tuple(problem for one, other in pairs for problem in other.locate(_conflicts(one, other.profile)))


def best_profiles(scored: Sequence[tuple[str, ScoreResult]]) -> pl.DataFrame:
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


def _conflicts(one: LoadedProfile, other: Profile) -> Iterator[Finding]:
    first, named = one.profile, f"the profile {one.profile.name}"
    if first.name == other.name:
        message = f"{_place(one, ('profile', 'name'))} is called {other.name} too; give each profile a name of its own"
        yield Finding(("profile", "name"), message, rule=_RULE)
    theirs = _written(first)
    for name, path in _written(other).items():
        if name in theirs:
            advice = "let each write properties of its own"
            yield Finding(path, f"{named} writes {name} too ({_place(one, theirs[name])}); {advice}", rule=_RULE)
    kept = _lists(first)
    for name, path in _lists(other).items():
        if name in kept:
            advice = "let each keep lists of its own"
            yield Finding(path, f"{named} keeps the list {name} too ({_place(one, kept[name])}); {advice}", rule=_RULE)


def _place(loaded: LoadedProfile, path: Path) -> str:
    return f"{loaded.file}:{loaded.lines.at(path)}"


def _written(profile: Profile) -> dict[str, Path]:
    """The properties a profile writes and where it says so; a lock is only read, and may be shared."""
    return {name: ("write", *output.split(".")) for output, name in profile.write.properties().items()}


def _lists(profile: Profile) -> dict[str, Path]:
    return {target.name: ("lists", n, "name") for n, target in enumerate(profile.lists)}
