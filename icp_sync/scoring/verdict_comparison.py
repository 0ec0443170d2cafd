"""Two verdicts on the same companies side by side: what moved, who moved most, and what a threshold would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.profile.model.profile import Tier
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.scoring.threshold_curve import tier_sizes_by_threshold
from icp_sync.scoring.tier_capacity import finds_no_place
from icp_sync.scoring.whatif import Verdict

MAX_MOVERS: Final = 20
BIN: Final = 5
"""Points of fit score in a bin of the histogram; the last bin holds 100 too."""
BINS: Final = range(0, 100, BIN)
Moved = tuple[str | None, str | None, int]
"""Tier before, tier after (None = no tier), companies."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A company whose tier or fit score moved; a tier None is no tier, a score None is outside the scope."""

    id: int
    tier_before: str | None
    tier: str | None
    score_before: float | None
    score: float | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class TierPlaces:
    """A tier's places: `limit` in all or for each value of `per`, how many are `used`, and who found none left."""

    tier: str
    limit: int | None
    per: str | None
    used: int
    turned_away: int


@dataclass(frozen=True, slots=True)
class VerdictComparison:
    """What an edited profile changes. Tiers are those that stand on the records once a run is through."""

    moved: tuple[Moved, ...]
    outcomes: dict[str, tuple[int, int]]
    outside: tuple[int, int]
    places: tuple[TierPlaces, ...]
    up: tuple[Mover, ...]
    down: tuple[Mover, ...]
    histogram: dict[str, tuple[int, ...]]
    curves: dict[str, tuple[int, ...]]

    @property
    def tier_counts_before_after(self) -> dict[str, tuple[int, int]]:
        """Tier → companies before and after."""
        return {
            tier: (
                sum(n for before, _, n in self.moved if before == tier),
                sum(n for _, after, n in self.moved if after == tier),
            )
            for tier in TIERS
        }

    @property
    def tier_change_count(self) -> int:
        """Companies whose tier changes."""
        return sum(n for before, after, n in self.moved if before != after)


def compare_verdicts(before: Verdict, after: Verdict) -> VerdictComparison:
    """Two verdicts of one snapshot, side by side."""
    pairs, was, now = _paired_verdicts(before, after), before.outcome_counts, after.outcome_counts
    return VerdictComparison(
        moved=_count_tier_moves(pairs),
        outcomes={name: (was.get(name, 0), now.get(name, 0)) for name in OUTCOMES},
        outside=(was.get(None, 0), now.get(None, 0)),
        places=tuple(_tier_capacity_use(tier, after) for tier in after.profile.tiers),
        up=_movers(pairs, up=True),
        down=_movers(pairs, up=False),
        histogram=_score_histogram(after),
        curves={tier.tier: tier_sizes_by_threshold(tier, after) for tier in after.profile.tiers},
    )


def _paired_verdicts(before: Verdict, after: Verdict) -> pl.DataFrame:
    """`id`, tiers by their number (0 highest, `len(TIERS)` = none) and scores, before and after."""
    columns = {"stands": "tier", "score": "score", "outcome": "outcome"}
    was = before.companies.select(pl.col(name).alias(f"{new}_before") for name, new in columns.items())
    pairs = after.companies.select(ID, *(pl.col(name).alias(new) for name, new in columns.items())).hstack(was)
    # As a number: to sort and to group texts of a million companies takes five times as long.
    number = pl.col("tier", "tier_before").cast(pl.Enum(TIERS)).to_physical().cast(pl.Int8)
    return pairs.with_columns(number.fill_null(len(TIERS)))


def _count_tier_moves(pairs: pl.DataFrame) -> tuple[Moved, ...]:
    names = (*TIERS, None)
    counts = pairs.group_by("tier_before", "tier").len().sort("tier_before", "tier")
    return tuple((names[before], names[after], n) for before, after, n in counts.iter_rows())


def _tier_capacity_use(tier: Tier, verdict: Verdict) -> TierPlaces:
    used = int((verdict.companies["stands"] == tier.tier).sum())
    limit, per = (tier.capacity.limit, tier.capacity.per) if tier.capacity else (None, None)
    turned_away = int(verdict.companies.select(finds_no_place(tier.tier).sum()).item()) if tier.capacity else 0
    return TierPlaces(tier.tier, limit, per, used, turned_away)


def _movers(pairs: pl.DataFrame, *, up: bool) -> tuple[Mover, ...]:
    """The companies that rise (or fall) most: by tiers, then by points, then the smaller id."""
    steps = (pl.col("tier_before") - pl.col("tier")) * (1 if up else -1)
    points = (pl.col("score").fill_null(0) - pl.col("score_before").fill_null(0)) * (1 if up else -1)
    # Equal scores summed in another order differ in their last bits; unrounded, companies that stay would be movers.
    rows = (
        pairs.with_columns(steps=steps, points=points.round(9))
        .filter((pl.col("steps") > 0) | ((pl.col("steps") == 0) & (pl.col("points") > 0)))
        .top_k(MAX_MOVERS, by=("steps", "points", ID), reverse=[False, False, True])
        .sort("steps", "points", ID, descending=[True, True, False])
    )
    names = (*TIERS, None)
    return tuple(
        Mover(row[ID], names[row["tier_before"]], names[row["tier"]], row["score_before"], row["score"], row["outcome"])
        for row in rows.to_dicts()
    )


def _score_histogram(verdict: Verdict) -> dict[str, tuple[int, ...]]:
    """Outcome → companies in each bin of the fit score."""
    # A score of 100 is of the last bin, not of one to itself.
    lower = (pl.col("score") // BIN).clip(0, len(BINS) - 1).cast(pl.Int64).alias("bin")
    inside = verdict.by_signature.filter(pl.col("outcome").is_not_null())
    counts = inside.group_by("outcome", lower).agg(pl.col("companies").sum())
    by_bin = {(outcome, n): companies for outcome, n, companies in counts.iter_rows()}
    return {outcome: tuple(by_bin.get((outcome, n), 0) for n in range(len(BINS))) for outcome in OUTCOMES}
