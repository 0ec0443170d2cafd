"""Ownership of each record, derived from the company frame before scoring (design: "Foreign values", "Lock")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from icp_sync.companies.row_changes import mask_in_other
from icp_sync.plan.diff_columns import known_tier
from icp_sync.plan.managed_properties import is_managed
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live

OURS: Final = "own:ours"
COUNTED: Final = "own:stamped"
FOREIGN_VALUE: Final = "own:claimed"
"""Column names contain a colon, which no HubSpot property name can."""
STAMP_DIGEST: Final = "@([^@]+)$"
"""What finds the profile's digest in a stamp; see `Origin.stamp`."""


def with_ownership(companies: pl.DataFrame, profile: Profile, *, adopt: bool) -> pl.DataFrame:
    """The company frame with Boolean ownership columns and the live tier that scoring needs.

    `OURS`: we wrote this record before. `COUNTED`: it counts in guardrails. `FOREIGN_VALUE`: it holds a tier or flag
    that we did not write. `live_tier.TIER`: the tier we wrote (null when foreign); the other `live_tier` columns: the
    tier on the record whoever wrote it, locked by a person, and pinned (the tier does not change).
    """
    write = profile.write
    tier = _live_tier(write)
    foreign_value = _has_foreign_value(write)
    locked = _is_true(profile.lock.property_name) if profile.lock else pl.lit(value=False)
    return companies.with_columns(
        **{
            OURS: _is_ours(write),
            COUNTED: _counts_in_guardrails(write),
            FOREIGN_VALUE: foreign_value,
            live.TIER: pl.when(~foreign_value).then(tier),
            live.STANDS: tier,
            live.LOCKED: locked,
            live.FIXED: locked | (foreign_value & pl.lit(value=not adopt)),
        }
    )


def has_unseen_of_ours(companies: pl.DataFrame, seen: pl.DataFrame) -> bool:
    """Whether a record we wrote is among `companies` (after `with_ownership`) that the last reading, `seen`, lacked.

    Another host wrote it, or it came back, or a merge gave it another id: nobody remembers whose its values are. Both
    frames have ascending ids.
    """
    was_seen = mask_in_other(companies, seen)
    return was_seen is not None and bool((companies[OURS] & ~was_seen).any())


def _is_ours(write: Write) -> pl.Expr:
    """Ours: the record has our provenance stamp; in a profile without one, any value in a managed property."""
    if write.profile:
        return _is_filled(write.profile)
    return _any_true(_has_value(output, name) for output, name in write.properties().items() if is_managed(name))


def _counts_in_guardrails(write: Write) -> pl.Expr:
    """Counts in guardrails: stamped; in a profile without a stamp, a live outcome or tier."""
    if write.profile:
        return _is_filled(write.profile)
    return _any_true(_is_filled(name) for name in (write.outcome, write.tier) if name)


def _has_foreign_value(write: Write) -> pl.Expr:
    """A tier or flag on a record we never wrote; in a profile without a stamp nothing is foreign."""
    if write.profile is None:
        return pl.lit(value=False)
    named = write.properties()
    claims = [_has_value(output, named[output]) for output in ("tier", "target_account") if output in named]
    return ~_is_filled(write.profile) & _any_true(claims)


def _live_tier(write: Write) -> pl.Expr:
    """The tier on the record; null when it is empty or not one of `TIERS`."""
    if write.tier is None:
        return pl.lit(None, pl.String)
    return known_tier(pl.col(write.tier))


def _has_value(output: str, name: str) -> pl.Expr:
    """Whether the property holds a value; a flag counts only when it is `true`."""
    return _is_true(name) if output == "target_account" else _is_filled(name)


def _is_true(name: str) -> pl.Expr:
    return (pl.col(name).str.to_lowercase() == "true").fill_null(value=False)


def _is_filled(name: str) -> pl.Expr:
    return (pl.col(name) != "").fill_null(value=False)


def _any_true(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *conditions)
