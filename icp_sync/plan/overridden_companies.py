"""Values on a record that stand whatever the profile says, since somebody else set them: by company."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan import override_rules as table
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.scoring import live_tier as live

TIER_STANDS: Final = "own:tier_stands"
FLAG_STANDS: Final = "own:flag_stands"
LEFT_ALONE: Final = "own:left_alone"
_STANDS: Final = ("keep", "open", "replace")


@dataclass(frozen=True, slots=True)
class OverriddenIds:
    """Ids of companies whose tier and whose target flag stand, and of those to which nothing is written (`alone`)."""

    tiers: frozenset[int] = frozenset()
    flags: frozenset[int] = frozenset()
    alone: frozenset[int] = frozenset()


def overridden_from_decisions(decisions: pl.DataFrame, rules: OverrideRules) -> OverriddenIds:
    """What stands by these decisions (`overrides.DECISIONS`)."""
    stands = decisions.filter(pl.col("action").is_in(list(_STANDS)))
    return OverriddenIds(
        frozenset(stands.filter(pl.col("property") == pl.lit(rules.tier_property))[ID]),
        frozenset(stands.filter(pl.col("property") == pl.lit(rules.flag_property))[ID]),
        frozenset(decisions.filter(pl.col("row") == table.UNTOLD)[ID]),
    )


def overridden_columns(companies: pl.DataFrame) -> dict[str, pl.Expr]:
    """The columns of the diff frame that say what stands; false for a company frame without them."""
    names = {"tier_stands": TIER_STANDS, "flag_stands": FLAG_STANDS, "left_alone": LEFT_ALONE}
    return {
        name: pl.col(column) if column in companies.columns else pl.lit(value=False) for name, column in names.items()
    }


def mark_overridden_companies(companies: pl.DataFrame, standing: OverriddenIds) -> pl.DataFrame:
    """The company frame (after `with_ownership`) with what stands: a tier that does takes its place in capacity."""
    tier_stands = _has_id_in(standing.tiers | standing.alone)
    return companies.with_columns(
        tier_stands.alias(TIER_STANDS),
        _has_id_in(standing.flags).alias(FLAG_STANDS),
        _has_id_in(standing.alone).alias(LEFT_ALONE),
        (pl.col(live.FIXED) | tier_stands).alias(live.FIXED),
    )


def _has_id_in(ids: Collection[int]) -> pl.Expr:
    return pl.col(ID).is_in(pl.Series(sorted(ids), dtype=pl.Int64).implode()) if ids else pl.lit(value=False)
