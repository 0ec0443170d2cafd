"""What a plan means for people: who moves between tiers, why companies change, and examples with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.changes import CAUSES

NO_TIER: Final = "no tier"


@dataclass(frozen=True, slots=True)
class Movement:
    """So many companies go from one tier to another; no tier is a tier here."""

    before: str
    after: str
    companies: int


@dataclass(frozen=True, slots=True)
class Example:
    """One company of the plan, as a person would want to see it."""

    id: int
    name: str
    domain: str
    before: str
    after: str
    score: float | None
    reasons: str


def movements(drawing: PlanPreview) -> tuple[Movement, ...]:
    """Companies whose tier on the record changes, by tier before and after; foreign tiers never move."""
    moved = _tiers(drawing).filter(pl.col("before") != pl.col("after"))
    counted = moved.group_by("before", "after").len().sort("before", "after")
    return tuple(Movement(before, after, count) for before, after, count in counted.iter_rows())


def entering_tiers(drawing: PlanPreview) -> int:
    """Companies that get a first tier or another one: workflows that enrol on the properties start for each."""
    moved = _tiers(drawing).filter((pl.col("before") != pl.col("after")) & (pl.col("after") != NO_TIER))
    return moved.height


def outcome_only(drawing: PlanPreview) -> int:
    """Companies scored before whose outcome changes and whose tier does not; guardrails count them too."""
    if not {"live.outcome", "live.tier"} <= set(drawing.diff.columns):
        return 0
    anew = (pl.col("live.outcome") != "") & (pl.col("live.outcome") != pl.col("outcome"))
    return _tiers(drawing).filter(anew & (pl.col("before") == pl.col("after"))).height


def causes(drawing: PlanPreview) -> dict[str, int]:
    """Cause → companies that change for it, only where that is any."""
    counted = dict(drawing.plan.changes.group_by("cause").len().iter_rows())
    return {cause: counted[cause] for cause in CAUSES if cause in counted}


def examples(drawing: PlanPreview, count: int = 5) -> tuple[Example, ...]:
    """The best companies that change tier, else the best that change at all."""
    tiers = _tiers(drawing)
    moved = tiers.filter(pl.col("before") != pl.col("after"))
    best = (moved if moved.height else tiers).sort("score", "id", descending=[True, False], nulls_last=True)
    return tuple(_example(row) for row in best.head(count).iter_rows(named=True))


def target_accounts(drawing: PlanPreview, count: int = 5) -> tuple[Example, ...]:
    """The best companies of the highest tier that anybody stands in."""
    standing = drawing.diff.filter(pl.col("stands_tier").is_not_null() & pl.col("inside"))
    ranked = standing.sort("stands_tier", "score", "id", descending=[False, True, False])
    rows = _named(ranked).with_columns(before=pl.col("stands_tier"), after=pl.col("stands_tier"))
    return tuple(_example(row) for row in rows.head(count).iter_rows(named=True))


def members_of(drawing: PlanPreview, name: str, count: int = 5) -> tuple[Example, ...]:
    """The best companies of those a static list is to hold; `before` and `after` are the tier they stand in."""
    best = pl.DataFrame({"id": drawing.members[name].ids.head(count)})
    rows = _named(best.join(drawing.diff, on="id", maintain_order="left"))
    tier = pl.col("stands_tier").fill_null(NO_TIER)
    return tuple(_example(row) for row in rows.with_columns(before=tier, after=tier).iter_rows(named=True))


def _tiers(drawing: PlanPreview) -> pl.DataFrame:
    """The changing companies with the tier on the record before and after."""
    rows = drawing.diff.filter("changes")
    if "live.tier" not in rows.columns:
        return _named(rows).with_columns(before=pl.lit(NO_TIER), after=pl.lit(NO_TIER))
    before = pl.col("live.tier").replace("", NO_TIER)
    after = pl.coalesce("want.tier", "live.tier").replace("", NO_TIER)
    return _named(rows).with_columns(before=before, after=after)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit("").alias(name) for name in ("name", "domain") if name not in rows.columns]
    return rows.with_columns(*missing).with_columns(pl.col("name", "domain", "reasons").fill_null(""))


def _example(row: dict[str, object]) -> Example:
    values = {name: row[name] for name in Example.__slots__}
    return Example(**values)  # type: ignore[arg-type]  # the frame's columns carry the field's types
