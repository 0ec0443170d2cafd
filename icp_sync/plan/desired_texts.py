"""Desired texts that take more than a scored column: the target flag, the fit band and the buying committee."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.plan.diff_columns import FIXED, FOREIGN_VALUE, OURS, TIER_STANDS, is_target_flag_set, live
from icp_sync.plan.output_spec import OutputContext
from icp_sync.profile.model.types import COMMITTEES

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


def desired_target_flag(context: OutputContext) -> pl.Expr:
    """`true` for the profile's target tiers; `false` only to take back a `true` of ours or of an adopted record."""
    target = context.profile.write.target_account
    # The flag goes with the tier people see: an overridden tier_1 is a target account.
    tier = pl.when(TIER_STANDS).then(live("tier")).otherwise("tier") if context.profile.write.tier else pl.col("tier")
    flag = pl.when(tier.is_in(target.tiers if target else ())).then(pl.lit("true"))
    return flag.when(is_target_flag_set() & (OURS | FOREIGN_VALUE)).then(pl.lit("false"))


def desired_fit_band(context: OutputContext) -> pl.Expr:
    """The tier a person or another tool holds fast counts, not the one the profile would give."""
    tier = pl.when(FIXED).then(live("tier")).otherwise("tier") if context.profile.write.tier else pl.col("tier")
    named = [column.replace_strict(BANDS, default=None, return_dtype=pl.String) for column in (tier, pl.col("outcome"))]
    return pl.coalesce(named)


def desired_committee(_: OutputContext) -> pl.Expr:
    """What is known stands where contacts could not be read tonight; null where nobody asked."""
    known = [name for name in COMMITTEES if name != "unknown"]
    unread = (pl.col("committee") == "unknown") & live("committee").is_in(known)
    return pl.when(~unread).then("committee")
