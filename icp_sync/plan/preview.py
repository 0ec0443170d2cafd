"""The plan summarised for people: movements between tiers, and example companies with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_frame import property_counts
from icp_sync.plan.plan import Plan

NO_TIER: Final = "no tier"


@dataclass(frozen=True, slots=True)
class TierMovement:
    """Number of companies that move from one tier to another; `NO_TIER` counts as a tier."""

    before: str
    after: str
    companies: int


@dataclass(frozen=True, slots=True)
class PreviewExample:
    """One company of the plan with its name, tiers, score and reasons."""

    id: int
    name: str
    domain: str
    before: str
    after: str
    score: float | None
    reasons: str


def tier_movements(preview: PlanPreview) -> tuple[TierMovement, ...]:
    """Companies whose tier on the record changes, by tier before and after; foreign tiers never move."""
    moved = _changes_with_tiers(preview).filter(pl.col("before") != pl.col("after"))
    counts = moved.group_by("before", "after").len().sort("before", "after")
    return tuple(TierMovement(before, after, count) for before, after, count in counts.iter_rows())


def count_entering_tiers(preview: PlanPreview) -> int:
    """Number of companies that enter a tier; HubSpot workflows that enrol on the tier property start for each."""
    moved = _changes_with_tiers(preview).filter((pl.col("before") != pl.col("after")) & (pl.col("after") != NO_TIER))
    return moved.height


def properties_beside_tier_moves(plan: Plan) -> tuple[int, Mapping[str, int]]:
    """Of the companies that change and keep their tier, or have none: how many, and on how many each property changes.

    The most frequent property first.
    """
    changes, name = plan.changes, plan.population.tier_property
    if f"after.{name}" in changes.columns:
        after, before = pl.col(f"after.{name}"), pl.col(f"before.{name}").fill_null("")
        changes = changes.filter(after.is_null() | (after == before))
    counts = sorted(property_counts(changes).items(), key=lambda item: -item[1])
    return changes.height, {name: count for name, count in counts if count}


def count_outcome_only_changes(preview: PlanPreview) -> int:
    """Number of companies whose outcome changes and whose tier does not; guardrails count them too."""
    if not {"live.outcome", "live.tier"} <= set(preview.diff.columns):
        return 0
    anew = (pl.col("live.outcome") != "") & (pl.col("live.outcome") != pl.col("outcome"))
    return _changes_with_tiers(preview).filter(anew & (pl.col("before") == pl.col("after"))).height


def pick_examples(preview: PlanPreview, count: int = 5) -> tuple[PreviewExample, ...]:
    """The companies with the highest fit score that change tier; without any, those that change at all."""
    tiers = _changes_with_tiers(preview)
    moved = tiers.filter(pl.col("before") != pl.col("after"))
    best = (moved if moved.height else tiers).sort("score", "id", descending=[True, False], nulls_last=True)
    return tuple(_example(row) for row in best.head(count).iter_rows(named=True))


def pick_best_companies(preview: PlanPreview, count: int = 5) -> tuple[PreviewExample, ...]:
    """The companies with the highest fit score, highest tier first."""
    tiered = preview.diff.filter(pl.col("effective_tier").is_not_null() & pl.col("in_scope"))
    ranked = tiered.sort("effective_tier", "score", "id", descending=[False, True, False])
    rows = _with_names(ranked).with_columns(before=pl.col("effective_tier"), after=pl.col("effective_tier"))
    return tuple(_example(row) for row in rows.head(count).iter_rows(named=True))


def pick_list_members(preview: PlanPreview, name: str, count: int = 5) -> tuple[PreviewExample, ...]:
    """The first `count` desired members of a static list; `before` and `after` are both the effective tier."""
    best = pl.DataFrame({"id": preview.members[name].ids.head(count)})
    rows = _with_names(best.join(preview.diff, on="id", maintain_order="left"))
    tier = pl.col("effective_tier").fill_null(NO_TIER)
    return tuple(_example(row) for row in rows.with_columns(before=tier, after=tier).iter_rows(named=True))


def _changes_with_tiers(preview: PlanPreview) -> pl.DataFrame:
    """The changing companies with the tier on the record before and after."""
    rows = preview.diff.filter("is_changed")
    if "live.tier" not in rows.columns:
        return _with_names(rows).with_columns(before=pl.lit(NO_TIER), after=pl.lit(NO_TIER))
    before = pl.col("live.tier").replace("", NO_TIER)
    after = pl.coalesce("desired.tier", "live.tier").replace("", NO_TIER)
    return _with_names(rows).with_columns(before=before, after=after)


def _with_names(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit("").alias(name) for name in ("name", "domain") if name not in rows.columns]
    return rows.with_columns(*missing).with_columns(pl.col("name", "domain", "reasons").fill_null(""))


def _example(row: dict[str, object]) -> PreviewExample:
    values = {name: row[name] for name in PreviewExample.__slots__}
    return PreviewExample(**values)  # type: ignore[arg-type]  # the frame's columns carry the field's types
