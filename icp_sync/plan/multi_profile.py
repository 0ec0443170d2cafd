"""Several profiles in one run: conflicts between them, and the profile that fits each company best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from icp_sync.profile.findings import Finding, LocatedFinding, Path
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.outputs import output_path
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.score import ScoreResult

_RULE: Final = "several"


def profile_conflicts(profiles: Sequence[LoadedProfile]) -> tuple[LocatedFinding, ...]:
    """A finding for every profile name, written property or list that two of the profiles share.

    Each finding is located in the later of the two profiles and names the line in the earlier one.
    """
    pairs = combinations(profiles, 2)
    return tuple(
        problem for earlier, later in pairs for problem in later.locate(_pair_conflicts(earlier, later.profile))
    )


def missing_champion_profile_findings(profiles: Sequence[LoadedProfile]) -> tuple[LocatedFinding, ...]:
    """A finding for each experiment against a profile that is not among these: nobody would know where they differ."""
    names = {loaded.profile.name for loaded in profiles}
    return tuple(
        finding
        for loaded in profiles
        if (experiment := loaded.profile.write.experiment) and experiment.against not in names
        for finding in loaded.locate([_missing_champion_finding(experiment.against, loaded.file)])
    )


def best_profiles(scored: Sequence[tuple[str, ScoreResult]]) -> pl.DataFrame:
    """`id` (Int64) and `best_profile` (String) of every company in the scope of at least one profile.

    `scored`: (profile name, score result) in the order of the command line. The highest tier wins, then the fit
    score, then the order; "" for a company in no tier of any profile.
    """
    ranks = {tier: rank for rank, tier in enumerate(TIERS)}
    verdicts = pl.concat(
        result.frame.select("id", "tier", "score", best_profile=pl.lit(name), order=pl.lit(order))
        for order, (name, result) in enumerate(scored)
    )
    tiered = verdicts.filter(pl.col("tier").is_not_null()).with_columns(
        rank=pl.col("tier").replace_strict(ranks, return_dtype=pl.UInt8)
    )
    ranked = tiered.sort("id", "rank", "score", "order", descending=[False, False, True, False])
    best = ranked.unique("id", keep="first", maintain_order=True).select("id", "best_profile")
    scored_ids = verdicts.select("id").unique().sort("id")
    return scored_ids.join(best, on="id", how="left", maintain_order="left").with_columns(
        pl.col("best_profile").fill_null("")
    )


def _missing_champion_finding(against: str, file: str) -> Finding:
    message = f"goes against the profile {against}, which is not in this run; name its file too, beside {file}"
    return Finding(("write", "experiment", "against"), message, rule=_RULE)


def _pair_conflicts(earlier: LoadedProfile, later: Profile) -> Iterator[Finding]:
    earlier_profile, subject = earlier.profile, f"the profile {earlier.profile.name}"
    if earlier_profile.name == later.name:
        where = _file_and_line(earlier, ("profile", "name"))
        message = f"{where} is called {later.name} too; give each profile a name of its own"
        yield Finding(("profile", "name"), message, rule=_RULE)
    written = _paths_by_property(earlier_profile)
    for name, path in _paths_by_property(later).items():
        if name in written:
            where = _file_and_line(earlier, written[name])
            message = f"{subject} writes {name} too ({where}); let each write properties of its own"
            yield Finding(path, message, rule=_RULE)
    lists = _paths_by_list(earlier_profile)
    for name, path in _paths_by_list(later).items():
        if name in lists:
            where = _file_and_line(earlier, lists[name])
            message = f"{subject} keeps the list {name} too ({where}); let each keep lists of its own"
            yield Finding(path, message, rule=_RULE)


def _file_and_line(loaded: LoadedProfile, path: Path) -> str:
    return f"{loaded.file}:{loaded.lines.line_of_path(path)}"


def _paths_by_property(profile: Profile) -> dict[str, Path]:
    """Property written → its path in the profile. The lock is only read, so profiles may share it."""
    return {name: output_path(output) for output, name in profile.write.properties().items()}


def _paths_by_list(profile: Profile) -> dict[str, Path]:
    return {target.name: ("lists", n, "name") for n, target in enumerate(profile.lists)}
