"""What each step changed of a company's tier and outcome, and which edited thresholds decided it."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.change_explanation import THRESHOLD
from icp_sync.plan.stepwise_rescoring import STEPS, ScoredSteps
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.profile.model.types import TIERS, TierName
from icp_sync.scoring.outcome import lowest_threshold, tier_threshold

MOVES: Final = pl.Schema(
    {
        ID: pl.Int64(),
        "score.before": pl.Float64(),
        **dict.fromkeys(("reached.before", "reached.after", "outcome.before", "outcome.after"), pl.String()),
        **{f"{what}.{step}": pl.Boolean() for what in ("reached", "outcome", "any") for step in STEPS},
        "limited": pl.Boolean(),
        "thresholds": pl.List(THRESHOLD),
    }
)
"""A row a company: its first and last result, "" for none; whether each step changed the tier by thresholds, the
outcome, or anything of the result; whether either profile limits places; the edited thresholds that decided."""
_RESULT: Final = ("disqualified_by", "score", "potential", "coverage", "outcome", "reached", "reasons")


def moves_by_rescoring_step(steps: ScoredSteps) -> pl.DataFrame:
    """What the steps changed of each company, as a frame `MOVES`."""
    first, last = steps.results[0], steps.results[-1]
    columns = {
        "score.before": first["score"],
        **{f"{what}.before": first[what].fill_null("") for what in ("reached", "outcome")},
        **{f"{what}.after": last[what].fill_null("") for what in ("reached", "outcome")},
    }
    for step, (before, after) in zip(STEPS, pairwise(steps.results), strict=True):
        changed = {name: before[name].ne_missing(after[name]) for name in _RESULT}
        columns |= {f"{name}.{step}": changed[name] for name in ("reached", "outcome")}
        columns[f"any.{step}"] = pl.DataFrame(changed).select(pl.any_horizontal(pl.all())).to_series()
    limited = any(tier.capacity for profile in (steps.old, steps.new) for tier in profile.tiers)
    frame = last.select(ID).with_columns(**columns, limited=pl.lit(limited), thresholds=_deciding_thresholds(steps))
    return frame.select(MOVES.names()).cast(MOVES)


def _deciding_thresholds(steps: ScoredSteps) -> pl.Series:
    """For each company the thresholds whose edit puts its score, or what it could reach, on another side of them."""
    before, after = ({tier.tier: tier for tier in profile.tiers} for profile in (steps.old, steps.new))
    scored = steps.results[-1].with_columns(steps.ranks)
    decided = [
        pl.when(
            _has_threshold_crossed_score(before.get(name), after.get(name))
            | _is_reach_changed(name, steps.old, steps.new)
        ).then(
            pl.struct(
                tier=pl.lit(name), was=_threshold_or_null(before.get(name)), now=_threshold_or_null(after.get(name))
            )
        )
        for name in TIERS
        if before.get(name) != after.get(name)
    ]
    if not decided:
        return pl.Series([[]] * 1, dtype=pl.List(THRESHOLD)).new_from_index(0, scored.height)
    return scored.select(pl.concat_list(decided).list.drop_nulls()).to_series()


def _threshold_or_null(tier: Tier | None) -> pl.Expr:
    return pl.lit(None, pl.Float64) if tier is None else tier_threshold(tier).cast(pl.Float64)


def _has_threshold_crossed_score(before: Tier | None, after: Tier | None) -> pl.Expr:
    score = pl.col("score")
    was, now = ((score >= _threshold_or_null(tier)).fill_null(value=False) for tier in (before, after))
    return was != now


def _is_reach_changed(name: TierName, old: Profile, new: Profile) -> pl.Expr:
    """Whether the lowest tier's edit makes it possible, or impossible, to reach any."""
    if name != new.tiers[-1].tier:
        return pl.lit(value=False)
    was, now = (pl.col("potential") >= lowest_threshold(profile.tiers) for profile in (old, new))
    return (was != now).fill_null(value=False)
