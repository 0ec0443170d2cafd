"""Whose each record is, read off the company frame before anything is scored (design: "Foreign values", "Lock")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from icp_sync.plan.outputs import is_managed
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring import live_tier as live

OURS: Final = "own:ours"
STAMPED: Final = "own:stamped"
CLAIMED: Final = "own:claimed"
"""Column names with a colon, which no HubSpot property has."""


def with_ownership(companies: pl.DataFrame, profile: Profile, *, adopt: bool) -> pl.DataFrame:
    """The company frame with whose each record is, and the tier it is in as scoring has to know it.

    `own:ours`: we wrote this record before. `own:stamped`: and it counts in guardrails. `own:claimed`: somebody
    else's tier or flag stands on it. `live:tier`: the tier we gave it (null when foreign). `live:stands`: the tier
    that stands on it, whoever gave it. `live:locked`: a person holds it. `live:fixed`: the tier stays as it stands.
    """
    write = profile.write
    stands = _tier(write)
    claimed = _claimed(write)
    locked = _says_yes(profile.lock.property_name) if profile.lock else pl.lit(value=False)
    return companies.with_columns(
        **{
            OURS: _ours(write),
            STAMPED: _stamped(write),
            CLAIMED: claimed,
            live.TIER: pl.when(~claimed).then(stands),
            live.STANDS: stands,
            live.LOCKED: locked,
            live.FIXED: locked | (claimed & pl.lit(value=not adopt)),
        }
    )


def _ours(write: Write) -> pl.Expr:
    """With a stamp, who carries it; without one, whatever stands in a property of ours is ours."""
    if write.profile:
        return _filled(write.profile)
    return _any(_says_something(output, name) for output, name in write.properties().items() if is_managed(name))


def _stamped(write: Write) -> pl.Expr:
    """Without a stamp a live outcome or tier stands for it."""
    if write.profile:
        return _filled(write.profile)
    return _any(_filled(name) for name in (write.outcome, write.tier) if name)


def _claimed(write: Write) -> pl.Expr:
    """A tier or a flag on a record that was never written by us; without a stamp nothing is foreign."""
    if write.profile is None:
        return pl.lit(value=False)
    named = write.properties()
    claims = [_says_something(output, named[output]) for output in ("tier", "target_account") if output in named]
    return ~_filled(write.profile) & _any(claims)


def _tier(write: Write) -> pl.Expr:
    """The tier on the record, null where none or one we do not know stands there."""
    if write.tier is None:
        return pl.lit(None, pl.String)
    return pl.when(pl.col(write.tier).is_in(list(TIERS))).then(pl.col(write.tier))


def _says_something(output: str, name: str) -> pl.Expr:
    """A flag that is not `true` says nothing."""
    return _says_yes(name) if output == "target_account" else _filled(name)


def _says_yes(name: str) -> pl.Expr:
    return (pl.col(name).str.to_lowercase() == "true").fill_null(value=False)


def _filled(name: str) -> pl.Expr:
    return pl.col(name).fill_null("") != ""


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *conditions)
