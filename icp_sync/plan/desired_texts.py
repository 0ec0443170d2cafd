"""The fit band: the tier as people call it, or why a company has none."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.plan.diff_columns import FIXED, live

BANDS: Final = {
    "tier_1": "Tier 1",
    "tier_2": "Tier 2",
    "tier_3": "Tier 3",
    "tiered": "No tier",
    "not_icp": "Not a fit",
    "disqualified": "Disqualified",
    "insufficient_data": "Not enough data",
}
"""Tier or outcome → what people call it; `tiered` without a tier is a company for which no place is left."""


def fit_band(*, tier_is_written: bool) -> pl.Expr:
    """The tier a person or another tool holds fast counts, not the one the profile would give."""
    tier = pl.when(FIXED).then(live("tier")).otherwise("tier") if tier_is_written else pl.col("tier")
    named = [column.replace_strict(BANDS, default=None, return_dtype=pl.String) for column in (tier, pl.col("outcome"))]
    return pl.coalesce(named)
