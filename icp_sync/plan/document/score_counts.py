"""Counts the companies of a plan by score, tier line, criterion and disqualifier, on the columns of its diff frame."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from icp_sync.plan.diff_columns import IN_SCOPE
from icp_sync.plan.document.profile_figures import (
    BIN_POINTS,
    NEAR_POINTS,
    Answers,
    CriterionFigures,
    DisqualifierFigures,
    Scores,
    TierLine,
)
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.scoring.outcome import credit_column, max_criterion_points
from icp_sync.scoring.tier_capacity import finds_no_place

_LAST_BIN = 100 - BIN_POINTS
_MAY_ENTER = pl.col("outcome").is_in(["tiered", "insufficient_data"])


def count_score_bins(diff: pl.DataFrame) -> Scores:
    """Companies in scope by score and potential, in bins of 5 points, and by outcome."""
    return Scores(fit=tuple(_score_bins(diff, "score")), potential=tuple(_score_bins(diff, "potential")))


def _score_bins(diff: pl.DataFrame, name: str) -> Iterator[tuple[int, str, int]]:
    scored = diff.lazy().filter(IN_SCOPE).select(bin=_bin_start(name), outcome="outcome")
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    counted = scored.group_by("bin", "outcome").len().collect()
    yield from sorted(counted.iter_rows(), key=lambda row: (row[0], order[row[1]]))


def _bin_start(name: str) -> pl.Expr:
    """The lower end of the bin that a score lies in."""
    return ((pl.col(name) / BIN_POINTS).floor().cast(pl.Int64) * BIN_POINTS).clip(0, _LAST_BIN)


def count_tier_lines(diff: pl.DataFrame, profile: Profile) -> tuple[TierLine, ...]:
    """Each tier with its thresholds, the companies in it and near it, and those that find no place."""
    counts = (expression for tier in profile.tiers for expression in _tier_line_counts(tier))
    row = diff.lazy().filter(IN_SCOPE).select(counts).collect().row(0, named=True)
    return tuple(
        TierLine(
            tier=tier.tier,
            enter=tier.enter,
            leave=tier.leave_threshold,
            capacity=tier.capacity.limit if tier.capacity else None,
            per=tier.capacity.per if tier.capacity else None,
            companies=row[f"{tier.tier}.companies"],
            near=row[f"{tier.tier}.near"],
            near_leave=row[f"{tier.tier}.near_leave"],
            full=row[f"{tier.tier}.full"],
        )
        for tier in profile.tiers
    )


def _tier_line_counts(tier: Tier) -> Iterator[pl.Expr]:
    score, name = pl.col("score"), tier.tier
    # Who is in it already does not enter it any more: that one may leave, by another line.
    inside = pl.col("effective_tier") == name
    outside = ~pl.col("effective_tier").fill_null("").is_in(TIERS[: TIERS.index(name) + 1])
    near = (score >= tier.enter - NEAR_POINTS) & (score < tier.enter) & _MAY_ENTER & outside
    leave = tier.leave_threshold
    near_leave = (score >= leave) & (score < leave + NEAR_POINTS) & inside
    yield inside.sum().alias(f"{name}.companies")
    yield near.sum().alias(f"{name}.near")
    yield near_leave.sum().alias(f"{name}.near_leave")
    yield finds_no_place(name).sum().alias(f"{name}.full")


def count_criteria(diff: pl.DataFrame, profile: Profile) -> tuple[CriterionFigures, ...]:
    """Each criterion with its answers, of all companies in scope and of those in tier 1."""
    worth, ids = max_criterion_points(profile), [criterion.id for criterion in profile.criteria]
    everybody = diff.lazy().filter(IN_SCOPE)
    # Of the wide frame only what is counted is ever copied.
    counted = [
        companies.select(expression for name in ids for expression in _answer_counts(name))
        for companies in (everybody, everybody.filter(pl.col("effective_tier") == "tier_1"))
    ]
    in_all, in_tier_1 = (frame.row(0, named=True) for frame in pl.collect_all(counted))
    return tuple(
        CriterionFigures(
            id=criterion.id,
            label=criterion.title,
            trait=criterion.trait,
            weight=criterion.weight,
            points=round(float(worth[criterion.id]), 1),
            required=criterion.id in profile.required,
            in_tier_1=Answers(**_counts_by_answer(in_tier_1, criterion.id)),
            **_counts_by_answer(in_all, criterion.id),
        )
        for criterion in profile.criteria
    )


def _answer_counts(name: str) -> Iterator[pl.Expr]:
    credit = pl.col(credit_column(name))
    yield (credit == 1).sum().alias(f"{name}:hit")
    yield ((credit > 0) & (credit < 1)).sum().alias(f"{name}:partial")
    yield (credit == 0).sum().alias(f"{name}:miss")
    yield credit.null_count().alias(f"{name}:unknown")


def _counts_by_answer(row: dict[str, int], name: str) -> dict[str, int]:
    return {answer: row[f"{name}:{answer}"] for answer in Answers.model_fields}


def count_disqualifiers(diff: pl.DataFrame, profile: Profile) -> tuple[DisqualifierFigures, ...]:
    """Each disqualifier with the companies in scope it rules out."""
    ruled_out = diff.lazy().filter(IN_SCOPE).group_by("disqualified_by").len().collect()
    counts = dict(ruled_out.iter_rows())
    return tuple(
        DisqualifierFigures(id=each.id, reason=each.title, companies=counts.get(each.id, 0))
        for each in profile.disqualifiers
    )
