"""Tiers that hold only so many companies: who stays, who goes to the next tier, and the note that says so.

Places are given from the highest tier down. A company whose tier is fixed on its record takes its place whatever
the profile says of it; then come the best by fit score, holders of the tier raised by what separates `enter` from
`leave`, and among equals the smaller id.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.parsed_columns import Input, ValueKind, parsed_column
from icp_sync.profile.model.profile import Capacity, Profile, Tier
from icp_sync.profile.model.types import TIERS, TierName
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.reasons import NOTE, locked_note

PLACE: Final = "place"
"""The column that says in which row of the frame a company stands."""


def grouping_inputs(profile: Profile) -> tuple[Input, ...]:
    """What companies are grouped by where places are given `per` value of a property."""
    return tuple((tier.capacity.per, ValueKind.KEY) for tier in profile.tiers if tier.capacity and tier.capacity.per)


def capacity_columns(profile: Profile) -> list[str]:
    """The columns of a normalised frame that places are given by."""
    return [
        live.TIER,
        live.FIXED,
        live.STANDS,
        live.LOCKED,
        *dict.fromkeys(parsed_column(*need) for need in grouping_inputs(profile)),
    ]


def has_capacity_or_locked(normalised: pl.DataFrame, profile: Profile) -> bool:
    """Whether anything here can make a tier other than the one reached, or a note on it."""
    return any(tier.capacity for tier in profile.tiers) or bool(normalised[live.LOCKED].any())


def overflowing_companies(companies: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Those of the companies in scope of whom there is something to say, with `PLACE`, `tier` and `note` (String).

    `companies` has `id`, `score`, `reached`, and what `columns` names. A fixed one's `tier` stays what the profile
    says.
    """
    # A company without a tier can neither take a place nor lose one, and most companies have none.
    concerned = pl.col("reached").is_not_null() | pl.col(live.FIXED) | pl.col(live.LOCKED)
    rows = companies.with_row_index(PLACE).filter(concerned)
    rows = rows.with_columns(pl.col("reached").alias("tier"), pl.lit(None, dtype=pl.String).alias(NOTE))
    # From the top, since who overflows competes in the next tier with those who reached it by themselves.
    for tier, below in pairwise(profile.tiers):
        if tier.capacity:
            late = pl.col(ID).is_in(_overflowing_ids(rows, tier, tier.capacity).implode())
            moved = pl.when(late).then(pl.lit(below.tier)).otherwise("tier").alias("tier")
            rows = rows.with_columns(
                moved, pl.when(late).then(_overflow_note(tier, tier.capacity)).otherwise(NOTE).alias(NOTE)
            )
    note = pl.when(pl.col(live.LOCKED)).then(locked_note()).otherwise(NOTE).alias(NOTE)
    return rows.with_columns(note).filter(pl.col(NOTE).is_not_null())


def finds_no_place(tier: TierName) -> pl.Expr:
    """Whether a company comes to a tier, by itself or from a full one above, and is sent on to the next.

    By `reached` and `tier` of a scored frame; null for who reaches no tier.
    """
    down_to_it = TIERS[: TIERS.index(tier) + 1]
    return pl.col("reached").is_in(down_to_it) & ~pl.col("tier").is_in(down_to_it)


def _overflowing_ids(frame: pl.DataFrame, tier: Tier, capacity: Capacity) -> pl.Series:
    """The ids of those who find the places of a tier taken."""
    fixed, group = pl.col(live.FIXED), pl.col(parsed_column(capacity.per, ValueKind.KEY)) if capacity.per else pl.lit(0)
    rows = frame.select(
        ID,
        _ranking_score(tier),
        group.alias("group"),
        (fixed & (pl.col(live.STANDS) == tier.tier)).alias("stands"),
        (~fixed & (pl.col("tier") == tier.tier)).alias("waits"),
    )
    rows = rows.filter(pl.col("stands") | pl.col("waits"))
    rows = rows.with_columns(taken=pl.col("stands").cast(pl.Int64).sum().over("group"))
    ranked = rows.filter("waits").sort("order", ID, descending=[True, False])
    # `taken` first: a tier set by hand in HubSpot stays on the record, whatever we would write, and so uses up a place.
    return ranked.filter(pl.col("taken") + pl.int_range(pl.len()).over("group") >= capacity.limit)[ID]


def _ranking_score(tier: Tier) -> pl.Expr:
    """The fit score, raised for those who hold the tier; rounded, since 74.9 + 5.1 and 80.0 must be equals."""
    raised = pl.when(pl.col(live.TIER) == tier.tier).then(tier.enter - tier.leave_threshold).otherwise(0.0)
    return (pl.col("score") + raised).round(9).alias("order")


def _overflow_note(tier: Tier, capacity: Capacity) -> pl.Expr:
    """`reaches tier_1; its 500 places are taken`; one who comes from a full tier above has that said already."""
    places = "1 place is" if capacity.limit == 1 else f"{capacity.limit} places are"
    first = pl.lit(f"reaches {tier.tier}; its {places} taken")
    too = pl.format(f"{{}}, and the {capacity.limit} of {tier.tier}", pl.col(NOTE))
    return pl.when(pl.col(NOTE).is_null()).then(first).otherwise(too)
