"""Answers → credits, fit score, potential, coverage, outcome and tier (design, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final

import polars as pl

from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.profile import Profile, Tier
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import answers
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.answers import HIT, MISS, PARTIAL, UNKNOWN

Steps = Sequence[Sequence[pl.Expr]]
"""Columns made in several steps: those of a step read the columns of the steps before it."""
PROVEN: Final = pl.col("proven")
"""The points earned, not rounded."""
KNOWN: Final = pl.col("known")
"""The share of the weight whose credit is known, not rounded."""


def tier_threshold(tier: Tier) -> pl.Expr:
    """The fit score that gives this tier to a company; reads `live:rank` only if the tier has a `leave`."""
    # Without a `leave` the live tier changes nothing, and the rank needs no digit in the signature.
    if tier.leave_threshold == tier.enter:
        return pl.lit(tier.enter)
    # A holder of a higher tier is in this one too: it falls step by step, not out of all tiers at once.
    in_it = pl.col(live.RANK).is_between(1, TIERS.index(tier.tier) + 1)
    return pl.when(in_it).then(pl.lit(tier.leave_threshold)).otherwise(pl.lit(tier.enter))


def lowest_threshold(tiers: Iterable[Tier]) -> pl.Expr:
    """The lowest threshold that applies to a company."""
    return pl.min_horizontal(tier_threshold(tier) for tier in tiers)


def threshold_tier(profile: Profile, score: pl.Expr) -> pl.Expr:
    """The highest tier whose threshold this fit score reaches."""
    tiers = [pl.when(score >= tier_threshold(tier)).then(pl.lit(tier.tier)) for tier in profile.tiers]
    return pl.coalesce(tiers)


def tier_by_enter_threshold(profile: Profile, score: pl.Expr) -> pl.Expr:
    """The highest tier that this fit score gives to a company that is in none."""
    return pl.coalesce(pl.when(score >= tier.enter).then(pl.lit(tier.tier)) for tier in profile.tiers)


def credit_column(criterion_id: str) -> str:
    """The column that holds the credit of a criterion."""
    return f"credit.{criterion_id}"


def max_criterion_points(profile: Profile) -> dict[str, Fraction]:
    """What full credit for each criterion adds to the fit score; together exactly 100."""
    # Fractions, since floats of weights such as 0.1 would not add up to 100 and a full hit would miss `enter: 100`.
    weights = {criterion.id: _exact_decimal(criterion.weight) for criterion in profile.criteria}
    total = sum(weights.values())
    return {name: 100 * weight / total for name, weight in weights.items()}


def credit_by_answer(criterion: Criterion) -> dict[int, Fraction | None]:
    """The credit each answer earns; None is unknown. With `missing: miss` what is unknown earns 0."""
    unknown = None if criterion.missing == "unknown" else Fraction(0)
    partials = {PARTIAL + n: _exact_decimal(partial.credit) for n, partial in enumerate(criterion.partial)}
    return {MISS: Fraction(0), HIT: Fraction(1), UNKNOWN: unknown, **partials}


def apply_steps(frame: pl.LazyFrame, steps: Steps) -> pl.LazyFrame:
    """The frame with the columns of each step."""
    return reduce(pl.LazyFrame.with_columns, steps, frame)


def outcome_steps(profile: Profile) -> Steps:
    """From answers: credits, `disqualified_by`, `score`, `potential`, `coverage`, `outcome`, `reached`.

    Beside them the sums before they are rounded: `proven`, `possible`, `known`.
    `reached` is the tier by thresholds; whether it has room for the company is for `capacity`.
    """
    reached = pl.col("reached")
    return (
        list(_credit_columns(profile)),
        [_disqualified_by(profile), *_exact_sums(profile)],
        list(_rounded_sums()),
        [threshold_tier(profile, pl.col("score")).alias("reached")],
        [_outcome(profile)],
        [pl.when(pl.col("outcome") == "tiered").then(reached).alias("reached")],
    )


def round_half_even(value: pl.Expr, digits: int) -> pl.Expr:
    """A non-negative value to nine decimals, then half-even to `digits`, in integers: 62.45 → 62.4."""
    unit = 10 ** (9 - digits)
    billionths = (value * 1e9).round().cast(pl.Int64)
    # An odd whole is rounded up from the half on, an even one just above it.
    steps: pl.Expr = (billionths + (unit // 2 - 1) + billionths // unit % 2) // unit
    # Polars divides by a constant through its reciprocal and misses 59.4 by a hair; round() finds it again.
    return steps.truediv(10**digits).round(digits)


def _exact_decimal(number: float) -> Fraction:
    """The decimal number a person wrote, not the nearest binary one."""
    return Fraction(str(number))


def _credit_columns(profile: Profile) -> Iterable[pl.Expr]:
    for criterion in profile.criteria:
        yield _value_by_answer(criterion, credit_by_answer(criterion)).alias(credit_column(criterion.id))


def _value_by_answer(criterion: Criterion, values: dict[int, Fraction | None]) -> pl.Expr:
    answered = pl.col(answers.answer_column(criterion))
    chosen = pl.lit(None, dtype=pl.Float64)
    for answer, value in values.items():
        if value is not None:
            chosen = pl.when(answered == answer).then(pl.lit(float(value))).otherwise(chosen)
    return chosen


def _exact_sums(profile: Profile) -> Iterable[pl.Expr]:
    shares = [(pl.col(credit_column(name)), float(share)) for name, share in max_criterion_points(profile).items()]
    yield pl.sum_horizontal(credit.fill_null(0) * share for credit, share in shares).alias("proven")
    yield pl.sum_horizontal(credit.fill_null(1) * share for credit, share in shares).alias("possible")
    yield pl.sum_horizontal(credit.is_not_null() * (share / 100) for credit, share in shares).alias("known")


def _rounded_sums() -> Iterable[pl.Expr]:
    yield round_half_even(PROVEN, 1).alias("score")
    yield round_half_even(pl.col("possible"), 1).alias("potential")
    yield round_half_even(KNOWN, 3).alias("coverage")


def _disqualified_by(profile: Profile) -> pl.Expr:
    # Only a certain hit disqualifies: an empty property would else throw good companies out.
    met = [
        pl.when(pl.col(answers.answer_column(disqualifier)) == HIT).then(pl.lit(disqualifier.id))
        for disqualifier in profile.disqualifiers
    ]
    return pl.coalesce(*met, pl.lit(None, dtype=pl.String)).alias("disqualified_by")


def _outcome(profile: Profile) -> pl.Expr:
    required = [pl.col(credit_column(name)) for name in profile.required]
    undecided = pl.lit("insufficient_data")
    # The order is the design's: what is certain (a rule met, a requirement missed, too few points even if all unknown
    # ones came) goes before what is undecided, so that missing data never hides a verdict.
    return (
        pl.when(pl.col("disqualified_by").is_not_null())
        .then(pl.lit("disqualified"))
        .when(_any_met(credit == 0 for credit in required) | (pl.col("potential") < lowest_threshold(profile.tiers)))
        .then(pl.lit("not_icp"))
        .when(_any_met(credit.is_null() for credit in required))
        .then(undecided)
        .when(pl.col("reached").is_not_null() & (pl.col("coverage") >= profile.coverage.minimum))
        .then(pl.lit("tiered"))
        .otherwise(undecided)
        .alias("outcome")
    )


def _any_met(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether any condition is met; one that is unknown is not."""
    met: Sequence[pl.Expr] = [condition.fill_null(False) for condition in conditions]
    return pl.any_horizontal(met) if met else pl.lit(False)
