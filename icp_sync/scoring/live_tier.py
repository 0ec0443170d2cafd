"""What a company's record says of its tier today: columns that stand beside the properties of a company frame."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS

TIER: Final = "live:tier"
"""String: the tier we gave it; null when there is none or somebody else's (foreign)."""
FIXED: Final = "live:fixed"
"""Boolean: locked or foreign; the tier on the record stands whatever the profile says."""
STANDS: Final = "live:stands"
"""String: that standing tier; null when there is none."""
LOCKED: Final = "live:locked"
"""Boolean: a person holds the tier by the profile's lock."""
RANK: Final = "live:rank"
"""UInt8, made here: 0 = no live tier, else the number in its name."""

RANKS: Final = len(TIERS) + 1
LIVE: Final[dict[str, pl.DataType]] = {
    TIER: pl.String(),
    FIXED: pl.Boolean(),
    STANDS: pl.String(),
    LOCKED: pl.Boolean(),
}
"""The columns of the live tier in a company frame, as the reader of a portal adds them."""


def with_live_columns(companies: pl.DataFrame) -> pl.DataFrame:
    """The company frame with each of these columns; what it lacks means none, and false."""
    # A portal without our properties yet, a file and a profile's tests have no live tier: the first run is one too.
    lacking = (pl.lit(None, dtype=kind).alias(name) for name, kind in LIVE.items() if name not in companies.columns)
    return companies.with_columns(lacking).with_columns(
        pl.col(FIXED, LOCKED).fill_null(False),
        pl.col(TIER).replace_strict(TIERS, range(1, RANKS), default=0, return_dtype=pl.UInt8).alias(RANK),
    )


def has_hysteresis(profile: Profile) -> bool:
    """Whether the live tier moves a threshold: only where a tier is left at another score than it is entered."""
    return any(tier.leave_threshold != tier.enter for tier in profile.tiers)
