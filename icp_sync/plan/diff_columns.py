"""The columns of the diff frame, by name: texts under `base.`, `live.` and `desired.`, and who owns the record."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import live_tier as live_tier_columns

CONTEXT: Final = ("name", "domain", "hubspot_owner_id")
"""Properties that previews show beside a company, where they were read."""
OURS: Final = pl.col("ours")
COUNTED: Final = pl.col("counted")
FOREIGN_VALUE: Final = pl.col("foreign_value")
FOREIGN: Final = pl.col("foreign")
ADOPTED: Final = pl.col("adopted")
IN_SCOPE: Final = pl.col("in_scope")
LOCKED: Final = pl.col(live_tier_columns.LOCKED)
FIXED: Final = pl.col(live_tier_columns.FIXED)
TIER_STANDS: Final = pl.col("tier_stands")
FLAG_STANDS: Final = pl.col("flag_stands")
LEFT_ALONE: Final = pl.col("left_alone")
IS_CHANGED: Final = pl.col("is_changed")


def base(output: str) -> pl.Expr:
    """The text we last wrote for an output, "" when we cleared it; null = unknown."""
    return pl.col(f"base.{output}")


def live(output: str) -> pl.Expr:
    """The text on the record for an output, "" when empty."""
    return pl.col(f"live.{output}")


def desired(output: str) -> pl.Expr:
    """The desired text of an output; null = leave untouched, "" = clear."""
    return pl.col(f"desired.{output}")


def known_tier(text: pl.Expr) -> pl.Expr:
    """The text of a tier; null for none, and for a word that somebody else gave the property."""
    return pl.when(text.is_in(TIERS)).then(text)


def has_counted_tier() -> pl.Expr:
    """Whether a company counts by its tier: it is in scope, or left it and the plan takes its tier."""
    return IN_SCOPE | (IS_CHANGED & (desired("tier") == "").fill_null(value=False))


def committee_after_plan() -> pl.Expr:
    """The committee on the record once the plan is applied, "" outside the tiers that are looked after."""
    return pl.when(IS_CHANGED).then(pl.coalesce(desired("committee"), live("committee"))).otherwise(live("committee"))


def is_target_flag_set() -> pl.Expr:
    """Whether the target flag on the record is set."""
    return live("target_account").str.to_lowercase() == "true"


def any_of(*conditions: pl.Expr | None) -> pl.Expr:
    """Whether any of the conditions is true; False when there is none."""
    return pl.any_horizontal(pl.lit(value=False), *(condition for condition in conditions if condition is not None))
